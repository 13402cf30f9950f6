package reviews

import (
	"net/http"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// readReview reads the form of a review; what is wrong with the review as a whole
// is for the action to say. was is the review as it is kept; one that is new has nothing.
func (r *Room) readReview(req *http.Request, f *web.Form, was Review) (Review, error) {
	v := Review{
		ID:              was.ID,
		Reference:       f.Text("reference", "", 120),
		Kind:            Kind(f.Value("kind")),
		PublicationHref: f.Link("publication"),
		BriefingHref:    f.Link("briefing"),
		Themes:          f.Lines("themes", 2000),
	}
	for _, s := range steps {
		*s.date(&v) = f.Date(s.ID, "")
	}
	by, err := register.PickOrganisation(req.Context(), r.Work, web.PersonOf(req), f, "commissioner", "",
		string(was.CommissionerID))
	v.CommissionerID, v.Commissioner = db.Opt(by.ID), by.Name
	return v, err
}

// fillReview fills the form with a review that is there.
func fillReview(v Review) *web.Form {
	f := web.NewForm("reference", v.Reference, "kind", string(v.Kind),
		"publication", v.PublicationHref, "briefing", v.BriefingHref, "themes", strings.Join(v.Themes, "\n"))
	f.Choose("commissioner", string(v.CommissionerID), v.Commissioner)
	for _, s := range steps {
		f.SetDate(s.ID, s.On(v))
	}
	return f
}
