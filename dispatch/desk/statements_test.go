package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"moked/migrations/dbtest"
)

var (
	isStatement = regexp.MustCompile(`^\s*(select|insert into|update|delete from|with|create temporary table)\s`)
	makesTable  = regexp.MustCompile(`^\s*create temporary table\s`)
)

// TestEveryStatementPrepares prepares every string in the sources of the desk,
// the feed and the history that is a statement on a migrated database.
func TestEveryStatementPrepares(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	conn, err := pgx.ConnectConfig(t.Context(), pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for dir, least := range map[string]int{".": 60, "../feed": 8, "../history": 3} {
		all := statements(t, dir)
		if len(all) < least {
			t.Errorf("%s: only %d statements were found", dir, len(all))
		}
		// What a transaction keeps for itself is made first; one may be made of another.
		for range 2 {
			for _, sql := range all {
				if makesTable.MatchString(sql) {
					_, _ = conn.Exec(t.Context(), strings.Replace(sql, "on commit drop", "", 1))
				}
			}
		}
		for where, sql := range all {
			if makesTable.MatchString(sql) {
				continue
			}
			if _, err := conn.Prepare(t.Context(), "", sql); err != nil {
				t.Errorf("%s: %v\n%s", where, err, sql)
			}
		}
	}
}

// statements evaluates the string constants and literals of a package's
// sources, and keeps those that are statements by where they stand.
func statements(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	values := map[string]ast.Expr{}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(set, name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					values[name.Name] = spec.Values[i]
				}
			}
			return true
		})
	}
	var text func(e ast.Expr) (string, bool)
	text = func(e ast.Expr) (string, bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(e.Value)
			return s, err == nil && e.Kind == token.STRING
		case *ast.Ident:
			v, ok := values[e.Name]
			if !ok {
				return "", false
			}
			return text(v)
		case *ast.BinaryExpr:
			a, okA := text(e.X)
			b, okB := text(e.Y)
			return a + b, okA && okB
		}
		return "", false
	}
	found := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			s, ok := text(e)
			if !ok {
				return true
			}
			if isStatement.MatchString(s) {
				found[set.Position(e.Pos()).String()] = s
			}
			return false // its parts are no statements of their own
		})
	}
	return found
}
