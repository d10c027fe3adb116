package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/tool"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-sandbox": func() { tool.Main(program) }})
}

// Scripts have two more commands. "serve ARG..." starts tw-sandbox and sets
// $API to the line that it prints; "serve stop" ends it by SIGTERM and wants exit
// code 0 and no more output. "request METHOD PATH [TOKEN [BODY]]" prints the
// status and the body of an answer.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values["server"] = &server{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"serve": serveCommand, "request": requestCommand},
	})
}

// server is the tw-sandbox that a script has started.
type server struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

func serveCommand(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value("server").(*server)
	if len(args) == 1 && args[0] == "stop" {
		ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
		rest, err := io.ReadAll(s.out)
		ts.Check(err)
		if len(rest) > 0 {
			ts.Fatalf("more on stdout than the address: %s", rest)
		}
		ts.Check(s.cmd.Wait())
		return
	}
	s.cmd = exec.Command("tw-sandbox", args...)
	s.cmd.Dir = ts.MkAbs(".")
	log, err := os.Create(ts.MkAbs("stderr"))
	ts.Check(err)
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() { _ = s.cmd.Process.Kill() })
	s.out = bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	ts.Check(err)
	ts.Setenv("API", strings.TrimSuffix(line, "\n"))
}

func requestCommand(ts *testscript.TestScript, _ bool, args []string) {
	args = append(args, "", "")
	r, err := http.NewRequest(args[0], ts.Getenv("API")+args[1], strings.NewReader(args[3]))
	ts.Check(err)
	r.Header.Set("Authorization", "Bearer "+args[2])
	res, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", res.StatusCode, body)
}
