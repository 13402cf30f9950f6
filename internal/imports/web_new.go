package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type newPage struct {
	ui.Base
	Form  *web.Form
	Kinds []ui.Choice
	Years []ui.Choice
	Parts []ui.Choice // the parts of a year that files may be of
	MaxMB int
	// Authorities are the choice of whose the files are; none for a partnership of one
	// authority, which is never asked, and is Sole.
	Authorities []ui.Choice
	Sole        string
	First       bool // the partnership has none yet
	HiddenLabel string
}

// yearsOffered is how many years the form offers: figures over time begin ten years back and more.
const yearsOffered = 15

// What one request may bring.
const (
	maxUpload = 600 << 20
	maxFiles  = 100
)

func (r *Room) newPage(req *http.Request, f *web.Form) (newPage, error) {
	p := newPage{Base: web.Crumbs(web.Base(req, "Import files"), way(req, "Import files", "")...), Form: f,
		MaxMB: maxUpload >> 20, HiddenLabel: hiddenLabel}
	for _, k := range r.Kinds() {
		if r.maySend(web.PersonOf(req), k.ID) {
			p.Kinds = append(p.Kinds, ui.Choice{Value: k.ID, Text: p.Put(k.Title), Hint: p.Put(k.Accepts)})
		}
	}
	this := period.YearOf(r.Now.Today())
	for y := this; y > this-yearsOffered; y-- {
		p.Years = append(p.Years, ui.Choice{Value: y.String(), Text: y.String()})
	}
	p.Parts = partChoices(this)
	c, err := r.coverage(req.Context(), r.Work)
	if err != nil {
		return p, err
	}
	if code := c.Sole(); code != "" {
		p.Sole = c.Named(code)
		return p, nil
	}
	for _, a := range c.Choices() {
		p.Authorities = append(p.Authorities, ui.Choice{Value: a.Code, Text: named(a)})
	}
	if len(p.Authorities) == 0 {
		p.First = c.None()
	}
	return p, nil
}

// partChoices lists the parts of any year, by their place among those of one.
func partChoices(y period.Year) []ui.Choice {
	var out []ui.Choice
	name := func(s period.Span) string { return s.From.Format("January") + " to " + s.To.Format("January") }
	for i, s := range intake.PartsOf(y) {
		c := ui.Choice{Value: fmt.Sprintf("part-%d", i), Text: name(s), Group: "A quarter"}
		if i > 3 {
			c.Group = "The year so far"
		}
		out = append(out, c)
	}
	for i, s := range intake.RollingTo(y) {
		out = append(out, ui.Choice{Value: fmt.Sprintf("rolling-%d", i), Group: "Twelve months",
			Text: "Twelve months to the end of " + s.To.Format("January")})
	}
	return out
}

// partValue is the choice of a part of a year; "" for the whole, and for months that are no
// choice.
func partValue(months period.Span, y period.Year) string {
	if i := slices.Index(intake.PartsOf(y), months); i >= 0 {
		return fmt.Sprintf("part-%d", i)
	}
	if i := slices.Index(intake.RollingTo(y), months); i >= 0 {
		return fmt.Sprintf("rolling-%d", i)
	}
	return ""
}

// readPart reads the part of a year that was chosen.
func readPart(f *web.Form, y period.Year) period.Span {
	for prefix, list := range map[string][]period.Span{"part-": intake.PartsOf(y), "rolling-": intake.RollingTo(y)} {
		if n, ok := strings.CutPrefix(f.Value("part"), prefix); ok {
			if i, err := strconv.Atoi(n); err == nil && i >= 0 && i < len(list) {
				return list[i]
			}
		}
	}
	return period.Span{}
}

// named is an authority in the choice: by its name, for nobody knows codes by heart, and
// until when it was one.
func named(a register.Covered) string {
	known, _ := register.AuthorityByCode(a.Code)
	if a.Ended.IsZero() {
		a.Ended = known.To
	}
	if a.Ended.IsZero() {
		return a.Name
	}
	return a.Name + ", until " + a.Ended.Words()
}

// showNew shows the form on which files are given.
func (r *Room) showNew(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	p, err := r.newPage(req, f)
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "new", p)
}

func (r *Room) newImport(w http.ResponseWriter, req *http.Request) error {
	v := req.URL.Query()
	f := web.NewForm("kind", v.Get("kind"), "year", v.Get("year"), "authority", v.Get("authority"), "part",
		v.Get("part"), "provisional", v.Get("provisional"), "hidden", v.Get("hidden"))
	return r.showNew(w, req, http.StatusOK, f)
}

func (r *Room) addImport(w http.ResponseWriter, req *http.Request) (err error) {
	received := &upload{}
	defer func() { err = errors.Join(err, received.Close()) }() // nothing, once they are the import's
	f, err := web.ReadUpload(w, req, maxUpload, maxFiles,
		func(name string, in io.Reader) error { return received.add(r.Dir, name, in) })
	if err != nil {
		return err
	}
	if pressed, err := web.Look(req, f); pressed || err != nil {
		return cmp.Or(err, r.showNew(w, req, http.StatusOK, f))
	}
	f.Set("files-received", strings.Join(received.sums, " "))
	done, err := web.KeepOnce(req, f, func(f *web.Form) (web.Done, error) { return r.beginImport(w, req, f, &received) })
	switch {
	case errors.Is(err, web.ErrAgain):
		return nil // more was asked, on a page that is sent
	case err != nil:
		return err
	case !f.OK():
		return r.showNew(w, req, http.StatusUnprocessableEntity, f)
	}
	return web.SeeOther(w, req, done.To, "")
}

// beginImport begins an import of what was received, as its form says. It returns
// web.ErrAgain when it has asked for more. Files that it has taken over are taken out of
// received.
func (r *Room) beginImport(w http.ResponseWriter, req *http.Request, f *web.Form, received **upload) (done web.Done,
	err error) {
	if token := f.Value("held"); token != "" && len((*received).files) == 0 {
		waited, err := r.awaited(req.Context(), token, web.PersonOf(req).ID)
		if err != nil {
			return done, err
		}
		if waited != nil {
			*received = waited
		} else {
			f.Add("files", "The file is not here any more: choose it again")
		}
	}
	for i := range (*received).files {
		(*received).files[i].HiddenRows = f.Yes("hidden")
	}
	o := Options{By: web.PersonOf(req), Cover: f.Yes("cover"), Provisional: f.Yes("provisional"),
		HiddenRows: f.Yes("hidden")}
	if o.Authority, err = readAuthority(req.Context(), f); err != nil {
		return done, err
	}
	k, ok := r.Kind(f.Value("kind"))
	if !ok || !r.maySend(web.PersonOf(req), k.ID) {
		f.Add("kind", "Choose what kind of files these are")
	}
	if y := f.Value("year"); y != "" {
		if o.Year, err = period.ParseYear(y); err != nil {
			f.Add("year", "Choose a year, such as 2023-24")
		}
	} else if k.NeedsYear {
		f.Add("year", "Choose the year: these files do not say which year they are of")
	} else if f.Value("part") != "" {
		f.Add("year", "Choose the year that the part is of")
	}
	if o.Part = readPart(f, o.Year); o.Year != 0 {
		if err := mayBePart(k, o.Year, intake.Part{Span: o.Part}); err != nil {
			f.Add("part", lang.Sentence(err.Error()))
		}
	}
	if err := r.chooseAuthority(req, k, &o, f); err != nil {
		return done, err
	}
	if len((*received).files) == 0 {
		f.Add("files", "Choose the files to import")
	}
	if !f.OK() {
		return done, lookAt(k, (*received).files, f)
	}
	f.Set("authority", o.Authority) // as the form carries it
	if asked, err := r.askColumns(w, req, k, *received, f, &o); asked || err != nil {
		if asked {
			*received = nil // they wait for the answer
			err = cmp.Or(err, web.ErrAgain)
		}
		return done, err
	}
	given := *received
	*received = nil
	id, err := r.Begin(req.Context(), k.ID, given, o)
	return web.Done{To: "/work/imports/" + id}, err
}

// aCode is the code of a place, as the Office for National Statistics gives them.
var aCode = regexp.MustCompile(`^[A-Z]\d{8}$`)

// readAuthority reads whose the files are: the code of an authority, or words that it fits.
func readAuthority(ctx context.Context, f *web.Form) (code string, err error) {
	if code = strings.ToUpper(f.Value("authority")); aCode.MatchString(code) {
		return code, nil
	}
	return f.Pick(ctx, "authority", "", register.Authorities())
}

// chooseAuthority reads whose the files are, where that is asked, and adds to the form why
// it cannot be so.
func (r *Room) chooseAuthority(req *http.Request, k intake.Kind, o *Options, f *web.Form) error {
	c, err := r.coverage(req.Context(), r.Work)
	if err != nil {
		return err
	}
	if f.Problem("authority") != "" {
		return nil
	}
	if k.NeedsAuthority && o.Authority == "" && c.Sole() == "" {
		f.Add("authority", "Choose the local authority: these files do not say whose they are")
		return nil
	}
	if c.None() && o.Authority != "" && c.Refusal(o.Authority, o.Year) == "" && !o.Cover {
		f.Add("cover", "Tick to confirm that "+c.Named(o.Authority)+" is the authority that the partnership covers, "+
			"or choose another")
		return nil
	}
	field := "authority"
	if c.Sole() != "" {
		field = "year" // the authority is not asked, so what is wrong with it is the year
	}
	err = r.settle(req.Context(), k.ID, o)
	var why *intake.Fatal
	if errors.As(err, &why) {
		f.Add(field, why.Error())
		return nil
	}
	return err
}

// lookAt adds to a form that is shown again what is wrong with the files themselves, so
// that nobody gives what was missing only to hear then that a file is empty.
func lookAt(k intake.Kind, files []intake.File, f *web.Form) error {
	if k.Look == nil || len(files) == 0 {
		return nil
	}
	err := k.Look(files)
	var why *intake.Fatal
	if errors.As(err, &why) {
		f.Add("files", why.Error())
		return nil
	}
	return err
}
