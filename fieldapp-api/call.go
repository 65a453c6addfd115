package fieldapi

import (
	"context"
	"net/http"

	"golang.org/x/text/language"

	"moked/dispatch"
)

// call is one request under way: who asks, and the exchange itself.
type call struct {
	who   dispatch.Actor
	again identify // finds out anew who it is, for what outlives the request
	shut  error    // why the caller is let in no further than everybody is
	w     http.ResponseWriter
	r     *http.Request
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// actorOf is who asks; a caller who didn't say is the public.
func actorOf(ctx context.Context) dispatch.Actor {
	if c := callOf(ctx); c != nil {
		return c.who
	}
	return dispatch.Actor{Role: dispatch.Public}
}

// langOf is the caller's language, he, en, ar or ru: the one that the request
// asks for, or else that of the person's screens.
func langOf(ctx context.Context) string {
	c := callOf(ctx)
	if c == nil {
		return defaultLang
	}
	return c.lang()
}

func (c *call) lang() string {
	if h := c.r.Header.Get("Accept-Language"); h != "" {
		return askedLang(h)
	}
	if c.who.Lang != "" {
		return c.who.Lang
	}
	return defaultLang
}

// askedLang is the best of our languages for an Accept-Language header.
func askedLang(header string) string {
	if len(header) > 200 {
		return defaultLang
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return defaultLang
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return defaultLang
	}
	base, _ := languages[i].Base()
	return base.String()
}
