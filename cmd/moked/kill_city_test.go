package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// killable is a small made-up city in a data folder of its own, with real
// processes of the real program, which a test may kill.
type killable struct {
	t     *testing.T
	bin   string
	dir   string
	token string // a dispatcher's
}

const killableCode = "demo"

// newKillable builds the program and makes the city.
func newKillable(t *testing.T) *killable {
	t.Helper()
	c := &killable{t: t, bin: filepath.Join(t.TempDir(), "moked")}
	if out, err := exec.Command("go", "build", "-o", c.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dir, err := os.MkdirTemp("", "moked-kill-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // PostgreSQL may run as another user
	}
	if err != nil {
		t.Fatal(err)
	}
	c.dir = dir
	t.Cleanup(c.remove)
	c.start("demo", "--quiet", "--past", "0", "--population", "20000").end()
	out, err := exec.Command(c.bin, "token", "create", "--authority", killableCode, "--role", "dispatcher", "--data", dir).Output()
	if err != nil {
		t.Fatalf("moked token create: %v", err)
	}
	lines := strings.Fields(string(out))
	c.token = lines[len(lines)-1]
	return c
}

// remove ends the city's database, which by then nobody uses, and its folder.
func (c *killable) remove() {
	for range 500 {
		if c.postmaster() == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if pid := c.postmaster(); pid != 0 {
		c.t.Error("the database goes on although nobody uses it")
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	os.RemoveAll(c.dir)
}

// program is a running moked that answers.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	gone chan struct{}

	mu   sync.Mutex
	said bytes.Buffer // what it logged
}

// Write takes what the program logs.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (c *killable) serve() *program { return c.start("serve") }

// start runs a command that serves, on a port of its own, until it is ready.
func (c *killable) start(args ...string) *program {
	c.t.Helper()
	p := &program{t: c.t, gone: make(chan struct{})}
	p.cmd = exec.Command(c.bin, append(args, "--data", c.dir, "--listen", "127.0.0.1:0")...)
	p.cmd.Stderr = p
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT} // also when the test is killed
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		p.end()
		if c.t.Failed() {
			p.mu.Lock()
			defer p.mu.Unlock()
			c.t.Logf("moked %s logged:\n%s", strings.Join(args, " "), p.said.String())
		}
	})
	answers := make(chan string, 1)
	go func() {
		defer close(p.gone)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "Moked answers on "); ok {
				answers <- url
			}
		}
		_ = p.cmd.Wait()
	}()
	select {
	case p.url = <-answers:
	case <-p.gone:
		c.t.Fatalf("moked %s ended at once", strings.Join(args, " "))
	case <-time.After(time.Minute):
		c.t.Fatalf("moked %s doesn't answer", strings.Join(args, " "))
	}
	for range 1000 {
		if r, err := http.Get(p.url + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return p
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.t.Fatalf("moked %s doesn't become ready", strings.Join(args, " "))
	return nil
}

// kill ends the program as kill -9 does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// end asks the program to end, as Ctrl-C does.
func (p *program) end() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.gone:
	case <-time.After(30 * time.Second):
		p.t.Error("moked doesn't end when asked to")
		p.kill()
	}
}

// postmaster is the number of the database server's first process, or 0 when
// it doesn't run.
func (c *killable) postmaster() int {
	text, err := os.ReadFile(filepath.Join(c.dir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || !strings.HasPrefix(processStat(pid), "(postgres) ") {
		return 0
	}
	return pid
}

// killDatabase kills the database server, with its whole family or the first
// process alone, whose children then find out.
func (c *killable) killDatabase(family bool) {
	c.t.Helper()
	pid := c.postmaster()
	if pid == 0 {
		c.t.Error("there is no database to kill")
		return
	}
	victims := []int{pid}
	if family {
		entries, err := os.ReadDir("/proc")
		if err != nil {
			c.t.Error(err)
		}
		for _, e := range entries {
			child, err := strconv.Atoi(e.Name())
			if err == nil && strings.Contains(processStat(child), fmt.Sprintf(") S %d ", pid)) {
				victims = append(victims, child)
			}
		}
	}
	for _, v := range victims {
		_ = syscall.Kill(v, syscall.SIGKILL)
	}
}

// processStat is what /proc says of a process after its number:
// "(name) state parent …".
func processStat(pid int) string {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text), " ")
	return rest
}
