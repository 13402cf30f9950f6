package training

import (
	"errors"
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type coursesPage struct {
	frame
	List       ui.List
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
	l := ui.ReadList(home+"/courses", req.URL.Query(), "title", "programme", "kind")
	l.One, l.Many = "course", "courses"
	f := courseFilter{Search: trimmed(req, "q"), Programme: trimmed(req, "programme"), Kind: trimmed(req, "kind"), Order: order(l), Limit: l.Size, Offset: l.Offset()}
	if asked(req, "csv") {
		return r.coursesCSV(w, req, f)
	}
	var err error
	if l.Total, err = countCourses(req.Context(), r.Work, f); err != nil {
		return err
	}
	list, err := courses(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	choices, err := r.programmeChoices(req)
	if err != nil {
		return err
	}
	page := coursesPage{frame: r.frame(req, "Courses"), List: l, Programmes: choices, Kinds: kinds}
	for _, c := range list {
		page.Courses = append(page.Courses, courseRow{c, kindWords(c.Kind)})
	}
	return r.render(w, http.StatusOK, "courses", page)
}

func (r *Room) coursesCSV(w http.ResponseWriter, req *http.Request, f courseFilter) error {
	f.Limit, f.Offset = everything, 0
	list, err := courses(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, c := range list {
		rows = append(rows, []string{c.Title, c.ProgrammeID, c.Kind, c.Length, c.Audience, digits(c.Sessions)})
	}
	return web.CSV(w, "training-courses.csv", []string{"course", "programme", "kind", "length", "audience", "sessions"}, rows)
}

// programmeChoices lists the programmes, for filters and forms.
func (r *Room) programmeChoices(req *http.Request) ([]ui.Choice, error) {
	list, err := programmes(req.Context(), r.Work)
	if err != nil {
		return nil, err
	}
	var out []ui.Choice
	for _, p := range list {
		out = append(out, ui.Choice{Value: p.ID, Text: p.Title})
	}
	return out, nil
}

type coursePage struct {
	frame
	Course courseRow
	About  []ui.Row
	Ahead  []sessionRow
	Past   []sessionRow
}

func (r *Room) showCourse(w http.ResponseWriter, req *http.Request) error {
	c, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := coursePage{frame: r.frame(req, c.Title, "Courses", home+"/courses"), Course: courseRow{c, kindWords(c.Kind)}}
	for _, row := range []ui.Row{{Key: "Programme", Value: c.Programme}, {Key: "Kind", Value: page.Course.KindWords}, {Key: "Length", Value: c.Length}, {Key: "Who it is for", Value: c.Audience}} {
		if row.Value != "" {
			page.About = append(page.About, row)
		}
	}
	today := r.Now.Today()
	ahead, err := sessions(req.Context(), r.Work, sessionFilter{CourseID: c.ID, From: today, Limit: 50})
	if err != nil {
		return err
	}
	past, err := sessions(req.Context(), r.Work, sessionFilter{CourseID: c.ID, To: today.AddDays(-1), Order: "-starts", Limit: 50})
	if err != nil {
		return err
	}
	page.Ahead, page.Past = r.rows(ahead), r.rows(past)
	return r.render(w, http.StatusOK, "course", page)
}

type courseFormPage struct {
	frame
	Form       *web.Form
	Action     string
	Cancel     string
	Programmes []ui.Choice
	Kinds      []ui.Choice
}

func (r *Room) courseForm(w http.ResponseWriter, req *http.Request, status int, form *web.Form, was *Course) error {
	choices, err := r.programmeChoices(req)
	if err != nil {
		return err
	}
	page := courseFormPage{Form: form, Programmes: choices, Kinds: kinds, Action: home + "/courses", Cancel: home + "/courses"}
	if was == nil {
		page.frame = r.frame(req, "Add a course", "Courses", home+"/courses")
		return r.render(w, status, "course-form", page)
	}
	page.frame = r.frame(req, "Change the course", was.Title, courseHref(was.ID))
	page.Action, page.Cancel = courseHref(was.ID), courseHref(was.ID)
	return r.render(w, status, "course-form", page)
}

func (r *Room) newCourse(w http.ResponseWriter, req *http.Request) error {
	return r.courseForm(w, req, http.StatusOK, web.NewForm("kind", "course", "programme", req.URL.Query().Get("programme")), nil)
}

func (r *Room) addCourse(w http.ResponseWriter, req *http.Request) error {
	return r.saveCourse(w, req, nil)
}

func (r *Room) changeCourse(w http.ResponseWriter, req *http.Request) error {
	c, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.courseForm(w, req, http.StatusOK, fillCourse(c), &c)
}

func (r *Room) editCourse(w http.ResponseWriter, req *http.Request) error {
	c, err := courseByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.saveCourse(w, req, &c)
}

// saveCourse adds a course, or changes was.
func (r *Room) saveCourse(w http.ResponseWriter, req *http.Request, was *Course) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	choices, err := r.programmeChoices(req)
	if err != nil {
		return err
	}
	c := readCourse(form, choices)
	if !form.OK() {
		return r.courseForm(w, req, http.StatusUnprocessableEntity, form, was)
	}
	done := "The course is changed."
	if was == nil {
		done = "The course is added."
		c.ID, err = r.AddCourse(req.Context(), web.PersonOf(req), c)
	} else {
		c.ID = was.ID
		err = r.EditCourse(req.Context(), web.PersonOf(req), c)
	}
	if errors.Is(err, ErrTaken) {
		form.Add("title", "The programme already has a course of this title")
		return r.courseForm(w, req, http.StatusConflict, form, was)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, courseHref(c.ID), done)
}

type programmeFormPage struct {
	frame
	Form *web.Form
}

func (r *Room) newProgramme(w http.ResponseWriter, req *http.Request) error {
	return r.programmeForm(w, req, http.StatusOK, nil)
}

func (r *Room) programmeForm(w http.ResponseWriter, req *http.Request, status int, form *web.Form) error {
	return r.render(w, status, "programme-form", programmeFormPage{r.frame(req, "Add a programme", "Courses", home+"/courses"), form})
}

func (r *Room) addProgramme(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	p := readProgramme(form)
	if !form.OK() {
		return r.programmeForm(w, req, http.StatusUnprocessableEntity, form)
	}
	err = r.AddProgramme(req.Context(), web.PersonOf(req), p)
	if errors.Is(err, ErrTaken) {
		form.Add("title", "There is already a programme of this name")
		return r.programmeForm(w, req, http.StatusConflict, form)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, home+"/courses/new?programme="+p.ID, "The programme is added. Now give it a course.")
}
