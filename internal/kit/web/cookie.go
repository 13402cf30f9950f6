package web

import "net/http"

// A cookie of ours has, where the site is reached by TLS, a name by which a browser sets
// and sends it for this host alone and over TLS alone: no neighbour below the same domain
// can plant one. Over plain HTTP, as on the machine itself, no browser would take such a
// name, and it has the plain one.

// SetCookie gives the browser a cookie that no script can read. Its path is "/" unless it
// has one.
func SetCookie(w http.ResponseWriter, r *http.Request, c http.Cookie) {
	if c.Path == "" {
		c.Path = "/"
	}
	c.Secure, c.HttpOnly = secure(r), true
	c.Name = cookieName(r, c.Name, c.Path)
	if c.Secure { // a browser that has a secret of the site's goes there by TLS from the first byte
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	http.SetCookie(w, &c)
}

// DropCookie has the browser forget a cookie that was set with path "/".
func DropCookie(w http.ResponseWriter, r *http.Request, name string) {
	SetCookie(w, r, http.Cookie{Name: name, MaxAge: -1, SameSite: http.SameSiteLaxMode})
}

// Cookie gives the value of a cookie that SetCookie set with a path; "" for none.
func Cookie(r *http.Request, name, path string) string {
	c, err := r.Cookie(cookieName(r, name, path))
	if err != nil {
		return ""
	}
	return c.Value
}

func cookieName(r *http.Request, name, path string) string {
	switch {
	case !secure(r):
		return name
	case path == "/":
		return "__Host-" + name
	}
	return "__Secure-" + name
}

// secure reports whether the browser that asks reaches the site by TLS.
func secure(r *http.Request) bool {
	if x := exchangeOf(r); x.secure != nil {
		return x.secure()
	}
	return r.TLS != nil
}

// Direct reports whether a request was made on the machine itself and without a proxy, by
// its own name for itself: it is not encrypted, whatever the site's address says.
func Direct(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return loopback(hostname(r.Host)) && loopback(peer(r))
}
