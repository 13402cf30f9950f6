package imports_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"kith/internal/access"
	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestLoadsAtOnce: of files for the same year that come at the same moment, one
// is loaded in the end. The others are replaced where that was accepted, and else may be told
// that they were overtaken.
func TestLoadsAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		var all sync.WaitGroup
		for i := range 6 {
			path := file(t, fmt.Sprintf("word%d", i))
			o := imports.Options{Year: 2023, AcceptChange: i%2 == 0}
			all.Go(func() {
				_, err := r.Load(t.Context(), "words", []string{path}, o)
				if err != nil && (o.AcceptChange || !errors.Is(err, imports.ErrOvertaken)) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := count(t, s, `SELECT count(*) FROM imports_ledger WHERE state = 'loaded'`); n != 1 {
			t.Errorf("%d imports of one year are loaded", n)
		}
		if n := count(t, s, `SELECT count(*) FROM settings WHERE changed_by <> ''`); n != 1 {
			t.Errorf("%d words are kept of 1", n)
		}
	})
}

// TestFileNames: a file is read whatever its name, which never leads out of the
// folder and can be kept by every database.
func TestFileNames(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		for i, name := range []string{strings.Repeat("é", 200) + ".txt", "a\xe9\xff.txt", "a\tb.txt", `..\..\..`,
			"../../a.txt", strings.Repeat("x", 300), "." + strings.Repeat("y", 300)} {
			var b bytes.Buffer
			form := multipart.NewWriter(&b)
			form.WriteField("kind", "words")
			form.WriteField("year", "2023-24")
			part, _ := form.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name="files"; filename="` + name +
				`"`}})
			fmt.Fprintf(part, "word%d", i)
			form.Close()
			req := httptest.NewRequest("POST", "/work/imports/new", &b)
			req.Header.Set("Content-Type", form.FormDataContentType())
			w := httptest.NewRecorder()
			r.pages.ServeHTTP(w, req)
			r.jobs.Wait()
			id := strings.TrimPrefix(w.Header().Get("Location"), "/work/imports/")
			kept, err := db.All[string](t.Context(), s.Work, `SELECT name FROM imports_files WHERE import_id = $1`, id)
			if err != nil || len(kept) != 1 {
				t.Fatalf("%.20q: %d %v %v", name, w.Code, kept, err)
			}
			if got := kept[0]; len(got) > 255 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\t") ||
				strings.HasPrefix(got, ".") {
				t.Errorf("%.20q is kept as %q", name, got)
			}
		}
	})
}

// TestNothingIsLeft: an upload that cannot be begun leaves no file.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		if w := upload(t, r.pages, "one", "kind", "words"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("without a year: %d", w.Code)
		}
		if err := s.Work.Close(); err != nil {
			t.Fatal(err)
		}
		if w := upload(t, r.pages, "one", "kind", "words", "year", "2023-24"); w.Code != http.StatusInternalServerError {
			t.Errorf("without a database: %d", w.Code)
		}
		r.left(t)
	})
}

// TestOnlyWhoMayLoadMayCancel: a kind of file with a permission of its own is
// cancelled by who has it.
func TestOnlyWhoMayLoadMayCancel(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		guarded := words()
		guarded.ID, guarded.Permission = "guarded", "guarded:manage"
		r := room(t, s, guarded)
		may := map[web.Permission]bool{access.ImportsRead: true, access.ImportsManage: true, "guarded:manage": true}
		r.as(web.Person{ID: "p", Permissions: may})
		at := upload(t, r.pages, "…", "kind", "guarded", "year", "2023-24").Header().Get("Location")
		delete(may, "guarded:manage")
		if got := post(t, r.pages, at+"/cancel").Code; got != http.StatusNotFound {
			t.Errorf("without the permission: %d", got)
		}
		may["guarded:manage"] = true
		if got := post(t, r.pages, at+"/cancel").Code; got != http.StatusSeeOther {
			t.Errorf("with the permission: %d", got)
		}
		r.jobs.Wait()
	})
}

// TestAFileThatChanges: a file that is written to while it is read is refused, and so is one
// file given twice in the browser.
func TestAFileThatChanges(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	k := words()
	read := k.Read
	k.ID = "growing"
	more := "two"
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		b, err := read(ctx, src)
		return b, errors.Join(err, os.WriteFile(src.Files[0].Path, []byte(more), 0o600))
	}
	r := room(t, s, k)
	for _, more = range []string{"one and more", "two", ""} { // longer, of the same length, and emptied
		_, err := r.Load(t.Context(), "growing", []string{file(t, "one")}, imports.Options{Year: 2023})
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) || !strings.Contains(err.Error(), "changed while it was read") {
			t.Errorf("%q: %v", more, err)
		}
	}
	more = "one"
	if _, err := r.Load(t.Context(), "growing", []string{file(t, "one")}, imports.Options{Year: 2023}); err != nil {
		t.Error(err)
	}
}

// TestTheSameFileTwice: of an upload with one file twice nothing is read, for what it holds
// would be counted twice.
func TestTheSameFileTwice(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r := room(t, s)
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("kind", "words")
	form.WriteField("year", "2023-24")
	for _, name := range []string{"words.txt", "words.txt"} {
		part, _ := form.CreateFormFile("files", name)
		fmt.Fprint(part, "one two")
	}
	form.Close()
	req := httptest.NewRequest("POST", "/work/imports/new", &b)
	req.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	r.pages.ServeHTTP(w, req)
	r.jobs.Wait()
	says(t, get(t, r.pages, w.Header().Get("Location")).Body.String(), "Not loaded",
		"words.txt and 2-words.txt are the same file, byte for byte; give it once")
}
