package tool

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "horsepipe/"

// imports is the architecture: which packages of the tree each package imports. Commands may import
// any package, and nothing imports a command.
var imports = map[string][]string{
	"pkg/post":             {},
	"pkg/text":             {},
	"pkg/bloom":            {},
	"pkg/corpus":           {"pkg/bloom", "pkg/post", "pkg/scratch", "pkg/text"},
	"pkg/journal":          {"pkg/lock", "pkg/post", "pkg/replace"},
	"pkg/model":            {"pkg/bloom", "pkg/scratch"},
	"pkg/markov":           {"pkg/model", "pkg/text"},
	"pkg/ledger":           {"pkg/network", "pkg/replace"},
	"pkg/manners":          {"pkg/journal", "pkg/network", "pkg/post", "pkg/text"},
	"pkg/network":          {"pkg/post"},
	"pkg/network/timeline": {"pkg/lock", "pkg/network", "pkg/post", "pkg/replace"},
	"pkg/network/x":        {"pkg/network", "pkg/post", "pkg/text"},
	"pkg/network/export":   {"pkg/post", "pkg/scratch"},
	"pkg/credential":       {"pkg/replace"},
	"pkg/outbox":           {"pkg/journal", "pkg/lock", "pkg/network", "pkg/post", "pkg/text"},
	"pkg/sharedtest":       {},
	"pkg/slot":             {},
	"pkg/sandbox":          {"pkg/lock", "pkg/post", "pkg/text"},
	"pkg/lock":             {"pkg/replace"},
	"pkg/replace":          {},
	"pkg/scratch":          {},
	"pkg/scratch/faulty":   {"pkg/scratch"},
	"pkg/tool":             {"pkg/replace"},
	"pkg/tool/tooltest":    {"pkg/sandbox"},
}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	got := map[string]map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata" {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			rel, _ := filepath.Rel(root, filepath.Dir(path))
			pkg := filepath.ToSlash(rel)
			if got[pkg] == nil {
				got[pkg] = map[string]bool{}
			}
			readFile(t, pkg, path, got[pkg])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg, all := range got {
		if strings.HasPrefix(pkg, "cmd/") {
			for to := range all {
				if !strings.HasPrefix(to, "pkg/") {
					t.Errorf("%s imports %s", pkg, to)
				}
			}
			continue
		}
		want, known := imports[pkg]
		if list := slices.Sorted(maps.Keys(all)); !known || !slices.Equal(list, want) {
			t.Errorf("%s imports %q, and the table has %q", pkg, list, want)
		}
	}
	for pkg := range imports {
		if got[pkg] == nil {
			t.Errorf("there is no package %s", pkg)
		}
	}
}

// readFile adds what a file of the package imports, and checks that it does not end the process.
func readFile(t *testing.T, pkg, path string, all map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		to, _ := strconv.Unquote(spec.Path.Value)
		if to, ours := strings.CutPrefix(to, module); ours {
			all[to] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && pkg != "pkg/tool" && leaves(sel) {
			t.Errorf("%s: only pkg/tool ends the process", path)
		}
		return true
	})
}

// leaves reports whether a call ends the process.
func leaves(sel *ast.SelectorExpr) bool {
	pkg, ok := sel.X.(*ast.Ident)
	return ok && (pkg.Name == "os" && sel.Sel.Name == "Exit" || pkg.Name == "log" && strings.HasPrefix(sel.Sel.Name, "Fatal"))
}
