package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/tool"
)

// TestPostsLeftOut has an X that returns something that is not a post among the posts: the others are
// kept, and the exit code shows it.
func TestPostsLeftOut(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/by/username/") {
			fmt.Fprint(w, `{"data":{"id":"42","username":"newton"}}`)
			return
		}
		fmt.Fprint(w, `{"data":[{"id":"12"},{"id":"11","text":"a"}],"meta":{}}`)
	}))
	defer web.Close()
	env := map[string]string{"TW_API_BASE": web.URL, "TW_BEARER_TOKEN": "token"}
	for _, args := range [][]string{{"newton"}, {"newton", "--update", filepath.Join(t.TempDir(), "newton.jsonl")}} {
		var out, said bytes.Buffer
		code := tool.Run(t.Context(), program(time.Now), args, strings.NewReader(""), &out, &said, func(k string) string { return env[k] })
		if code != tool.Skipped || !strings.Contains(said.String(), "warning: post 1 of a page left out: ") || !strings.Contains(said.String(), "posts read: 1,") {
			t.Errorf("%q: %d, %s", args, code, said.String())
		}
	}
}
