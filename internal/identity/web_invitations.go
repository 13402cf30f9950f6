package identity

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages print invitations, list and withdraw them, and let in who was handed one.

const invitationsPath = "/work/invitations"

// joinPath is the address on the paper: short, since it is typed. The code may follow it.
const joinPath = "/sign-in/join"

func (r *Room) invitationRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/people/{id}/invite", Permission: access.PeopleManage, Handle: r.confirmInvitePerson},
		{Pattern: "POST /work/people/{id}/invite", Permission: access.PeopleManage, Handle: r.invitePerson, Adds: true,
			Confirm: web.Always},
		{Pattern: "GET /work/invitations", Permission: access.PeopleManage, Handle: r.listInvitations},
		{Pattern: "GET /work/invitations/{id}/withdraw", Permission: access.PeopleManage,
			Handle: r.confirmWithdrawInvitation},
		{Pattern: "POST /work/invitations/{id}/withdraw", Permission: access.PeopleManage, Handle: r.withdrawInvitation},

		{Pattern: "GET /sign-in/join", Permission: web.Anyone, Handle: r.showJoin},
		{Pattern: "POST /sign-in/join", Permission: web.Anyone, Handle: r.join},
		{Pattern: "GET /sign-in/join/{secret}", Permission: web.Anyone, Handle: r.showInvited},
		{Pattern: "POST /sign-in/join/{secret}", Permission: web.Anyone, Handle: r.useInvitation},
	}
}

type inviteFormPage struct {
	ui.FormPage
	Subject Person
	Opens   []access.Role
	Held    string // their ids
	Until   string
	Waiting bool // one that this takes the place of
}

func (r *Room) inviteForm(w http.ResponseWriter, req *http.Request, p Person) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		ctx := req.Context()
		held, err := rolesOf(ctx, r.Work, p.ID)
		if err != nil {
			return err
		}
		if err := r.invitable(ctx, r.Work, web.PersonOf(req), p, held); err != nil {
			return err
		}
		now := r.Now()
		waiting, err := invitationsOf(ctx, r.Work, p.ID, db.At(now))
		if err != nil {
			return err
		}
		page := inviteFormPage{Subject: p, Held: strings.Join(held.ids(), ","), Waiting: len(waiting) > 0,
			Until: lang.Date(lang.London(now.Add(inviteLife))),
			FormPage: ui.FormPage{Base: base(req, "Print an invitation for "+p.Name, p.Name, href(p.ID), "Invitation", ""),
				Form: f, Cancel: href(p.ID)}}
		if page.Opens, err = r.opened(ctx, held.ids()); err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "invite-form", page)
	}
}

func (r *Room) confirmInvitePerson(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.inviteForm(w, req, p)(http.StatusOK, web.NewRecord("hands", web.PersonOf(req).Name))
}

type invitationPage struct {
	ui.Base
	Invitation Invitation
	Opens      []access.Role
	Address    string // to type
	Code       string // in groups of four
	From       string // the partnership
	Done       string // where to go on
}

// invitePerson answers with the sheet, which is shown this once. The same form sent again
// prints no other.
func (r *Room) invitePerson(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	p, err := personByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	show := r.inviteForm(w, req, p)
	var code string
	var i Invitation
	done, err := web.KeepOnce(req, f, func(f *web.Form) (web.Done, error) {
		hands := f.Text("hands", "Enter who hands it over", 200)
		if !f.OK() {
			return web.Done{}, nil
		}
		var err error
		code, i, err = r.Invite(ctx, web.PersonOf(req), p.ID, hands, strings.Split(f.Value("opens"), ","))
		return web.Done{To: href(p.ID), Words: "That invitation was shown already, once. Print another if it is lost: " +
			"the one before stops working."}, err
	})
	if status := f.Refuse(err); status != 0 {
		return show(status, f)
	}
	switch {
	case err != nil:
		return err
	case !f.OK():
		return show(http.StatusUnprocessableEntity, f)
	case code == "":
		return web.SeeOther(w, req, done.To, done.Words)
	}
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return err
	}
	page := invitationPage{Invitation: i, Address: strings.TrimPrefix(site.Link(joinPath), "https://"),
		Code: groupsOfFour(code), From: sender(site.Name), Done: href(p.ID),
		Base: base(req, "Invitation for "+p.Name, p.Name, href(p.ID), "Invitation", "")}
	if page.Opens, err = r.opened(ctx, i.given()); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "invitation", page)
}

// opened gives the roles that an invitation opens, each with the organisation that it is for.
func (r *Room) opened(ctx context.Context, given []string) ([]access.Role, error) {
	known, err := readCatalogue(ctx, r.Work)
	var out []access.Role
	for _, s := range given {
		id, organisation := access.ParseGiven(s)
		if ro, ok := known.role(id); ok {
			ro.Title = titleFor(ro, known.organisations[organisation])
			out = append(out, ro)
		}
	}
	return out, err
}

// groupsOfFour writes a code of 16 as people type it from paper.
func groupsOfFour(code string) string {
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
}

type invitationsPage struct {
	ui.Base
	List        ui.List
	Invitations []Invitation
	CameBack    mail.Back // from addresses of the list
}

func (r *Room) listInvitations(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(invitationsPath, req.URL.Query())
	list.One, list.Many = "invitation", "invitations"
	page := invitationsPage{Base: base(req, "Invitations", "Invitations", "")}
	var err error
	page.Invitations, list.Total, err = invitations(req.Context(), r.Work, list.Value("q"), list.Size, list.Offset())
	if err != nil {
		return err
	}
	known, err := readCatalogue(req.Context(), r.Work)
	if err != nil {
		return err
	}
	for i := range page.Invitations {
		x := &page.Invitations[i]
		x.now, x.opens = r.Now(), lang.Join(known.titles(x.given()))
		if !x.Works() {
			continue
		}
		held, err := rolesOf(req.Context(), r.Work, x.PersonID)
		if err != nil {
			return err
		}
		x.gained = x.outgrown(held)
	}
	var addresses []string
	for _, x := range page.Invitations {
		addresses = append(addresses, x.Email)
	}
	if page.CameBack, err = mail.ReturnedOf(req.Context(), r.Work, addresses...); err != nil {
		return err
	}
	page.List = list
	return web.Render(w, http.StatusOK, r.pages, "invitations", page)
}

func (r *Room) confirmWithdrawInvitation(w http.ResponseWriter, req *http.Request) error {
	i, err := invitationByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	if i.now = r.Now(); !i.Works() {
		return ErrInviteEnded
	}
	b := base(req, "Withdraw the invitation of "+i.Person+"?", "Invitations", invitationsPath, "Withdraw", "")
	return web.Confirm(w, req, nil, b, "Withdraw it", invitationsPath,
		"The code on the paper that "+i.Hands+" hands over stops working at once. Their account stays as it is.")
}

func (r *Room) withdrawInvitation(w http.ResponseWriter, req *http.Request) error {
	if err := r.WithdrawInvitation(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, invitationsPath, "Withdrawn. The code on that paper works no more.")
}

type joinPage struct {
	ui.Base
	Form ui.Form
}

func (r *Room) showJoin(w http.ResponseWriter, req *http.Request) error {
	return web.Render(w, http.StatusOK, r.pages, "join", joinPage{Base: plain(req, "You were invited")})
}

func (r *Room) join(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	code := cleanCode(f.Text("code", "Enter the code on your invitation", 100))
	f.Set("code", "")
	status := http.StatusUnprocessableEntity
	if f.OK() {
		_, err := r.Invited(req.Context(), code, Visit{Address: r.Address(req)})
		switch {
		case err == nil:
			return web.SeeOther(w, req, joinPath+"/"+url.PathEscape(code), "")
		case errors.Is(err, ErrBusy):
			return errCrowded
		case !errors.Is(err, ErrInviteCode):
			return err
		}
		f.Add("code", "This code opens nothing: check each sign of it. It works once, for seven days; if it was used or is "+
			"too old, ask for another")
	}
	return web.Render(w, status, r.pages, "join", joinPage{Base: plain(req, "You were invited"), Form: f})
}

func (r *Room) showInvited(w http.ResponseWriter, req *http.Request) error {
	return r.renderInvited(w, req, http.StatusOK, nil, func(Invitation) error { return nil })
}

// renderInvited shows the page on which somebody chooses their password, unless keep has done it.
func (r *Room) renderInvited(w http.ResponseWriter, req *http.Request, status int, f *web.Form,
	keep func(Invitation) error) error {
	i, err := r.Invited(req.Context(), req.PathValue("secret"), Visit{Address: r.Address(req)})
	if errors.Is(err, ErrInviteCode) {
		return ErrInviteSpent
	} else if errors.Is(err, ErrBusy) {
		return errCrowded
	} else if err != nil {
		return err
	}
	if err := keep(i); err != nil {
		return err
	}
	if f != nil && f.OK() {
		return web.SeeOther(w, req, signInPath, "Your password is set. Sign in with it.")
	}
	return web.Render(w, status, r.pages, "set-password", setPasswordPage{Base: plain(req, "Choose your password"),
		Form: f, Name: i.Person, Email: i.Email})
}

func (r *Room) useInvitation(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	return r.renderInvited(w, req, http.StatusUnprocessableEntity, f, func(i Invitation) error {
		password, err := r.readPassword(req.Context(), f, "password", Person{Name: i.Person, Email: i.Email})
		if err != nil || !f.OK() {
			return err
		}
		err = r.UseInvitation(req.Context(), req.PathValue("secret"), password)
		if errors.Is(err, ErrInviteCode) || errors.Is(err, db.ErrNotFound) {
			return ErrInviteSpent
		}
		return err
	})
}
