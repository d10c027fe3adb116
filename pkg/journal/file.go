package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/replace"
)

const mode = 0o644 // of a log, less the umask: its contents are public

// file is the open log. No other run has it.
type file struct {
	*lock.File
	broken error // the first error of a write: no line may follow half a line
}

// Open opens a log for writing, reads it, creates it if there is none, and mends a torn last line. While
// another program holds the log it waits, and fails with [lock.ErrBusy] after wait, or as ctx does. A line
// that is none of a log is a [post.LineError], and the file stays as it is. Now is the clock by which
// lines are dated.
func Open(ctx context.Context, path string, wait time.Duration, now func() time.Time) (*Log, error) {
	f, err := lock.Open(ctx, path, mode, wait)
	if err != nil {
		return nil, err
	}
	l := New(now)
	l.file = &file{File: f}
	data, err := io.ReadAll(f)
	whole, torn := split(data)
	lines := whole
	if unended(torn) {
		lines = data
	}
	if err == nil {
		err = l.load(lines, path) // before anything is changed: it may be no log
	}
	if err == nil {
		err = l.mend(len(whole), torn)
	}
	if err == nil {
		err = replace.SyncFolder(path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// split divides a log into its whole lines and what follows them.
func split(data []byte) (whole, torn []byte) {
	n := bytes.LastIndexByte(data, '\n') + 1
	return data[:n], data[n:]
}

// unended reports whether what follows the whole lines is a record that lacks only its line feed.
func unended(torn []byte) bool { return json.Valid(torn) && torn[0] == '{' }

// mend makes the file end with a whole line. A record that lacks only its line feed gets it. One
// that is cut (no beginning of an object is a valid one) is removed, and so are the zeros that a
// loss of power leaves. Anything else was not written by a log and is not touched.
func (l *Log) mend(end int, torn []byte) error {
	switch {
	case len(torn) == 0:
		return nil
	case unended(torn):
		return l.file.append([]byte("\n"))
	case torn[0] == '{' || torn[0] == 0:
		l.mended = len(torn)
		return errors.Join(l.file.Truncate(int64(end)), l.file.Sync())
	}
	return fmt.Errorf("%s: its last line has no end and is no record: is it a log?", l.file.Name())
}

// append writes to the end of the file, and to the disk.
func (f *file) append(line []byte) error {
	if f.broken != nil {
		return f.broken
	}
	_, f.broken = f.Write(line)
	if f.broken == nil {
		f.broken = f.Sync()
	}
	return f.broken
}
