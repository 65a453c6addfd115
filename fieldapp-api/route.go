package fieldapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

// access says who may call a route: everybody, all who work for the authority,
// or the actors to whom the policy gives a permission. Within a route, the
// desk checks the object's own scope.
type access struct {
	permission dispatch.Permission
	kind       string
}

func everybody() access                { return access{kind: "everybody"} }
func signedInOnly() access             { return access{kind: "signed in"} }
func may(p dispatch.Permission) access { return access{p, "permission"} }

// allows says whether the access lets a role in.
func (c access) allows(r dispatch.Role) bool {
	switch c.kind {
	case "everybody":
		return true
	case "signed in":
		return r != dispatch.Public && r != dispatch.Resident
	}
	return r.Grants(c.permission)
}

// check returns the refusal of a caller whom the access doesn't allow.
func (c access) check(who dispatch.Actor) error {
	switch {
	case c.kind == "everybody":
		return nil
	case !c.allows(who.Role) && who.Role == dispatch.Public:
		return errUnauthenticated("sign-in")
	case !c.allows(who.Role), c.kind == "permission" && !who.Holds(c.permission):
		return &dispatch.Error{Code: dispatch.Forbidden, Key: "forbidden-role"}
	case who.Authority == "":
		return dispatch.Bad(authorityParam, "which-authority")
	}
	return nil
}

// routeInfo is what the test of all routes walks.
type routeInfo struct {
	method, path string
	access       access
}

// route registers a described route of the API. An input's fields with path,
// query, header or cookie tags are parameters; its field In is the body.
//
// Who asks is settled before the input is read, so that a stranger learns
// nothing from the way it is refused. Bodies are read here and not by the
// library, which would call a broken transfer our fault.
func route[I, O any](a *api, c access, op huma.Operation, h func(context.Context, dispatch.Actor, *I) (*O, error)) {
	a.routes = append(a.routes, routeInfo{op.Method, "/api/v1" + op.Path, c})
	a.describe(&op, c)
	op.Path = "/api/v1" + op.Path
	op.Middlewares = append(op.Middlewares, func(hc huma.Context, next func(huma.Context)) {
		if err := a.admit(hc.Context(), c); err != nil {
			a.refuse(hc, problemFrom(hc.Context(), a.log, err))
			return
		}
		next(hc)
	})
	in, hasBody := reflect.TypeFor[I]().FieldByName("In")
	huma.Register(a.huma, op, func(ctx context.Context, input *I) (*O, error) {
		if hasBody {
			v := reflect.ValueOf(input).Elem().FieldByIndex(in.Index).Addr().Interface()
			if err := a.readBody(callOf(ctx), v); err != nil {
				return nil, problemFrom(ctx, a.log, err)
			}
		}
		out, err := h(ctx, actorOf(ctx), input)
		if err != nil {
			return nil, problemFrom(ctx, a.log, err)
		}
		return out, nil
	})
	if hasBody {
		a.describeBody(op, in.Type)
	}
}

// plain registers a route that speaks something else than JSON; op describes
// it for outside programs, if they are to know it.
func (a *api) plain(c access, op huma.Operation, h func(http.ResponseWriter, *http.Request, dispatch.Actor) error) {
	a.routes = append(a.routes, routeInfo{op.Method, op.Path, c})
	a.mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		err := a.admit(r.Context(), c)
		if err == nil {
			err = h(w, r, actorOf(r.Context()))
		}
		if isCode(err, codeUnauthenticated) && wantsPage(r) {
			// A person's browser: the page comes after signing in.
			http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusFound)
			return
		}
		if err != nil {
			writeProblem(w, problemFrom(r.Context(), a.log, err))
		}
	})
	if op.Summary != "" {
		a.describe(&op, c)
		a.huma.OpenAPI().AddOperation(&op)
	}
}

// wantsPage tells a person's browser from a program.
func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// open registers a route that everybody may call and that writes its own
// answer. A method "" is all of them.
func (a *api) open(method, path string, h http.HandlerFunc) {
	a.routes = append(a.routes, routeInfo{method, path, everybody()})
	a.mux.HandleFunc(strings.TrimSpace(method+" "+path), h)
}

// admit checks who asks, and that the address can be text.
func (a *api) admit(ctx context.Context, c access) error {
	k := callOf(ctx)
	if k.shut != nil && c.kind != "everybody" {
		return k.shut
	}
	if err := c.check(k.who); err != nil {
		return err
	}
	return checkAddress(k.r.URL)
}

// refuse answers a described route's caller with a problem.
func (a *api) refuse(hc huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		hc.SetHeader(name, values[0])
	}
	_ = huma.WriteErr(a.huma, hc, p.Status, p.Title, p)
}

func isCode(err error, codes ...dispatch.Code) bool {
	var e *dispatch.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}

// body wraps an answer for the library.
type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

func get(path, id, summary string) huma.Operation {
	return huma.Operation{Method: http.MethodGet, Path: path, OperationID: id, Summary: summary}
}

func patch(path, id, summary string) huma.Operation {
	return huma.Operation{Method: http.MethodPatch, Path: path, OperationID: id, Summary: summary}
}

// post is a POST that makes something.
func post(path, id, summary string) huma.Operation {
	return huma.Operation{Method: http.MethodPost, Path: path, OperationID: id, Summary: summary, DefaultStatus: http.StatusCreated}
}

// okPost is a POST that changes something there already is.
func okPost(path, id, summary string) huma.Operation {
	op := post(path, id, summary)
	op.DefaultStatus = http.StatusOK
	return op
}
