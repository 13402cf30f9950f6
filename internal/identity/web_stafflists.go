package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/intake"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages take a file of people who join and leave, show what it would do, and do it.

const joinersPath = "/work/joiners"

func (r *Room) staffListRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/joiners", Permission: access.PeopleManage, Handle: r.listStaffLists},
		{Pattern: "GET /work/joiners/new", Permission: access.PeopleManage, Handle: r.newStaffList},
		{Pattern: "POST /work/joiners/new", Permission: access.PeopleManage, Handle: r.addStaffList},
		{Pattern: "GET /work/joiners/template", Permission: access.PeopleManage, Handle: r.downloadStaffTemplate},
		{Pattern: "GET /work/joiners/{id}", Permission: access.PeopleManage, Handle: r.showStaffList},
		{Pattern: "POST /work/joiners/{id}/apply", Permission: access.PeopleManage, Handle: r.applyStaff,
			Many: []string{"rows"}, Confirm: web.Always},
		{Pattern: "POST /work/joiners/{id}/discard", Permission: access.PeopleManage, Handle: r.discardStaffList},
	}
}

type staffListsPage struct {
	ui.Base
	List  ui.List
	Lists []StaffList
}

func (r *Room) listStaffLists(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(joinersPath, req.URL.Query())
	list.One, list.Many = "list", "lists"
	page := staffListsPage{Base: base(req, "Joiners and leavers", "Joiners and leavers", "")}
	var err error
	page.Lists, list.Total, err = staffLists(req.Context(), r.Work, list.Size, list.Offset())
	if err != nil {
		return err
	}
	page.List = list
	return web.Render(w, http.StatusOK, r.pages, "staff-lists", page)
}

type staffListFormPage struct {
	ui.FormPage
	Roles []access.Role
}

func (r *Room) staffListForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		b := base(req, "Send a list of joiners and leavers", "Joiners and leavers", joinersPath, "Send a list", "")
		known, err := readCatalogue(req.Context(), r.Work)
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "staff-list-form", staffListFormPage{Roles: known.offered(),
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: joinersPath}})
	}
}

func (r *Room) newStaffList(w http.ResponseWriter, req *http.Request) error {
	return r.staffListForm(w, req)(http.StatusOK, web.NewRecord())
}

func (r *Room) addStaffList(w http.ResponseWriter, req *http.Request) error {
	var file intake.File
	sum := ""
	upload := web.Upload{MaxBytes: maxStaffList, MaxFiles: 1, Sum: func() string { return sum },
		Receive: func(name string, in io.Reader) error {
			raw, err := io.ReadAll(in)
			of := sha256.Sum256(raw)
			sum = hex.EncodeToString(of[:])
			file = intake.File{Name: filepath.Base(name), Content: bytes.NewReader(raw), Size: int64(len(raw))}
			return err
		}}
	return web.SubmitFiles(w, req, upload, r.staffListForm(w, req), func(f *web.Form) (web.Done, error) {
		if file.Content == nil {
			f.Add("file", "Choose the file")
			return web.Done{}, nil
		}
		id, err := r.AddStaffList(req.Context(), web.PersonOf(req), file)
		var why *intake.Fatal
		if errors.As(err, &why) {
			f.Add("file", why.Error())
			return web.Done{}, nil
		}
		return web.Done{To: joinersPath + "/" + id}, err
	})
}

// downloadStaffTemplate is a file with the columns, and a row of each kind to write over.
func (r *Room) downloadStaffTemplate(w http.ResponseWriter, _ *http.Request) error {
	practitioner, _ := access.RoleByID("practitioner")
	return web.CSV(w, "joiners-and-leavers.csv",
		[]string{"Name", "E-mail", "Organisation", "Job title", "Role", "Joins or leaves"}, [][]string{
			{"Example Person", "example.person@example.org", "", "School nurse", practitioner.Title, "joins"},
			{"Another Example", "another.example@example.org", "", "", "", "leaves"}})
}

type staffListPage struct {
	ui.Base
	Form    ui.Form
	List    StaffList
	Rows    []shownRow
	Done    bool
	Acts    int  // rows that would do something
	Nothing int  // rows that would not
	Reason  bool // a second person is needed for some
	Links   bool // links can be sent
	Mark    string
	Href    string
}

// A shownRow is a planned row as somebody may see it.
type shownRow struct {
	PlannedRow
	Holdings []web.Holding
	Rest     string // of what hangs on them, what only others may read
	Checked  bool
	Href     string // their page
}

func (r *Room) showStaffList(w http.ResponseWriter, req *http.Request) error {
	l, err := staffList(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	if l.Running() {
		return r.renderRunning(w, req, l)
	}
	l, rows, err := r.PlannedStaff(req.Context(), web.PersonOf(req), l.ID)
	if err != nil {
		return err
	}
	if req.URL.Query().Get("format") == "csv" {
		return exportStaffList(w, web.PersonOf(req), rows)
	}
	return r.renderStaffList(w, req, http.StatusOK, nil, l, rows)
}

type staffListRunningPage struct {
	ui.Base
	Href  string
	Rows  int // that were done
	Total int // that were ticked
}

// renderRunning says how far a list is that is being done.
func (r *Room) renderRunning(w http.ResponseWriter, req *http.Request, l StaffList) error {
	total, err := l.ticked()
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "staff-list-running", staffListRunningPage{
		Base: base(req, l.File, "Joiners and leavers", joinersPath, l.File, ""), Href: joinersPath + "/" + l.ID,
		Rows: l.Rows, Total: total})
}

func (r *Room) renderStaffList(w http.ResponseWriter, req *http.Request, status int, f *web.Form, l StaffList,
	rows []PlannedRow) error {
	me := web.PersonOf(req)
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	page := staffListPage{Base: base(req, l.File, "Joiners and leavers", joinersPath, l.File, ""), Form: f, List: l,
		Done: !l.DoneAt.IsZero(), Links: site.Known(), Mark: markOf(rows), Href: joinersPath + "/" + l.ID}
	for _, p := range rows {
		x := shownRow{PlannedRow: p, Checked: p.Ticked()}
		if f != nil {
			x.Checked = containsLine(f, p.Line)
		}
		if p.PersonID != "" {
			x.Href = href(p.PersonID)
		}
		x.Holdings, x.Rest = shownHoldings(me, p.Holdings)
		if page.Reason = page.Reason || p.asks(me); p.Acts() {
			page.Acts++
		} else {
			page.Nothing++
		}
		page.Rows = append(page.Rows, x)
	}
	return web.Render(w, status, r.pages, "staff-list", page)
}

func containsLine(f *web.Form, line int64) bool {
	for _, s := range f.Values("rows") {
		if s == strconv.FormatInt(line, 10) {
			return true
		}
	}
	return false
}

// exportStaffList writes what was done, or would be, as a file.
func exportStaffList(w http.ResponseWriter, me web.Person, planned []PlannedRow) error {
	var rows [][]string
	for _, p := range planned {
		var hang []string
		shown, rest := shownHoldings(me, p.Holdings)
		for _, h := range shown {
			hang = append(hang, h.What+": "+h.Title)
		}
		if rest != "" {
			hang = append(hang, rest)
		}
		done := p.StaffRow.Done
		if done == "" {
			done = "Not done yet: " + p.Does + p.Nothing
		}
		rows = append(rows, []string{strconv.FormatInt(p.Line, 10), p.Name, p.Email, p.Organisation, p.Role, p.Change, done,
			strings.Join(hang, "; ")})
	}
	return web.CSV(w, "joiners-and-leavers-done.csv",
		[]string{"row", "name", "email", "organisation", "role", "joins_or_leaves", "done", "to_hand_over"}, rows)
}

func (r *Room) applyStaff(w http.ResponseWriter, req *http.Request) error {
	ctx, me := req.Context(), web.PersonOf(req)
	id := req.PathValue("id")
	return web.Submit(w, req, func(status int, f *web.Form) error {
		l, rows, err := r.PlannedStaff(ctx, me, id)
		if err != nil {
			return err
		}
		return r.renderStaffList(w, req, status, f, l, rows)
	}, func(f *web.Form) (web.Done, error) {
		how := Applied{Reason: f.Text("reason", "", 300), Links: f.Yes("links"), Seen: f.Value("plan")}
		for _, s := range f.Values("rows") {
			if line, err := strconv.ParseInt(s, 10, 64); err == nil {
				how.Lines = append(how.Lines, line)
			}
		}
		if len(how.Lines) == 0 {
			f.Add("rows", "Tick the rows that are to be done")
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.ApplyStaff(ctx, me, id, how)
		return web.Done{To: joinersPath + "/" + id}, err
	})
}

func (r *Room) discardStaffList(w http.ResponseWriter, req *http.Request) error {
	if err := r.DiscardStaffList(req.Context(), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, joinersPath, "Discarded. Nothing of it was done.")
}
