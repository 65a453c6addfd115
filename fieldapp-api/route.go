package fieldapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

// access says who may call a route: everybody, or the actors to whom the
// policy gives the permission. Within a route, the desk checks the object's
// own scope.
type access struct {
	everybody  bool
	permission dispatch.Permission
}

func everybody() access                       { return access{everybody: true} }
func may(p dispatch.Permission) access        { return access{permission: p} }
func (c access) allows(w dispatch.Actor) bool { return c.everybody || w.Can(c.permission) }

// routeInfo is what the test of all routes walks.
type routeInfo struct {
	method, path string
	access       access
}

// check returns the refusal of a caller whom the access doesn't allow.
func (c access) check(who dispatch.Actor) error {
	if c.allows(who) {
		return nil
	}
	if who.Role == dispatch.Public {
		return errUnauthenticated("sign-in")
	}
	return &dispatch.Error{Code: dispatch.Forbidden, Key: "forbidden-role"}
}

// route registers a described route of the API.
func route[I, O any](a *api, c access, op huma.Operation, h func(context.Context, dispatch.Actor, *I) (*O, error)) {
	a.routes = append(a.routes, routeInfo{op.Method, op.Path, c})
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	if c.everybody {
		op.Security = nil
	}
	op.Path = "/api/v1" + op.Path
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxBody
	}
	op.Errors = append(op.Errors, http.StatusUnprocessableEntity)
	// Who asks is settled before the input is read, so that a stranger learns
	// nothing from the way a body is refused.
	op.Middlewares = append(op.Middlewares, func(hc huma.Context, next func(huma.Context)) {
		if err := c.check(actorOf(hc.Context())); err != nil {
			p := problemFrom(hc.Context(), a.log, err)
			_ = huma.WriteErr(a.huma, hc, p.Status, p.Title, p)
			return
		}
		next(hc)
	})
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, actorOf(ctx), in)
		if err != nil {
			return nil, problemFrom(ctx, a.log, err)
		}
		return out, nil
	})
}

// plain registers a route that speaks something else than JSON.
func (a *api) plain(c access, method, path string, h func(http.ResponseWriter, *http.Request, dispatch.Actor) error) {
	a.routes = append(a.routes, routeInfo{method, path, c})
	a.mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		who := actorOf(r.Context())
		err := c.check(who)
		if err == nil {
			err = h(w, r, who)
		}
		if err != nil {
			writeProblem(w, problemFrom(r.Context(), a.log, err))
		}
	})
}

func isCode(err error, code dispatch.Code) bool {
	var e *dispatch.Error
	return errors.As(err, &e) && e.Code == code
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

func post(path, id, summary string) huma.Operation {
	return huma.Operation{Method: http.MethodPost, Path: path, OperationID: id, Summary: summary}
}
