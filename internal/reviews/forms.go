package reviews

import (
	"net/url"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// readReview reads the form of a review; what is wrong with the review as a whole
// is for the action to say.
func readReview(f *web.Form) Review {
	v := Review{
		Reference:       f.Text("reference", "", 120),
		Kind:            Kind(f.Value("kind")),
		CommissionerID:  db.Opt(f.Text("commissioner", "", 40)),
		PublicationHref: readLink(f, "publication"),
		BriefingHref:    readLink(f, "briefing"),
		Themes:          readLines(f, "themes"),
	}
	for _, s := range steps {
		*s.date(&v) = f.Date(s.ID, "")
	}
	return v
}

// fillReview fills the form with a review that is there.
func fillReview(v Review) *web.Form {
	f := web.NewForm("reference", v.Reference, "kind", string(v.Kind), "commissioner", string(v.CommissionerID),
		"publication", v.PublicationHref, "briefing", v.BriefingHref, "themes", strings.Join(v.Themes, "\n"))
	for _, s := range steps {
		f.SetDate(s.ID, s.On(v))
	}
	return f
}

// readLink reads an address, of this site or another.
func readLink(f *web.Form, name string) string {
	s := f.Text(name, "", 500)
	u, err := url.Parse(s)
	local := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/")
	there := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	if s != "" && !local && !there {
		f.Add(name, "Enter an address that begins with https:// or, on this site, with /")
	}
	return s
}

// readLines reads a field of one thing a line, without empty lines.
func readLines(f *web.Form, name string) []string {
	var out []string
	for line := range strings.Lines(f.Text(name, "", 2000)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
