package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"kith/internal/kit/intake"
)

// An upload is files that were received. They are open, and have no name on any
// disk: when the process ends, the machine takes their space back.
type upload struct {
	files []intake.File
	sums  []string // their SHA-256, in order
	open  []*os.File
	kept  bool // they are also in the store
}

// add receives one file. dir is a folder on a disk with room for it.
func (u *upload) add(dir, given string, from io.Reader) error {
	file, err := nameless(dir)
	if err != nil {
		return fmt.Errorf("receive a file: %w", err)
	}
	u.open = append(u.open, file)
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), from)
	if err != nil {
		return fmt.Errorf("receive a file: %w", err)
	}
	name := nameOf(given, len(u.open))
	for _, f := range u.files {
		if f.Name == name {
			name = fmt.Sprintf("%d-%s", len(u.open), name)
			break
		}
	}
	u.files = append(u.files, intake.File{Name: name, Content: file, Size: size})
	u.sums = append(u.sums, hex.EncodeToString(sum.Sum(nil)))
	return nil
}

// nameless makes a file and takes its name away before anything is written to it.
func nameless(dir string) (*os.File, error) {
	file, err := os.CreateTemp(dir, ".receiving-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (u *upload) size() (n int64) {
	for _, f := range u.files {
		n += f.Size
	}
	return n
}

// Close lets go of the files. It does nothing to none.
func (u *upload) Close() error {
	if u == nil {
		return nil
	}
	var errs []error
	for _, f := range u.open {
		errs = append(errs, f.Close())
	}
	u.files, u.open = nil, nil
	return errors.Join(errs...)
}

// holding is the uploads of this process that wait to be read, by import.
type holding struct {
	mu sync.Mutex
	of map[string]*upload
}

func (h *holding) put(id string, u *upload) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[string]*upload{}
	}
	h.of[id] = u
}

// take gives an upload, whose it then is to close; nil when there is none.
func (h *holding) take(id string) *upload {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.of[id]
	delete(h.of, id)
	return u
}

// longestName is how long a file's name may be here, in bytes: what every file
// system takes, with room for a number before it.
const longestName = 200

// nameOf makes the name under which an uploaded file is known: without folders,
// of characters that every database takes, and not too long. Its ending stays.
func nameOf(given string, number int) string {
	name := filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(given, "\uFFFD"), `\`, "/"))
	name = strings.TrimLeft(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, name), ".")
	if len(name) > longestName {
		end := filepath.Ext(name)
		if len(end) > 10 {
			end = ""
		}
		name = strings.ToValidUTF8(name[:longestName-len(end)], "") + end
	}
	if name == "" || name == "/" {
		name = fmt.Sprintf("file-%d", number)
	}
	return name
}
