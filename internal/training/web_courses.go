package training

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type coursesPage struct {
	ui.Base
	List       ui.List
	Manage     bool
	Courses    []courseRow
	Programmes []ui.Choice
	Kinds      []ui.Choice
}

// A courseRow is a course as lists show it.
type courseRow struct {
	Course
	KindWords string
}

func (r *Room) listCourses(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(coursesRoot, req.URL.Query(), "title", "programme", "kind")
	list.One, list.Many = "course", "courses"
	f := courseFilter{Search: list.Value("q"), Programme: list.Value("programme"), Kind: list.Value("kind"),
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, err := courses(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportCourses(w, all)
	}
	if list.Total, err = countCourses(req.Context(), r.Work, f); err != nil {
		return err
	}
	choices, err := r.programmeChoices(req)
	if err != nil {
		return err
	}
	page := coursesPage{Base: base(req, "Courses"), List: list, Manage: web.PersonOf(req).May(access.TrainingManage),
		Programmes: choices, Kinds: kinds}
	for _, c := range all {
		page.Courses = append(page.Courses, courseRow{c, kindWords(c.Kind)})
	}
	return web.Render(w, http.StatusOK, r.pages, "courses", page)
}

func exportCourses(w http.ResponseWriter, all []Course) error {
	var rows [][]string
	for _, c := range all {
		rows = append(rows, []string{c.Title, c.ProgrammeID, c.Kind, c.Length, c.Audience, digits(c.Sessions)})
	}
	return web.CSV(w, "training-courses.csv", []string{"course", "programme", "kind", "length", "audience", "sessions"},
		rows)
}

// programmeChoices lists the programmes, for filters and forms.
func (r *Room) programmeChoices(req *http.Request) ([]ui.Choice, error) {
	list, err := programmes(req.Context(), r.Work)
	return ui.ChoicesOf(list, func(p Programme) (string, string) { return p.ID, p.Title }), err
}

type coursePage struct {
	ui.Base
	Manage  bool
	Course  courseRow
	About   []ui.Row
	Ahead   []sessionRow
	Past    []sessionRow
	History []audittrail.Entry // for those who manage training
}

func (r *Room) showCourse(w http.ResponseWriter, req *http.Request) error {
	c, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := coursePage{Base: base(req, c.Title, "Courses", coursesRoot),
		Manage: web.PersonOf(req).May(access.TrainingManage),
		Course: courseRow{c, kindWords(c.Kind)}}
	for _, row := range []ui.Row{{Key: "Who it is for", Value: c.Audience}, {Key: "Programme", Value: c.Programme},
		{Key: "Kind", Value: page.Course.KindWords}, {Key: "Length", Value: c.Length}} {
		if row.Value != "" {
			page.About = append(page.About, row)
		}
	}
	ahead, err := sessions(req.Context(), r.Work, sessionFilter{CourseID: c.ID, Ahead: r.Now(), Limit: 50})
	if err != nil {
		return err
	}
	past, err := sessions(req.Context(), r.Work, sessionFilter{CourseID: c.ID, Over: r.Now(),
		Sort: "starts", Desc: true, Limit: 50})
	if err != nil {
		return err
	}
	page.Ahead, page.Past = r.rows(ahead), r.rows(past)
	if page.Manage {
		if page.History, err = audittrail.Of(req.Context(), r.Work, courseSubject, c.ID); err != nil {
			return err
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "course", page)
}

type courseFormPage struct {
	ui.FormPage
	Programmes []ui.Choice
	Kinds      []ui.Choice
}

// courseForm gives what shows the form of a course; way leads to it.
func (r *Room) courseForm(w http.ResponseWriter, req *http.Request, title, cancel string,
	way ...string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		choices, err := r.programmeChoices(req)
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "course-form", courseFormPage{
			ui.FormPage{Base: base(req, title, way...), Form: f, Cancel: cancel}, choices, kinds})
	}
}

func (r *Room) newCourseForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return r.courseForm(w, req, "Add a course", coursesRoot, "Courses", coursesRoot)
}

func (r *Room) newCourse(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord("kind", "course", "programme", req.URL.Query().Get("programme"))
	return r.newCourseForm(w, req)(http.StatusOK, f)
}

func (r *Room) addCourse(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newCourseForm(w, req), func(f *web.Form) (web.Done, error) {
		c, err := r.readCourse(req, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddCourse(req.Context(), web.PersonOf(req), c)
		return web.Done{To: courseHref(id), Words: "The course is added."}, err
	})
}

// readCourse reads the form of a course of one of the programmes there are.
func (r *Room) readCourse(req *http.Request, f *web.Form) (Course, error) {
	choices, err := r.programmeChoices(req)
	return readCourse(f, choices), err
}

func (r *Room) editCourse(w http.ResponseWriter, req *http.Request) error {
	c, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	to := courseHref(c.ID)
	return r.courseForm(w, req, "Change the course", to, c.Title, to)(http.StatusOK, fillCourse(c))
}

func (r *Room) saveCourse(w http.ResponseWriter, req *http.Request) error {
	was, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	to := courseHref(was.ID)
	show := r.courseForm(w, req, "Change the course", to, was.Title, to)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		c, err := r.readCourse(req, f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		c.ID = was.ID
		err = r.SaveCourse(req.Context(), web.PersonOf(req), c, f.Seen())
		return web.Done{To: to, Words: "The course is changed."}, err
	})
}

func (r *Room) programmeForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "programme-form", ui.FormPage{
			Base: base(req, "Add a programme", "Courses", coursesRoot), Form: f, Cancel: coursesRoot})
	}
}

func (r *Room) newProgramme(w http.ResponseWriter, req *http.Request) error {
	return r.programmeForm(w, req)(http.StatusOK, web.NewRecord())
}

func (r *Room) addProgramme(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.programmeForm(w, req), func(f *web.Form) (web.Done, error) {
		p := readProgramme(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.AddProgramme(req.Context(), web.PersonOf(req), p)
		to := coursesRoot + "/new?programme=" + p.ID
		return web.Done{To: to, Words: "The programme is added. Now give it a course."}, err
	})
}
