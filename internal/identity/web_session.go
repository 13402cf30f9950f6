package identity

import (
	"cmp"
	"net/http"
	"strings"

	"kith/internal/access"
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
	var held []string
	for _, row := range rows {
		held = append(held, row.Role)
	}
	p := rows[0]
	return web.Person{ID: p.PersonID, Name: p.Name, Email: p.Email, Role: strings.Join(titlesOf(held), ", "),
		OrganisationID: string(p.OrganisationID), Organisation: p.Organisation, Permissions: access.Of(held...)}, nil
}

// secretOf reads the cookie; anything that is not the length of a secret is not
// looked up.
func secretOf(req *http.Request) string {
	c, err := req.Cookie(cookieName)
	if err != nil || len(c.Value) != secretLength {
		return ""
	}
	return c.Value
}

const secretLength = 52

// setCookie gives the browser a session for as long as it is open: nothing stays
// on a shared machine.
func (r *Room) setCookie(w http.ResponseWriter, req *http.Request, secret string) error {
	return r.cookie(w, req, &http.Cookie{Value: secret})
}

func (r *Room) dropCookie(w http.ResponseWriter, req *http.Request) error {
	return r.cookie(w, req, &http.Cookie{MaxAge: -1})
}

func (r *Room) cookie(w http.ResponseWriter, req *http.Request, c *http.Cookie) error {
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	c.Name, c.Path, c.HttpOnly, c.SameSite = cmp.Or(c.Name, cookieName), cmp.Or(c.Path, "/"), true, http.SameSiteLaxMode
	c.Secure = req.TLS != nil || site.Secure() && !r.Demo
	http.SetCookie(w, c)
	return nil
}

// browserCookie is the cookie by which a browser is known again at the sign-in page. It
// opens nothing: guessing elsewhere does not slow whoever has it.
const browserCookie = "kith_browser"

// visit is where a request signs in from. A browser that is not known gets a secret to
// be known by, which counts once somebody has signed in from it.
func (r *Room) visit(w http.ResponseWriter, req *http.Request) (Visit, error) {
	v := Visit{Address: r.Address(req), Browser: req.UserAgent(), Old: secretOf(req)}
	if c, err := req.Cookie(browserCookie); err == nil && len(c.Value) == secretLength {
		v.Known = c.Value
		return v, nil
	}
	v.Known = ids.Secret()
	return v, r.cookie(w, req, &http.Cookie{Name: browserCookie, Value: v.Known, Path: "/sign-in",
		MaxAge: int(browserLife.Seconds())})
}
