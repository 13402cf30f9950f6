package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFile is the largest file that is read: ten times the largest return seen.
const maxFile = 512 << 20

// Files makes the list of files to read of paths; a folder stands for the files
// in it, by name. Missing and too large ones are a *Fatal.
func Files(paths []string) ([]File, error) {
	var out []File
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, Refuse("", "there is no file %s, or it cannot be read: %v", p, errors.Unwrap(err))
		}
		if !info.IsDir() {
			out = append(out, File{Name: filepath.Base(p), Path: p})
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			return nil, Refuse("", "the folder %s cannot be read: %v", p, errors.Unwrap(err))
		}
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				out = append(out, File{Name: e.Name(), Path: filepath.Join(p, e.Name())})
			}
		}
	}
	if len(out) == 0 {
		return nil, Refuse("", "there is no file to read")
	}
	// Files of the same name in different folders are told apart by number.
	seen := map[string]int{}
	for i, f := range out {
		seen[f.Name]++
		if n := seen[f.Name]; n > 1 {
			out[i].Name = fmt.Sprintf("%s (%d)", f.Name, n)
		}
		if info, err := os.Stat(f.Path); err != nil || info.Size() > maxFile {
			return nil, Refuse(f.Name, "the file is larger than %d MB; split it, or export less", maxFile>>20)
		}
	}
	return out, nil
}

// Hash reads files to their end for their size and SHA-256.
func Hash(files []File) ([]LoadedFile, error) {
	var out []LoadedFile
	for _, f := range files {
		sum, size, err := hashFile(f)
		if err != nil {
			return nil, Refuse(f.Name, "the file cannot be read: %v", reason(err))
		}
		out = append(out, LoadedFile{Name: f.Name, SHA256: sum, Size: int(size)})
	}
	return out, nil
}

// Twice refuses files of which two are the same to the byte: what they hold would be
// counted twice. Empty files are for the kind's own reader to refuse.
func Twice(files []LoadedFile) error {
	seen := map[string]string{}
	for _, f := range files {
		if first, ok := seen[f.SHA256]; ok && f.Size > 0 {
			return Refuse("", "%s and %s are the same file, byte for byte; give it once", first, f.Name)
		}
		seen[f.SHA256] = f.Name
	}
	return nil
}

// Unchanged refuses files that are not what they were when Hash read them: somebody is still
// writing them, and what was read may be half of one and half of another. An upload cannot
// change.
func Unchanged(files []File, before []LoadedFile) error {
	for i, f := range files {
		if f.Content != nil {
			continue
		}
		sum, size, err := hashFile(f)
		if err != nil {
			return Refuse(f.Name, "the file cannot be read: %v", reason(err))
		}
		if sum != before[i].SHA256 || int(size) != before[i].Size {
			return Refuse(f.Name, "the file changed while it was read; wait until whatever writes it has finished, and give "+
				"it again")
		}
	}
	return nil
}

// reason is an error of the file system without the path, which is the system's
// own affair.
func reason(err error) error {
	if why := errors.Unwrap(err); why != nil {
		return why
	}
	return err
}

func hashFile(file File) (string, int64, error) {
	f, err := file.Open()
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}
