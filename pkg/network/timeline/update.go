package timeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/replace"
)

// # How a file is brought up to date
//
// Networks hand out the newest posts first. A file has the oldest first, so that it is safe to go
// on from its newest id. So pages cannot be appended as they come: a run that stops half way would
// leave a hole below its newest post, which no later run would look for. And they cannot be thrown
// away, since each post was paid for. Hence:
//
//  1. Lock FILE; if another run holds it, fail. Refuse a file that has lines but no post. A FILE that was
//     not there is removed after a failure that leaves no post, so that it is not taken for a corpus.
//  2. Repair FILE: a last line that is cut is a record that was being appended; remove it.
//  3. Read FILE: since is the account's newest id in it. Check that FILE.partial can be written and
//     has room.
//  4. Repair and read FILE.partial, if there is one: posts, newest first, that an earlier run has
//     fetched.
//  5. If FILE.partial does not reach down to since, ask for what is newer than since and older than its
//     oldest post. Append each page to it and sync before asking for the next page.
//  6. Append to FILE, oldest first, the posts of FILE.partial that are newer than since, except those to be left
//     out; of these, if one is the newest, a record without text. Sync FILE, and its folder.
//  7. Remove FILE.partial. If it was there at 4, posts may have been made since then: go to 4, with
//     since as it is now.
//
// If a run is killed before 6, FILE is unchanged, and the next run goes on at 5 where this one
// stopped. If it is killed in 6, FILE has gained the oldest of the new posts; the next run finds a
// newer since at 3, sees at 5 that FILE.partial reaches below it, and appends the rest. If it is
// killed between 6 and 7, nothing in FILE.partial is newer than since. In no case is a post asked
// for twice, except those of a page whose answer arrived but was not written.
//
// FILE.partial has the form of FILE, and there is no other state, so that a person can read it and
// nothing can contradict it. A run with nothing new makes one request and leaves nothing behind.

// Result tells what [Update] did.
type Result struct {
	User    network.User
	Since   string  // the newest id in the file before, "" if it had none
	Added   int     // posts appended
	Waiting int     // after a failure: posts in FILE.partial, safe on the disk
	Cut     int     // bytes of a torn last line that were removed
	Bad     []error // lines of the file that are not records
	Capped  bool    // the network gave as many posts as it ever gives: older ones may be missing
	Over    error   // an [ErrOver], which is not a failure here, or nil
}

// partial is appended to the name of a file whose posts are not complete yet.
const partial = ".partial"

// Update brings the file at path up to date with the posts of the account called name, and creates
// it if need be. It fails with [lock.ErrBusy] if another run is at work on the file, with [ErrMax] if
// there are more posts than it may read, and with the errors of the source and of the files. After an
// error the result tells how far it came; the next run goes on from there.
func Update(ctx context.Context, s Source, name, path string, opt Options) (Result, error) {
	u := &updater{source: s, path: path, opt: opt}
	_, missing := os.Stat(path)
	f, err := lock.Open(ctx, path, mode, 0)
	if err != nil {
		return u.result, err
	}
	defer f.Close()
	if err = u.update(ctx, name); err != nil && u.result.Added+u.result.Waiting == 0 && errors.Is(missing, fs.ErrNotExist) {
		err = errors.Join(err, discard(f))
	}
	return u.result, err
}

// update does all that follows the locking.
func (u *updater) update(ctx context.Context, name string) (err error) {
	if err := corpus(u.path); err != nil {
		return err
	}
	if u.result.Cut, err = repair(u.path); err != nil {
		return err
	}
	if err := u.resolve(ctx, name); err != nil {
		return err
	}
	for again := true; again && err == nil; {
		again, err = u.pass(ctx)
	}
	return err
}

// updater is one run of [Update].
type updater struct {
	source Source
	path   string
	opt    Options
	since  string
	read   int // posts fetched from the network
	result Result
}

// resolve does step 3, and finds the account's number in one of the files, or else asks the network.
func (u *updater) resolve(ctx context.Context, name string) error {
	known, err := u.survey()
	if err != nil {
		return err
	}
	if err := room(u.path + partial); err != nil {
		return err
	}
	user := network.User{Name: name, Posts: -1}
	if a := known.find(name, ""); a != nil && a.id != "" {
		user.ID, user.Name = a.id, a.name
	} else if user, err = u.source.User(ctx, name); err != nil {
		return err
	}
	a := known.find(user.Name, user.ID)
	if a == nil && len(known) > 0 {
		return fmt.Errorf("%s holds posts of %s and none of @%s", u.path, known, user.Name)
	}
	if a != nil {
		u.since = a.newest
	}
	u.result.User, u.result.Since = user, u.since
	return nil
}

// survey reads FILE and FILE.partial. Of the latter it takes only the account's number.
func (u *updater) survey() (authors, error) {
	known := authors{}
	bad, err := each(u.path, known.note)
	if err != nil {
		return nil, err
	}
	u.result.Bad = bad
	posts, err := u.spooled()
	if err != nil {
		return nil, err
	}
	if len(posts) > 0 {
		first := authors{}
		first.note(posts[0])
		for key, a := range first {
			if old := known[key]; old != nil {
				old.id = a.id
			} else if len(known) == 0 {
				known[key] = &author{name: a.name, id: a.id}
			}
		}
	}
	return known, nil
}

// pass does steps 4 to 7 and reports whether to do them again.
func (u *updater) pass(ctx context.Context) (again bool, err error) {
	posts, err := u.spooled()
	if err != nil {
		return false, err
	}
	if len(posts) > 0 && !u.owns(posts[0]) {
		return false, fmt.Errorf("%s%s holds posts of @%s: finish that update first", u.path, partial, posts[0].Author)
	}
	again = len(posts) > 0
	if !again || network.CompareID(oldest("", posts), u.since) > 0 {
		posts, err = u.fetch(ctx, posts)
	}
	if errors.Is(err, ErrOver) {
		u.result.Over, again, err = err, false, nil
	}
	if err != nil {
		kept, _ := u.spooled() // it may hold a part of a page that could not be written whole
		u.result.Waiting = len(kept)
		return false, err
	}
	if len(posts) == 0 {
		return false, nil
	}
	u.result.Waiting = len(posts)
	return again, u.merge(posts)
}

func (u *updater) owns(p *post.Post) bool {
	a := authors{}
	a.note(p)
	return a.find(u.result.User.Name, u.result.User.ID) != nil
}

// fetch does step 5, and returns what FILE.partial then holds.
func (u *updater) fetch(ctx context.Context, posts []*post.Post) ([]*post.Post, error) {
	q := network.Query{User: u.result.User, Since: u.since, Until: oldest("", posts), Raw: u.opt.Raw}
	opt := u.opt
	if opt.Max > 0 {
		if opt.Max -= u.read; opt.Max <= 0 {
			return posts, ErrMax
		}
	}
	known := map[string]bool{} // those that are older than posts, which is all that the walk keeps
	w := newWalk(u.source, q, opt)
	w.read = len(posts)
	err := w.run(ctx, func(page []*post.Post) error {
		u.read += len(page)
		page = slices.DeleteFunc(page, func(p *post.Post) bool {
			met := known[p.ID]
			known[p.ID] = true
			return met
		})
		posts = append(posts, page...)
		return appendTo(u.path+partial, page)
	})
	return posts, err
}

// merge does steps 6 and 7.
func (u *updater) merge(posts []*post.Post) error {
	fresh := slices.DeleteFunc(slices.Clone(posts), func(p *post.Post) bool {
		return network.CompareID(p.ID, u.since) <= 0
	})
	slices.SortStableFunc(fresh, network.ByAge)
	kept := slices.DeleteFunc(slices.Clone(fresh), u.opt.drop)
	added := len(kept)
	if n := len(fresh); n > 0 && (added == 0 || kept[added-1] != fresh[n-1]) {
		kept = append(kept, blank(fresh[n-1]))
	}
	if err := appendTo(u.path, kept); err != nil {
		return err
	}
	if err := replace.SyncFolder(u.path); err != nil {
		return err
	}
	if len(kept) > 0 {
		u.since = kept[len(kept)-1].ID
	}
	u.result.Added += added
	u.result.Waiting = 0
	u.result.Capped = u.result.Capped || u.opt.Limits.Reached(len(posts))
	return os.Remove(u.path + partial)
}

// blank is what FILE keeps of a post that is left out, if it is the newest: nothing that somebody else said or
// is called, but the id, so that no later run pays for the post again.
func blank(p *post.Post) *post.Post {
	b := &post.Post{ID: p.ID, CreatedAt: p.CreatedAt, Author: p.Author, Network: p.Network, Repost: true}
	network.SetAuthorID(b, network.AuthorID(p))
	return b
}

// spooled does step 4.
func (u *updater) spooled() (posts []*post.Post, err error) {
	path := u.path + partial
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if _, err := repair(path); err != nil {
		return nil, err
	}
	bad, err := each(path, func(p *post.Post) { posts = append(posts, p) })
	if err == nil && len(bad) > 0 {
		err = fmt.Errorf("%w: remove %s to begin anew", bad[0], path)
	}
	return posts, err
}

// oldest returns the older of an id, if there is one, and that of the oldest post; "" if there is neither.
func oldest(id string, posts []*post.Post) string {
	for _, p := range posts {
		if id == "" || network.CompareID(p.ID, id) < 0 {
			id = p.ID
		}
	}
	return id
}

// each calls do with the records of a file, and returns an error for each line that is not one.
func each(path string, do func(*post.Post)) (bad []error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for p, err := range post.NewReader(f, path).All(func(err error) { bad = append(bad, err) }) {
		if err != nil {
			return bad, err
		}
		do(p)
	}
	return bad, nil
}
