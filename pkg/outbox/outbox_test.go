package outbox

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without zone data

	"pgregory.net/rapid"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

func TestPost(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := openLog(t, w, logPath(t))
	defer log.Close()
	o := w.outbox(log)
	d := draft(t, `{"text":"a","seed":7}`)
	receipt, err := o.Post(ctx, d)
	if err != nil || receipt.ID != "1000" || receipt.Author != "bot" || d.ID != "" || d.Author != "" {
		t.Fatalf("got %+v, %v", receipt, err)
	}
	if seed, _ := receipt.Extra("seed"); string(seed) != "7" {
		t.Errorf("receipt %s", receipt.AppendJSON(nil))
	}
	for _, again := range []string{`{"text":"a"}`, `{"text":"a","lang":"en"}`} {
		if _, err := o.Post(ctx, draft(t, again)); !errors.Is(err, ErrKnown) {
			t.Errorf("%s: got %v", again, err)
		}
	}
	if _, err := w.outbox(log).Post(ctx, draft(t, `{"text":"a","key":"again"}`)); network.KindOf(err) != network.Duplicate || len(w.sizes) > 0 {
		t.Errorf("X takes no text twice: got %v, and asked for %v", err, w.sizes)
	}
	if e := log.Find("again"); e == nil || e.State != journal.Unsent || !strings.Contains(e.Why, "duplicate") {
		t.Errorf("got %+v", e)
	}
	if _, err := o.Post(ctx, draft(t, `{"text":"b","key":"`+receipt.Key+`"}`)); !errors.Is(err, ErrKeyTaken) || !strings.Contains(err.Error(), `is that of "a"`) {
		t.Errorf("got %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := o.Post(cancelled, draft(t, `{"text":"b"}`)); !errors.Is(err, context.Canceled) || len(w.posts) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestTrouble(t *testing.T) {
	tests := []struct {
		name    string
		trouble func(string) string
		kind    network.Kind // of the error, if there is no post
		posted  bool
		state   journal.State
	}{
		{"limit", once("create", "limit", 1), network.RateLimited, false, journal.Unsent},
		{"down", once("create", "down", 1), network.Unavailable, false, journal.Unsent},
		{"refused", once("create", "policy", 1), network.Policy, false, journal.Unsent},
		{"odd", once("create", "odd", 1), network.Failed, false, journal.Unsent},
		{"answer lost before the post", once("create", "drop", 1), network.Unavailable, false, journal.Unsent},
		{"answer lost behind the post", once("made", "lost", 1), 0, true, journal.Sent},
		{"and it shows later", once("made", "lag", 1), 0, true, journal.Sent},
		{"an upload", once("attach", "down", 1), network.Unavailable, false, ""},
		{"whose keys", once("me", "down", 1), network.Unavailable, false, ""},
		{"keys of an account that X refuses", once("me", "policy", 1), network.Unauthorised, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.trouble = tt.trouble
			o := w.outbox(journal.New(w.clock))
			receipt, err := o.Post(context.Background(), draft(t, `{"text":"a","key":"a"}`))
			if (err == nil) != tt.posted || !tt.posted && network.KindOf(err) != tt.kind || len(w.posts) == 1 != tt.posted {
				t.Fatalf("got %v, %v", receipt, err)
			}
			if e := o.Log.Find("a"); (e == nil) != (tt.state == "") || e != nil && e.State != tt.state {
				t.Errorf("the log says %+v", e)
			}
			lost := tt.posted || tt.name == "answer lost before the post"
			if e := o.Log.Find("a"); e != nil && e.State == journal.Unsent && (e.Why == "unknown outcome; "+notThere) != lost {
				t.Errorf("the log says %q", e.Why)
			}
			if receipt, err = o.Post(context.Background(), draft(t, `{"text":"a","key":"a"}`)); tt.posted != errors.Is(err, ErrKnown) || len(w.posts) != 1 {
				t.Errorf("again: got %v, %v", receipt, err)
			}
			if !lost && len(w.sizes) > 0 {
				t.Errorf("what was refused is looked for: asked for %v", w.sizes)
			}
		})
	}
}

func TestNothingIsSentWhileItIsOpen(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), logPath(t)
	w.trouble = func(at string) string { return map[string]string{"made": "lost", "posts": "down"}[at] }
	log := openLog(t, w, path)
	_, err := w.outbox(log).Post(ctx, draft(t, `{"text":"a","key":"a"}`))
	if network.KindOf(err) != network.UnknownOutcome || len(log.Unsettled()) != 1 {
		t.Fatalf("got %v", err)
	}
	var failure *network.Error
	if !errors.As(err, &failure) || failure.Hint() != "what became of a is looked up before anything else is posted, if --log is given" ||
		err.Error() != "unknown outcome: unknown outcome\nunavailable" {
		t.Errorf("got %q", err)
	}
	log.Close()
	log = openLog(t, w, path)
	if _, err := w.outbox(log).Settle(ctx); network.KindOf(err) != network.Unavailable || !strings.Contains(err.Error(), "what became of a is not known yet") {
		t.Errorf("got %v", err)
	}
	log.Close()
	w.trouble = newWorld().trouble
	log = openLog(t, w, path)
	defer log.Close()
	receipts, err := w.outbox(log).Settle(ctx)
	if err != nil || len(receipts) != 1 || receipts[0].ID != "1000" || len(log.Unsettled()) > 0 {
		t.Errorf("got %v, %v", receipts, err)
	}
	before := len(w.asked)
	if receipts, err := w.outbox(log).Settle(ctx); err != nil || len(receipts) > 0 || len(w.asked) > before {
		t.Errorf("settled twice: %v, %v", receipts, err)
	}
}

func TestSettleKnowsItsOwn(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	w.posts = []*post.Post{{ID: "7", Text: "a", CreatedAt: noon.Add(-time.Hour)}, {ID: "8", Text: "a", CreatedAt: noon}}
	w.shown = 2
	if _, err := log.Receipt("old", &post.Post{ID: "7", Text: "a", Author: "bot"}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"one", "two"} {
		if _, err := log.Intend(key, &post.Post{Text: "a", Author: "Bot"}); err != nil {
			t.Fatal(err)
		}
	}
	receipts, err := w.outbox(log).Settle(ctx)
	if err != nil || len(receipts) != 1 || receipts[0].ID != "8" || log.Find("two").State != journal.Unsent {
		t.Errorf("a post has two receipts: %v, %v", receipts, err)
	}
	if _, err := log.Intend("other", &post.Post{Text: "b", Author: "another"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.outbox(log).Settle(ctx); err == nil || !strings.Contains(err.Error(), "@another was about to post other") {
		t.Errorf("got %v", err)
	}
}

// The post of a draft is found, though tw-archive has already appended it to a log from a backup.
func TestSettleAfterABackup(t *testing.T) {
	ctx, w, path := context.Background(), newWorld(), logPath(t)
	log := openLog(t, w, path)
	for _, key := range []string{"2026", "2027"} {
		if _, err := log.Intend(key, &post.Post{Text: "a", Author: "bot"}); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(`{"id":"8","text":"a","created_at":"` + noon.Format(time.RFC3339) + `","author":"bot","network":"x"}` + "\n")
	}
	if err := errors.Join(err, f.Close(), log.Close()); err != nil {
		t.Fatal(err)
	}
	w.posts, w.shown = []*post.Post{{ID: "8", Text: "a", CreatedAt: noon}}, 1
	log = openLog(t, w, path)
	receipts, err := w.outbox(log).Settle(ctx)
	if err != nil || len(receipts) != 1 || receipts[0].ID != "8" || log.Find("2026").State != journal.Sent || log.Find("2027").State != journal.Unsent {
		t.Errorf("got %v, %v", receipts, err)
	}
}

// The error names what cannot be recorded, as on a full disk.
func TestSettleWithoutALog(t *testing.T) {
	w := newWorld()
	w.posts, w.shown = []*post.Post{{ID: "7", Text: "a", URL: "https://x.com/bot/status/7", CreatedAt: noon}}, 1
	log := openLog(t, w, logPath(t))
	if _, err := log.Intend("one", &post.Post{Text: "a", Author: "bot"}); err != nil {
		t.Fatal(err)
	}
	log.Close()
	receipts, err := w.outbox(log).Settle(context.Background())
	if want := "what became of one is not known yet: posted as https://x.com/bot/status/7, but"; err == nil || len(receipts) > 0 || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, %v", receipts, err)
	}
}

// A post of the same text that is much older than the draft is not what became of it.
func TestOldPost(t *testing.T) {
	const undated = 0
	for ago, found := range map[time.Duration]bool{25 * time.Hour: false, 23 * time.Hour: true, undated: true, 72 * time.Hour: true} {
		w := newWorld()
		w.posts, w.shown = []*post.Post{{ID: "7", Text: "a"}}, 1
		if ago != undated {
			w.posts[0].CreatedAt = noon.Add(-ago)
		}
		log := journal.New(w.clock)
		if ago == 72*time.Hour { // the clock is ahead: the post is newer than the last one
			if _, err := log.Receipt("b", &post.Post{ID: "6", Text: "b", Author: "bot"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := log.Intend("a", &post.Post{Text: "a", Author: "bot"}); err != nil {
			t.Fatal(err)
		}
		if receipts, err := w.outbox(log).Settle(context.Background()); err != nil || len(receipts) == 1 != found {
			t.Errorf("%v ago: got %v, %v", ago, receipts, err)
		}
	}
}

// Among very many posts a draft is looked for in larger pages. If it is in none of the pages that are
// read, nothing says that it was not posted.
func TestManyPosts(t *testing.T) {
	w := newWorld()
	for i := range 2000 {
		w.posts = append(w.posts, &post.Post{ID: fmt.Sprint(10000 + i), Text: fmt.Sprint(i), CreatedAt: noon.Add(time.Second)})
	}
	w.shown = len(w.posts)
	settle := func(text string) (receipts []*journal.Entry, open int, err error) {
		w.sizes = nil
		log := journal.New(w.clock)
		if _, err := log.Intend("a", &post.Post{Text: text, Author: "bot"}); err != nil {
			t.Fatal(err)
		}
		receipts, err = w.outbox(log).Settle(context.Background())
		return receipts, len(log.Unsettled()), err
	}
	if receipts, _, err := settle("1085"); err != nil || len(receipts) != 1 || len(w.sizes) != lookPages || w.sizes[0] != 20 || w.sizes[1] != 100 {
		t.Errorf("got %v, %v, asked for %v", receipts, err, w.sizes)
	}
	_, open, err := settle("1079")
	var failure *network.Error
	if network.KindOf(err) != network.UnknownOutcome || !strings.Contains(err.Error(), "posts of @bot: unknown outcome: none of the newest 920 is it, and there are more") || open != 1 {
		t.Errorf("got %v, %d unsettled", err, open)
	}
	if !errors.As(err, &failure) || !strings.HasPrefix(failure.Hint(), "look whether it was posted: if not, take its line") {
		t.Errorf("got %v", err)
	}
}

// A vanished draft is looked for only among the posts of its time: newer ones cost money and cannot
// be it.
func TestLateLookIsCheap(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	w.trouble = once("create", "drop", 1)
	if _, err := w.outbox(log).Post(ctx, draft(t, `{"text":"a","key":"a"}`)); network.KindOf(err) != network.Unavailable {
		t.Fatal(err)
	}
	for i := range 60 {
		w.now = w.now.Add(time.Hour)
		if _, err := w.outbox(log).Post(ctx, draft(t, fmt.Sprintf(`{"text":"since %d"}`, i))); err != nil {
			t.Fatal(err)
		}
	}
	w.trouble = once("create", "limit", 1)
	for range 2 {
		w.outbox(log).Post(ctx, draft(t, `{"text":"again","key":"again"}`))
	}
	if len(w.sizes) != 2 || w.posts[60].Text != "again" { // right after it was sent
		t.Errorf("looked for at drafts with other keys: asked for %v", w.sizes)
	}
	w.sizes = nil
	if _, err := w.outbox(log).Post(ctx, draft(t, `{"text":"b","key":"a"}`)); err != nil || len(w.sizes) != 1 {
		t.Errorf("got %v, asked for %v", err, w.sizes)
	}
}

// An account is the same under another name: its number says so, and the network is not asked.
func TestRenamed(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	run := func(author network.User) (receipts []*journal.Entry, err error) {
		w.asked = nil
		o := w.outbox(log)
		o.Author = author
		return o.Settle(ctx)
	}
	intend := func(key, id string) {
		w.posts = append(w.posts, &post.Post{ID: fmt.Sprint(2000 + len(w.posts)), Text: key, CreatedAt: noon, Author: "bot"})
		w.shown = len(w.posts)
		intent := &post.Post{Text: key, Author: "oldbot"}
		network.SetAuthorID(intent, id)
		if _, err := log.Intend(key, intent); err != nil {
			t.Fatal(err)
		}
	}
	intend("a", "42")
	receipts, err := run(network.User{ID: "42", Name: "newbot"})
	if err != nil || len(receipts) != 1 || network.AuthorID(receipts[0].Post) != "42" || strings.Join(w.asked, " ") != "posts" {
		t.Errorf("got %v, %v, asked for %q", receipts, err, w.asked)
	}
	intend("b", "42")
	if receipts, err := run(network.User{Name: "newbot"}); err != nil || len(receipts) != 1 || strings.Join(w.asked, " ") != "me posts" {
		t.Errorf("without a number: got %v, %v, asked for %q", receipts, err, w.asked)
	}
	intend("c", "43")
	if _, err := run(network.User{ID: "42", Name: "oldbot"}); err == nil || !strings.Contains(err.Error(), "@oldbot was about to post c, and these are the keys of account 42") {
		t.Errorf("another account of that name: got %v", err)
	}
	log = journal.New(w.clock)
	intend("d", "")
	if _, err := run(network.User{ID: "42", Name: "oldbot"}); err == nil || !strings.Contains(err.Error(), "@oldbot was about to post d, and these are the keys of @bot") {
		t.Errorf("a log of old: got %v", err)
	}
}

// Drafts and receipts have the author's number if it is known, and never somebody else's.
func TestAuthorID(t *testing.T) {
	w := newWorld()
	for _, id := range []string{"", "42"} {
		o := w.outbox(journal.New(w.clock))
		o.Author = network.User{ID: id, Name: "bot"}
		if _, err := o.Post(context.Background(), draft(t, `{"text":"as `+id+`","author_id":"7"}`)); err != nil || len(o.Log.Entries()) != 2 {
			t.Fatal(err)
		}
		for _, e := range o.Log.Entries() {
			if got := network.AuthorID(e.Post); got != id {
				t.Errorf("%s of %q: got %q", e.State, id, got)
			}
		}
	}
}

// If the number becomes known while a post is looked for, its receipt has it.
func TestAuthorIDOfAFind(t *testing.T) {
	w := newWorld()
	w.trouble = once("made", "lost", 1)
	o := w.outbox(journal.New(w.clock))
	o.Author = network.User{Name: "bot"}
	receipt, err := o.Post(context.Background(), draft(t, `{"text":"a"}`))
	if err != nil || network.AuthorID(receipt.Post) != "42" || network.AuthorID(o.Log.Entries()[0].Post) != "" {
		t.Errorf("got %+v, %v", receipt, err)
	}
	if want := "unknown outcome; it was posted all the same"; len(w.notes) != 1 || w.notes[0] != want {
		t.Errorf("told %q, want %q", w.notes, want)
	}
}

// If the network shows a post later than anybody waits, its refusal of the same text reveals the post.
func TestDuplicateAfterAll(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	w.trouble = once("made", "lag", 1)
	o := w.outbox(journal.New(w.clock))
	o.Patience = 0
	if _, err := o.Post(ctx, draft(t, `{"text":"a"}`)); network.KindOf(err) != network.Unavailable {
		t.Fatalf("got %v", err)
	}
	o.Patience, w.asked = time.Second, nil
	receipt, err := o.Post(ctx, draft(t, `{"text":"a"}`))
	if asked := strings.Join(w.asked, " "); err != nil || receipt.ID != "1000" || len(w.posts) != 1 || asked != "posts attach create posts posts" {
		t.Errorf("got %v, %v, asked for %s", receipt, err, asked)
	}
}

// If that post is not there, the refusal stays one: it may be of another post with that text.
func TestDuplicateOfAnother(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	o := w.outbox(journal.New(w.clock))
	if _, err := o.Post(ctx, draft(t, `{"text":"a","reply_to":"5"}`)); err != nil {
		t.Fatal(err)
	}
	o.Same = func(draft, made *post.Post) bool { return false }
	for i, kind := range []string{"limit", "limit", ""} {
		w.trouble = once("create", kind, 1)
		_, err := o.Post(ctx, draft(t, `{"text":"a","reply_to":"5","key":"again"}`))
		if want := []network.Kind{network.RateLimited, network.RateLimited, network.Duplicate}[i]; network.KindOf(err) != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if e := o.Log.Find("again"); e.State != journal.Unsent || e.Why != "duplicate; "+notThere || len(w.sizes) != 2 {
		t.Errorf("got %+v, asked for %v", e, w.sizes)
	}
}

// Nothing is sent that cannot be written down, and what was sent all the same is named.
func TestFullDisk(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := openLog(t, w, logPath(t))
	w.trouble = func(at string) string {
		if at == "made" {
			log.Close()
		}
		return ""
	}
	if _, err := w.outbox(log).Post(ctx, draft(t, `{"text":"a"}`)); err == nil || !strings.HasPrefix(err.Error(), "posted as https://x.com/bot/status/1000, but") {
		t.Errorf("got %v", err)
	}
	if _, err := w.outbox(log).Post(ctx, draft(t, `{"text":"b"}`)); err == nil || w.texts() != "a" {
		t.Errorf("got %v, posted %s", err, w.texts())
	}
}

// A post that shows only when nobody looks any more is found before another draft with its key is sent.
func TestLate(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	w.trouble, w.late, w.lax = once("made", "lag", 1), true, true
	o := w.outbox(journal.New(w.clock))
	answer := func(text string) *post.Post { return draft(t, `{"text":"`+text+`","reply_to":"5","key":"answer-5"}`) }
	if _, err := o.Post(ctx, answer("yes")); network.KindOf(err) != network.Unavailable {
		t.Fatalf("got %v", err)
	}
	w.trouble = once("posts", "policy", 1)
	if _, err := o.Post(ctx, answer("no")); network.KindOf(err) != network.UnknownOutcome || len(w.posts) != 1 || !strings.Contains(err.Error(), "whether answer-5 was posted after all is not known yet: refused") {
		t.Errorf("sent without a look: %v, %s", err, w.texts())
	}
	w.shown, w.asked, w.notes = 1, nil, nil
	receipt, err := o.Post(ctx, answer("perhaps"))
	if err != nil || receipt.ID != "1000" || receipt.Text != "yes" || receipt.ReplyTo != "5" || len(w.posts) != 1 {
		t.Fatalf("got %+v, %v, and %s", receipt, err, w.texts())
	}
	told := strings.Join(w.notes, "")
	if asked := strings.Join(w.asked, " "); asked != "posts" || told != "https://x.com/bot/status/1000 shows late: it was posted all the same" {
		t.Errorf("asked for %s, told %q", asked, told)
	}
	if line := string(receipt.AppendJSON(nil)); strings.Contains(line, "log_why") || o.Log.Find("answer-5") != receipt {
		t.Errorf("the log has %s", line)
	}
	if _, err := o.Post(ctx, answer("well")); !errors.Is(err, ErrKeyTaken) {
		t.Errorf("got %v", err)
	}
}

// A draft that is missing the second time, too, is sent.
func TestNotLate(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	w.trouble = once("create", "drop", 1)
	o := w.outbox(journal.New(w.clock))
	for i, text := range []string{"yes", "no"} {
		receipt, err := o.Post(ctx, draft(t, `{"text":"`+text+`","key":"a"}`))
		if (err == nil) != (i == 1) || i == 1 && receipt.Text != "no" {
			t.Errorf("%s: got %+v, %v", text, receipt, err)
		}
	}
	if w.texts() != "no" {
		t.Errorf("posted %s", w.texts())
	}
	lost := &journal.Entry{Post: &post.Post{Text: "x"}, Key: "b"} // whose intent is no longer in the log
	if _, err := o.Log.Withdraw(lost, "unknown outcome; "+notThere); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Post(ctx, draft(t, `{"text":"y","key":"b"}`)); err != nil {
		t.Error(err)
	}
}

func TestThreads(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	w.trouble = once("create", "policy", 2)
	o := w.outbox(journal.New(w.clock))
	steps := []struct{ draft, replyTo, says string }{
		{`{"text":"a","key":"first"}`, "", ""},
		{`{"text":"b","key":"b","reply_to":"first"}`, "", "refused"},
		{`{"text":"c","reply_to":"b"}`, "", "the draft that it answers, b, was not posted"},
		{`{"text":"d","reply_to":"first"}`, "1000", ""},
		{`{"text":"e","reply_to":"nobody"}`, "", "neither a post's id nor the key of a draft"},
		{`{"text":"f","reply_to":"77"}`, "77", ""},
		{`{"text":"g","key":9}`, "", ""},
		{`{"text":"h","reply_to":"9"}`, "1003", ""},
	}
	for _, s := range steps {
		receipt, err := o.Post(ctx, draft(t, s.draft))
		if s.says != "" {
			if network.KindOf(err) != network.Policy || !strings.Contains(err.Error(), s.says) {
				t.Errorf("%s: got %v", s.draft, err)
			}
		} else if err != nil || receipt.ReplyTo != s.replyTo {
			t.Errorf("%s: got %+v, %v", s.draft, receipt, err)
		}
	}
	o.Gates = []Gate{Words(text.NewWordList([]string{"never"}))}
	w.trouble = once("attach", "policy", 1)
	for _, s := range []string{`{"text":"i","key":40}`, `{"text":"never","key":41}`, `{"text":"x","reply_to":"40"}`, `{"text":"y","reply_to":"41"}`} {
		if _, err := o.Post(ctx, draft(t, s)); network.KindOf(err) != network.Policy || strings.Contains(s, "reply_to") && !strings.HasSuffix(err.Error(), " was not posted") {
			t.Errorf("%s: got %v", s, err)
		}
	}
	if _, err := w.outbox(o.Log).Post(ctx, draft(t, `{"text":"c","reply_to":"b"}`)); err == nil || !strings.HasSuffix(err.Error(), "b, was not posted") {
		t.Errorf("what an earlier run did not post is answered: %v", err)
	}
	dry := w.outbox(o.Log)
	var seen []string
	dry.Gates = []Gate{func(d *post.Post) error { seen = append(seen, d.ReplyTo); return nil }}
	for _, s := range []string{`{"text":"x","key":"x"}`, `{"text":"y","reply_to":"x"}`, `{"text":"z","reply_to":"first"}`} {
		if err := dry.Rehearse(draft(t, s)); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if err := dry.Rehearse(draft(t, `{"text":"x","key":"x"}`)); !errors.Is(err, ErrKnown) {
		t.Errorf("got %v", err)
	}
	if strings.Join(seen, "") != "" {
		t.Errorf("to the gates, a thread answers %q", seen)
	}
}

func TestGates(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	w.lax = true
	log := journal.New(w.clock)
	o := w.outbox(log)
	answering := func(name string) Gate {
		return Alone(func(n, id string) bool { return strings.EqualFold(n, name) || id == "42" }, "has said stop")
	}
	o.Gates = []Gate{Words(text.NewWordList([]string{"gravity"})), answering("hooke")}
	if _, err := log.Receipt("long ago", &post.Post{ID: "1", Text: "An apple fell in the garden today"}); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Receipt("lately", &post.Post{ID: "2", Text: "Light is made of very small bodies", URL: "https://x.com/bot/status/2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Receipt("gold", &post.Post{ID: "3", Text: "Gold does not rust"}); err != nil {
		t.Fatal(err)
	}
	o.Said = NewSaid(log, 2)
	steps := []struct{ draft, says string }{
		{`{"text":"I blame Gravity"}`, "it has a word of the --reject list"},
		{`{"text":"light is made of very small, bodies!"}`, "it says nearly what https://x.com/bot/status/2 says, “Light is made"},
		{`{"text":"An apple fell in the garden today"}`, ""},
		{`{"text":"An apple fell in the garden today.","key":"x"}`, "nearly what"},
		{`{"text":"no","answer":{"to":"Hooke"}}`, "it answers @Hooke, who has said stop"},
		{`{"text":"no","answer":{"to":"h","to_id":"42"}}`, "it answers @h, who has said stop"},
		{`{"text":"no","answer":[]}`, "the field answer"},
		{`{"text":"ask @HOOKE about it"}`, "it names @HOOKE"},
		{`{"text":"ask @halley about it, not hooke"}`, ""},
		{`{"text":"gold does not rust!"}`, "it says nearly what gold says"},
		{`{"text":"","media":[]}`, ""},
		{`{"text":"","media":[{"path":"another"}]}`, ""},
	}
	for _, s := range steps {
		_, err := o.Post(ctx, draft(t, s.draft))
		if s.says == "" && err != nil || s.says != "" && (!network.KindOf(err).OfDraft() || !strings.Contains(err.Error(), s.says)) {
			t.Errorf("%s: got %v, want %q", s.draft, err, s.says)
		}
	}
	if NewSaid(log, 0) != nil {
		t.Error("0 is none")
	}
	seen := ""
	o.Gates = []Gate{func(d *post.Post) error { seen = d.ReplyTo; return nil }}
	for _, to := range []string{"2", "55"} {
		o.Post(ctx, draft(t, `{"text":"so it goes on in `+to+`","reply_to":"`+to+`"}`))
		if want := map[string]string{"2": "", "55": "55"}[to]; seen != want {
			t.Errorf("the gate of an answer to %s sees one to %q", to, seen)
		}
	}
}

// TestLargeDraft posts the longest draft of which the log can be read, and refuses a longer one.
func TestLargeDraft(t *testing.T) {
	ctx, w, file := context.Background(), newWorld(), logPath(t)
	log := openLog(t, w, file)
	defer log.Close()
	o := w.outbox(log)
	large := draft(t, `{"text":"a","x":""}`)
	large.SetExtra("x", strings.Repeat("x", post.MaxLine-margin-len(large.AppendJSON(nil))))
	if _, err := o.Post(ctx, large); err != nil {
		t.Error(err)
	}
	large.Text = "bc"
	if _, err := o.Post(ctx, large); !network.KindOf(err).OfDraft() || !strings.Contains(err.Error(), "longer than a line may be") {
		t.Errorf("got %v", err)
	}
	if log, err := journal.Read(file); err != nil || len(log.Sent()) != 1 {
		t.Errorf("the log cannot be read: %v", err)
	}
}

func TestBudget(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	zone := time.FixedZone("there", 12*60*60) // noon UTC is midnight there
	log := journal.New(w.clock)
	for i, at := range []time.Time{noon.Add(-time.Second), noon, noon.Add(time.Second)} {
		if _, err := log.Receipt(fmt.Sprint(i), &post.Post{ID: fmt.Sprint(i), Text: fmt.Sprint(i), CreatedAt: at}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := log.Intend("open", &post.Post{Text: "open"}); err != nil {
		t.Fatal(err)
	}
	w.now = noon.Add(time.Hour)
	o := w.outbox(log)
	o.Budget = Budget{Day: 4, Now: func() time.Time { return w.now.In(zone) }}
	for i, full := range []bool{false, false, true} {
		if _, err := o.Post(ctx, draft(t, fmt.Sprintf(`{"text":"day %d"}`, i))); errors.Is(err, ErrFull) != full {
			t.Errorf("post %d: got %v", i, err)
		}
	}
	o = w.outbox(log)
	o.Budget = Budget{Day: 6, Now: func() time.Time { return w.now.In(zone) }}
	for i, full := range []bool{false, false, true} {
		err := o.Rehearse(draft(t, fmt.Sprintf(`{"text":"planned %d"}`, i)))
		if errors.Is(err, ErrFull) != full || full && !strings.HasSuffix(err.Error(), "--per-day 6, and 6 were posted today or would be before it") {
			t.Errorf("planned %d: got %v", i, err)
		}
	}
	for says, budget := range map[string]Budget{"left out: --max 1": {Run: 1, Now: w.clock}, "left out: --per-day 1, and 1 were posted today": {Day: 1, Now: w.clock}} {
		w.now = w.now.Add(24 * time.Hour)
		dry := w.outbox(log)
		o = w.outbox(log)
		o.Budget, dry.Budget = budget, budget
		for i, full := range []bool{false, true} {
			d := draft(t, fmt.Sprintf(`{"text":"%s: %d"}`, says, i))
			if err := dry.Rehearse(d); errors.Is(err, ErrFull) != full {
				t.Errorf("%s: rehearsal %d: got %v", says, i, err)
			}
			if _, err := o.Post(ctx, d); errors.Is(err, ErrFull) != full || full && err.Error() != says {
				t.Errorf("%s: post %d: got %v", says, i, err)
			}
		}
	}
}

// TestBudgetAtClockChanges counts the posts of days that have no midnight, or two.
func TestBudgetAtClockChanges(t *testing.T) {
	for _, tt := range []struct{ zone, first string }{
		{"America/Santiago", "2026-09-06T01:00:00-03:00"}, // after 23:59:59
		{"Africa/Cairo", "2026-04-24T01:00:00+03:00"},     // after 23:59:59
		{"America/Havana", "2026-11-01T00:00:00-04:00"},   // and once more an hour later
		{"Europe/Paris", "2026-03-29T00:00:00+01:00"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		first, err := time.Parse(time.RFC3339, tt.first)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{first.Add(-time.Second), first} {
			log := journal.New(time.Now)
			if _, err := log.Receipt("a", &post.Post{ID: "1", Text: "a", CreatedAt: at}); err != nil {
				t.Fatal(err)
			}
			b := Budget{Day: 1, Now: func() time.Time { return first.Add(12 * time.Hour).In(zone) }}
			if err := b.room(log, 0, 0); (err == nil) != at.Before(first) {
				t.Errorf("%s: a post of %v: %v", tt.zone, at.In(zone), err)
			}
		}
	}
}

func TestQueue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue")
	q := Queue{Path: path, Replace: func(data []byte) error { return os.WriteFile(path, data, 0o600) }}
	for _, tt := range []struct{ before, take, after string }{
		{"a\nb\nc\n", "b", "a\nc\n"}, {"a\nb", "b", "a\n"}, {"a\na\n", "a", "a\n"}, {"a\r\nb\n", "a\r", "b\n"},
		{"ab\nb\n", "b", "ab\n"}, {"a\n", "x", "a\n"}, {"", "x", ""}, {"a", "a", ""}, {"\n\na\n", "a", "\n\n"},
	} {
		if err := os.WriteFile(path, []byte(tt.before), 0o600); err != nil {
			t.Fatal(err)
		}
		lines, err := q.lines()
		if err != nil || string(bytes.Join(lines, []byte("\n"))) != tt.before {
			t.Errorf("%q: %q, %v", tt.before, lines, err)
		}
		if err := q.remove([]byte(tt.take)); err != nil {
			t.Error(err)
		}
		if got, _ := os.ReadFile(path); string(got) != tt.after {
			t.Errorf("%q without %q: got %q, want %q", tt.before, tt.take, got, tt.after)
		}
	}
	q.Replace = func([]byte) error { return os.ErrPermission }
	if err := q.remove(nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("a file that stays as it is: got %v", err)
	}
	q.Path = path + ".none"
	if _, err := q.lines(); err == nil || q.remove(nil) == nil {
		t.Error("no file, no error")
	}
	q.Path = os.DevNull
	if _, err := q.lines(); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a device: got %v", err)
	}
}

// TestProperty runs an outbox again and again on one log: drafts come twice, answers are lost, the
// network is down, the program is killed at any of its steps, and half a receipt is on the disk.
// After one run without trouble each post has one receipt and each receipt its post; and no draft
// is gone without an error, a kill or a line in the log.
func TestProperty(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w, path := newWorld(), filepath.Join(dir, fmt.Sprint(n))
		defer os.Remove(path)
		w.lax = rapid.Bool().Draw(rt, "lax")
		kinds := map[string][]string{
			"create": {"", "", "", "kill", "limit", "policy", "down", "drop"}, "made": {"", "", "kill", "lost", "lag"},
			"posts": {"", "", "kill", "down"}, "me": {"", "", "", "kill", "down"}, "attach": {""},
		}
		w.trouble = func(at string) string { return rapid.SampledFrom(kinds[at]).Draw(rt, at) }
		for range rapid.IntRange(1, 12).Draw(rt, "runs") {
			var drafts []*post.Post
			for range rapid.IntRange(0, 3).Draw(rt, "drafts") {
				drafts = append(drafts, &post.Post{Text: rapid.SampledFrom(strings.Fields("a b c d e")).Draw(rt, "text")})
			}
			w.run(rt, path, drafts)
			if rapid.Bool().Draw(rt, "torn") {
				tear(rt, path)
			}
			w.now, w.shown = w.now.Add(time.Minute), len(w.posts)
		}
		w.trouble = newWorld().trouble
		w.run(rt, path, nil)
		log, err := journal.Read(path)
		if err != nil {
			rt.Fatal(err)
		}
		keys := map[string]bool{}
		for _, e := range log.Sent() {
			keys[e.Key] = true
		}
		if len(log.Unsettled()) > 0 || len(keys) != len(w.posts) || len(log.Sent()) != len(w.posts) {
			rt.Fatalf("%d posts (%s), %d receipts of %d drafts, %d unsettled", len(w.posts), w.texts(), len(log.Sent()), len(keys), len(log.Unsettled()))
		}
		for _, p := range w.posts {
			if !log.HasPost(p.ID) {
				rt.Fatalf("%s, %q, has no receipt", p.ID, p.Text)
			}
		}
	})
}

// TestAnswersProperty does the same with answers, whose text differs each time they are made, on a
// network that takes any text twice and shows a post whose answer was lost only when the run is
// over. Each mention is answered once at most.
func TestAnswersProperty(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w, path := newWorld(), filepath.Join(dir, fmt.Sprint(n))
		defer os.Remove(path)
		w.lax = true
		kinds := map[string][]string{
			"create": {"", "", "kill", "policy", "down", "drop"}, "made": {"", "kill", "lag", "lag"}, "posts": {"", "", "", "kill", "down"},
			"me": {""}, "attach": {""},
		}
		w.trouble = func(at string) string { return rapid.SampledFrom(kinds[at]).Draw(rt, at) }
		for i := range rapid.IntRange(1, 12).Draw(rt, "runs") {
			w.late = rapid.Bool().Draw(rt, "late")
			var drafts []*post.Post
			for range rapid.IntRange(0, 3).Draw(rt, "drafts") {
				mention := rapid.SampledFrom(strings.Fields("5 6 7")).Draw(rt, "mention")
				drafts = append(drafts, draft(t, fmt.Sprintf(`{"text":"%d %d","reply_to":"%s","key":"answer-%s"}`, i, len(drafts), mention, mention)))
			}
			w.run(rt, path, drafts)
			w.now, w.shown = w.now.Add(time.Minute), len(w.posts)
		}
		answers := map[string]int{}
		for _, p := range w.posts {
			if answers[p.ReplyTo]++; answers[p.ReplyTo] > 1 {
				rt.Fatalf("%s is answered twice: %s", p.ReplyTo, w.texts())
			}
		}
	})
}

// run is one run of the program, which may be killed.
func (w *world) run(t *rapid.T, path string, drafts []*post.Post) {
	log := openLog(t, w, path)
	defer log.Close()
	defer func() {
		if r := recover(); r != nil && r != (killed{}) {
			panic(r)
		}
	}()
	o := w.outbox(log)
	if _, err := o.Settle(context.Background()); err != nil {
		return
	}
	for _, d := range drafts {
		_, err := o.Post(context.Background(), d)
		e := log.Find(journal.Key(d))
		if lost := e == nil || e.State != journal.Sent; err == nil && lost || errors.Is(err, ErrKnown) && lost {
			t.Fatalf("%q is gone without a word", d.Text)
		}
		if err != nil && !errors.Is(err, ErrKnown) && !errors.Is(err, ErrKeyTaken) && !network.KindOf(err).OfDraft() {
			return
		}
	}
}

// tear leaves half of the last line if it is the outcome of an intent. A run with half an intent would
// have sent nothing.
func tear(t *rapid.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.LastIndexByte(bytes.TrimRight(data, "\n"), '\n') + 1
	if bytes.Contains(data[start:], []byte(`"log":"intent"`)) {
		return
	}
	if err := os.WriteFile(path, data[:start+(len(data)-start)/2], 0o600); err != nil {
		t.Fatal(err)
	}
}
