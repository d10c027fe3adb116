// Package scratch keeps data that does not fit in memory in a temporary file, which disappears with
// the process: on Unix its name is removed at once, so that not even a killed process leaves it
// behind.
//
//	f := scratch.File{Dir: os.Getenv("TMPDIR")}
//	defer f.Close()
//	if file := f.Open(); file != nil {
//		_, err := file.WriteAt(p, 0)
//		f.Fail(err)
//	}
//	return f.Err()
package scratch

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// File is a temporary file, created when it is first opened. It keeps the first error, so that a
// program may check once, at the end of its work. Several goroutines may call its methods at once;
// set the fields before.
type File struct {
	Dir    string                                    // folder of the file; "" means os.TempDir()
	Create func(dir, pattern string) (Handle, error) // nil means os.CreateTemp; tests create files that fail

	mu     sync.Mutex
	handle Handle
	gone   bool // its name is removed already, which not all systems allow
	err    error
}

// Handle is what a File needs of an os.File.
type Handle interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Name() string
}

// Open returns the file, the same at each call; nil after an error or Close.
func (f *File) Open() Handle {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return nil
	}
	if f.handle != nil {
		return f.handle
	}
	create := f.Create
	if create == nil {
		create = func(dir, pattern string) (Handle, error) { return os.CreateTemp(dir, pattern) }
	}
	h, err := create(f.Dir, "horsepipe-*.tmp")
	if err != nil {
		f.keep(err)
		return nil
	}
	f.handle, f.gone = h, os.Remove(h.Name()) == nil
	return h
}

// Fail records err, if it is the first error. A nil err has no effect.
func (f *File) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil && f.err == nil {
		f.keep(err)
	}
}

func (f *File) keep(err error) {
	f.err = fmt.Errorf("temporary file in %s: %w", cmp.Or(f.Dir, os.TempDir()), err)
}

// Err is the first error so far; after Close it is os.ErrClosed if there was none before.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Close closes and removes the file. It may be called twice.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = os.ErrClosed
	}
	h := f.handle
	if h == nil {
		return nil
	}
	f.handle = nil
	err := h.Close()
	if !f.gone {
		err = errors.Join(err, os.Remove(h.Name()))
	}
	return err
}
