package fieldapi

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// pages are the addresses that a built page answers, each with the file that
// does. Signing in is the page's own affair: it holds no data.
var pages = map[string]string{
	"/console":  "console/index.html",
	"/login":    "console/index.html",
	"/field":    "field/index.html",
	"/district": "district/index.html",
}

// fieldFiles are what the tablet's app is installed from. They keep their names
// from version to version, so they are asked for anew each time. The worker's
// scope is the page itself, which lies above the worker's own folder.
var fieldFiles = map[string]string{
	"sw.js":                 "text/javascript; charset=utf-8",
	"manifest.webmanifest":  "application/manifest+json",
	"icon.svg":              "image/svg+xml",
	"icon-192.png":          "image/png",
	"icon-512.png":          "image/png",
	"icon-maskable-512.png": "image/png",
}

// pageRoutes serves the built pages. Files under /assets/ carry their hash in
// their names and never change; a page is asked for anew each time.
func (a *api) pageRoutes(web fs.FS) {
	files := http.FileServerFS(web)
	a.open(http.MethodGet, "/assets/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if st, err := fs.Stat(web, name); err != nil || st.IsDir() || !strings.HasPrefix(name, "assets/") {
			writeProblem(w, problem(langOf(r.Context()), errNoPage))
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("Content-Type", typeOf(name))
		if serveCompressed(w, r, web, name) {
			return
		}
		files.ServeHTTP(w, r)
	})
	for address, file := range pages {
		page := func(w http.ResponseWriter, r *http.Request) {
			b, err := fs.ReadFile(web, file)
			if err != nil {
				http.Error(w, "The pages were not built: run make build.", http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
			_, _ = w.Write(b)
		}
		a.open(http.MethodGet, address, page)
		a.open(http.MethodGet, address+"/{rest...}", page)
	}
	for name, kind := range fieldFiles {
		a.open(http.MethodGet, "/field/"+name, func(w http.ResponseWriter, r *http.Request) {
			b, err := fs.ReadFile(web, "field/"+name)
			if err != nil {
				writeProblem(w, problem(langOf(r.Context()), errNoPage))
				return
			}
			h := w.Header()
			h.Set("Content-Type", kind)
			h.Set("Cache-Control", "no-cache")
			if name == "sw.js" {
				h.Set("Service-Worker-Allowed", "/field")
			}
			_, _ = w.Write(b)
		})
	}
	a.open(http.MethodGet, "/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/console", http.StatusFound)
	})
}

// serveCompressed answers with the .br or .gz file beside the one asked for,
// where the caller takes it.
func serveCompressed(w http.ResponseWriter, r *http.Request, web fs.FS, name string) bool {
	accepted := r.Header.Get("Accept-Encoding")
	for _, e := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !strings.Contains(accepted, e.coding) {
			continue
		}
		b, err := fs.ReadFile(web, name+e.suffix)
		if err != nil {
			continue
		}
		h := w.Header()
		h.Set("Content-Encoding", e.coding)
		h.Add("Vary", "Accept-Encoding")
		_, _ = w.Write(b)
		return true
	}
	return false
}

// fontsOf is where the build left the fonts that documents are printed with; nil
// without pages.
func fontsOf(web fs.FS) fs.FS {
	if web == nil {
		return nil
	}
	fonts, err := fs.Sub(web, "print")
	if err != nil {
		return nil
	}
	return fonts
}

func typeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".json":
		return "application/json"
	}
	return "application/octet-stream"
}
