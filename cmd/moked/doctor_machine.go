package main

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"moked/web"
)

const gigabyte = 1 << 30

// checkDisk wants room for the data, and for the database's own log of what it
// writes.
func (d doctorCmd) checkDisk(context.Context) []finding {
	if d.Database != "" {
		return nil
	}
	dir := existing(d.Data)
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return []finding{{lack, fmt.Sprintf("The data folder cannot be looked at: %v", err), "Choose another one with --data."}}
	}
	free := float64(fs.Bavail) * float64(fs.Bsize) / gigabyte
	what := fmt.Sprintf("%.1f GB of disk are free for %s", free, d.Data)
	switch {
	case free < 1:
		return []finding{{lack, what, "The database alone may need 3 GB. Make room, or choose another folder with --data."}}
	case free < 10:
		return []finding{{advice, what, "A city with its photos grows by a few GB a year."}}
	}
	return []finding{good("%s", what)}
}

func checkMemory(context.Context) []finding {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return nil
	}
	total := float64(info.Totalram) * float64(info.Unit) / gigabyte
	if total < 1.5 {
		return []finding{{advice, fmt.Sprintf("%.1f GB of memory", total), "A city's roads, areas and history are held in memory: 2 GB or more are better."}}
	}
	return []finding{good("%.1f GB of memory", total)}
}

// checkClock asks the kernel whether somebody keeps the clock right.
func checkClock(context.Context) []finding {
	// No release is older than this.
	if now := time.Now(); now.Year() < 2025 {
		return []finding{{lack, fmt.Sprintf("The clock says %s", now.Format(time.DateOnly)), "Set it by NTP: timedatectl set-ntp true"}}
	}
	const unsynchronised = 0x40 // STA_UNSYNC
	var t syscall.Timex
	if _, err := syscall.Adjtimex(&t); err != nil || t.Status&unsynchronised != 0 {
		return []finding{{advice, "Nothing is known to keep the clock right", "Deadlines and the order of events go by it. As root: apt-get install systemd-timesyncd && timedatectl set-ntp true"}}
	}
	return []finding{good("The clock is kept by NTP")}
}

func checkZones(context.Context) []finding {
	if _, err := time.LoadLocation("Asia/Jerusalem"); err != nil {
		return []finding{{lack, "The rules of the world's time zones are missing", "As root: apt-get install tzdata"}}
	}
	return []finding{good("Time zones are known")}
}

// checkFiles wants an open file for each connected screen, and some.
func checkFiles(context.Context) []finding {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return nil
	}
	what := fmt.Sprintf("%d files may be open at once", limit.Max)
	const raise = "Raise the limit: LimitNOFILE=65536 in the service's unit, or ulimit -n 65536."
	switch {
	case limit.Max < 1024:
		return []finding{{lack, what, raise}}
	case limit.Max < 16384:
		return []finding{{advice, what + ", and each connected screen takes one", raise}}
	}
	return []finding{good("%s", what)}
}

func checkScreens(context.Context) []finding {
	if entries, err := web.Dist.ReadDir("dist"); err != nil || len(entries) < 2 {
		return []finding{{lack, "This program was built without its screens", "Build it with: make build"}}
	}
	return []finding{good("The screens are built in")}
}

// checkTools looks for programs that are used where they are there.
func checkTools(context.Context) []finding {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		return []finding{{advice, "ogr2ogr is not installed", "It is needed only to import shapefiles and GeoPackages. As root: apt-get install gdal-bin"}}
	}
	return []finding{good("ogr2ogr is installed, for shapefiles and GeoPackages")}
}

// capital makes a sentence of a phrase.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
