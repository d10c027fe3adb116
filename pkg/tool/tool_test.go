package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool/tooltest"
)

// tiny is a program with one of everything: it prints what it was given and does what it is told.
var tiny = Program{
	Name: "tiny", Args: "FILE...", Summary: "Prints what it was given.",
	Manual: "It is only a test.\n\n    $ tiny -n 3 <posts.jsonl",
	Flags: []cli.Flag{
		&cli.IntFlag{Name: "count", Aliases: []string{"n"}, Value: 7, Usage: "how often, as a `NUMBER`"},
		&cli.StringSliceFlag{Name: "reject", Usage: "leave out a `WORD`"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "-", Usage: "write to `FILE`"},
		&cli.StringFlag{Name: "do", Usage: "what to do"},
		&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME`"},
		&cli.DurationFlag{Name: "rest", Value: time.Minute, Usage: "rest for `TIME`"},
		&cli.Float64Flag{Name: "wild", Usage: "be wild by `NUMBER`"},
		&cli.StringFlag{Name: "color", Usage: "in `red|blue`, or 'both'"},
		&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, Usage: "all of it"},
	},
	Run: runTiny,
}

func runTiny(ctx context.Context, c *Call) error {
	f, err := c.create(c.String("output"))
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(f, "%d %v %q %q\n", c.Int("count"), c.Bool("all"), c.StringSlice("reject"), c.Args().Slice())
	if err := tinyDeeds(ctx, c, f); err != nil {
		return err
	}
	return f.Commit()
}

func tinyDeeds(ctx context.Context, c *Call, f io.Writer) error {
	switch c.String("do") {
	case "fail":
		return WithHint(errors.New("it went wrong"), "try again")
	case "refuse":
		return fmt.Errorf("so: %w", WithCode(Refused, errors.New("no\x1b[31m credit")))
	case "advise":
		return fmt.Errorf("so: %w", advice{errors.New("no key")})
	case "later":
		return WithCode(TryLater, errors.New("locked"))
	case "skip", "skip and fail":
		for i := range c.Int("count") {
			c.Skip(fmt.Errorf("in:%d: bad", i+1))
		}
		if c.String("do") == "skip and fail" {
			return errors.New("it went wrong")
		}
	case "break":
		return fmt.Errorf("a socket: %w", syscall.EPIPE)
	case "stop":
		<-ctx.Done()
		return context.Cause(ctx)
	case "talk":
		c.Warn("careful")
		c.Report("3 posts")
		c.Verbose("details")
	case "log":
		log.Print("as a library does")
	case "cat":
		in, err := c.Open("-")
		if err != nil {
			return err
		}
		_, err = io.Copy(f, in)
		return err
	case "flood":
		for range 1 << 20 {
			if _, err := io.WriteString(f, "a line of no interest\n"); err != nil {
				return err
			}
		}
	case "wait":
		fmt.Fprintln(c.Stderr, "waiting")
		<-ctx.Done()
		return fmt.Errorf("waiting: %w", ctx.Err())
	case "deaf":
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(syscall.SIGHUP)
		}
		if err != nil || ctx.Err() != nil {
			return fmt.Errorf("%w, %w", err, ctx.Err())
		}
		fmt.Fprintln(f, "all is quiet")
	case "hang":
		fmt.Fprintln(c.Stderr, "waiting")
		<-ctx.Done()
		fmt.Fprintln(c.Stderr, "not listening")
		select {}
	}
	return nil
}

func TestMain(m *testing.M) {
	os.Setenv("LC_ALL", "C") // bash complains about a locale that is not installed
	testscript.Main(m, map[string]func(){"tiny": func() { Main(tiny) }})
}

func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"signal": signalCmd, "mode": modeCmd},
	})
}

// modeCmd checks the permissions of a file: mode 600 FILE.
func modeCmd(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("the mode of %s is %s", args[1], got)
	}
}

// start runs tiny in-process.
func start(ctx context.Context, stdin string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Run(ctx, tiny, args, strings.NewReader(stdin), &out, &err, func(string) string { return "" })
	return code, out.String(), err.String()
}

func TestOptions(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", `7 false [] []`},
		{"a -n 5 b", `5 false [] ["a" "b"]`},
		{"a b -n5", `5 false [] ["a" "b"]`},
		{"-an5 a", `5 true [] ["a"]`},
		{"a --count=5 -- -n 6", `5 false [] ["a" "-n" "6"]`},
		{"- -a", `7 true [] ["-"]`},
		{"-:2 -a -n 5", `5 true [] ["-:2"]`},
		{"help", `7 false [] ["help"]`},
		{"h version", `7 false [] ["h" "version"]`},
		{"-n 3 a -n 5", `5 false [] ["a"]`},
		{"--do=talk=no -aa", `7 true [] []`},
		{"--reject a,b x --reject --all", `7 false ["a,b" "--all"] ["x"]`},
		{"-q quiet", `7 false [] ["quiet"]`},
	} {
		code, out, err := start(t.Context(), "", strings.Fields(c.args)...)
		if code != Done || err != "" || out != c.want+"\n" {
			t.Errorf("%s: got %d %q %q, want %q", c.args, code, out, err, c.want)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--bogus", "unknown option --bogus"},
		{"a -x", "unknown option -x"},
		{"-ax", "unknown option -ax"},
		{"--count", "option --count needs a value"},
		{"-n x", `option -n takes a whole number, 0 or more, not "x"`},
		{"-n -3", `option --count takes a whole number, 0 or more, not -3`},
		{"--count=1e3", `option --count takes a whole number, 0 or more, not "1e3"`},
		{"--wait 5", `option --wait takes a time such as 90s, 15m or 2h, not "5"`},
		{"--wait -5s", `option --wait takes a time such as 90s, 15m or 2h, not -5s`},
		{"--wild x", `option --wild takes a number, not "x"`},
		{"--all=yes", "option --all takes no value"},
		{"--do a x --do b", "option --do is given twice, and only one can count"},
		{"-o a --output=a", "option --output is given twice, and only one can count"},
		{"--color green", `option --color takes red or blue, not "green"`},
		{"--color=", "option --color needs a value"},
		{"--output= a", "option --output needs a value"},
		{"--completion csh", `option --completion takes bash, zsh or fish, not "csh"`},
		{"--completion", "option --completion needs a value"},
	} {
		code, out, err := start(t.Context(), "", strings.Fields(c.args)...)
		want := "tiny: error: " + c.want + "\ntiny: hint: tiny --help shows the options\n"
		if code != Usage || out != "" || err != want {
			t.Errorf("%s: got %d %q %q, want %q", c.args, code, out, err, want)
		}
	}
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		do   string
		code int
		err  string
	}{
		{"nothing", Done, ""},
		{"fail", Failed, "tiny: error: it went wrong\ntiny: hint: try again\n"},
		{"refuse", Refused, "tiny: error: so: no\uFFFD[31m credit\n"},
		{"later", TryLater, "tiny: error: locked\n"},
		{"talk", Done, "tiny: warning: careful\ntiny: 3 posts\n"},
		{"talk -v", Done, "tiny: warning: careful\ntiny: 3 posts\ntiny: details\n"},
		{"talk -qv", Done, ""},
		{"break", Failed, "tiny: error: a socket: broken pipe\n"},
	} {
		do, more, _ := strings.Cut(c.do, " ")
		code, _, err := start(t.Context(), "", append([]string{"--do", do}, strings.Fields(more)...)...)
		if code != c.code || err != c.err {
			t.Errorf("%s: got %d %q, want %d %q", c.do, code, err, c.code, c.err)
		}
	}
	if got := fmt.Sprint(Done, Failed, Usage, Skipped, Refused, TryLater); got != "0 1 2 3 4 75" { // scripts rely on them
		t.Errorf("got %s", got)
	}
}

func TestSkipsAreCounted(t *testing.T) {
	for args, want := range map[string]int{"30": shownSkips + 1, "30 -v": 30, "30 -q": 0, "1": 1, "20": shownSkips, "21": shownSkips + 1} {
		code, _, err := start(t.Context(), "", strings.Fields("--do skip -n "+args)...)
		if lines := strings.Count(err, "\n"); code != Skipped || lines != want {
			t.Errorf("%s: got %d and %d lines, want %d", args, code, lines, want)
		}
	}
	code, _, err := start(t.Context(), "", "-n", "1", "--do", "skip and fail")
	if want := "tiny: warning: in:1: bad\ntiny: error: it went wrong\n"; code != Failed || err != want {
		t.Errorf("got %d %q, want %q", code, err, want)
	}
}

func TestHelp(t *testing.T) {
	code, out, err := start(t.Context(), "", "--bogus=1", "--help")
	if code != Usage {
		t.Errorf("a wrong option before --help: got %d %q %q", code, out, err)
	}
	for _, args := range []string{"--help", "-h", "a -ah", "--count 5 --help"} {
		code, out, err := start(t.Context(), "", strings.Fields(args)...)
		if code != Done || err != "" {
			t.Errorf("%s: got %d %q", args, code, err)
		}
		for _, want := range []string{"usage: tiny [OPTION]... FILE...\n", "  -n, --count NUMBER\n        how often, as a NUMBER (default: 7)\n",
			"      --reject WORD\n        leave out a WORD; may be given several times\n",
			"      --wait TIME\n        wait up to TIME\n", "rest for TIME (default: 1m)\n", "--wild NUMBER\n        be wild by NUMBER (default: 0)\n",
			"      --color red|blue\n        in red or blue, or 'both'\n", "  -a, --all\n        all of it\n", "$ tiny -n 3", "  75  try again later\n"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is missing in\n%s", args, want, out)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	if code, out, _ := start(t.Context(), "", "--version"); code != Done || !strings.HasPrefix(out, "tiny ") || strings.Count(out, "\n") != 1 {
		t.Errorf("got %d %q", code, out)
	}
}

func TestWithNothing(t *testing.T) {
	if WithCode(Refused, nil) != nil || WithHint(nil, "x") != nil {
		t.Error("no error became one")
	}
	if err := WithCode(Refused, WithHint(io.EOF, "x")); !errors.Is(err, io.EOF) {
		t.Errorf("what is wrong with %v is not known any more", err)
	}
}

// advice is an error of a library, which knows nothing of this package.
type advice struct{ error }

func (advice) Hint() string  { return "make one" }
func (advice) ExitCode() int { return Refused }

func TestHintOfALibrary(t *testing.T) {
	code, _, err := start(t.Context(), "", "--do", "advise")
	if want := "tiny: error: so: no key\ntiny: hint: make one\n"; code != Refused || err != want {
		t.Errorf("got %d %q, want %q", code, err, want)
	}
}

func TestErrorIsNotSilenced(t *testing.T) {
	var err strings.Builder
	c := &Call{name: "tiny", Stderr: &err, Quiet: true}
	c.Error("line %d: %s", 3, "b\tad\nand worse\n")
	if want := "tiny: error: line 3: b\tad\ntiny: error: and worse\n"; err.String() != want {
		t.Errorf("got %q, want %q", err.String(), want)
	}
}

func TestSignalsCode(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(signalError{os.Interrupt})
	for do, want := range map[string]string{"wait": "waiting\n", "stop": ""} {
		if code, _, err := start(ctx, "", "--do", do); code != 130 || err != want {
			t.Errorf("%s: got %d %q", do, code, err)
		}
	}
	if code, _, err := start(ctx, "", "--do", "later"); code != TryLater || err != "tiny: error: locked\n" {
		t.Errorf("another error: got %d %q", code, err)
	}
	other, stop := context.WithCancel(t.Context())
	stop()
	if code, _, err := start(other, "", "--do", "wait"); code != Failed || err != "waiting\ntiny: error: waiting: context canceled\n" {
		t.Errorf("without a signal: got %d %q", code, err)
	}
	if code, _, _ := start(ctx, ""); code != Done {
		t.Errorf("a program that is done all the same ends with %d", code)
	}
}

// cat runs tiny, which copies what comes through a pipe that is closed after some time.
func cat(ctx context.Context, t *testing.T, content string, after time.Duration) (code int, out string) {
	r, w, err := os.Pipe()
	if err == nil {
		_, err = w.WriteString(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	defer time.AfterFunc(after, func() { w.Close() }).Stop()
	var stdout strings.Builder
	code = Run(ctx, tiny, []string{"--do", "cat"}, r, &stdout, io.Discard, nil)
	return code, stdout.String()
}

// A signal ends a program that waits for standard input, which may never come.
func TestSignalEndsWaiting(t *testing.T) {
	if code, out := cat(t.Context(), t, "so it came", 0); code != Done || !strings.HasSuffix(out, "\nso it came") {
		t.Errorf("got %d %q", code, out)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(signalError{os.Interrupt})
	if code, out := cat(ctx, t, "", 5*time.Second); code != 130 {
		t.Errorf("stopped: got %d %q", code, out)
	}
}

// Standard output may be a pipe of the program's own, whose end sends no signal.
func TestBrokenOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	var stderr strings.Builder
	if code := Run(t.Context(), tiny, nil, strings.NewReader(""), w, &stderr, nil); code != 141 || stderr.Len() > 0 {
		t.Errorf("got %d %q", code, stderr.String())
	}
	for _, err := range closedPipe {
		stderr.Reset()
		out := &broken{&os.PathError{Op: "write", Path: "/dev/stdout", Err: err}}
		if code := Run(t.Context(), tiny, nil, strings.NewReader(""), out, &stderr, nil); code != 141 || stderr.Len() > 0 {
			t.Errorf("%v: got %d %q", err, code, stderr.String())
		}
	}
}

func TestUnread(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // it does not tell
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, out := range []io.Writer{w, file, new(strings.Builder)} {
		if err := (&Call{Stdout: out}).Unread(); err != nil {
			t.Errorf("%T: %v", out, err)
		}
	}
	r.Close()
	if err := (&Call{Stdout: w}).Unread(); !errors.Is(err, closedPipe[0]) {
		t.Errorf("nobody reads: got %v", err)
	}
}

// broken is an output that fails.
type broken struct{ err error }

func (b *broken) Write([]byte) (int, error) { return 0, b.err }

// What cannot be put in its place is an error, and leaves nothing behind.
func TestCommitFails(t *testing.T) {
	c, dir := &Call{files: new(pending)}, t.TempDir()
	path := filepath.Join(dir, "file")
	f, err := c.create(path)
	if err == nil {
		err = os.Mkdir(path, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	err = f.Commit()
	if left, _ := os.ReadDir(dir); err == nil || f.Close() != nil || len(left) != 1 {
		t.Errorf("got %v, left %v", err, left)
	}
	if c, err := c.create(""); err == nil {
		t.Errorf("a file without a name: %v", c)
	}
}

func TestReplace(t *testing.T) {
	c, path := &Call{files: new(pending)}, filepath.Join(t.TempDir(), "file")
	for _, want := range []string{"first", "second"} {
		if err := c.Replace(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("got %q", got)
		}
	}
	if err := c.Replace(filepath.Join(path, "no"), nil); err == nil {
		t.Error("a file in a file")
	}
	if full := "/dev/full"; runtime.GOOS == "linux" {
		if err := c.Replace(full, []byte("more")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v", full, err)
		}
	}
}

func TestFileComesWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o600), os.Chmod(path, 0o640), os.Symlink("file", link)); err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"fail", "refuse"} {
		start(t.Context(), "", "-o", link, "--do", do)
		if got, _ := os.ReadFile(path); string(got) != "old" {
			t.Errorf("%s: the file is %q", do, got)
		}
	}
	start(t.Context(), "new", "-o", link, "--do", "cat", "-q")
	got, _ := os.ReadFile(path)
	info, err := os.Lstat(path)
	if err != nil || !strings.HasSuffix(string(got), "\nnew") || info.Mode().Perm() != 0o640 {
		t.Errorf("got %q with mode %v, %v", got, info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}

// A link, or a chain of links, is followed to a file that is not there yet. One that leads in a circle
// is an error, and stays.
func TestFileBehindLinks(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(os.Mkdir(in("a"), 0o700), os.Mkdir(in("a/b"), 0o700), os.Symlink("a/b", in("side")), os.Symlink("../new", in("a/b/up")),
		os.Symlink("side/up", in("chain")), os.Symlink(in("whole"), in("absolute")), os.Symlink("circle", in("circle")), os.Symlink("no/where", in("lost")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ link, file string }{{"chain", "a/new"}, {"absolute", "whole"}, {"chain", "a/new"}} {
		code, _, stderr := start(t.Context(), "", "-o", in(c.link), "--do", "talk")
		got, _ := os.ReadFile(in(c.file))
		info, err := os.Lstat(in(c.link))
		if code != Done || !strings.HasPrefix(string(got), "7 ") || err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: %d %q, wrote %q; %v", c.link, code, stderr, got, err)
		}
		os.Remove(in("a/new"))
	}
	for _, link := range []string{"circle", "lost"} {
		code, _, _ := start(t.Context(), "", "-o", in(link))
		if info, err := os.Lstat(in(link)); code != Failed || err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: %d, %v", link, code, err)
		}
	}
}

func TestInputs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(path, []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
		size int64
	}{{nil, []string{"-"}, 0}, {[]string{path, filepath.Dir(path)}, []string{path, filepath.Dir(path)}, 0}, {[]string{path, path}, []string{path, path}, 8}, {[]string{path, "none"}, []string{path, "none"}, 0}} {
		p := tiny
		p.Run = func(_ context.Context, call *Call) error {
			if got := call.Inputs(); !reflect.DeepEqual(got, c.want) || call.InputSize() != c.size {
				t.Errorf("got %v of %d bytes", got, call.InputSize())
			}
			return nil
		}
		Run(t.Context(), p, c.args, strings.NewReader(""), io.Discard, io.Discard, nil)
	}
}

// list writes a list and returns what Lines makes of it, or the error.
func list(t *testing.T, content string) string {
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := new(Call).Lines([]string{path})
	if err != nil {
		return strings.TrimPrefix(err.Error(), path)
	}
	return strings.Join(lines, "|")
}

func TestLines(t *testing.T) {
	for content, want := range map[string]string{
		"":                                   "",
		" one \r\n\n\t\ntwo words\nend":      "one|two words|end",
		"#\n # said\n#\tby\n#\u00a0me\n":     "",
		"#maga\n##two\na #b\n＃宽":             "#maga|##two|a #b|＃宽",
		"1 # one\ntwo  words\t#\n#b # a":     "1|two  words|#b",
		"a\u2003#\u3000b\nc\v# # d\n##":      "a|c|##",
		"\uFEFF1\r\n\uFEFF2":                 "1|\uFEFF2",
		"\uFEFF# said by me":                 "",
		"\x00a\x00\n":                        ":1: it is not in UTF-8, as a list must be",
		"a\x00\r\x00\n\x00":                  ":1: it is not in UTF-8, as a list must be",
		"\xFF\xFE\x00\x4E":                   ":1: it is not in UTF-8, as a list must be",
		"one\ntwo\nBl\xF6dmann\n":            ":3: it is not in UTF-8, as a list must be",
		"1\n" + strings.Repeat("a", 1<<20+2): ":2: more than 1048576 bytes in a line, so it is no list",
		"Bl\xF6dmann\n":                      ":1: it is not in UTF-8, as a list must be",
		"\xFE\xFF\x4E\x4D":                   ":1: it is not in UTF-8, as a list must be",
		strings.Repeat("a", 1<<20) + "\r\n":  strings.Repeat("a", 1<<20),
		strings.Repeat("a", 1<<20):           strings.Repeat("a", 1<<20),
	} {
		if got := list(t, content); got != want {
			t.Errorf("%.99q: got %.99q, want %.99q", content, got, want)
		}
	}
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte("b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &Call{Context: &cli.Context{Context: t.Context()}, Stdin: strings.NewReader("a\n")}
	if got, err := c.Lines([]string{"-", path}); err != nil || strings.Join(got, "|") != "a|b" {
		t.Errorf("got %q, %v", got, err)
	}
	for name, want := range map[string]string{"-": "standard input is named twice", "": "an input has no name", filepath.Dir(path): "open " + filepath.Dir(path) + ": is a directory", path + "2": "open " + path + "2: "} {
		if got, err := c.Lines([]string{name}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	c = &Call{Stdin: iotest.ErrReader(io.ErrUnexpectedEOF)}
	if _, err := c.Lines([]string{"-"}); err == nil || err.Error() != "<stdin>: unexpected EOF" {
		t.Errorf("got %v", err)
	}
}

func TestProgress(t *testing.T) {
	var err bytes.Buffer
	now := time.Unix(0, 0)
	c := &Call{Stderr: &err, name: "tiny"}
	p := c.newProgress("posts", 10e6, func() time.Time { return now })
	p.Add(10, 1e6)
	now = now.Add(time.Second)
	p.Add(10, 1e6)
	c.Warn("careful")
	for range 2 {
		now = now.Add(1500 * time.Millisecond)
		p.Add(10, 1e6)
	}
	p.Done()
	c.Report("done")
	want := "20 posts, 2.0 MB, 2.0 MB/s, 4s left\r\x1b[Ktiny: warning: careful\n" +
		"30 posts, 3.0 MB, 1.2 MB/s, 6s left\r\x1b[K40 posts, 4.0 MB, 1.0 MB/s, 6s left\r\x1b[Ktiny: done\n"
	if err.String() != want {
		t.Errorf("got %q, want %q", err.String(), want)
	}
	none := c.Progress("posts", 0, time.Now)
	none.Add(1, 1)
	none.Done()
	if none != nil {
		t.Error("progress is shown to nobody")
	}
}

func TestTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if Terminal(null) || Terminal(new(bytes.Buffer)) {
		t.Error("that is no terminal")
	}
	if err := (&Call{Stdout: null}).notToTerminal(); err != nil {
		t.Error(err)
	}
}

func TestAtATerminal(t *testing.T) {
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer tty.Close()
	var said strings.Builder
	c := &Call{Context: &cli.Context{Context: t.Context()}, Stdin: tty, Stdout: tty, Stderr: &said, name: "tiny"}
	if out := c.Out(); out.Size() != 1 || out != c.Out() {
		t.Errorf("standard output has a buffer of %d bytes", out.Size())
	}
	if _, err := c.CreateBinary("-"); err == nil || !strings.HasPrefix(err.Error(), "standard output is a terminal") {
		t.Errorf("got %v", err)
	}
	if _, err := c.Open("-"); err != nil || said.String() != "tiny: hint: reading from the terminal; end with Ctrl-D, or see tiny --help\n" {
		t.Errorf("said %q, %v", said.String(), err)
	}
	c.Stderr = tty
	if c.Progress("posts", 0, time.Now) == nil {
		t.Error("no progress is shown")
	}
	c.Quiet = true
	if c.Progress("posts", 0, time.Now) != nil {
		t.Error("--quiet shows progress")
	}
}

// A file is not written over itself, whether it is read by its name or as standard input.
func TestNotOver(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := errors.Join(os.WriteFile(in, []byte("four"), 0o600), os.WriteFile(out, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	stdin, err := os.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	c := &Call{Stdin: stdin, files: new(pending)}
	for _, tt := range []struct {
		out     string
		read    []string
		refused bool
	}{
		{in, []string{out, in}, true}, {in, []string{out, "-"}, true}, {in, nil, false}, {in, []string{out, "none"}, false},
		{out, []string{"-", in}, false}, {filepath.Join(dir, "new"), []string{in, "none"}, false}, {os.DevNull, []string{os.DevNull}, false},
	} {
		f, err := c.CreateBinary(tt.out, tt.read...)
		if err == nil {
			f.Close()
		}
		if (err != nil) != tt.refused || tt.refused && !strings.HasSuffix(err.Error(), "in is both read and written") {
			t.Errorf("%s, which is made of %q: got %v", tt.out, tt.read, err)
		}
	}
	input := c.Input()
	if _, ok := input.(io.ReaderAt); !ok || input.Close() != nil {
		t.Errorf("a file is read through a pipe: %T", input)
	}
	if data, err := io.ReadAll(stdin); string(data) != "four" || err != nil {
		t.Errorf("standard input was closed: %v", err)
	}
}

// A long write ends with the context, and the old file stays in its place.
func TestFileUntil(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	ctx, cancel := context.WithCancel(t.Context())
	c := &Call{files: new(pending)}
	f, err := c.create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := f.Until(ctx)
	if n, err := w.Write([]byte("one")); n != 3 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	cancel()
	if n, err := w.Write([]byte("two")); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("got %d, %v", n, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
