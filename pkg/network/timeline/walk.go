// Package timeline reads an account's posts to the end, whatever the network, and keeps a file of them up
// to date.
//
// [Collect] gives the posts at once, oldest first. [Update] appends to a file what is newer than its newest
// post, and loses and repeats nothing, wherever it is killed: its protocol stands above its code.
package timeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// A Source hands out an account's posts, newest first, page by page.
type Source interface {
	User(ctx context.Context, name string) (network.User, error)
	Posts(ctx context.Context, q network.Query) (network.Page, error)
}

// Options bound a run.
type Options struct {
	Limits network.Limits // the network's
	Max    int            // the most posts to read; 0 for no limit
	Since  string         // for [Collect]: only posts newer than this id; "" for no limit
	Raw    bool           // keep the network's own objects

	// Drop tells which posts to leave out of what is kept, though they are read and count; nil for none.
	Drop func(*post.Post) bool
}

func (o *Options) drop(p *post.Post) bool { return o.Drop != nil && o.Drop(p) }

// ErrMax says that Options.Max was reached before the end.
var ErrMax = errors.New("there are more posts than were asked for")

// ErrOver says that the network went on beyond its own end, or the one that was asked for. What was read up to there is
// all that there is to have, and is kept.
var ErrOver = errors.New("the network does not end where it should")

// maxEmpty bounds the pages without a post in a row: X has some, and a network that has nothing else has no end.
const maxEmpty = 50

// walk asks for page after page, and gives their posts to keep. It returns nil when it has seen the
// end, ErrMax when it may read no more, ErrOver when the network should give no more, or what went wrong.
//
// Where the network gives a page's token again, the walk would go in a circle; it then starts anew
// below the oldest post that it has seen, which is the way around for users of other archivers too. So it does where
// the network does not say whether there is more.
type walk struct {
	source Source
	query  network.Query
	limits network.Limits
	left   int // posts that may still be read; negative for any number
	read   int // posts that were read

	oldest string // id
	empty  int    // pages in a row
	seen   map[string]bool
}

func newWalk(s Source, q network.Query, opt Options) *walk {
	w := &walk{source: s, query: q, limits: opt.Limits, left: opt.Max, oldest: q.Until, seen: map[string]bool{}}
	if opt.Max == 0 {
		w.left = -1
	}
	return w
}

func (w *walk) run(ctx context.Context, keep func([]*post.Post) error) error {
	for {
		size, ok := w.size()
		if !ok {
			return ErrMax
		}
		w.query.Max = size
		page, err := w.source.Posts(ctx, w.query)
		if err != nil {
			return err
		}
		if err := keep(w.inside(page.Posts)); err != nil {
			return err
		}
		w.note(page)
		switch err = w.over(page); {
		case err != nil:
		case page.Open:
			err = w.restart()
		case page.Next == "":
			return nil
		default:
			err = w.turn(page.Next)
		}
		if err != nil {
			return err
		}
	}
}

// size is how many posts the next page may have. A rest that is smaller than the network's smallest page is
// avoided, since that page would be more than was asked for.
func (w *walk) size() (n int, ok bool) {
	if w.left < 0 {
		return 0, true
	}
	n = min(w.left, w.limits.Page)
	if rest := w.left - n; rest > 0 && rest < w.limits.MinPage && n-(w.limits.MinPage-rest) >= w.limits.MinPage {
		n -= w.limits.MinPage - rest
	}
	return n, n >= max(w.limits.MinPage, 1)
}

// inside leaves out posts that were not asked for, and puts the others in order.
func (w *walk) inside(posts []*post.Post) []*post.Post {
	posts = slices.DeleteFunc(slices.Clone(posts), func(p *post.Post) bool {
		return w.query.Since != "" && network.CompareID(p.ID, w.query.Since) <= 0 ||
			w.query.Until != "" && network.CompareID(p.ID, w.query.Until) >= 0
	})
	slices.SortStableFunc(posts, func(a, b *post.Post) int { return network.CompareID(b.ID, a.ID) })
	return posts
}

// over tells of a page that the network should not have given, or behind which it should have no more. Each further one
// would be paid for.
func (w *walk) over(page network.Page) error {
	old := func(p *post.Post) bool { return w.query.Since != "" && network.CompareID(p.ID, w.query.Since) <= 0 }
	switch {
	case slices.ContainsFunc(page.Posts, old):
		return fmt.Errorf("%w: it gives what is not newer than post %s", ErrOver, w.query.Since)
	case w.limits.Cap > 0 && w.read > w.limits.Cap && (page.Open || page.Next != ""):
		return fmt.Errorf("%w: it has given %d posts, of %d at most", ErrOver, w.read, w.limits.Cap)
	}
	return nil
}

// note keeps account of a page.
func (w *walk) note(page network.Page) {
	w.read += len(page.Posts)
	w.empty++
	if len(page.Posts) > 0 {
		w.empty = 0
	}
	if w.left >= 0 {
		w.left = max(0, w.left-len(page.Posts))
	}
	for _, p := range page.Posts {
		if w.oldest == "" || network.CompareID(p.ID, w.oldest) < 0 {
			w.oldest = p.ID
		}
	}
}

// turn goes to the next page, or around one that was there before.
func (w *walk) turn(token string) error {
	if !w.seen[token] && w.empty < maxEmpty {
		w.seen[token] = true
		w.query.Token = token
		return nil
	}
	return w.restart()
}

// restart goes on below the oldest post.
func (w *walk) restart() error {
	if w.oldest == w.query.Until {
		return &network.Error{Kind: network.Unavailable, Op: "posts of @" + w.query.User.Name,
			Detail: "the pages go in a circle, are all empty, or do not say whether there are more"}
	}
	w.query.Token, w.query.Until, w.empty = "", w.oldest, 0
	clear(w.seen)
	return nil
}

// Collect gives an account's posts, oldest first, each once. When it fails it gives those that it has read, which are
// the newest ones, without a hole between them.
func Collect(ctx context.Context, s Source, user network.User, opt Options) ([]*post.Post, error) {
	var all []*post.Post
	known := map[string]bool{}
	w := newWalk(s, network.Query{User: user, Since: opt.Since, Raw: opt.Raw}, opt)
	err := w.run(ctx, func(posts []*post.Post) error {
		for _, p := range posts {
			if !known[p.ID] && !opt.drop(p) {
				all = append(all, p)
			}
			known[p.ID] = true
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b *post.Post) int { return network.CompareID(a.ID, b.ID) })
	return all, err
}
