package replace

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// file does what renameio does elsewhere, as far as the system allows.
type file struct {
	*os.File
	path string
	done bool
}

func begin(path string, _ Access) (File, error) {
	pattern := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(pattern))
	if err != nil {
		return nil, err
	}
	sweep(pattern, f)
	return &file{File: f, path: path}, nil
}

// sweep removes what killed processes have left, if it is more than a day older than the new file:
// younger files may still be on their way to their place. Open files cannot be removed. A path that
// contains signs of a pattern is not swept.
func sweep(pattern string, fresh *os.File) {
	now, err := fresh.Stat()
	if err != nil {
		return
	}
	left, _ := filepath.Glob(pattern)
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && now.ModTime().Sub(info.ModTime()) > 24*time.Hour {
			os.Remove(name)
		}
	}
}

func (f *file) CloseAtomicallyReplace() error {
	if err := errors.Join(f.Sync(), f.File.Close()); err != nil {
		return err
	}
	err := rename(f.Name(), f.path)
	f.done = err == nil
	return err
}

const (
	renames     = 20
	renamePause = 100 * time.Millisecond

	sharingViolation = syscall.Errno(32) // which package syscall does not name
)

// rename renames a file, and tries it again while the old one is open: another program may be reading
// it, or what looks for viruses. Else a token that has just been renewed would be lost.
func rename(from, to string) (err error) {
	for range renames {
		err = os.Rename(from, to)
		if !errors.Is(err, os.ErrPermission) && !errors.Is(err, sharingViolation) {
			break
		}
		time.Sleep(renamePause)
	}
	return err
}

func (f *file) Cleanup() error {
	if f.done {
		return nil
	}
	f.File.Close()
	return os.Remove(f.Name())
}
