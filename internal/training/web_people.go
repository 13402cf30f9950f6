package training

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// peoplePage asks for the people of a list, and then shows what is made of each.
type peoplePage struct {
	ui.FormPage
	Session sessionRow
	Rows    []peopleRow // none until the list is looked over
	Sum     string      // what pressing the button does
	Text    string      // the list
	Usual   string      // the organisation of those whose line names none
	Ready   bool        // there is somebody to book
}

// A peopleRow is a line with what is asked about it.
type peopleRow struct {
	pastedRow
	Who     string // who it is, when that is settled
	Field   string
	Choices []ui.Choice
	OrgAt   string // the field of the organisation, where it is asked for
}

func rowField(kind string, number int) string { return kind + "-" + strconv.Itoa(number) }

func (r *Room) newPeople(w http.ResponseWriter, req *http.Request) error {
	return r.peopleForm(w, req)(http.StatusOK, web.NewForm())
}

// peopleForm gives what shows the list's form, or what is made of it once there is one.
func (r *Room) peopleForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page, err := r.peoplePage(req, f)
		if err != nil {
			return err
		}
		_, asked := f.Offered("organisation") // which one is meant
		if asked || f.Value("people") == "" && f.Value("name") == "" && f.Value("email") == "" {
			page.Rows = nil
		}
		return web.Render(w, status, r.pages, "people", page)
	}
}

func (r *Room) peoplePage(req *http.Request, f *web.Form) (page peoplePage, err error) {
	ctx, by := req.Context(), web.PersonOf(req)
	if !bookingRules.MayAny(by, access.Read) {
		return page, web.ErrNotFound
	}
	s, err := sessionByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return page, err
	}
	if !s.Bookable(r.Now()) {
		return page, conflict(ErrNotOpen)
	}
	page = peoplePage{Session: r.rows([]Session{s})[0],
		FormPage: ui.FormPage{Base: base(req, "Book for several people", s.way()...), Form: f, Cancel: sessionHref(s.ID)}}
	orgs, err := r.organisationsOf(ctx, by)
	if err != nil {
		return page, err
	}
	page.Text = pastedText(f)
	if usual := cmp.Or(f.Chosen("organisation"), f.Value("organisation")); slices.Contains(valuesOf(orgs), usual) {
		page.Usual = usual
	}
	m := matcher{q: r.Work, by: by, sessionID: s.ID, orgs: map[string]string{}, seen: map[string]int{}, usual: page.Usual}
	for _, o := range orgs {
		m.orgs[names.Key(o.Text)] = o.Value
	}
	if len(orgs) == 1 {
		m.only = orgs[0].Value
	}
	lines := readPasted(page.Text)
	for _, p := range lines[:min(len(lines), mostLines)] {
		row, err := m.match(ctx, p)
		if err != nil {
			return page, err
		}
		page.Rows = append(page.Rows, askedAbout(row))
	}
	page.sum(f, s)
	return page, nil
}

// organisationsOf lists the organisations to which somebody may add people.
func (r *Room) organisationsOf(ctx context.Context, by web.Person) ([]ui.Choice, error) {
	all, err := register.Organisations(ctx, r.Work)
	if err != nil || bookingRules.MayAll(by, access.Change) {
		return all, err
	}
	return slices.DeleteFunc(all, func(c ui.Choice) bool {
		return !bookingRules.May(by, access.Change, access.Object{OrganisationID: c.Value})
	}), nil
}

// pastedText is the list, after the one person whose fields are filled in above it.
func pastedText(f *web.Form) string {
	one := strings.Trim(oneLine(f.Value("name"))+"; "+oneLine(f.Value("email")), "; ")
	return strings.TrimSpace(one + "\n" + f.Value("people"))
}

// askedAbout makes the question of a line.
func askedAbout(row pastedRow) peopleRow {
	out := peopleRow{pastedRow: row, Field: rowField("as", row.Number)}
	if row.AsksOrg && row.As != asOut && (row.As == asNew || !row.Settled) {
		out.OrgAt = rowField("org", row.Number)
	}
	for _, x := range row.Fits {
		words := register.PersonWords(x.Name, x.Email)
		if x.Organisation != "" {
			words += ", " + x.Organisation
		}
		if x.ID == row.As {
			out.Who = words
		}
		out.Choices = append(out.Choices, ui.Choice{Value: x.ID, Text: words})
	}
	if row.As == asNew {
		out.Who = row.Name + " is added"
		if row.Name == "" {
			out.Who = row.Email + " is added"
		}
	}
	out.Choices = append(out.Choices, ui.Choice{Value: asNew, Text: "Somebody else, who is added"},
		ui.Choice{Value: asOut, Text: "Leave this line out"})
	return out
}

// sum says what pressing the button does, by what is answered so far.
func (page *peoplePage) sum(f *web.Form, s Session) {
	var in, out, open int
	for _, row := range page.Rows {
		switch as := answered(row, f); {
		case as == asOut:
			out++
		case as == "":
			open++
		default:
			in++
		}
	}
	booked := min(in, int(s.PlacesLeft()))
	var parts []string
	for _, x := range []struct {
		n    int
		text string
	}{{booked, "Book %d"}, {in - booked, "put %d on the waiting list"}, {out, "leave out %d"}, {open, "ask about %d"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf(x.text, x.n))
		}
	}
	page.Sum, page.Ready = lang.Sentence(lang.Join(parts))+".", in+open > 0
}

// answered is what is done with a line: what is settled, or what the form says.
func answered(row peopleRow, f *web.Form) string {
	if row.Settled || row.As == asNew {
		return row.As
	}
	return f.Value(row.Field)
}

// matchPeople shows what would be made of a list.
func (r *Room) matchPeople(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.peopleForm(w, req), func(f *web.Form) (web.Done, error) {
		f.Email("email", "")
		if n := len(readPasted(pastedText(f))); n == 0 {
			f.Add("people", "Enter a name or an e-mail address, or paste a list")
		} else if n > mostLines {
			f.Add("people", fmt.Sprintf("Give at most %d people at once: these are %d", mostLines, n))
		}
		if _, err := f.Pick(req.Context(), "organisation", "", r.employersFor(web.PersonOf(req))); err != nil || !f.OK() {
			return web.Done{}, err
		}
		return web.Done{}, web.ErrAgain
	})
}

func (r *Room) addPeople(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.peopleForm(w, req), func(f *web.Form) (web.Done, error) {
		page, err := r.peoplePage(req, f)
		if err != nil {
			return web.Done{}, err
		}
		list, err := wantedOf(req.Context(), page.Rows, r.employersFor(web.PersonOf(req)), f)
		if err != nil {
			return web.Done{}, err
		}
		if f.OK() && len(list) == 0 {
			f.Add("people", "Nobody of the list is to be booked")
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		placed, err := r.BookPeople(req.Context(), web.PersonOf(req), id, list)
		return web.Done{To: sessionHref(id), Words: placed.Words()}, conflict(err)
	})
}

// wantedOf reads what is answered about each line. What is still open is a problem of the form.
func wantedOf(ctx context.Context, rows []peopleRow, orgs web.Pickable, f *web.Form) (out []Wanted, err error) {
	for _, row := range rows {
		as := row.As
		if !row.Settled && as != asNew {
			as = f.OneOf(row.Field, fmt.Sprintf("Say who line %d is", row.Number), valuesOf(row.Choices)...)
		}
		switch as {
		case "", asOut:
		case asNew:
			who := NewLearner{Name: row.Name, Email: row.Email, OrganisationID: row.Org}
			if row.Org == "" {
				missing := fmt.Sprintf("Choose the organisation of line %d", row.Number)
				if who.OrganisationID, err = f.Pick(ctx, row.OrgAt, missing, orgs); err != nil {
					return nil, err
				}
			}
			if who.Name == "" {
				who.Name = who.Email
			}
			out = append(out, Wanted{New: who})
		default:
			out = append(out, Wanted{PersonID: as})
		}
	}
	return out, nil
}
