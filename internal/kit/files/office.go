package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"kith/internal/kit/lang"
)

// Office documents are zip archives. What is in one is looked at without unpacking more of
// it than a few small parts, so that a bomb costs nothing.

// An office is an Office or OpenDocument file that was looked at.
type office struct {
	zip  *zip.Reader
	Type Type
	// inert says that nothing was found in it that could run or be fetched: no embedded
	// object, control, or part that lies elsewhere.
	inert bool
}

const (
	maxDirectory = 1 << 20   // bytes of the archive's directory
	maxPart      = 2 << 20   // bytes of a part that is read whole
	maxText      = 16 << 20  // bytes that are unpacked to find words
	endRecord    = 22        // bytes of the directory's end
	maxComment   = 1<<16 - 1 // that may stand after it
)

// mains tell what a document is by the content type of its main part.
var mains = map[string]Type{
	typeWord.MIME + ".main+xml": typeWord, typeExcel.MIME + ".main+xml": typeExcel,
	typeSlides.MIME + ".main+xml": typeSlides,
}

// properties are the parts that say who made a document, when and where, and what is put
// in their place, by their names in small letters.
var properties = map[string]string{
	"word/people.xml":   `<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>`,
	"docprops/core.xml": `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`,
	"docprops/app.xml":  `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
	"docprops/custom.xml": `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" ` +
		`xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"/>`,
	"meta.xml": `<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ` +
		`office:version="1.2"><office:meta/></office:document-meta>`,
}

var errDirectory = errors.New("the archive's directory is damaged or too long")

// checkDirectory reads where an archive's directory is. A directory that is long, or has
// something before the archive, is refused before the library makes room for it.
func checkDirectory(file io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, endRecord+maxComment))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endRecord {
		return errDirectory
	}
	end := tail[at:]
	length, start := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if length > maxDirectory || start+length != size-int64(len(end)) {
		return errDirectory
	}
	return nil
}

// lookInside tells what an archive is, and refuses one that is no document or has macros.
func lookInside(name string, file io.ReaderAt, size int64) (*office, error) {
	no := func(why string) (*office, error) { return nil, &Refused{name, why} }
	if err := checkDirectory(file, size); err != nil {
		return no(noDamaged)
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return no(noDamaged)
	}
	o := &office{zip: z, inert: true}
	for _, f := range z.File {
		part := strings.ToLower(f.Name)
		base := path.Base(part)
		switch {
		case f.Flags&1 != 0:
			return no(noOld) // locked by a password
		case strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(base, "vbadata") ||
			strings.Contains(part, "/macrosheets/") || strings.HasPrefix(part, "basic/") ||
			strings.HasPrefix(part, "scripts/"):
			return no(noMacros)
		case strings.Contains(part, "/activex/"), strings.Contains(part, "/externallinks/"),
			strings.Contains(part, "/embeddings/") && !strings.HasSuffix(part, ".xlsx"),
			strings.HasPrefix(part, "object ") && strings.HasSuffix(part, ".bin"):
			o.inert = false
		}
	}
	if o.Type, err = o.typeOf(); err != nil {
		return no(noDamaged)
	}
	switch o.Type.MIME {
	case "":
		return no(noArchive)
	case "macros":
		return no(noMacros)
	}
	if o.inert, err = o.nothingElsewhere(o.inert); err != nil {
		return no(noDamaged)
	}
	return o, nil
}

// typeOf tells what a document is; the zero Type for another archive.
func (o *office) typeOf() (Type, error) {
	if b, err := o.part("mimetype"); err == nil {
		for _, t := range []Type{typeODT, typeODS, typeODP} {
			if string(bytes.TrimSpace(b)) == t.MIME {
				return t, nil
			}
		}
		return Type{}, nil
	}
	b, err := o.part("[Content_Types].xml")
	if errors.Is(err, errNoPart) {
		return Type{}, nil
	}
	if err != nil {
		return Type{}, err
	}
	var list struct {
		Overrides []struct {
			ContentType string `xml:",attr"`
		} `xml:"Override"`
		Defaults []struct {
			ContentType string `xml:",attr"`
		} `xml:"Default"`
	}
	if err := xml.Unmarshal(b, &list); err != nil {
		return Type{}, err
	}
	var found Type
	for _, x := range append(list.Overrides, list.Defaults...) {
		if strings.Contains(strings.ToLower(x.ContentType), "macroenabled") {
			return Type{MIME: "macros"}, nil
		}
		if t, ok := mains[x.ContentType]; ok {
			found = t
		}
	}
	return found, nil
}

// nothingElsewhere looks for parts of the document that lie elsewhere and are fetched when
// it is opened. A link that somebody has to follow is none.
func (o *office) nothingElsewhere(inert bool) (bool, error) {
	left := int64(maxPart)
	for _, f := range o.zip.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".rels") {
			continue
		}
		b, err := readPart(f, left)
		if err != nil {
			return false, err
		}
		left -= int64(len(b))
		var list struct {
			Relationships []struct {
				Type, TargetMode string `xml:",attr"`
			} `xml:"Relationship"`
		}
		if err := xml.Unmarshal(b, &list); err != nil {
			return false, err
		}
		for _, x := range list.Relationships {
			if strings.EqualFold(x.TargetMode, "External") && !strings.HasSuffix(x.Type, "/hyperlink") {
				inert = false
			}
		}
	}
	return inert, nil
}

var errNoPart = errors.New("the archive has no such part")

// part reads a small part whole.
func (o *office) part(name string) ([]byte, error) {
	for _, f := range o.zip.File {
		if f.Name == name {
			return readPart(f, maxPart)
		}
	}
	return nil, errNoPart
}

func readPart(f *zip.File, most int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(b)) > most {
		err = errDirectory
	}
	return b, err
}

// instead gives what is put in place of a part that says who made the document; "" for
// another part.
func instead(name string) string {
	name = strings.ToLower(name)
	if strings.HasSuffix(name, ".psmdcp") { // what some programs call the first of them
		name = "docprops/core.xml"
	}
	return properties[name]
}

// cleaned is what was taken out of a document.
type cleaned struct {
	properties bool // who made it
	pictures   int  // that are plain now
	others     int  // pictures that are as they were
}

// words says it to a person.
func (c cleaned) words() string {
	var says []string
	switch {
	case c.properties && c.pictures > 0:
		says = append(says, "Its author, company and other properties, and where and when pictures in it were taken.")
	case c.properties:
		says = append(says, "Its author, company and other properties.")
	case c.pictures > 0:
		says = append(says, "Where and when pictures in it were taken.")
	}
	if len(says) > 0 {
		says = append(says, "Names at comments and tracked changes are still in it.")
	}
	if c.others > 0 {
		says = append(says, lang.Plural(c.others, "picture", "pictures")+" in it could not be looked at, and may still "+
			"have a place and a time.")
	}
	return strings.Join(says, " ")
}

// clean writes the document without its properties and what its pictures say. Its other
// parts are copied as they stand, without being unpacked.
func (o *office) clean(to *os.File) (c cleaned, err error) {
	onePicture <- struct{}{}
	defer func() { <-onePicture }()
	out := zip.NewWriter(to)
	for _, f := range o.zip.File {
		var content []byte
		if text := instead(f.Name); text != "" {
			content, c.properties = []byte(xml.Header+text), true
		} else if isPicture(f.Name) {
			if content, err = plainPicture(f); err != nil {
				content = nil
				c.others++
			} else {
				c.pictures++
			}
		}
		if content == nil {
			if err := out.Copy(f); err != nil {
				return c, err
			}
			continue
		}
		w, err := out.Create(f.Name)
		if err != nil {
			return c, err
		}
		if _, err := w.Write(content); err != nil {
			return c, err
		}
	}
	return c, out.Close()
}

// words gives the words of a document, as far as unpacking them is cheap.
func (o *office) words() string {
	var b strings.Builder
	left := int64(maxText)
	for _, f := range o.zip.File {
		part := strings.ToLower(f.Name)
		if left <= 0 || !strings.HasSuffix(part, ".xml") || instead(f.Name) != "" ||
			!strings.HasPrefix(part, "word/") && !strings.HasPrefix(part, "xl/sharedstrings") &&
				!strings.HasPrefix(part, "xl/worksheets/") && !strings.HasPrefix(part, "ppt/slides/") &&
				part != "content.xml" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			continue // it is looked for words only
		}
		counted := &io.LimitedReader{R: in, N: left}
		wordsOf(&b, xml.NewDecoder(counted))
		left = counted.N
		in.Close()
	}
	return b.String()
}

// breaks are the elements after which another word begins.
var breaks = map[string]bool{"p": true, "tab": true, "br": true, "si": true, "c": true, "tc": true,
	"table-cell": true, "h": true}

func wordsOf(b *strings.Builder, d *xml.Decoder) {
	d.Strict = false
	for b.Len() < maxWords {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		switch x := token.(type) {
		case xml.CharData:
			b.Write(x)
		case xml.EndElement:
			if breaks[x.Name.Local] {
				b.WriteByte('\n')
			}
		}
	}
}
