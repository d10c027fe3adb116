package tool

import (
	"bufio"
	"errors"
	"os/exec"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

var signals = map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}

// signalCmd runs a program, sends it a signal as soon as it says anything on standard error, and checks that it
// died of it: signal INT tiny --do wait.
func signalCmd(ts *testscript.TestScript, _ bool, args []string) {
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	path, err := exec.LookPath(args[1])
	if err == nil {
		cmd.Path = path
	}
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH")}
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	_, err = bufio.NewReader(stderr).ReadString('\n')
	ts.Check(err)
	ts.Check(cmd.Process.Signal(signals[args[0]]))
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		ts.Fatalf("it ended with %v", err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != signals[args[0]] {
		ts.Fatalf("it ended with %v", err)
	}
}
