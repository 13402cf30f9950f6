package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A desk is the pages of one place.
type desk struct {
	*Store
	Place
}

// Routes gives the pages on which people add files to the records of a place, open them
// and erase them.
func (s *Store) Routes(p Place) []web.Route {
	d := &desk{s, p}
	at := func(method, path string, h web.HandlerFunc) web.Route {
		return web.Route{Pattern: method + " " + p.Root + "/files" + path, Permission: p.Permission, Handle: h}
	}
	answer, replace := at("POST", "/questions", d.answerQuestions), at("POST", "/{file}/replace", d.replaceFile)
	answer.Many, replace.Adds = []string{"keep"}, true
	return []web.Route{
		at("GET", "/new", d.newFiles),
		at("POST", "/new", d.addFiles),
		at("GET", "/questions", d.confirmAnswer),
		answer,
		at("GET", "/{file}", d.showFile),
		at("GET", "/{file}/preview", d.downloadPreview),
		at("GET", "/{file}/versions/{version}/download", d.downloadVersion),
		at("GET", "/{file}/replace", d.confirmReplace),
		replace,
		at("GET", "/{file}/edit", d.editFile),
		at("POST", "/{file}/edit", d.saveFile),
		at("GET", "/{file}/erase", d.confirmErase),
		at("POST", "/{file}/erase", d.eraseOne),
	}
}

// Href gives the address of a record's files.
func (p Place) Href(record string) string { return p.recordHref(record) + "/files" }

func (p Place) recordHref(record string) string { return strings.Replace(p.Root, "{id}", record, 1) }

func (d *desk) fileHref(record, file string) string { return d.Href(record) + "/" + file }

// record finds the record of an address; change says that it has to be one that the person
// may add to, and what they may not do is not there for them.
func (d *desk) record(req *http.Request, change bool) (Record, error) {
	of, err := d.Find(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err == nil && change && !of.Change {
		err = db.ErrNotFound
	}
	return of, err
}

// file finds the file of an address, and its record.
func (d *desk) file(req *http.Request, change bool) (Record, File, error) {
	of, err := d.record(req, change)
	if err != nil {
		return of, File{}, err
	}
	f, err := fileAt(req.Context(), d.Work, d.Place, of.ID, req.PathValue("file"))
	return of, f, err
}

// List gives the files of a record for its own page, as {{fileList .Files}} shows them.
func (s *Store) List(ctx context.Context, p Place, of Record, by web.Person) (ui.FileList, error) {
	d := &desk{s, p}
	out := ui.FileList{Words: fmt.Sprintf("%s, up to %d MB", AcceptedWords, MaxFile>>20)}
	all, err := filesOf(ctx, s.Work, p, of.ID)
	if err != nil {
		return out, err
	}
	for _, f := range all {
		st := s.standing(f.Version)
		item := ui.FileItem{Name: f.Name, Href: d.fileHref(of.ID, f.ID), By: f.By, At: f.At.Time, Facts: f.Facts(),
			Tone: st.Tone, State: st.Words}
		if s.mayOpen(f.Version) {
			item.Open = d.versionHref(of.ID, f.ID, f.Number)
		}
		out.Items = append(out.Items, item)
	}
	if !of.Change {
		return out, nil
	}
	out.AddHref = d.Href(of.ID) + "/new"
	asked, err := askedOf(ctx, s.Work, p, of.ID, by.ID)
	if out.Asked = len(asked); out.Asked > 0 {
		out.AskedHref = d.Href(of.ID) + "/questions"
	}
	return out, err
}

func (d *desk) versionHref(record, file string, n int64) string {
	return d.fileHref(record, file) + "/versions/" + strconv.FormatInt(n, 10) + "/download"
}

type newPage struct {
	ui.FormPage
	Version  bool   // one file, which takes the place of another
	Name     string // of that
	Accept   string
	Words    string
	MaxMB    int64
	MaxFiles int
	Checking bool // by a virus checker
}

func (d *desk) newForm(w http.ResponseWriter, req *http.Request, of Record) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, d.pages, "new", newPage{Accept: Accepted, Words: AcceptedWords,
			MaxMB: MaxFile >> 20, MaxFiles: MaxFiles, Checking: d.Checker != nil,
			FormPage: ui.FormPage{Base: d.Base(req, of, "Add files"), Form: f, Cancel: d.recordHref(of.ID)}})
	}
}

func (d *desk) newFiles(w http.ResponseWriter, req *http.Request) error {
	of, err := d.record(req, true)
	if err != nil {
		return err
	}
	return d.newForm(w, req, of)(http.StatusOK, web.NewRecord())
}

// receiving gives what receives the files of a form.
func (d *desk) receiving(most int) (*upload, web.Upload) {
	u := &upload{dir: d.Dir}
	return u, web.Upload{MaxBytes: MaxUpload, MaxFiles: most, Receive: u.add,
		Sum: func() string { return strings.Join(u.sums, " ") }}
}

// heard puts on a form what is wrong with the files that came with it.
func (u *upload) heard(f *web.Form) {
	switch {
	case len(u.refused) > 1:
		f.Add("files", strings.Join(u.refused, ". ")+". Nothing was added: choose the others again")
	case len(u.refused) == 1 && len(u.files) > 0:
		f.Add("files", u.refused[0]+". Nothing was added: choose the others again")
	case len(u.refused) == 1:
		f.Add("files", u.refused[0])
	case len(u.files) == 0:
		f.Add("files", "Choose a file")
	}
}

func (d *desk) addFiles(w http.ResponseWriter, req *http.Request) (err error) {
	of, err := d.record(req, true)
	if err != nil {
		return err
	}
	u, how := d.receiving(MaxFiles)
	defer func() { err = errors.Join(err, u.Close()) }()
	return web.SubmitFiles(w, req, how, d.newForm(w, req, of), func(f *web.Form) (web.Done, error) {
		u.heard(f)
		on := d.eraseDay(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		asked, err := d.add(req.Context(), web.PersonOf(req), d.Place, of.ID, u, on)
		if asked > 0 {
			return web.Done{To: d.Href(of.ID) + "/questions"}, err
		}
		return web.Done{To: d.recordHref(of.ID),
			Words: lang.Plural(len(u.files), "file was added.", "files were added.")}, err
	})
}

// eraseDay reads the day on which a file is to be erased.
func (d *desk) eraseDay(f *web.Form) period.Date {
	on := f.Date("erase", "")
	if today := d.Now.Today(); !on.IsZero() && !today.Before(on) {
		f.Add("erase", "Enter a day after today, "+today.Words()+", or leave it empty")
	}
	return on
}

func fillFile(f File) *web.Form {
	form := web.NewForm("version", strconv.FormatInt(f.Number, 10))
	form.SetDate("erase", f.EraseOn)
	return form
}

type filePage struct {
	ui.Base
	File     File
	Open     string // where its newest version can be had; "" when it cannot be opened
	Preview  string
	Standing standing
	Rows     []ui.Row
	Versions []versionRow
	Href     string
	Change   bool
}

type versionRow struct {
	Version
	Standing standing
	Open     string
}

func (d *desk) showFile(w http.ResponseWriter, req *http.Request) error {
	of, f, err := d.file(req, false)
	if err != nil {
		return err
	}
	all, err := versionsOf(req.Context(), d.Work, f.ID)
	if err != nil {
		return err
	}
	page := filePage{Base: d.Base(req, of, f.Name), File: f, Standing: d.standing(f.Version), Change: of.Change,
		Href: d.fileHref(of.ID, f.ID)}
	for _, v := range all {
		row := versionRow{Version: v, Standing: d.standing(v)}
		if d.mayOpen(v) {
			row.Open = d.versionHref(of.ID, f.ID, v.Number)
		}
		page.Versions = append(page.Versions, row)
	}
	if d.mayOpen(f.Version) {
		page.Open = d.versionHref(of.ID, f.ID, f.Number)
		if f.Preview != "" {
			page.Preview = page.Href + "/preview"
		}
	}
	page.Rows = []ui.Row{{Key: "Type and size", Value: f.Facts()},
		{Key: "Added", Value: "By " + f.By + " on " + lang.DateTime(f.At.Time)}}
	if f.Removed != "" {
		page.Rows = append(page.Rows, ui.Row{Key: "Taken out before it was kept", Value: f.Removed})
	}
	for _, q := range f.Questions() {
		page.Rows = append(page.Rows, ui.Row{Key: "Asked about", Value: q.Words()})
	}
	if f.Reason != "" {
		page.Rows = append(page.Rows, ui.Row{Key: "Why it belongs here", Value: f.Reason})
	}
	day := "No day is set"
	if !f.EraseOn.IsZero() {
		day = f.EraseOn.Words()
	}
	row := ui.Row{Key: "Erased on", Value: day}
	if of.Change {
		row.Href, row.About = page.Href+"/edit", "the day on which it is erased"
	}
	page.Rows = append(page.Rows, row, ui.Row{Key: "Fingerprint (SHA-256)", Value: f.SHA256})
	return web.Render(w, http.StatusOK, d.pages, "file", page)
}

func (d *desk) downloadVersion(w http.ResponseWriter, req *http.Request) error {
	_, f, err := d.file(req, false)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(req.PathValue("version"), 10, 64)
	if err != nil {
		return db.ErrNotFound
	}
	v, err := versionOf(req.Context(), d.Work, f.ID, n)
	if err == nil && v.State == Asked { // not kept yet
		err = db.ErrNotFound
	}
	if err != nil {
		return err
	}
	return d.send(w, req, v, v.Content, v.Name, v.MIME, v.Size)
}

func (d *desk) downloadPreview(w http.ResponseWriter, req *http.Request) error {
	_, f, err := d.file(req, false)
	if err == nil && f.Preview == "" {
		err = db.ErrNotFound
	}
	if err != nil {
		return err
	}
	return d.send(w, req, f.Version, string(f.Preview), "preview.jpg", typeJPEG.MIME, 0)
}

// send answers with a content. A browser saves it and never shows it as a page of ours:
// whatever is in it can do nothing here.
func (d *desk) send(w http.ResponseWriter, req *http.Request, v Version, name, as, mimeType string, size int64) error {
	content, err := d.open(req.Context(), v, name)
	switch {
	case errors.Is(err, ErrClosed):
		return web.Conflict("This file cannot be opened", d.standing(v).Why)
	case errors.Is(err, ErrMissing):
		d.Log.Error("a content is missing", "content", name)
		return &web.Refusal{Status: http.StatusServiceUnavailable, Title: "This file cannot be read at the moment",
			Words: "It is not where files are kept. Try again in a minute; if it is still missing, tell whoever runs the " +
				"system."}
	case err != nil:
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", mimeType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": as}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	if size > 0 {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	if _, err := io.Copy(w, content); err != nil {
		return fmt.Errorf("send a file: %w", err)
	}
	return nil
}

func (d *desk) replaceForm(w http.ResponseWriter, req *http.Request, of Record, f File) func(int, *web.Form) error {
	return func(status int, form *web.Form) error {
		return web.Render(w, status, d.pages, "new", newPage{Accept: Accepted, Words: AcceptedWords, MaxMB: MaxFile >> 20,
			Version: true, Name: f.Name, Checking: d.Checker != nil, FormPage: ui.FormPage{
				Base: d.Base(req, of, "Add a new version"), Form: form, Cancel: d.fileHref(of.ID, f.ID)}})
	}
}

func (d *desk) confirmReplace(w http.ResponseWriter, req *http.Request) error {
	of, f, err := d.file(req, true)
	if err != nil {
		return err
	}
	return d.replaceForm(w, req, of, f)(http.StatusOK, web.NewRecord().With(fillFile(f)))
}

func (d *desk) replaceFile(w http.ResponseWriter, req *http.Request) (err error) {
	of, was, err := d.file(req, true)
	if err != nil {
		return err
	}
	u, how := d.receiving(1)
	defer func() { err = errors.Join(err, u.Close()) }()
	return web.SubmitFiles(w, req, how, d.replaceForm(w, req, of, was), func(f *web.Form) (web.Done, error) {
		if u.heard(f); !f.OK() {
			return web.Done{}, nil
		}
		asked, err := d.replace(req.Context(), web.PersonOf(req), d.Place, of.ID, was.ID, u, f.Seen())
		if asked {
			return web.Done{To: d.Href(of.ID) + "/questions"}, err
		}
		return web.Done{To: d.fileHref(of.ID, was.ID), Words: "The new version was added."}, err
	})
}

func (d *desk) editForm(w http.ResponseWriter, req *http.Request, of Record, f File) func(int, *web.Form) error {
	return func(status int, form *web.Form) error {
		return web.Render(w, status, d.pages, "day", ui.FormPage{Base: d.Base(req, of, "When is it erased?"), Form: form,
			Cancel: d.fileHref(of.ID, f.ID)})
	}
}

func (d *desk) editFile(w http.ResponseWriter, req *http.Request) error {
	of, f, err := d.file(req, true)
	if err != nil {
		return err
	}
	return d.editForm(w, req, of, f)(http.StatusOK, fillFile(f))
}

func (d *desk) saveFile(w http.ResponseWriter, req *http.Request) error {
	of, was, err := d.file(req, true)
	if err != nil {
		return err
	}
	return web.Submit(w, req, d.editForm(w, req, of, was), func(f *web.Form) (web.Done, error) {
		on := d.eraseDay(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := d.setDay(req.Context(), web.PersonOf(req), d.Place, of.ID, was.ID, on, f.Seen())
		return web.Done{To: d.fileHref(of.ID, was.ID), Words: "The day was saved."}, err
	})
}

type erasePage struct {
	ui.FormPage
	File     File
	Versions int
}

func (d *desk) eraseForm(w http.ResponseWriter, req *http.Request, of Record, f File) func(int, *web.Form) error {
	return func(status int, form *web.Form) error {
		all, err := versionsOf(req.Context(), d.Work, f.ID)
		if err != nil {
			return err
		}
		return web.Render(w, status, d.pages, "erase", erasePage{File: f, Versions: len(all),
			FormPage: ui.FormPage{Base: d.Base(req, of, "Erase this file?"), Form: form, Cancel: d.fileHref(of.ID, f.ID)}})
	}
}

func (d *desk) confirmErase(w http.ResponseWriter, req *http.Request) error {
	of, f, err := d.file(req, true)
	if err != nil {
		return err
	}
	return d.eraseForm(w, req, of, f)(http.StatusOK, fillFile(f))
}

func (d *desk) eraseOne(w http.ResponseWriter, req *http.Request) error {
	of, was, err := d.file(req, true)
	if err != nil {
		return err
	}
	return web.Submit(w, req, d.eraseForm(w, req, of, was), func(f *web.Form) (web.Done, error) {
		reason := f.Text("reason", "Enter why it is erased, without saying what was in it", 200)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := d.eraseFile(req.Context(), web.PersonOf(req), d.Place, of.ID, was.ID, reason, f.Seen())
		return web.Done{To: d.recordHref(of.ID), Words: "The file was erased."}, err
	})
}

type questionsPage struct {
	ui.FormPage
	Asked   []askedRow
	Choices []ui.Choice
	Record  string
}

func fillAsked(all []askedRow) *web.Form {
	var keys []string
	for _, a := range all {
		keys = append(keys, a.key())
	}
	slices.Sort(keys)
	return web.NewForm("asked", strings.Join(keys, " "))
}

func (d *desk) questionsForm(w http.ResponseWriter, req *http.Request, of Record,
	all []askedRow) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := questionsPage{Asked: all, Record: of.Title, FormPage: ui.FormPage{
			Base: d.Base(req, of, "Do these belong here?"), Form: f, Cancel: d.recordHref(of.ID)}}
		for _, a := range all {
			page.Choices = append(page.Choices, ui.Choice{Value: a.key(), Text: a.Name, Hint: a.Facts()})
		}
		return web.Render(w, status, d.pages, "questions", page)
	}
}

func (d *desk) confirmAnswer(w http.ResponseWriter, req *http.Request) error {
	of, all, err := d.asked(req)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return web.SeeOther(w, req, d.recordHref(of.ID), "")
	}
	return d.questionsForm(w, req, of, all)(http.StatusOK, fillAsked(all))
}

func (d *desk) asked(req *http.Request) (Record, []askedRow, error) {
	of, err := d.record(req, true)
	if err != nil {
		return of, nil, err
	}
	all, err := askedOf(req.Context(), d.Work, d.Place, of.ID, web.PersonOf(req).ID)
	return of, all, err
}

func (d *desk) answerQuestions(w http.ResponseWriter, req *http.Request) error {
	of, all, err := d.asked(req)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return web.SeeOther(w, req, d.recordHref(of.ID), "")
	}
	return web.Submit(w, req, d.questionsForm(w, req, of, all), func(f *web.Form) (web.Done, error) {
		keep, reason := f.Values("keep"), ""
		if len(keep) > 0 {
			reason = f.Text("reason", "Enter why they belong here, without saying what is in them", 200)
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		err := d.answer(req.Context(), web.PersonOf(req), d.Place, of.ID, keep, reason, f.Seen())
		said := lang.Plural(len(all)-len(keep), "file was erased.", "files were erased.")
		if len(keep) > 0 {
			said = "The reason was noted, and " + lang.Plural(len(keep), "file was kept.", "files were kept.")
		}
		return web.Done{To: d.recordHref(of.ID), Words: said}, err
	})
}
