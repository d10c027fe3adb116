package scripts

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// released makes the release of a commit for this machine, and returns the folder.
func released(t *testing.T, commit string, env ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "files")
	version, _ := newest(t)
	cmd := exec.Command("./release.sh", "--version", version, "--commit", commit, "--platform", "linux/"+runtime.GOARCH, dir)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// A release has the same bytes, wherever, whenever and by whomever it is made; and without Go, one installs
// from its files as the README says.
func TestRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	head, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if runtime.GOOS != "linux" || err != nil {
		t.Skip("needs Linux and a clone")
	}
	commit := strings.TrimSpace(string(head)) // the same one twice, even if somebody commits meanwhile
	files := released(t, commit)
	first := contents(t, files)
	again := contents(t, released(t, commit, "TMPDIR="+t.TempDir(), "TZ=Asia/Tokyo", "GOFLAGS=-tags=other", "GOAMD64=v3", "LC_ALL=C.UTF-8"))
	if len(first) != 2 || len(again) != 2 {
		t.Errorf("%d and %d files", len(first), len(again))
	}
	for name, data := range first {
		if !bytes.Equal(data, again[name]) {
			t.Errorf("%s differs", name)
		}
	}
	installsWithoutGo(t, files)
}

func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if all[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// installed runs the n-th block of the README's section Install in a folder, and returns the prefix.
func installed(t *testing.T, n int, dir string, env ...string) (home string) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## Install\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile(`(?m)^(    .*\n)+`).FindAllString(section, -1)
	if len(blocks) <= n {
		t.Fatalf("there are %d blocks", len(blocks))
	}
	home = t.TempDir()
	cmd := exec.Command("sh", "-euc", strings.ReplaceAll(blocks[n], "linux-amd64", "linux-"+runtime.GOARCH))
	cmd.Dir, cmd.Env = dir, append(env, "HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, blocks[n], out)
	}
	return home
}

// prefix is where something was installed, and the environment of the programs there.
type prefix struct {
	*testing.T
	bin string
	env []string
}

// run runs a program with nothing on its PATH but what was installed.
func (p prefix) run(stdin []byte, name string, args ...string) []byte {
	p.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Env, cmd.Dir = p.env, p.TempDir()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &said
	if err := cmd.Run(); err != nil {
		p.Fatalf("%s %q: %v\n%s", name, args, err, &said)
	}
	return out.Bytes()
}

// speaks runs the pipeline, and expects a receipt at its end.
func (p prefix) speaks() {
	p.Helper()
	model := filepath.Join(p.TempDir(), "newton.model")
	p.run(p.run(nil, "tw-archive", "newton"), "mk-train", "-o", model)
	var receipt struct{ ID, Text string }
	said := p.run(p.run(nil, "mk-gen", model), "tw-post")
	if err := json.Unmarshal(said, &receipt); err != nil || receipt.ID == "" || receipt.Text == "" {
		p.Errorf("got %q", said)
	}
}

// With Go, one installs from a clone as the README says.
func TestInstallWithGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	env := append(os.Environ(), "GOFLAGS=-buildvcs=false")             // the clone may belong to somebody else
	for _, name := range []string{"GOPATH", "GOMODCACHE", "GOCACHE"} { // otherwise these are in HOME
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	home := installed(t, 0, "..", env...)
	bin := filepath.Join(home, ".local", "bin")
	prefix{t, bin, append(localX(t), "PATH="+bin, "HOME="+home)}.speaks()
}

// installsWithoutGo installs the files of a release with nothing but a few tools.
func installsWithoutGo(t *testing.T, files string) {
	t.Helper()
	tools := t.TempDir()
	for _, name := range []string{"sh", "mkdir", "sha256sum", "tar", "gzip"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(tools, name)); err != nil {
			t.Fatal(err)
		}
	}
	home := installed(t, 1, files, "PATH="+tools)
	local := filepath.Join(home, ".local")
	bin := filepath.Join(local, "bin")
	p := prefix{t, bin, append(localX(t), "PATH="+bin, "HOME="+home)}
	p.speaks()
	version, _ := newest(t)
	if got := string(p.run(nil, "mk-gen", "--version")); !strings.HasPrefix(got, "mk-gen "+version+" (go") {
		t.Errorf("--version says %q", got)
	}
	p.env = append(p.env, "PATH="+bin+":"+os.Getenv("PATH")) // the scripts need tools
	if got := p.run(nil, "speak.sh", "--help"); !bytes.Contains(got, []byte("usage:")) {
		t.Errorf("a script says %q", got)
	}
	for _, name := range []string{"man/man1/tw-post.1", "bash-completion/completions/tw-post", "zsh/site-functions/_tw-post",
		"fish/vendor_completions.d/tw-post.fish", "horsepipe/README.md", "horsepipe/LICENSE", "horsepipe/CHANGELOG.md",
		"horsepipe/crontab.example", "horsepipe/scripts/doc/formats.md"} {
		if _, err := os.Stat(filepath.Join(local, "share", name)); err != nil {
			t.Error(err)
		}
	}
	sensible(t, bin)
	selfReliant(t, filepath.Join(local, "share", "horsepipe", "scripts"))
}

// selfReliant checks that no script needs a checkout.
func selfReliant(t *testing.T, dir string) {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join(dir, "*.sh"))
	if err != nil || len(scripts) < 5 {
		t.Errorf("%d scripts, %v", len(scripts), err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if use := regexp.MustCompile(`(?m)^[^#\n]*\b(go (build|run|test|list)|git [a-z]+)\b`).Find(text); use != nil {
			t.Errorf("%s does %q: is it for the list in release.sh?", script, use)
		}
	}
}

// sensible checks the programs' sizes: those without networking are half as large as those with it.
func sensible(t *testing.T, bin string) {
	t.Helper()
	for pattern, most := range map[string]int64{"mk-*": 6 << 20, "tw-*": 11 << 20} {
		programs, err := filepath.Glob(filepath.Join(bin, pattern))
		if err != nil || len(programs) < 3 {
			t.Errorf("%s: %d programs, %v", pattern, len(programs), err)
		}
		for _, program := range programs {
			if info, err := os.Stat(program); err != nil || info.Size() > most {
				t.Errorf("%s has %d bytes, and may have %d (%v)", program, info.Size(), most, err)
			}
		}
	}
}
