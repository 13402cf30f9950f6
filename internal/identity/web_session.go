package identity

import (
	"net/http"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// cookieName is the cookie that holds a session's secret.
const cookieName = "kith_session"

// Person finds who made a request, for web.Mux: the zero Person when nobody is
// signed in or the session no longer counts.
func (r *Room) Person(req *http.Request) (web.Person, error) {
	secret := secretOf(req)
	if secret == "" {
		return web.Person{}, nil
	}
	ctx, now := req.Context(), r.Now()
	rows, err := lookUp(ctx, r.Work, hashed(secret), db.At(now), db.At(now.Add(-sessionIdle)))
	if err != nil || len(rows) == 0 {
		return web.Person{}, err
	}
	if now.Sub(rows[0].SeenAt.Time) >= seenEvery {
		if err := r.seen(ctx, secret, now); err != nil {
			return web.Person{}, err
		}
	}
	var held roles
	p, first := rows[0], ""
	for _, row := range rows {
		if row.GivenRow.Role != "" {
			held = append(held, row.given())
		}
		if row.Needs && p.Way != wayTwo && p.Way != wayDemo { // codes by e-mail are not enough for it
			first = secondPath
		}
	}
	by := held.person(web.Person{First: first, Proved: p.Way == wayDemo || now.Sub(p.ProvedAt.Time) < provedFor,
		ID: p.PersonID, Name: p.Name, Email: p.Email, Role: strings.Join(held.words(), ", "),
		OrganisationID: string(p.OrganisationID), Organisation: p.Organisation})
	if sharedMailbox(p.Email, p.Mailbox) {
		by.Permissions = ofMailbox(by.Permissions)
	}
	return by, nil
}

// secretOf reads the cookie; anything that is not the length of a secret is not
// looked up.
func secretOf(req *http.Request) string {
	secret := web.Cookie(req, cookieName, "/")
	if len(secret) != secretLength {
		return ""
	}
	return secret
}

const secretLength = 52

// setCookie gives the browser a session for as long as it is open: nothing stays
// on a shared machine.
func setCookie(w http.ResponseWriter, req *http.Request, secret string) {
	web.SetCookie(w, req, http.Cookie{Name: cookieName, Value: secret, SameSite: http.SameSiteLaxMode})
}

// forget has the browser let go of the session and of every page it keeps: on a shared
// machine nobody goes back to one. It is not told to clear all cookies, which would be
// those of every site below the same domain.
func forget(w http.ResponseWriter, req *http.Request) {
	web.DropCookie(w, req, cookieName)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// browserCookie is the cookie by which a browser is known again at the sign-in page. It
// opens nothing: guessing elsewhere does not slow whoever has it.
const browserCookie = "kith_browser"

// signInPath is where that cookie is sent, and nowhere else.
const signInPath = "/sign-in"

// visit is where a request signs in from. A browser that is not known gets a secret to
// be known by, which counts once somebody has signed in from it.
func (r *Room) visit(w http.ResponseWriter, req *http.Request) Visit {
	v := Visit{Address: r.Address(req), Browser: req.UserAgent(), Old: secretOf(req)}
	if known := web.Cookie(req, browserCookie, signInPath); len(known) == secretLength {
		v.Known = known
		return v
	}
	v.Known = ids.Secret()
	web.SetCookie(w, req, http.Cookie{Name: browserCookie, Value: v.Known, Path: signInPath,
		MaxAge: int(browserLife.Seconds()), SameSite: http.SameSiteLaxMode})
	return v
}
