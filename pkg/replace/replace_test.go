package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		access Access
		mode   os.FileMode
	}{{Public, 0o640}, {Private, 0o600}} {
		if err := WriteFile(path, []byte("new"), c.access); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != c.mode {
			t.Errorf("mode %o, want %o", info.Mode().Perm(), c.mode)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("got %q", got)
	}
	f, err := Begin(path, Public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if err := f.Cleanup(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("what was not finished replaced the file: %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if _, err := Begin(filepath.Join(dir, "no", "file"), Public); err == nil {
		t.Error("a file in no folder")
	}
}

func TestLinks(t *testing.T) {
	dir := t.TempDir()
	file, link, circle := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "circle")
	if err := errors.Join(os.Symlink("file", link), os.Symlink("circle", circle)); err != nil {
		t.Skip(err)
	}
	for _, text := range []string{"new", "newer"} {
		if err := WriteFile(link, []byte(text), Private); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); string(got) != text {
			t.Errorf("the file of the link holds %q: %v", got, err)
		}
	}
	if got := Target(circle); got != circle {
		t.Errorf("a circle leads to %s", got)
	}
}

// What killed processes have left is swept, and nothing else: neither what is being written nor the
// files of others.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("names of its own")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	keep := []string{".file", ".file20261122114952", ".file.123456789012345678", ".file2026112211495200000x", "file123456789012345678", ".fileb123456789012345678"}
	for _, name := range append(keep, ".file123456789012345", ".file123456789012345678", ".file1234567890123456789") {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, err := Begin(path, Public)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Begin(path, Private)
	if err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(keep)+2 {
		t.Errorf("left: %v", entries)
	}
	for i, f := range []File{first, second} {
		fmt.Fprint(f, i)
		if err := f.CloseAtomicallyReplace(); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != fmt.Sprint(i) {
			t.Errorf("got %q", got)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(keep)+1 {
		t.Errorf("left: %v", entries)
	}
}

// The error for a missing folder names the path that was asked for.
func TestNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "file")
	if _, err := Begin(path, Public); err == nil || err.Error() != "open "+path+": no such file or directory" && runtime.GOOS != "windows" {
		t.Errorf("got %v", err)
	}
}

// Many writers of one file do not sweep each other's files: each puts its own in place.
func TestManyWriters(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("replaces no file that another one opens")
	}
	path := filepath.Join(t.TempDir(), "file")
	failed := make(chan error)
	for i := range 8 {
		go func() {
			var err error
			for range 50 {
				err = errors.Join(err, WriteFile(path, fmt.Append(nil, i), Public))
			}
			failed <- err
		}()
	}
	for range 8 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}
