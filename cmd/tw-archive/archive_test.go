package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-archive": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands. "serve N [FAULT...]" starts a local X on which newton has N posts; see
// [tooltest.Serve] and [tooltest.Spent]. "more N" lets him post N times. "same FILE" expects the texts
// of all his posts in FILE, once each and in order. "repost NAME TEXT" lets newton repost what NAME
// says. "own N" lets bot post, whose keys the scripts have, as often. "torn FILE" cuts off the end of the last line.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": func(ts *testscript.TestScript, not bool, args []string) {
				tooltest.Serve(ts, not, args[1:])
				more(ts, not, args[:1])
			},
			"more": more, "own": own, "repost": reposts, "same": same, "torn": torn, "spent": tooltest.Spent,
		},
	})
}

// proposition is the id of the n-th post of newton.
func proposition(n int) int64 { return 20_000_000_000 + int64(n) }

// more adds posts whose texts have characters that X escapes.
func more(ts *testscript.TestScript, _ bool, args []string) {
	x := tooltest.X(ts)
	before := len(x.Posts("newton"))
	var posts []*post.Post
	for i := range tooltest.Number(ts, args[0]) {
		n := before + i + 1
		posts = append(posts, &post.Post{ID: fmt.Sprint(proposition(n)), Text: fmt.Sprintf("proposition %d: a < b & c", n),
			CreatedAt: time.Date(2020, 1, 1, 0, n, 0, 0, time.UTC)})
	}
	_, err := x.Seed("newton", posts)
	ts.Check(err)
	var all []byte
	for _, p := range x.Posts("newton") {
		all = append(append(all, p.Text...), '\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs("want"), all, 0o600))
}

func own(ts *testscript.TestScript, _ bool, args []string) {
	var posts []*post.Post
	for i := range tooltest.Number(ts, args[0]) {
		posts = append(posts, &post.Post{ID: fmt.Sprint(proposition(1000 + i)), Text: fmt.Sprint("query ", i),
			CreatedAt: time.Date(2020, 1, 1, 0, i, 0, 0, time.UTC)})
	}
	_, err := tooltest.X(ts).Seed("bot", posts)
	ts.Check(err)
}

func reposts(ts *testscript.TestScript, _ bool, args []string) {
	x, name, text := tooltest.X(ts), args[0], args[1]
	id := proposition(len(x.Posts("newton")) + 1)
	_, err := x.Seed(name, []*post.Post{{ID: fmt.Sprint(id - 1e9), Text: text},
		{ID: fmt.Sprint(id), Author: "newton", Text: "RT @" + name + ": " + text, RepostOf: fmt.Sprint(id - 1e9)}})
	ts.Check(err)
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
