package files_test

import (
	"archive/zip"
	"context"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/files"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/testkit/filestest"
)

// BenchmarkUpload adds files of nearly 100 MB over HTTP, looked at by a fake of the virus
// checker that reads them through: to reach, less than 30 MB of memory.
func BenchmarkUpload(b *testing.B) {
	dir := b.TempDir()
	for name, write := range map[string]func(io.Writer) error{
		"report.pdf": func(w io.Writer) error {
			_, err := io.Copy(w, io.MultiReader(strings.NewReader("%PDF-1.7\n"), noise()))
			return err
		},
		"report.docx": func(w io.Writer) error {
			z := zip.NewWriter(w)
			for _, part := range []struct {
				name    string
				content io.Reader
			}{
				{"[Content_Types].xml", strings.NewReader(`<Types><Override ContentType="application/vnd.openxmlformats-` +
					`officedocument.wordprocessingml.document.main+xml"/></Types>`)},
				{"word/document.xml", strings.NewReader("<w:p>" + strings.Repeat("All went well. ", 100_000) + "</w:p>")},
				{"word/media/image1.jpg", noise()},
			} {
				in, err := z.Create(part.name)
				if err == nil {
					_, err = io.Copy(in, part.content)
				}
				if err != nil {
					return err
				}
			}
			return z.Close()
		},
		"report.csv": func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("one,two,three,four,five,six\n", 95<<20/28))
			return err
		},
	} {
		path := filepath.Join(dir, name)
		file, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := write(file); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) { benchUpload(b, path) })
	}
}

// noise is 95 MB that cannot be made shorter.
func noise() io.Reader { return io.LimitReader(rand.Reader, 95<<20) }

func benchUpload(b *testing.B, path string) {
	store := filestest.New(b, testkit.NewStores(b, db.SQLite), clock.System, reads{})
	m := testkit.Mux(b, store.Routes(things(nil))...)
	m.Person = func(*http.Request) (web.Person, error) { return ann, nil }
	server := httptest.NewServer(m)
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var most uint64
	var bytes int64
	for b.Loop() {
		most = max(most, testkit.Peak(func() { bytes = upload(b, client, server.URL+"/work/things/1/files/new", path) }))
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(most), "MB-peak")
}

// upload posts a form with a file of the disk, as it is read.
func upload(b *testing.B, client *http.Client, to, path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	body, w := io.Pipe()
	form := multipart.NewWriter(w)
	var n int64
	go func() {
		part, err := form.CreateFormFile("files", filepath.Base(path))
		if err == nil {
			n, err = io.Copy(part, file)
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	res, err := client.Post(to, form.FormDataContentType(), body)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		said, _ := io.ReadAll(res.Body)
		b.Fatal(res.StatusCode, testkit.Main(string(said)))
	}
	return n
}

// reads is a checker that reads everything and finds nothing.
type reads struct{}

var _ files.Checker = reads{}

func (reads) Check(_ context.Context, content io.Reader) (string, error) {
	_, err := io.Copy(io.Discard, content)
	return "", err
}
