package partnership

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

func purposeChoices() []ui.Choice {
	return ui.ChoicesOf(purposes, func(p purpose) (string, string) { return p.ID, p.Title })
}
func memberRoleChoices() []ui.Choice {
	return ui.ChoicesOf(memberRoles, func(r memberRole) (string, string) { return r.ID, r.Title })
}
func areaKindChoices() []ui.Choice {
	return ui.ChoicesOf(areaKinds, func(k areaKind) (string, string) { return k.ID, k.Title })
}
func attendanceChoices() []ui.Choice {
	return ui.ChoicesOf(attendanceStates, func(s attendanceState) (string, string) { return s.ID, s.Title })
}
func areaChoices(list []Area) []ui.Choice {
	return ui.ChoicesOf(list, func(a Area) (string, string) { return a.Code, a.Name + " (" + a.Code + ")" })
}

func valuesOf(list []ui.Choice) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Value)
	}
	return out
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func fillOrganisation(o Organisation) *web.Form {
	return web.NewForm("name", o.Name, "sector", o.Sector, "statutory", yes(o.Statutory), "agency", string(o.Agency))
}

func readOrganisation(f *web.Form, sectors []ui.Choice) Organisation {
	return Organisation{
		Name:      tidy(f.Text("name", "Enter the organisation’s name", 200)),
		Sector:    f.OneOf("sector", "Choose the sector it belongs to", valuesOf(sectors)...),
		Statutory: f.Yes("statutory"),
		Agency:    Agency(f.OneOf("agency", "", string(Named), string(NotAnAgency))),
	}
}

func fillCommittee(c Committee) *web.Form {
	return web.NewForm("name", c.Name, "purpose", c.Purpose, "meets", c.Meets, "position", strconv.Itoa(c.Position))
}

func readCommittee(f *web.Form) Committee {
	return Committee{
		Name:     tidy(f.Text("name", "Enter the {committee}’s name", 200)),
		Purpose:  f.Text("purpose", "", 2000),
		Meets:    tidy(f.Text("meets", "", 100)),
		Position: f.Int("position", "", 0, 999),
	}
}

func fillMember(m Member) *web.Form {
	f := web.NewForm("role", m.Role, "public", yes(m.Public))
	f.SetDate("from", m.FromOn)
	f.SetDate("to", m.ToOn)
	return f
}

func readMember(f *web.Form) Member {
	m := Member{
		Role:   f.OneOf("role", "Choose what they are on the {committee}", valuesOf(memberRoleChoices())...),
		Public: f.Yes("public"),
		FromOn: f.Date("from", "Enter the day they began"),
		ToOn:   f.Date("to", ""),
	}
	if !m.ToOn.IsZero() && m.ToOn.Before(m.FromOn) {
		f.Add("to", "Enter a day after they began")
	}
	return m
}

func fillMeeting(m Meeting, attendance []Attendance) *web.Form {
	pairs := []string{"about", m.About}
	for _, a := range attendance {
		pairs = append(pairs, "state-"+a.MemberID, a.State)
	}
	f := web.NewForm(pairs...)
	f.SetDate("held", m.HeldOn)
	return f
}

func readMeeting(f *web.Form, today period.Date) Meeting {
	m := Meeting{HeldOn: f.Date("held", "Enter the day they met"), About: f.Text("about", "", 1000)}
	if m.HeldOn.After(today) {
		f.Add("held", "Enter a day that is not in the future")
	}
	return m
}

// readAttendance reads who was there, of those who could have been.
func readAttendance(f *web.Form, could []Attendance) map[string]string {
	states := map[string]string{}
	for _, a := range could {
		if s := f.OneOf("state-"+a.MemberID, "", valuesOf(attendanceChoices())...); s != "" {
			states[a.MemberID] = s
		}
	}
	return states
}

func fillArea(a Area, changes []areaChange) *web.Form {
	var after []string
	for _, c := range changes {
		if c.FromCode == a.Code {
			after = append(after, c.ToCode)
		}
	}
	f := web.NewForm("code", a.Code, "name", a.Name, "kind", a.Kind, "parent", string(a.ParentCode), "covered",
		yes(a.Covered), "successors", strings.Join(after, ", "))
	f.SetDate("from", a.FromOn)
	f.SetDate("ended", a.EndedOn)
	return f
}

// readNewArea is readArea for an area that is to be added: an authority that was chosen by
// name brings its code, its name and its kind.
func readNewArea(ctx context.Context, f *web.Form, within []ui.Choice) (Area, error) {
	code, err := f.Pick(ctx, "authority", "", register.Authorities())
	if err != nil {
		return Area{}, err
	}
	if a, ok := register.AuthorityByCode(code); ok {
		f.Set("code", a.Code)
		if tidy(f.Value("name")) == "" {
			f.Set("name", a.Name)
		}
		f.Set("kind", "authority")
		if a.Kind == "county" {
			f.Set("kind", "county")
		}
	}
	area, _ := readArea(f, within)
	return area, nil
}

// readArea reads an area and the codes of those that took its place.
func readArea(f *web.Form, within []ui.Choice) (Area, []string) {
	a := Area{
		Code:       strings.ToUpper(tidy(f.Text("code", "Enter its GSS code, such as E08000015", 20))),
		Name:       tidy(f.Text("name", "Enter its name", 200)),
		Kind:       f.OneOf("kind", "Choose what kind of area it is", valuesOf(areaKindChoices())...),
		ParentCode: db.Opt(f.OneOf("parent", "", valuesOf(within)...)),
		Covered:    f.Yes("covered"),
		FromOn:     f.Date("from", ""),
		EndedOn:    f.Date("ended", ""),
	}
	if a.Code != "" && !gssCode.MatchString(a.Code) {
		f.Add("code", "Enter a GSS code: a letter and eight digits, such as E08000015")
	}
	if !a.FromOn.IsZero() && !a.EndedOn.IsZero() && a.EndedOn.Before(a.FromOn) {
		f.Add("ended", "Enter a day after it began")
	}
	if a.Code != "" && string(a.ParentCode) == a.Code {
		f.Add("parent", "An area cannot lie within itself")
	}
	codes := strings.FieldsFunc(strings.ToUpper(f.Text("successors", "", 500)),
		func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	for _, c := range codes {
		if !gssCode.MatchString(c) || c == a.Code {
			f.Add("successors", "Enter GSS codes of other areas, with commas between them")
		}
	}
	if len(codes) > 0 && a.EndedOn.IsZero() {
		f.Add("ended", "Enter the day it ended, since others took its place")
	}
	return a, codes
}

func fillContribution(c Contribution) *web.Form {
	f := web.NewForm("year", c.Year, "amount", pounds(c.Pence), "note", c.Note)
	f.Choose("organisation", c.OrganisationID, c.Organisation)
	return f
}

// readContribution reads what somebody pays, without who: that is chosen once.
func readContribution(f *web.Form) Contribution {
	c := Contribution{
		Year: f.Text("year", "Enter the financial year, such as 2023-24", 10),
		Note: f.Text("note", "", 500),
	}
	if y, err := period.ParseYear(c.Year); err == nil {
		c.Year = y.String()
	} else if c.Year != "" {
		f.Add("year", "Enter a financial year, such as 2023-24")
	}
	amount := f.Text("amount", "Enter the amount in pounds", 20)
	pence, err := parsePounds(amount)
	if amount != "" && err != nil {
		f.Add("amount", "Enter an amount in pounds, such as 12,500 or 12,500.50")
	}
	c.Pence = pence
	return c
}

// maxPounds is a thousand times what any partnership costs.
const maxPounds = 1_000_000_000

// parsePounds reads pounds, with or without pence, as whole pence.
func parsePounds(s string) (int, error) {
	whole, pence, _ := strings.Cut(strings.TrimPrefix(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), "£"), ".")
	if pence == "" {
		pence = "00"
	}
	p, err := strconv.ParseUint(whole, 10, 32)
	q, err2 := strconv.ParseUint(pence, 10, 8)
	if err != nil || err2 != nil || len(pence) != 2 || p > maxPounds {
		return 0, fmt.Errorf("%q is not an amount in pounds", s)
	}
	return int(p)*100 + int(q), nil
}

// pounds writes whole pence for a field to edit.
func pounds(pence int) string {
	if pence == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", pence/100, pence%100)
}

func fillProfile(p Profile) *web.Form {
	return web.NewForm("name", p.Name, "area", p.Area, "address", p.Address, "url", p.URL, "mail_from", p.MailFrom)
}

// readProfile reads the profile; whether it is a demonstration is not for a form
// to say.
func readProfile(f *web.Form, old Profile) Profile {
	p := Profile{
		Name:     tidy(f.Text("name", "Enter the partnership’s name", 200)),
		Area:     tidy(f.Text("area", "Enter the area’s short name", 60)),
		Address:  f.Text("address", "", 500),
		URL:      f.Text("url", "", 200),
		MailFrom: f.Email("mail_from", ""),
		Demo:     old.Demo,
	}
	if problem := checkAddress(p.URL); p.URL != "" && problem != "" {
		f.Add("url", problem)
	}
	return p
}

// checkAddress says what is wrong with the address of the website, or "". Every link in an
// e-mail begins with it.
func checkAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return "Enter an address such as https://www.example.org"
	case u.User != nil || strings.ContainsAny(address, "?#") || u.Path != "" && u.Path != "/":
		return "Enter no more than https:// and the name, such as https://www.example.org"
	}
	return ""
}

func fillContact(c Contact) *web.Form {
	return web.NewForm("purpose", c.Purpose, "name", c.Name, "number", c.Number, "answers", c.Answers, "owner", c.Owner,
		"position", strconv.Itoa(c.Position))
}

func readContact(f *web.Form) Contact {
	c := Contact{
		Purpose:  f.OneOf("purpose", "Choose what the number is for", valuesOf(purposeChoices())...),
		Name:     tidy(f.Text("name", "Enter who is called", 100)),
		Number:   tidy(f.Text("number", "Enter the telephone number", 30)),
		Answers:  f.Text("answers", "Say who answers, and when", 300),
		Owner:    tidy(f.Text("owner", "Enter who keeps this right", 100)),
		Position: f.Int("position", "", 0, 99),
	}
	if c.Number != "" && (strings.Trim(c.Number, "0123456789 +()") != "" || strings.Trim(c.Number, " +()") == "") {
		f.Add("number", "Enter a telephone number, such as 0151 496 0000")
	}
	return c
}

// readSector reads what a sector is called: its title, and a word a line.
func readSector(f *web.Form) (title string, words []string) {
	title = tidy(f.Text("title", "Enter the sector’s name", 60))
	if title != "" && register.Word(title) == "" {
		f.Add("title", "Enter a name with letters a to z in it")
	}
	return title, f.Lines("words", 1000)
}

func fillSector(s register.Sector) *web.Form {
	return web.NewForm("title", s.Title, "words", strings.Join(s.AlsoCalled(), "\n"))
}
