package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/dghubble/oauth1"
	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-sandbox": func() { tool.Main(program) }})
}

// Scripts have two more commands.
//
// "serve ARG..." starts tw-sandbox and sets $API to the line that it prints;
// "serve stop" ends it with SIGTERM and expects exit code 0 and no more output;
// "serve kill" ends it with SIGKILL.
//
// "request METHOD PATH [WHO [BODY]]" prints the status and the body of an
// answer; WHO is a file of keys to sign with, or a bearer token. A broken
// connection prints 0 and the error.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
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
	switch strings.Join(args, " ") {
	case "stop":
		ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
		rest, err := io.ReadAll(s.out)
		ts.Check(err)
		if len(rest) > 0 {
			ts.Fatalf("more on stdout than the address: %s", rest)
		}
		ts.Check(s.cmd.Wait())
	case "kill":
		ts.Check(s.cmd.Process.Kill())
		_ = s.cmd.Wait() // tells that it was killed
	default:
		s.start(ts, args)
	}
}

func (s *server) start(ts *testscript.TestScript, args []string) {
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
	r.Header.Set("Content-Type", "application/json")
	client := http.DefaultClient
	if _, err := os.Stat(ts.MkAbs(args[2])); err == nil && args[2] != "" {
		client = signed(ts.ReadFile(args[2]))
	} else {
		r.Header.Set("Authorization", "Bearer "+args[2])
	}
	res, err := client.Do(r)
	if err != nil {
		fmt.Fprintf(ts.Stdout(), "0 %v\n", err)
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", res.StatusCode, body)
}

// signed is a client with the keys of a file that --keys wrote.
func signed(keys string) *http.Client {
	value := map[string]string{}
	for line := range strings.Lines(keys) {
		name, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		value[name] = v
	}
	config := oauth1.NewConfig(value["TW_CONSUMER_KEY"], value["TW_CONSUMER_SECRET"])
	return config.Client(context.Background(), oauth1.NewToken(value["TW_ACCESS_TOKEN"], value["TW_ACCESS_SECRET"]))
}

// A request that hangs because of a fault does not keep the server from stopping.
func TestStopWhileWaiting(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, in := io.Pipe()
	code := make(chan int)
	go func() {
		code <- tool.Run(ctx, program, []string{"--fault", "*:time-out", "-v"}, strings.NewReader(""), in, io.Discard, os.Getenv)
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	answered := make(chan error)
	go func() {
		_, err := http.Get(address + "/oauth/authorize")
		answered <- err
	}()
	for !strings.Contains(stats(t, address), `"*:time-out": 1`) { // until the request has come
	}
	stop()
	if got := <-code; got != tool.Done {
		t.Errorf("exit code: got %d, want %d", got, tool.Done)
	}
	if err := <-answered; err == nil {
		t.Error("the request was answered")
	}
}

// stats is what the server at an address has counted.
func stats(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address + "/sandbox/stats")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
