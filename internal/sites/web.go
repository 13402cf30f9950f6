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
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var templates embed.FS

const root = "/work/sites"

func href(slug string) string { return root + "/pages/" + slug }

// Routes lists the desk's pages. PublicRoutes has the others.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/sites", Permission: access.SitesRead, Handle: r.listPages},
		{Pattern: "GET /work/sites/new", Permission: access.SitesEdit, Handle: r.newPage},
		{Pattern: "POST /work/sites/new", Permission: access.SitesEdit, Handle: r.addPage,
			Many: []string{"shelves"}},
		{Pattern: "GET /work/sites/pages/{slug}", Permission: access.SitesRead, Handle: r.showPage},
		{Pattern: "GET /work/sites/pages/{slug}/preview", Permission: access.SitesRead, Handle: r.previewPage},
		{Pattern: "GET /work/sites/pages/{slug}/edit", Permission: access.SitesEdit, Handle: r.editPage},
		{Pattern: "POST /work/sites/pages/{slug}/edit", Permission: access.SitesEdit, Handle: r.savePage,
			Many: []string{"shelves"}},
		{Pattern: "GET /work/sites/pages/{slug}/versions/{version}", Permission: access.SitesRead, Handle: r.showVersion},
		{Pattern: "POST /work/sites/pages/{slug}/versions/{version}/restore", Permission: access.SitesEdit,
			Handle: r.restoreVersion, Adds: true},
		{Pattern: "GET /work/sites/pages/{slug}/publish", Permission: access.SitesPublish, Handle: r.confirmPublishPage},
		{Pattern: "POST /work/sites/pages/{slug}/publish", Permission: access.SitesPublish, Handle: r.publishPage},
		{Pattern: "GET /work/sites/pages/{slug}/unpublish", Permission: access.SitesPublish, Handle: r.confirmUnpublishPage},
		{Pattern: "POST /work/sites/pages/{slug}/unpublish", Permission: access.SitesPublish, Handle: r.unpublishPage},
		{Pattern: "GET /work/sites/frame", Permission: access.SitesRead, Handle: r.showFrame},
		{Pattern: "POST /work/sites/frame/publish", Permission: access.SitesPublish, Handle: r.publishFrame},
		{Pattern: "GET /work/sites/statutory", Permission: access.SitesRead, Handle: r.listStatutory},
		{Pattern: "GET /work/sites/facts/edit", Permission: access.SitesEdit, Handle: r.editFacts},
		{Pattern: "POST /work/sites/facts/edit", Permission: access.SitesEdit, Handle: r.saveFacts},
		{Pattern: "GET /work/sites/shut", Permission: access.SettingsManage, Handle: r.confirmShutSite},
		{Pattern: "POST /work/sites/shut", Permission: access.SettingsManage, Handle: r.shutSite},
		{Pattern: "GET /work/sites/open", Permission: access.SettingsManage, Handle: r.confirmOpenSite},
		{Pattern: "POST /work/sites/open", Permission: access.SettingsManage, Handle: r.openSite},
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

// tabs are the pages of the desk.
var tabs = []web.Tab{
	{Text: "Pages", Href: root, Permission: access.SitesRead},
	{Text: "Visits", Href: root + "/visits", Permission: access.SitesRead},
	{Text: "Name, contacts and structure", Href: root + "/frame", Permission: access.SitesRead},
	{Text: "Pages the law asks for", Href: root + "/statutory", Permission: access.SitesRead},
}

func (r *Room) listPages(w http.ResponseWriter, req *http.Request) error {
	by := web.PersonOf(req)
	list := ui.ReadList(root, req.URL.Query(), "title", "section", "review", "-updated")
	list.One, list.Many = "page", "pages"
	today := r.Now.Today()
	f := pageFilter{Search: list.Value("q"), Section: list.Value("section"), State: list.Value("state"), Sort: list.Sort,
		Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	if list.Value("due") == "yes" {
		f.DueBy = today.String()
	}
	pages, err := listPages(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	unsettled, err := r.Outbox.Unsettled(req.Context(), kindPage)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return pagesCSV(w, pages, unsettled)
	}
	n, err := countPages(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	list.Total = int(n)
	p := listPage{Base: web.Tabs(web.Base(req, "Sites"), by, tabs), List: list, Sections: Sections(), States: states,
		MayEdit: by.May(access.SitesEdit)}
	for _, x := range pages {
		p.Pages = append(p.Pages, lineOf(x, today, unsettled[x.Slug]))
	}
	return web.Render(w, http.StatusOK, r.pages, "list", p)
}

func lineOf(p Page, today db.Date, public publish.State) pageLine {
	l := pageLine{Page: p, Href: href(p.Slug), Section: SectionWords(p.Section), Late: p.Due(today), Public: public}
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
		rows[i] = []string{p.Title, p.Address(), SectionWords(p.Section), words, p.Owner, p.ReviewOn.String(),
			strconv.FormatInt(p.Version, 10), p.UpdatedAt.Format("2006-01-02"), p.UpdatedBy}
	}
	return web.CSV(w, "pages.csv", []string{"Title", "Address", "Section", "State", "Owner", "Review on", "Version",
		"Saved on", "Saved by"}, rows)
}

type showPage struct {
	ui.Base
	Line       pageLine
	Rows       []ui.Row
	Body       template.HTML
	Links      []Link
	Versions   []Version
	History    []audittrail.Entry
	MayEdit    bool
	MayPublish bool
}

const versionsShown = 50

func (r *Room) showPage(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	versions, err := newestVersions(req.Context(), r.Work, p.Slug, versionsShown)
	if err != nil {
		return err
	}
	history, err := audittrail.Of(req.Context(), r.Work, subject, p.Slug)
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
		Base: crumbs(req, p.Title), Line: lineOf(p, r.Now.Today(), public), Body: Render(p.Markdown), Links: broken,
		Versions: versions, History: history,
		MayEdit: pageRules.May(by, access.Change, p.of()), MayPublish: pageRules.May(by, publishDo, p.of()),
	}
	page.Rows = []ui.Row{
		{Key: "On the public site", Value: public.Words()},
		{Key: "Published by", Value: orNone(publishedBy(history))},
		{Key: "Leaving quickly", Value: leavingNow(p)},
		{Key: "Address", Value: addressNow(p)}, {Key: "Section", Value: SectionWords(p.Section)},
		{Key: "Listed on", Value: shelfWords(p.Shelves)},
		{Key: "Summary", Value: p.Summary}, {Key: "Owner", Value: orNone(p.Owner)},
		{Key: "Review by", Value: orNone(p.ReviewOn.Words())},
	}
	return web.Render(w, http.StatusOK, r.pages, "show", page)
}

// publishedBy says who had a page put on the site last, and when.
func publishedBy(history []audittrail.Entry) string {
	for _, e := range history { // newest first
		if e.Act == "published" {
			return e.Person + ", " + lang.DateTime(e.At.Time)
		}
	}
	return ""
}

// addressNow says where a page stands on the public site, and how links name it where that
// is something else.
func addressNow(p Page) string {
	if at := p.PublicAddress(); at != p.Address() {
		return at + ", which says nothing in a browser’s history. Links name it " + p.Address()
	}
	return p.Address()
}

// leavingNow says whether the public can leave a page quickly.
func leavingNow(p Page) string {
	if Risky(p.Section, p.Slug, p.Words) {
		return "Has “Leave this page”"
	}
	return "Has no “Leave this page”"
}

// crumbs gives the frame of a page of the desk.
func crumbs(req *http.Request, title string, between ...string) ui.Base {
	pairs := append([]string{"Sites", root}, between...)
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
func (r *Room) previewPage(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	s := &shownPage{publishedPage: publishedOf(p, db.At(r.Now())), Address: p.Address()}
	if r.Partnership != nil { // with the facts as they are now
		profile, err := r.profile(req.Context())
		if err != nil {
			return err
		}
		s.Body = fill(s.Body, profile)
	}
	page := f.articleOf(s)
	page.NoIndex, page.Preview = true, href(p.Slug)
	return web.Render(w, http.StatusOK, r.pages, "article", page)
}

// A decisionPage asks before a page is published or taken off the site.
type decisionPage struct {
	ui.FormPage
	Line  pageLine
	Links []Link
	From  []ui.NavItem // where the public finds links to a page that is to go
}

// decision shows the page of a decision, with why it could not be carried out.
func (r *Room) decision(w http.ResponseWriter, req *http.Request, name, title string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
		if err != nil {
			return err
		}
		public, err := r.Outbox.State(req.Context(), kindPage, p.Slug)
		if err != nil {
			return err
		}
		var from []ui.NavItem
		if name == "unpublish" {
			if from, err = r.linkedFrom(req.Context(), p); err != nil {
				return err
			}
		}
		at := href(p.Slug)
		return web.Render(w, status, r.pages, name, decisionPage{From: from,
			FormPage: ui.FormPage{Base: crumbs(req, title, p.Title, at), Form: f, Cancel: at},
			Line:     lineOf(p, r.Now.Today(), public), Links: r.brokenLinks(req.Context(), p.Markdown)})
	}
}

func (r *Room) confirmPublishPage(w http.ResponseWriter, req *http.Request) error {
	return r.decision(w, req, "publish", "Publish this page?")(http.StatusOK, nil)
}

func (r *Room) publishPage(w http.ResponseWriter, req *http.Request) error {
	slug := req.PathValue("slug")
	if _, err := pageBySlug(req.Context(), r.Work, slug); err != nil {
		return err
	}
	return web.Submit(w, req, r.decision(w, req, "publish", "Publish this page?"), func(f *web.Form) (web.Done, error) {
		version, err := strconv.ParseInt(f.Value("version"), 10, 64)
		if err != nil {
			return web.Done{}, web.BadRequest(
				"The form does not say which version of the page it is about. Open the page again.")
		}
		done := web.Done{To: href(slug), Words: "The page is on the site"}
		err = r.PublishPage(req.Context(), web.PersonOf(req), slug, version)
		switch {
		case errors.Is(err, ErrChanged):
			return done, &ui.Taken{Text: "The page was changed after you opened this. Look at the newest words, then publish " +
				"them."}
		case errors.Is(err, publish.ErrBeingTaken):
			return done, &ui.Taken{Text: "The page is still being taken off the site. It can be published again once it is " +
				"gone."}
		case errors.Is(err, ErrNothingToPublish):
			return web.Done{To: done.To, Words: "These words are on the site already"}, nil
		case errors.Is(err, publish.ErrWaiting): // the page says so, in red
			return web.Done{To: done.To}, nil
		}
		return done, err
	})
}

func (r *Room) confirmUnpublishPage(w http.ResponseWriter, req *http.Request) error {
	return r.decision(w, req, "unpublish", "Take this page off the site?")(http.StatusOK, nil)
}

func (r *Room) unpublishPage(w http.ResponseWriter, req *http.Request) error {
	slug := req.PathValue("slug")
	err := r.UnpublishPage(req.Context(), web.PersonOf(req), slug)
	switch {
	case errors.Is(err, ErrNotPublished):
		return web.SeeOther(w, req, href(slug), "The page was not on the site")
	case errors.Is(err, publish.ErrWaiting): // the page says so, in red
		return web.SeeOther(w, req, href(slug), "")
	case errors.Is(err, db.ErrNotFound):
		return err
	case err != nil:
		return errors.Join(stillPublic, err)
	}
	return web.SeeOther(w, req, href(slug), "The page is off the site. Its words are kept here.")
}

// stillPublic answers when the workspace could not even write down that a page is
// to be taken down.
var stillPublic = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "The page is still public",
	Words: "It could not be taken off the site, and nothing will try again by itself: the workspace’s records did not " +
		"answer. Go back and try again. " +
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
	Restore string // where it is brought back
	Form    ui.Form
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
		Base:    crumbs(req, fmt.Sprintf("Version %d", n), p.Title, href(slug)),
		Version: v, Body: Render(v.Markdown), Newest: n == p.Version, MayEdit: web.PersonOf(req).May(access.SitesEdit),
		Restore: fmt.Sprintf("%s/versions/%d/restore", href(slug), n), Form: web.NewRecord(),
	}
	return web.Render(w, http.StatusOK, r.pages, "version", page)
}

func (r *Room) restoreVersion(w http.ResponseWriter, req *http.Request) error {
	n, err := pathVersion(req)
	if err != nil {
		return err
	}
	slug := req.PathValue("slug")
	return web.Press(w, req, func(*web.Form) (web.Done, error) {
		err := r.RestoreVersion(req.Context(), web.PersonOf(req), slug, n)
		return web.Done{To: href(slug), Words: fmt.Sprintf("Version %d is now the newest version", n)}, err
	})
}
