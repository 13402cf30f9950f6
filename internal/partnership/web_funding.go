package partnership

import (
	"errors"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type fundingPage struct {
	ui.Base
	Section       []ui.NavItem
	List          ui.List
	Years         []ui.Choice
	Year          string
	Contributions []Contribution
	Total         int
	Chart         ui.BarChart
	MayManage     bool
}

func (r *Room) listFunding(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	years, err := fundedYears(ctx, r.Work)
	if err != nil {
		return err
	}
	list := ui.ReadList("/work/funding", req.URL.Query())
	page := fundingPage{Base: web.Base(req, "Funding"), Section: section(req), Year: list.Value("year"), MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	for _, y := range years {
		page.Years = append(page.Years, ui.Choice{Value: y, Text: y})
	}
	if page.Year == "" && len(years) > 0 {
		page.Year = years[0]
	}
	if page.Year == "" {
		page.Year = period.YearOf(r.Now.Today()).String()
	}
	if page.Contributions, err = contributionsOf(ctx, r.Work, page.Year); err != nil {
		return err
	}
	list.Total, list.Size, list.One, list.Many = len(page.Contributions), max(1, len(page.Contributions)), "contribution", "contributions"
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, c := range page.Contributions {
			rows = append(rows, []string{c.Year, c.Organisation, pounds(c.Pence), c.Note})
		}
		return web.CSV(w, "funding-"+page.Year+".csv", []string{"year", "organisation", "pounds", "note"}, rows)
	}
	page.List = list
	page.Total, page.Chart = fundingChart(page.Year, page.Contributions)
	return web.Render(w, http.StatusOK, r.pages, "funding", page)
}

// fundingChart adds a year's contributions up and draws them.
func fundingChart(year string, list []Contribution) (total int, c ui.BarChart) {
	var amounts []int
	for _, x := range list {
		total += x.Pence
		c.Labels = append(c.Labels, x.Organisation)
		amounts = append(amounts, (x.Pence+50)/100)
	}
	c.ID, c.Title, c.Horizontal = "funding", "Contributions to "+year+", in pounds", true
	c.Series = []ui.Series{{Name: "Pounds", Values: ui.Numbers(amounts...)}}
	return total, c
}

func (r *Room) newContribution(w http.ResponseWriter, req *http.Request) error {
	return r.renderContribution(w, req, http.StatusOK, "", web.NewForm("year", period.YearOf(r.Now.Today()).String()))
}

func (r *Room) renderContribution(w http.ResponseWriter, req *http.Request, status int, id string, f *web.Form) error {
	list, err := register.Organisations(req.Context(), r.Work, f.Value("organisation"))
	if err != nil {
		return err
	}
	page := formPage{Base: frame(req, "Add a contribution", "Funding", "/work/funding", "Add", ""), Form: f, Save: "Add contribution", Cancel: "/work/funding", Organisations: list, New: true}
	if id != "" {
		page.Base = frame(req, "Change a contribution", "Funding", "/work/funding", "Change", "")
		page.Save, page.New = "Save", false
	}
	return web.Render(w, status, r.pages, "contribution-form", page)
}

func (r *Room) addContribution(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	list, err := register.Organisations(req.Context(), r.Work)
	if err != nil {
		return err
	}
	c := readContribution(f, list)
	if !f.OK() {
		return r.renderContribution(w, req, http.StatusUnprocessableEntity, "", f)
	}
	_, err = r.AddContribution(req.Context(), web.PersonOf(req), c)
	if errors.Is(err, ErrPaidAlready) {
		f.Add("organisation", "Its contribution to this year is there already; change that one")
		return r.renderContribution(w, req, http.StatusConflict, "", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/funding?year="+c.Year, "The contribution is added.")
}

func (r *Room) showContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := contributionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.renderContribution(w, req, http.StatusOK, c.ID, contributionForm(c))
}

func (r *Room) editContribution(w http.ResponseWriter, req *http.Request) error {
	old, err := contributionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	// Year and organisation stay: another is another contribution.
	f.Set("year", old.Year)
	f.Set("organisation", old.OrganisationID)
	c := readContribution(f, []ui.Choice{{Value: old.OrganisationID}})
	c.ID = old.ID
	if !f.OK() {
		return r.renderContribution(w, req, http.StatusUnprocessableEntity, c.ID, f)
	}
	if err := r.EditContribution(req.Context(), web.PersonOf(req), c); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/funding?year="+old.Year, "Saved.")
}

func (r *Room) showDeleteContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := contributionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{Base: frame(req, "Delete a contribution?", "Funding", "/work/funding?year="+c.Year, "Delete", ""),
		Words: []string{"The contribution of " + c.Organisation + " to " + c.Year + " is taken away, and the year’s funding is that much less. Do this only when it was entered by mistake."},
		Act:   "Delete the contribution", Cancel: "/work/funding?year=" + c.Year})
}

func (r *Room) deleteContribution(w http.ResponseWriter, req *http.Request) error {
	if err := r.DeleteContribution(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/funding", "The contribution is deleted.")
}
