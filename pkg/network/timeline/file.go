package timeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/post"
	"horsepipe/pkg/replace"
)

const (
	mode  = 0o644   // of a corpus, less the umask: posts are public
	block = 1 << 16 // bytes read at once, from the end
	space = 1 << 20 // bytes to have room for: a page has some 50 kB, and one of long posts with --raw more
)

// corpus fails for a file that has lines but no record, such as notes, pretty-printed JSON or
// another encoding: with such a file the whole account would be new. A torn line, which repair
// removes, does not count.
func corpus(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	tail, end, err := lastLine(f)
	if err != nil {
		return err
	}
	if !torn(tail) {
		end += int64(len(tail))
	}
	r := post.NewReader(io.NewSectionReader(f, 0, end), path)
	for bad := false; ; bad = true {
		_, err := r.Next()
		var line *post.LineError
		switch {
		case err == io.EOF && bad:
			return fmt.Errorf("%s holds no post: is it a corpus?", path)
		case err == io.EOF:
			return nil
		case !errors.As(err, &line):
			return err // nil for a record
		}
	}
}

// repair makes a file end with a whole line. A record that lacks only its newline gets it. One that
// is cut (no beginning of a JSON object is a valid one) is removed, and so are the zeros that a
// loss of power leaves. Anything else was not written by an update and is an error. It returns how
// many bytes it removed.
func repair(path string) (cut int, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	tail, start, err := lastLine(f)
	if err != nil || len(tail) == 0 {
		return 0, err
	}
	switch {
	case json.Valid(tail):
		_, err = f.WriteAt([]byte("\n"), start+int64(len(tail)))
	case torn(tail):
		cut = len(tail)
		err = f.Truncate(start)
	default:
		return 0, fmt.Errorf("%s: its last line has no end and is no record: is it a corpus?", path)
	}
	if err == nil {
		err = f.Sync()
	}
	return cut, err
}

// torn reports whether a last line is what a cut append has left. UTF-16, which has zeros in
// between, is not.
func torn(tail []byte) bool {
	left := string(bytes.TrimRight(tail, "\x00"))
	return left == "" || left == "{" || strings.HasPrefix(left, `{"`) && !json.Valid(tail)
}

// lastLine returns what follows the last newline of a file, and where that begins.
func lastLine(f *os.File) (tail []byte, start int64, err error) {
	start, err = f.Seek(0, io.SeekEnd)
	for err == nil && start > 0 {
		n := min(block, start)
		b := make([]byte, n)
		if _, err = f.ReadAt(b, start-n); err != nil {
			break
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return append(b[i+1:], tail...), start - n + int64(i) + 1, nil
		}
		tail, start = append(b, tail...), start-n
	}
	return tail, start, err
}

// room makes sure, before anything is paid for, that a page can be kept: it writes as much to the
// end of a file and removes it again, and the file too if it was empty. After a kill in between,
// repair removes the zeros.
func room(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, mode)
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Write(make([]byte, space))
		err = errors.Join(err, f.Sync(), f.Truncate(size)) // some disks find out only at Sync that they are full
	}
	if err = errors.Join(err, f.Close()); size == 0 {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// discard removes a file if it is empty, before its lock is released.
func discard(f *lock.File) error {
	if info, err := f.Stat(); err != nil || info.Size() > 0 {
		return err
	}
	return errors.Join(f.Release(), os.Remove(replace.Target(f.Name())))
}

// appendTo appends posts to a file, which it creates if need be, and returns when they are on the disk.
func appendTo(path string, posts []*post.Post) error {
	if len(posts) == 0 {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, mode)
	if err != nil {
		return err
	}
	defer f.Close()
	var lines []byte
	for _, p := range posts {
		lines = append(p.AppendJSON(lines), '\n')
	}
	if _, err := f.Write(lines); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}
