package tool

import (
	"errors"
	"io"
	"os"
	"runtime"
)

// errClosed is why nothing can be printed.
var errClosed = WithHint(errors.New("closed"), "> /dev/null throws away what is printed; a /dev/null that is open for reading, too, looks like a closed one")

// closed is a standard output that is none: what is written to it would be lost without a word.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errClosed }

// openOrClosed gives standard output, or what stands for one that was closed when the process began (>&-). Go's
// runtime has then put /dev/null in its place, and opened it for reading, too, unlike a shell's > /dev/null. All three
// streams are like that below a daemon, which means it; and so is the output alone below some programs that throw it
// away (Python's DEVNULL), which is why a program whose output is a by-product does without this (see [Program.Aside]).
func openOrClosed(stdin, stdout, stderr *os.File) io.Writer {
	if runtime.GOOS == "windows" || !standIn(stdout) || standIn(stdin) && standIn(stderr) {
		return stdout
	}
	return closed{}
}

// standIn tells whether a stream is /dev/null, open for reading and writing.
func standIn(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(info, null) {
		return false
	}
	if _, err := f.Read(make([]byte, 1)); err != io.EOF {
		return false
	}
	_, err = f.Write(nil)
	return err == nil
}
