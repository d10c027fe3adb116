package main

import (
	"fmt"
	"net/http/httptest"
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
	testscript.Main(m, map[string]func(){"tw-mentions": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands. "serve [FAULT...]" starts a local X and sets the environment for the
// account bot. "says AGO AUTHOR TEXT" lets somebody post, and sets $AUTHOR to the post's id. "receipt
// AUTHOR FILE" writes a receipt for an author's newest post to a log. "spent REQUESTS POSTS USERS"
// expects these counts since it was last used.
func TestScripts(t *testing.T) {
	on := func(do func(*local, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
		return func(ts *testscript.TestScript, _ bool, args []string) { do(ts.Value("local").(*local), ts, args) }
	}
	tooltest.Run(t, testscript.Params{
		Setup: func(env *testscript.Env) error { env.Values["local"] = &local{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": on((*local).serve), "says": on((*local).says), "receipt": on((*local).receipt), "spent": on((*local).spent),
		},
	})
}

// local is the server of a script.
type local struct {
	sb     *sandbox.Server
	before [3]int // requests, posts read, users read
}

func (l *local) serve(ts *testscript.TestScript, args []string) {
	var faults []sandbox.Fault
	for _, spec := range args {
		f, err := sandbox.ParseFault(spec)
		ts.Check(err)
		faults = append(faults, f)
	}
	var err error
	l.sb, err = sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("test"), Faults: faults})
	ts.Check(err)
	l.before = [3]int{}
	web := httptest.NewServer(l.sb)
	ts.Defer(web.Close)
	keys, err := l.sb.Keys("bot")
	ts.Check(err)
	for line := range strings.Lines(keys.Shell(web.URL)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); name != "TW_BEARER_TOKEN" {
			ts.Setenv(name, value)
		} else {
			ts.Setenv("BEARER", value)
		}
	}
}

func (l *local) says(ts *testscript.TestScript, args []string) {
	ago, err := time.ParseDuration(args[0])
	ts.Check(err)
	_, err = l.sb.Seed(args[1], []*post.Post{{Text: args[2], CreatedAt: time.Now().Add(-ago)}})
	ts.Check(err)
	posts := l.sb.Posts(args[1])
	ts.Setenv(strings.ToUpper(args[1]), posts[len(posts)-1].ID)
}

func (l *local) receipt(ts *testscript.TestScript, args []string) {
	posts := l.sb.Posts(args[0])
	to := posts[len(posts)-1]
	line := fmt.Sprintf(`{"id":"9%s","text":"yes","created_at":%q,"author":"bot","reply_to":%q,"network":"x","answer":{"to":%q,"conversation_id":%[3]q}}`,
		to.ID[1:], to.CreatedAt.Format(time.RFC3339), to.ID, to.Author)
	ts.Check(appendTo(ts.MkAbs(args[1]), []byte(line+"\n")))
}

func (l *local) spent(ts *testscript.TestScript, args []string) {
	stats := l.sb.Stats()
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
		if got := fmt.Sprint(now[i] - l.before[i]); got != args[i] {
			ts.Fatalf("%s: got %s, want %s", what, got, args[i])
		}
	}
	l.before = now
}

func TestAge(t *testing.T) {
	for in, want := range map[string]time.Duration{"2d": 48 * time.Hour, "0.5d": 12 * time.Hour, "90m": 90 * time.Minute, "1h30m": 90 * time.Minute} {
		if got, err := age(in); got != want || err != nil {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "d", "2", "-1d", "0d", "1e9d", "NaNd", "-1h", "2 d", "two days"} {
		if got, err := age(in); err == nil {
			t.Errorf("%q: got %v", in, got)
		}
	}
}
