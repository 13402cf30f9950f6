package partnership

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type fundingPage struct {
	ui.Base
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
	list := ui.ReadList(fundingRoot, req.URL.Query())
	page := fundingPage{Base: r.listBase(req, "Funding"), Year: list.Value("year"),
		MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	page.Years = ui.TextChoices(years)
	if page.Year == "" && len(years) > 0 {
		page.Year = years[0]
	}
	if page.Year == "" {
		page.Year = period.YearOf(r.Now.Today()).String()
	}
	if page.Contributions, err = contributionsOf(ctx, r.Work, page.Year); err != nil {
		return err
	}
	list.Total, list.Size, list.One, list.Many = len(page.Contributions), max(1, len(page.Contributions)), "contribution",
		"contributions"
	if list.Exporting("csv") {
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

// contributionForm gives what shows the form of a contribution.
func (r *Room) contributionForm(w http.ResponseWriter, req *http.Request, page formPage, title string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) (err error) {
		if page.History, err = r.history(req, "contribution", req.PathValue("id")); err != nil {
			return err
		}
		page.FormPage = ui.FormPage{Base: base(req, title, "Funding", fundingRoot, title, ""), Form: f, Cancel: fundingRoot}
		return web.Render(w, status, r.pages, "contribution-form", page)
	}
}

// newContributionForm is contributionForm for one to be added.
func (r *Room) newContributionForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return r.contributionForm(w, req, formPage{Save: "Add contribution", New: true}, "Add a contribution")
}

func (r *Room) newContribution(w http.ResponseWriter, req *http.Request) error {
	return r.newContributionForm(w, req)(http.StatusOK, web.NewRecord("year", period.YearOf(r.Now.Today()).String()))
}

func (r *Room) addContribution(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newContributionForm(w, req), func(f *web.Form) (web.Done, error) {
		c := readContribution(f)
		payer, err := register.PickOrganisation(req.Context(), r.Work, web.PersonOf(req), f, "organisation",
			"Say who pays", "")
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		c.OrganisationID = payer.ID
		_, err = r.AddContribution(req.Context(), web.PersonOf(req), c)
		return web.Done{To: fundingRoot + "?year=" + c.Year, Words: "The contribution is added."}, err
	})
}

// editContributionForm is contributionForm for the contribution of an address.
// Year and organisation stay: another is another contribution.
func (r *Room) editContributionForm(w http.ResponseWriter, req *http.Request) (show func(int, *web.Form) error,
	c Contribution, err error) {
	c, err = contributionByID(req.Context(), r.Work, req.PathValue("id"))
	return r.contributionForm(w, req, formPage{Save: "Save"}, "Change a contribution"), c, err
}

func (r *Room) editContribution(w http.ResponseWriter, req *http.Request) error {
	show, c, err := r.editContributionForm(w, req)
	if err != nil {
		return err
	}
	return show(http.StatusOK, fillContribution(c))
}

func (r *Room) saveContribution(w http.ResponseWriter, req *http.Request) error {
	show, was, err := r.editContributionForm(w, req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		f.Set("year", was.Year)
		f.Choose("organisation", was.OrganisationID, was.Organisation)
		c := readContribution(f)
		c.ID, c.OrganisationID, c.Organisation = was.ID, was.OrganisationID, was.Organisation
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveContribution(req.Context(), web.PersonOf(req), c, f.Seen())
		return web.Done{To: fundingRoot + "?year=" + was.Year, Words: "Saved."}, err
	})
}

func (r *Room) confirmDeleteContribution(w http.ResponseWriter, req *http.Request) error {
	c, err := contributionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	list := fundingRoot + "?year=" + c.Year
	b := base(req, "Delete a contribution?", "Funding", list, "Delete", "")
	return web.Confirm(w, req, fillContribution(c), b, "Delete the contribution", list,
		"The contribution of "+c.Organisation+" to "+c.Year+" is taken away, and the year’s funding is that much less. "+
			"Do this only when it was entered by mistake.")
}

func (r *Room) deleteContribution(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteContribution, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteContribution(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: fundingRoot, Words: "The contribution is deleted."}, err
	})
}
