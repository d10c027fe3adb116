package tool

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

var signals = map[string]syscall.Signal{"INT": syscall.SIGINT, "KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}

// signalCmd runs a program, sends it a signal whenever it says a line on standard error, and checks
// that it died of it: signal INT tiny --do wait.
func signalCmd(ts *testscript.TestScript, _ bool, args []string) {
	var path string
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, args[1])); err == nil && path == "" {
			path = filepath.Join(dir, args[1])
		}
	}
	cmd := exec.Command(path, args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, signals[args[0]]) // what is ignored here, as under nohup, would be ignored there
	defer signal.Stop(heard)
	ts.Check(cmd.Start())
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		ts.Check(cmd.Process.Signal(signals[args[0]]))
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		ts.Fatalf("it ended with %v", err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != signals[args[0]] {
		ts.Fatalf("it ended with %v", err)
	}
}
