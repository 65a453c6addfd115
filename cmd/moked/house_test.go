package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rooms says what each package may see of the others: imports go down only.
// The longest pattern that fits counts; "moked/x/..." is moked/x and all below
// it.
var rooms = []struct {
	pattern string
	sees    []string
	never   []string // besides, of other modules and the standard library
}{
	{"moked/geo/...", []string{"moked/geo/..."}, pure},
	{"moked/geo/postgis", []string{"moked/geo/...", "moked/dispatch"}, web},
	{"moked/dispatch", []string{"moked/geo/..."}, pure},
	{"moked/dispatch/feed", []string{"moked/geo/...", "moked/dispatch"}, append([]string{"moked/geo/postgis"}, web...)},
	{"moked/dispatch/plan", nil, pure},
	{"moked/dispatch/photo", []string{"moked/dispatch"}, pure},
	{"moked/dispatch/...", append(slices.Clone(down), "moked/dispatch/photo"), web}, // desk and history
	{"moked/fieldapp-api/...", append(slices.Clone(down), "moked/dispatch/photo", "moked/dispatch/desk", "moked/dispatch/history", "moked/fieldapp-api/...", "moked/web"), sql},
	{"moked/migrations", nil, nil},
	{"moked/migrations/localpg", nil, nil},
	{"moked/migrations/dbtest", []string{"moked/migrations/...", "moked/geo/postgis"}, nil},
	{"moked/web", nil, nil},
	{"moked/cmd/...", []string{"moked/..."}, nil},
	// The simulator is a client like any other: the public API only.
	{"moked/cmd/mokedsim/...", []string{"moked/geo/...", "moked/dispatch", "moked/cmd/mokedsim/..."}, append([]string{"moked/geo/postgis"}, sql...)},
}

// What rooms have in common.
var (
	down = []string{"moked/geo/...", "moked/dispatch", "moked/dispatch/feed"}
	web  = []string{"net/http/..."}
	sql  = []string{"database/sql/...", "github.com/jackc/..."}
	pure = append([]string{"net", "net/http/...", "os/exec", "moked/geo/postgis"}, sql...)
)

// only says which room alone may see a module.
var only = map[string]string{
	"github.com/twpayne/...":         "moked/geo/postgis",
	"github.com/danielgtaylor/...":   "moked/fieldapp-api/...",
	"github.com/alecthomas/kong/...": "moked/cmd/...",
	"github.com/pressly/goose/...":   "moked/migrations/...",
}

const (
	maxLines = 700
	root     = "../.."
)

type goPackage struct {
	ImportPath, Name, Dir string
	Imports, GoFiles      []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Dir,Imports,GoFiles", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// fits reports whether a package is of a pattern.
func fits(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	return pkg == pattern
}

func fitsAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, pkg) })
}

func TestImportsGoDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		room := -1
		for i, r := range rooms {
			if fits(r.pattern, p.ImportPath) && (room < 0 || len(r.pattern) > len(rooms[room].pattern)) {
				room = i
			}
		}
		if room < 0 {
			t.Errorf("%s is in no room: say above what it may see", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			ours := strings.HasPrefix(imp, "moked/")
			if ours && !fitsAny(rooms[room].sees, imp) || fitsAny(rooms[room].never, imp) {
				t.Errorf("%s must not see %s", p.ImportPath, imp)
			}
			for module, alone := range only {
				if fits(module, imp) && !fits(alone, p.ImportPath) {
					t.Errorf("%s must not see %s: only %s does", p.ImportPath, imp, alone)
				}
			}
		}
		for _, element := range strings.Split(p.ImportPath, "/") {
			if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "model", "models", "shared", "misc", "types"}, element) {
				t.Errorf("%s: a package is named after what it is about, not %q", p.ImportPath, element)
			}
		}
	}
}

// statement is how a line of SQL begins.
var statement = regexp.MustCompile(`(?i)^\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()`)

// TestCode reads every file that goes into a program: pure rooms read no clock
// and start nothing, the HTTP surface holds no SQL, and no package keeps state.
func TestCode(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		t.Run(p.ImportPath, func(t *testing.T) {
			t.Parallel()
			fset := token.NewFileSet()
			var files []*ast.File
			for _, name := range p.GoFiles {
				f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
			}
			isPure := slices.Contains([]string{"moked/dispatch", "moked/dispatch/plan", "moked/dispatch/photo"}, p.ImportPath) || fits("moked/geo/...", p.ImportPath) && p.ImportPath != "moked/geo/postgis"
			noSQL := fits("moked/fieldapp-api/...", p.ImportPath)
			for _, f := range files {
				ast.Inspect(f, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.GoStmt:
						if isPure {
							t.Errorf("%s: a pure package starts no goroutine", fset.Position(n.Pos()))
						}
					case *ast.SelectorExpr:
						if x, ok := n.X.(*ast.Ident); ok && isPure && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}, n.Sel.Name) {
							t.Errorf("%s: a pure package is told the time", fset.Position(n.Pos()))
						}
					case *ast.BasicLit:
						if noSQL && n.Kind == token.STRING && statement.MatchString(strings.Trim(n.Value, "`\"")) {
							t.Errorf("%s: SQL belongs to the desk", fset.Position(n.Pos()))
						}
					}
					return true
				})
			}
			for _, complaint := range packageState(fset, p.ImportPath, files) {
				t.Error(complaint)
			}
		})
	}
}

// packageState finds package-level variables that are changed after their
// initialisation, or that are made to be. Names are resolved, imports are not:
// what a method of another package does to a variable remains unseen.
func packageState(fset *token.FileSet, pkg string, files []*ast.File) []string {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(string) (io.ReadCloser, error) {
		return nil, errors.New("not looked at")
	}), Error: func(error) {}}
	checked, _ := config.Check(pkg, fset, files, info) // with errors: nothing is imported
	var found []string
	complain := func(n ast.Node, name string) {
		found = append(found, fmt.Sprintf("%s: %s is state of the package; give it to a value", fset.Position(n.Pos()), name))
	}
	changed := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			case *ast.Ident:
				if v, ok := info.Uses[x].(*types.Var); ok && v.Parent() == checked.Scope() {
					complain(x, x.Name)
				}
				return
			default:
				return
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR && madeToChange(v) {
						complain(v, v.Names[0].Name)
					}
				}
			case *ast.FuncDecl:
				ast.Inspect(d, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.AssignStmt:
						if n.Tok != token.DEFINE {
							for _, e := range n.Lhs {
								changed(e)
							}
						}
					case *ast.IncDecStmt:
						changed(n.X)
					case *ast.CallExpr:
						if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
							changed(n.Args[0])
						}
					}
					return true
				})
			}
		}
	}
	return found
}

// madeToChange reports whether the variable is of a type that exists to be
// changed by several goroutines.
func madeToChange(v *ast.ValueSpec) bool {
	typ := v.Type
	if typ == nil && len(v.Values) > 0 {
		if lit, ok := v.Values[0].(*ast.CompositeLit); ok {
			typ = lit.Type
		}
	}
	if index, ok := typ.(*ast.IndexExpr); ok { // atomic.Pointer[T]
		typ = index.X
	}
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && (x.Name == "sync" || x.Name == "atomic")
}

// TestFilesAreShort keeps a file something that is read at one sitting.
func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{"node_modules", "dist", "bin", ".git", ".data"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".ts", ".tsx", ".css", ".sql", ".mjs"}, path.Ext(name)) {
			return nil
		}
		lines, generated, err := measure(name)
		if err == nil && lines > maxLines && !generated {
			t.Errorf("%s has %d lines, more than %d", name, lines, maxLines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// measure counts a file's lines and tells whether a program wrote it, as it
// then says near its top.
func measure(name string) (lines int, generated bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if lines++; lines < 6 && strings.Contains(strings.ToLower(s.Text()), "generated") {
			generated = true
		}
	}
	return lines, generated, s.Err()
}
