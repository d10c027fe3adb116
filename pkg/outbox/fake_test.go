package outbox

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// killed is what a kill throws.
type killed struct{}

// world is a network in memory, its clock, and the trouble that is to come.
type world struct {
	now     time.Time
	posts   []*post.Post
	shown   int                    // how many of the posts timelines show; the others come with time
	trouble func(at string) string // asked at "create", "posts", "attach" and "me": what goes wrong, "" for nothing
	asked   []string               // what was asked for
	sizes   []int                  // of the pages
	lax     bool                   // takes the same text twice
	late    bool                   // shows a post later than anybody waits for it
	notes   []string
}

func newWorld() *world { return &world{now: noon, trouble: func(string) string { return "" }} }

func (w *world) clock() time.Time { return w.now }

func (w *world) sleep(ctx context.Context, d time.Duration) error {
	w.now = w.now.Add(d)
	if !w.late {
		w.shown = len(w.posts)
	}
	return ctx.Err()
}

func (w *world) fault(at string) error {
	w.asked = append(w.asked, at)
	switch w.trouble(at) {
	case "kill":
		panic(killed{})
	case "limit":
		return &network.Error{Kind: network.RateLimited}
	case "policy":
		return &network.Error{Kind: network.Policy, Status: 403}
	case "down":
		return &network.Error{Kind: network.Unavailable}
	case "drop":
		return &network.Error{Kind: network.UnknownOutcome}
	case "odd":
		return errors.New("odd")
	}
	return nil
}

func (w *world) Me(context.Context) (network.User, error) {
	return network.User{ID: "42", Name: "bot"}, w.fault("me")
}

func (w *world) Attach(context.Context, *post.Post) ([]string, error) { return nil, w.fault("attach") }

func (w *world) Posts(_ context.Context, q network.Query) (page network.Page, err error) {
	if err := w.fault("posts"); err != nil {
		return page, err
	}
	if q.User.ID != "42" {
		return page, errors.New("a timeline is asked for by the account's number")
	}
	w.sizes = append(w.sizes, q.Max)
	for i := w.shown - 1; i >= 0; i-- {
		p := w.posts[i]
		beyond := func(limit string) bool { return limit != "" && network.CompareID(p.ID, limit) >= 0 }
		if network.CompareID(p.ID, q.Since) <= 0 || beyond(q.Until) || beyond(q.Token) {
			continue
		}
		if len(page.Posts) == q.Max {
			page.Next = page.Posts[q.Max-1].ID
			break
		}
		page.Posts = append(page.Posts, p)
	}
	return page, nil
}

// Create makes a post. Like X, it refuses one that has been made.
func (w *world) Create(_ context.Context, draft *post.Post, author string, _ ...string) (*post.Post, error) {
	if err := w.fault("create"); err != nil {
		return nil, err
	}
	for _, p := range w.posts {
		if same(draft, p) && !w.lax {
			return nil, &network.Error{Kind: network.Duplicate}
		}
	}
	id := fmt.Sprint(1000 + len(w.posts))
	made := &post.Post{ID: id, Text: draft.Text, ReplyTo: draft.ReplyTo, CreatedAt: w.now, Author: author, URL: "https://x.com/bot/status/" + id, Network: network.X}
	w.posts = append(w.posts, made)
	switch w.trouble("made") {
	case "kill":
		panic(killed{})
	case "lost":
		return nil, &network.Error{Kind: network.UnknownOutcome}
	case "lag":
		return nil, &network.Error{Kind: network.UnknownOutcome}
	}
	w.shown = len(w.posts)
	receipt := *draft
	receipt.ID, receipt.CreatedAt, receipt.Author, receipt.URL, receipt.Network = made.ID, made.CreatedAt, made.Author, made.URL, made.Network
	return &receipt, nil
}

func same(draft, made *post.Post) bool {
	return draft.Text == made.Text && draft.ReplyTo == made.ReplyTo
}

// outbox is a new run with a log.
func (w *world) outbox(log *journal.Log) *Outbox {
	return &Outbox{API: w, Log: log, Network: network.X, Same: same, Patience: time.Second, Sleep: w.sleep,
		Notice: func(format string, a ...any) { w.notes = append(w.notes, fmt.Sprintf(format, a...)) },
		Budget: Budget{Now: w.clock}}
}

func openLog(t interface{ Fatal(...any) }, w *world, path string) *journal.Log {
	log, err := journal.Open(context.Background(), path, 0, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func logPath(t *testing.T) string { return filepath.Join(t.TempDir(), "bot.jsonl") }

func draft(t testing.TB, s string) *post.Post {
	t.Helper()
	p, err := post.NewReader(strings.NewReader(s), "draft").Next()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// texts are the posts of a world, one after the other.
func (w *world) texts() string {
	var all []string
	for _, p := range w.posts {
		all = append(all, p.Text)
	}
	return strings.Join(all, " ")
}

// once returns trouble of one kind at one place, the n-th time.
func once(place, what string, n int) func(string) string {
	return func(at string) string {
		if at == place {
			if n--; n == 0 {
				return what
			}
		}
		return ""
	}
}
