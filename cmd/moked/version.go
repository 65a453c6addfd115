package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints the release or, for a program built from a working copy, its
// commit.
func (versionCmd) Run(t terminal) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && (version == "" || version == "(devel)") {
				version = s.Value
			}
		}
	}
	_, err := fmt.Fprintln(t.out, "moked", version)
	return err
}
