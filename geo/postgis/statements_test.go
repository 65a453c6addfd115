package postgis_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"moked/migrations/dbtest"
)

// Every constant of the package that is a statement, and not a piece of
// another one, is prepared on a migrated database.
func TestEveryStatementPrepares(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	ctx := t.Context()
	tx, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	found := statements(t, ".")
	if _, err := tx.Exec(ctx, found["createStaged"]); err != nil {
		t.Fatal(err)
	}
	delete(found, "createStaged")
	if len(found) < 20 {
		t.Fatalf("only %d statements found", len(found))
	}
	for name, sql := range found {
		err := pgx.BeginFunc(ctx, tx, func(sub pgx.Tx) error {
			_, err := sub.Prepare(ctx, name, sql)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// statements reads a package's constants that hold SQL.
func statements(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	exprs, pieces := map[string]ast.Expr{}, map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, v := range spec.Values {
					exprs[spec.Names[i].Name] = v
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
			pieces[e.Name] = true
			return text(exprs[e.Name])
		case *ast.BinaryExpr:
			a, okA := text(e.X)
			b, okB := text(e.Y)
			return a + b, okA && okB
		}
		return "", false
	}
	found := map[string]string{}
	for name, e := range exprs {
		if s, ok := text(e); ok && isStatement(s) {
			found[name] = s
		}
	}
	for name := range pieces {
		delete(found, name)
	}
	return found
}

func isStatement(s string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	switch strings.ToLower(first) {
	case "select", "insert", "update", "delete", "with", "create":
		return strings.Contains(s, "\n") || strings.Contains(s, " from ") || strings.HasPrefix(s, "select ")
	}
	return false
}
