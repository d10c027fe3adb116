package tooltest

import (
	"net/http/httptest"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/sandbox"
)

// local is the X of a script.
type local struct {
	*sandbox.Server
	before [3]int // as counted
}

// localKey is the key of a script's *local among the values of its environment.
type localKey struct{}

// Serve is a command for the field Cmds of testscript.Params, "serve [FAULT...]". It starts a local X
// with faults, as [sandbox.ParseFault] reads them, and sets the environment for the account bot. Its
// app's bearer token is in BEARER.
func Serve(ts *testscript.TestScript, _ bool, faults []string) {
	opt := sandbox.Options{Now: time.Now, Secret: []byte("test"), V1: true}
	for _, spec := range faults {
		f, err := sandbox.ParseFault(spec)
		ts.Check(err)
		opt.Faults = append(opt.Faults, f)
	}
	server, err := sandbox.New(opt)
	ts.Check(err)
	*ts.Value(localKey{}).(*local) = local{Server: server}
	web := httptest.NewServer(server)
	ts.Defer(web.Close)
	keys, err := server.Keys("bot")
	ts.Check(err)
	for line := range strings.Lines(keys.Shell(web.URL)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name == "TW_BEARER_TOKEN" {
			name = "BEARER"
		}
		ts.Setenv(name, value)
	}
}

// X is the local X that a script has started last.
func X(ts *testscript.TestScript) *sandbox.Server { return ts.Value(localKey{}).(*local).Server }

// Spent is a command like [Serve], "spent REQUESTS [POSTS USERS]". It expects the script's X to have
// been asked for so much since the command was last used.
func Spent(ts *testscript.TestScript, _ bool, args []string) {
	l := ts.Value(localKey{}).(*local)
	now := l.counted()
	for i, arg := range args {
		if got, want := now[i]-l.before[i], Number(ts, arg); got != want {
			ts.Fatalf("%s: got %d, want %d", []string{"requests", "posts", "users"}[i], got, want)
		}
	}
	l.before = now
}

// counted are the requests so far, the posts and the users that were read.
func (l *local) counted() (n [3]int) {
	stats := l.Stats()
	for _, statuses := range stats.Requests {
		for _, requests := range statuses {
			n[0] += requests
		}
	}
	for _, classes := range stats.Returned {
		n[1] += classes[sandbox.Reads] + classes[sandbox.OwnedReads]
		n[2] += classes[sandbox.UserReads]
	}
	return n
}
