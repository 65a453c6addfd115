package localpg

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// mine reports whether a process is a PostgreSQL of this cluster, and alive:
// numbers are used again, soon in a container, and a server whose parent has
// not taken note of its end is still listed. It is sure when it could see the
// process' working folder, which is the cluster; root without the right to
// trace cannot, and goes by the owner.
func (c *cluster) mine(pid int) (is, sure bool) {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		return false, true
	}
	// "1234 (postgres) S 1 …"
	_, rest, _ := strings.Cut(string(stat), " (")
	name, rest, _ := strings.Cut(rest, ") ")
	if name != "postgres" || strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X") {
		return false, true
	}
	cwd, err := os.Stat(filepath.Join(proc, "cwd"))
	if errors.Is(err, os.ErrPermission) {
		info, err := os.Stat(proc)
		return err == nil && int(info.Sys().(*syscall.Stat_t).Uid) == c.acc.uid, false
	}
	if err != nil {
		return false, true
	}
	home, err := os.Stat(c.dir)
	return err == nil && os.SameFile(cwd, home), true
}

// quitOrphans tells the cluster's processes, whose server is dead, to end, and
// reports whether there were (or may have been) any.
func (c *cluster) quitOrphans() bool {
	if _, up := c.running(); up {
		return false
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return false
	}
	found := false
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		is, sure := c.mine(pid)
		found = found || is
		if is && sure {
			_ = syscall.Kill(pid, syscall.SIGQUIT) // gone already: so much the better
		}
	}
	return found
}
