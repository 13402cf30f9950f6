package identity

import (
	"net"
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
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
	c.Name, c.Path, c.HttpOnly, c.SameSite = cookieName, "/", true, http.SameSiteLaxMode
	c.Secure = req.TLS != nil || site.Secure() && !r.Demo
	http.SetCookie(w, c)
	return nil
}

// visit is where a request signs in from.
func (r *Room) visit(req *http.Request) Visit {
	return Visit{Address: r.Address(req), Browser: req.UserAgent(), Old: secretOf(req)}
}

func remoteAddress(req *http.Request) string {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return req.RemoteAddr
	}
	return host
}
