package fieldapi

import (
	"embed"
	"encoding/json"
	"io/fs"
	"maps"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed texts/*.json
var textFiles embed.FS

// Languages are those that texts exist in; the first is the default.
var languages = []language.Tag{language.Hebrew, language.English, language.Arabic, language.Russian}

const defaultLang = "he"

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

// text is the message of a key in a language, with the placeholders filled.
// What an action or a state is called is looked up too. A key without a
// message is returned as it is, and a test sees to it that there is none.
func text(lang, key string, args map[string]any) string {
	spoken, copied := args, false
	for name, value := range args {
		word, ok := value.(string)
		if !ok {
			continue
		}
		if said := message(lang, name+"."+word, nil); said != "" {
			if !copied {
				spoken, copied = maps.Clone(args), true
			}
			spoken[name] = said
		}
	}
	if s := message(lang, key, spoken); s != "" {
		return s
	}
	return key
}

// message is "" where there is none.
func message(lang, key string, args map[string]any) string {
	s, err := i18n.NewLocalizer(bundle, lang, defaultLang).Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return ""
	}
	return s
}
