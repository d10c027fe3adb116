package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/journal"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
)

// world is a local X. Its clock, and that of all bots on it, advances only when a test says so. It
// starts at the present, since the signatures of requests use the machine's clock.
type world struct {
	testing.TB
	sb    *sandbox.Server
	base  string
	clock time.Time
}

func newWorld(t testing.TB) *world {
	w := &world{TB: t, clock: time.Now().Truncate(time.Second)}
	start := w.clock
	sb, err := sandbox.New(sandbox.Options{Now: func() time.Time { return start }, Secret: []byte("test")})
	w.check(err)
	web := httptest.NewServer(sb)
	t.Cleanup(web.Close)
	w.sb, w.base = sb, web.URL
	return w
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) now() time.Time { return w.clock }

func (w *world) pass(d time.Duration) {
	w.clock = w.clock.Add(d)
	w.sb.Advance(d)
}

// says lets somebody post, some time ago.
func (w *world) says(author, text string, ago time.Duration) {
	w.Helper()
	_, err := w.sb.Seed(author, []*post.Post{{Text: text, CreatedAt: w.clock.Add(-ago)}})
	w.check(err)
}

// bot is an account with a log.
type bot struct {
	*world
	name string
	env  map[string]string
	log  string
	said int
	err  string // what the last run of mentions said
}

func (w *world) bot(name string) *bot {
	keys, err := w.sb.Keys(name)
	w.check(err)
	b := &bot{world: w, name: name, env: map[string]string{}, log: filepath.Join(w.TempDir(), "log.jsonl")}
	for line := range strings.Lines(keys.Shell(w.base)) {
		if key, value, _ := strings.Cut(strings.TrimSpace(line), "="); key != "TW_BEARER_TOKEN" {
			b.env[key] = value
		}
	}
	return b
}

// run runs tw-mentions, whatever the outcome.
func (b *bot) run(args ...string) (code int, stdout, stderr string) {
	var out, said strings.Builder
	code = tool.Run(b.Context(), program(b.now), append(args, "--log", b.log), strings.NewReader(""), &out, &said, func(k string) string { return b.env[k] })
	return code, out.String(), said.String()
}

// mentions runs tw-mentions and reads what it prints.
func (b *bot) mentions(args ...string) (asked []*post.Post) {
	b.Helper()
	code, out, said := b.run(args...)
	if b.err = said; code != 0 {
		b.Fatalf("tw-mentions: %d, %s", code, said)
	}
	for p, err := range post.NewReader(strings.NewReader(out), "tw-mentions").All(nil) {
		b.check(err)
		asked = append(asked, p)
	}
	return asked
}

// client is the client with which tw-post would speak to X.
func (b *bot) client() *x.Client {
	keys, err := credential.FromEnv(func(k string) string { return b.env[k] })
	b.check(err)
	return x.New(x.Config{Base: b.base, HTTP: keys.Client(credential.Site{Base: b.base, Now: b.now}), Now: b.now})
}

// answer does what mk-gen --reply and tw-post --log do: it posts a different text for each mention, and
// writes two lines to the log.
func (b *bot) answer(asked []*post.Post) (answers []*post.Post) {
	b.Helper()
	client := b.client()
	log, err := journal.Open(context.Background(), b.log, time.Second, b.now)
	b.check(err)
	defer log.Close()
	for _, m := range asked {
		draft := b.draft(m)
		key := journal.Key(draft)
		_, err := log.Intend(key, draft)
		b.check(err)
		receipt, err := client.Create(context.Background(), draft, b.name)
		b.check(err)
		_, err = log.Receipt(key, receipt)
		b.check(err)
		answers = append(answers, receipt)
	}
	return answers
}

// draft copies what mk-gen --reply copies.
func (b *bot) draft(mention *post.Post) *post.Post {
	b.said++
	draft := &post.Post{Text: fmt.Sprintf("thought %d of %s", b.said, b.name), ReplyTo: mention.ID}
	for _, field := range []string{"answer", "key"} {
		v, ok := mention.Extra(field)
		if !ok {
			b.Fatalf("a mention without %q", field)
		}
		draft.SetExtra(field, v)
	}
	return draft
}

// spent is what X billed for reading, in posts and accounts.
func (b *bot) spent() (posts, users int) {
	stats := b.sb.Stats().Returned[b.name]
	return stats[sandbox.OwnedReads] + stats[sandbox.Reads], stats[sandbox.UserReads]
}

// lines returns the lines of the log, unparsed.
func (b *bot) lines() []string {
	data, err := os.ReadFile(b.log)
	b.check(err)
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// tally counts.
type tally map[string]int

func (t tally) want(tb testing.TB, what string, want tally) {
	tb.Helper()
	if !maps.Equal(t, want) {
		tb.Errorf("%s: got %v, want %v", what, t, want)
	}
}

// appendTo adds bytes to a file.
func appendTo(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
