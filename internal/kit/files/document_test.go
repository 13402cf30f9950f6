package files

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pdfDocument makes a PDF of one page that says who made it, with more in its catalogue.
func pdfDocument(more string) string {
	xmp := "<x:xmpmeta>Ann Author</x:xmpmeta>"
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R" + more + ">>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/PieceInfo<</Editor<</Private(Ann Author)>>>>>>",
		"<</Length 8>>\nstream\n0 0 m\nn \nendstream",
		fmt.Sprintf("<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream", len(xmp), xmp),
		"<</Author(Ann Author)/Title(Ann Author)/Creator(Ann Author)>>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.String()
}

// TestPDFs: a PDF loses what says who made it and is whole afterwards; one that is signed,
// too large or not understood stays as it was sent, and that is said.
func TestPDFs(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, content, says string }{
		{"plain", pdfDocument(""), "Its author, title and other properties."},
		{"signed", pdfDocument("/Sig<</ByteRange[0 1 2 3]>>"), "because it is signed"},
		{"large", pdfDocument("") + strings.Repeat("%\n", maxPDF/2), "because it is larger than 10 MB"},
		{"not understood", "%PDF-1.7 x", "because it could not be read to its end"},
	} {
		r, refused := receive(t, "paper.pdf", x.content)
		if refused != "" || !strings.Contains(r.removed, x.says) {
			t.Errorf("%s: %q", x.name, refused)
			continue
		}
		got := contentOf(t, r.content)
		if x.name != "plain" {
			if got != x.content {
				t.Errorf("%s: it is not as it was sent", x.name)
			}
			continue
		}
		if strings.Contains(got, "Ann Author") || strings.Contains(got, "PieceInfo") {
			t.Errorf("it still says who made it:\n%s", got)
		}
		n, err := api.PageCount(io.NewSectionReader(r.content, 0, r.size), model.NewDefaultConfiguration())
		if err != nil || n != 1 {
			t.Errorf("written again it has %d pages: %v", n, err)
		}
		if err := api.Validate(io.NewSectionReader(r.content, 0, r.size), model.NewDefaultConfiguration()); err != nil {
			t.Errorf("written again it is not sound: %v", err)
		}
	}
}
