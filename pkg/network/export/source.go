package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// source is a ZIP, a tar, a folder or a single file: the files in it that may hold posts, and a way to
// read them. All further code is the same for the four.
type source struct {
	name   string
	files  []*file
	byName map[string]*file
	packed []string // ZIPs and tars in a folder
	hint   string   // what to do if no posts are found

	openFile func(name string) (io.ReadCloser, error)
	close    func() error
	budget   int64 // bytes that may still be unpacked
}

// file is a file of a source. Its name is a path with slashes, relative to the source, and never
// leads out of it.
type file struct {
	name string
	kind kind
	head []byte
}

// root is a folder in which an export begins.
type root struct {
	name  string
	files []*file
}

const headSize = 1 << 10 // bytes that kindOf looks at

// openPath opens what the user named.
func openPath(ctx context.Context, name string) (*source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, reason(err)
	}
	if info.IsDir() {
		return openFolder(name)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("neither a file nor a folder")
	}
	if ext := filepath.Ext(name); ext == ".js" || ext == ".csv" || ext == ".json" {
		return openAlone(name)
	}
	return openPacked(ctx, name)
}

// reason drops the path from an error that will be printed with it anyway.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func newSource(name string, budget int64, close func() error) *source {
	return &source{name: name, budget: budget, close: close, byName: map[string]*file{}}
}

// openAlone opens one file of an export.
func openAlone(name string) (*source, error) {
	s := newSource(name, maxTotal, func() error { return nil })
	s.openFile = func(string) (io.ReadCloser, error) { return os.Open(name) }
	return s, s.add(filepath.Base(name))
}

// maxDepth is how many folders deep the files of an export may be:
// EXPORTS/EXPORT/data/js/tweets/2014_01.js.
const maxDepth = 5

// openFolder opens a folder. The files are reached through an os.Root, so that no link leads out of it.
func openFolder(name string) (*source, error) {
	dir, err := os.OpenRoot(name)
	if err != nil {
		return nil, reason(err)
	}
	s := newSource(name, maxTotal, dir.Close)
	s.openFile = func(name string) (io.ReadCloser, error) { return dir.Open(name) }
	err = fs.WalkDir(dir.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.Count(p, "/") >= maxDepth-1 || ignored(p) {
				return fs.SkipDir
			}
			return nil
		}
		return s.visit(dir, p)
	})
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// visit records a file in a folder. It ignores what is no regular file, since opening a named pipe would
// wait for ever. A link counts as what it leads to; one that leads out of the folder is an error.
func (s *source) visit(dir *os.Root, p string) error {
	packed := !strings.Contains(p, "/") && isPacked(p) && !ignored(p)
	if !packed && !candidate(p) {
		return nil
	}
	info, err := dir.Stat(p)
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	if packed {
		s.packed = append(s.packed, filepath.Join(s.name, p))
		return nil
	}
	return s.add(p)
}

// isPacked reports whether a file may be a ZIP or a tar, by its name.
func isPacked(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".zip", ".tar.gz", ".tgz", ".tar"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

// ignored reports whether a folder, by its path, or a file is not to be looked at: pictures by the
// hundred thousand, and what macOS puts beside each file.
func ignored(p string) bool {
	base := path.Base(p)
	return (strings.HasPrefix(base, ".") && p != ".") || strings.HasSuffix(base, "_media") || base == "__MACOSX" ||
		base == "node_modules" || strings.HasPrefix(p, "__MACOSX/")
}

// candidate reports whether a file may hold posts, by its path.
func candidate(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".js", ".csv", ".json":
		return !ignored(p) && !ignored(path.Dir(p))
	}
	return false
}

// add opens a file, to keep it.
func (s *source) add(name string) error {
	r, err := s.openFile(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return s.keep(name, r)
}

// keep looks into an open file and keeps it. Two files with one name are refused, since nobody knows which
// of them another program would show.
func (s *source) keep(name string, r io.Reader) error {
	if s.byName[name] != nil {
		return fmt.Errorf("%w: %q is in it twice", ErrHostile, name)
	}
	if len(s.files) == maxFiles {
		return fmt.Errorf("%w: more than %d files", ErrHostile, maxFiles)
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("%s: %w", name, err)
	}
	f := &file{name: name, head: bytes.Clone(head[:n])}
	f.kind = kindOf(f.head, other, name)
	s.files, s.byName[name] = append(s.files, f), f
	return nil
}

// nothing is the error for a source without posts.
func (s *source) nothing() error {
	if s.hint == "" {
		return ErrNoExport
	}
	return fmt.Errorf("%w: %s", ErrNoExport, s.hint)
}

// open opens a file, counting what is read against the budget.
func (s *source) open(f *file) (io.ReadCloser, error) {
	r, err := s.openFile(f.name)
	if err != nil {
		return nil, err
	}
	return &counted{r, s}, nil
}

// counted is a file that counts what is read of it against the budget of its source.
type counted struct {
	io.ReadCloser
	s *source
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if c.s.budget -= int64(n); c.s.budget < 0 {
		return n, fmt.Errorf("%w: unpacked, it is far too large", ErrHostile)
	}
	return n, err
}

// roots groups the files of a source by export, sorted by name, so that the order in a ZIP or
// folder does not matter.
func roots(files []*file) []*root {
	byName := map[string]*root{}
	for _, f := range files {
		name := rootOf(f.name)
		if byName[name] == nil {
			byName[name] = &root{name: name}
		}
		byName[name].files = append(byName[name].files, f)
	}
	list := make([]*root, 0, len(byName))
	for _, name := range sortedKeys(byName) {
		r := byName[name]
		slices.SortFunc(r.files, func(a, b *file) int { return strings.Compare(a.name, b.name) })
		list = append(list, r)
	}
	return list
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
