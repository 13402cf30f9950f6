package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// A Format is what a file turns out to be, whatever its name says.
type Format string

// The formats told apart. Only Text and Workbook can be opened as tables.
const (
	Empty        Format = "empty"
	Text         Format = "text"
	XML          Format = "xml"
	JSON         Format = "json"
	HTML         Format = "html"
	Workbook     Format = "xlsx"
	Locked       Format = "locked"
	OldWorkbook  Format = "xls"
	OpenDocument Format = "ods"
	Document     Format = "docx"
	Slides       Format = "pptx"
	PDF          Format = "pdf"
	Picture      Format = "picture"
	Archive      Format = "zip"
	Damaged      Format = "damaged"
	Binary       Format = "binary"
)

// Words names the format in a sentence.
func (f Format) Words() string {
	words := map[Format]string{
		Empty: "empty", Text: "a text file", XML: "an XML file", JSON: "a JSON file", HTML: "a web page",
		Workbook: "a workbook", Locked: "a workbook locked by a password", OldWorkbook: "a workbook in the old .xls format",
		OpenDocument: "an OpenDocument file", Document: "a Word document", Slides: "a slide show",
		PDF: "a PDF document", Picture: "a picture",
		Archive: "a zip archive", Damaged: "a damaged zip archive or workbook", Binary: "not text and not a workbook",
	}
	return words[f]
}

func (f Format) advice() string {
	switch f {
	case Locked:
		return "save a copy without the password and give that"
	case OldWorkbook, OpenDocument:
		return "open it and save it as .xlsx or CSV"
	case Document, Slides, PDF, Picture, HTML:
		return "give the table it was made from, as .xlsx or CSV"
	case Archive:
		return "unpack it and give the files that are in it"
	case Damaged:
		return "export it again"
	}
	return "give a CSV file or an .xlsx workbook"
}

// sniffed is how much of a file's beginning is looked at.
const sniffed = 4096

// Sniff tells what a file is by looking into it.
func Sniff(in Input) (Format, error) {
	format, _, err := sniff(in)
	return format, err
}

func sniff(in Input) (Format, int64, error) {
	file, err := in.Open()
	if err != nil {
		return "", 0, fmt.Errorf("look at file: %w", err)
	}
	defer file.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", 0, fmt.Errorf("look at file: %w", err)
	}
	head = head[:n]
	is := detected(head)
	switch {
	case is("application/zip"):
		return sniffZip(file, file.Size()), file.Size(), nil
	case is("application/x-ole-storage"):
		return sniffCompound(file), file.Size(), nil
	case is("application/pdf"):
		return PDF, file.Size(), nil
	}
	format := sniffText(head)
	if format == Binary && pictured(is) {
		format = Picture
	}
	return format, file.Size(), nil
}

// detected tells what the beginning of a file is a kind of. It knows containers
// and pictures by their first bytes. What is text is told by sniffText: a table
// whose first column is BMI is no bitmap, and a return may be XML without saying so.
func detected(head []byte) func(media string) bool {
	found := mimetype.Detect(head)
	return func(media string) bool {
		for m := found; m != nil; m = m.Parent() {
			if m.Is(media) {
				return true
			}
		}
		return false
	}
}

func pictured(is func(media string) bool) bool {
	return slices.ContainsFunc([]string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff",
		"image/heic", "image/heif"}, is)
}

func sniffText(head []byte) Format {
	if len(head) == 0 {
		return Empty
	}
	text := head
	if order := utf16Order(head); order != nil {
		text, _ = order.NewDecoder().Bytes(head[:len(head)&^1])
	} else if looksBinary(head) {
		return Binary
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")), " \t\r\n\uFEFF")
	lower := bytes.ToLower(text[:min(len(text), 64)])
	switch {
	case len(text) == 0:
		return Empty
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return HTML
	case text[0] == '<' && len(text) > 1 && (text[1] == '?' || text[1] == '!' || isNameStart(text[1])):
		return XML
	case text[0] == '{', text[0] == '[' && len(text) > 1 && strings.ContainsRune("{[\"\r\n \t", rune(text[1])):
		return JSON
	}
	return Text
}

func isNameStart(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' }

// looksBinary reports whether bytes are not text of any encoding read here: text
// has no NUL, and hardly any control characters.
func looksBinary(head []byte) bool {
	odd := 0
	for _, b := range head {
		if b == 0 {
			return true
		}
		if b < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1a\x1b", rune(b)) {
			odd++
		}
	}
	return odd*20 > len(head)
}

func sniffZip(r io.ReaderAt, size int64) Format {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Damaged
	}
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case name == "xl/workbook.xml", strings.HasPrefix(name, "xl/worksheets/"):
			return Workbook
		case strings.HasPrefix(name, "word/"):
			return Document
		case strings.HasPrefix(name, "ppt/"):
			return Slides
		case name == "mimetype", name == "content.xml":
			return OpenDocument
		}
	}
	return Archive
}

// sniffCompound tells a workbook locked by a password, which is wrapped in an old
// compound file, from an old workbook: only the former has a stream of this name.
func sniffCompound(r io.ReaderAt) Format {
	const most = 1 << 20 // the directory of streams is near the beginning or lost in megabytes
	b, _ := io.ReadAll(io.NewSectionReader(r, 0, most))
	if bytes.Contains(b, utf16Text("EncryptedPackage")) {
		return Locked
	}
	return OldWorkbook
}

func utf16Text(s string) []byte {
	var out []byte
	for _, b := range []byte(s) {
		out = append(out, b, 0)
	}
	return out
}
