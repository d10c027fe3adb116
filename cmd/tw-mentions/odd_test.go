package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"horsepipe/pkg/network/x"
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
