//go:build !windows

package replace

import (
	"os"
	"path/filepath"
	"regexp"
	"syscall"

	"github.com/google/renameio/v2"
)

// file is a pending file that its process has locked. Whoever finds one that is not locked may
// sweep it.
type file struct {
	*renameio.PendingFile
	lock *os.File // the same open file; it keeps the lock until the file is in its place
}

func begin(path string, access Access) (File, error) {
	sweep(path)
	for {
		f, err := renameio.NewPendingFile(path, options(path, access)...)
		if err != nil {
			return nil, err
		}
		lock, err := hold(f.File)
		if err == nil && there(f.File) {
			return &file{f, lock}, nil
		}
		if err == nil {
			lock.Close()
		}
		f.Cleanup()
		if err != nil && err != syscall.EWOULDBLOCK {
			return nil, err
		}
		// Another process swept the file before it was locked: try again.
	}
}

// there tells whether an open file still has its name.
func there(f *os.File) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(open, named)
}

func options(path string, access Access) []renameio.Option {
	beside := renameio.WithTempDir(filepath.Dir(path))
	if access == Private {
		return []renameio.Option{beside, renameio.WithStaticPermissions(0o600)}
	}
	return []renameio.Option{beside, renameio.WithPermissions(0o666), renameio.WithExistingPermissions()}
}

// hold locks an open file for as long as the returned file is open. EWOULDBLOCK means that another
// process has locked it. On a file system without locks it returns no error: nobody can sweep
// there, either.
func hold(f *os.File) (*os.File, error) {
	syscall.ForkLock.RLock() // so that no child inherits the descriptor
	fd, err := syscall.Dup(int(f.Fd()))
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: f.Name(), Err: err}
	}
	lock := os.NewFile(uintptr(fd), f.Name())
	if err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err == syscall.EWOULDBLOCK {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

func (f *file) CloseAtomicallyReplace() error {
	err := f.PendingFile.CloseAtomicallyReplace()
	if err == nil {
		f.lock.Close()
	}
	return err
}

func (f *file) Cleanup() error {
	defer f.lock.Close()
	return f.PendingFile.Cleanup()
}

// sweep removes files that were to replace path and that killed processes have left. renameio names
// them after path: hidden, and followed by a number. One in a hundred thousand of these numbers has
// fewer than 15 digits and is not swept, since it may be a date that a person has put there.
func sweep(path string) {
	dir, base := filepath.Split(path)
	left := regexp.MustCompile(`^\.` + regexp.QuoteMeta(base) + `\d{15,19}$`)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return
	}
	for _, entry := range entries {
		if left.MatchString(entry.Name()) && entry.Type().IsRegular() {
			sweepOne(filepath.Join(dir, entry.Name()))
		}
	}
}

// sweepOne removes a file that nobody has locked. It locks the file meanwhile, so that no other
// process goes on with it.
func sweepOne(name string) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		os.Remove(name)
	}
}
