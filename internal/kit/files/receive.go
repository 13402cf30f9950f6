package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// What may be sent at once.
const (
	MaxFile   int64 = 100 << 20 // bytes of one file
	MaxUpload int64 = 250 << 20 // bytes of all files of one form
	MaxFiles        = 20        // files of one form
)

// An upload is files that were received and looked at. They are open, and have no name on
// any disk: when the process ends, the machine takes their space back.
type upload struct {
	dir   string // on a disk with room for the files
	files []*received
	open  []*os.File
	// refused says what is wrong with files that are not kept, in words for who sent them.
	refused []string
	sums    []string
}

// A received is one file as it is to be kept.
type received struct {
	name      string
	Type      Type
	content   *os.File
	size      int64 // bytes
	sum       string
	preview   *os.File // nil when there is none
	removed   string   // what was taken out of it, in words
	harmless  bool     // nothing in it can run, whatever a checker would say
	questions []Question
}

// add receives one file and looks at it. What is wrong with the file is noted, and
// nothing else is an error.
func (u *upload) add(given string, from io.Reader) error {
	content, err := u.nameless()
	if err != nil {
		return err
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(content, hash), io.LimitReader(from, MaxFile+1))
	if err != nil {
		return fmt.Errorf("receive a file: %w", err)
	}
	u.sums = append(u.sums, hex.EncodeToString(hash.Sum(nil)))
	name := cleanName(given, Type{})
	if size > MaxFile {
		u.refused = append(u.refused, fmt.Sprintf("“%s” is larger than %d MB, which is the most that a file may have", name,
			MaxFile>>20))
		_, err := io.Copy(io.Discard, from) // so that what is wrong can be said
		return err
	}
	r := &received{name: name, content: content, size: size, sum: u.sums[len(u.sums)-1]}
	err = u.look(r)
	var no *Refused
	if errors.As(err, &no) {
		u.refused = append(u.refused, no.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at a file: %w", err)
	}
	u.files = append(u.files, r)
	return nil
}

// look tells what a file is, takes out of it what nobody meant to send, and asks what has
// to be asked.
func (u *upload) look(r *received) error {
	head := make([]byte, headLength)
	n, err := r.content.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var doc *office
	r.Type, err = sniff(r.name, head[:n], func() (t Type, err error) {
		if doc, err = lookInside(r.name, r.content, r.size); err != nil {
			return t, err
		}
		return doc.Type, nil
	})
	if err != nil {
		return err
	}
	words := ""
	switch {
	case r.Type.picture:
		err = u.lookAtPicture(r)
	case doc != nil:
		words = doc.words()
		err = u.lookAtOffice(r, doc)
	case r.Type.MIME == typePDF.MIME:
		err = u.lookAtPDF(r)
	default:
		words, err = lookAtText(r)
	}
	if err != nil {
		return err
	}
	r.name = cleanName(r.name, r.Type)
	r.questions = questions(r.name, words, slices.Contains(tables, r.Type.MIME))
	return nil
}

func (u *upload) lookAtPicture(r *received) (err error) {
	into, err := u.nameless()
	if err != nil {
		return err
	}
	if r.preview, err = u.nameless(); err != nil {
		return err
	}
	if _, err := r.content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if r.Type, err = picture(r.name, r.Type, r.content, into, r.preview); err != nil {
		return err
	}
	r.harmless, r.removed = true, "Where and when it was taken, by whom and with what."
	return r.become(into)
}

func (u *upload) lookAtOffice(r *received, doc *office) error {
	into, err := u.nameless()
	if err != nil {
		return err
	}
	removed, err := doc.clean(into)
	if err != nil {
		return &Refused{r.name, noDamaged}
	}
	r.removed = removed.words()
	r.harmless = doc.inert
	return r.become(into)
}

func (u *upload) lookAtPDF(r *received) error {
	into, err := u.nameless()
	if err != nil {
		return err
	}
	err = cleanPDF(r.content, r.size, into)
	if r.removed = removedFromPDF(err); err != nil {
		return nil
	}
	return r.become(into)
}

// lookAtText holds that a text is one to its end, and gives its words.
func lookAtText(r *received) (string, error) {
	words, err := readText(io.NewSectionReader(r.content, 0, r.size))
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(strings.TrimSpace(words), testFile()) {
		return "", &Refused{r.name, noTest}
	}
	buf := make([]byte, 64<<10)
	in := io.NewSectionReader(r.content, 0, r.size)
	wide := false // two bytes a letter, of which one is often nought
	for first := true; ; first = false {
		n, err := in.Read(buf)
		if first && n > 1 {
			wide = buf[0] == 0xFF && buf[1] == 0xFE || buf[0] == 0xFE && buf[1] == 0xFF
		}
		if !wide && bytes.IndexByte(buf[:n], 0) >= 0 {
			return "", &Refused{r.name, noDamaged}
		}
		if errors.Is(err, io.EOF) {
			r.harmless = true
			return words, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// testFile is how the file begins that virus checkers are tested with (EICAR). It is put
// together here, so that no checker warns of this program.
func testFile() string {
	return `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE"
}

// tables are the types whose words are a table's.
var tables = []string{typeCSV.MIME, typeExcel.MIME, typeODS.MIME}

// become takes another content, which was made from the one that arrived.
func (r *received) become(content *os.File) error {
	info, err := content.Stat()
	if err != nil {
		return err
	}
	r.content, r.size = content, info.Size()
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(r.content, 0, r.size)); err != nil {
		return err
	}
	r.sum = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// nameless makes a file and takes its name away before anything is written to it.
func (u *upload) nameless() (*os.File, error) {
	file, err := os.CreateTemp(u.dir, arriving+"*")
	if err != nil {
		return nil, fmt.Errorf("receive a file: %w", err)
	}
	u.open = append(u.open, file)
	if err := os.Remove(file.Name()); err != nil {
		return nil, fmt.Errorf("receive a file: %w", err)
	}
	return file, nil
}

// Close lets go of the files.
func (u *upload) Close() error {
	var errs []error
	for _, f := range u.open {
		errs = append(errs, f.Close())
	}
	u.open, u.files = nil, nil
	return errors.Join(errs...)
}
