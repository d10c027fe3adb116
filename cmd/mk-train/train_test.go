package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/model"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mk-train": main})
}

// Scripts have more commands. "learned MODEL" checks the model and prints its posts, one a line: id,
// time, "reply" if it is one, text with line ends as \n.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"learned": learned,
		},
	})
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
	if s := divide(least); s.builder <= 0 || s.hashes <= 0 || image+reading+s.builder+s.hashes >= least {
		t.Errorf("of the least: %+v", s)
	}
}
