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
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o600), os.Chmod(path, 0o640)); err != nil { // the umask may be strict
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
	gone, err := Begin(path, Public)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(gone.Name()); err != nil {
		t.Skip(err) // Windows removes no open file
	}
	if gone.CloseAtomicallyReplace() == nil {
		t.Error("no error, though nothing could be put in place")
	}
	gone.Cleanup()
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
	// Links to links, with relative and absolute targets and through the link of a folder, none of whose files exists yet.
	far, absolute, folder := filepath.Join(dir, "far"), filepath.Join(dir, "absolute"), filepath.Join(dir, "folder")
	if err := errors.Join(os.Remove(file), os.Symlink("link", far), os.Symlink(link, absolute), os.Symlink(".", folder)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, by := range []string{far, absolute, filepath.Join(folder, "file"), filepath.Join(folder, "absolute")} {
			if got, want := resolved(t, Target(by)), resolved(t, file); got != want {
				t.Errorf("%s leads to %s, want %s", by, got, want)
			}
		}
		if err := WriteFile(far, nil, Public); err != nil { // and the second time, all exist
			t.Fatal(err)
		}
	}
	if got := Target(filepath.Join(folder, "file")); filepath.Dir(got) == folder {
		t.Errorf("the link of the folder is not followed: %s", got)
	}
}

// resolved is path with the links of its folder followed.
func resolved(t *testing.T, path string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, filepath.Base(path))
}

// What killed processes have left is swept, and nothing else: neither what is being written nor the
// files of others.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("names of its own")
	}
	t.Chdir(t.TempDir())
	for _, dir := range []string{"", t.TempDir()} {
		testSweep(t, filepath.Join(dir, "my.file"))
	}
}

func testSweep(t *testing.T, path string) {
	dir := filepath.Dir(path)
	keep := []string{".my.file", ".my.file20261122114952", ".my.file.123456789012345678", ".my.file2026112211495200000x", "my.file123456789012345678",
		".my.fileb123456789012345678", ".my-file123456789012345678"}
	for _, name := range append(keep, ".my.file123456789012345", ".my.file123456789012345678", ".my.file1234567890123456789") {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep = append(keep, ".my.file123456789012346")
	if err := os.Mkdir(filepath.Join(dir, ".my.file123456789012346"), 0o700); err != nil {
		t.Fatal(err)
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
	if WriteFile(path, nil, Public) == nil {
		t.Error("written into no folder")
	}
	folder := t.TempDir()
	taken := filepath.Join(folder, "file")
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	err := WriteFile(taken, nil, Public)
	if left, _ := os.ReadDir(folder); err == nil || err.Error() != "open "+taken+": is a directory" || len(left) != 1 {
		t.Errorf("written over a folder, or left behind: %v, %v", err, left)
	}
	if SyncFolder(path) == nil && runtime.GOOS != "windows" {
		t.Error("synced no folder")
	}
}

var errFull = errors.New("no room")

// full is a file on a full disk, which says so at the write, or only at the sync.
type full struct {
	File
	write, sync error
}

func (f full) WriteAt(b []byte, _ int64) (int, error) { return len(b), f.write }
func (f full) Sync() error                            { return f.sync }

func TestReserveOnAFullDisk(t *testing.T) {
	for _, f := range []full{{write: errFull}, {sync: errFull}} {
		if Reserve(f, 1) == nil {
			t.Errorf("reserved, in spite of %+v", f)
		}
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

func TestSyncFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("syncs no folders")
	}
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := errors.Join(SyncFolder(filepath.Join(dir, "file")), os.Symlink(filepath.Join(dir, "none", "file"), link)); err != nil {
		t.Fatal(err)
	}
	if err := SyncFolder(link); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the link's file was not looked for: %v", err)
	}
	if runtime.GOOS == "linux" { // /proc is a file system that syncs no folders
		if err := SyncFolder("/proc/self/file"); err != nil {
			t.Error(err)
		}
	}
}
