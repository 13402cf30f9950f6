package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kith/internal/annual"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/sites"
	"kith/internal/training"
)

// This file hands rooms to each other: each type here is one room, in the shape
// in which another asked for it.

type fsys = fs.FS

// peopleOf is identity, for partnership and training. The room is made after
// they are, so it is looked up when it is used.
type peopleOf struct{ a *App }

func (p *peopleOf) MoveOrganisation(ctx context.Context, q db.Q, by web.Person, from, to string) (int64, error) {
	return p.a.Identity.MoveOrganisation(ctx, q, by, from, to)
}

func (p *peopleOf) TellOfAddress(ctx context.Context, q db.Q, by web.Person, was, now string) error {
	return p.a.Identity.TellOfAddress(ctx, q, by, was, now)
}

func (p *peopleOf) AskWebsite(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	return p.a.Identity.AskWebsite(ctx, q, by, address, reason)
}

func (p *peopleOf) NeedsSecond(ctx context.Context, by web.Person) (bool, error) {
	return p.a.Identity.NeedsSecond(ctx, by)
}

func (p *peopleOf) TellOfFrom(ctx context.Context, q db.Q, by web.Person, was, now string) error {
	return p.a.Identity.TellOfFrom(ctx, q, by, was, now)
}

func (p *peopleOf) AskFrom(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	return p.a.Identity.AskFrom(ctx, q, by, address, reason)
}

func (p *peopleOf) WaitingFrom(ctx context.Context) (ui.NavItem, error) {
	return p.a.Identity.WaitingFrom(ctx)
}

// sendingOf is letters, for identity, which is made before it.
type sendingOf struct{ a *App }

func (s sendingOf) UseAsked(ctx context.Context, q db.Q, by web.Person, requestID, act, reason string) error {
	return s.a.Letters.UseAsked(ctx, q, by, requestID, act, reason)
}

func (s sendingOf) AskedWords(ctx context.Context, q db.Reader, requestID string) ([]string, error) {
	return s.a.Letters.AskedWords(ctx, q, requestID)
}

func (s sendingOf) ForgetAsked(ctx context.Context, q db.Q) error {
	return s.a.Letters.ForgetAsked(ctx, q)
}

func (p *peopleOf) WaitingWebsite(ctx context.Context) (ui.NavItem, error) {
	return p.a.Identity.WaitingWebsite(ctx)
}

func (p *peopleOf) Ensure(ctx context.Context, q db.Q, name, email, jobTitle, organisationID string) (string, bool,
	error) {
	return p.a.Identity.Ensure(ctx, q, identity.EnsurePerson{Name: name, Email: email, JobTitle: jobTitle,
		OrganisationID: organisationID})
}

// holdings lists what hangs on a person in every room, for handing over when they leave.
func (a *App) holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	var out []web.Holding
	for _, of := range []func(context.Context, db.Reader, string) ([]web.Holding, error){
		a.Plan.Holdings, a.Audits.Holdings, a.Training.Holdings, a.Sites.Holdings, a.Partnership.Holdings,
		a.Annual.Holdings,
	} {
		list, err := of(ctx, q, personID)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// trainingGuests is identity, for the pages of training that need no account.
type trainingGuests struct{ a *App }

func (g trainingGuests) Guest(req *http.Request) (string, error) {
	return g.a.Identity.Codes.Guest(req, training.GuestPurpose)
}

func (g trainingGuests) Door() string { return g.a.Identity.Codes.Door(training.GuestPurpose) }

func (g trainingGuests) Sends(ctx context.Context, q db.Reader) (bool, error) {
	how, err := g.a.Mail.Using(ctx, q)
	return how.How != mail.ByNone, err
}

func (g trainingGuests) Hand(ctx context.Context, q db.Q, address string) (string, time.Time, error) {
	return g.a.Identity.Codes.Hand(ctx, q, training.GuestPurpose, address)
}

func (g trainingGuests) At(ctx context.Context, q db.Reader, address string) ([]string, error) {
	return g.a.Identity.WithoutAccount(ctx, q, address)
}

// programme is where everybody sees the training dates: "" where the pages of the public are
// served apart from those that need the workspace.
func (a *App) programme() string {
	if a.Face == FacePublic {
		return ""
	}
	return training.DatesHome
}

// offerCodes says what a code by e-mail can be for.
func (a *App) offerCodes() {
	a.Identity.Codes.Offer(identity.Purpose{ID: training.GuestPurpose, Title: "Your training bookings",
		Does: "book training, see your bookings and give places back", Home: training.GuestHome,
		Known: a.Training.KnownGuest})
}

// sectorUses are what rooms keep with a sector, beside organisations.
var sectorUses = []partnership.SectorUse{{One: "booking", Many: "bookings", Count: training.CountOfSector}}

// publicProfile is what sites may publish of the partnership.
type publicProfile struct{ a *App }

func (p publicProfile) PublicProfile(ctx context.Context) (sites.Profile, error) {
	profile, err := p.a.Partnership.Profile(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	out := sites.Profile{Name: profile.OwnName(), Area: profile.Area, Email: profile.MailFrom, Site: profile.URL,
		Post: profile.Address}
	contacts, err := p.a.Partnership.Contacts(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	// The site says 999 by itself, and takes the first contact for the front door.
	slices.SortStableFunc(contacts, func(a, b partnership.Contact) int { return cmp.Compare(rank(a), rank(b)) })
	for _, c := range contacts {
		if c.Purpose == "emergency" {
			continue
		}
		out.Contacts = append(out.Contacts, sites.Contact{Name: c.Name, Phone: c.Number, When: c.Answers,
			Night: c.Purpose == "front-door-night", Purpose: c.Purpose})
		if out.CheckedOn.IsZero() || !c.CheckedOn.IsZero() && c.CheckedOn.Before(out.CheckedOn) {
			out.CheckedOn = c.CheckedOn
		}
	}
	orgs, err := p.a.Partnership.Organisations(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, o := range orgs {
		if !o.Public() {
			continue // a file named it, and nobody at the partnership
		}
		out.Agencies = append(out.Agencies, sites.Agency{Name: o.Name, Sector: o.SectorTitle})
	}
	partners, err := p.a.Partnership.StatutoryPartners(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, o := range partners {
		out.Statutory = append(out.Statutory, o.Name)
	}
	groups, err := p.a.Partnership.Structure(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, g := range groups {
		body := sites.Body{Name: g.Name, Does: g.Purpose}
		for _, seat := range g.Seats {
			if seat.Role == "Chair" {
				body.Chair = seat.Organisation
				if seat.Name != "" {
					body.Chair = seat.Name + ", " + seat.Organisation
				}
				continue
			}
			body.Members = append(body.Members, seat.Organisation)
		}
		out.Bodies = append(out.Bodies, body)
	}
	return out, nil
}

// rank puts the front door's contacts first, by day before by night.
func rank(c partnership.Contact) int {
	if i := slices.Index([]string{"front-door-day", "front-door-night", "childline"}, c.Purpose); i >= 0 {
		return i
	}
	return 9
}

// headlines is the yearly report, for the public site's home.
type headlines struct{ a *App }

// headlined are the figures that home shows of the newest report, with the words
// that stand beside each.
var headlined = []struct {
	id, dim, value string
	meaning        string
}{
	{"training.attendances", "programme", "multi-agency", "attendances at multi-agency training"},
	{"cpp.open", "", "", "children had a child protection plan"},
	{"contacts.referred_percent", "", "", "of contacts with the {front door} became a referral"},
	{"reviews.published", "kind", "statutory", "safeguarding practice reviews published"},
}

func (h headlines) Headlines(ctx context.Context) ([]sites.Headline, error) {
	year, figures, err := h.a.Annual.Newest(ctx)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	terms, err := h.a.Register.Terms(ctx)
	if err != nil {
		return nil, err
	}
	var out []sites.Headline
	for _, want := range headlined {
		for _, f := range figures {
			if f.ID != want.id || f.Value == nil || want.dim != "" && f.Dims[want.dim] != want.value || want.dim == "" &&
				len(f.Dims) > 0 || want.dim != "" && len(f.Dims) != 1 {
				continue
			}
			if f.Period != "" && f.Period != year || f.At != "" && f.At != endOf(year) {
				continue
			}
			out = append(out, headline(f, terms.Put(want.meaning)))
			break
		}
	}
	return out, nil
}

// reportLinks lists where the published yearly reports link to an address, for the
// sites room, which is made first.
func (a *App) reportLinks(ctx context.Context, address string) ([]ui.NavItem, error) {
	return a.Annual.LinksTo(ctx, address)
}

// endOf gives the day on which a year ends, as figures.json has it.
func endOf(year string) string {
	y, err := period.ParseYear(year)
	if err != nil {
		return ""
	}
	return y.End().String()
}

func headline(f annual.PublishedFigure, meaning string) sites.Headline {
	h := sites.Headline{Figure: f.ID, Raw: strconv.FormatFloat(*f.Value, 'f', -1, 64), Meaning: meaning,
		Note: "in " + f.Period, Href: f.Href}
	h.Value = lang.Number(int(*f.Value))
	if f.Unit == "%" {
		h.Value = strconv.FormatFloat(*f.Value, 'f', 0, 64) + "%"
	}
	if f.At != "" {
		h.Note = "on " + period.MustDate(f.At).Words()
	}
	return h
}
