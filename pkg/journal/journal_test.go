package journal

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/post"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock is a quarter of a second past noon, in another zone than that of the lines.
func clock() time.Time { return noon.Add(time.Second / 4).In(time.FixedZone("CET", 3600)) }

func parse(t testing.TB, s string) *post.Post {
	t.Helper()
	p, err := post.NewReader(strings.NewReader(s), "draft").Next()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t testing.TB, path string) *Log {
	t.Helper()
	l, err := Open(context.Background(), path, 0, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func must(t testing.TB) func(*Entry, error) *Entry {
	return func(e *Entry, err error) *Entry {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

func TestKey(t *testing.T) {
	first := Key(parse(t, `{"text":"a"}`))
	answer := Key(parse(t, `{"text":"l'été","reply_to":"5","quote_of":"6","media":[{"path":"p.png","alt":"p"}]}`))
	if first != "kda8890019ca37146" || answer != "k8402334d228d1003" { // as in the logs of all releases: a draft with another key would be posted again
		t.Errorf("got %s and %s", first, answer)
	}
	same := []string{
		`{"seed":7,"text":"a"}`, `{"text":"a","lang":"fr","created_at":"2026-01-01T00:00:00Z"}`, `{"key":"","text":"a"}`,
		`{"text":"a","author":"bot","network":"x"}`, `{"text":"a","key":null}`,
	}
	for _, s := range same {
		if got := Key(parse(t, s)); got != first {
			t.Errorf("%s: got %s, want %s", s, got, first)
		}
	}
	seen := map[string]string{first: "a"}
	for _, s := range []string{
		`{"text":"b"}`, `{"text":"a","reply_to":"5"}`, `{"text":"a","quote_of":"5"}`, `{"text":"a","media":[{"path":"p.png"}]}`,
		`{"text":"a","media":[{"path":"q.png","alt":"q"}]}`, `{"text":"a","key":"again"}`, `{"text":"a","key":2}`,
	} {
		k := Key(parse(t, s))
		if old, ok := seen[k]; ok || k == "" {
			t.Errorf("%s and %s have the key %s", s, old, k)
		}
		seen[k] = s
	}
	if k := Key(parse(t, `{"text":"x","key":2}`)); k != "2" {
		t.Errorf("got %q", k)
	}
	if strings.Trim(first, "0123456789") == "" {
		t.Errorf("%s looks like the id of a post", first)
	}
}

// What a log looks like, line by line: the format's documentation that cannot go stale.
func TestLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.jsonl")
	l := open(t, path)
	draft := parse(t, `{"seed":7,"text":"l'été","reply_to":"5","author":"bot","network":"x"}`)
	intent := must(t)(l.Intend("k1", draft))
	unsent := must(t)(l.Withdraw(intent, "rate limited"))
	must(t)(l.Intend("k1", unsent.Post)) // given again, out of the log
	receipt := *unsent.Post
	receipt.ID, receipt.CreatedAt, receipt.URL = "77", noon.Add(time.Second), "https://x.com/bot/status/77"
	must(t)(l.Receipt("k1", &receipt))
	must(t)(l.Note("stop", parse(t, `{"text":"","author":"hooke"}`)))
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"text":"l'été","author":"bot","reply_to":"5","network":"x","seed":7,"key":"k1","log":"intent","logged_at":"2026-11-22T12:00:00Z"}
{"text":"l'été","author":"bot","reply_to":"5","network":"x","seed":7,"key":"k1","log":"unsent","logged_at":"2026-11-22T12:00:00Z","log_why":"rate limited"}
{"text":"l'été","author":"bot","reply_to":"5","network":"x","seed":7,"key":"k1","log":"intent","logged_at":"2026-11-22T12:00:00Z"}
{"id":"77","text":"l'été","created_at":"2026-11-22T12:00:01Z","author":"bot","url":"https://x.com/bot/status/77","reply_to":"5","network":"x","seed":7,"key":"k1","log":"sent","logged_at":"2026-11-22T12:00:00Z"}
{"text":"","author":"hooke","log":"stop","logged_at":"2026-11-22T12:00:00Z"}
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	read, err := Read(path)
	if err != nil || !reflect.DeepEqual(read.Entries(), l.Entries()) {
		t.Errorf("what is read is not what was written: %v", err)
	}
	if _, err := read.Note("stop", draft); err == nil {
		t.Error("a log that was opened to be read was written to")
	}
}

func TestStates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.jsonl")
	old := `{"id":"1","text":"of former days","created_at":"2026-11-21T23:59:59Z","author":"bot","network":"x"}` + "\n"
	old += `{"id":"2","text":"withdrawn","log":"unsent"}` + "\n"
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, path)
	if e := l.Find(Key(parse(t, `{"text":"withdrawn"}`))); e == nil || e.State != Unsent || l.HasPost("2") {
		t.Errorf("an id alone makes a receipt: %+v", e)
	}
	if e := l.Find(Key(parse(t, `{"text":"of former days"}`))); e == nil || e.State != Sent || !e.At.Equal(e.CreatedAt) {
		t.Errorf("a receipt without more: %+v", e)
	}
	answer := parse(t, `{"text":"a","reply_to":"5","author":"bot","network":"x"}`)
	lost := must(t)(l.Intend("a", answer))
	if u := l.Unsettled(); len(u) != 1 || u[0] != lost || l.SentSince(time.Time{}) != 1 {
		t.Errorf("unsettled: %v", u)
	}
	must(t)(l.Withdraw(lost, "not made"))
	if len(l.Unsettled()) != 0 || l.Tries("a") != 1 || l.Find("a").Why != "not made" {
		t.Error("withdrawn")
	}
	must(t)(l.Intend("a", answer))
	made := *answer
	made.ID, made.CreatedAt = "9", noon
	must(t)(l.Receipt("a", &made))
	if len(l.Unsettled()) != 0 || !l.HasPost("9") || l.HasPost("5") || l.Tries("a") != 2 {
		t.Error("sent")
	}
	must(t)(l.Intend("a", answer)) // nobody should
	if l.Find("a").State != Sent || len(l.Unsettled()) != 0 || len(l.Sent()) != 2 {
		t.Error("what was sent stays sent")
	}
	if l.SentSince(noon.Truncate(24*time.Hour)) != 1 {
		t.Error("one was posted today")
	}
}

func TestTornLine(t *testing.T) {
	whole := `{"text":"a","author":"bot","network":"x","key":"a","log":"intent","logged_at":"2026-11-22T12:00:00Z"}`
	for _, tt := range []struct {
		name, tail string
		want       string // of the file, "" for an error
		cut        int
	}{
		{"none", "", whole + "\n", 0},
		{"cut", whole[:40], whole + "\n", 40},
		{"one byte", "{", whole + "\n", 1},
		{"all but the line feed", strings.Replace(whole, `"a"`, `"b"`, 1), whole + "\n" + strings.Replace(whole, `"a"`, `"b"`, 1) + "\n", 0},
		{"zeros", "\x00\x00\x00", whole + "\n", 3},
		{"something else", "hello", "", 0},
		{"a draft", `{"text":"a"}`, "", 0},
	} {
		path := filepath.Join(t.TempDir(), "bot.jsonl")
		before := whole + "\n" + tt.tail
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := Read(path); err != nil || len(l.Entries()) != 1 {
			t.Errorf("%s: read: %v", tt.name, err)
		}
		l, err := Open(context.Background(), path, 0, clock)
		after, _ := os.ReadFile(path)
		if tt.want == "" {
			if err == nil || string(after) != before {
				t.Errorf("%s: got %v, and the file is %q", tt.name, err, after)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if string(after) != tt.want || l.Mended() != tt.cut || len(l.Entries()) != strings.Count(tt.want, "\n") {
			t.Errorf("%s: got %q, mended %d", tt.name, after, l.Mended())
		}
		l.Close()
	}
}

func TestBadLineIsNotPassedOver(t *testing.T) {
	const torn = "\n" + `{"text":"to`
	for _, bad := range []string{`{"text":"a draft"}` + torn, `not json` + torn, `{"text":"no id","log":"sent"}` + torn, `{"id":"7"}` + torn,
		`{"text":"a draft without a line feed"}`} {
		path := filepath.Join(t.TempDir(), "bot.jsonl")
		before := `{"text":"","log":"stop"}` + "\n" + bad
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(context.Background(), path, 0, clock)
		if err == nil || !regexp.MustCompile(`bot\.jsonl:2: (not|neither|a receipt|the record)`).MatchString(err.Error()) {
			t.Errorf("%s: got %v", bad, err)
		}
		if after, _ := os.ReadFile(path); string(after) != before {
			t.Errorf("%s: the file was changed", bad)
		}
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.jsonl")
	l := open(t, path)
	_, err := Open(context.Background(), path, 0, clock)
	var coded interface{ ExitCode() int }
	if !errors.Is(err, lock.ErrBusy) || !errors.As(err, &coded) || coded.ExitCode() != 75 {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, path, time.Hour, clock); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if l, err := Read(path); err != nil || len(l.Entries()) > 0 {
		t.Errorf("a log in use cannot be read: %v", err)
	}
	waiting := make(chan error)
	go func() {
		second, err := Open(context.Background(), path, time.Minute, clock)
		if err == nil && len(second.Entries()) != 1 {
			err = errors.New("it does not know what the first wrote")
		}
		if err == nil {
			err = second.Close()
		}
		waiting <- err
	}()
	must(t)(l.Note("busy", &post.Post{}))
	l.Close()
	if err := <-waiting; err != nil {
		t.Error(err)
	}
	if _, err := Open(context.Background(), filepath.Join(path, "no"), 0, clock); err == nil {
		t.Error("a log in a folder that is none")
	}
	if _, err := Read(filepath.Dir(path)); err == nil {
		t.Error("a folder is read as a log")
	}
	if l, err := Read(path + ".none"); err != nil || len(l.Entries()) > 0 {
		t.Errorf("a log that does not exist: %v", err)
	}
}

// While a program waits for the lock, the log may be renamed, to begin a new one. Then the new one counts.
func TestRenamedWhileWaiting(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be renamed")
	}
	for _, fresh := range []string{"", `{"text":"","log":"fresh"}` + "\n"} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot.jsonl")
			first := open(t, path)
			must(t)(first.Note("old", &post.Post{}))
			second := make(chan *Log, 1)
			go func() {
				l, err := Open(t.Context(), path, time.Minute, clock)
				if err != nil {
					t.Error(err)
				}
				second <- l
			}()
			synctest.Wait() // until it waits for the lock
			if err := os.Rename(path, path+".old"); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(fresh), 0o600); fresh != "" && err != nil {
				t.Fatal(err)
			}
			first.Close()
			l := <-second
			defer l.Close()
			must(t)(l.Note("new", &post.Post{}))
			data, err := os.ReadFile(path)
			if want := fresh + `{"text":"","log":"new","logged_at":"2026-11-22T12:00:00Z"}` + "\n"; string(data) != want || len(l.Entries()) != strings.Count(want, "\n") {
				t.Errorf("got %q, %v", data, err)
			}
			open(t, path+".old") // nobody holds it
		})
	}
}

// A disk may be full, and have room again a moment later: no line may follow half a line.
func TestNothingFollowsAFailedWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.jsonl")
	l := open(t, path)
	intent := must(t)(l.Intend("a", parse(t, `{"text":"a"}`)))
	before, _ := os.ReadFile(path)
	good := l.file.File.File
	bad, err := os.Open(path) // cannot be written to
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	for _, f := range []*os.File{bad, good} {
		l.file.File.File = f
		for what, write := range map[string]func() (*Entry, error){
			"intent":  func() (*Entry, error) { return l.Intend("b", intent.Post) },
			"receipt": func() (*Entry, error) { return l.Receipt("a", &post.Post{ID: "1"}) },
			"unsent":  func() (*Entry, error) { return l.Withdraw(intent, "no") },
			"note":    func() (*Entry, error) { return l.Note("stop", &post.Post{}) },
		} {
			if _, err := write(); err == nil {
				t.Errorf("%s: no error", what)
			}
		}
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) || len(l.Entries()) != 1 {
		t.Errorf("got %s", after)
	}
}

// What has not reached the disk may be lost with the power: a draft must not be sent after that.
func TestUnsyncedIsAnError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a pipe waits for its reader there")
	}
	l := open(t, filepath.Join(t.TempDir(), "bot.jsonl"))
	r, w, err := os.Pipe() // can be written to, and not synced
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	good := l.file.File.File
	l.file.File.File = w
	if _, err := l.Intend("a", parse(t, `{"text":"a"}`)); err == nil {
		t.Error("no error")
	}
	l.file.File.File = good
	if _, err := l.Intend("b", parse(t, `{"text":"b"}`)); err == nil || len(l.Entries()) > 0 {
		t.Errorf("after that: got %v, %d lines", err, len(l.Entries()))
	}
}

// A log that cannot be read is not an empty one, with which every mention would be a new one.
func TestUnreadable(t *testing.T) {
	if l, err := Read("no\x00path"); err == nil {
		t.Errorf("got %d lines", len(l.Entries()))
	}
}

// What counts is when a post was made, and if a receipt does not say, when it was written.
func TestSentSince(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.jsonl")
	lines := `{"id":"1","text":"a","created_at":"2026-11-22T11:59:59Z","log":"sent","logged_at":"2026-11-22T12:00:01Z"}
{"id":"2","text":"b","created_at":"2026-11-22T12:00:00Z","log":"sent","logged_at":"2026-11-22T12:00:02Z"}
{"id":"3","text":"c","log":"sent","logged_at":"2026-11-22T13:00:01+01:00"}
{"id":"4","text":"d","log":"sent","logged_at":"2026-11-22T12:59:59+01:00"}
`
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := Read(path); err != nil || l.SentSince(noon) != 2 {
		t.Errorf("got %v", err)
	}
}

// Whatever is written, in whatever order, and at whatever instant the writer stops, reading gives
// the same.
func TestProperty(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(dir, "log"+string(rune('a'+n%26)))
		os.Remove(path)
		l, err := Open(context.Background(), path, 0, clock)
		if err != nil {
			rt.Fatal(err)
		}
		text := rapid.String()
		for range rapid.IntRange(0, 8).Draw(rt, "lines") {
			key := rapid.SampledFrom([]string{"a", "b", "3"}).Draw(rt, "key")
			p := &post.Post{Text: text.Draw(rt, "text"), Author: "bot", Network: "x"}
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				_, err = l.Intend(key, p)
			case 1:
				p.ID = "7"
				_, err = l.Receipt(key, p)
			case 2:
				_, err = l.Withdraw(&Entry{Post: p, Key: key}, text.Draw(rt, "why"))
			case 3:
				_, err = l.Note("stop", p)
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
		l.Close()
		data, _ := os.ReadFile(path)
		cut := rapid.IntRange(0, len(data)).Draw(rt, "cut")
		if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
			rt.Fatal(err)
		}
		again, err := Open(context.Background(), path, 0, clock)
		if err != nil {
			rt.Fatal(err)
		}
		defer again.Close()
		kept := again.Entries()
		if min := strings.Count(string(data[:cut]), "\n"); len(kept) < min || len(kept) > min+1 {
			rt.Fatalf("%d lines were whole, %d are left", min, len(kept))
		}
		for i, e := range kept {
			if string(e.AppendJSON(nil)) != string(l.Entries()[i].AppendJSON(nil)) || e.State != l.Entries()[i].State || e.Key != l.Entries()[i].Key {
				rt.Fatalf("line %d: got %+v, want %+v", i, e, l.Entries()[i])
			}
		}
	})
}

// FuzzJournal opens anything as a log. It is mended or refused, and a log that can be opened can be
// written to and opened again.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"text":"a","key":"k","log":"intent","logged_at":"2026-11-22T12:00:00Z"}` + "\n" + `{"text":`))
	f.Add([]byte(`{"id":"1","text":"a","network":"x"}`))
	f.Add([]byte("\xef\xbb\xbf{\"text\":\"\",\"log\":7}\r\n\r\n{"))
	f.Add([]byte("\x00\x00"))
	dir := f.TempDir()
	path := filepath.Join(dir, "log")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		read, readErr := Read(path)
		l, err := Open(context.Background(), path, 0, clock)
		if err != nil {
			if after, _ := os.ReadFile(path); string(after) != string(data) {
				t.Fatal("refused, and changed")
			}
			return
		}
		if readErr != nil || len(read.Entries()) > len(l.Entries()) || len(read.Entries()) < len(l.Entries())-1 {
			t.Fatalf("read %d, opened %d: %v", len(read.Entries()), len(l.Entries()), readErr)
		}
		p := &post.Post{Text: "b", Author: "bot", Network: "x"}
		must(t)(l.Intend("fuzz", p))
		l.Close()
		again := open(t, path)
		defer again.Close()
		if len(again.Entries()) != len(l.Entries()) || again.Mended() > 0 {
			t.Fatalf("wrote %d lines, found %d", len(l.Entries()), len(again.Entries()))
		}
	})
}
