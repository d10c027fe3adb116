package scratch_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"horsepipe/pkg/scratch"
	"horsepipe/pkg/scratch/faulty"
)

func names(t *testing.T, dir string) []string {
	list, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFile(t *testing.T) {
	f := scratch.File{Dir: t.TempDir()}
	if f.Fail(nil); f.Err() != nil || len(names(t, f.Dir)) > 0 {
		t.Fatalf("before it is opened: %v, %v", names(t, f.Dir), f.Err())
	}
	h := f.Open()
	if _, err := h.WriteAt([]byte("lost and found"), 0); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && len(names(t, f.Dir)) > 0 {
		t.Errorf("it has a name: %v", names(t, f.Dir))
	}
	p := make([]byte, 5)
	if _, err := f.Open().ReadAt(p, 9); err != nil || string(p) != "found" {
		t.Errorf("read %q, %v", p, err)
	}
	for range 2 {
		if err := f.Close(); err != nil || len(names(t, f.Dir)) > 0 {
			t.Errorf("closed: %v, %v", names(t, f.Dir), err)
		}
	}
	if f.Open() != nil || !errors.Is(f.Err(), os.ErrClosed) {
		t.Errorf("opened after it was closed: %v", f.Err())
	}
}

func TestFirstErrorIsKept(t *testing.T) {
	f := scratch.File{Dir: t.TempDir(), Create: faulty.NewDisk(0).Create}
	defer f.Close()
	_, err := f.Open().WriteAt([]byte("x"), 0)
	f.Fail(err)
	f.Fail(errors.New("another"))
	f.Close()
	if f.Open() != nil || !errors.Is(f.Err(), faulty.ErrFull) || !strings.Contains(f.Err().Error(), f.Dir) {
		t.Errorf("kept %v", f.Err())
	}
}

func TestClosedBeforeOpened(t *testing.T) {
	f := scratch.File{Dir: t.TempDir()}
	if err := f.Close(); err != nil || f.Open() != nil || len(names(t, f.Dir)) > 0 {
		t.Errorf("%v, %v, %v", err, f.Err(), names(t, f.Dir))
	}
}

func TestNoFolder(t *testing.T) {
	f := scratch.File{Dir: filepath.Join(t.TempDir(), "missing")}
	if f.Open() != nil || !errors.Is(f.Err(), os.ErrNotExist) {
		t.Errorf("opened: %v", f.Err())
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	t.Setenv("TMPDIR", f.Dir)
	t.Setenv("TMP", f.Dir) // on Windows
	f = scratch.File{}
	if f.Open() != nil || !strings.Contains(f.Err().Error(), os.TempDir()+":") {
		t.Errorf("the default folder: %v", f.Err())
	}
}

// named is a file whose name cannot be removed while it is open, as on Windows.
type named struct {
	*os.File
	open bool
}

func (n *named) Name() string {
	if n.open {
		return filepath.Join(n.File.Name(), "not to be removed")
	}
	return n.File.Name()
}

func (n *named) Close() error {
	n.open = false
	return n.File.Close()
}

func TestRemovedWhenClosed(t *testing.T) {
	f := scratch.File{Dir: t.TempDir(), Create: func(dir, pattern string) (scratch.Handle, error) {
		file, err := os.CreateTemp(dir, pattern)
		return &named{file, true}, err
	}}
	if f.Open() == nil || len(names(t, f.Dir)) != 1 {
		t.Fatalf("open: %v, %v", names(t, f.Dir), f.Err())
	}
	if err := f.Close(); err != nil || len(names(t, f.Dir)) > 0 {
		t.Errorf("closed: %v, %v", names(t, f.Dir), err)
	}
	f = scratch.File{Dir: f.Dir}
	f.Open().Close() // as a file is whose disk fails when it is closed
	if err := f.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a failing close: got %v", err)
	}
}
