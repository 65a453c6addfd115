package localpg_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/migrations/localpg"
)

// quick keeps the servers of these tests small. They keep fsync on.
var quick = map[string]string{"shared_buffers": "32MB", "max_connections": "20"}

// folder is a new folder that every user of the machine may enter, as opposed
// to those of t.TempDir.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "localpg")
	if err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *localpg.Server {
	t.Helper()
	s, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *localpg.Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// query runs one statement that returns one text. It tries for as long as the
// test may run, as a server that was killed is away for a moment.
func query(t *testing.T, s *localpg.Server, sql string) string {
	t.Helper()
	for {
		conn, err := pgx.Connect(t.Context(), s.URL())
		if err == nil {
			defer conn.Close(context.Background())
			var text string
			if err := conn.QueryRow(t.Context(), sql).Scan(&text); err != nil {
				t.Fatal(err)
			}
			return text
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func exec1(t *testing.T, s *localpg.Server, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// gone waits until the process is no more.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 3000 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("process %d is still there", pid)
}

func TestKeptBetweenRuns(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := start(t, dir)
	if !first.Started() {
		t.Error("the first user did not start the server")
	}
	if got := query(t, first, `select datctype || ' ' || pg_encoding_to_char(encoding) from pg_database where datname = current_database()`); got != "C.UTF-8 UTF8" {
		t.Errorf("locale and encoding: %s", got)
	}
	exec1(t, first, `create table kept as select 'שלום' as word`)
	pid := first.PID()
	stop(t, first)
	gone(t, pid)
	if got := query(t, start(t, dir), `select word from kept`); got != "שלום" {
		t.Errorf("got %q", got)
	}
}

func TestLastOneOutStops(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first, second := start(t, dir), start(t, dir)
	if second.Started() || second.PID() != first.PID() {
		t.Error("the second user did not attach")
	}
	pid := first.PID()
	stop(t, first)
	if got := query(t, second, `select 'here'`); got != "here" || second.PID() != pid {
		t.Error("the server did not outlive the one who started it")
	}
	stop(t, second)
	gone(t, pid)
}

// TestForgottenUse is of a user who keeps nothing but the address.
func TestForgottenUse(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	use := func() int {
		s, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Settings: quick, Linger: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		return s.PID()
	}
	pid := use()
	for range 5 {
		runtime.GC()
		time.Sleep(time.Second)
	}
	if again := use(); again != pid {
		t.Error("the server was stopped under its user")
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	gone(t, pid)
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s, other := start(t, dir), start(t, dir)
	exec1(t, s, `create table kept as select 'still here' as word`)
	for range 3 {
		pid := s.PID()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		gone(t, pid)
		if got := query(t, other, `select word from kept`); got != "still here" {
			t.Errorf("got %q", got)
		}
	}
}

// TestFolderMadeAnew deletes the folder after its last use and begins again
// while the old server's keeper is still there.
func TestFolderMadeAnew(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stop(t, start(t, dir))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	s := start(t, dir)
	pid := s.PID()
	for range 10 { // longer than a keeper waits
		time.Sleep(500 * time.Millisecond)
		if now := s.PID(); now != pid {
			t.Fatalf("the new server was stopped: %d was %d", now, pid)
		}
	}
}

func TestStaleLockFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	pgdata := filepath.Join(dir, "postgres")
	kept := map[string]string{}
	for _, name := range []string{"postmaster.pid", ".s.PGSQL.5432.lock"} {
		text, err := os.ReadFile(filepath.Join(pgdata, name))
		if err != nil {
			t.Fatal(err)
		}
		_, kept[name], _ = strings.Cut(string(text), "\n")
	}
	stop(t, s)
	// The number is another program's now: this one's parent.
	for name, rest := range kept {
		if err := os.WriteFile(filepath.Join(pgdata, name), fmt.Appendf(nil, "%d\n%s", os.Getppid(), rest), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := query(t, start(t, dir), `select 'up'`); got != "up" {
		t.Errorf("got %q", got)
	}
}

// TestBothKilled kills the server at work and its owner at once.
func TestBothKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for range 2 {
		u := newUser(t, dir, nil)
		u.ready(t)
		s := start(t, dir)
		exec1(t, s, `create table if not exists kept (); alter table kept add column if not exists word text default 'here'; insert into kept default values`)
		conn, err := pgx.Connect(t.Context(), s.URL())
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = conn.Exec(t.Context(), `select count(*) from generate_series(1, 100000000000) busy`) }()
		time.Sleep(100 * time.Millisecond)
		if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		u.kill(t)
		stop(t, s)
		if got := query(t, start(t, dir), `select min(word) from kept`); got != "here" {
			t.Errorf("got %q", got)
		}
	}
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), strings.Repeat("ארוך", 12), strings.Repeat("long ' path ", 8))
	s := start(t, dir)
	if got := query(t, s, `select 'up'`); got != "up" {
		t.Errorf("got %q", got)
	}
}

func TestInterruptedInit(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "postgres.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir), `select 'up'`); got != "up" {
		t.Errorf("got %q", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var owners []*user
	for range 4 {
		owners = append(owners, newUser(t, dir, nil))
	}
	for _, u := range owners {
		u.ready(t)
		u.kill(t)
	}
}

// TestOwnerKilled kills the process that started the server: the next user
// finds it running, and when nobody is left it is stopped.
func TestOwnerKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	owner := newUser(t, dir, nil)
	owner.ready(t)
	s := start(t, dir)
	pid := s.PID()
	if s.Started() {
		t.Error("the server of the other process was not found")
	}
	owner.kill(t)
	if got := query(t, s, `select 'here'`); got != "here" || s.PID() != pid {
		t.Error("the server went with the one who started it")
	}
	stop(t, s)
	gone(t, pid)

	last := newUser(t, dir, nil)
	last.ready(t)
	pid = last.pid
	last.kill(t)
	gone(t, pid)
	if _, err := os.Stat(filepath.Join(dir, "postgres", "postmaster.pid")); !os.IsNotExist(err) {
		t.Error("the server was not stopped in order")
	}
}

func TestUnprivileged(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("every other test here runs as an ordinary user already")
	}
	dir := folder(t)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	u := newUser(t, dir, &syscall.Credential{Uid: 65534, Gid: 65534})
	u.ready(t)
	// Root may attach to it.
	s := start(t, dir)
	if s.Started() {
		t.Error("root did not attach to the server of an ordinary user")
	}
	u.kill(t)
}

// TestClosedParent has the data in a folder that the server's user cannot
// enter, as below /root.
func TestClosedParent(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root has the server run as another user")
	}
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	s := start(t, dir)
	target, err := os.Readlink(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(target) })
	exec1(t, s, `create table kept as select 'here' as word`)
	stop(t, s)
	again := start(t, dir)
	if got := query(t, again, `select word from kept`); got != "here" {
		t.Errorf("got %q", got)
	}
	stop(t, again)
}

// user is another process that uses the server.
type user struct {
	cmd *exec.Cmd
	out *bufio.Reader
	pid int // the server's
}

const helperDir = "LOCALPG_TEST_DIR"

func newUser(t *testing.T, dir string, as *syscall.Credential) *user {
	t.Helper()
	u := &user{}
	exe := os.Args[0]
	if as != nil {
		// The test binary lies where only root can reach it. Another program
		// copies it: a file that this one has written may still be open in a
		// process that a parallel test is just starting, and could not be run.
		exe = filepath.Join(os.TempDir(), fmt.Sprintf("localpg-test-%d", os.Getpid()))
		if out, err := exec.Command("install", "-m", "755", os.Args[0], exe).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Cleanup(func() { os.Remove(exe) })
	}
	u.cmd = exec.Command(exe, "-test.run=^TestHelper$")
	u.cmd.Dir = "/"
	u.cmd.Env = append(os.Environ(), helperDir+"="+dir)
	u.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := u.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	u.out = bufio.NewReader(out)
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = u.cmd.Process.Kill() })
	return u
}

func (u *user) ready(t *testing.T) {
	t.Helper()
	line, _ := u.out.ReadString('\n')
	if _, err := fmt.Sscanf(line, "ready %d\n", &u.pid); err != nil {
		rest, _ := io.ReadAll(u.out)
		t.Fatalf("the other process said: %s%s", line, rest)
	}
}

func (u *user) kill(t *testing.T) {
	t.Helper()
	if err := u.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = u.cmd.Wait() // killed, as it says
}

// TestHelper is the other process.
func TestHelper(t *testing.T) {
	dir := os.Getenv(helperDir)
	if dir == "" {
		t.Skip("runs only in a process of its own")
	}
	s, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Settings: quick})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready", s.PID())
	select {}
}
