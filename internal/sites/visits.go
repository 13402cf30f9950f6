package sites

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A visit is a page that a person opened from outside the site: by typing its
// address, from a bookmark, from a message, or by a link on another website.
// Going on to further pages of the same site is the same visit. Machines are left
// out: search engines and other programs by the name they give, and pages that a
// browser fetches in advance in case somebody opens them.
//
// Nothing is kept of the visitor: no cookie, no address, no browser name. What is
// stored is how many visits a site had on a day.

// MainSite is the site that every address belongs to until there are more.
const MainSite = "partnership"

// dayOfSite is what visits are counted by.
type dayOfSite struct {
	day  db.Date
	site string
}

// counter holds the visits not yet written down.
type counter struct {
	mu     sync.Mutex
	counts map[dayOfSite]int64
}

func (c *counter) add(k dayOfSite, n int64) {
	c.mu.Lock()
	c.counts[k] += n
	c.mu.Unlock()
}

func (c *counter) take() map[dayOfSite]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.counts
	c.counts = map[dayOfSite]int64{}
	return out
}

// IsVisit reports whether a request for a page begins a visit.
func IsVisit(r *http.Request) bool {
	h := r.Header
	if r.Method != http.MethodGet || prefetch(h) || isBot(h.Get("User-Agent")) {
		return false
	}
	if d := h.Get("Sec-Fetch-Dest"); d != "" && d != "document" {
		return false // a page inside another page, or not asked for by opening it
	}
	switch h.Get("Sec-Fetch-Site") {
	case "same-origin":
		return false
	case "none", "cross-site", "same-site":
		return true
	}
	return !sameHost(h.Get("Referer"), r.Host)
}

func prefetch(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		v := strings.ToLower(h.Get(name))
		if strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}

// bots are words in the names of programs that are not a person's browser.
var bots = []string{
	"bot", "crawl", "spider", "slurp", "archiver", "scrape", "fetch", "monitor", "uptime", "pingdom", "lighthouse",
	"headless", "preview",
	"facebookexternalhit", "embedly", "curl", "wget", "python", "java/", "go-http", "okhttp", "libwww", "httpclient",
	"phantomjs", "check", "scan",
}

// isBot goes by the name a program gives. Every browser that people use begins
// with Mozilla or Opera; a program that gives no such name is not one.
func isBot(agent string) bool {
	if !strings.HasPrefix(agent, "Mozilla/") && !strings.HasPrefix(agent, "Opera/") {
		return true
	}
	agent = strings.ReplaceAll(strings.ToLower(agent), "cubot", "") // a make of telephone
	for _, b := range bots {
		if strings.Contains(agent, b) {
			return true
		}
	}
	return false
}

func sameHost(referer, host string) bool {
	if referer == "" {
		return false
	}
	u, err := url.Parse(referer)
	return err == nil && strings.EqualFold(u.Host, host)
}

// CountVisit counts the request if it begins a visit. It is for the handlers of
// public pages, once they have answered with a page.
func (r *Room) CountVisit(req *http.Request) {
	if IsVisit(req) {
		r.visits.add(dayOfSite{r.Now.Today(), MainSite}, 1)
	}
}

// Counted gives routes of public pages whose visits count too: the pages of
// another room on the same site.
func (r *Room) Counted(routes ...web.Route) []web.Route {
	out := make([]web.Route, len(routes))
	for i, rt := range routes {
		inner := rt.Handle
		rt.Handle = func(w http.ResponseWriter, req *http.Request) error {
			answered := statusWriter{ResponseWriter: w}
			err := inner(&answered, req)
			if err == nil && answered.page() {
				r.CountVisit(req)
			}
			return err
		}
		out[i] = rt
	}
	return out
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// page reports whether the answer was a page, or that the browser has the page
// already.
func (w *statusWriter) page() bool {
	if w.status == http.StatusNotModified {
		return true
	}
	return (w.status == 0 || w.status == http.StatusOK) && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html")
}
