package app

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type trailPage struct {
	ui.Base
	List     ui.List
	Subjects []ui.Choice
	Kinds    []ui.Choice
	Who      string // of whom the acts are, where one person's are asked for
	Entries  []audittrail.Entry
	Sealed   int
	SealedAt time.Time
}

// guardedSubjects are the kinds of thing whose very names are only for those who
// may read them, in who did what as well.
var guardedSubjects = map[string]web.Permission{"review": access.ReviewsRead}

func hiddenSubjects(p web.Person) []string {
	var out []string
	for subject, permission := range guardedSubjects {
		if !p.May(permission) {
			out = append(out, subject)
		}
	}
	return out
}

// subjectReaders are the permissions with which one reads records of a kind, and so what
// was changed in them from what to what. Of a kind that is not here nobody is shown that
// among the acts of all.
var subjectReaders = map[string]web.Permission{
	"person": access.PeopleRead, "organisation": access.PartnershipRead, "committee": access.PartnershipRead,
	"meeting": access.PartnershipRead, "area": access.PartnershipRead, "contribution": access.PartnershipRead,
	"settings": access.SettingsManage, "contact": access.SettingsManage, "sector": access.SettingsManage,
	"role":   access.SettingsManage,
	"review": access.ReviewsRead, "multi-agency audit": access.AuditsRead, "self-assessment": access.AuditsRead,
	"business plan": access.PlanRead, "priority": access.PlanRead, "recommendation": access.PlanRead,
	"action": access.PlanReadAll, "scrutiny note": access.PlanRead,
	"line of enquiry": access.PlanRead, "supplied figure": access.FiguresRead,
	"training course": access.TrainingRead, "training session": access.TrainingRead, "yearly report": access.ReportRead,
	"contribution to the yearly report": access.ReportEdit,
	"page":                              access.SitesRead, "public site": access.SitesRead,
}

// trailFilter reads which acts are asked for from the address of the page.
func trailFilter(l ui.List, base ui.Base, p web.Person) audittrail.Filter {
	day := func(name string, add int) time.Time {
		d, err := period.ParseDate(l.Value(name))
		if err != nil || d.IsZero() {
			return time.Time{}
		}
		d = d.AddDays(add)
		return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, clock.London)
	}
	q := l.Value("q")
	f := audittrail.Filter{Search: q, Standard: base.Terms.Standard(q), Person: l.Value("person"),
		Subject: l.Value("subject"), Kind: l.Value("kind"), From: day("from", 0), Until: day("to", 1),
		Without: hiddenSubjects(p)}
	f.Limit, f.Offset = l.Size, l.Offset()
	return f
}

func (a *App) trail(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), web.PersonOf(r)
	l := ui.ReadList("/work/settings/trail", r.URL.Query(), "-at")
	l.One, l.Many = "act", "acts"
	base := web.Base(r, "Who did what")
	f := trailFilter(l, base, p)
	if l.Exporting("csv") {
		return a.exportTrail(w, r, base, f)
	}
	page := trailPage{Kinds: ui.Choices(audittrail.KindChanges, "What was done", audittrail.KindLooked,
		"Reading and downloads", audittrail.KindRefusals, "Refusals")}
	err := a.Work.Snapshot(ctx, func(q db.Reader) (err error) {
		if l.Total, err = audittrail.Count(ctx, q, f); err != nil {
			return err
		}
		if page.Entries, err = audittrail.Find(ctx, q, f); err != nil {
			return err
		}
		subjects, err := audittrail.Subjects(ctx, q)
		if err != nil {
			return err
		}
		for _, s := range subjects {
			if !slices.Contains(f.Without, s) {
				page.Subjects = append(page.Subjects, ui.Choice{Value: s, Text: base.Term(s)})
			}
		}
		if f.Person != "" {
			page.Who, err = register.PersonName(ctx, q, f.Person)
			if err != nil && !errors.Is(err, db.ErrNotFound) {
				return err
			}
		}
		n, at, err := audittrail.Sealed(ctx, q)
		page.Sealed, page.SealedAt = int(n), at
		return err
	})
	if err != nil {
		return err
	}
	for i := range page.Entries {
		page.Entries[i] = shownTo(p, base, page.Entries[i])
	}
	page.Base, page.List = web.Crumbs(base, "Settings", "/work/settings", "Who did what", ""), l
	return web.Render(w, http.StatusOK, a.pages, "trail", page)
}

// shownTo gives an entry as a person reads it: in the partnership's words, and with what
// was changed only where they may read the record.
func shownTo(p web.Person, base ui.Base, e audittrail.Entry) audittrail.Entry {
	if may, ok := subjectReaders[e.Subject]; !ok || !p.May(may) {
		e.Changes = ""
	}
	e.Subject = base.Term(e.Subject)
	return e
}

// trailBatch is how many acts of a download are read at a time.
const trailBatch = 5000

// exportTrail writes every act that was asked for, as they were when it began.
func (a *App) exportTrail(w http.ResponseWriter, r *http.Request, base ui.Base, f audittrail.Filter) error {
	if now := a.Now(); f.Until.IsZero() || f.Until.After(now) {
		f.Until = now
	}
	var rows [][]string
	f.Limit, f.Offset = trailBatch, 0
	for {
		entries, err := audittrail.Find(r.Context(), a.Work, f)
		if err != nil {
			return err
		}
		for _, e := range entries {
			e = shownTo(web.PersonOf(r), base, e)
			rows = append(rows, []string{e.At.Format("2006-01-02 15:04:05"), e.Person, e.Act, e.Subject, e.Detail, e.Reason,
				strings.Join(slices.DeleteFunc(e.Told(), func(s string) bool { return strings.HasPrefix(s, "Why: ") }), "; "),
				e.ID})
		}
		if len(entries) < trailBatch {
			return web.CSV(w, "who-did-what.csv", []string{"at_utc", "who", "did", "what", "detail", "why", "changes", "act_id"},
				rows)
		}
		f.Offset += trailBatch
	}
}

// readings are the pages whose reading is noted, once an hour for each person and record,
// with what the trail calls what is read.
var readings = map[string]string{
	"GET /work/reviews/{id}":                           "review",
	"GET /work/audits/multi-agency/{id}":               "multi-agency audit",
	"GET /work/audits/rounds/{id}/organisations/{org}": "self-assessment",
	"GET /work/settings/outbox/{id}":                   "e-mail",
	"GET /work/settings/trail":                         "audit trail",
	figurePattern:                                      "restricted figure",
}

// figurePattern is the page of one figure. Its reading is noted where it shows small counts
// of children, which it does to those alone who may see them.
const figurePattern = "GET /work/performance/figures/{id}"

// showsSmall reports whether a figure's page shows somebody small counts of children.
func (a *App) showsSmall(ctx context.Context, p web.Person, id string) (bool, error) {
	if !p.May(access.FiguresRestricted) {
		return false, nil
	}
	all, err := a.Figures.Definitions(ctx, a.Work)
	return slices.ContainsFunc(all, func(d *figure.Definition) bool {
		return d.ID == id && d.Protection == figure.Child
	}), err
}

// A noter keeps who read, took away and was refused what.
type noter struct {
	a    *App
	mu   sync.Mutex
	last map[string]time.Time // by person and what: when it was noted
	tell map[string]int       // by person: refusals noted in this hour
	hour time.Time
}

// noteEvery is how long the same reading or refusal of the same person is noted once.
const noteEvery = time.Hour

// mostRefusals is how many refusals of one person an hour are noted by their addresses:
// somebody who tries every address must not fill the records. From then on each kind of
// address is noted once, so that nobody hides a try behind many.
const mostRefusals = 50

// moreRefusals says that refusals of one kind are not told one by one any more.
const moreRefusals = ", and more of this kind within the hour"

// due reports whether something of a person is to be noted, and remembers that it was; more
// is what to say besides.
func (n *noter) due(person, what, pattern string, refusal bool) (ok bool, more string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.a.Now()
	if now.Sub(n.hour) >= noteEvery || n.last == nil {
		n.last, n.tell, n.hour = map[string]time.Time{}, map[string]int{}, now
	}
	key := person + " " + what
	if _, noted := n.last[key]; noted {
		return false, ""
	}
	n.last[key] = now
	if !refusal {
		return true, ""
	}
	if n.tell[person]++; n.tell[person] <= mostRefusals {
		return true, ""
	}
	kind := person + " many " + pattern
	_, noted := n.last[kind]
	n.last[kind] = now
	return !noted, moreRefusals
}

// forget lets what could not be kept be noted again.
func (n *noter) forget(person, what string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.last, person+" "+what)
}

// note is web.Noting.
func (n *noter) note(r *http.Request, p web.Person, x web.Answer) error {
	e := audittrail.Entry{PersonID: p.ID, Person: p.Name, SubjectID: r.PathValue("id")}
	path := r.URL.Path
	if len(path) > 200 {
		path = path[:200]
	}
	// An address is told without the ids in it, and a file at a record without its name: who
	// may read who did what need not be one who may know of them.
	_, pattern, _ := strings.Cut(x.Route.Pattern, " ")
	file := x.File
	if kept := r.PathValue("file"); kept != "" {
		file, e.SubjectID = "a file kept at a record", kept
	}
	// Another's record answers as a missing one, so both are noted: who tries addresses is seen.
	missing := x.Status == http.StatusNotFound && strings.Contains(pattern, "{")
	refused := x.Refused || x.Status == http.StatusForbidden || missing
	reading, read := readings[x.Route.Pattern]
	if x.Route.Pattern == figurePattern && x.Status == http.StatusOK {
		var err error
		if read, err = n.a.showsSmall(r.Context(), p, r.PathValue("id")); err != nil {
			return db.Wrap(err, "note the reading of a figure")
		}
	}
	switch {
	case !strings.HasPrefix(path, workPrefix):
		return nil
	case refused:
		e.Act, e.Subject, e.Detail = audittrail.ActRefused, "address", r.Method+" "+pattern
	case x.File != "" && x.Status == http.StatusOK:
		e.Act, e.Subject, e.Detail = audittrail.ActDownloaded, "file", file+" from "+pattern
	case read && x.Status == http.StatusOK:
		e.Act, e.Subject = audittrail.ActRead, reading
	default:
		return nil
	}
	what := e.Act + " " + r.Method + " " + path
	if e.Act != audittrail.ActDownloaded {
		due, more := n.due(p.ID, what, r.Method+" "+pattern, refused)
		if !due {
			return nil
		}
		e.Detail += more
	}
	e.ID, e.At = ids.New(), db.At(n.a.Now())
	err := n.a.Work.Tx(r.Context(), func(q db.Q) error { return audittrail.Note(r.Context(), q, e) })
	if err != nil {
		n.forget(p.ID, what)
	}
	if err != nil && refused { // it goes out in any case: nothing is given
		n.a.Log.Error("note a refusal", "error", err)
		return nil
	}
	return db.Wrap(err, "note that something was "+e.Act)
}
