// Package lock keeps programs apart that write to the same file.
//
//	f, err := lock.Open(ctx, path, 0o644, wait)
//	defer f.Close()
//
// The file itself is locked, so that nothing is left beside it; on Windows, FILE.lock, which stays.
// Programs that only read need no lock.
package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"horsepipe/pkg/replace"
)

// pause is the time between two tries.
const pause = 100 * time.Millisecond

// ErrBusy says that another program holds the file.
var ErrBusy error = busy{}

type busy struct{}

func (busy) Error() string { return "another run is at work on it" }

// ExitCode is that of "try again later".
func (busy) ExitCode() int { return 75 }

// File is an open file that no other program has locked. It can be read, and is written to at its
// end.
type File struct {
	*os.File
	lock     *flock.Flock
	released bool // the file is closed
}

// Open locks a file and opens it; if there is none, it creates one with the mode, less the umask.
// While another program holds the file it waits, and fails with [ErrBusy] after wait, or as ctx does. A
// wait of 0 tries once. The file has to be [Regular].
func Open(ctx context.Context, path string, mode os.FileMode, wait time.Duration) (*File, error) {
	return open(ctx, path, suffix, mode, wait)
}

// Regular fails if there is something at path that is no regular file: a pipe or a device might be read
// for ever.
func Regular(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", path)
	}
	return nil
}

// open locks the file whose name has the suffix. If that is the file itself, the lock counts only if
// the file still has its name afterwards: meanwhile another one may have been renamed into its
// place.
func open(ctx context.Context, path, suffix string, mode os.FileMode, wait time.Duration) (*File, error) {
	if err := Regular(path); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		l := flock.New(replace.Target(path)+suffix, flock.SetPermissions(mode)) // the same by whatever link the file is reached
		if err := hold(ctx, l); err != nil {
			if named := (*os.PathError)(nil); !errors.As(err, &named) {
				err = fmt.Errorf("%s: %w", path, err)
			}
			return nil, errors.Join(err, l.Close())
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, mode)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		locked, err1 := l.Stat()
		opened, err2 := f.Stat()
		if suffix != "" || err1 == nil && err2 == nil && os.SameFile(locked, opened) {
			return &File{File: f, lock: l}, nil
		}
		if err := errors.Join(err1, err2, f.Close(), l.Close()); err != nil {
			return nil, err
		}
	}
}

// hold takes the lock, waiting until ctx ends. It tries at least once.
func hold(ctx context.Context, l *flock.Flock) error {
	ok, err := l.TryLock()
	if !ok && err == nil {
		_, err = l.TryLockContext(ctx, pause)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrBusy
	}
	return err
}

// Truncate cuts the file after n bytes. It does that through another handle, since on Windows one that
// appends may not.
func (f *File) Truncate(n int64) error { return os.Truncate(f.Name(), n) }

// Release closes the file and keeps it locked: Windows replaces no open file.
func (f *File) Release() error {
	f.released = true
	return f.File.Close()
}

// Close closes the file, unless Release has done that, and releases the lock.
func (f *File) Close() error {
	if f.released {
		return f.lock.Close()
	}
	return errors.Join(f.File.Close(), f.lock.Close())
}
