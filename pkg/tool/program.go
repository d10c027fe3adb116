// Package tool is what all programs of the tree have in common: flags, streams, exit codes, signals.
//
// A command is a [Program] value and one call of [Main]. Its Run gets a [Call], does the work and
// returns an error, which carries the exit code. Tests call [Run] with streams of their own.
//
// # Manners
//
// Standard output carries records and nothing else, except for --help, --version, --man and
// --completion, models, and what mk-info prints. All messages go to standard error, one line each,
// as "NAME: error: …", "NAME: warning: …" or "NAME: hint: …": lower case, no full stop. A hint says
// what to do next, on a line of its own, so that scripts can match the error alone. --quiet
// silences all but errors.
//
// Options may stand before and after the arguments, and be written -n5 and -qv as in GNU tools. "--"
// ends them; "-" is an argument, and so is "-:2". A number or a time that is given again overrides the
// one before it, so that a script can preset it. Giving a text option twice is an error unless both
// count, since one would be lost. Whole numbers and times are never negative. An option that takes one
// of a few words, `red|blue` in its usage, takes no other.
//
// Help, manual page (--man) and completions (--completion) are all made from the [Program], so that
// none of them gets out of date.
//
// SIGINT, SIGTERM and SIGHUP cancel the context. The program tidies up and then dies of the signal,
// which a shell shows as 130, 143 or 129. A second signal, or ten seconds, end it at once, after
// removing the unfinished files. A closed standard output (| head) ends it quietly by SIGPIPE or, if it
// is [Program.Billed] or on Windows, as if by SIGPIPE, after Run has met the error. SIGINT and SIGHUP
// stay ignored if they were at the start, as in the background of a script or under nohup.
package tool

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
)

// Program is one command.
type Program struct {
	Name    string     // as it is typed
	Args    string     // for the usage line: "MODEL..."
	Summary string     // one sentence
	Manual  string     // wrapped prose, and examples that can be pasted
	Flags   []cli.Flag // none of them Required: check in Run and return Usagef
	Billed  bool       // Run spends money, and has to come to the point where it writes that down
	Run     func(ctx context.Context, c *Call) error
}

// Main runs the program on the process's own streams and ends the process. It is
// the only caller of os.Exit in the tree.
func Main(p Program) {
	log.SetOutput(io.Discard) // net/http quotes there what a server sends unasked, and that may be a token
	files := new(pending)
	ctx := withSignals(context.Background(), files)
	if p.Billed {
		signal.Ignore(syscall.SIGPIPE) // writing then fails instead
	}
	code := run(ctx, p, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr, os.Getenv}, files)
	var stopped signalError
	if errors.As(context.Cause(ctx), &stopped) && code == stopped.ExitCode() {
		dieOf(stopped.Signal)
	}
	os.Exit(code)
}

// Run runs the program with the arguments that follow its name, and returns its exit code.
func Run(ctx context.Context, p Program, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	return run(ctx, p, args, streams{stdin, stdout, stderr, env}, new(pending))
}

func run(ctx context.Context, p Program, args []string, s streams, files *pending) int {
	c := &Call{Stdin: s.in, Stdout: s.out, Stderr: s.err, Env: s.env, name: p.Name, files: files}
	defer files.drop()
	err := p.parse(ctx, c, args)
	var asked *question
	switch {
	case errors.As(err, &asked):
		_, err = c.Out().WriteString(p.answer(asked))
		err = c.finish(err)
	case err == nil:
		c.Quiet, c.verbose = c.Bool("quiet"), c.Bool("verbose")
		err = c.finish(p.Run(ctx, c))
	}
	return c.code(ctx, err)
}

// parse fills in c.Context. By default urfave/cli prints its help to standard output at a wrong flag,
// takes "help" for a command, splits lists at commas and exits by itself: none of that may happen in a
// pipe.
func (p *Program) parse(ctx context.Context, c *Call, args []string) error {
	args, err := p.permute(args)
	if err != nil {
		return err
	}
	flags := slices.Concat(p.Flags, own())
	app := &cli.App{
		Name: p.Name, Flags: flags, Writer: io.Discard, ErrWriter: io.Discard,
		HideHelp: true, HideHelpCommand: true, HideVersion: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return unfit(flags, err) },
		Action:         func(ctx *cli.Context) error { c.Context = ctx; return notNegative(flags, ctx) },
	}
	return app.RunContext(ctx, append([]string{p.Name}, args...))
}

// signalError is the cause of a context that a signal cancelled.
type signalError struct{ os.Signal }

func (e signalError) Error() string { return "stopped by a signal: " + e.Signal.String() }

// ExitCode returns what a shell shows for a death by the signal.
func (e signalError) ExitCode() int {
	if n, ok := e.Signal.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return Failed
}

// grace is how long a program may take to tidy up after a signal. All programs survive being killed, so
// that the end after it is only less tidy.
const grace = 10 * time.Second

// withSignals returns a context that the first signal cancels. The second one, or the end of the grace,
// ends the process.
func withSignals(ctx context.Context, files *pending) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	got := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(got, s)
		}
	}
	go func() {
		first := <-got
		cancel(signalError{first})
		select {
		case first = <-got:
		case <-time.After(grace):
		}
		files.drop()
		dieOf(first)
	}()
	return ctx
}

// dieOf ends the process by the signal itself, so that a loop in the shell around it ends too.
func dieOf(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // the signal may take a while to arrive
	}
	os.Exit(signalError{s}.ExitCode())
}
