package web

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// SameSite refuses forms that another site makes a browser post, by the browser's own
// word for where the request comes from. One that gives no such word is refused too:
// every browser of the last years gives it, so what is left is old or no browser.
func SameSite(h http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(plainly(http.StatusForbidden,
		"This form came from another website, so it was not accepted. Open the page here and send it again."))
	silent := plainly(http.StatusForbidden, "Your browser does not say which website this form came from, so it was not "+
		"accepted. Use an up-to-date version of Chrome, Edge, Firefox or Safari.")
	next := p.Handler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		if !reads && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			silent(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plainly answers in words where there is no page to answer with.
func plainly(status int, words string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, words, status) }
}

// Hosts refuses requests for a host that is not this site's: what others may be told of
// the site is never what a request says it is. site gives the address in force, "" while
// none is set, when any host is answered; also are further hosts, without a port. A
// request that comes from the machine itself may call it by its own name, such as
// 127.0.0.1.
func Hosts(site func(*http.Request) string, also []string, h http.Handler) http.Handler {
	refused := plainly(http.StatusMisdirectedRequest, "Nothing is here under this name. Check the address. "+
		"If you look after this site: it answers under the address in its settings, and under the names that it was "+
		"started with.")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Answers(r, site(r), also) {
			h.ServeHTTP(w, r)
			return
		}
		refused(w, r)
	})
}

// Answers reports whether the host of a request is one that a site with an address answers
// under: see Hosts.
func Answers(r *http.Request, address string, also []string) bool {
	at, err := url.Parse(address)
	known := err != nil || at.Host == ""
	host := hostname(r.Host)
	return known || strings.EqualFold(host, at.Hostname()) || slices.ContainsFunc(also, func(name string) bool {
		return strings.EqualFold(name, host)
	}) || loopback(host) && loopback(peer(r))
}

// hostname is a host without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.Trim(host, "[]"), ".")
}

// loopback reports whether a name or address is the machine's own.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
