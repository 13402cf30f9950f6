package leaflets

import (
	"embed"
	"errors"
	"net/http"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed all:templates
var files embed.FS

const root = "/work/leaflets"

func href(id string) string { return root + "/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	const read, manage = access.LeafletsRead, access.LeafletsManage
	return []web.Route{
		{Pattern: "GET /work/leaflets", Permission: read, Handle: r.listLeaflets},
		{Pattern: "GET /work/leaflets/new", Permission: manage, Handle: r.newLeaflet},
		{Pattern: "POST /work/leaflets/new", Permission: manage, Handle: r.addLeaflet},
		{Pattern: "GET /work/leaflets/{id}", Permission: read, Handle: r.showLeaflet},
		{Pattern: "GET /work/leaflets/{id}/edit", Permission: manage, Handle: r.editLeaflet},
		{Pattern: "POST /work/leaflets/{id}/edit", Permission: manage, Handle: r.saveLeaflet},
		{Pattern: "GET /work/leaflets/{id}/retire", Permission: manage, Handle: r.confirmRetireLeaflet},
		{Pattern: "POST /work/leaflets/{id}/retire", Permission: manage, Handle: r.retireLeaflet},
		{Pattern: "GET /work/leaflets/{id}/delete", Permission: manage, Handle: r.confirmDeleteLeaflet},
		{Pattern: "POST /work/leaflets/{id}/delete", Permission: manage, Handle: r.deleteLeaflet},
	}
}

// base is the frame of a page of the room, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	b := web.Base(req, title)
	if len(way) > 0 {
		b = web.Crumbs(b, append([]string{"Leaflets", root}, way...)...)
	}
	return b
}

type leafletsPage struct {
	ui.Base
	List     ui.List
	Manage   bool
	States   []ui.Choice
	Leaflets []Leaflet
	Today    period.Date
}

func (r *Room) listLeaflets(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(root, req.URL.Query(), "title", "stock", "review")
	list.One, list.Many = "leaflet", "leaflets"
	f := Filter{Text: list.Value("q"), State: list.Value("state"), Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Leaflets(req.Context(), f)
	if err != nil {
		return err
	}
	today := r.Now.Today()
	if list.Exporting("csv") {
		return exportLeaflets(w, all, today)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "leaflets", leafletsPage{
		Base: base(req, "Leaflets"), List: list, Manage: web.PersonOf(req).May(access.LeafletsManage),
		States: ui.WordChoices(states), Leaflets: all, Today: today})
}

func exportLeaflets(w http.ResponseWriter, all []Leaflet, today period.Date) error {
	header := []string{"Title", "For whom", "State", "In stock", "Review by", "Owner", "Retired on"}
	var rows [][]string
	for _, l := range all {
		rows = append(rows, []string{l.Title, l.Audience, l.State(today).Words(), strconv.FormatInt(l.InStock, 10),
			l.ReviewOn.String(), l.Owner, l.RetiredOn.String()})
	}
	return web.CSV(w, "leaflets.csv", header, rows)
}

type leafletPage struct {
	ui.Base
	Leaflet Leaflet
	State   State
	Manage  bool
	Rows    []ui.Row
	History []audittrail.Entry
}

func (r *Room) showLeaflet(w http.ResponseWriter, req *http.Request) error {
	l, err := r.Leaflet(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := leafletPage{Base: base(req, l.Title, l.Title, ""), Leaflet: l, State: l.State(r.Now.Today()),
		Manage: web.PersonOf(req).May(access.LeafletsManage)}
	if page.History, err = r.History(req.Context(), l.ID); err != nil {
		return err
	}
	page.Rows = []ui.Row{{Key: "For whom", Value: l.Audience}, {Key: "In stock", Value: lang.Number(int(l.InStock))},
		{Key: "Review by", Value: l.ReviewOn.Words()}, {Key: "Owner", Value: l.Owner}}
	if l.Retired() {
		page.Rows = append(page.Rows, ui.Row{Key: "Retired on", Value: l.RetiredOn.Words()})
	}
	return web.Render(w, http.StatusOK, r.pages, "leaflet", page)
}

type leafletFormPage struct{ ui.FormPage }

// leafletForm gives what shows the form of a leaflet; cancel is the page before it.
func (r *Room) leafletForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "leaflet-form", leafletFormPage{
			ui.FormPage{Base: base(req, title, title, ""), Form: f, Cancel: cancel}})
	}
}

func (r *Room) newLeaflet(w http.ResponseWriter, req *http.Request) error {
	return r.leafletForm(w, req, "Add a leaflet", root)(http.StatusOK, web.NewRecord())
}

func (r *Room) addLeaflet(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.leafletForm(w, req, "Add a leaflet", root), func(f *web.Form) (web.Done, error) {
		l, err := r.readLeaflet(req, f, Leaflet{})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddLeaflet(req.Context(), web.PersonOf(req), l)
		return web.Done{To: href(id), Words: "The leaflet was added."}, err
	})
}

func (r *Room) editLeaflet(w http.ResponseWriter, req *http.Request) error {
	l, err := r.Leaflet(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.leafletForm(w, req, "Change "+l.Title, href(l.ID))(http.StatusOK, fillLeaflet(l))
}

func (r *Room) saveLeaflet(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Leaflet(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	show := r.leafletForm(w, req, "Change "+was.Title, href(was.ID))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		l, err := r.readLeaflet(req, f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SaveLeaflet(req.Context(), web.PersonOf(req), l, f.Seen())
		return web.Done{To: href(l.ID), Words: "The changes were saved."}, err
	})
}

func (r *Room) confirmRetireLeaflet(w http.ResponseWriter, req *http.Request) error {
	l, err := r.Leaflet(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if l.Retired() {
		return errRetired
	}
	b := base(req, "Retire "+l.Title+"?", l.Title, href(l.ID), "Retire", "")
	return web.Confirm(w, req, fillLeaflet(l), b, "Retire the leaflet", href(l.ID),
		"It is no longer given out from today, and no longer counts as in stock. Nobody is asked to review it.",
		"It stays on the list, and in the figures of earlier days. It cannot be taken back into use.")
}

func (r *Room) retireLeaflet(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmRetireLeaflet, func(seen web.Seen) (web.Done, error) {
		err := r.RetireLeaflet(req.Context(), web.PersonOf(req), id, seen)
		if errors.Is(err, ErrRetired) {
			err = errRetired
		}
		return web.Done{To: href(id), Words: "The leaflet was retired."}, err
	})
}

var errRetired = web.Conflict("This leaflet is already retired",
	"Add a new leaflet if there is a later edition that is given out.")

func (r *Room) confirmDeleteLeaflet(w http.ResponseWriter, req *http.Request) error {
	l, err := r.Leaflet(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	b := base(req, "Delete "+l.Title+"?", l.Title, href(l.ID), "Delete", "")
	return web.Confirm(w, req, fillLeaflet(l), b, "Delete the leaflet", href(l.ID),
		"The leaflet and every count of it will be deleted, also from figures of earlier days. This cannot be undone.",
		"Delete a leaflet only when it was entered by mistake. One that is no longer given out is retired instead.")
}

func (r *Room) deleteLeaflet(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteLeaflet, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteLeaflet(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: root, Words: "The leaflet was deleted."}, err
	})
}
