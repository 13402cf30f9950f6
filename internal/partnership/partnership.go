// Package partnership is the room of who the partnership is made of: the
// organisations that work with children, the authorities and areas it covers,
// its committees, who sits on them, when they met, and what each partner pays.
//
// An organisation is never deleted. It ends, and may have a successor: then its
// people move there, and a file that still has the old name finds the new body.
// Areas do the same under their GSS codes, which merge and split. The statutory
// safeguarding partners are organisations with a mark.
//
// The room also keeps what the partnership says of itself (its profile) and whom
// to call about a child (its contacts). Those are the most important lines of
// the whole product: each has somebody who keeps it right and the day it was
// last checked, and one that nobody has checked for 90 days stands on the Home
// page of those who can.
//
// Tables: organisations, partnership_profile, partnership_contacts,
// partnership_areas, partnership_area_changes, partnership_committees,
// partnership_members, partnership_meetings, partnership_attendance,
// partnership_funding, all in the work store.
package partnership

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/recent"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Errors of the room's actions that a person can do something about.
var (
	ErrNameTaken     = &ui.Taken{Field: "name", Text: "There is, or was, an organisation of this name"}
	ErrNameOfAnother = &ui.Taken{Field: "name",
		Text: "There is, or was, an organisation of this name; if it is the same, merge the two"}
	ErrCommitteeTaken = &ui.Taken{Field: "name", Text: "There is a {committee} of this name"}
	ErrMemberAlready  = &ui.Taken{Field: "person", Text: "This person already sits on the {committee}"}
	ErrSeatAlready    = &ui.Taken{Field: "to", Text: "They have another seat on this {committee} that has not ended"}
	ErrMetAlready     = &ui.Taken{Field: "held", Text: "Another meeting on this day is noted already"}
	ErrCodeTaken      = &ui.Taken{Field: "code", Text: "There is, or was, an area with this code"}
	ErrNoAuthority    = &ui.Taken{Field: "code", Text: "This is not the code of an English authority with children’s " +
		"services. Choose the authority by its name"}
	ErrUnknownArea = &ui.Taken{Field: "successors", Text: "Add the areas that took its place first"}
	ErrPaidAlready = &ui.Taken{Field: "organisation",
		Text: "Its contribution to this year is there already; change that one"}
	ErrContactTaken = &ui.Taken{Field: "number", Text: "This number is there already for the same purpose"}
	ErrSectorTaken  = &ui.Taken{Field: "title", Text: "Another sector has this name, or one of these words"}

	ErrEnded      = web.Conflict("It has ended already", "Somebody ended it before you. Go back and look at it again.")
	ErrMergedAway = web.Conflict("It was merged into another organisation",
		"If the two are not the same, take the merge back in Possible duplicates.")
	ErrNotEnded    = web.Conflict("It has not ended", "Somebody may have taken its end back before you.")
	ErrOtherNumber = web.Conflict("The number was changed meanwhile",
		"Go back to the list, and call the number that stands there now.")
	ErrSectorFixed = web.Conflict("It is always there",
		"Whatever is of no other sector is of this one, so it can be neither ended nor removed.")
)

// Errors of what no form sends.
var (
	ErrUnknownSector = errors.New("no such sector")
	ErrSame          = errors.New("a body cannot take its own place")
	ErrBadCode       = errors.New("not a GSS code")
	ErrOrder         = errors.New("the end is before the beginning")
)

func titleIn[T any](list []T, pair func(T) (string, string), id string) string {
	for _, x := range list {
		if i, title := pair(x); i == id {
			return title
		}
	}
	return id
}

// An Organisation is one row of organisations.
type Organisation struct {
	ID          string
	Name        string
	Sector      string
	Statutory   bool   // a statutory safeguarding partner
	Agency      Agency // whether the partnership has named it as a relevant agency
	Brought     bool   // a file named it, and nobody has looked at it since
	SuccessorID db.Opt
	SameAs      db.Opt // the record that this one was merged into: it was the same all along
	EndedOn     db.Date
	Successor   string // the successor's name, for showing
	SectorTitle string // the sector in words, for showing
}

// Ended reports whether the organisation is no more.
func (o Organisation) Ended() bool { return !o.EndedOn.IsZero() }

// A Profile is what the partnership says of itself.
type Profile struct {
	Name     string // "Tidewell Safeguarding Children Partnership"
	Area     string // "Tidewell"
	Address  string // for post, several lines
	URL      string // of the public site
	MailFrom string // the address e-mails come from
	Demo     bool   // everything is made up
}

// unnamed is what a new installation calls its partnership.
const unnamed = "Safeguarding children partnership"

// OwnName is the partnership's name; "" while it has only the one that every new
// installation begins with.
func (p Profile) OwnName() string {
	if p.Name == unnamed {
		return ""
	}
	return p.Name
}

// A Contact is one line of "Worried about a child?".
type Contact struct {
	ID        string
	Purpose   string
	Name      string // "Tidewell front door"
	Number    string
	Answers   string // who answers, and when
	Owner     string // who keeps it right
	CheckedOn db.Date
	Position  int
}

// checkEvery is how many days a contact may go unchecked.
const checkEvery = 90

// NeedsCheck reports whether nobody has checked the contact for too long.
func (c Contact) NeedsCheck(today period.Date) bool {
	return c.CheckedOn.IsZero() || c.CheckedOn.DaysUntil(today) >= checkEvery
}

// PurposeTitle gives the contact's purpose in words.
func (c Contact) PurposeTitle() string { return purposeTitle(c.Purpose) }

// Dial gives the number as a telephone link wants it. It has nothing but digits
// and is safe in an address.
func (c Contact) Dial() template.URL {
	return template.URL("tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Number))
}

type purpose struct{ ID, Title string }

var purposes = []purpose{
	{"emergency", "A child in danger now"}, {frontDoorDay, "{Front door}, by day"},
	{"front-door-night", "{Front door}, nights and weekends"},
	{"childline", "For children themselves"}, {"police", "Police, not an emergency"},
	{"adults-helpline", "Advice for adults who worry"},
	{"allegations", "About somebody who works with children"}, {"other", "Something else"},
}

func purposeTitle(id string) string {
	return titleIn(purposes, func(p purpose) (string, string) { return p.ID, p.Title }, id)
}

// frontDoorDay is the purpose of the number that the public site cannot be open without.
const frontDoorDay = "front-door-day"

// needed are the purposes that every partnership's page must have an answer for.
var needed = []string{"emergency", frontDoorDay, "front-door-night", "childline"}

// An Area is an authority or a place within one.
type Area struct {
	Code       string // GSS code
	Kind       string
	Name       string
	ParentCode db.Opt
	Covered    bool // an authority whose children the partnership safeguards
	FromOn     db.Date
	EndedOn    db.Date
	Parent     string // the parent's name, for showing
}

// KindTitle gives the kind of area in words.
func (a Area) KindTitle() string {
	return titleIn(areaKinds, func(k areaKind) (string, string) { return k.ID, k.Title }, a.Kind)
}

// Ended reports whether the area is no more.
func (a Area) Ended() bool { return !a.EndedOn.IsZero() }

type areaKind struct{ ID, Title string }

var areaKinds = []areaKind{{"authority", "Local authority"}, {"county", "County"}, {"district", "District"},
	{"ward", "Ward"},
	{"small-area", "Small area"}, {"other", "Other"}}

// gssCode is the form of the Office for National Statistics' codes: a letter for
// the country, two digits for the kind, six for the place.
var gssCode = regexp.MustCompile(`^[EWSNKJLM][0-9]{8}$`)

// A Committee is a group that meets.
type Committee struct {
	ID       string
	Name     string
	Purpose  string
	Meets    string // how often, in words
	Position int
	EndedOn  db.Date
}

// Ended reports whether the committee is no more.
func (c Committee) Ended() bool { return !c.EndedOn.IsZero() }

// A Member is somebody's seat on a committee.
type Member struct {
	ID             string
	CommitteeID    string
	PersonID       string
	OrganisationID db.Opt
	Role           string
	Public         bool // the name may be shown to the public
	FromOn         db.Date
	ToOn           db.Date
	Person         string // the person's name
	JobTitle       string
	Organisation   string
	Committee      string
}

// RoleTitle gives what the member is on the committee in words.
func (m Member) RoleTitle() string {
	return titleIn(memberRoles, func(r memberRole) (string, string) { return r.ID, r.Title }, m.Role)
}

type memberRole struct{ ID, Title string }

var memberRoles = []memberRole{{"chair", "Chair"}, {"vice-chair", "Vice-chair"}, {"member", "Member"},
	{"adviser", "Adviser"},
	{"lay-member", "Lay member"}, {"scrutineer", "Independent scrutineer"}, {"secretary", "Secretary"}}

// A Meeting is one day a committee met.
type Meeting struct {
	ID          string
	CommitteeID string
	HeldOn      db.Date
	About       string
}

// An Attendance is whether a member was at a meeting.
type Attendance struct {
	MemberID     string
	State        string // "" when not noted
	Person       string
	Role         string
	Organisation string
}

// StateTitle gives the attendance in words.
func (a Attendance) StateTitle() string {
	return titleIn(attendanceStates, func(s attendanceState) (string, string) { return s.ID, s.Title }, a.State)
}

type attendanceState struct{ ID, Title string }

var attendanceStates = []attendanceState{{"present", "Present"}, {"deputy", "Sent a deputy"},
	{"apologies", "Sent apologies"}, {"absent", "Absent"}}

// A Contribution is what one organisation pays towards one year.
type Contribution struct {
	ID             string
	Year           string
	OrganisationID string
	Pence          int
	Note           string
	Organisation   string
}

// A People is the room of people, as far as this one needs it.
type People interface {
	// MoveOrganisation puts everybody of one organisation into another, where by may give what
	// that lets them do there.
	MoveOrganisation(ctx context.Context, q db.Q, by web.Person, from, to string) (int64, error)
	// TellOfAddress tells others who keep the workspace that the website's address was changed.
	TellOfAddress(ctx context.Context, q db.Q, by web.Person, was, now string) error
	// AskWebsite asks a second person to agree to another address, false where there is nobody.
	AskWebsite(ctx context.Context, q db.Q, by web.Person, address, reason string) (waits bool, err error)
	// NeedsSecond reports whether AskWebsite would ask somebody.
	NeedsSecond(ctx context.Context, by web.Person) (bool, error)
	// WaitingWebsite says which other address waits, and where; no text where none does.
	WaitingWebsite(ctx context.Context) (ui.NavItem, error)
	// TellOfFrom, AskFrom and WaitingFrom do the same for the address that e-mails come from.
	TellOfFrom(ctx context.Context, q db.Q, by web.Person, was, now string) error
	AskFrom(ctx context.Context, q db.Q, by web.Person, address, reason string) (waits bool, err error)
	WaitingFrom(ctx context.Context) (ui.NavItem, error)
}

// Deps is what the room needs.
type Deps struct {
	Work   *db.DB
	Now    clock.Clock
	NewID  func() string
	People People
	// Register has the sectors; without one the room makes its own.
	Register *register.Register
	// SectorUses tell what else is of a sector, which then cannot be removed.
	SectorUses []SectorUse
	// InUse reports whether anything of any room points at an organisation; without it every one
	// is taken to be in use.
	InUse func(ctx context.Context, q db.Reader, id string) (bool, error)
	// Tabs are the pages beside the room's lists, some of them another room's.
	Tabs []web.Tab
	// More are the settings pages of the rest of the program, which the page
	// Settings leads to.
	More []SettingsPage
	// Hosts are names the site answers under besides that of its address.
	Hosts []string
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
}

// A SectorUse is something that other rooms keep with a sector.
type SectorUse struct {
	One, Many string // "booking", "bookings"
	Count     func(ctx context.Context, q db.Reader, sector string) (int, error)
}

// A SettingsPage is a page that stands under Settings, for whoever has the
// permission.
type SettingsPage struct {
	Text, Href string
	Permission web.Permission
}

// Room is the room of who the partnership is made of.
type Room struct {
	Deps
	pages *ui.Set
	site  recent.Value[mail.Site]
}

//go:embed templates/*.html
var files embed.FS

// New opens the room.
func New(d Deps) (*Room, error) {
	if d.Work == nil || d.Now == nil || d.NewID == nil || d.People == nil {
		return nil, errors.New("open partnership: Work, Now, NewID and People are needed")
	}
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("open partnership: %w", err)
	}
	if d.Register == nil {
		d.Register = register.New(d.Work, d.Now)
	}
	r := &Room{Deps: d, pages: pages}
	r.site.Now = d.Now
	return r, nil
}

// tidy makes one line of what a file or a person wrote.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }
