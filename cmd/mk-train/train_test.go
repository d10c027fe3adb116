package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/model"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mk-train": main})
}

// Scripts have more commands. "exits CODE COMMAND..." wants that exit code. "learned MODEL" checks the model and prints
// its posts, a line each: id, time, "reply" if it is one, text with its line ends as \n. "files DIR NAME..." wants a folder to
// hold these files and no others.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "learned": learned, "files": files,
		},
	})
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, status := 0, new(exec.ExitError)
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &status) {
		got = status.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func learned(ts *testscript.TestScript, _ bool, args []string) {
	m, err := model.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer m.Close()
	ts.Check(m.Check())
	for i := range m.Posts() {
		p, text := m.Post(i), ""
		m.Read(i, func(gap, token []byte) { text += string(gap) + string(token) })
		reply := ""
		if p.Reply {
			reply = "reply "
		}
		fmt.Fprintf(ts.Stdout(), "%s %d %s%s\n", p.ID, p.Time, reply, strings.ReplaceAll(text, "\n", `\n`))
	}
}

// files wants a folder to hold files of these names and no others: "files DIR NAME...".
func files(ts *testscript.TestScript, _ bool, args []string) {
	list, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, f := range list {
		names = append(names, f.Name())
	}
	if got, want := strings.Join(names, " "), strings.Join(args[1:], " "); got != want {
		ts.Fatalf("%s holds %s, want %s", args[0], got, want)
	}
}

func TestSize(t *testing.T) {
	for s, want := range map[string]int64{
		"": 0, "128M": 128 << 20, "134217728": 128 << 20, "1.5G": 3 << 29, "256m": 256 << 20, "256MB": 256 << 20, "256MiB": 256 << 20,
		"2T": 2 << 40, "200000K": 200000 << 10,
		"1": -1, "127M": -1, "0": -1, "-1G": -1, "M": -1, "G1": -1, "1GG": -1, "NaN": -1, "inf": -1, "9999999999T": -1, "256 M": -1,
	} {
		got, err := size(s)
		if want < 0 != (err != nil) || err == nil && got != want {
			t.Errorf("%q is %d, %v, want %d", s, got, err, want)
		}
	}
	if s := divide(0); s != (shares{}) {
		t.Errorf("without a bound: %+v", s)
	}
	if s := divide(least); s.learned <= 0 || s.known <= 0 || s.hashes <= 0 || image+reading+s.learned+s.known+s.hashes >= least {
		t.Errorf("of the least: %+v", s)
	}
}
