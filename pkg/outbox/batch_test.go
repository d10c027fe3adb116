package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
func (h *heard) Hint(format string, a ...any)    { h.say("hint", format, a) }
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
	key := journal.Key(&post.Post{Text: "a"})
	in := "{\"text\":\"a\"}\noops\n{\"text\":\"\"}\n{\"text\":\"a\"}\n{\"text\":\"z\",\"key\":\"" + key + "\"}\n{\"text\":\"b\"}\n{\"text\":\"c x.com\"}\n{\"text\":\"d\"}\n"
	if err := b.Post(ctx, strings.NewReader(in), "in"); err != nil {
		t.Fatal(err)
	}
	want := "skip: in:2: not a JSON object; error: in:3: refused: empty; verbose: in:4: posted already: " + key +
		"; skip: in:5: left out: its key, " + key + ", is that of \"a\"; skip: in:8: left out: --max 3"
	if got := strings.Join(*said, "; "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := strings.Join(*printed, ""); got != "abc x.com" || w.texts() != "a b c x.com" {
		t.Errorf("printed %s, posted %s", got, w.texts())
	}
	if b.Drafts != 7 || b.Known != 1 || b.Refused != 1 || b.Posted != (network.Usage{Created: 3, Links: 1}) {
		t.Errorf("counted %+v", b.Tally)
	}
	b, _, printed = w.batch(log)
	b.Strict = true
	if err := b.Post(ctx, strings.NewReader(in), "in"); err == nil || err.Error() != "in:2: not a JSON object" || len(*printed) > 0 {
		t.Errorf("got %v", err)
	}
	b, _, _ = w.batch(log)
	b.Strict = true
	if err := b.Post(ctx, strings.NewReader("{\"text\":\"\"}\n{\"text\":\"e\"}\n"), "in"); err == nil || err.Error() != "in:1: refused: empty" || b.Drafts != 1 {
		t.Errorf("got %v", err)
	}
	w.trouble = once("create", "down", 1)
	b, _, _ = w.batch(log)
	b.Plain = true
	err := b.Post(ctx, strings.NewReader("e\nf\n"), "in")
	if network.KindOf(err) != network.Unavailable || !strings.HasPrefix(err.Error(), "in:1: ") || b.Drafts != 1 {
		t.Errorf("got %v", err)
	}
	if b.Close() != nil || new(Batch).Close() != nil {
		t.Error("Close")
	}
}

// A dry run asks the network nothing, even if an earlier run has left something open.
func TestBatchDry(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := openLog(t, w, logPath(t))
	if _, err := log.Intend("open", &post.Post{Text: "open"}); err != nil {
		t.Fatal(err)
	}
	for _, strict := range []bool{false, true} {
		b, _, _ := w.batch(log)
		b.Dry, b.Strict = true, strict
		var lines []string
		b.Print = func(p *post.Post) error { lines = append(lines, string(p.AppendJSON(nil))); return nil }
		err := b.Post(ctx, strings.NewReader("{\"text\":\"été\"}\n{\"text\":\"\"}\n{\"text\":\"f\"}\n"), "in")
		want := map[bool]int{false: 2, true: 1}[strict]
		if (err != nil) != strict || strict && err.Error() != "in:2: refused: empty" || b.Posted.Created != want || len(lines) != want {
			t.Errorf("strict %v: got %v, %v", strict, err, b.Tally)
		}
		if lines[0] != `{"text":"été","weighted_length":3}` {
			t.Errorf("got %s", lines[0])
		}
	}
	if len(w.asked) > 0 || len(log.Entries()) != 1 {
		t.Errorf("asked for %q", w.asked)
	}
	log.Close()
	b, _, _ := w.batch(log)
	b.Dry = true
	if err := b.Start(ctx); err != nil || b.Close() == nil {
		t.Errorf("got %v, and no error for a log that cannot be closed", err)
	}
}

// What keeps a run from beginning ends it, whatever it was to post.
func TestBatchCannotStart(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), filepath.Join(t.TempDir(), "queue")
	const in = "{\"text\":\"a\"}\n"
	if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, run := range []func(*Batch) error{
		func(b *Batch) error { return b.Post(ctx, strings.NewReader(in), "in") },
		func(b *Batch) error {
			th := new(Thread)
			return errors.Join(b.Collect(th, strings.NewReader(in), "in"), b.PostThread(ctx, th))
		},
		func(b *Batch) error { return b.Take(ctx, &Queue{Path: path}, 1) },
	} {
		b, _, _ := w.batch(journal.New(w.clock))
		b.Open = func(context.Context) (*Outbox, error) { return nil, errors.New("odd") }
		if err, want := run(b), []string{"in:1: odd", "odd", "odd"}[i]; err == nil || err.Error() != want || len(w.posts) > 0 {
			t.Errorf("%d: got %v", i, err)
		}
	}
}

// A batch that could not learn what became of an earlier draft posts nothing, however often it is told to.
func TestBatchDoesNotForgetWhatIsOpen(t *testing.T) {
	ctx, w, log := context.Background(), newWorld(), journal.New(newWorld().clock)
	if _, err := log.Intend("open", &post.Post{Text: "open", Author: "bot"}); err != nil {
		t.Fatal(err)
	}
	b, _, _ := w.batch(log)
	w.trouble = func(at string) string { return map[string]string{"posts": "down"}[at] }
	for range 2 {
		if err := b.Post(ctx, strings.NewReader("{\"text\":\"a\"}\n"), "in"); network.KindOf(err) != network.Unavailable || len(w.posts) > 0 {
			t.Errorf("got %v, posted %s", err, w.texts())
		}
	}
	w.trouble = newWorld().trouble
	if err := b.Post(ctx, strings.NewReader("{\"text\":\"a\"}\n"), "in"); err != nil || w.texts() != "a" || len(log.Unsettled()) > 0 {
		t.Errorf("got %v, posted %s", err, w.texts())
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
	if _, err := log.Intend("link", &post.Post{Text: "x.com", Author: "bot"}); err != nil {
		t.Fatal(err)
	}
	w.posts = append(w.posts, &post.Post{ID: "2000", Text: "x.com", CreatedAt: noon})
	w.shown = len(w.posts)
	b, _, printed := w.batch(log)
	fine := b.Print
	b.Print = func(p *post.Post) error { return errors.Join(fine(p), errors.New("no room for "+p.Text)) }
	err := b.Start(ctx)
	if want := (network.Usage{Created: 2, Links: 1, Answers: 1}); b.Settled != want || b.Posted != (network.Usage{}) || len(*printed) != 2 {
		t.Errorf("got %+v, %q", b.Tally, *printed)
	}
	if err == nil || err.Error() != "no room for a\nno room for x.com" {
		t.Errorf("got %v", err)
	}
}

func TestBatchThread(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	if _, err := log.Receipt("gold", &post.Post{ID: "2", Text: "gold does not rust"}); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Receipt("light", &post.Post{ID: "1", Text: "light is made of very small bodies"}); err != nil {
		t.Fatal(err)
	}
	post := func(in string) (string, error) {
		b, said, _ := w.batch(log)
		th := new(Thread)
		err := b.Collect(th, strings.NewReader(in), "in")
		if err == nil {
			err = b.PostThread(ctx, th)
		}
		return strings.Join(*said, "; "), err
	}
	b, said, _ := w.batch(log)
	th := new(Thread)
	if err := b.Collect(th, strings.NewReader("{\"text\":\"a\"}\n{\"text\":\"\"}\n"), "in"); err != nil {
		t.Fatal(err)
	}
	if err := b.PostThread(ctx, th); err != nil || len(*said) != 1 || (*said)[0] != "error: in:2: nothing of the thread is posted: refused: empty" || len(w.posts) > 0 || b.Drafts != 2 {
		t.Errorf("got %v, %q", err, *said)
	}
	for _, in := range []string{ // near to each other, and near to a post
		"{\"text\":\"An apple fell in the garden today\"}\n{\"text\":\"an apple fell in the garden today!\"}\n",
		"{\"text\":\"hear\"}\n{\"text\":\"Light is made of very small bodies\"}\n",
	} {
		if said, err := post(in); err != nil || !strings.HasPrefix(said, "error: in:2: nothing of the thread is posted: refused: it says nearly what") || len(w.posts) > 0 {
			t.Errorf("got %v, %q, posted %s", err, said, w.texts())
		}
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
	if _, err := post("{\"text\":\"d\"}\n{\"text\":\"e\",\"reply_to\":\"77\"}\n"); err != nil || w.posts[4].ReplyTo != "77" {
		t.Errorf("a draft that answers another post: got %v, %+v", err, w.posts[4])
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
		if strings.Contains(strings.Join(*said, ";"), "not a JSON object") != (step.texts == "a c") {
			t.Errorf("what is behind those taken is looked at, or what is before is not: %q", *said)
		}
		if end := step.texts == "a c" && b.Posted.Created == 0; end != strings.Contains(strings.Join(*said, ";"), "has no more drafts to take") {
			t.Errorf("said %q", *said)
		}
	}
}

// What ends a run, or fills the budget, leaves the rest of a queue as it is.
func TestBatchTakesNoMore(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), filepath.Join(t.TempDir(), "queue")
	log := journal.New(w.clock)
	queue := &Queue{Path: path, Replace: func(data []byte) error { return os.WriteFile(path, data, 0o600) }}
	const content = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n{\"text\":\"d\"}\n{\"text\":\"e\"}\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(n int, texts, says, rest string, dry bool) error {
		t.Helper()
		b, said, _ := w.batch(log)
		b.Dry = dry
		err := b.Take(ctx, queue, n)
		if left, _ := os.ReadFile(path); w.texts() != texts || strings.Join(*said, "; ") != says || string(left) != rest {
			t.Errorf("posted %s, said %q, left %q", w.texts(), *said, left)
		}
		return err
	}
	if err := check(2, "", "", content, true); err != nil {
		t.Errorf("dry: got %v", err)
	}
	w.trouble = once("create", "down", 1)
	if err := check(5, "", "", content, false); network.KindOf(err) != network.Unavailable || !strings.HasPrefix(err.Error(), path+":1: ") {
		t.Errorf("got %v", err)
	}
	if err := check(5, "a b c", "skip: "+path+":4: left out: --max 3", "{\"text\":\"d\"}\n{\"text\":\"e\"}\n", false); err != nil {
		t.Errorf("got %v", err)
	}
	if err := check(5, "a b c d e", "warn: "+path+" has no more drafts to take", "", false); err != nil {
		t.Errorf("got %v", err)
	}
	// One that is left out for its key does not fill the budget, and one that fills it may be the last.
	taken := "{\"text\":\"x\",\"key\":\"" + journal.Key(&post.Post{Text: "a"}) + "\"}\n"
	if err := os.WriteFile(path, []byte(taken+"{\"text\":\"f\"}\n{\"text\":\"g\"}\n{\"text\":\"h\"}\n{\"text\":\"i\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says := "skip: " + path + ":1: left out: its key, " + journal.Key(&post.Post{Text: "a"}) + ", is that of \"a\"; skip: " + path + ":5: left out: --max 3"
	if err := check(5, "a b c d e f g h", says, taken+"{\"text\":\"i\"}\n", false); err != nil {
		t.Errorf("got %v", err)
	}
	b, _, _ := w.batch(log)
	if err := b.Take(ctx, &Queue{Path: path + ".none"}, 1); err == nil {
		t.Error("no queue, no error")
	}
}

// A network that refuses whatever it is given, as of an account that may not post, is not given all of
// a queue. What a gate refuses does not count, nor what was refused before a post.
func TestBatchIsRefused(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), filepath.Join(t.TempDir(), "queue")
	queue := &Queue{Path: path, Replace: func(data []byte) error { return os.WriteFile(path, data, 0o600) }}
	var content strings.Builder
	for i := range 4 * mostVain {
		fmt.Fprintf(&content, "{\"text\":\"\"}\n{\"text\":\"number %d\"}\n", i)
	}
	if err := os.WriteFile(path, []byte(content.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := 0
	w.trouble = func(at string) string {
		if at != "create" {
			return ""
		}
		if asked++; asked == mostVain {
			return ""
		}
		return "policy"
	}
	b, said, _ := w.batch(journal.New(w.clock))
	err := b.Take(ctx, queue, 2)
	if network.KindOf(err) != network.Policy || asked != 2*mostVain || b.Posted.Created != 1 || b.Refused != 4*mostVain-1 {
		t.Errorf("got %v, asked %d times, %+v, %q", err, asked, b.Tally, *said)
	}
}

// What to do about a refusal is said right after it.
func TestBatchGivesAdvice(t *testing.T) {
	w := newWorld()
	b, said, _ := w.batch(journal.New(w.clock))
	open := b.Open
	b.Open = func(ctx context.Context) (*Outbox, error) {
		o, err := open(ctx)
		o.Gates = []Gate{func(*post.Post) error {
			return &network.Error{Kind: network.Policy, Detail: "closed", Advice: "go round"}
		}}
		return o, err
	}
	if err := b.Post(context.Background(), strings.NewReader(`{"text":"a"}`), "in"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(*said, "; "); got != "error: in:1: refused: closed; hint: go round" {
		t.Errorf("got %s", got)
	}
}

// What was said before is refused for its own sake, however much of it there is: it bars nothing behind it.
func TestBatchPassesOverDuplicates(t *testing.T) {
	var b Batch
	for range 2 * mostVain {
		if err := b.inVain(&network.Error{Kind: network.Duplicate, Status: http.StatusForbidden}); err != nil {
			t.Fatal(err)
		}
	}
}
