package duplicates

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const root = "/work/duplicates"

// Routes lists the room's addresses. Whoever keeps a kind of record may say which of
// them are one.
func (r *Room) Routes() []web.Route {
	p, o, c, t := r.people, r.organisations, r.courses, r.sessions
	return []web.Route{
		{Pattern: "GET /work/duplicates/people", Permission: access.TrainingManage, Handle: p.listPairs},
		{Pattern: "GET /work/duplicates/people/{id}/{other}", Permission: access.TrainingManage, Handle: p.showPair},
		{Pattern: "GET /work/duplicates/people/{id}/{other}/merge", Permission: access.TrainingManage,
			Handle: p.confirmMerge},
		{Pattern: "POST /work/duplicates/people/{id}/{other}/merge", Permission: access.TrainingManage, Handle: p.merge},
		{Pattern: "POST /work/duplicates/people/{id}/{other}/apart", Permission: access.TrainingManage, Handle: p.apart},
		{Pattern: "GET /work/duplicates/people/merges/{id}/undo", Permission: access.TrainingManage,
			Handle: p.confirmUndo},
		{Pattern: "POST /work/duplicates/people/merges/{id}/undo", Permission: access.TrainingManage, Handle: p.undo},

		{Pattern: "GET /work/duplicates/organisations", Permission: access.PartnershipManage, Handle: o.listPairs},
		{Pattern: "GET /work/duplicates/organisations/{id}/{other}", Permission: access.PartnershipManage,
			Handle: o.showPair},
		{Pattern: "GET /work/duplicates/organisations/{id}/{other}/merge", Permission: access.PartnershipManage,
			Handle: o.confirmMerge},
		{Pattern: "POST /work/duplicates/organisations/{id}/{other}/merge", Permission: access.PartnershipManage,
			Handle: o.merge},
		{Pattern: "POST /work/duplicates/organisations/{id}/{other}/apart", Permission: access.PartnershipManage,
			Handle: o.apart},
		{Pattern: "GET /work/duplicates/organisations/merges/{id}/undo", Permission: access.PartnershipManage,
			Handle: o.confirmUndo},
		{Pattern: "POST /work/duplicates/organisations/merges/{id}/undo", Permission: access.PartnershipManage,
			Handle: o.undo},

		{Pattern: "GET /work/duplicates/courses", Permission: access.TrainingManage, Handle: c.listPairs},
		{Pattern: "GET /work/duplicates/courses/{id}/{other}", Permission: access.TrainingManage, Handle: c.showPair},
		{Pattern: "GET /work/duplicates/courses/{id}/{other}/merge", Permission: access.TrainingManage,
			Handle: c.confirmMerge},
		{Pattern: "POST /work/duplicates/courses/{id}/{other}/merge", Permission: access.TrainingManage, Handle: c.merge},
		{Pattern: "POST /work/duplicates/courses/{id}/{other}/apart", Permission: access.TrainingManage, Handle: c.apart},
		{Pattern: "GET /work/duplicates/courses/merges/{id}/undo", Permission: access.TrainingManage,
			Handle: c.confirmUndo},
		{Pattern: "POST /work/duplicates/courses/merges/{id}/undo", Permission: access.TrainingManage, Handle: c.undo},

		{Pattern: "GET /work/duplicates/sessions", Permission: access.TrainingManage, Handle: t.listPairs},
		{Pattern: "GET /work/duplicates/sessions/{id}/{other}", Permission: access.TrainingManage, Handle: t.showPair},
		{Pattern: "GET /work/duplicates/sessions/{id}/{other}/merge", Permission: access.TrainingManage,
			Handle: t.confirmMerge},
		{Pattern: "POST /work/duplicates/sessions/{id}/{other}/merge", Permission: access.TrainingManage, Handle: t.merge},
		{Pattern: "POST /work/duplicates/sessions/{id}/{other}/apart", Permission: access.TrainingManage, Handle: t.apart},
		{Pattern: "GET /work/duplicates/sessions/merges/{id}/undo", Permission: access.TrainingManage,
			Handle: t.confirmUndo},
		{Pattern: "POST /work/duplicates/sessions/merges/{id}/undo", Permission: access.TrainingManage, Handle: t.undo},
	}
}

// tabs are the kinds of record, beside each other.
var tabs = []web.Tab{
	{Text: "People", Href: root + "/people", Permission: access.TrainingManage},
	{Text: "Organisations", Href: root + "/organisations", Permission: access.PartnershipManage},
	{Text: "Courses", Href: root + "/courses", Permission: access.TrainingManage},
	{Text: "Sessions", Href: root + "/sessions", Permission: access.TrainingManage},
}

// A desk is the pages of one kind of record.
type desk struct {
	*Room
	kind, one, many, root string
}

const title = "Possible duplicates"

// base is a page's frame, with the way to it.
func (d *desk) base(req *http.Request, name string, crumbs ...string) ui.Base {
	return web.Crumbs(web.Base(req, name), append([]string{title, d.root}, crumbs...)...)
}

func (d *desk) href(a, b string) string { return d.root + "/" + a + "/" + b }

type pairsPage struct {
	ui.Base
	List      ui.List
	One, Many string
	Pairs     []pairRow
	Merges    []mergeRow
}

type pairRow struct {
	Pair
	Href string
}

type mergeRow struct {
	Merge
	Href string
}

// latest is how many merges a list shows.
const latest = 10

func (d *desk) listPairs(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(d.root, req.URL.Query())
	list.One, list.Many = "pair", "pairs"
	all, err := d.Pairs(req.Context(), d.kind)
	if err != nil {
		return err
	}
	if q := db.Fold(list.Value("q")); q != "" {
		var found []Pair
		for _, p := range all {
			if strings.Contains(db.Fold(p.A.Name+" "+p.A.Email+" "+p.A.GroupName+" "+p.B.Name+" "+p.B.Email+" "+p.B.GroupName),
				q) {
				found = append(found, p)
			}
		}
		all = found
	}
	list.Total = len(all)
	limit, offset := list.Window()
	offset = min(offset, len(all))
	page := pairsPage{One: d.one, Many: d.many,
		Base: web.Tabs(web.Crumbs(web.Base(req, title), "People", "/work/people", title, ""), web.PersonOf(req), tabs)}
	for _, p := range all[offset:min(len(all), offset+limit)] {
		page.Pairs = append(page.Pairs, pairRow{p, d.href(p.A.ID, p.B.ID)})
	}
	page.List = list
	merges, err := latestMerges(req.Context(), d.Work, d.kind, latest)
	if err != nil {
		return err
	}
	for _, m := range merges {
		page.Merges = append(page.Merges, mergeRow{m, d.root + "/merges/" + m.ID + "/undo"})
	}
	return web.Render(w, http.StatusOK, d.pages, "pairs", page)
}

type pairPage struct {
	ui.Base
	One  string
	A, B sidePage
	Rows []compared
	Root string
	Post string // where "not the same" is posted to
}

// A sidePage is one of two records, with where the other is merged into it.
type sidePage struct {
	Side
	Which  string   // first or second
	Keep   string   // the address that asks to keep this one
	Blocks []string // what has to be settled before
}

// Place says which of the two it is, at the beginning of a line; Which within one.
func (s sidePage) Place() string { return lang.Sentence(s.Which) }

// compared is one fact of both.
type compared struct {
	Key, A, B string
	Differs   bool // both are known, and not the same
	Same      bool
}

func (d *desk) showPair(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	k, err := d.Room.kind(d.kind)
	if err != nil {
		return err
	}
	id, other := req.PathValue("id"), req.PathValue("other")
	a, b, err := d.open(ctx, d.Work, k, id, other)
	if err != nil {
		return err
	}
	page := pairPage{Base: d.base(req, "Are these the same "+d.one+"?", a.Name, ""), One: d.one, Root: d.root,
		A:    sidePage{Side: a, Which: "first", Keep: d.href(other, id) + "/merge"},
		B:    sidePage{Side: b, Which: "second", Keep: d.href(id, other) + "/merge"},
		Post: d.href(id, other) + "/apart", Rows: compare(a, b)[1:]} // their names stand above
	if page.A.Blocks, err = d.blocks(ctx, d.Work, web.PersonOf(req), d.kind, other, id); err != nil {
		return err
	}
	if page.B.Blocks, err = d.blocks(ctx, d.Work, web.PersonOf(req), d.kind, id, other); err != nil {
		return err
	}
	for _, list := range [][]string{page.A.Blocks, page.B.Blocks} {
		for i := range list {
			list[i] = page.Put(list[i])
		}
	}
	return web.Render(w, http.StatusOK, d.pages, "pair", page)
}

// compare puts the facts of two records beside each other.
func compare(a, b Side) []compared {
	var out []compared
	add := func(key, x, y string) {
		if x != "" || y != "" {
			out = append(out, compared{key, x, y, x != "" && y != "" && x != y, x == y})
		}
	}
	add("Name", a.Name, b.Name)
	var keys []string
	of := func(s Side, key string) string {
		for _, f := range s.Facts {
			if f.Key == key {
				return f.Value
			}
		}
		return ""
	}
	for _, f := range slices.Concat(a.Facts, b.Facts) {
		if !slices.Contains(keys, f.Key) {
			keys = append(keys, f.Key)
			add(f.Key, of(a, f.Key), of(b, f.Key))
		}
	}
	for i, h := range a.Held {
		if h.N > 0 || b.Held[i].N > 0 {
			out = append(out, compared{Key: lang.Sentence(h.Many), A: lang.Number(h.N), B: lang.Number(b.Held[i].N)})
		}
	}
	return out
}

// fillPair is what a person sees of two records before one is merged into the other.
func fillPair(from, to Side) *web.Form {
	f := web.NewForm()
	for _, x := range compare(from, to) {
		f.Set(lang.Slug(x.Key)+"_that_goes", x.A)
		f.Set(lang.Slug(x.Key)+"_that_is_kept", x.B)
	}
	return f
}

// told names a record, and what tells it from another of one name.
func told(s, from Side) string {
	for i, x := range compare(s, from) {
		if i == 0 && x.A != x.B {
			return s.Name
		}
		if x.Differs {
			return s.Name + " (" + x.A + ")"
		}
	}
	return s.Name
}

func (d *desk) confirmMerge(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	k, err := d.Room.kind(d.kind)
	if err != nil {
		return err
	}
	from, to := req.PathValue("id"), req.PathValue("other")
	a, b, err := d.open(ctx, d.Work, k, from, to)
	if err != nil {
		return err
	}
	why, err := d.blocks(ctx, d.Work, web.PersonOf(req), d.kind, from, to)
	if err != nil {
		return err
	}
	base := d.base(req, "Keep "+b.Name+", and merge the other record into this one?", "Compare", d.href(from, to),
		"Merge", "")
	if len(why) > 0 {
		for i := range why {
			why[i] = base.Put(why[i])
		}
		return blocked(why)
	}
	tells, err := d.tells(ctx, d.Work, d.kind, from, to)
	if err != nil {
		return err
	}
	words := append([]string{"What is recorded under the other moves: " + a.Words() + "."}, tells...)
	words = append(words,
		"The other record, "+told(a, b)+", is set aside. A file that names it finds the one that is kept.",
		"You can take this back: what moved is remembered.")
	return web.Confirm(w, req, fillPair(a, b), base, "Merge", d.href(from, to), words...)
}

func (d *desk) merge(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, d.confirmMerge, func(seen web.Seen) (web.Done, error) {
		m, err := d.Merge(req.Context(), web.PersonOf(req), d.kind, req.PathValue("id"), req.PathValue("other"), seen)
		return web.Done{To: d.root, Words: "Merged: " + m.ToName + " is kept.",
			Undo: d.root + "/merges/" + m.ID + "/undo"}, err
	})
}

func (d *desk) apart(w http.ResponseWriter, req *http.Request) error {
	err := d.Apart(req.Context(), web.PersonOf(req), d.kind, req.PathValue("id"), req.PathValue("other"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, d.root, "Remembered: they are not the same. You are not asked about them again.")
}

func (d *desk) confirmUndo(w http.ResponseWriter, req *http.Request) error {
	m, err := mergeByID(req.Context(), d.Work, d.kind, req.PathValue("id"))
	if err != nil {
		return err
	}
	if m.Undone() {
		return ErrUndone
	}
	n, err := countChanges(req.Context(), d.Work, m.ID)
	if err != nil {
		return err
	}
	base := d.base(req, "Take back that "+m.FromName+" is "+m.ToName+"?", "Take back", "")
	return web.Confirm(w, req, nil, base, "Take it back", d.root,
		m.FromName+" is a record of its own again.",
		"What moved goes back to it ("+lang.Plural(n, "change", "changes")+"), unless somebody or an import has changed it "+
			"since. What was added to "+m.ToName+" since stays there.")
}

func (d *desk) undo(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, d.confirmUndo, func(web.Seen) (web.Done, error) {
		m, back, of, err := d.Undo(req.Context(), web.PersonOf(req), d.kind, req.PathValue("id"))
		words := "Taken back: " + m.FromName + " is a record of its own again."
		if back < of {
			words += fmt.Sprintf(" %s of %s changes could be put back; the others have changed since.", lang.Number(back),
				lang.Number(of))
		}
		return web.Done{To: d.root, Words: words}, err
	})
}
