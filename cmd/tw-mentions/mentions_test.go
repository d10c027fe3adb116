package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-mentions": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands: those of [tooltest.Serve] and [tooltest.Spent]; "says AGO AUTHOR TEXT",
// which lets somebody post, and sets $AUTHOR to the post's id; and "receipt AUTHOR FILE", which writes
// a receipt for an author's newest post to a log.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": tooltest.Serve, "spent": tooltest.Spent, "says": says, "receipt": receipt,
		},
	})
}

func says(ts *testscript.TestScript, _ bool, args []string) {
	x := tooltest.X(ts)
	ago, err := time.ParseDuration(args[0])
	ts.Check(err)
	_, err = x.Seed(args[1], []*post.Post{{Text: args[2], CreatedAt: time.Now().Add(-ago)}})
	ts.Check(err)
	posts := x.Posts(args[1])
	ts.Setenv(strings.ToUpper(args[1]), posts[len(posts)-1].ID)
}

func receipt(ts *testscript.TestScript, _ bool, args []string) {
	posts := tooltest.X(ts).Posts(args[0])
	to := posts[len(posts)-1]
	line := fmt.Sprintf(`{"id":"9%s","text":"yes","created_at":%q,"author":"bot","reply_to":%q,"network":"x","answer":{"to":%q,"conversation_id":%[3]q}}`,
		to.ID[1:], to.CreatedAt.Format(time.RFC3339), to.ID, to.Author)
	ts.Check(appendTo(ts.MkAbs(args[1]), []byte(line+"\n")))
}

func TestAge(t *testing.T) {
	for in, want := range map[string]time.Duration{"2d": 48 * time.Hour, "0.5d": 12 * time.Hour, "90m": 90 * time.Minute, "1h30m": 90 * time.Minute} {
		if got, err := age(in); got != want || err != nil {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "d", "2", "-1d", "0d", "1e9d", "NaNd", "-1h", "0s", "2 d", "two days"} {
		if got, err := age(in); err == nil {
			t.Errorf("%q: got %v", in, got)
		}
	}
}
