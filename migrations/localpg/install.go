package localpg

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Install is one PostgreSQL found on this machine.
type Install struct {
	Bin     string // folder with initdb, pg_ctl and postgres
	Major   int    // 15
	PostGIS bool   // whether its PostGIS extension is there too
}

// MissingError says that this machine lacks a piece of software, and which
// packages bring it.
type MissingError struct {
	What     string
	Packages []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s; install it with: apt-get install %s", e.What, strings.Join(e.Packages, " "))
}

// debianBins is where the packages of Debian and Ubuntu put each version.
const debianBins = "/usr/lib/postgresql/*/bin"

// Installs lists the PostgreSQL versions of this machine, those with PostGIS
// first and newer before older.
func Installs() []Install {
	bins, _ := filepath.Glob(debianBins)
	for _, tool := range []string{"postgres", "initdb"} {
		if path, err := exec.LookPath(tool); err == nil {
			bins = append(bins, filepath.Dir(path))
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		bins = append(bins, strings.TrimSpace(string(out)))
	}
	var found []Install
	for _, bin := range bins {
		if real, err := filepath.EvalSymlinks(bin); err == nil {
			bin = real
		}
		known := func(in Install) bool { return in.Bin == bin }
		if slices.ContainsFunc(found, known) {
			continue
		}
		if in, ok := inspect(bin); ok {
			found = append(found, in)
		}
	}
	slices.SortStableFunc(found, func(a, b Install) int {
		if a.PostGIS != b.PostGIS {
			if a.PostGIS {
				return -1
			}
			return 1
		}
		return b.Major - a.Major
	})
	return found
}

// inspect reads the version and the extensions of the PostgreSQL in bin.
func inspect(bin string) (Install, bool) {
	for _, tool := range []string{"postgres", "initdb", "pg_ctl"} {
		if info, err := os.Stat(filepath.Join(bin, tool)); err != nil || info.IsDir() {
			return Install{}, false
		}
	}
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return Install{}, false
	}
	// "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
	_, version, _ := strings.Cut(string(out), "(PostgreSQL) ")
	digits := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 1 {
		return Install{}, false
	}
	major, err := strconv.Atoi(version[:digits])
	if err != nil {
		return Install{}, false
	}
	in := Install{Bin: bin, Major: major}
	for _, share := range shareDirs(bin, major) {
		if _, err := os.Stat(filepath.Join(share, "extension", "postgis.control")); err == nil {
			in.PostGIS = true
		}
	}
	return in, true
}

func shareDirs(bin string, major int) []string {
	dirs := []string{fmt.Sprintf("/usr/share/postgresql/%d", major)}
	if out, err := exec.Command(filepath.Join(bin, "pg_config"), "--sharedir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	return dirs
}

// choose picks the installation for a cluster that was made by the given major
// version, or for a new one when major is 0.
func choose(installs []Install, major int) (Install, error) {
	if len(installs) == 0 && major == 0 {
		return Install{}, &MissingError{"PostgreSQL with PostGIS is not installed", []string{"postgresql-postgis"}}
	}
	for _, in := range installs {
		if major != 0 && in.Major != major {
			continue
		}
		if !in.PostGIS {
			return Install{}, &MissingError{
				fmt.Sprintf("PostgreSQL %d is installed without PostGIS", in.Major),
				[]string{fmt.Sprintf("postgresql-%d-postgis-3", in.Major)},
			}
		}
		return in, nil
	}
	return Install{}, &MissingError{
		fmt.Sprintf("the data was made by PostgreSQL %d, which is not installed", major),
		[]string{fmt.Sprintf("postgresql-%d-postgis-3", major)},
	}
}
