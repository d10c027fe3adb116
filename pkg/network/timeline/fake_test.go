package timeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// fake is a network in memory: an account with posts, oldest first.
type fake struct {
	user    network.User
	posts   []*post.Post
	cap     int             // posts that it gives at most
	empty   map[int]bool    // requests that are answered with an empty page and a token
	circle  int             // the token of the first page comes again after so many pages; 0 never
	blank   map[int]bool    // requests that are answered with nothing at all
	mute    bool            // does not say whether there is more
	deaf    bool            // gives what is not newer than it was asked for, too
	lavish  bool            // gives full pages, however few posts it was asked for
	fail    map[int]error   // requests that fail
	before  func(n int)     // called at each request; nil for nothing
	queries []network.Query // of posts
	lookups int
	read    int // posts given
}

var errDown = errors.New("down")

func newFake(n int) *fake {
	f := &fake{user: network.User{ID: "77", Name: "Newton", Posts: n}, empty: map[int]bool{}, fail: map[int]error{}}
	for i := range n {
		f.add(1000 + i)
	}
	return f
}

func (f *fake) add(id int) {
	p := &post.Post{ID: strconv.Itoa(id), Text: fmt.Sprintf("post %d <&> « é »", id), Author: f.user.Name,
		CreatedAt: time.Unix(int64(id), 0).UTC(), Network: network.X}
	p.SetExtra("author_id", "77")
	f.posts = append(f.posts, p)
}

func (f *fake) User(_ context.Context, name string) (network.User, error) {
	f.lookups++
	if name != "newton" && name != "Newton" {
		return network.User{}, &network.Error{Kind: network.NotFound}
	}
	return f.user, nil
}

func (f *fake) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	f.queries = append(f.queries, q)
	n := len(f.queries)
	if f.before != nil {
		f.before(n)
	}
	if err := ctx.Err(); err != nil {
		return network.Page{}, err
	}
	if err := f.fail[n]; err != nil {
		return network.Page{}, err
	}
	from := 0
	if q.Token != "" {
		from, _ = strconv.Atoi(strings.TrimRight(q.Token, "e"))
	}
	if f.blank[n] {
		return network.Page{Open: true}, nil
	}
	if f.empty[n] {
		return network.Page{Next: max(q.Token, "0") + "e"}, nil
	}
	return f.page(q, from, n), nil
}

func (f *fake) page(q network.Query, from, n int) network.Page {
	window := f.window(q)
	size := q.Max
	if size == 0 || f.lavish {
		size = limits.Page
	}
	to := min(from+size, len(window))
	page := network.Page{Posts: window[min(from, to):to]}
	if to < len(window) {
		page.Next = strconv.Itoa(to)
	}
	if f.mute {
		page.Next, page.Open = "", len(page.Posts) > 0
	}
	if f.circle > 0 && n == f.circle {
		page.Next = strconv.Itoa(limits.Page) // the second page's
	}
	f.read += len(page.Posts)
	return page
}

// window is what a query is about, newest first.
func (f *fake) window(q network.Query) []*post.Post {
	all := slices.Clone(f.posts)
	if f.cap > 0 && len(all) > f.cap {
		all = all[len(all)-f.cap:]
	}
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(p *post.Post) bool {
		return q.Since != "" && !f.deaf && network.CompareID(p.ID, q.Since) <= 0 || q.Until != "" && network.CompareID(p.ID, q.Until) >= 0
	})
}

var limits = network.Limits{Page: 10, MinPage: 5, Cap: 320}

var options = Options{Limits: limits}

// lines is what a file with these posts holds.
func lines(posts []*post.Post) string {
	var b []byte
	for _, p := range posts {
		b = append(p.AppendJSON(b), '\n')
	}
	return string(b)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
