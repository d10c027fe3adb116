// Package faulty makes temporary files that fail, for tests of those who use them.
package faulty

import (
	"errors"
	"os"
	"sync"

	"horsepipe/pkg/scratch"
)

// ErrFull is how they fail.
var ErrFull = errors.New("no space left on device")

// Disk is a disk on which only so many reads and writes succeed.
type Disk struct {
	mu   sync.Mutex
	left int
}

// NewDisk returns a disk on which n reads and writes succeed.
func NewDisk(n int) *Disk { return &Disk{left: n} }

// Create is for the field of that name in a scratch.File.
func (d *Disk) Create(dir, pattern string) (scratch.Handle, error) {
	f, err := os.CreateTemp(dir, pattern)
	return &file{f, d}, err
}

func (d *Disk) use() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left--; d.left < 0 {
		return ErrFull
	}
	return nil
}

type file struct {
	*os.File
	disk *Disk
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.use(); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, off)
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	if err := f.disk.use(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}
