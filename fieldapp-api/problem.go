package fieldapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

// Problem is an error as RFC 9457 has it. Code is stable, for programs;
// Detail is for people, in the caller's language. Field is the path of the
// offending input. Current is the object as it stands when the request was
// made on an old version of it.
type Problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Code    dispatch.Code  `json:"code"`
	Key     string         `json:"key,omitempty"`
	Field   string         `json:"field,omitempty"`
	Args    map[string]any `json:"args,omitempty"`
	Current any            `json:"current,omitempty"`
	// basic says that a name and a password are taken too.
	basic bool
}

// Error and the two methods after it make Problem a huma.StatusError.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are the headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Code {
	case dispatch.TooMany:
		h.Set("Retry-After", "10")
	case dispatch.Unavailable:
		h.Set("Retry-After", "2")
	case codeUnauthenticated:
		h.Set("WWW-Authenticate", "Bearer")
		if p.basic {
			h.Add("WWW-Authenticate", `Basic realm="Moked", charset="UTF-8"`)
		}
	}
	return h
}

// Codes that are the transport's and not a decision's.
const (
	codeUnauthenticated dispatch.Code = "unauthenticated"
	codeMalformed       dispatch.Code = "malformed"
	codeTimeout         dispatch.Code = "timeout"
	codeMethod          dispatch.Code = "method"
	codeUpgrade         dispatch.Code = "upgrade"
	codeInternal        dispatch.Code = "internal"
)

var (
	errInternal = &dispatch.Error{Code: codeInternal, Key: "internal"}
	errNoPage   = &dispatch.Error{Code: dispatch.NotFound, Key: "no-such-page"}
)

var statusOf = map[dispatch.Code]int{
	dispatch.Invalid:     http.StatusUnprocessableEntity,
	dispatch.NotFound:    http.StatusNotFound,
	dispatch.Forbidden:   http.StatusForbidden,
	dispatch.Stale:       http.StatusConflict,
	dispatch.Conflict:    http.StatusConflict,
	dispatch.KeyReused:   http.StatusConflict,
	dispatch.TooMany:     http.StatusTooManyRequests,
	dispatch.Unavailable: http.StatusServiceUnavailable,
	codeUnauthenticated:  http.StatusUnauthorized,

	dispatch.DeviceRevoked: http.StatusUnauthorized,
	codeMalformed:          http.StatusBadRequest,
	codeTimeout:            http.StatusRequestTimeout,
	codeMethod:             http.StatusMethodNotAllowed,
	codeUpgrade:            http.StatusUpgradeRequired,
	codeInternal:           http.StatusInternalServerError,

	dispatch.MediaType:    http.StatusUnsupportedMediaType,
	dispatch.TooLarge:     http.StatusRequestEntityTooLarge,
	dispatch.WrongOffset:  http.StatusConflict,
	dispatch.HashMismatch: http.StatusUnprocessableEntity,
}

// problemFrom turns any error into what the caller is told. An error that is
// not a refusal is logged in full and told as an internal one.
func problemFrom(ctx context.Context, log *slog.Logger, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var e *dispatch.Error
	if !errors.As(err, &e) {
		if passing(err) {
			log.WarnContext(ctx, "request put off", "err", err)
			e = &dispatch.Error{Code: dispatch.Unavailable, Key: "unavailable"}
		} else {
			log.ErrorContext(ctx, "request failed", "err", err)
			e = errInternal
		}
	}
	return problem(langOf(ctx), e)
}

// passing reports whether an error is of a kind that trying again helps: time
// ran out, or the database is away, stopping or full.
func passing(err error) bool {
	var (
		network net.Error
		state   interface{ SQLState() string }
		unsent  interface{ SafeToRetry() bool }
	)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	case errors.As(err, &unsent) && unsent.SafeToRetry():
		return true // the connection was gone before anything was sent
	case errors.As(err, &state) && len(state.SQLState()) == 5:
		class := state.SQLState()[:2]
		return class == "08" || class == "53" || class == "57"
	}
	return false
}

func problem(lang string, e *dispatch.Error) *Problem {
	status, ok := statusOf[e.Code]
	if !ok {
		status = http.StatusBadRequest
	}
	return &Problem{
		Type:    "about:blank",
		Title:   text(lang, "code."+string(e.Code), nil),
		Status:  status,
		Detail:  text(lang, e.Key, e.Args),
		Code:    e.Code,
		Key:     e.Key,
		Field:   e.Field,
		Args:    e.Args,
		Current: e.Current,
	}
}

// writeProblem answers outside of the described routes: pages, tiles, feed.
func writeProblem(w http.ResponseWriter, p *Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// The library makes its own errors for parameters that do not fit a route's
// description; this gives them the house's shape and language. Its lists are
// never null, as ours aren't.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		ctx := context.Background()
		if hc != nil {
			ctx = hc.Context()
		}
		return problemOfLibrary(ctx, status, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return problemOfLibrary(context.Background(), status, msg, errs)
	}
}

func problemOfLibrary(ctx context.Context, status int, msg string, errs []error) huma.StatusError {
	e := &dispatch.Error{Code: codeInternal, Key: "internal"}
	switch {
	case status == http.StatusUnprocessableEntity:
		e = &dispatch.Error{Code: dispatch.Invalid, Key: "invalid"}
	case status < 500:
		e = &dispatch.Error{Code: codeMalformed, Key: "malformed"}
	}
	for _, err := range errs {
		var (
			p *Problem
			d *huma.ErrorDetail
		)
		if errors.As(err, &p) {
			return p
		}
		if errors.As(err, &d) && status < 500 {
			// The library's own sentence is English; it names the rule.
			e.Key, e.Field, e.Args = "invalid-field", fieldOf(d.Location), map[string]any{"field": fieldOf(d.Location), "rule": d.Message}
			break
		}
	}
	return problem(langOf(ctx), e)
}

func fieldOf(location string) string {
	for _, prefix := range []string{"body.", "query.", "path.", "header."} {
		if rest, ok := strings.CutPrefix(location, prefix); ok {
			return rest
		}
	}
	return location
}
