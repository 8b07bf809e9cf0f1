// Loosening this file needs a commit of its own and a reason.

package tenet

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// columns is the import order: a package may import packages of columns left of its own, and its
// own children; packages of one column never import each other.
var columns = [][]string{
	{"internal/yamlfile", "studies"},
	{"internal/store", "papers"},
	{"survey"},
	{"principles"},
	{"hypotheses"},
	{"runner", "index"},
	{"internal/pack"},
	{"internal/report"},
	{"tui"},
	{"cmd/tenet"},
	{"internal/e2e"},
}

// homes says in which room a third-party module may be imported outside tests, and why.
var homes = []struct{ module, rooms, why string }{
	{"go.etcd.io/bbolt", "internal/store", "one place can lose data"},
	{"golang.org/x/mod/sumdb", "internal/store", "one place can lose data"},
	{"github.com/ledongthuc/pdf", "papers", "hostile input, in a guarded subprocess"},
	{"github.com/pdfcpu/", "papers", "hostile input, in a guarded subprocess"},
	{"github.com/klippa-app/go-pdfium", "papers", "hostile input, in a guarded subprocess"},
	{"github.com/tetratelabs/wazero", "papers", "hostile input, in a guarded subprocess"},
	{"github.com/blevesearch/", "index", "globals and init stay behind one door"},
	{"gorgonia.org/", "runner", "pinned versions, known wrong ops fenced off"},
	{"charm.land/", "tui", "the core runs without a terminal"},
	{"github.com/charmbracelet/", "tui", "the core runs without a terminal"},
	{"github.com/spf13/", "cmd/tenet", "flags are read in one place"},
	{"github.com/goccy/go-yaml", "internal/yamlfile survey principles hypotheses internal/pack", "packs are the only YAML"},
	{"gonum.org/v1/plot", "internal/report/figures", "pictures look alike, and their globals stay behind one door"},
	{"golang.org/x/image/font", "internal/report/figures", "pictures look alike, and their globals stay behind one door"},
	{"gonum.org/", "hypotheses runner internal/report", "numbers, never in an exported signature"},
}

// testOnly are modules that only test files may import.
var testOnly = []string{
	"pgregory.net/rapid", "github.com/rogpeppe/go-internal", "go.uber.org/goleak",
	"github.com/google/go-cmp", "github.com/charmbracelet/x/exp/teatest", "github.com/creack/pty",
}

type listed struct {
	ImportPath, Dir                                  string
	GoFiles, TestGoFiles, XTestGoFiles               []string
	Imports, TestImports, XTestImports, IgnoredFiles []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

// place returns the column and the room of a package path relative to the module, or -1.
func place(rel string) (int, string) {
	for i, col := range columns {
		for _, room := range col {
			if within(rel, room) {
				return i, room
			}
		}
	}
	return -1, ""
}

func TestRoomsImportOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		rel := strings.TrimPrefix(p.ImportPath, "tenet/")
		if rel == "tenet" {
			continue
		}
		col, room := place(rel)
		if col < 0 {
			t.Errorf("%s stands in no column of arch_test.go", rel)
			continue
		}
		seen[room] = true
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			dep, ok := strings.CutPrefix(imp, "tenet/")
			if !ok || dep == rel {
				continue
			}
			depCol, depRoom := place(dep)
			switch {
			case depRoom == room && within(rel, dep) && rel != dep:
				t.Errorf("%s imports its parent %s", rel, dep)
			case depRoom == room:
			case depCol >= col:
				t.Errorf("%s imports %s: %s stands left of or beside %s", rel, dep, room, depRoom)
			}
		}
	}
	for _, col := range columns {
		for _, room := range col {
			if !seen[room] {
				t.Errorf("arch_test.go lists %s, which is gone", room)
			}
		}
	}
}

func TestThirdPartiesHaveOneHome(t *testing.T) {
	for _, p := range listPackages(t) {
		rel := strings.TrimPrefix(p.ImportPath, "tenet/")
		for _, imp := range p.Imports {
			for _, h := range homes {
				if !strings.HasPrefix(imp, h.module) {
					continue
				}
				if !slices.ContainsFunc(strings.Fields(h.rooms), func(r string) bool { return within(rel, r) }) {
					t.Errorf("%s imports %s, whose home is %s: %s", rel, imp, h.rooms, h.why)
				}
			}
			for _, m := range testOnly {
				if strings.HasPrefix(imp, m) {
					t.Errorf("%s imports %s outside its tests", rel, imp)
				}
			}
		}
	}
}

func TestEveryPackageHasOneDoc(t *testing.T) {
	for _, p := range listPackages(t) {
		if len(p.GoFiles) == 0 {
			continue
		}
		var with []string
		for _, f := range p.GoFiles {
			tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if tree.Doc != nil {
				with = append(with, f)
			}
		}
		if !slices.Equal(with, []string{"doc.go"}) {
			t.Errorf("%s: package comment in %v, want it in doc.go alone", p.ImportPath, with)
		}
	}
}

var (
	badName   = regexp.MustCompile(`(^|/)(utils?|common|helpers?|managers?|types|models?|misc|base|shared)(/|\.go$)`)
	generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	tableFile = regexp.MustCompile(`(?m)^// Table of data: `)
	invariant = regexp.MustCompile(`\((Test|Fuzz|Benchmark)\w+`)
)

func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || path == "tools" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			files = append(files, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFilesStaySmall(t *testing.T) {
	for _, path := range goFiles(t) {
		if badName.MatchString(path) {
			t.Errorf("%s: a name that says nothing", path)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if generated.Match(src) || tableFile.Match(src) {
			continue
		}
		if n := strings.Count(string(src), "\n"); n > 400 {
			t.Errorf("%s: %d lines, at most 400", path, n)
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, path, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			checkDecl(t, fset, path, d)
		}
	}
}

func checkDecl(t *testing.T, fset *token.FileSet, path string, d ast.Decl) {
	t.Helper()
	f, ok := d.(*ast.FuncDecl)
	if !ok {
		return
	}
	if f.Recv == nil && f.Name.Name == "init" {
		t.Errorf("%s: func init: nothing happens before main", path)
	}
	if n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line; n > 150 {
		t.Errorf("%s: %s is %d lines long, at most 150", path, f.Name.Name, n)
	}
}

// TestNoPackageVariableChanges looks for assignments to package-level variables inside functions.
func TestNoPackageVariableChanges(t *testing.T) {
	globals := map[string]map[string]bool{} // folder → names
	trees := map[string]*ast.File{}
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		trees[path] = tree
		dir := filepath.Dir(path)
		if globals[dir] == nil {
			globals[dir] = map[string]bool{}
		}
		for _, d := range tree.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, s := range g.Specs {
					for _, n := range s.(*ast.ValueSpec).Names {
						globals[dir][n.Name] = true
					}
				}
			}
		}
	}
	for path, tree := range trees {
		names := globals[filepath.Dir(path)]
		ast.Inspect(tree, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || a.Tok == token.DEFINE {
				return true
			}
			for _, l := range a.Lhs {
				if ix, ok := l.(*ast.IndexExpr); ok {
					l = ix.X
				}
				// A local of the same name has an object in this file's scope; a global of another file has none.
				if id, ok := l.(*ast.Ident); ok && names[id.Name] && (id.Obj == nil || isGlobal(tree, id)) {
					t.Errorf("%s: a function assigns to the package variable %s", path, id.Name)
				}
			}
			return true
		})
	}
}

func isGlobal(tree *ast.File, id *ast.Ident) bool {
	return tree.Scope != nil && tree.Scope.Lookup(id.Name) == id.Obj
}

// TestDocInvariantsNameTests holds every doc.go to its promise that each invariant has a test.
func TestDocInvariantsNameTests(t *testing.T) {
	tests := map[string]bool{}
	decl := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range decl.FindAllStringSubmatch(string(src), -1) {
				tests[m[1]] = true
			}
		}
	}
	name := regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`)
	for _, path := range goFiles(t) {
		if filepath.Base(path) != "doc.go" || strings.Contains(path, "depstub") {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !invariant.Match(src) {
			t.Errorf("%s names no test for its invariants", path)
		}
		for _, m := range name.FindAllString(string(src), -1) {
			if !tests[m] {
				t.Errorf("%s names %s, which no test file declares", path, m)
			}
		}
	}
}
