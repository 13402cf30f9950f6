package partnership

import (
	"net/http"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// agencyChoices are what may be said of an organisation.
var agencyChoices = ui.ChoicesOf([]Agency{Named, NotAnAgency}, func(a Agency) (string, string) {
	if a == Named {
		return string(a), "Yes"
	}
	return string(a), "No"
})

type agenciesPage struct {
	ui.FormPage
	Rows    []agencyRow
	Total   int
	Choices []ui.Choice
}

// An agencyRow is an organisation to decide of.
type agencyRow struct {
	Organisation
	Field string
}

// atOnce is how many organisations a page asks about.
const atOnce = 50

func agencyField(id string) string { return "agency-" + id }

// agenciesForm shows the organisations of which nobody has said whether they are
// relevant agencies.
func (r *Room) agenciesForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		list, err := unsaid(req.Context(), r.Work, atOnce)
		if err != nil {
			return err
		}
		const title = "Relevant agencies"
		page := agenciesPage{Choices: agencyChoices, FormPage: ui.FormPage{Form: f, Cancel: organisationsRoot,
			Base: base(req, title, "Organisations", organisationsRoot, title, "")}}
		for _, o := range list {
			page.Rows = append(page.Rows, agencyRow{o, agencyField(o.ID)})
		}
		if page.Total, err = countUnsaid(req.Context(), r.Work); err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "agencies", page)
	}
}

func (r *Room) confirmDecideAgencies(w http.ResponseWriter, req *http.Request) error {
	return r.agenciesForm(w, req)(http.StatusOK, web.NewForm())
}

func (r *Room) decideAgencies(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.agenciesForm(w, req), func(f *web.Form) (web.Done, error) {
		said, err := r.readAgencies(req, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		late, err := r.SaveAgencies(req.Context(), web.PersonOf(req), said)
		words := "Saved: " + lang.Plural(len(said)-late, "organisation", "organisations") + "."
		if late > 0 {
			words += " Somebody else had decided about " + lang.Plural(late, "other", "others") +
				" meanwhile; what they said stands."
		}
		return web.Done{To: organisationsRoot, Words: words}, err
	})
}

// readAgencies reads what is said of each organisation that the form has: those that
// were shown, whether or not they are still to be decided.
func (r *Room) readAgencies(req *http.Request, f *web.Form) (map[string]Agency, error) {
	all, err := openOrganisations(req.Context(), r.Work)
	if err != nil {
		return nil, err
	}
	said := map[string]Agency{}
	for _, o := range all {
		if a := f.OneOf(agencyField(o.ID), "", valuesOf(agencyChoices)...); a != "" {
			said[o.ID] = Agency(a)
		}
	}
	if len(said) == 0 && f.OK() {
		f.Add("agencies", "Say yes or no for one organisation at least")
	}
	return said, nil
}
