package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-archive": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands. "serve N [FAULT...]" starts a local X on which newton has N posts, and
// sets the environment for reading it as the bot. "more N" lets him post N times. "spent REQUESTS
// POSTS USERS" expects these counts since it was last used. "same FILE" expects the texts of all his
// posts in FILE, once each and in order. "repost NAME TEXT" lets newton repost what NAME says. "torn
// FILE" cuts off the end of the last line.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Setup: func(env *testscript.Env) error { env.Values["world"] = &world{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": func(ts *testscript.TestScript, _ bool, args []string) { ts.Value("world").(*world).serve(ts, args) },
			"more": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value("world").(*world).more(ts, tooltest.Number(ts, args[0]))
			},
			"repost": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value("world").(*world).repost(ts, args[0], args[1])
			},
			"same": same, "torn": torn,
			"spent": func(ts *testscript.TestScript, _ bool, args []string) { ts.Value("world").(*world).spent(ts, args) },
		},
	})
}

// world is the server of a script.
type world struct {
	server *sandbox.Server
	posts  int
	before [3]int // requests, posts read, users read
}

func (w *world) serve(ts *testscript.TestScript, args []string) {
	var faults []sandbox.Fault
	for _, spec := range args[1:] {
		f, err := sandbox.ParseFault(spec)
		ts.Check(err)
		faults = append(faults, f)
	}
	var err error
	w.server, err = sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("test"), Faults: faults, V1: true})
	ts.Check(err)
	w.posts, w.before = 0, [3]int{}
	w.more(ts, tooltest.Number(ts, args[0]))
	web := httptest.NewServer(w.server)
	ts.Defer(web.Close)
	keys, err := w.server.Keys("bot")
	ts.Check(err)
	for line := range strings.Lines(keys.Shell(web.URL)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name != "TW_BEARER_TOKEN" {
			ts.Setenv(name, value)
		} else {
			ts.Setenv("BEARER", value)
		}
	}
}

// more adds posts whose texts have characters that X escapes.
func (w *world) more(ts *testscript.TestScript, n int) {
	var posts []*post.Post
	for range n {
		w.posts++
		posts = append(posts, &post.Post{ID: fmt.Sprint(20_000_000_000 + int64(w.posts)), Text: fmt.Sprintf("proposition %d: a < b & c", w.posts),
			CreatedAt: time.Date(2020, 1, 1, 0, w.posts, 0, 0, time.UTC)})
	}
	_, err := w.server.Seed("newton", posts)
	ts.Check(err)
	var all []byte
	for _, p := range w.server.Posts("newton") {
		all = append(append(all, p.Text...), '\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs("want"), all, 0o600))
}

func (w *world) repost(ts *testscript.TestScript, name, text string) {
	w.posts++
	id := 20_000_000_000 + int64(w.posts)
	_, err := w.server.Seed(name, []*post.Post{{ID: fmt.Sprint(id - 1e9), Text: text},
		{ID: fmt.Sprint(id), Author: "newton", Text: "RT @" + name + ": " + text, RepostOf: fmt.Sprint(id - 1e9)}})
	ts.Check(err)
}

func (w *world) spent(ts *testscript.TestScript, args []string) {
	stats := w.server.Stats()
	var now [3]int
	for _, statuses := range stats.Requests {
		for _, n := range statuses {
			now[0] += n
		}
	}
	for _, classes := range stats.Returned {
		now[1] += classes[sandbox.Reads] + classes[sandbox.OwnedReads]
		now[2] += classes[sandbox.UserReads]
	}
	for i, what := range []string{"requests", "posts", "users"} {
		if got, want := now[i]-w.before[i], tooltest.Number(ts, args[i]); got != want {
			ts.Fatalf("%s: got %d, want %d", what, got, want)
		}
	}
	w.before = now
}

func same(ts *testscript.TestScript, _ bool, args []string) {
	var got strings.Builder
	for p, err := range post.NewReader(strings.NewReader(ts.ReadFile(args[0])), args[0]).All(nil) {
		ts.Check(err)
		got.WriteString(p.Text + "\n")
	}
	if want := ts.ReadFile("want"); got.String() != want {
		ts.Fatalf("%s has %d lines, want %d", args[0], strings.Count(got.String(), "\n"), strings.Count(want, "\n"))
	}
}

func torn(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)-30]), 0o600))
}
