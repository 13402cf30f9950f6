package leaflets

import (
	"net/http"
	"strconv"

	"kith/internal/kit/web"
	"kith/internal/register"
)

// readLeaflet reads the form of a leaflet that was, or is new. What is wrong with the
// leaflet as a whole stands on the form beside what could not be read, so that the
// person meets every problem at once.
func (r *Room) readLeaflet(req *http.Request, f *web.Form, was Leaflet) (Leaflet, error) {
	l := Leaflet{
		ID:       was.ID,
		Title:    f.Text("title", "", 200),
		Audience: f.Text("audience", "", 200),
		InStock:  int64(f.Int("stock", "Enter how many are in stock, 0 or more", 0, 1_000_000)),
		ReviewOn: f.Date("review", ""),
	}
	owner, err := register.PickPerson(req.Context(), r.Work, web.PersonOf(req), f, "owner", "", was.OwnerID)
	if err != nil {
		return l, err
	}
	l.OwnerID = owner.ID
	for _, p := range l.problems() {
		f.Add(p.Field, p.Text)
	}
	return l, nil
}

// fillLeaflet fills the form with a leaflet that is there.
func fillLeaflet(l Leaflet) *web.Form {
	f := web.NewForm("title", l.Title, "audience", l.Audience, "stock", strconv.FormatInt(l.InStock, 10))
	f.SetDate("review", l.ReviewOn)
	f.Choose("owner", l.OwnerID, register.PersonWords(l.Owner, l.OwnerEmail))
	return f
}
