package fieldapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// asDescribed fails the test when an answer isn't what openapi.yaml says of
// it. Every answer that a test gets goes through here.
func (s *server) asDescribed(method, path string, w *http.Response, b []byte) {
	s.t.Helper()
	path, _, _ = strings.Cut(path, "?")
	o := s.api.huma.OpenAPI()
	op := operation(o, method, path)
	if op == nil || method == http.MethodHead || w.StatusCode == http.StatusSwitchingProtocols {
		return
	}
	described := op.Responses[strconv.Itoa(w.StatusCode)]
	if described == nil {
		switch w.StatusCode {
		case http.StatusNotModified, http.StatusNoContent, http.StatusUpgradeRequired, http.StatusNotFound, http.StatusBadRequest,
			http.StatusUnsupportedMediaType, http.StatusForbidden, http.StatusUnauthorized:
			return // any route may answer so
		}
		s.t.Errorf("%s %s answered %d, which isn't described: %.300s", method, path, w.StatusCode, b)
		return
	}
	mediaType, _, _ := strings.Cut(w.Header.Get("Content-Type"), ";")
	content := described.Content[mediaType]
	if len(described.Content) > 0 && content == nil {
		s.t.Errorf("%s %s answered %d with %q, which isn't described", method, path, w.StatusCode, mediaType)
		return
	}
	if content == nil || !strings.HasSuffix(mediaType, "json") || content.Schema.Format == "binary" {
		return
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		s.t.Errorf("%s %s: %v", method, path, err)
		return
	}
	result := &huma.ValidateResult{}
	huma.Validate(o.Components.Schemas, content.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, result)
	for _, err := range result.Errors {
		s.t.Errorf("%s %s isn't as described: %v", method, path, err)
	}
}

// operation finds what describes a request: of the paths that fit, the one
// with the fewest parameters.
func operation(o *huma.OpenAPI, method, path string) (op *huma.Operation) {
	fewest := len(path)
	for template, item := range o.Paths {
		if n := strings.Count(template, "{"); fits(template, path) && n < fewest {
			fewest = n
			op = map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PATCH": item.Patch, "DELETE": item.Delete, "PUT": item.Put, "HEAD": item.Head}[method]
		}
	}
	return op
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}
