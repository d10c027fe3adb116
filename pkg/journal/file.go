package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gofrs/flock"

	"horsepipe/pkg/replace"
)

const (
	mode      = 0o644                  // of a log, less the umask: its contents are public
	lockPause = 100 * time.Millisecond // between two tries for the lock
)

// ErrBusy says that another run holds the log.
var ErrBusy error = busy{}

type busy struct{}

func (busy) Error() string { return "another run is at work on it" }

// ExitCode is that of "try again later".
func (busy) ExitCode() int { return 75 }

// file is the open log. The file itself is locked.
type file struct {
	*os.File
	lock   *flock.Flock
	broken error // the first error of a write: no line may follow half a line
}

// Open opens a log for writing, creates it if there is none, and mends a torn last line. While another
// program holds the log it waits, and fails with [ErrBusy] after wait.
func Open(ctx context.Context, path string, wait time.Duration, now func() time.Time) (*Log, error) {
	f, err := take(ctx, path, wait)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	l := New(now)
	l.file = f
	data, err := io.ReadAll(f)
	whole, torn := split(data)
	if err == nil {
		err = l.load(whole, path) // before anything is changed: it may be no log
	}
	if err == nil {
		err = l.mend(whole, torn)
	}
	if err == nil {
		err = replace.SyncFolder(path)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return l, nil
}

// take locks a file and opens it. The lock counts only if the file still has its name afterwards:
// it may have been renamed meanwhile, to begin a new one.
func take(ctx context.Context, path string, wait time.Duration) (*file, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		lock := flock.New(path, flock.SetPermissions(mode))
		if err := hold(ctx, lock); err != nil {
			lock.Close()
			return nil, err
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
		if err == nil {
			ours, err1 := lock.Stat()
			now, err2 := f.Stat()
			if err = errors.Join(err1, err2); err == nil && os.SameFile(ours, now) {
				return &file{File: f, lock: lock}, nil
			}
			f.Close()
		}
		lock.Close()
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
}

// hold takes the lock, waiting until ctx ends. It tries at least once.
func hold(ctx context.Context, lock *flock.Flock) error {
	ok, err := lock.TryLock()
	if !ok && err == nil {
		_, err = lock.TryLockContext(ctx, lockPause)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrBusy
	}
	return err
}

// split divides a log into its whole lines and what follows them.
func split(data []byte) (whole, torn []byte) {
	n := bytes.LastIndexByte(data, '\n') + 1
	return data[:n], data[n:]
}

// mend makes the file end with a whole line. A record that lacks only its line feed gets it. One
// that is cut (no beginning of an object is a valid one) is removed, and so are the zeros that a
// loss of power leaves. Anything else was not written by a log and is not touched.
func (l *Log) mend(whole, torn []byte) error {
	switch {
	case len(torn) == 0:
		return nil
	case torn[0] == '{' && json.Valid(torn):
		if err := l.load(torn, l.file.Name()); err != nil {
			return err
		}
		return l.file.append([]byte("\n"))
	case torn[0] == '{' || torn[0] == 0:
		l.mended = len(torn)
		return errors.Join(l.file.Truncate(int64(len(whole))), l.file.Sync())
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

func (f *file) close() error { return errors.Join(f.File.Close(), f.lock.Close()) }
