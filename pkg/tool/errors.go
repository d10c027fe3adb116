package tool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
)

// The exit codes of every program.
const (
	Done     = 0
	Failed   = 1
	Usage    = 2
	Skipped  = 3  // done, but records were skipped
	Refused  = 4  // credentials, policy, no credit: trying again does not help
	TryLater = 75 // a limit, a lock, a server that is down; EX_TEMPFAIL of sysexits.h
)

// codes are explained in the help and the manual pages.
var codes = []struct {
	code  int
	means string
}{
	{Done, "done"},
	{Failed, "failed"},
	{Usage, "usage: a wrong option or argument"},
	{Skipped, "done, but records were skipped"},
	{Refused, "refused (credentials, policy, no credit): trying again does not help"},
	{TryLater, "try again later"},
}

// coded is an error that carries the program's exit code.
type coded struct {
	error
	code int
}

func (e *coded) ExitCode() int { return e.code }
func (e *coded) Unwrap() error { return e.error }

// hinted is an error that carries a hint.
type hinted struct {
	error
	hint string
}

func (e *hinted) Hint() string  { return e.hint }
func (e *hinted) Unwrap() error { return e.error }

// Usagef returns an error in how the command was typed: exit code 2.
func Usagef(format string, a ...any) error { return WithCode(Usage, fmt.Errorf(format, a...)) }

// WithCode returns an error that ends the program with that exit code; nil stays nil. If errors with
// codes wrap each other, the outermost code counts. An error without a code means [Failed].
func WithCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &coded{err, code}
}

// WithHint returns an error that is printed with a line on what to do next; nil stays nil. The error
// types of libraries may have a method Hint() string instead.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hinted{err, hint}
}

// code prints the error and returns the exit code. Both happen nowhere else.
func (c *Call) code(ctx context.Context, err error) int {
	var stopped signalError
	bySignal := errors.As(context.Cause(ctx), &stopped)
	switch {
	case err == nil && c.skipped > 0:
		return Skipped
	case err == nil:
		return Done
	case bySignal && (errors.Is(err, context.Canceled) || errors.Is(err, stopped)):
		return stopped.ExitCode()
	case errors.Is(err, errStdout) && slices.ContainsFunc(closedPipe, func(pipe error) bool { return errors.Is(err, pipe) }):
		return 128 + int(syscall.SIGPIPE) // no signal ended it: it is ignored, or unknown to the system, or the output is not the process's own
	}
	c.say("error", err.Error())
	code := Failed
	var with interface{ ExitCode() int }
	if errors.As(err, &with) {
		code = with.ExitCode()
	}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		c.Hint("%s", hinted.Hint())
	} else if code == Usage {
		c.Hint("%s --help shows the options", c.name)
	}
	return code
}
