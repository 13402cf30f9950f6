package files

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"
)

// A Type is a type of file that is kept, told by its content and never by its name.
type Type struct {
	MIME    string
	Words   string   // "PDF document"
	Endings []string // of its name; the first is put where a name has another
	picture bool
}

// The types that are kept.
var (
	typePDF  = Type{MIME: "application/pdf", Words: "PDF document", Endings: []string{".pdf"}}
	typeJPEG = Type{MIME: "image/jpeg", Words: "JPEG picture", Endings: []string{".jpg", ".jpeg"}, picture: true}
	typePNG  = Type{MIME: "image/png", Words: "PNG picture", Endings: []string{".png"}, picture: true}
	typeWebP = Type{MIME: "image/webp", picture: true} // becomes one of the two above
	typeText = Type{MIME: "text/plain", Words: "text", Endings: []string{".txt"}}
	typeCSV  = Type{MIME: "text/csv", Words: "CSV table", Endings: []string{".csv", ".tsv"}}
	typeWord = Type{MIME: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		Words: "Word document", Endings: []string{".docx"}}
	typeExcel = Type{MIME: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		Words: "Excel workbook", Endings: []string{".xlsx"}}
	typeSlides = Type{MIME: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		Words: "PowerPoint slides", Endings: []string{".pptx"}}
	typeODT = Type{MIME: "application/vnd.oasis.opendocument.text", Words: "OpenDocument text", Endings: []string{".odt"}}
	typeODS = Type{MIME: "application/vnd.oasis.opendocument.spreadsheet", Words: "OpenDocument spreadsheet",
		Endings: []string{".ods"}}
	typeODP = Type{MIME: "application/vnd.oasis.opendocument.presentation", Words: "OpenDocument slides",
		Endings: []string{".odp"}}
)

// types are all that a version can be.
var types = []Type{typePDF, typeJPEG, typePNG, typeText, typeCSV, typeWord, typeExcel, typeSlides,
	typeODT, typeODS, typeODP}

// Accepted is what a browser offers to choose from.
const Accepted = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.jpg,.jpeg,.png,.webp,.txt,.csv"

// AcceptedWords says what can be added.
const AcceptedWords = "PDF, Word, Excel, PowerPoint, OpenDocument, pictures (JPEG, PNG, WebP), text and CSV"

func typeOf(mime string) Type {
	i := slices.IndexFunc(types, func(t Type) bool { return t.MIME == mime })
	if i < 0 {
		return Type{MIME: mime, Words: "file"}
	}
	return types[i]
}

// A Refused says why a file is not kept, in words for the person who sent it.
type Refused struct{ Name, Why string }

func (e *Refused) Error() string { return fmt.Sprintf("“%s” %s", e.Name, e.Why) }

// Words that refuse a type. Each says what to do instead.
const (
	noProgram = "is a program, whatever its name says. Programs are never kept"
	noOld     = "is in an old Office format, which can hide programs, or is locked by a password. Open it, save it " +
		"without a password as .docx, .xlsx or .pptx, and add that"
	noArchive = "is an archive. Unpack it, and add the files that are in it one by one"
	noHEIC    = "is a photo in the HEIC format, which not everybody can open. Save it as JPEG and add that"
	noMail    = "is an e-mail, which can hide other files. Save its text as PDF and each attachment by itself, and add " +
		"those"
	noMacros  = "has macros, which are programs. Save it without them, as .docx, .xlsx or .pptx, and add that"
	noTest    = "is the file that virus checkers are tested with. Files that a virus checker warns of are never kept"
	noDamaged = "is damaged, or is not what its name says. Open it to see whether it is whole, and save it again"
	noEmpty   = "is empty. Choose the file again"
)

var noOther = "is of a type that is not kept here. Add " + AcceptedWords

// headLength is how many bytes at the beginning of a file its type is told by.
const headLength = 3072

// sniff tells the type of a file by how it begins. A zip is told by what is in it: ofZip
// looks at that.
func sniff(name string, head []byte, ofZip func() (Type, error)) (Type, error) {
	no := func(why string) (Type, error) { return Type{}, &Refused{name, why} }
	if len(bytes.TrimSpace(head)) == 0 {
		return no(noEmpty)
	}
	m := mimetype.Detect(head)
	within := func(mimes ...string) bool {
		for up := m; up != nil; up = up.Parent() {
			if slices.ContainsFunc(mimes, up.Is) {
				return true
			}
		}
		return false
	}
	ending := strings.ToLower(filepath.Ext(name))
	switch {
	case within("application/x-elf", "application/vnd.microsoft.portable-executable", "application/x-mach-binary",
		"application/x-java-applet", "application/jar", "application/x-ms-shortcut", "application/wasm"), isScript(head):
		return no(noProgram)
	case within("application/pdf"):
		if !bytes.HasPrefix(head, []byte("%PDF-")) { // something else stands before it
			return no(noDamaged)
		}
		return typePDF, nil
	case within("image/jpeg"):
		return typeJPEG, nil
	case within("image/png") && !within("image/vnd.mozilla.apng"):
		return typePNG, nil
	case within("image/webp"):
		return typeWebP, nil
	case within("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif"):
		return no(noHEIC)
	case within("application/x-ole-storage"):
		if ending == ".msg" {
			return no(noMail)
		}
		return no(noOld)
	case within("application/zip"):
		return ofZip()
	case within("application/x-7z-compressed", "application/x-rar-compressed", "application/gzip", "application/x-tar",
		"application/x-bzip2", "application/x-xz", "application/zstd", "application/vnd.ms-cab-compressed",
		"application/x-iso9660-image"):
		return no(noArchive)
	case ending == ".eml" || within("message/rfc822"):
		return no(noMail)
	case m.Is("text/csv") || m.Is("text/tab-separated-values"),
		m.Is("text/plain") && slices.Contains(typeCSV.Endings, ending):
		return typeCSV, nil
	case m.Is("text/plain"):
		return typeText, nil
	}
	return no(noOther)
}

// isScript reports whether a text begins as one that a machine runs.
func isScript(head []byte) bool {
	return bytes.HasPrefix(head, []byte("#!")) || bytes.HasPrefix(bytes.ToLower(head), []byte("@echo off"))
}

// longestName is how long a name may be, in characters.
const longestName = 150

// cleanName makes the name under which a file is shown: without folders and characters
// that do not show, not too long, and with an ending that says what it is.
func cleanName(given string, t Type) string {
	name := filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(given, "\uFFFD"), `\`, "/"))
	name = strings.Join(strings.FieldsFunc(name, func(c rune) bool {
		// Some turn what follows around, so that "gpj.exe" is read as "exe.jpg".
		return !unicode.IsPrint(c) || strings.ContainsRune(`"<>|:*?`, c)
	}), " ")
	ending := ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 && len(name)-i <= 6 {
		name, ending = name[:i], strings.ToLower(name[i:])
	}
	if len(t.Endings) > 0 && !slices.Contains(t.Endings, ending) {
		ending = t.Endings[0]
	}
	name = strings.Trim(name, ". /")
	if long := []rune(name); len(long) > longestName {
		name = string(long[:longestName])
	}
	if name == "" {
		name = "file"
	}
	return name + ending
}
