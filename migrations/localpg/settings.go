package localpg

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
)

const (
	superuser  = "moked"
	database   = "moked"
	confName   = "moked.conf"
	port       = "5432"
	socketName = ".s.PGSQL." + port
)

// conf is the text of the server's own settings: those of a small server that
// must not lose a report, and what the caller wants otherwise.
func conf(sockets string, overrides map[string]string) string {
	set := map[string]string{
		"listen_addresses":        "",
		"port":                    port,
		"unix_socket_directories": sockets,
		"max_connections":         "200",
		"shared_buffers":          fmt.Sprintf("%dMB", sharedBuffers()>>20),
		"maintenance_work_mem":    "128MB",
		"work_mem":                "16MB",
		"fsync":                   "on",
		"synchronous_commit":      "on",
		"full_page_writes":        "on",
		"wal_compression":         "on",
		"min_wal_size":            "256MB",
		"max_wal_size":            "2GB",
		"checkpoint_timeout":      "15min",
		"random_page_cost":        "1.1",
		// Compiling a query costs more than the short queries here take.
		"jit":                       "off",
		"max_locks_per_transaction": "256",
		"timezone":                  "UTC",
		"log_timezone":              "UTC",
		"lc_messages":               "C",
		"logging_collector":         "off",
		"log_destination":           "stderr",
		"log_line_prefix":           "%m [%p] ",
		"log_checkpoints":           "off",
	}
	maps.Copy(set, overrides)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(set)) {
		fmt.Fprintf(&b, "%s = '%s'\n", name, strings.ReplaceAll(set[name], "'", "''"))
	}
	return b.String()
}

// sharedBuffers is an eighth of the memory, between 128 MB and 1 GB.
func sharedBuffers() uint64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 128 << 20
	}
	total := info.Totalram * uint64(info.Unit)
	return min(max(total/8, 128<<20), 1<<30)
}
