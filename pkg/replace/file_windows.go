package replace

import (
	"errors"
	"os"
	"path/filepath"
)

// file does what renameio does elsewhere, as far as the system lets it.
type file struct {
	*os.File
	path string
	done bool
}

func begin(path string, _ Access) (File, error) {
	pattern := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	left, _ := filepath.Glob(pattern) // a name with signs of a pattern in it is not swept
	for _, name := range left {
		os.Remove(name) // which fails while a process has it open
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(pattern))
	if err != nil {
		return nil, err
	}
	return &file{File: f, path: path}, nil
}

func (f *file) CloseAtomicallyReplace() error {
	if err := errors.Join(f.Sync(), f.File.Close()); err != nil {
		return err
	}
	err := os.Rename(f.Name(), f.path)
	f.done = err == nil
	return err
}

func (f *file) Cleanup() error {
	if f.done {
		return nil
	}
	f.File.Close()
	return os.Remove(f.Name())
}
