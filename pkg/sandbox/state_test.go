package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/post"
)

func TestStateIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.jsonl")
	keep := func(o *Options) { o.State = path }
	first := start(t, keep)
	first.seed(`{"id":"1","author":"hooke","text":"what now, @bot?"}`)
	bot := first.signedBy("bot")
	kept := first.post(bot, "/2/tweets", `{"text":"kept & https://example.com/x"}`).at("data.id")
	gone := first.post(bot, "/2/tweets", `{"text":"gone"}`).at("data.id")
	first.post(bot, "/2/tweets", `{"text":"this","reply":{"in_reply_to_tweet_id":"1"}}`).want(t, 201)
	first.do(bot, request("DELETE", first.http.URL+"/2/tweets/"+gone, "", "")).want(t, 200)
	taken := first.post(bot, "/2/tweets", `{"text":"taken back"}`).at("data.id")
	if err := first.Delete(taken); err != nil || first.Delete(taken) == nil {
		t.Errorf("a post cannot be deleted once: %v", err)
	}
	before := first.Posts("bot")
	first.Close()

	text := string(must(os.ReadFile(path))(t))
	const want = `"text":"kept & https://example.com/x","created_at":"2026-11-22T08:30:00Z","author":"bot","url":"https://x.com/bot/status/`
	if !strings.HasPrefix(text, `{"id":"`+kept+`",`+want) {
		t.Errorf("got %s", text)
	}
	if got := strings.Count(text, "deleted_at"); got != 2 {
		t.Errorf("got %d deletions, want 2: %s", got, text)
	}
	// a crash in the middle of a line
	os.WriteFile(path, []byte(text+`{"id":"5","te`), 0o600)
	second := start(t, keep)
	after := second.Posts("bot")
	if len(after) != len(before) {
		t.Fatalf("got %d posts, want %d", len(after), len(before))
	}
	for i := range after {
		if got, want := string(after[i].AppendJSON(nil)), string(before[i].AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	second.post(second.signedBy("bot"), "/2/tweets", `{"text":"kept & https://example.com/x"}`).want(t, 403)
	second.post(second.signedBy("bot"), "/2/tweets", `{"text":"gone"}`).want(t, 201)
	if got := len(records(t, string(must(os.ReadFile(path))(t)))); got != 7 {
		t.Errorf("got %d records, want 7", got)
	}
}

func TestStateRefused(t *testing.T) {
	dir := t.TempDir()
	open := func(path string) error {
		s, err := New(Options{Now: time.Now, Secret: []byte("x"), State: path})
		if err == nil {
			t.Cleanup(func() { s.Close() })
		}
		return err
	}
	path := filepath.Join(dir, "state")
	if err := open(path); err != nil {
		t.Fatal(err)
	}
	if err := open(path); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("opened twice: %v", err)
	}
	bad := filepath.Join(dir, "bad")
	os.WriteFile(bad, []byte("{\"text\":\"ok\",\"author\":\"a\"}\nnot json\n"), 0o600)
	var line *post.LineError
	if err := open(bad); !errors.As(err, &line) || line.Line != 2 {
		t.Errorf("got %v, want an error in line 2", err)
	}
	if err := open(filepath.Join(dir, "missing", "state")); err == nil {
		t.Error("a missing folder is no error")
	}
}

func TestStateThatCannotBeWritten(t *testing.T) {
	b := start(t, func(o *Options) { o.State = filepath.Join(t.TempDir(), "state") })
	b.state.File.Close()
	b.post(b.signedBy("bot"), "/2/tweets", `{"text":"lost"}`).want(t, 500)
	if got := len(b.Posts("")); got != 0 {
		t.Errorf("got %d posts, want 0", got)
	}
}

// A disk may be full, and have room again a moment later: no record follows half of one.
func TestStateOnAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	keep := func(o *Options) { o.State = path }
	first := start(t, keep)
	file := first.state.File
	publish := func(room int, text string, want int) {
		t.Helper()
		first.state.write = func(p []byte) (int, error) {
			if len(p) <= room {
				return file.Write(p)
			}
			n, _ := file.Write(p[:room])
			return n, errors.New("no space left on device")
		}
		first.post(first.signedBy("bot"), "/2/tweets", `{"text":"`+text+`"}`).want(t, want)
	}
	publish(1000, "one", 201)
	publish(0, "two", 500)
	publish(1000, "two", 201)
	publish(10, "three", 500)
	publish(1000, "three", 201)
	if os.Rename(path, path+".gone") == nil { // so that it cannot be cut; Windows renames no open file
		publish(10, "four", 500)
		if err := os.Rename(path+".gone", path); err != nil {
			t.Fatal(err)
		}
		publish(1000, "four", 500)
	}
	first.Close()

	second := start(t, keep)
	var got []string
	for _, p := range second.Posts("bot") {
		got = append(got, p.Text)
	}
	if want := []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSeed(t *testing.T) {
	b := start(t)
	b.seed(`{"text":"undated"}`, `{"text":"dated","created_at":"2012-02-03T04:05:06Z"}`,
		`{"text":"dated too","created_at":"2012-02-03T04:05:06Z"}`, `{"id":"1212092628029698048","text":"timed"}`,
		`{"id":"a","text":"named"}`, `{"id":"b","text":"@someone of a","reply_to":"a"}`, `{"id":"a","text":"again","author":"@Hooke"}`)
	b.seed(`{"id":"1212092628029698048","text":"taken"}`)
	elsewhere := &post.Post{Text: "east of Greenwich", CreatedAt: time.Date(2013, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))}
	if _, err := b.Seed("newton", []*post.Post{elsewhere}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range b.Posts("") {
		got = append(got, p.Author+" "+p.CreatedAt.Format(time.RFC3339)+" "+p.Text)
	}
	want := []string{
		"newton 2012-02-03T04:05:06Z dated", "newton 2012-02-03T04:05:06Z dated too",
		"newton 2013-02-03T03:05:06Z east of Greenwich", "newton 2015-01-01T00:00:00Z undated",
		"newton 2015-01-01T00:01:00Z named", "newton 2015-01-01T00:02:00Z @someone of a", "Hooke 2015-01-01T00:03:00Z again",
		"newton 2019-12-31T19:26:16Z timed",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
	for _, author := range []string{"", "two words", "sixteen_letters_"} {
		if _, err := b.Seed(author, []*post.Post{{Text: "x"}}); err == nil {
			t.Errorf("author %q is accepted", author)
		}
	}
}
