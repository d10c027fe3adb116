// Package tooltest runs the test scripts of the programs.
package tooltest

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Run runs the scripts in testdata/script as p says. They have two more commands, which may not be in p:
//
//	exits CODE COMMAND...  wants a command to end with that exit code
//	files DIR NAME...      wants a folder to hold these files, in their order, and no others
func Run(t *testing.T, p testscript.Params) {
	t.Helper()
	p.Dir, p.RequireExplicitExec, p.RequireUniqueNames = "testdata/script", true, true
	cmds := map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "files": files}
	for name, cmd := range p.Cmds {
		if cmds[name] != nil {
			t.Fatalf("the command %q is there already", name)
		}
		cmds[name] = cmd
	}
	p.Cmds = cmds
	testscript.Run(t, p)
}

// With is for the field Setup of testscript.Params: scripts have other programs, too, which stand beside the one that is tested.
// It builds them.
func With(t *testing.T, programs ...string) func(*testscript.Env) error {
	t.Helper()
	dir := t.TempDir()
	args := []string{"build", "-o", dir}
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

// Number is an argument of a command that is to be a number.
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
