package reviews

import (
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
		PublicationHref: f.Link("publication"),
		BriefingHref:    f.Link("briefing"),
		Themes:          f.Lines("themes", 2000),
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
