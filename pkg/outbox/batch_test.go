package outbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// heard keeps what a batch says, a line each.
type heard []string

func (h *heard) say(voice, format string, a []any) {
	*h = append(*h, voice+": "+fmt.Sprintf(format, a...))
}
func (h *heard) Error(format string, a ...any)   { h.say("error", format, a) }
func (h *heard) Skip(err error)                  { h.say("skip", "%v", []any{err}) }
func (h *heard) Warn(format string, a ...any)    { h.say("warn", format, a) }
func (h *heard) Verbose(format string, a ...any) { h.say("verbose", format, a) }

// batch is a run on a log in memory; printed collects the texts that it prints.
func (w *world) batch(log *journal.Log) (b *Batch, said *heard, printed *[]string) {
	said, printed = new(heard), new([]string)
	b = &Batch{Voice: said, Print: func(p *post.Post) error { *printed = append(*printed, p.Text); return nil }}
	b.Open = func(context.Context) (*Outbox, error) {
		o := w.outbox(log)
		o.Said = NewSaid(log, 9)
		o.Budget.Run = 3
		o.Gates = []Gate{func(d *post.Post) error {
			if d.Text == "" {
				return refuse("empty")
			}
			return nil
		}}
		return o, nil
	}
	return b, said, printed
}

func TestBatch(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	b, said, printed := w.batch(log)
	in := "{\"text\":\"a\"}\noops\n{\"text\":\"\"}\n{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n{\"text\":\"d\"}\n"
	if err := b.Post(ctx, strings.NewReader(in), "in"); err != nil {
		t.Fatal(err)
	}
	want := "skip: in:2: not a JSON object; error: in:3: refused: empty; verbose: in:4: posted already: " +
		journal.Key(&post.Post{Text: "a"}) + "; skip: in:7: left out: --max 3"
	if got := strings.Join(*said, "; "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := strings.Join(*printed, ""); got != "abc" || w.texts() != "a b c" {
		t.Errorf("printed %s, posted %s", got, w.texts())
	}
	if b.Drafts != 6 || b.Known != 1 || b.Refused != 1 || b.Posted.Created != 3 {
		t.Errorf("counted %+v", b.Tally)
	}
	b, _, printed = w.batch(log)
	b.Strict = true
	if err := b.Post(ctx, strings.NewReader(in), "in"); err == nil || err.Error() != "in:2: not a JSON object" || len(*printed) > 0 {
		t.Errorf("got %v", err)
	}
	w.trouble = once("create", "down", 1)
	b, _, _ = w.batch(log)
	b.Plain = true
	err := b.Post(ctx, strings.NewReader("e\nf\n"), "in")
	if network.KindOf(err) != network.Unavailable || !strings.HasPrefix(err.Error(), "in:1: ") || b.Drafts != 1 {
		t.Errorf("got %v", err)
	}
	b, _, printed = w.batch(log)
	b.Dry = true
	if err := b.Post(ctx, strings.NewReader("{\"text\":\"e\"}\n{\"text\":\"\"}"), "in"); err != nil || len(*printed) != 1 || w.texts() != "a b c" || b.Posted.Created != 1 {
		t.Errorf("dry: got %v, %v", err, b.Tally)
	}
	if b.Close() != nil || new(Batch).Close() != nil {
		t.Error("Close")
	}
}

// A post of which its own run did not learn is counted by the run that does, with its kind.
func TestBatchCountsWhatIsSettled(t *testing.T) {
	ctx, w, log := context.Background(), newWorld(), journal.New(newWorld().clock)
	peace := w.trouble
	w.trouble = func(at string) string { return map[string]string{"made": "lost", "posts": "down"}[at] }
	b, _, _ := w.batch(log)
	answer := "{\"text\":\"a\",\"reply_to\":\"7\",\"answer\":{\"to\":\"somebody\"}}\n"
	if err := b.Post(ctx, strings.NewReader(answer), "in"); network.KindOf(err) != network.UnknownOutcome || b.Posted.Created != 0 {
		t.Fatalf("got %v, %+v", err, b.Tally)
	}
	w.trouble = peace
	b, _, printed := w.batch(log)
	err := b.Start(ctx)
	if want := (network.Usage{Created: 1, Answers: 1}); err != nil || b.Settled != want || b.Posted != (network.Usage{}) || len(*printed) != 1 {
		t.Errorf("got %v, %+v, %q", err, b.Tally, *printed)
	}
}

func TestBatchThread(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	post := func(in string) (string, error) {
		b, said, _ := w.batch(log)
		th := new(Thread)
		if err := b.Collect(th, strings.NewReader(in), "in"); err != nil {
			return "", err
		}
		return strings.Join(*said, "; "), b.PostThread(ctx, th)
	}
	b, said, _ := w.batch(log)
	th := new(Thread)
	if err := b.Collect(th, strings.NewReader("{\"text\":\"a\"}\n{\"text\":\"\"}\n"), "in"); err != nil {
		t.Fatal(err)
	}
	if err := b.PostThread(ctx, th); err != nil || len(*said) != 1 || (*said)[0] != "error: in:2: nothing of the thread is posted: refused: empty" || len(w.posts) > 0 {
		t.Errorf("got %v, %q", err, *said)
	}
	if _, err := post("{\"text\":\"a\"}\noops\n"); err == nil {
		t.Error("a thread with a hole")
	}
	w.trouble = once("create", "down", 2)
	const whole = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n"
	if _, err := post(whole); err == nil || w.texts() != "a" {
		t.Errorf("got %v, and %s", err, w.texts())
	}
	if _, err := post(whole); err != nil || w.texts() != "a b c" {
		t.Errorf("got %v, and %s", err, w.texts())
	}
	if w.posts[1].ReplyTo != w.posts[0].ID || w.posts[2].ReplyTo != w.posts[1].ID {
		t.Error("no thread")
	}
}

// A line of several drafts is removed when the last of them is posted, and stays if one of them
// cannot be read.
func TestBatchTakesPages(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), filepath.Join(t.TempDir(), "queue")
	log := journal.New(w.clock)
	queue := &Queue{Path: path, Replace: func(data []byte) error { return os.WriteFile(path, data, 0o600) }}
	const page, odd, last = `{"data":[{"text":"a"},{"text":"b"},{"text":"c"}]}` + "\n", `{"data":[{"text":"d"},7]}` + "\n", `{"text":"e"}` + "\n"
	if err := os.WriteFile(path, []byte(page+odd+last), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		n           int
		texts, rest string
	}{{1, "a", page + odd + last}, {1, "a b", page + odd + last}, {2, "a b c d", odd + last}, {1, "a b c d e", odd}} {
		b, _, _ := w.batch(log)
		if err := b.Take(ctx, queue, step.n); err != nil {
			t.Fatal(err)
		}
		if rest, _ := os.ReadFile(path); w.texts() != step.texts || string(rest) != step.rest {
			t.Errorf("posted %s, left %q, want %s and %q", w.texts(), rest, step.texts, step.rest)
		}
	}
}

func TestBatchTakes(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), filepath.Join(t.TempDir(), "queue")
	log := journal.New(w.clock)
	queue := &Queue{Path: path, Replace: func(data []byte) error { return os.WriteFile(path, data, 0o600) }}
	content := "{\"text\":\"a\"}\n{\"text\":\"\"}\noops\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Receipt(journal.Key(&post.Post{Text: "b"}), &post.Post{ID: "1", Text: "b"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		n     int
		texts string
		rest  string
	}{
		{1, "a", "{\"text\":\"\"}\noops\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n"},
		{1, "a c", "{\"text\":\"\"}\noops\n"}, // b was posted before, and does not count
		{1, "a c", "{\"text\":\"\"}\noops\n"},
	} {
		b, said, _ := w.batch(log)
		if err := b.Take(ctx, queue, step.n); err != nil {
			t.Fatal(err)
		}
		rest, _ := os.ReadFile(path)
		if w.texts() != step.texts || string(rest) != step.rest {
			t.Errorf("posted %s, left %q, want %s and %q", w.texts(), rest, step.texts, step.rest)
		}
		if end := step.texts == "a c" && b.Posted.Created == 0; end != strings.Contains(strings.Join(*said, ";"), "has no more drafts to take") {
			t.Errorf("said %q", *said)
		}
	}
}
