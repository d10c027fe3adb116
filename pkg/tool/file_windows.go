package tool

import (
	"errors"
	"os"
	"path/filepath"
)

// winFile does what renameio, which leaves Windows out, does elsewhere, as far as the system lets it.
type winFile struct {
	*os.File
	path string
}

func newReplacement(path string) (replacement, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return &winFile{f, path}, nil
}

func (w *winFile) CloseAtomicallyReplace() error {
	if err := errors.Join(w.Sync(), w.File.Close()); err != nil {
		return err
	}
	return os.Rename(w.Name(), w.path)
}

func (w *winFile) Cleanup() error {
	w.File.Close()
	return os.Remove(w.Name())
}
