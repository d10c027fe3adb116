package tool

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "horsepipe/"

// mayImport is the architecture: which packages of the tree each package may import. Commands may
// import any package, and nothing imports a command. A package that is not listed is a mistake here
// or there.
var mayImport = map[string][]string{
	"pkg/post":              {},
	"pkg/text":              {},
	"pkg/bloom":             {},
	"pkg/corpus":            {"pkg/bloom", "pkg/post", "pkg/scratch", "pkg/text"},
	"pkg/journal":           {"pkg/lock", "pkg/post", "pkg/replace"},
	"pkg/model":             {"pkg/bloom", "pkg/scratch"},
	"pkg/markov":            {"pkg/model", "pkg/text"},
	"pkg/ledger":            {"pkg/network"},
	"pkg/manners":           {"pkg/journal", "pkg/network", "pkg/post", "pkg/text"},
	"pkg/network":           {"pkg/post"},
	"pkg/network/timeline":  {"pkg/lock", "pkg/network", "pkg/post", "pkg/replace"},
	"pkg/network/x":         {"pkg/network", "pkg/post", "pkg/text"},
	"pkg/network/export":    {"pkg/network", "pkg/post", "pkg/text"},
	"pkg/network/fediverse": {"pkg/network", "pkg/post", "pkg/text"},
	"pkg/network/bluesky":   {"pkg/network", "pkg/post", "pkg/text"},
	"pkg/credential":        {"pkg/replace"},
	"pkg/outbox":            {"pkg/journal", "pkg/network", "pkg/post", "pkg/text"},
	"pkg/slot":              {},
	"pkg/sandbox":           {"pkg/lock", "pkg/post", "pkg/text"},
	"pkg/lock":              {"pkg/replace"},
	"pkg/replace":           {},
	"pkg/scratch":           {},
	"pkg/scratch/faulty":    {"pkg/scratch"},
	"pkg/tool":              {"pkg/replace"},
	"pkg/tool/tooltest":     {},
}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata" {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			rel, _ := filepath.Rel(root, filepath.Dir(path))
			checkFile(t, filepath.ToSlash(rel), path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFile checks one file of the package against the rules.
func checkFile(t *testing.T, pkg, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	allowed, known := mayImport[pkg]
	command := strings.HasPrefix(pkg, "cmd/")
	if !known && !command {
		t.Errorf("%s: package %s is not in the table", path, pkg)
	}
	for _, spec := range file.Imports {
		to, _ := strconv.Unquote(spec.Path.Value)
		to, ours := strings.CutPrefix(to, module)
		if !ours || command && strings.HasPrefix(to, "pkg/") {
			continue
		}
		if !slices.Contains(allowed, to) {
			t.Errorf("%s: %s may not import %s", path, pkg, to)
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
