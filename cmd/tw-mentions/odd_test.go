package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/ledger"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/tool"
)

// at replaces the bot's X by another one.
func (b *bot) at(handler http.HandlerFunc) {
	web := httptest.NewServer(handler)
	b.Cleanup(web.Close)
	b.env["TW_API_BASE"] = web.URL
}

// TestSinceUnderAnUnknownName has keys that do not tell whose they are: X is not asked, for money, if an
// option is wrong.
func TestSinceUnderAnUnknownName(t *testing.T) {
	b := newWorld(t).bot("bot")
	b.env["TW_ACCESS_TOKEN"] = "token"
	b.at(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("X was asked for %s", r.URL) })
	if code, out, said := b.run("--since", "yesterday"); code != tool.Usage || out != "" || !strings.Contains(said, "error: --since is ") {
		t.Errorf("%d, %s%s", code, out, said)
	}
}

// TestUnknownName has keys that do not tell whose they are: X says it.
func TestUnknownName(t *testing.T) {
	b := newWorld(t).bot("bot")
	b.env["TW_ACCESS_TOKEN"] = "token"
	var asked []string
	b.at(func(rw http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		fmt.Fprint(rw, map[string]string{"/2/users/me": `{"data":{"id":"77","username":"bot"}}`, "/2/users/77/mentions": `{"meta":{}}`}[r.URL.Path])
	})
	if code, out, said := b.run(); code != tool.Done || out != "" || strings.Join(asked, " ") != "/2/users/me /2/users/77/mentions" {
		t.Errorf("%d, %s%s, X was asked for %q", code, out, said, asked)
	}
}

// TestEndless has an X that never runs out of mentions.
func TestEndless(t *testing.T) {
	w := newWorld(t)
	b := w.bot("bot")
	newest, err := strconv.Atoi(x.IDAt(w.now()))
	w.check(err)
	given := 0
	b.at(func(rw http.ResponseWriter, _ *http.Request) {
		var posts []string
		for range x.MentionLimits.Page {
			given++
			posts = append(posts, fmt.Sprintf(`{"id":"%d","text":"@bot hello","author_id":"55"}`, newest-given))
		}
		fmt.Fprintf(rw, `{"data":[%s],"meta":{"next_token":"%d"}}`, strings.Join(posts, ","), given)
	})
	code, _, said := b.run()
	if code != tool.Done || given > x.MentionLimits.Cap+x.MentionLimits.Page || !strings.Contains(said, "warning: the network does not end where it should") {
		t.Errorf("%d, read %d mentions: %s", code, given, said)
	}
}

// TestLeftOut has an X that returns something that is not a mention among the mentions.
func TestLeftOut(t *testing.T) {
	b := newWorld(t).bot("bot")
	b.at(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"data":[{"id":"12"}],"meta":{}}`) })
	if code, _, said := b.run(); code != tool.Skipped || !strings.Contains(said, "warning: post 1 of a page left out: ") {
		t.Errorf("%d, %s", code, said)
	}
}

// TestStopThatCannotBeNoted checks that such a run still counts what it cost.
func TestStopThatCannotBeNoted(t *testing.T) {
	w := newWorld(t)
	b := w.bot("bot")
	w.says("alice", "@bot stop", time.Minute)
	if err := os.Symlink(filepath.Join("nowhere", "log"), b.log); err != nil {
		t.Skip(err)
	}
	b.env[ledger.Variable] = filepath.Join(t.TempDir(), "cost.jsonl")
	if code, out, said := b.run(); code != tool.Failed || out != "" || !strings.Contains(said, "mentions read: 1, ") {
		t.Errorf("%d, %s%s", code, out, said)
	}
	line, err := os.ReadFile(b.env[ledger.Variable])
	if err != nil || !strings.Contains(string(line), `"posts_read":1,"users_read":1`) {
		t.Errorf("got %q, %v", line, err)
	}
}

// TestEdited has a person who edits a mention, which gives it a new id: it is answered once.
// The order of the ids does not matter.
func TestEdited(t *testing.T) {
	w := newWorld(t)
	b := w.bot("bot")
	newest, err := strconv.Atoi(x.IDAt(w.now()))
	w.check(err)
	first, second := newest-2, newest-1
	own, _, _ := strings.Cut(b.env["TW_ACCESS_TOKEN"], "-")
	b.at(func(rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(rw, `{"data":[{"id":"%[1]d","text":"@bot hello","author_id":"55","edit_history_tweet_ids":["%[1]d","%[2]d"],
			"created_at":%[3]q,"entities":{"mentions":[{"username":"bot","id":%[4]q}]}}],"meta":{}}`, second, first, w.now().Format(time.RFC3339), own)
	})
	if code, out, said := b.run(); code != tool.Done || !strings.Contains(out, fmt.Sprintf(`"key":"answer-%d"`, first)) {
		t.Errorf("%d, %s%s", code, out, said)
	}
	w.check(appendTo(b.log, fmt.Appendf(nil, `{"id":"9","text":"yes","reply_to":"%d"}`+"\n", first)))
	if code, out, said := b.run(); code != tool.Done || out != "" || !strings.Contains(said, "left alone: 1 answered already") {
		t.Errorf("%d, %s%s", code, out, said)
	}
}
