package identity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// broughtIn is how long somebody whose account an asker made or changed is no second person
// to them where nobody holds what is asked: they could be the asker under another name.
const broughtIn = 30 * 24 * time.Hour

// seconds lists who may agree to what asker asked for somebody of an organisation: others than
// the two, who hold all that the asker lacks and belong here. Where different people hold
// different parts of it, it is whoever holds most. Where nobody at all holds some of it, somebody
// must be able to begin: it takes two of whom one manages the settings, and the other manages
// people or the settings, or signs for a safeguarding partner, and the second is nobody
// whose account the first made or changed lately (made).
func seconds(asker web.Person, personID string, gives map[access.Power]bool, organisationID string,
	all []account, made map[string]bool) []account {
	lacks := lacked(asker, gives)
	somebodys := map[access.Power]bool{} // what of it anybody holds
	holds := func(a account) int {
		p := a.person()
		theirs := map[access.Power]bool{}
		for x := range lacks {
			if access.Holds(p, x.Permission, x.OrganisationID) {
				theirs[x] = true
			}
		}
		here := p.May(access.PartnershipRead) || organisationID != "" && p.OrganisationID == organisationID
		if !here && (len(theirs) < len(lacks) || !forOne(lacks)) {
			return -1 // from outside: they cannot tell who belongs here
		}
		maps.Copy(somebodys, theirs)
		return len(theirs)
	}
	var others, begin []account
	for _, a := range all {
		p := a.person()
		if a.ID == asker.ID || a.ID == personID {
			continue
		}
		if holds(a) >= 0 {
			others = append(others, a)
		}
		if !made[a.ID] && (p.May(access.SettingsManage) ||
			asker.May(access.SettingsManage) && (p.May(access.PeopleManage) || p.May(access.ReportSign))) {
			begin = append(begin, a)
		}
	}
	if len(somebodys) < len(lacks) {
		others = begin
	}
	if len(others) == 0 {
		return nil
	}
	most := holds(slices.MaxFunc(others, func(a, b account) int { return cmp.Compare(holds(a), holds(b)) }))
	return slices.DeleteFunc(others, func(a account) bool { return holds(a) < most })
}

// forOne reports whether powers are such as reach an organisation: who holds them there
// knows its people.
func forOne(powers map[access.Power]bool) bool {
	for x := range powers {
		if x.OrganisationID != "" {
			return true
		}
	}
	return false
}

// lacked gives those powers that somebody does not hold.
func lacked(by web.Person, powers map[access.Power]bool) map[access.Power]bool {
	out := map[access.Power]bool{}
	for x := range powers {
		if !access.Holds(by, x.Permission, x.OrganisationID) {
			out[x] = true
		}
	}
	return out
}

// Bounds of e-mails to second persons.
const (
	mostAsked  = 10               // people for one request
	askedEvery = 15 * time.Minute // for one person: a list of joiners asks for many things at once
)

// tellSeconds writes to those who may agree to a request that was just made. Safeguarding
// partners, where nobody else may, are asked by a code, by whoever has telephoned them.
func (r *Room) tellSeconds(ctx context.Context, q db.Q, by web.Person, rq Request) error {
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	w, err := r.weigh(ctx, q, rq, all)
	if err != nil || rq.Kind != askFactor && len(partners(w.may)) > 0 {
		return err
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	rq.Asker = by.Name
	may := slices.DeleteFunc(w.may, func(a account) bool { return a.Email == "" })
	now := r.Now()
	for _, a := range may[:min(len(may), mostAsked)] {
		n, err := countAttempt(ctx, q, attemptKey("second person", a.ID, ""), db.At(now), db.At(now.Add(askedEvery)))
		if err != nil {
			return err
		}
		if n > 1 {
			continue // the e-mail before leads to this one too
		}
		err = r.Mail.Queue(ctx, q, mail.Message{ToAddress: a.Email, ToName: a.Name, Subject: "A second person is needed",
			Body: secondEmail(a.Name, rq, site.Name, site.Link(requestsRoot))})
		if err != nil {
			return err
		}
	}
	return nil
}

// made tells whose accounts somebody made or changed lately.
func (r *Room) made(ctx context.Context, q db.Reader, personID string) (map[string]bool, error) {
	list, err := audittrail.Done(ctx, q, personID, subject, r.Now().Add(-broughtIn))
	out := map[string]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}
