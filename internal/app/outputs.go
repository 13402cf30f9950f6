package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
)

// emptyOption finds an option that was given with nothing, as --ledger "$L" is when L
// is not set: taken for "not given" it would drop a protection in silence.
func emptyOption(at *kong.Node, args []string) string {
	for i, word := range args {
		if word == "--" {
			return ""
		}
		if child := childNamed(at, word); child != nil {
			at = child
		}
		if !strings.HasPrefix(word, "--") {
			continue
		}
		name, value, joined := strings.Cut(word, "=")
		if joined && value == "" {
			return name
		}
		f := flagNamed(at, word)
		if f != nil && !f.IsBool() && !joined && i+1 < len(args) && args[i+1] == "" {
			return name
		}
	}
	return ""
}

// mayWrite refuses to write a file where another that the command was given stands,
// or where something is that is no file: a result never takes the place of what it was
// made from.
func mayWrite(option, path string, given ...string) error {
	at, err := os.Stat(path)
	for _, g := range given {
		if g == "" || g == "-" {
			continue
		}
		was, errGiven := os.Stat(g)
		same := errGiven == nil && err == nil && os.SameFile(at, was)
		if same || filepath.Clean(g) == filepath.Clean(path) {
			return misused("%s %s is a file that the command reads or keeps its record in: name another", option, path)
		}
	}
	if link, errLink := os.Lstat(path); errLink == nil && link.Mode()&os.ModeSymlink != 0 {
		return misused("%s %s is a link: name the file itself", option, path)
	}
	if err == nil && !at.Mode().IsRegular() {
		return misused("%s %s is no file: name one to write", option, path)
	}
	return nil
}

// mayWriteAudit refuses also what is there and is no audit record.
func mayWriteAudit(path string, given ...string) error {
	if path == "" {
		return nil
	}
	if err := mayWrite("--audit", path, given...); err != nil {
		return err
	}
	was, err := os.ReadFile(path)
	if err != nil || len(was) == 0 {
		return nil // nothing there yet, or writing will say what is wrong
	}
	var record map[string]json.RawMessage
	if json.Unmarshal(was, &record) != nil || record["stands"] == nil {
		return misused("--audit %s is there and is no audit record: name another file, or take it away first", path)
	}
	return nil
}
