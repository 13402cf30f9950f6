package app

import (
	"fmt"
	"runtime/debug"
)

// Version and Commit are the program's own, set by the build (see the Makefile).
// Without them the build's record of the source tells, as far as it goes.
var Version, Commit string

type versionCommand struct{ noInstallation }

// Help gives an example.
func (versionCommand) Help() string { return examples("kith version") }

// Run prints the version.
func (versionCommand) Run(c *cli) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintln(c.out, "kith", version(Version, Commit, info))
	return err
}

// version says which program this is: what the build set, and else what Go
// recorded of the source when it built it.
func version(release, commit string, info *debug.BuildInfo) string {
	changed := ""
	if commit == "" && info != nil {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = ", with changes"
			}
		}
	}
	if release == "" {
		release = "development"
	}
	if commit == "" {
		return release
	}
	return fmt.Sprintf("%s (commit %s%s)", release, commit, changed)
}
