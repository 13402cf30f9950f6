package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/annual"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

type reportCommand struct {
	Build reportBuildCommand `cmd:"" help:"Write the yearly report as files."`
}

type reportBuildCommand struct {
	Year yearOption `arg:"" help:"The financial year, such as 2023-24."`
	Out  string     `required:"" placeholder:"FOLDER" help:"${out}"`
	installationOptions
}

// Help gives an example.
func (reportBuildCommand) Help() string {
	return examples("kith report build 2023-24 --out report-2023-24")
}

// Run writes the report.
func (o *reportBuildCommand) Run(ctx context.Context, c *cli) error {
	year, out := o.Year, o.Out
	if err := onlyAReport(out); err != nil {
		return err
	}
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	built, err := a.Annual.Build(ctx, year.String())
	if errors.Is(err, db.ErrNotFound) {
		return &refused{fmt.Sprintf("there is no report of %s here; write one in the workspace, under Report", year)}
	} else if err != nil {
		return err
	}
	blocked := false
	for _, p := range built.Problems {
		fmt.Fprintln(c.err, p.String())
		blocked = blocked || p.Severity == annual.Error
	}
	if blocked {
		return &refused{"the report was not written: fix what is listed above first"}
	}
	if built, err = a.Annual.Folder(built); err != nil {
		return fmt.Errorf("put the report into its frame: %w", err)
	}
	c.forOthers() // a report is for everybody
	if err := writeFolder(out, built.Files); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	fmt.Fprintf(c.out, "Wrote %s to %s. Open %s.\n", lang.Plural(len(built.Files), "file", "files"), out,
		filepath.Join(out, "index.html"))
	return nil
}

// sums is the file of a written report that lists its files with what they hold, for
// sha256sum -c; a later report takes the place of these and of nothing else.
const sums = "SHA256SUMS"

// onlyAReport refuses a folder with anything in it that an earlier report did not bring:
// writing a report takes the place of all that is there.
func onlyAReport(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	list, err := os.ReadFile(filepath.Join(dir, sums))
	if err != nil {
		return &refused{fmt.Sprintf("%s is no folder of a report, and writing there would take away what it holds; name a "+
			"new or an empty folder", dir)}
	}
	ours := map[string]bool{sums: true}
	for line := range strings.Lines(string(list)) {
		_, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		ours[path] = true
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if err == nil && !ours[filepath.ToSlash(below)] {
			err = &refused{fmt.Sprintf("%s is no part of the report that is in %s, and writing there would take it away; "+
				"move it, or name a new or an empty folder", path, dir)}
		}
		return err
	})
}

// writeFolder writes files below dir, in place of the report that was there. They
// are written beside it first and moved into place together, so a report is never
// half old and half new.
func writeFolder(dir string, files []annual.File) error {
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".report-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	var list bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(f.Body), f.Path)
	}
	for _, f := range append(files, annual.File{Path: sums, Body: list.Bytes()}) {
		p := filepath.Join(fresh, filepath.FromSlash(f.Path))
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return fmt.Errorf("%q is not a path below the report", f.Path)
		}
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, f.Body, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(fresh, dir)
}
