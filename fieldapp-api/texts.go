package fieldapi

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed texts/*.json
var textFiles embed.FS

// Languages are those that texts exist in; the first is the default.
var languages = []language.Tag{language.Hebrew, language.English, language.Arabic, language.Russian}

var (
	bundle  = loadTexts()
	matcher = language.NewMatcher(languages)
)

func loadTexts() *i18n.Bundle {
	b := i18n.NewBundle(language.Hebrew)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(textFiles, "texts/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if _, err := b.LoadMessageFileFS(textFiles, name); err != nil {
			panic(err)
		}
	}
	return b
}

// text is the message of a key in a language; a key without a message is
// returned as it is, and a test sees to it that there is none.
func text(lang, key string, args map[string]any) string {
	s, err := i18n.NewLocalizer(bundle, lang, "he").Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: args,
	})
	if s == "" && err != nil {
		return key
	}
	return s
}

type langKey struct{}

// langOf is the caller's language: he, en, ar or ru.
func langOf(ctx context.Context) string {
	if l, ok := ctx.Value(langKey{}).(string); ok {
		return l
	}
	return "he"
}

func withLang(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// askedLang is the best of our languages for the request's Accept-Language.
func askedLang(r *http.Request) string {
	h := r.Header.Get("Accept-Language")
	if h == "" || len(h) > 200 {
		return "he"
	}
	tags, _, err := language.ParseAcceptLanguage(h)
	if err != nil || len(tags) == 0 {
		return "he"
	}
	_, i, _ := matcher.Match(tags...)
	base, _ := languages[i].Base()
	return base.String()
}
