package localpg

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is the system user that the server runs as. PostgreSQL refuses to
// run as root, so a root process hands it to an unprivileged user.
type account struct {
	uid, gid int
	drop     bool // whether this process must change user to become it
}

// accountFor returns whom the cluster in dir belongs to, or for a new one whom
// it should: this process' user, or for root the user postgres (nobody where
// there is none).
func accountFor(cluster string) (account, error) {
	self := os.Geteuid()
	if info, err := os.Stat(cluster); err == nil {
		st := info.Sys().(*syscall.Stat_t)
		switch {
		case int(st.Uid) == self && self != 0:
			return account{uid: self, gid: os.Getegid()}, nil
		case self == 0 && st.Uid != 0:
			return account{uid: int(st.Uid), gid: int(st.Gid), drop: true}, nil
		case self == 0:
			return account{}, fmt.Errorf("the database in %s belongs to root, whom PostgreSQL refuses; give it to another user with: chown -R postgres %s", cluster, cluster)
		default:
			return account{}, fmt.Errorf("the database in %s belongs to user %s; run as that user or as root, or choose another data folder", cluster, userName(int(st.Uid)))
		}
	}
	if self != 0 {
		return account{uid: self, gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{uid: uid, gid: gid, drop: true}, nil
		}
	}
	return account{}, fmt.Errorf("PostgreSQL refuses to run as root and there is no user postgres; make one with: useradd --system postgres")
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// command prepares a program that runs as the account, in a session of its
// own: a Ctrl-C in this process' terminal does not reach it. It sees nothing
// of this process' environment but what it needs.
func (a account) command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// reaches reports whether the account may enter the folder.
func (a account) reaches(ctx context.Context, dir string) bool {
	if !a.drop {
		return true
	}
	return a.command(ctx, "/", "/bin/sh", "-c", `cd -- "$1"`, "sh", dir).Run() == nil
}

// ownFolder makes a folder that only the account may enter, or checks that an
// existing one is such a folder.
func (a account) ownFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil && a.drop {
		err = os.Lchown(dir, a.uid, a.gid)
	}
	if err != nil && !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if st := info.Sys().(*syscall.Stat_t); !info.IsDir() || int(st.Uid) != a.uid || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is not a private folder of user %s; remove it", dir, userName(a.uid))
	}
	return nil
}

// Elsewhere, for data folders that the account cannot enter, such as one below
// /root, the cluster itself lies here.
const elsewhere = "/var/lib/moked"

// clusterDir decides where the cluster of a data folder lies: in the folder
// itself, or where the account cannot enter that, under elsewhere, with a
// symbolic link in the folder that says so.
func clusterDir(ctx context.Context, dir string) (string, account, error) {
	link := filepath.Join(dir, "postgres")
	if target, err := os.Readlink(link); err == nil {
		acc, err := accountFor(target)
		return target, acc, err
	}
	acc, err := accountFor(link)
	if err != nil || acc.reaches(ctx, dir) {
		return link, acc, err
	}
	if _, err := os.Stat(link); err == nil {
		return "", acc, fmt.Errorf("user %s, who owns the database in %s, cannot enter that folder; allow it with: chmod o+x on the folder and those above it", userName(acc.uid), link)
	}
	if err := os.MkdirAll(elsewhere, 0o755); err != nil {
		return "", acc, err
	}
	// Never a name that was used before: whoever deletes a data folder does
	// not expect its rows to come back.
	target := filepath.Join(elsewhere, shortName(dir)+"-"+rand.Text()[:8])
	if !acc.reaches(ctx, elsewhere) {
		return "", acc, fmt.Errorf("user %s, whom PostgreSQL runs as, can enter neither %s nor %s; choose another data folder", userName(acc.uid), dir, elsewhere)
	}
	return target, acc, os.Symlink(target, link)
}

// shortName is a name of few bytes that stands for a path.
func shortName(path string) string {
	sum := sha256.Sum256([]byte(path))
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, filepath.Base(path))
	return fmt.Sprintf("%.16s-%x", base, sum[:6])
}
