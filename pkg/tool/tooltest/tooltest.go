// Package tooltest runs the test scripts of the programs.
package tooltest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Run runs the scripts in testdata/script as p says. Scripts have three commands besides those of p,
// which must not define them:
//
//	exits CODE COMMAND...  expects a command to end with that exit code
//	files DIR NAME...      expects a folder to hold these files, in this order, and no others
//	parrot STATUS          starts a server that answers with STATUS and repeats the keys that it sets in the environment
func Run(t *testing.T, p testscript.Params) {
	t.Helper()
	p.Dir, p.RequireExplicitExec, p.RequireUniqueNames = "testdata/script", true, true
	cmds := map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "files": files, "parrot": parrot}
	for name, cmd := range p.Cmds {
		if cmds[name] != nil {
			t.Fatalf("the command %q is there already", name)
		}
		cmds[name] = cmd
	}
	p.Cmds = cmds
	setup := p.Setup
	p.Setup = func(env *testscript.Env) error {
		env.Values[localKey{}] = new(local)
		if setup == nil {
			return nil
		}
		return setup(env)
	}
	testscript.Run(t, p)
}

// With builds other programs of the tree and lets scripts run them. Its result is for the field Setup
// of testscript.Params.
func With(t *testing.T, programs ...string) func(*testscript.Env) error {
	t.Helper()
	dir := t.TempDir()
	args := []string{"build", "-buildvcs=false", "-o", dir} // git reads no clone of somebody else, as in a container
	for _, name := range programs {
		args = append(args, "../"+name)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(env *testscript.Env) error {
		env.Setenv("PATH", env.Getenv("PATH")+string(os.PathListSeparator)+dir)
		return nil
	}
}

// Number returns an argument of a command that has to be a number.
func Number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, got, status := Number(ts, args[0]), 0, new(exec.ExitError)
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &status):
		got = status.ExitCode()
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	if strings.Contains(ts.ReadFile("stderr"), "\ngoroutine ") { // a panic has the exit code of a usage error
		ts.Fatalf("it panicked")
	}
}

func parrot(ts *testscript.TestScript, _ bool, args []string) {
	status := Number(ts, args[0])
	var keys []string
	for _, name := range []string{"TW_CONSUMER_KEY", "TW_CONSUMER_SECRET", "TW_ACCESS_TOKEN", "TW_ACCESS_SECRET"} {
		keys = append(keys, fmt.Sprintf("kanarienvogel-%d", len(keys)))
		ts.Setenv(name, keys[len(keys)-1])
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"errors":[{"detail":"keys such as %s are not allowed"}]}`, strings.Join(keys, " and "))
	}))
	ts.Defer(server.Close)
	ts.Setenv("TW_API_BASE", server.URL)
}

func files(ts *testscript.TestScript, _ bool, args []string) {
	list, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, f := range list {
		names = append(names, f.Name())
	}
	if want := args[1:]; !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, want)
	}
}
