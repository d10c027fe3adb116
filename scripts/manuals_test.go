package scripts

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The manual pages and completions in the repository are those that the programs print.
func TestManualsAreCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	fresh := t.TempDir()
	if out, err := exec.Command("./manuals.sh", fresh).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	want := pages(t, fresh)
	for name, got := range pages(t, "..") {
		if !bytes.Equal(got, want[name]) {
			t.Errorf("%s is not what its program prints: run scripts/manuals.sh", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is missing: run scripts/manuals.sh", name)
	}
}

// pages returns the contents of the manual pages and completions in a checkout.
func pages(t *testing.T, root string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, pattern := range []string{"cmd/*/*.1", "scripts/completions/*"} {
		names, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if all[name], err = os.ReadFile(filepath.Join(root, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// Every page can be printed, says when it was released, and refers to all the others.
func TestManualPages(t *testing.T) {
	programs, err := filepath.Glob("../cmd/*")
	if err != nil || len(programs) == 0 {
		t.Fatal(err)
	}
	_, date := newest(t)
	for _, program := range programs {
		name := filepath.Base(program)
		file := filepath.Join(program, name+".1")
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if title := strings.SplitN(string(page), "\n", 2)[0]; !strings.HasSuffix(title, " 1 "+date+" horsepipe") {
			t.Errorf("%s begins with %q, and the newest release in the changelog is of %s", file, title, date)
		}
		_, others, _ := strings.Cut(string(page), ".SH SEE ALSO\n")
		if got := strings.Count(others, "(1)"); got != len(programs)-1 || strings.Contains(others, strings.ReplaceAll(name, "-", `\-`)+`\fR`) {
			t.Errorf("%s leads to %d of %d others:\n%s", file, got, len(programs)-1, others)
		}
		quiet(t, "mandoc", "-Tlint", "-Wstyle", file)
		quiet(t, "groff", "-man", "-ww", "-z", file)
	}
	completions, err := filepath.Glob("completions/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range completions {
		switch filepath.Ext(file) {
		case ".bash":
			quiet(t, "bash", "-n", file)
			quiet(t, "shellcheck", file)
		case ".fish":
			quiet(t, "fish", "-n", file)
		default:
			quiet(t, "zsh", "-n", file)
		}
	}
}

// quiet runs a checker, if it is installed, and expects it to say nothing.
func quiet(t *testing.T, command ...string) {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		return
	}
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %v\n%s", command, err, out)
	}
}

// newest returns the version and the date of the newest release in the changelog.
func newest(t *testing.T) (version, date string) {
	t.Helper()
	changes, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$`).FindSubmatch(changes)
	if found == nil {
		t.Fatal("the changelog names no release")
	}
	return string(found[1]), string(found[2])
}
