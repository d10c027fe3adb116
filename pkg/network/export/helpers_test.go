package export

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/post"
)

// files are the contents of an export by their names in it.
type files map[string]string

// zipBytes packs files, in the order of their names.
func zipBytes(t testing.TB, fs files) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(fs)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(fs[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tarBytes packs files as zipBytes does, after a folder and a picture.
func tarBytes(t testing.TB, fs files) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	write := func(name string, kind byte, content string) {
		err := w.WriteHeader(&tar.Header{Name: name, Typeflag: kind, Mode: 0o644, Size: int64(len(content))})
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("media/", tar.TypeDir, "")
	write("media/1.png", tar.TypeReg, strings.Repeat("x", 1000))
	for _, name := range slices.Sorted(maps.Keys(fs)) {
		write(name, tar.TypeReg, fs[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipBytes(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func (fs files) zip(t testing.TB) string {
	return writeFile(t, filepath.Join(t.TempDir(), "export.zip"), zipBytes(t, fs))
}

func (fs files) folder(t testing.TB) string {
	dir := t.TempDir()
	for name, content := range fs {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(content))
	}
	return dir
}

// read returns the posts of some exports as lines of JSON.
func read(t testing.TB, paths ...string) ([]string, Report) {
	t.Helper()
	lines, rep, err := tryRead(t, Options{}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	return lines, rep
}

func tryRead(t testing.TB, opt Options, paths ...string) ([]string, Report, error) {
	var lines []string
	rep, err := Read(context.Background(), paths, opt, func(p *post.Post) error {
		lines = append(lines, string(p.AppendJSON(nil)))
		return nil
	})
	if rep.Posts != len(lines) {
		t.Errorf("the report says %d posts, %d were emitted", rep.Posts, len(lines))
	}
	return lines, rep, err
}

// texts returns "id text" of each line.
func texts(t testing.TB, lines []string) []string {
	t.Helper()
	var list []string
	for _, l := range lines {
		var p post.Parser
		var v post.View
		if err := p.Parse([]byte(l), &v); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s %s", v.ID, v.Text))
	}
	return list
}

func diff(t testing.TB, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// tweet is an element of tweets.js; more is what stands behind its text.
func tweet(id, date, text string, more ...string) string {
	fields := append([]string{"", ""}, more...)
	return fmt.Sprintf(`{ "tweet" : { "id_str" : %q, "created_at" : %q, "full_text" : "%s"%s } }`,
		id, date, text, strings.Join(fields[1:], ", "))
}

// ytd is a file of today's form.
func ytd(name string, elements ...string) string {
	return "window.YTD." + name + ".part0 = [ " + strings.Join(elements, ",\n") + " ]"
}

const (
	annJS = `window.YTD.account.part0 = [ { "account" : { "username" : "ann" } } ]`
	june  = "Thu Jun 01 10:00:00 +0000 2023"
)

// at is an id of X's from a number of milliseconds after june.
func at(ms uint64) string {
	const june = 1685613600000
	return fmt.Sprint((june + ms - epoch) << 22)
}
