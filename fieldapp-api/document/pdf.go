package document

import (
	"bytes"
	"cmp"
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

// style is the page's style with the fonts in it. A font's file is named by its
// family, its letters and its weight (noto-sans-hebrew-latin-700-normal.woff2).
// Each has some of the letters only, so that it is a family of its own here, and
// the page asks for all of them in turn.
func (p *Printer) style() (template.CSS, error) {
	css := &strings.Builder{}
	css.WriteString(pageCSS)
	if p.Fonts == nil {
		return template.CSS(css.String()), nil
	}
	names, err := fs.Glob(p.Fonts, "*-normal.woff2")
	if err != nil {
		return "", err
	}
	var families []string
	for _, name := range names {
		b, err := fs.ReadFile(p.Fonts, name)
		if err != nil {
			return "", err
		}
		family, weight := strings.TrimSuffix(name, "-normal.woff2"), "400"
		if at := strings.LastIndex(family, "-"); at > 0 {
			family, weight = family[:at], family[at+1:]
		}
		fmt.Fprintf(css, "@font-face{font-family:%q;font-weight:%s;src:url(data:font/woff2;base64,%s)}\n", family, weight, base64.StdEncoding.EncodeToString(b))
		if !slices.Contains(families, fmt.Sprintf("%q", family)) {
			families = append(families, fmt.Sprintf("%q", family))
		}
	}
	// Hebrew's letters and Latin's come with figures that go together.
	slices.SortStableFunc(families, func(a, b string) int {
		return cmp.Compare(strings.Count(b, "hebrew"), strings.Count(a, "hebrew"))
	})
	if len(families) > 0 {
		fmt.Fprintf(css, "body{font-family:%s,sans-serif}\n", strings.Join(families, ","))
	}
	return template.CSS(css.String()), nil
}
