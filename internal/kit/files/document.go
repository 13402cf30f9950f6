package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	pdf "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// PDFs are read and written again without what says who made them, when and with what. One
// that is signed stays as it was sent, for its signature says that nothing was changed; so
// does one that is locked, too large, or that the library does not understand. The person is
// told which it was.

// maxPDF is how large a PDF may be that is written again: it is read whole.
const maxPDF = 10 << 20

// Why a PDF is kept as it was sent, other than that it is not understood.
var (
	errLarge  = errors.New("it is larger than 10 MB")
	errSigned = errors.New("it is signed, and would not be any more")
	errLocked = errors.New("it is locked")
	errLong   = errors.New("reading it took too long")
)

// removedFromPDF says what was taken out of a PDF; err is what cleanPDF returned.
func removedFromPDF(err error) string {
	why := "it could not be read to its end"
	for _, known := range []error{errLarge, errSigned, errLocked, errLong} {
		if errors.Is(err, known) {
			why = known.Error()
		}
	}
	if err != nil {
		return "Nothing, because " + why + ". Its author, title and other properties are still in it."
	}
	return "Its author, title and other properties. Names at comments are still in it."
}

// pdfLimits hold what one PDF may take: a stream that unpacks to more ends the reading.
var pdfLimits = model.ResourceLimits{MaxStreamBytes: maxPDF, MaxDecodeBytes: 32 << 20, MaxImagePixels: maxPixels,
	MaxImageBytes: 128 << 20, MaxObjectCount: 500_000, MaxObjectStreamCount: 100_000, MaxObjectStreamFirst: 1 << 20,
	MaxXRefEntries: 500_000, MaxRecursionDepth: 100}

// withoutFolder keeps the library from making a folder for its settings in the user's home.
var withoutFolder = sync.OnceFunc(api.DisableConfigDir)

// onePDF lets one PDF be written again at a time.
var onePDF = make(chan struct{}, 1)

// pdfPatience is how long one may take, and how long another waits for it.
const pdfPatience = 15 * time.Second

// cleanPDF writes a PDF again without its properties. One that keeps the library busy for
// too long is left to it, and kept as it was sent; so are those after it, until it is done.
func cleanPDF(file io.ReaderAt, size int64, to *os.File) error {
	if size > maxPDF {
		return errLarge
	}
	enough := time.NewTimer(pdfPatience)
	defer enough.Stop()
	select {
	case onePDF <- struct{}{}:
	case <-enough.C:
		return errLong
	}
	enough.Reset(pdfPatience)
	done := make(chan error, 1)
	go func() {
		defer func() { <-onePDF }()
		done <- rewritePDF(file, size, to)
	}()
	select {
	case err := <-done:
		return err
	case <-enough.C:
		return errLong
	}
}

func rewritePDF(file io.ReaderAt, size int64, to io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read a PDF: %v", p)
		}
	}()
	whole := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(file, 0, size), whole); err != nil {
		return err
	}
	if bytes.Contains(whole, []byte("/ByteRange")) {
		return errSigned
	}
	withoutFolder()
	conf := model.NewDefaultConfiguration()
	conf.Limits = pdfLimits
	ctx, err := api.ReadContext(bytes.NewReader(whole), conf)
	if err != nil {
		return err
	}
	if ctx.Encrypt != nil {
		return errLocked
	}
	ctx.Info, ctx.Author, ctx.Title, ctx.Subject, ctx.Creator, ctx.Keywords = nil, "", "", "", "", ""
	for _, entry := range ctx.Table {
		if entry == nil {
			continue
		}
		switch o := entry.Object.(type) {
		case pdf.Dict:
			forget(o)
		case pdf.StreamDict:
			forget(o.Dict)
		}
	}
	return api.WriteContext(ctx, to)
}

// forget takes out of a part of a PDF what says who made it, and what an editor left in it
// for itself.
func forget(d pdf.Dict) {
	d.Delete("Metadata")
	d.Delete("PieceInfo")
	d.Delete("LastModified")
}
