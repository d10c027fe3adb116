//go:build !windows

package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file is locked until it is in its place, and no longer: a log that was replaced can be opened.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	f, err := Begin(path, Public)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, "new")
	lock := func(name string) error {
		opened, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		held, err := hold(opened)
		if err == nil {
			held.Close()
		}
		return err
	}
	if err := lock(f.Name()); err != syscall.EWOULDBLOCK {
		t.Errorf("while it is written: %v", err)
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		t.Fatal(err)
	}
	if err := lock(path); err != nil {
		t.Errorf("in its place: %v", err)
	}
}

// A process that may open no more files says which one it needed.
func TestHoldFails(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	var named *os.PathError
	if _, err := hold(f); !errors.As(err, &named) || named.Path != f.Name() {
		t.Errorf("got %v", err)
	}
}

// A file that another process has swept is not there any more, not even if its name is.
func TestThere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !there(f) {
		t.Error("it is there")
	}
	os.Remove(name)
	if there(f) {
		t.Error("it is removed")
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if there(f) {
		t.Error("another file has its name")
	}
}
