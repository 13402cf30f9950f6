package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	paint "image/draw"
	"image/png"
)

// A File is one that somebody added to a record.
type File struct {
	Name    string
	Content []byte
}

// EvidenceFiles are what was added to an action to show what was done: a note and a
// picture for one that is done, a list for one that is under way.
func EvidenceFiles(a Action) ([]File, error) {
	if a.Status != "done" {
		return []File{{"What was done so far.csv", []byte("What,Who,Told\r\n" +
			"Agreed with the teams,Demonstration,yes\r\nWritten into the guidance,Demonstration,not yet\r\n")}}, nil
	}
	note, err := wordDocument(a.Title, "Demonstration: this note, its people and its numbers are made up.", a.Evidence,
		a.Impact)
	if err != nil {
		return nil, fmt.Errorf("write a note: %w", err)
	}
	form, err := drawnForm()
	if err != nil {
		return nil, fmt.Errorf("draw a form: %w", err)
	}
	return []File{{"Note of what was done.docx", note}, {"The form as it is used.png", form}}, nil
}

// wordDocument writes a Word document of a heading and paragraphs.
func wordDocument(heading string, paragraphs ...string) ([]byte, error) {
	body := `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>` + html.EscapeString(heading) + `</w:t></w:r></w:p>`
	for _, p := range paragraphs {
		body += `<w:p><w:r><w:t>` + html.EscapeString(p) + `</w:t></w:r></w:p>`
	}
	const office = "http://schemas.openxmlformats.org/"
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + office + `package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType=` +
			`"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + office + `package/2006/relationships"><Relationship Id="r1" Type="` +
			office + `officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="` + office + `wordprocessingml/2006/main"><w:body>` + body +
			`</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + part[1])); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// drawnForm draws a sheet with lines to write on, as a picture.
func drawnForm() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, 480, 640))
	fill := func(r image.Rectangle, c color.Color) {
		paint.Draw(img, r, image.NewUniform(c), image.Point{}, paint.Src)
	}
	ink, pale := color.RGBA{11, 79, 74, 255}, color.RGBA{227, 239, 236, 255}
	fill(img.Bounds(), color.White)
	fill(image.Rect(0, 0, 480, 72), ink)
	for i := range 9 {
		y := 110 + i*56
		fill(image.Rect(32, y, 152, y+12), ink)
		fill(image.Rect(168, y-12, 448, y+24), pale)
		fill(image.Rect(168, y+24, 448, y+26), ink)
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}
