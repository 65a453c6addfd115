package document

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Printer makes documents into PDF with a Chromium that the machine has: the one
// engine at hand that sets Hebrew and Arabic, with their figures and Latin
// between, as readers expect. Fonts is a folder of the fonts to carry along
// (woff2), or nil for the machine's own.
//
// The page that Chromium is given is made here, holds no script and may load
// nothing. Each printing has a process and a folder of its own, which are gone
// when it ends; one runs at a time.
type Printer struct {
	Fonts fs.FS
	turn  chan struct{}
}

// NewPrinter makes a printer.
func NewPrinter(fonts fs.FS) *Printer { return &Printer{Fonts: fonts, turn: make(chan struct{}, 1)} }

// ErrNoPrinter says that the machine has no Chromium.
var ErrNoPrinter = errors.New("no Chromium to print with")

const printTime = time.Minute

// browsers are the names that Chromium goes by, in the order in which they are
// looked for.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Browser is the path of the Chromium that prints; ErrNoPrinter without one.
func Browser() (string, error) {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoPrinter
}

// PDF prints a document on A4 pages, numbered.
func (p *Printer) PDF(ctx context.Context, d Document) (pdf []byte, err error) {
	browser, err := Browser()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	style, err := p.style()
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := lay(&page, layout{Page: Page{Document: d}, Print: true, Style: style}); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "moked-print-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	source, printed := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(source, page.Bytes(), 0o600); err != nil {
		return nil, err
	}
	args := []string{
		"--headless=new", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage",
		"--no-first-run", "--no-default-browser-check", "--no-pdf-header-footer",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + printed, "file://" + source,
	}
	if os.Getuid() == 0 {
		args = slices.Insert(args, 0, "--no-sandbox") // Chromium's own refuses root
	}
	run := exec.CommandContext(ctx, browser, args...)
	run.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir)
	// Chromium is many processes: all of them end with it.
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run.Cancel = func() error { return syscall.Kill(-run.Process.Pid, syscall.SIGKILL) }
	run.WaitDelay = 5 * time.Second
	said, err := run.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("chromium: %w: %s", err, tail(said))
	}
	pdf, err = os.ReadFile(printed)
	if err != nil {
		return nil, fmt.Errorf("chromium printed nothing: %w: %s", err, tail(said))
	}
	return pdf, nil
}

func tail(said []byte) []byte { return said[max(0, len(said)-500):] }

// style is the page's style with the fonts in it.
func (p *Printer) style() (template.CSS, error) {
	css := &strings.Builder{}
	if p.Fonts != nil {
		names, err := fs.Glob(p.Fonts, "*.woff2")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			b, err := fs.ReadFile(p.Fonts, name)
			if err != nil {
				return "", err
			}
			// Each file has some of the letters: a family of its own, and the page
			// asks for all of them in turn.
			fmt.Fprintf(css, "@font-face{font-family:%q;font-weight:100 900;src:url(data:font/woff2;base64,%s) format(\"woff2\")}\n",
				family(name), base64.StdEncoding.EncodeToString(b))
		}
		var families []string
		for _, name := range names {
			families = append(families, fmt.Sprintf("%q", family(name)))
		}
		if len(families) > 0 {
			fmt.Fprintf(css, "%s\nbody{font-family:%s,\"Noto Sans Arabic\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n", pageCSS, strings.Join(families, ","))
			return template.CSS(css.String()), nil
		}
	}
	return template.CSS(pageCSS), nil
}

// family names a font by its file, without what the build adds to its name.
func family(file string) string {
	name := strings.TrimSuffix(file, ".woff2")
	if at := strings.LastIndex(name, "-"); at > 0 {
		name = name[:at]
	}
	return name
}
