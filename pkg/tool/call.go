package tool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"unicode"

	"github.com/urfave/cli/v2"
)

// shownSkips is how many skipped records are reported one by one; -v reports all.
const shownSkips = 20

// errStdout marks failures of standard output.
var errStdout = errors.New("standard output")

type streams struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// Call is one invocation of a program: its flags and arguments (as *cli.Context) and the streams that
// it may use. The methods that print to standard error may be called by several goroutines.
type Call struct {
	*cli.Context
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) string // instead of os.Getenv
	Quiet          bool                // --quiet was given

	name     string
	verbose  bool
	out      *bufio.Writer
	files    *pending
	read     bool       // standard input has been opened
	mu       sync.Mutex // guards Stderr, skipped and progress
	skipped  int
	progress *Progress
}

// Error prints an error after which the program goes on. Return the error that ends it from Run
// instead.
func (c *Call) Error(format string, a ...any) { c.say("error", fmt.Sprintf(format, a...)) }

// Warn prints a warning, unless --quiet.
func (c *Call) Warn(format string, a ...any) { c.unlessQuiet("warning", format, a) }

// Hint prints what to do next, unless --quiet.
func (c *Call) Hint(format string, a ...any) { c.unlessQuiet("hint", format, a) }

func (c *Call) unlessQuiet(voice, format string, a []any) {
	if !c.Quiet {
		c.say(voice, fmt.Sprintf(format, a...))
	}
}

// Verbose prints what is shown only with -v, and not with --quiet.
func (c *Call) Verbose(format string, a ...any) {
	if c.verbose && !c.Quiet {
		c.say("", fmt.Sprintf(format, a...))
	}
}

// Report prints what a person wants to know at the end, such as counts, unless --quiet.
func (c *Call) Report(format string, a ...any) { c.unlessQuiet("", format, a) }

// say prints one or more lines. It replaces control characters, which may come from strangers, so that
// none reaches the terminal.
func (c *Call) say(voice, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.progress.clear()
	prefix := c.name + ": "
	if voice != "" {
		prefix += voice + ": "
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		fmt.Fprintf(c.Stderr, "%s%s\n", prefix, Printable(line))
	}
}

// Printable returns a line with its control characters, other than tabs, replaced. A terminal may obey
// them.
func Printable(line string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, line)
}

// Skip reports a record that was left out and makes the exit code [Skipped]. To spare logs, it reports
// only the first twenty (all with -v); the program says at its end how many more there were.
func (c *Call) Skip(err error) {
	c.mu.Lock()
	c.skipped++
	shown := c.skipped <= shownSkips || c.verbose
	c.mu.Unlock()
	if shown {
		c.Warn("%v", err)
	}
}

// finish flushes standard output and reports how many skips were not shown. Err is what the program's
// Run returned.
func (c *Call) finish(err error) error {
	if more := c.skipped - shownSkips; more > 0 && !c.verbose {
		c.Warn("%d more records were skipped; -v names them", more)
	}
	if c.out == nil {
		return err
	}
	flush := c.out.Flush()
	if flush == nil {
		return err
	}
	if errors.Is(err, flush) { // Run has met it already, and bufio returns it again
		return fmt.Errorf("%w: %w", errStdout, err)
	}
	return errors.Join(err, fmt.Errorf("%w: %w", errStdout, flush))
}

// Out is standard output, buffered unless it is a terminal. It is flushed when the program ends, in
// whatever way; if that fails, so does the program. It is for one goroutine at a time.
func (c *Call) Out() *bufio.Writer {
	if c.out == nil {
		size := 1 << 16
		if Terminal(c.Stdout) {
			size = 1 // a record shows as soon as it is written
		}
		c.out = bufio.NewWriterSize(c.Stdout, size)
	}
	return c.out
}

// Unread returns an error if standard output is a pipe that nobody reads any more: that of a write to it.
// Ask before paying for what is to be printed.
func (c *Call) Unread() error {
	f, ok := c.Stdout.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 || !abandoned(f) {
		return nil
	}
	return fmt.Errorf("%w: %w", errStdout, closedPipe[0])
}

// Inputs returns the arguments, or "-" if there are none.
func (c *Call) Inputs() []string {
	if c.Args().Len() == 0 {
		return []string{"-"}
	}
	return c.Args().Slice()
}

// Open opens a file for reading. "-" is standard input, which errors call "<stdin>" (see [InputName])
// and which can be opened once. At a terminal it says that the program waits for input; a signal ends
// the wait.
func (c *Call) Open(name string) (io.ReadCloser, error) {
	if name == "" { // of "$FILE", where FILE is not set
		return nil, Usagef("an input has no name")
	}
	if name != "-" {
		return openFile(name)
	}
	if c.read {
		return nil, Usagef("standard input is named twice, and can be read only once")
	}
	c.read = true
	if Terminal(c.Stdin) {
		c.Hint("reading from the terminal; end with Ctrl-D, or see %s --help", c.name)
	}
	return c.Input(), nil
}

// Input returns standard input. Waiting for it ends at a signal. Unless it is a file, it can be asked for
// once, here or by Open: what is read ahead for one reader is lost to another.
func (c *Call) Input() io.ReadCloser {
	f, ok := c.Stdin.(*os.File)
	if !ok {
		return io.NopCloser(c.Stdin)
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return keptOpen{f}
	}
	return untilDone(c.Context.Context, f)
}

// untilDone reads from what may never end, such as a terminal or a pipe. When the context ends, reads
// fail with the context's error.
func untilDone(ctx context.Context, in io.Reader) io.ReadCloser {
	r, w := io.Pipe()
	stop := context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		defer stop()
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	return r
}

// openFile is os.Open, but fails for a folder: reading one would fail with an error that names it
// twice.
func openFile(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, &os.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	}
	return f, nil
}

// keptOpen is a file that Close leaves open.
type keptOpen struct{ *os.File }

func (keptOpen) Close() error { return nil }

// InputName returns what errors call an input: "<stdin>" for "-", else its name.
func InputName(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return name
}

// InputSize returns the sum of the sizes of the inputs in bytes, or 0 if one is not a regular file.
func (c *Call) InputSize() (total int64) {
	for _, name := range c.Inputs() {
		info, err := c.stat(name)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		total += info.Size()
	}
	return total
}

// stat is os.Stat for what Open opens.
func (c *Call) stat(name string) (os.FileInfo, error) {
	if f, ok := c.Stdin.(*os.File); ok && name == "-" {
		return f.Stat()
	}
	return os.Stat(name)
}

// notOver refuses to write an output over a file that is also read, such as a corpus that was paid for.
func (c *Call) notOver(path string, read []string) error {
	out, err := os.Stat(path)
	if err != nil || !out.Mode().IsRegular() {
		return nil
	}
	for _, name := range read {
		if in, err := c.stat(name); err == nil && os.SameFile(in, out) {
			return Usagef("%s is both read and written", path)
		}
	}
	return nil
}

// notToTerminal refuses to write binary data to a terminal.
func (c *Call) notToTerminal() error {
	if !Terminal(c.Stdout) {
		return nil
	}
	return WithHint(Usagef("standard output is a terminal, and the output is binary"), "name a file with -o FILE, or write > FILE")
}

// Terminal reports whether a stream is a terminal: a character device other than /dev/null and the
// like.
func Terminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	for _, name := range []string{os.DevNull, "/dev/full", "/dev/zero", "/dev/random", "/dev/urandom"} {
		if other, err := os.Stat(name); err == nil && os.SameFile(info, other) {
			return false
		}
	}
	return true
}
