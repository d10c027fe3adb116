package main

import (
	"bytes"
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

// TestEndless has an X that never runs out of mentions.
func TestEndless(t *testing.T) {
	w := newWorld(t)
	b := w.bot("bot")
	newest, err := strconv.Atoi(x.IDAt(w.now()))
	w.check(err)
	given := 0
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		var posts []string
		for range x.MentionLimits.Page {
			given++
			posts = append(posts, fmt.Sprintf(`{"id":"%d","text":"@bot hello","author_id":"55"}`, newest-given))
		}
		fmt.Fprintf(rw, `{"data":[%s],"meta":{"next_token":"%d"}}`, strings.Join(posts, ","), given)
	}))
	t.Cleanup(web.Close)
	b.env["TW_API_BASE"] = web.URL
	b.mentions()
	if given > x.MentionLimits.Cap+x.MentionLimits.Page || !strings.Contains(b.err.String(), "warning: the network does not end where it should") {
		t.Errorf("read %d mentions: %s", given, b.err.String())
	}
}

// TestStopThatCannotBeNoted costs money all the same.
func TestStopThatCannotBeNoted(t *testing.T) {
	w := newWorld(t)
	b := w.bot("bot")
	w.says("alice", "@bot stop", time.Minute)
	if err := os.Symlink(filepath.Join("nowhere", "log"), b.log); err != nil {
		t.Skip(err)
	}
	b.env[ledger.Variable] = filepath.Join(t.TempDir(), "cost.jsonl")
	var out, said bytes.Buffer
	code := tool.Run(t.Context(), program(b.now), []string{"--log", b.log}, strings.NewReader(""), &out, &said, func(k string) string { return b.env[k] })
	if code != tool.Failed || out.Len() > 0 || !strings.Contains(said.String(), "mentions read: 1, ") {
		t.Errorf("%d, %s%s", code, out.String(), said.String())
	}
	line, err := os.ReadFile(b.env[ledger.Variable])
	if err != nil || !strings.Contains(string(line), `"posts_read":1,"users_read":1`) {
		t.Errorf("got %q, %v", line, err)
	}
}
