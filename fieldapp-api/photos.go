package fieldapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/photo"
)

// uploadOffset says from which byte on an upload is to be gone on with.
const uploadOffset = "Upload-Offset"

// photoRoutes take and give photos by the SHA-256 of their bytes.
func (a *api) photoRoutes() {
	put := huma.Operation{
		Method: http.MethodPut, Path: "/api/v1/photos/{sha256}", OperationID: "put-photo", Summary: "Send a photo, whole or in pieces",
		Description: "JPEG, PNG, WebP or HEIC of at most 40 MB, whatever the Content-Type says. A piece carries Content-Range: bytes a-b/total and is answered " +
			"with 202 and Upload-Offset, from where on the next is wanted, until the last. What came of a body that broke off is kept. " +
			"When this answers with stored: true, the photo is on disk and may be deleted where it came from. Sending it again does no harm.",
		Responses: a.photoAnswers(),
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}},
	}
	put.Parameters = []*huma.Param{sumParam(), {Name: "Content-Range", In: "header", Description: "bytes a-b/total, for a piece", Schema: &huma.Schema{Type: huma.TypeString}}}
	a.plain(may(dispatch.PhotoSend), put, a.putPhoto)

	head := huma.Operation{
		Method: http.MethodHead, Path: "/api/v1/photos/{sha256}", OperationID: "photo-offset", Summary: "How far one's upload of a photo has come",
		Description: "200 with Upload-Offset for one that isn't whole, 200 with its Content-Length for one that is stored, 404 for one that is to be sent from its beginning. " +
			"One whose offset is its end has all come and isn't acknowledged yet: sending any piece of it again brings the acknowledgement.",
		Parameters: []*huma.Param{sumParam()},
		Responses:  map[string]*huma.Response{"200": {Description: "Begun, or stored"}},
	}
	a.plain(may(dispatch.PhotoSend), head, a.photoOffset)

	get := get("/api/v1/photos/{sha256}", "photo", "A photo")
	get.Description = "view fits into 1600 pixels and map into 320: upright JPEGs without metadata. original is the file as it came, for the authority's own people, " +
		"and always a download. A resident, by the token of their report, has the photos after the work where the category publishes them."
	get.Responses = binary("image/jpeg", "The picture")
	for _, m := range []photo.MIME{photo.PNG, photo.WebP, photo.HEIC} {
		get.Responses["200"].Content[string(m)] = get.Responses["200"].Content["image/jpeg"]
	}
	get.Parameters = []*huma.Param{sumParam(), {
		Name: "size", In: "query", Description: "view, map or original (view)", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"view", "map", "original"}},
	}}
	a.plain(may(dispatch.PhotoRead), get, a.photo)
}

func sumParam() *huma.Param {
	return &huma.Param{Name: "sha256", In: "path", Required: true, Description: "The SHA-256 of the photo's bytes, in small hexadecimal digits", Schema: &huma.Schema{Type: huma.TypeString}}
}

// photoAnswers describes what sending a photo is answered with.
func (a *api) photoAnswers() map[string]*huma.Response {
	schemas := a.huma.OpenAPI().Components.Schemas
	stored := map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[desk.Photo](), true, "Photo")}}
	problem := map[string]*huma.MediaType{"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}}
	offset := map[string]*huma.Param{uploadOffset: {Description: "The byte that is wanted next", Schema: &huma.Schema{Type: huma.TypeInteger}}}
	all := map[string]*huma.Response{
		"200": {Description: "It was stored already", Content: stored},
		"201": {Description: "It is stored", Content: stored},
		"202": {Description: "The piece is kept", Headers: offset},
		"409": {Description: "The piece doesn't follow what is there", Headers: offset, Content: problem},
	}
	for _, status := range []int{400, 408, 413, 415, 503} {
		all[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: problem}
	}
	return all
}

func (a *api) putPhoto(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	piece, err := pieceOf(r)
	if err != nil {
		return err
	}
	if piece == nil && r.ContentLength > photo.MaxBytes {
		return photo.TooHeavy()
	}
	up, err := a.desk.PutPhoto(r.Context(), who, r.PathValue("sha256"), piece, &patient{r.Body, http.NewResponseController(w)})
	var wrong *dispatch.Error
	switch {
	case errors.As(err, &wrong) && wrong.Code == dispatch.WrongOffset:
		w.Header().Set(uploadOffset, fmt.Sprint(wrong.Args["offset"]))
		return err
	case brokeOff(err):
		return unreadable(err)
	case err != nil:
		return err
	}
	if up.Photo == nil {
		w.Header().Set(uploadOffset, strconv.FormatInt(up.Offset, 10))
		w.WriteHeader(http.StatusAccepted)
		return nil
	}
	w.Header().Set("Content-Type", "application/json")
	if up.New {
		w.WriteHeader(http.StatusCreated)
	}
	return json.NewEncoder(w).Encode(up.Photo)
}

// pieceOf reads Content-Range; nil is a request for the whole.
func pieceOf(r *http.Request) (*desk.Piece, error) {
	h := r.Header.Get("Content-Range")
	if h == "" {
		return nil, nil
	}
	bad := dispatch.Bad("Content-Range", desk.KeyBadRange)
	span, total, ok := strings.Cut(strings.TrimPrefix(h, "bytes "), "/")
	first, last, ok2 := strings.Cut(span, "-")
	if !ok || !ok2 || !strings.HasPrefix(h, "bytes ") {
		return nil, bad
	}
	var n [3]int64
	for i, s := range []string{first, last, total} {
		v, err := strconv.ParseUint(strings.TrimSpace(s), 10, 62)
		if err != nil {
			return nil, bad
		}
		n[i] = int64(v)
	}
	p := desk.Piece{First: n[0], Bytes: n[1] - n[0] + 1, Total: n[2]}
	if r.ContentLength >= 0 && r.ContentLength != p.Bytes {
		return nil, bad
	}
	return &p, nil
}

// patient reads a body for as long as something of it comes.
type patient struct {
	body    io.Reader
	control *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(bodyTime))
	n, err := p.body.Read(b)
	if err != nil {
		_ = p.control.SetReadDeadline(time.Time{})
		if !errors.Is(err, io.EOF) {
			err = &bodyError{err}
		}
	}
	return n, err
}

// bodyError tells what went wrong with a body apart from what went wrong here,
// where a database that went away is an io.ErrUnexpectedEOF too.
type bodyError struct{ error }

func (e *bodyError) Unwrap() error { return e.error }

func brokeOff(err error) bool {
	var broken *bodyError
	return errors.As(err, &broken)
}

func (a *api) photoOffset(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	up, err := a.desk.PhotoOffset(r.Context(), who, r.PathValue("sha256"))
	if err != nil {
		return err
	}
	if up.Photo != nil {
		w.Header().Set("Content-Type", up.Photo.MIME)
		w.Header().Set("Content-Length", strconv.FormatInt(up.Photo.Bytes, 10))
		return nil
	}
	w.Header().Set(uploadOffset, strconv.FormatInt(up.Offset, 10))
	return nil
}

func (a *api) photo(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	sum, size := r.PathValue("sha256"), desk.PhotoSize(r.URL.Query().Get("size"))
	if size == "" {
		size = desk.PhotoView
	}
	f, err := a.desk.OpenPhoto(r.Context(), who, sum, size)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", f.MIME)
	h.Set("ETag", `"`+sum+"-"+string(size)+`"`)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if size == desk.PhotoOriginal {
		h.Set("Content-Disposition", `attachment; filename="`+sum[:16]+extensions[photo.MIME(f.MIME)]+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

var extensions = map[photo.MIME]string{photo.JPEG: ".jpg", photo.PNG: ".png", photo.WebP: ".webp", photo.HEIC: ".heic"}
