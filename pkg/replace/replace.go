// Package replace puts files in their place completely or not at all: it writes them beside their
// place, syncs and renames them. Whoever has the old file open, or mapped, goes on reading it.
//
//	f, err := replace.Begin(path, replace.Public)
//	defer f.Cleanup()
//	fmt.Fprintln(f, "...")
//	err = f.CloseAtomicallyReplace()
//
// If a process is killed, the unfinished file that it leaves beside the place is removed when the
// next file for that place begins. Files that are still being written are spared.
//
// It is github.com/google/renameio, and on Windows, which renameio does not support, what comes
// close to it.
package replace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Access says who may read a file.
type Access bool

const (
	Public  Access = false // as with a shell's >: what the umask allows, or the mode of the file that is replaced
	Private Access = true  // mode 0600, whatever the mode of the old file
)

// File is a file on its way to its place.
type File interface {
	io.Writer
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	// Name is the path of the file while it is written, in the folder of its place.
	Name() string
	// CloseAtomicallyReplace syncs and closes the file, and puts it in its place.
	CloseAtomicallyReplace() error
	// Cleanup removes the file, unless it is in its place already.
	Cleanup() error
}

// links is how many links Target follows before it takes them for a circle.
const links = 40

// Target returns the file that path leads to if it is a link; it need not exist yet. A circle of
// links leads to some path in the circle.
func Target(path string) string {
	for range links {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		to, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil && !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		path = to
	}
	return path
}

// Begin begins the file that replaces path, or what a link at path leads to. Its error names path,
// for instance if the folder cannot be written to. It refuses to replace a folder, which would fail only
// at the end.
func Begin(path string, access Access) (File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &os.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
	}
	f, err := begin(Target(path), access)
	if err == nil {
		return f, nil
	}
	if e := (*os.PathError)(nil); errors.As(err, &e) {
		e.Path = path // the name of the temporary file means nothing to the user
	}
	return nil, err
}

// Reserve reserves room on the disk for the first n bytes of a file, by writing spaces;
// [File.Truncate] gives back what was not needed. Nothing may have been written before. Use it for
// what must be kept once it exists, however full the disk is by then.
func Reserve(f File, n int) error {
	if _, err := f.WriteAt(bytes.Repeat([]byte{' '}, n), 0); err != nil { // not zeros, which a file system may leave out
		return err
	}
	return f.Sync()
}

// WriteFile replaces path by a file with these bytes.
func WriteFile(path string, data []byte, access Access) error {
	f, err := Begin(path, access)
	if err != nil {
		return err
	}
	defer f.Cleanup()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

// Syncable is a file that is open, such as an [os.File].
type Syncable interface {
	Stat() (os.FileInfo, error)
	Sync() error
}

// Sync syncs a file, so that what was written to it survives a loss of power. A pipe, a
// terminal or a device such as /dev/null cannot be synced, and need not be.
func Sync(f Syncable) error {
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Sync()
}

// SyncFolder syncs the folder of path, or of what a link at path leads to, so that the name of a file
// that was just created or renamed there survives a loss of power. Where folders cannot be synced, as on
// Windows and on many file systems of other machines, it does nothing.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(Target(path)))
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
