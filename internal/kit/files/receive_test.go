package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	imagepng "image/png"
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// archive makes a zip of parts: name, content, name, content ….
func archive(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, parts[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const wordMain = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

// wordDocument makes a Word document of a text, with more parts.
func wordDocument(t testing.TB, words string, more ...string) string {
	t.Helper()
	return archive(t, append([]string{"[Content_Types].xml", wordMain, "word/document.xml",
		`<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>` + words + `</w:t></w:r></w:p></w:body></w:document>`,
		"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Ann Author</dc:creator></cp:coreProperties>`},
		more...)...)
}

// rels is a part that says that something lies elsewhere.
func rels(kind string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind +
		`" Target="https://elsewhere.example/x" TargetMode="External"/></Relationships>`
}

// bigPNG is the beginning of a PNG that says how large it is, and a little of it.
func bigPNG(width, height uint32) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	head[12], head[13] = 8, 6 // eight bits of four colours
	binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(head)
	binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(head))
	return b.String()
}

// small is a picture of 3 by 2, red in its upper left corner, as a PNG.
func small(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := imagepng.Encode(&b, redCorner(3, 2)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func redCorner(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.Set(0, 0, color.RGBA{R: 255, A: 255})
	return img
}

// photo is a JPEG that was taken lying down, as its EXIF says, by somebody somewhere.
func photo(t testing.TB, turn byte) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			img.Set(x, y, color.RGBA{R: 255, G: uint8(255 * min(1, x/16+y/16)), B: uint8(255 * min(1, x/16+y/16)), A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	who := "Ann Photographer\x00"
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02" +
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(turn) + "\x00\x00" +
		fmt.Sprintf("\x01\x3b\x00\x02\x00\x00\x00%c\x00\x00\x00\x26", rune(len(who))) + "\x00\x00\x00\x00" + who
	return "\xff\xd8\xff\xe1" + string([]byte{byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}) + exif + b.String()[2:]
}

// receive gives one file to an upload, and tells what is wrong with it.
func receive(t testing.TB, name, content string) (*received, string) {
	t.Helper()
	u := &upload{dir: t.TempDir()}
	t.Cleanup(func() { u.Close() })
	if err := u.add(name, strings.NewReader(content)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(u.refused) > 0 {
		return nil, u.refused[0]
	}
	return u.files[0], ""
}

func contentOf(t testing.TB, f *os.File) string {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<30))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRefused: what is not kept is refused in words that say what to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	office := wordDocument(t, "Minutes")
	for _, x := range []struct{ name, content, want string }{
		{"minutes.pdf", "MZ\x90\x00" + strings.Repeat("\x00", 60) + "PE\x00\x00", "is a program"},
		{"minutes.pdf", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 60), "is a program"},
		{"minutes.txt", "#!/bin/sh\nrm -r /", "is a program"},
		{"minutes.txt", "@ECHO OFF\r\ndel *", "is a program"},
		{"minutes.pdf", "  \n", "is empty"},
		{"minutes.pdf", "junk before\n%PDF-1.7\n", ""},
		{"minutes.txt", eicar(), "virus checkers are tested with"},
		{"minutes.zip", archive(t, "eicar.com", eicar()), "is an archive"},
		{"minutes.docx", archive(t, "eicar.com", eicar()), "is an archive"},
		{"minutes.docx", office[:len(office)-40], "is damaged"},
		{"minutes.docx", "MZ something that unpacks itself" + office, ""},
		{"minutes.docx", wordDocument(t, "x", "word/vbaProject.bin", "x"), "has macros"},
		{"minutes.docx", archive(t, "[Content_Types].xml",
			`<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`), "has macros"},
		{"minutes.odt", archive(t, "mimetype", typeODT.MIME, "Basic/Standard/Module1.xml", "x"), "has macros"},
		{"minutes.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 1024), "old Office format"},
		{"minutes.msg", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 1024), "is an e-mail"},
		{"minutes.eml", "From: ann@example.org\nSubject: x\n\nHello", "is an e-mail"},
		{"minutes.html", "<!doctype html><script>alert(1)</script>", "not kept here"},
		{"minutes.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "not kept here"},
		{"minutes.rtf", `{\rtf1 x}`, "not kept here"},
		{"minutes.txt", strings.Repeat("a", 5000) + "\x00\x01", "is damaged"},
		{"photo.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"},
		{"photo.png", bigPNG(50_000, 50_000), "too many pixels"},
		{"photo.png", bigPNG(100, 100), "is damaged"},
		{"photo.jpg", "\xff\xd8\xff\xe0 no picture", "is damaged"},
	} {
		_, refused := receive(t, x.name, x.content)
		if x.want == "" { // what begins as something else is refused as that
			x.want = x.name
		}
		if !strings.Contains(refused, x.want) || !strings.HasPrefix(refused, "“"+x.name+"” ") {
			t.Errorf("%s, %.20q: refused with %q, and not %q", x.name, x.content, refused, x.want)
		}
	}
}

// TestKept: what is kept, as what, under which name, and what is no longer in it.
func TestKept(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, content, as, mime, gone string
		harmless                      bool
	}{
		{"minutes.txt", "We met.", "minutes.txt", "text/plain", "", true},
		{"minutes.bat", "We met.", "minutes.txt", "text/plain", "", true},
		{"C:\\papers\\list.csv", "a,b\n1,2\n", "list.csv", "text/csv", "", true},
		{"list.csv", "one column\nof words\n", "list.csv", "text/csv", "", true},
		{"minutes.txt", "\xff\xfeW\x00e\x00", "minutes.txt", "text/plain", "", true},
		{"minutes", "%PDF-1.7\n%x", "minutes.pdf", "application/pdf", "", false},
		{"minutes.docx", wordDocument(t, "We met."), "minutes.docx", typeWord.MIME, "Ann Author", true},
		{"minutes.docx", wordDocument(t, "x", "word/_rels/document.xml.rels", rels("hyperlink")), "minutes.docx",
			typeWord.MIME, "Ann Author", true},
		{"minutes.docx", wordDocument(t, "x", "word/_rels/document.xml.rels", rels("attachedTemplate")), "minutes.docx",
			typeWord.MIME, "Ann Author", false},
		{"minutes.docx", wordDocument(t, "x", "word/embeddings/oleObject1.bin", "x"), "minutes.docx", typeWord.MIME,
			"Ann Author", false},
		{"plan.odt", archive(t, "mimetype", typeODT.MIME, "meta.xml", "<x>Ann Author</x>", "content.xml", "<p>x</p>"),
			"plan.odt", typeODT.MIME, "Ann Author", true},
		{"photo.png", small(t), "photo.png", "image/png", "", true},
		{"photo.jpeg", photo(t, 6), "photo.jpeg", "image/jpeg", "Ann Photographer", true},
		{"photo.jpg.exe", small(t), "photo.jpg.png", "image/png", "", true},
		{"exe\u202egnp.png", small(t), "exe gnp.png", "image/png", "", true},
		{"../../" + strings.Repeat("ü", 400) + ".png", small(t), strings.Repeat("ü", longestName) + ".png", "image/png", "",
			true},
	} {
		r, refused := receive(t, x.name, x.content)
		if refused != "" {
			t.Errorf("%s: %s", x.name, refused)
			continue
		}
		got := contentOf(t, r.content)
		if r.name != x.as || r.Type.MIME != x.mime || r.harmless != x.harmless || r.size != int64(len(got)) {
			t.Errorf("%s: kept as %q, %s, harmless %v, %d bytes of %d", x.name, r.name, r.Type.MIME, r.harmless, r.size,
				len(got))
		}
		if doc, err := lookInside(x.name, r.content, r.size); err == nil {
			for _, f := range doc.zip.File {
				b, err := readPart(f, maxPart)
				if err != nil {
					t.Errorf("%s in %s: %v", f.Name, x.name, err)
				}
				got += string(b)
			}
		}
		if x.gone != "" && (strings.Contains(got, x.gone) || r.removed == "") {
			t.Errorf("%s still says %q; removed: %q", x.name, x.gone, r.removed)
		}
	}
}

// TestPicturesInside: pictures in a document lose what they say besides, and are otherwise
// the same, point by point; the document still opens.
func TestPicturesInside(t *testing.T) {
	t.Parallel()
	comment := "\xff\xfe\x00\x0fAnn wrote me."
	said := photo(t, 6)
	said = said[:2] + comment + said[2:] + "after the end, Ann"
	png := small(t)
	text := "tEXtAuthor\x00Ann Painter"
	chunk := string(binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))) + text +
		string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))))
	png = png[:33] + chunk + png[33:]
	doc := wordDocument(t, "We met.", "word/media/image1.jpeg", said, "word/media/image2.png", png,
		"docProps/thumbnail.jpeg", said, "word/people.xml", "<people>Ann Author</people>",
		"word/media/image3.gif", "GIF89a Ann", "word/media/image4.jpeg", "\xff\xd8\xff\xe0\x00")
	r, refused := receive(t, "minutes.docx", doc)
	if refused != "" {
		t.Fatal(refused)
	}
	if want := "Its author, company and other properties, and where and when pictures in it were taken. Names at comments " +
		"and tracked changes are still in it. 2 pictures in it could not be looked at, and may still have a place and " +
		"a time."; r.removed != want {
		t.Errorf("removed: %q", r.removed)
	}
	z, err := lookInside("minutes.docx", r.content, r.size)
	if err != nil {
		t.Fatal(err)
	}
	before, err := zip.NewReader(strings.NewReader(doc), int64(len(doc)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.zip.File {
		now, err := readPart(f, maxPart)
		if err != nil || f.Name != before.File[i].Name {
			t.Fatalf("%s: %v", f.Name, err)
		}
		was, err := readPart(before.File[i], maxPart)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "word/media/image3.gif" || f.Name == "word/media/image4.jpeg" {
			if !bytes.Equal(now, was) {
				t.Errorf("%s is another", f.Name)
			}
			continue
		}
		if bytes.Contains(now, []byte("Ann")) {
			t.Errorf("%s still says %q", f.Name, now)
		}
		if !isPicture(f.Name) {
			continue
		}
		a, err := decode(bytes.NewReader(now))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		b, err := decode(bytes.NewReader(was))
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s looks otherwise: %v", f.Name, err)
		}
		if strings.HasSuffix(f.Name, "jpeg") && orientation(typeJPEG, bytes.NewReader(now)) != 6 {
			t.Errorf("%s lies on its side", f.Name)
		}
	}
}

// TestUpright: a photo is turned as its EXIF says, for nothing says so afterwards.
func TestUpright(t *testing.T) {
	t.Parallel()
	for turn, want := range map[byte][2]int{1: {8, 8}, 2: {56, 8}, 3: {56, 24}, 4: {8, 24}, 5: {8, 8}, 6: {24, 8},
		7: {24, 56}, 8: {8, 56}} {
		r, refused := receive(t, "photo.jpg", photo(t, turn))
		if refused != "" {
			t.Fatal(refused)
		}
		for _, f := range []*os.File{r.content, r.preview} {
			img, err := jpeg.Decode(io.NewSectionReader(f, 0, 1<<20))
			if err != nil {
				t.Fatal(err)
			}
			if b := img.Bounds(); (b.Dx() > b.Dy()) != (turn < 5) {
				t.Errorf("turned as %d it is %v", turn, b)
			}
			if _, g, _, _ := img.At(want[0], want[1]).RGBA(); g > 0x6000 {
				t.Errorf("turned as %d, its red corner is not at %v", turn, want)
			}
		}
	}
}

// TestHostile: what is made to fill a machine is refused at once, in little memory. It runs
// alone, so that the memory is its own.
func TestHostile(t *testing.T) {
	many := make([]string, 0, 60_000)
	for i := range 30_000 {
		many = append(many, fmt.Sprintf("part-%d-with-a-name-of-some-length.xml", i), "")
	}
	bomb := wordDocument(t, strings.Repeat("bomb ", 20<<20)) // 100 MB in 100 kB
	for _, x := range []struct {
		name, content string
		refused       bool
	}{
		{"photo.png", bigPNG(50_000, 50_000), true},
		{"photo.png", bigPNG(1<<31-1, 1<<31-1), true},
		{"bomb.docx", bomb, false}, // it is not unpacked, and whoever opens it is asked by Word
		{"many.docx", archive(t, many...), true},
		{"long.txt", strings.Repeat("all work and no play ", 1<<20), false},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, refused := receive(t, x.name, x.content)
		runtime.ReadMemStats(&after)
		if (refused != "") != x.refused {
			t.Errorf("%s: %q", x.name, refused)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", x.name, took)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 120 {
			t.Errorf("%s took %d MB in all", x.name, used)
		}
	}
}

// TestTooLarge: no more of a file is kept than it may have, and the others are read on.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	u := &upload{dir: t.TempDir()}
	defer u.Close()
	if err := u.add("long.txt", io.LimitReader(letters{}, MaxFile+5)); err != nil {
		t.Fatal(err)
	}
	if len(u.refused) != 1 || !strings.Contains(u.refused[0], "larger than 100 MB") || len(u.files) > 0 {
		t.Errorf("%q", u.refused)
	}
}

// letters is a file without end.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// Whatever is sent ends in a file that can be kept, or in a refusal that says why.
func FuzzReceive(f *testing.F) {
	for name, content := range map[string]string{"a.txt": "text", "a.csv": "name,dob\n", "a.png": small(f),
		"a.jpg": photo(f, 6), "a.docx": wordDocument(f, "x", "word/_rels/document.xml.rels", rels("hyperlink")),
		"a.pdf": pdfDocument(""), "a.odt": archive(f, "mimetype", typeODT.MIME, "content.xml", "<p>x</p>")} {
		f.Add(name, content)
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		r, refused := receive(t, name, content)
		switch {
		case (r == nil) != (refused != ""):
			t.Errorf("kept %v and refused with %q", r, refused)
		case r != nil && (r.name == "" || strings.ContainsAny(r.name, "/\\\x00") || len(r.sum) != 64 || r.Type.Words == ""):
			t.Errorf("kept as %q, %v, %q", r.name, r.Type, r.sum)
		}
	})
}
