package sites

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var templates embed.FS

// Routes lists the desk's pages. PublicRoutes has the others.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/sites", Permission: access.SitesRead, Handle: r.list},
		{Pattern: "GET /work/sites/new", Permission: access.SitesEdit, Handle: r.showNew},
		{Pattern: "POST /work/sites/new", Permission: access.SitesEdit, Handle: r.create},
		{Pattern: "GET /work/sites/pages/{slug}", Permission: access.SitesRead, Handle: r.show},
		{Pattern: "GET /work/sites/pages/{slug}/preview", Permission: access.SitesRead, Handle: r.preview},
		{Pattern: "GET /work/sites/pages/{slug}/edit", Permission: access.SitesEdit, Handle: r.showEdit},
		{Pattern: "POST /work/sites/pages/{slug}/edit", Permission: access.SitesEdit, Handle: r.edit},
		{Pattern: "GET /work/sites/pages/{slug}/versions/{version}", Permission: access.SitesRead, Handle: r.showVersion},
		{Pattern: "POST /work/sites/pages/{slug}/versions/{version}", Permission: access.SitesEdit, Handle: r.restore},
		{Pattern: "GET /work/sites/pages/{slug}/publish", Permission: access.SitesPublish, Handle: r.confirmPublish},
		{Pattern: "POST /work/sites/pages/{slug}/publish", Permission: access.SitesPublish, Handle: r.publish},
		{Pattern: "GET /work/sites/pages/{slug}/unpublish", Permission: access.SitesPublish, Handle: r.confirmUnpublish},
		{Pattern: "POST /work/sites/pages/{slug}/unpublish", Permission: access.SitesPublish, Handle: r.unpublish},
		{Pattern: "GET /work/sites/frame", Permission: access.SitesRead, Handle: r.showFrame},
		{Pattern: "POST /work/sites/frame", Permission: access.SitesPublish, Handle: r.publishFrame},
		{Pattern: "GET /work/sites/visits", Permission: access.SitesRead, Handle: r.showVisits},
	}
}

type listPage struct {
	ui.Base
	List     ui.List
	Sections []ui.Choice
	States   []ui.Choice
	Pages    []pageLine
	MayEdit  bool
}

// A pageLine is a page as a list shows it.
type pageLine struct {
	Page
	Href, Section  string
	Tone, Standing string
	Late           bool
	Public         publish.State
}

var states = ui.Choices(Draft, "Draft", Published, "On the site", "waiting", "On the site, with newer words")

// csvRows is the most rows that a download carries.
const csvRows = 100_000

func (r *Room) list(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList("/work/sites", req.URL.Query(), "title", "section", "review", "-updated")
	list.One, list.Many = "page", "pages"
	today := r.Now.Today()
	f := pageFilter{Search: list.Value("q"), Section: list.Value("section"), State: list.Value("state"), Sort: list.Sort, Desc: list.Desc, Limit: int64(list.Size), Offset: int64(list.Offset())}
	if list.Value("due") == "yes" {
		f.DueBy = today.String()
	}
	download := list.Value("format") == "csv"
	if download {
		f.Limit, f.Offset = csvRows, 0
	}
	pages, err := listPages(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	unsettled, err := r.Outbox.Unsettled(req.Context(), kindPage)
	if err != nil {
		return err
	}
	if download {
		return pagesCSV(w, pages, unsettled)
	}
	n, err := countPages(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	list.Total = int(n)
	p := listPage{Base: web.Base(req, "Sites"), List: list, Sections: Sections(), States: states, MayEdit: web.PersonOf(req).May(access.SitesEdit)}
	for _, x := range pages {
		p.Pages = append(p.Pages, lineOf(x, today, unsettled[x.Slug]))
	}
	return web.Render(w, http.StatusOK, r.pages, "list", p)
}

func lineOf(p Page, today db.Date, public publish.State) pageLine {
	l := pageLine{Page: p, Href: "/work/sites/pages/" + p.Slug, Section: SectionWords(p.Section), Late: p.Due(today), Public: public}
	l.Tone, l.Standing = standing(p, public)
	return l
}

// OnSite reports whether the public can see the page, or might.
func (l pageLine) OnSite() bool {
	return l.State == Published || l.Public.Shown > 0 || l.Public.StillPublic()
}

// standing says in a tone and words how a page stands.
func standing(p Page, public publish.State) (tone, words string) {
	switch {
	case public.StillPublic():
		return "bad", "Still public"
	case public.Waiting() && public.Tries > 0:
		return "bad", "Could not be published"
	case public.Waiting():
		return "watch", "Waiting to be published"
	case p.State == Draft:
		return "quiet", "Draft"
	case p.Waiting():
		return "watch", "Newer words not on the site"
	}
	return "good", "On the site"
}

func pagesCSV(w http.ResponseWriter, pages []Page, unsettled map[string]publish.State) error {
	rows := make([][]string, len(pages))
	for i, p := range pages {
		_, words := standing(p, unsettled[p.Slug])
		rows[i] = []string{p.Title, p.Address(), SectionWords(p.Section), words, p.Owner, p.ReviewOn.String(), strconv.FormatInt(p.Version, 10), p.UpdatedAt.Format("2006-01-02"), p.UpdatedBy}
	}
	return web.CSV(w, "pages.csv", []string{"Title", "Address", "Section", "State", "Owner", "Review on", "Version", "Saved on", "Saved by"}, rows)
}

type showPage struct {
	ui.Base
	Line       pageLine
	Rows       []ui.Row
	Body       template.HTML
	Links      []Link
	Versions   []Version
	MayEdit    bool
	MayPublish bool
}

const versionsShown = 50

func (r *Room) show(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	versions, err := newestVersions(req.Context(), r.Work, p.Slug, versionsShown)
	if err != nil {
		return err
	}
	public, err := r.Outbox.State(req.Context(), kindPage, p.Slug)
	if err != nil {
		return err
	}
	broken := r.brokenLinks(req.Context(), p.Markdown)
	by := web.PersonOf(req)
	page := showPage{
		Base: crumbs(req, p.Title), Line: lineOf(p, r.Now.Today(), public), Body: Render(p.Markdown), Links: broken, Versions: versions,
		MayEdit: by.May(access.SitesEdit), MayPublish: by.May(access.SitesPublish),
	}
	page.Rows = []ui.Row{
		{Key: "On the public site", Value: public.Words()},
		{Key: "Address", Value: p.Address()}, {Key: "Section", Value: SectionWords(p.Section)}, {Key: "Listed on", Value: shelfWords(p.Shelves)},
		{Key: "Summary", Value: p.Summary}, {Key: "Owner", Value: orNone(p.Owner)}, {Key: "Review by", Value: orNone(p.ReviewOn.Words())},
	}
	return web.Render(w, http.StatusOK, r.pages, "show", page)
}

// crumbs gives the frame of a page of the desk.
func crumbs(req *http.Request, title string, between ...string) ui.Base {
	pairs := append([]string{"Sites", "/work/sites"}, between...)
	return web.Crumbs(web.Base(req, title), append(pairs, title, "")...)
}

// brokenLinks lists the links of a text that lead nowhere, by what was on the site
// when it was last seen: nothing is listed before that.
func (r *Room) brokenLinks(ctx context.Context, md string) []Link {
	f, err := r.lastFace(ctx)
	if err != nil {
		return nil
	}
	return CheckLinks(md, r.knows(f))
}

func shelfWords(shelves []string) string {
	var out string
	for i, s := range shelves {
		if i > 0 {
			out += ", "
		}
		out += choiceText(Shelves(), s)
	}
	return orNone(out)
}

func orNone(s string) string {
	if s == "" {
		return "None"
	}
	return s
}

// preview shows the newest words as the public would see them.
func (r *Room) preview(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	s := &shown{published: publishedOf(p, db.At(r.Now())), Address: p.Address()}
	page := f.articleOf(s)
	page.NoIndex, page.Preview = true, "/work/sites/pages/"+p.Slug
	return web.Render(w, http.StatusOK, r.pages, "article", page)
}

type confirmPage struct {
	ui.Base
	Line    pageLine
	Links   []Link
	Problem string
}

func (r *Room) confirmPublish(w http.ResponseWriter, req *http.Request) error {
	return r.confirm(w, req, "publish", "Publish this page?", http.StatusOK, "")
}

func (r *Room) confirmUnpublish(w http.ResponseWriter, req *http.Request) error {
	return r.confirm(w, req, "unpublish", "Take this page off the site?", http.StatusOK, "")
}

func (r *Room) confirm(w http.ResponseWriter, req *http.Request, name, title string, status int, problem string) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	public, err := r.Outbox.State(req.Context(), kindPage, p.Slug)
	if err != nil {
		return err
	}
	page := confirmPage{Base: crumbs(req, title, p.Title, "/work/sites/pages/"+p.Slug), Line: lineOf(p, r.Now.Today(), public),
		Links: r.brokenLinks(req.Context(), p.Markdown), Problem: problem}
	return web.Render(w, status, r.pages, name, page)
}

func (r *Room) publish(w http.ResponseWriter, req *http.Request) error {
	slug := req.PathValue("slug")
	if _, err := pageBySlug(req.Context(), r.Work, slug); err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	version, err := readVersion(form)
	if err != nil {
		return err
	}
	err = r.Publish(req.Context(), web.PersonOf(req), slug, version)
	switch {
	case errors.Is(err, ErrChanged):
		return r.confirm(w, req, "publish", "Publish this page?", http.StatusConflict, "The page was changed after you opened this. Look at the newest words, then publish them.")
	case errors.Is(err, publish.ErrBeingTaken):
		return r.confirm(w, req, "publish", "Publish this page?", http.StatusConflict, "The page is still being taken off the site. It can be published again once it is gone.")
	case errors.Is(err, ErrNothingToPublish):
		return web.SeeOther(w, req, "/work/sites/pages/"+slug, "These words are on the site already")
	case errors.Is(err, publish.ErrWaiting): // the page says so, in red
		return web.SeeOther(w, req, "/work/sites/pages/"+slug, "")
	case err != nil:
		return err
	}
	return web.SeeOther(w, req, "/work/sites/pages/"+slug, "The page is on the site")
}

func (r *Room) unpublish(w http.ResponseWriter, req *http.Request) error {
	slug := req.PathValue("slug")
	err := r.Unpublish(req.Context(), web.PersonOf(req), slug)
	switch {
	case errors.Is(err, ErrNotPublished):
		return web.SeeOther(w, req, "/work/sites/pages/"+slug, "The page was not on the site")
	case errors.Is(err, publish.ErrWaiting): // the page says so, in red
		return web.SeeOther(w, req, "/work/sites/pages/"+slug, "")
	case errors.Is(err, db.ErrNotFound):
		return err
	case err != nil:
		return errors.Join(stillPublic, err)
	}
	return web.SeeOther(w, req, "/work/sites/pages/"+slug, "The page is off the site. Its words are kept here.")
}

// stillPublic answers when the workspace could not even write down that a page is
// to be taken down.
var stillPublic = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "The page is still public",
	Words: "It could not be taken off the site, and nothing will try again by itself: the workspace’s records did not answer. Go back and try again. " +
		"If somebody is in danger because of what it says, ask whoever runs the server to stop the public site now."}

// pathVersion reads the version in an address.
func pathVersion(req *http.Request) (int64, error) {
	n, err := strconv.ParseInt(req.PathValue("version"), 10, 64)
	if err != nil {
		return 0, web.ErrNotFound
	}
	return n, nil
}

type versionPage struct {
	ui.Base
	Version Version
	Body    template.HTML
	Newest  bool
	MayEdit bool
}

func (r *Room) showVersion(w http.ResponseWriter, req *http.Request) error {
	n, err := pathVersion(req)
	if err != nil {
		return err
	}
	slug := req.PathValue("slug")
	p, err := pageBySlug(req.Context(), r.Work, slug)
	if err != nil {
		return err
	}
	v, err := versionOf(req.Context(), r.Work, slug, n)
	if err != nil {
		return err
	}
	page := versionPage{
		Base:    crumbs(req, fmt.Sprintf("Version %d", n), p.Title, "/work/sites/pages/"+slug),
		Version: v, Body: Render(v.Markdown), Newest: n == p.Version, MayEdit: web.PersonOf(req).May(access.SitesEdit),
	}
	return web.Render(w, http.StatusOK, r.pages, "version", page)
}

func (r *Room) restore(w http.ResponseWriter, req *http.Request) error {
	n, err := pathVersion(req)
	if err != nil {
		return err
	}
	slug := req.PathValue("slug")
	if err := r.Restore(req.Context(), web.PersonOf(req), slug, n); err != nil {
		if errors.Is(err, ErrChanged) {
			return web.Conflict("The page was changed meanwhile", "Somebody saved it as you did this. Go back and look at its newest version.")
		}
		return err
	}
	return web.SeeOther(w, req, "/work/sites/pages/"+slug, fmt.Sprintf("Version %d is now the newest version", n))
}
