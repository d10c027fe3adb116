package replace

import (
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

// A folder that is not there is told by the name that was asked for.
func TestNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "file")
	if _, err := Begin(path, Public); err == nil || err.Error() != "open "+path+": no such file or directory" && runtime.GOOS != "windows" {
		t.Errorf("got %v", err)
	}
}
