package partnership

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Todos lists what of this room needs a person now: numbers that nobody has
// checked for 90 days, numbers that are missing, and organisations of which nobody has
// said whether they are relevant agencies.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var out []web.Todo
	if p.May(access.PartnershipManage) {
		n, err := countUnsaid(ctx, r.Work)
		if err != nil {
			return nil, err
		}
		out = agencyTodos(n)
	}
	if !p.May(access.SettingsManage) {
		return out, nil
	}
	list, err := r.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	profile, err := r.Profile(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Concat(profileTodos(profile), contactTodos(list, r.Now.Today()), out), nil
}

// lacking says what is not known of the partnership, and what that stops.
func lacking(p Profile) []string {
	var out []string
	if p.OwnName() == "" {
		out = append(out, "The partnership’s name is not entered: the public site stays shut without it.")
	}
	if !(mail.Site{Address: p.URL}).Known() {
		out = append(out, "The address of the website is not known: e-mails say in words where to go, and nobody can be "+
			"sent a link to set a password.")
	}
	if p.MailFrom == "" {
		out = append(out, "No address that e-mails come from is set: none can be sent.")
	}
	return out
}

// profileTodos asks for what is not known of the partnership.
func profileTodos(p Profile) []web.Todo {
	words := lacking(p)
	if len(words) == 0 {
		return nil
	}
	return []web.Todo{{Title: "Finish the settings", Words: strings.Join(words, " "), Href: "/work/settings",
		Act: "Enter it", Late: true}}
}

// contactTodos says what is to be done about the contacts.
func contactTodos(list []Contact, today period.Date) []web.Todo {
	var out []web.Todo
	var missing, stale []string
	var due period.Date
	for _, need := range needed {
		if !slices.ContainsFunc(list, func(c Contact) bool { return c.Purpose == need }) {
			missing = append(missing, lowerFirst(purposeTitle(need)))
		}
	}
	for _, c := range list {
		if !c.NeedsCheck(today) {
			continue
		}
		stale = append(stale, c.Name)
		by := c.CheckedOn
		if !by.IsZero() {
			by = by.AddDays(checkEvery)
		}
		if len(stale) == 1 || by.Before(due) {
			due = by
		}
	}
	if len(missing) > 0 {
		out = append(out, web.Todo{Title: "“Worried about a child?” lacks " + lang.Plural(len(missing), "number", "numbers"),
			Words: "Nobody is named for: " + lang.Join(missing) + ".",
			Href:  "/work/settings/contacts", Act: "Add them", Late: true})
	}
	if len(stale) > 0 {
		out = append(out, web.Todo{Title: "Check " + lang.Plural(len(stale), "telephone number", "telephone numbers"),
			Words: "Call and make sure they are right: " + lang.Join(stale) + ".",
			Href:  "/work/settings/contacts", Act: "Check them", Due: due, Late: true})
	}
	return out
}

// lowerFirst makes a title fit in the middle of a sentence.
func lowerFirst(s string) string {
	if strings.HasPrefix(s, "{") { // a term
		return "{" + lowerFirst(s[1:])
	}
	return string(s[0]|0x20) + s[1:]
}

type settingsPage struct {
	ui.Base
	Form ui.Form
	// Lacking is what is not known yet, and what that stops.
	Lacking []string
	NoDoor  bool         // no number is named for the front door by day
	More    []ui.NavItem // the pages of settings
	Second  bool         // another address of the website, or that e-mails come from, needs a second person
	Waiting ui.NavItem   // another address of the website that waits for one; no text where none does
	From    ui.NavItem   // another address that e-mails come from, likewise
}

func (r *Room) showSettings(w http.ResponseWriter, req *http.Request) error {
	p, err := r.Profile(req.Context())
	if err != nil {
		return err
	}
	return r.renderSettings(w, req, http.StatusOK, p, fillProfile(p))
}

func (r *Room) renderSettings(w http.ResponseWriter, req *http.Request, status int, p Profile, f *web.Form) error {
	list, err := r.Contacts(req.Context())
	if err != nil {
		return err
	}
	page := settingsPage{Base: web.Base(req, "Settings"), Form: f, Lacking: lacking(p),
		NoDoor: !slices.ContainsFunc(list, func(c Contact) bool { return c.Purpose == frontDoorDay }),
		More: []ui.NavItem{{Text: "The partnership", Href: "/work/settings", Current: true},
			{Text: "Whom to call", Href: "/work/settings/contacts"}, {Text: "Sectors", Href: sectorsRoot},
			{Text: "Your own words", Href: wordsHref}}}
	me := web.PersonOf(req)
	if page.Waiting, err = r.People.WaitingWebsite(req.Context()); err != nil {
		return err
	}
	if page.From, err = r.People.WaitingFrom(req.Context()); err != nil {
		return err
	}
	if (mail.Site{Address: p.URL}).Known() || p.MailFrom != "" {
		if page.Second, err = r.People.NeedsSecond(req.Context(), me); err != nil {
			return err
		}
	}
	for _, m := range r.More {
		if me.May(m.Permission) {
			page.More = append(page.More, ui.NavItem{Text: m.Text, Href: m.Href})
		}
	}
	return web.Render(w, status, r.pages, "settings", page)
}

func (r *Room) saveSettings(w http.ResponseWriter, req *http.Request) error {
	old, err := r.Profile(req.Context())
	if err != nil {
		return err
	}
	show := func(status int, f *web.Form) error { return r.renderSettings(w, req, status, old, f) }
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		p := readProfile(f, old)
		words := "Saved."
		if p.URL != old.URL && !old.Demo && !web.Answers(req, p.URL, r.Hosts) {
			if f.Yes("leave") {
				words = "Saved. From now on the site answers at " + p.URL + " only: go on there, and sign in."
			} else {
				f.Add("leave", "You are at "+req.Host+" now, where nothing will answer any more. Open "+p.URL+" in another tab "+
					"first: if this site answers there, even that nothing is here under this name, tick this. If not, the address "+
					"has a slip or is not set up yet")
			}
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		waits, err := r.SaveSettings(req.Context(), web.PersonOf(req), p, f.Text("reason", "", 300), f.Seen())
		if waits != (Waits{}) {
			words = waits.Words()
		}
		return web.Done{To: "/work/settings", Words: words}, err
	})
}

type contactsPage struct {
	ui.Base
	Contacts []contactRow
	Missing  []string
}

// A contactRow is a contact with how it stands.
type contactRow struct {
	Contact
	Stale bool
}

func settingsBase(req *http.Request, title string, pairs ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"Settings", "/work/settings"}, pairs...)...)
}

func (r *Room) listContacts(w http.ResponseWriter, req *http.Request) error {
	list, err := r.Contacts(req.Context())
	if err != nil {
		return err
	}
	page := contactsPage{Base: settingsBase(req, "Worried about a child? Whom to call", "Whom to call", "")}
	for _, c := range list {
		page.Contacts = append(page.Contacts, contactRow{c, c.NeedsCheck(r.Now.Today())})
	}
	for _, need := range needed {
		if !slices.ContainsFunc(list, func(c Contact) bool { return c.Purpose == need }) {
			page.Missing = append(page.Missing, page.Put(purposeTitle(need)))
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "contacts", page)
}

const contactsRoot = "/work/settings/contacts"

func (r *Room) contactForm(w http.ResponseWriter, req *http.Request, title, save string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		b := settingsBase(req, title, "Whom to call", contactsRoot, title, "")
		history, err := r.history(req, "contact", req.PathValue("id"))
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "contact-form", formPage{Save: save, Purposes: b.PutChoices(purposeChoices()),
			History: history, FormPage: ui.FormPage{Base: b, Form: f, Cancel: contactsRoot}})
	}
}

func (r *Room) newContact(w http.ResponseWriter, req *http.Request) error {
	return r.contactForm(w, req, "Add a number", "Add number")(http.StatusOK, web.NewRecord("position", "9"))
}

func (r *Room) addContact(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.contactForm(w, req, "Add a number", "Add number"), func(f *web.Form) (web.Done, error) {
		c := readContact(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.AddContact(req.Context(), web.PersonOf(req), c)
		return web.Done{To: contactsRoot, Words: "Saved, and noted as checked today."}, err
	})
}

func (r *Room) editContact(w http.ResponseWriter, req *http.Request) error {
	c, err := contactByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.contactForm(w, req, "Change a number", "Save as checked today")(http.StatusOK, fillContact(c))
}

func (r *Room) saveContact(w http.ResponseWriter, req *http.Request) error {
	was, err := contactByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.contactForm(w, req, "Change a number", "Save as checked today"),
		func(f *web.Form) (web.Done, error) {
			c := readContact(f)
			c.ID = was.ID
			if !f.OK() {
				return web.Done{}, nil
			}
			err := r.SaveContact(req.Context(), web.PersonOf(req), c, f.Seen())
			return web.Done{To: contactsRoot, Words: "Saved, and noted as checked today."}, err
		})
}

// checkContact notes that a number is right: the one that the person saw.
func (r *Room) checkContact(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if err := r.CheckContact(req.Context(), web.PersonOf(req), req.PathValue("id"), f.Value("number")); err != nil {
		return err
	}
	return web.SeeOther(w, req, contactsRoot, "Noted as checked today.")
}

func (r *Room) confirmDeleteContact(w http.ResponseWriter, req *http.Request) error {
	c, err := contactByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	b := settingsBase(req, "Delete "+c.Name+"?", "Whom to call", contactsRoot, "Delete", "")
	return web.Confirm(w, req, fillContact(c), b, "Delete the number", contactsRoot,
		c.Name+", "+c.Number+", is taken off every page of the public sites.")
}

func (r *Room) deleteContact(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteContact, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteContact(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: contactsRoot, Words: "The number is deleted."}, err
	})
}
