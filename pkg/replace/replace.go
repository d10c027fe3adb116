// Package replace puts files in their place whole or not at all: written beside, synced, renamed. Whoever has the old
// file open, or mapped, goes on reading it.
//
//	f, err := replace.Begin(path, replace.Public)
//	defer f.Cleanup()
//	fmt.Fprintln(f, "...")
//	err = f.CloseAtomicallyReplace()
//
// What a process that was killed has left beside the place goes when the next file for it begins, unless it is still being
// written.
//
// It is github.com/google/renameio, and what comes near to it on Windows, which renameio leaves out.
package replace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Access says who may read a file.
type Access bool

const (
	Public  Access = false // as a shell's > makes it: what the umask allows, or the mode of the file that is replaced
	Private Access = true  // mode 0600, whatever was there before
)

// File is on its way to its place.
type File interface {
	io.Writer
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	// Name is the path of the file as it is written, in the folder of its place.
	Name() string
	// CloseAtomicallyReplace puts it in its place.
	CloseAtomicallyReplace() error
	// Cleanup removes it, unless it is in its place.
	Cleanup() error
}

// links is how many links lead on before they are taken for a circle.
const links = 40

// Target is where links lead to; the file need not be there yet.
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

// Begin begins the file that becomes path, or what a link at path leads to. The error is that of a folder that can't be written to.
func Begin(path string, access Access) (File, error) {
	f, err := begin(Target(path), access)
	if err == nil {
		return f, nil
	}
	if e := (*os.PathError)(nil); errors.As(err, &e) {
		e.Path = path // nobody knows the name that was to stand beside it
	}
	return nil, err
}

// Reserve takes room on the disk for n bytes of a file of which nothing is written yet; [File.Truncate] gives back what was not needed. It
// is for what has to be kept once it is there, whatever else is on the disk by then.
func Reserve(f File, n int) error {
	if _, err := f.WriteAt(bytes.Repeat([]byte{' '}, n), 0); err != nil { // nothing that a file system would leave out
		return err
	}
	return f.Sync()
}

// WriteFile replaces path by a file of these bytes.
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

// SyncFolder makes the name of a file that was created or renamed last through a loss of power, where folders can be synced.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
