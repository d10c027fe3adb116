// Package timeline reads an account's posts to the end, whatever the network, and keeps a file of
// them up to date.
//
// [Collect] returns all posts at once, oldest first. [Update] appends to a file what is newer than its
// newest post. It loses and repeats nothing, wherever it is killed; update.go describes its protocol.
package timeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// A Source hands out an account's posts, newest first, page by page.
type Source interface {
	// User looks an account up by its name.
	User(ctx context.Context, name string) (network.User, error)
	// Posts returns the page that a query asks for, or nothing of it and an error.
	Posts(ctx context.Context, q network.Query) (network.Page, error)
}

// Options bound a run.
type Options struct {
	Limits network.Limits // the network's
	Max    int            // the most posts to read; 0 for no limit
	Since  string         // for [Collect]: only posts newer than this id; "" for no limit
	Raw    bool           // keep the network's own objects

	// Drop reports which posts to leave out of the result. They are read and count all the same; nil
	// drops none.
	Drop func(*post.Post) bool
}

func (o *Options) drop(p *post.Post) bool { return o.Drop != nil && o.Drop(p) }

// ErrMax says that Options.Max was reached before the end.
var ErrMax = errors.New("there are more posts than were asked for")

// ErrOver says that the network went on beyond its own end, or beyond the one that was asked for.
// What was read until then is all that there is to have, and is kept.
var ErrOver = errors.New("the network does not end where it should")

// maxEmpty bounds the pages without a post in a row. X has some; a network that gives only such pages
// would never end.
const maxEmpty = 50

// walk asks for page after page, and passes their posts to keep. It returns nil at the end, ErrMax
// when it may read no more, ErrOver when the network should have ended, and otherwise what went
// wrong.
//
// If the network repeats the token of a page, the walk would go in a circle; so it starts again
// below the oldest post that it has seen, as users of other archivers do. It does the same if the
// network does not say whether there is more.
type walk struct {
	source Source
	query  network.Query
	limits network.Limits
	left   int // posts that may still be read; negative for any number
	read   int // posts that have been read

	oldest string // id of the oldest post seen
	empty  int    // pages without a post in a row
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

// size returns how many posts the next page may have. It avoids a remainder that is smaller than the
// network's smallest page, since that page would have more posts than were asked for.
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

// inside drops posts that were not asked for, and sorts the others.
func (w *walk) inside(posts []*post.Post) []*post.Post {
	posts = slices.DeleteFunc(slices.Clone(posts), func(p *post.Post) bool {
		return w.query.Since != "" && network.CompareID(p.ID, w.query.Since) <= 0 ||
			w.query.Until != "" && network.CompareID(p.ID, w.query.Until) >= 0
	})
	slices.SortStableFunc(posts, func(a, b *post.Post) int { return network.ByAge(b, a) })
	return posts
}

// over returns ErrOver for a page that the network should not have given, or that should have been the
// last: each further page would be paid for.
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

// note records the posts of a page.
func (w *walk) note(page network.Page) {
	w.read += len(page.Posts)
	w.empty++
	if len(page.Posts) > 0 {
		w.empty = 0
	}
	if w.left >= 0 {
		w.left = max(0, w.left-len(page.Posts))
	}
	w.oldest = oldest(w.oldest, page.Posts)
}

// turn goes to the next page, or starts again if that page has been seen.
func (w *walk) turn(token string) error {
	if !w.seen[token] && w.empty < maxEmpty {
		w.seen[token] = true
		w.query.Token = token
		return nil
	}
	return w.restart()
}

// restart goes on below the oldest post, without a token.
func (w *walk) restart() error {
	if w.oldest == w.query.Until {
		return &network.Error{Kind: network.Unavailable, Op: "pages of @" + cmp.Or(w.query.User.Name, w.query.User.ID),
			Detail: "the pages go in a circle, are all empty, or do not say whether there are more"}
	}
	w.query.Token, w.query.Until, w.empty = "", w.oldest, 0
	clear(w.seen)
	return nil
}

// Collect returns an account's posts, oldest first, each once. If it fails, with [ErrMax], [ErrOver] or
// an error of the source, it also returns those that it has read, which are the newest ones, without a
// hole between them.
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
	slices.SortStableFunc(all, network.ByAge)
	return all, err
}
