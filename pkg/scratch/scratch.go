// Package scratch keeps what does not fit in memory in a temporary file, which goes with the process: on Unix it has no name from
// the first, so that not even a kill leaves it behind.
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
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// File is a temporary file, made when it is first opened. It keeps the first error, so that those who write and read may ask once, at
// the end of their work. Its methods may be called by several goroutines at once; the fields are to be set before.
type File struct {
	Dir    string                                    // where it is made; "" is os.TempDir()
	Create func(dir, pattern string) (Handle, error) // nil is os.CreateTemp; tests make files that fail

	mu     sync.Mutex
	handle Handle
	gone   bool // it has no name any more: not so on all systems
	err    error
}

// Handle is what a File needs of an os.File.
type Handle interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Name() string
}

// Open is the file; nil after an error.
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

// Fail notes an error, if it is one and the first.
func (f *File) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil && f.err == nil {
		f.keep(err)
	}
}

func (f *File) keep(err error) {
	dir := f.Dir
	if dir == "" {
		dir = os.TempDir()
	}
	f.err = fmt.Errorf("temporary file in %s: %w", dir, err)
}

// Err is the first error so far.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Close removes the file. It may be called twice.
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
