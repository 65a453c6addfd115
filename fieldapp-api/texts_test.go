package fieldapi

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/history"
	"moked/dispatch/photo"
)

func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := fs.ReadFile(textFiles, "texts/"+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

var placeholder = regexp.MustCompile(`{{\.\w+}}`)

// TestTextsAreComplete has every language say the same things, with the same
// placeholders.
func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	he := texts(t, "he")
	for _, lang := range []string{"en", "ar", "ru"} {
		other := texts(t, lang)
		for key, said := range he {
			spots := func(s string) []string { return slices.Sorted(slices.Values(placeholder.FindAllString(s, -1))) }
			switch o, ok := other[key]; {
			case !ok:
				t.Errorf("%s lacks %s", lang, key)
			case o == "" || said == "":
				t.Errorf("%s of %s is empty", key, lang)
			case !slices.Equal(spots(o), spots(said)):
				t.Errorf("%s of %s fills %v, in Hebrew %v", key, lang, spots(o), spots(said))
			}
		}
		for key := range other {
			if _, ok := he[key]; !ok {
				t.Errorf("%s has %s, which Hebrew lacks", lang, key)
			}
		}
	}
}

// TestEveryKeyHasAText looks for the keys that errors carry: those that the
// rooms list, and those that stand in the code.
func TestEveryKeyHasAText(t *testing.T) {
	t.Parallel()
	he := texts(t, "he")
	used := map[string]bool{}
	keys := slices.Concat(dispatch.ErrorKeys(), desk.ErrorKeys(), photo.ErrorKeys(), history.ErrorKeys())
	for code := range statusOf {
		keys = append(keys, "code."+string(code))
	}
	for _, a := range dispatch.Actions() {
		keys = append(keys, "action."+string(a))
	}
	for _, dir := range []string{".", "../dispatch", "../dispatch/desk", "../dispatch/feed", "../dispatch/history", "ogc"} {
		keys = append(keys, keysIn(t, dir)...)
	}
	for _, key := range keys {
		used[key] = true
		if he[key] == "" {
			t.Errorf("%q has no text", key)
		}
	}
	for key := range maps.Keys(he) {
		word := slices.ContainsFunc([]string{"action.", "state.", "kind.", "fault.", "merge.", "op.", "charter.", "review.", "ogc.", "open."}, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !word {
			t.Errorf("nothing says %q", key)
		}
	}
}

// keysIn finds the texts' keys in a folder's code: Key: "…" in errors, the
// last argument of dispatch.Bad, errUnauthenticated's and what kindText gives.
func keysIn(t *testing.T, dir string) (keys []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no code in %s", dir)
	}
	literal := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil {
				keys = append(keys, s)
			}
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if !strings.HasSuffix(exprName(n.Type), "Error") {
					return true
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && exprName(kv.Key) == "Key" {
						literal(kv.Value)
					}
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if s, ok := l.(*ast.SelectorExpr); ok && s.Sel.Name == "Key" && i < len(n.Rhs) {
						literal(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				switch exprName(n.Fun) {
				case "dispatch.Bad", "Bad", "errUnauthenticated":
					literal(n.Args[len(n.Args)-1])
				}
			case *ast.FuncDecl:
				if n.Name.Name != "kindText" {
					return true
				}
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok {
						literal(r.Results[0])
					}
					return true
				})
			}
			return true
		})
	}
	return keys
}

func exprName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return exprName(e.X) + "." + e.Sel.Name
	}
	return ""
}

func TestTextFillsPlaceholders(t *testing.T) {
	t.Parallel()
	args := map[string]any{"action": "accept", "state": "done"}
	for lang, want := range map[string]string{
		"he": `אי אפשר לבצע „קבלה” כשהמשימה במצב „הושלמה”.`,
		"en": `"accept" is not possible while the job is done.`,
	} {
		if got := text(lang, dispatch.KeyJobStep, args); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
	if args["action"] != "accept" {
		t.Error("the arguments were changed")
	}
}

func TestAskedLang(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"he": "he", "he-IL,he;q=0.9,en;q=0.8": "he", "en-US,en;q=0.5": "en", "ar-EG": "ar", "ru": "ru",
		"fr-FR,en;q=0.3": "en", "zh": "he", "*": "he", ";;;": "he", strings.Repeat("en,", 100): "he", "": "he",
	} {
		if got := askedLang(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
