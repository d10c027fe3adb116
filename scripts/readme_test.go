// Package scripts tests the scripts of this folder and the sessions of the README.
package scripts

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
)

// Runs every block of the README that is marked as console, in order, in one folder: sh runs each line
// that begins with "$ ", against a local X on which @newton has posted the sentences of the Opticks. It
// must print, on both streams, what follows there; "..." stands for anything.
func TestReadme(t *testing.T) {
	env, dir := environment(t)
	sessions(t, "../README.md", env, dir)
}

// The README asks for the version of Go that go.mod asks for: an older one, as some systems have, says little.
func TestReadmeNamesGo(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)[1]
	if got := regexp.MustCompile(`\d+\.\d+ or newer`).FindAllString(string(text), -1); len(got) != 2 || got[0] != string(version)+" or newer" || got[1] != got[0] {
		t.Errorf("the README asks for Go %q, go.mod for %s", got, version)
	}
}

// Does the same with the other pages.
func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	pages, err := filepath.Glob("doc/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(err)
	}
	env, dir := environment(t)
	for _, page := range pages {
		home := filepath.Join(dir, filepath.Base(page))
		if err := os.CopyFS(home, os.DirFS("testdata/before")); err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(page), func(t *testing.T) { sessions(t, page, append(env, "HOME="+home), home) })
	}
}

// sessions runs the commands that a page shows.
func sessions(t *testing.T, page string, env []string, dir string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("jq"); err != nil && bytes.Contains(text, []byte("\n$ jq ")) {
		t.Skip("jq is not installed")
	}
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for _, session := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			command, want, _ := strings.Cut(session, "\n")
			for strings.HasSuffix(command, "\\") {
				var more string
				more, want, _ = strings.Cut(want, "\n")
				command += "\n" + strings.TrimPrefix(more, "> ")
			}
			cmd := exec.Command("sh", "-c", command)
			cmd.Dir, cmd.Env = dir, env
			got, _ := cmd.CombinedOutput()
			if !like(string(got), want) {
				t.Errorf("%s: $ %s\ngot:\n%s\nwant:\n%s", page, command, got, want)
			}
		}
	}
}

// Every link from a page to a file, or to a heading of the same page, leads somewhere.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("doc/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md", "../CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllSubmatch(text, -1) {
			file, heading, _ := strings.Cut(string(link[1]), "#")
			if file == "" {
				if !strings.Contains(strings.ToLower(string(text)), "\n## "+strings.ReplaceAll(heading, "-", " ")+"\n") {
					t.Errorf("%s: there is no heading %s", page, heading)
				}
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), file)); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

// like tells whether got is want, where "..." stands for anything.
func like(got, want string) bool {
	parts := strings.Split(strings.TrimSpace(want), "...")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$").MatchString(strings.TrimSpace(got))
}

func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	temp := t.TempDir()
	cmd := exec.Command("./demo.sh")
	ledger := filepath.Join(t.TempDir(), "ledger")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp, "TW_LEDGER="+ledger, "TW_CONSUMER_KEY_FILE=none")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("posted: 5")) {
		t.Errorf("no posts in:\n%s", out)
	}
	if _, err := os.Stat(ledger); err == nil {
		t.Error("it counted what is free as money")
	}

	// Nor does it leave anything behind when its reader stops reading. The programs are not linked again for that.
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	fake := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = build ] || exec '%s' \"$@\"\ncp -R '%s' \"$4\"\n", real, bin)
	if err := os.WriteFile(filepath.Join(path, "go"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command("sh", "-c", "./demo.sh 2>/dev/null | head -n 3")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp, "PATH="+path+":"+os.Getenv("PATH"))
	if out, err := cmd.Output(); err != nil || !bytes.Contains(out, []byte("\nA local X listens at ")) {
		t.Errorf("%v\n%s", err, out)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
}

// environment returns the environment that the programs need, with a server and keys
// for it, and a folder to run in.
func environment(t *testing.T) (env []string, dir string) {
	t.Helper()
	dir = t.TempDir()
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+dir, "LC_ALL=C.UTF-8")
	return append(env, localX(t)...), dir
}

// localX serves an X on which @newton has posted the sentences of the Opticks, and returns its address
// and the keys of @newton_ebooks.
func localX(t *testing.T) (env []string) {
	t.Helper()
	server, err := sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("readme")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Seed("newton", records(t, opticks(t))); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	keys, err := server.Keys("newton_ebooks")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(keys.Shell(web.URL)), "\n")
}

// printed is what opticks.sh prints.
var printed = sync.OnceValues(func() ([]byte, error) { return exec.Command("./opticks.sh").Output() })

// opticks returns the sentences of the Opticks, as records.
func opticks(t testing.TB) string {
	t.Helper()
	posts, err := printed()
	if err != nil {
		t.Fatal(err)
	}
	return string(posts)
}

// records reads JSON Lines.
func records(t testing.TB, lines string) (all []*post.Post) {
	t.Helper()
	for p, err := range post.NewReader(strings.NewReader(lines), "records").All(nil) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}
