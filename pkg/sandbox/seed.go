package sandbox

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"time"

	"horsepipe/pkg/post"
)

// Seeds without a date and without an id get dates a minute apart from here on,
// whatever the clock says, so that they get the same ids after a restart.
var firstUndated = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

var (
	repostHead = regexp.MustCompile(`^RT @([A-Za-z0-9_]{1,15}): `)
	replyHead  = regexp.MustCompile(`^@([A-Za-z0-9_]{1,15})\b`)
)

// Seed adds posts that exist already. A post without an author is given to the
// account named by author. An id that X could have made is kept; any other is
// replaced, also in references. A missing date is taken from the id, and a missing
// id from the date. A post whose id is taken is left out. A repost brings along the
// post that it repeats. Seeds are not written to the state file.
//
// It returns how many of the posts were added. A post without any author, or
// with one that is not a user name of X, is an error, and nothing is added.
func (s *Server) Seed(author string, posts []*post.Post) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.seed(author, posts)
}

// batch is what is being seeded. Nothing of it is in the store yet.
type batch struct {
	store   *store
	byID    map[uint64]*status
	renamed map[string]uint64 // ids as written to ids as kept
	list    []*status
	from    []*post.Post // the records of list
}

// seed works in two passes, since a post may refer to a later one.
func (s *store) seed(author string, posts []*post.Post) (int, error) {
	b := &batch{store: s, byID: map[uint64]*status{}, renamed: map[string]uint64{}}
	for i, p := range posts {
		if err := b.take(p, author); err != nil {
			return 0, fmt.Errorf("post %d: %w", i+1, err)
		}
	}
	added := len(b.list)
	for i, st := range b.list[:added] {
		b.connect(st, b.from[i])
	}
	slices.SortStableFunc(b.list, byID)
	for _, st := range b.list {
		s.add(st)
	}
	return added, nil
}

// take gives a record its author, its identifier and its date.
func (b *batch) take(p *post.Post, author string) error {
	who, err := b.store.account(cmp.Or(p.Author, author))
	if err != nil {
		return fmt.Errorf("author %w", err)
	}
	st := &status{author: who, text: p.Text, at: p.CreatedAt.UTC(), lang: p.Lang}
	id, kept := parseID(p.ID)
	if kept && b.find(id) != nil {
		return nil
	}
	if !kept {
		if st.at.IsZero() {
			st.at = firstUndated.Add(time.Duration(b.store.undated) * time.Minute)
			b.store.undated++
		}
		for id = idAt(st.at); b.find(id) != nil; id++ {
		}
	}
	if st.at.IsZero() {
		st.at = timeOf(id)
	}
	st.id = id
	if p.ID != "" {
		b.renamed[p.ID] = id
	}
	b.put(st, p)
	return nil
}

func (b *batch) put(st *status, p *post.Post) {
	b.byID[st.id] = st
	b.list = append(b.list, st)
	b.from = append(b.from, p)
}

// find looks for a post in the batch and in the store.
func (b *batch) find(id uint64) *status {
	if st := b.byID[id]; st != nil {
		return st
	}
	return b.store.byID[id]
}

// ref returns the id of the post that a record's reference means, or 0 if it can mean none.
func (b *batch) ref(id string) uint64 {
	if kept, ok := b.renamed[id]; ok {
		return kept
	}
	kept, _ := parseID(id)
	return kept
}

// connect resolves what a post refers to.
func (b *batch) connect(st *status, p *post.Post) {
	st.replyTo, st.quoteOf, st.repostOf = b.ref(p.ReplyTo), b.ref(p.QuoteOf), b.ref(p.RepostOf)
	if st.replyTo != 0 {
		st.replyWho = b.answered(st)
	}
	if st.repostOf != 0 && b.find(st.repostOf) == nil {
		b.put(b.original(st), nil)
	}
}

// answered returns the author of the post that st answers: if that post is known, its
// author; else who is named at the head of the answer; else, as in a thread, st's own author.
func (b *batch) answered(st *status) *account {
	if to := b.find(st.replyTo); to != nil {
		return to.author
	}
	if m := replyHead.FindStringSubmatch(st.text); m != nil {
		who, _ := b.store.account(m[1]) // the pattern admits user names only
		return who
	}
	return st.author
}

// original makes the post that a repost repeats from the repost's text.
func (b *batch) original(st *status) *status {
	o := &status{id: st.repostOf, author: st.author, text: st.text, at: timeOf(st.repostOf), lang: st.lang}
	if m := repostHead.FindStringSubmatch(st.text); m != nil {
		o.author, _ = b.store.account(m[1])
		o.text = st.text[len(m[0]):]
	}
	return o
}
