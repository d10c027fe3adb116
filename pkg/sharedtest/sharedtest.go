// Package sharedtest gives tests the material that may lie beside the repository, in ../shared: real
// posts, exports and recorded answers, which are not the project's to publish.
package sharedtest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files returns the paths of the files that match a pattern of [filepath.Match], such as
// "exports/*.zip", in lexical order. It skips the test if there are none.
func Files(t testing.TB, pattern string) []string {
	t.Helper()
	paths := Find(t, pattern)
	if len(paths) == 0 {
		t.Skipf("there is no ../shared/%s beside the repository", pattern)
	}
	return paths
}

// Find is Files for tests that can do without.
func Find(t testing.TB, pattern string) []string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	paths, err := filepath.Glob(filepath.Join(root, "..", "shared", pattern))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// Corpus is the pattern of a corpus for Files and Find.
func Corpus(name string) string { return "corpora/" + name + ".jsonl.gz" }

// Open opens a gzip file until the end of the test.
func Open(t testing.TB, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Texts yields the id and the text of each post of a corpus.
func Texts(t testing.TB, path string) iter.Seq2[string, string] {
	return func(yield func(id, text string) bool) {
		t.Helper()
		lines := bufio.NewScanner(Open(t, path))
		for lines.Buffer(nil, 1<<24); lines.Scan(); {
			var p struct{ ID, Text string }
			if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if !yield(p.ID, p.Text) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// Answers returns the bodies of the recorded answers of X's API v1.1 to requests whose address holds what.
func Answers(t testing.TB, what string) (bodies []string) {
	t.Helper()
	for _, path := range Files(t, "x-v1.1/*.json") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var tape struct {
			Interactions []struct {
				Request  struct{ URI string }
				Response struct{ Body struct{ String string } }
			}
		}
		if err := json.Unmarshal(data, &tape); err != nil {
			t.Fatal(err)
		}
		for _, i := range tape.Interactions {
			if strings.Contains(i.Request.URI, what) {
				bodies = append(bodies, i.Response.Body.String)
			}
		}
	}
	return bodies
}
