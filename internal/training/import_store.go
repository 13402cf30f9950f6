package training

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// byImport is who the audit trail names where an import gives somebody a place.
var byImport = web.Person{Name: "An import"}

// A storing is one import being stored: what the database had, and what of the
// file has been found or added there so far.
type storing struct {
	*Room
	h        *history
	importID string
	now      db.Time

	programmes    map[string]bool        // by id
	courses       map[string]knownCourse // by courseKey
	organisations map[string]knownSector // by folded name
	people        map[string]string      // personKey → id

	// What the file named and the database lacked.
	newProgrammes, newCourses, newSessions, newSectors, newOrganisations, newPeople []string
}

// store writes what a file brought. It answers for the sessions that it names:
// what earlier imports brought for those is taken away, and bookings made here
// take the file's word for what became of them.
func (r *Room) store(ctx context.Context, q db.Q, importID string, h *history) error {
	st := &storing{Room: r, h: h, importID: importID, now: db.At(r.Now()), people: map[string]string{}}
	for _, step := range []func(context.Context, db.Q) error{
		st.storeProgrammes, st.storeCourses, st.storeSectors, st.storeOrganisations, st.storePeople, st.storeSessions,
	} {
		if err := step(ctx, q); err != nil {
			return fmt.Errorf("store training history: %w", err)
		}
	}
	st.summarise()
	return nil
}

func (st *storing) storeProgrammes(ctx context.Context, q db.Q) error {
	known, err := programmes(ctx, q)
	if err != nil {
		return err
	}
	st.programmes = map[string]bool{}
	for _, p := range known {
		st.programmes[p.ID] = true
	}
	for _, key := range st.h.courses.keys {
		id := st.h.courses.of[key].programme
		if st.programmes[id] {
			continue
		}
		p := Programme{ID: id, Title: ProgrammeTitle(id)}
		if err := insertProgramme(ctx, q, p, st.importID, st.now); err != nil {
			return err
		}
		st.programmes[id] = true
		st.newProgrammes = append(st.newProgrammes, p.Title)
	}
	return nil
}

func (st *storing) storeCourses(ctx context.Context, q db.Q) error {
	known, err := knownCourses(ctx, q)
	if err != nil {
		return err
	}
	st.courses = map[string]knownCourse{}
	for _, c := range known {
		st.courses[c.ProgrammeID+"\x00"+c.Folded] = c
	}
	for _, key := range st.h.courses.keys {
		rec := st.h.courses.of[key]
		c, ok := st.courses[key]
		switch {
		case !ok:
			c = knownCourse{ID: st.NewID(), ProgrammeID: rec.programme, Kind: rec.kind, ImportID: st.importID}
			if err := insertCourse(ctx, q, Course{ID: c.ID, ProgrammeID: rec.programme, Title: rec.course, Kind: rec.kind}, st.importID, st.now); err != nil {
				return err
			}
			st.courses[key] = c
			st.newCourses = append(st.newCourses, rec.course)
		case c.ImportID != "":
			if err := takeOverCourse(ctx, q, c.ID, rec.kind, st.importID); err != nil {
				return err
			}
		case c.Kind != rec.kind:
			st.h.find(rec, colKind, "course-differs", "%s is a %s here and a %s in Kith, which counts. Change the course if the file is right.", rec.course, rec.kind, c.Kind)
		}
	}
	return nil
}

// storeSectors adds the sectors that only the file knows, and puts their ids in
// the place of their words.
func (st *storing) storeSectors(ctx context.Context, q db.Q) error {
	for _, word := range slices.Sorted(maps.Keys(st.h.newSectors)) {
		as := st.h.newSectors[word]
		id, added, err := register.EnsureSector(ctx, q, as)
		if err != nil {
			return err
		}
		if added {
			st.newSectors = append(st.newSectors, as)
		}
		for _, rec := range st.h.records {
			if rec.sector == word {
				rec.sector = id
			}
		}
	}
	st.Register.Forget() // not committed yet; who reads before that reads again in a moment
	return nil
}

func (st *storing) storeOrganisations(ctx context.Context, q db.Q) error {
	known, err := knownSectors(ctx, q)
	if err != nil {
		return err
	}
	st.organisations = map[string]knownSector{}
	for _, o := range known {
		st.organisations[o.Folded] = o
	}
	for _, key := range st.h.organisations.keys {
		rec := st.h.organisations.of[key]
		was, held := st.organisations[key]
		if held && rec.sector != "" && rec.sector != was.Sector {
			st.h.find(rec, colSector, "organisation-sector", "%s is in %s here and in %s in Kith; each booking is counted under the sector of its own row.", rec.organisation, st.h.sectorTitle(rec.sector), st.h.sectorTitle(was.Sector))
		}
		id, added, err := st.Organisations.Ensure(ctx, q, rec.organisation, rec.sector)
		if err != nil {
			return err
		}
		now := knownSector{ID: id, Folded: key, Sector: was.Sector}
		if !held {
			now.Sector = orOther(rec.sector)
		}
		if added {
			st.newOrganisations = append(st.newOrganisations, rec.organisation)
		}
		st.organisations[key] = now
	}
	return nil
}

func orOther(sector string) string {
	if sector == "" {
		return register.Other
	}
	return sector
}

// storePeople finds or adds everybody: those with an address first, so that a row
// without one can find the person whom another row gives an address.
func (st *storing) storePeople(ctx context.Context, q db.Q) error {
	for _, addressed := range []bool{true, false} {
		for _, rec := range st.h.records {
			key := rec.personKey()
			if _, done := st.people[key]; done || (rec.email != "") != addressed {
				continue
			}
			id, added, err := st.People.Ensure(ctx, q, rec.name, rec.email, rec.jobTitle, st.organisations[db.Fold(rec.organisation)].ID)
			if err != nil {
				return fmt.Errorf("line %d: %w", rec.line, err)
			}
			st.people[key] = id
			if added {
				st.newPeople = append(st.newPeople, rec.name)
			}
		}
	}
	return nil
}

func (st *storing) storeSessions(ctx context.Context, q db.Q) error {
	known, err := knownSessions(ctx, q)
	if err != nil {
		return err
	}
	rows := map[string][]*record{}
	for _, rec := range st.h.records {
		rows[rec.sessionKey()] = append(rows[rec.sessionKey()], rec)
	}
	byDay := map[string][]knownSession{}
	for _, s := range known {
		day := s.CourseID + "\x00" + s.StartsOn.String()
		byDay[day] = append(byDay[day], s)
	}
	for _, key := range st.h.sessions.keys {
		rec := st.h.sessions.of[key]
		s, err := st.storeSession(ctx, q, byDay, rec)
		if err != nil {
			return err
		}
		if err := st.storeBookings(ctx, q, s, rows[key]); err != nil {
			return fmt.Errorf("session of line %d: %w", rec.line, err)
		}
	}
	return nil
}

// storeSession finds the session that a row is of, or adds it.
func (st *storing) storeSession(ctx context.Context, q db.Q, byDay map[string][]knownSession, rec *record) (knownSession, error) {
	courseID := st.courses[rec.courseKey()].ID
	day := courseID + "\x00" + rec.start.String()
	s := Session{CourseID: courseID, StartsOn: rec.start, EndsOn: rec.end, StartTime: rec.startTime, EndTime: rec.endTime, Mode: rec.mode, Venue: rec.venue, State: Closed}
	i := sameStart(byDay[day], rec.startTime)
	if i < 0 {
		s.ID = st.NewID()
		st.newSessions = append(st.newSessions, rec.course+" on "+rec.start.Words())
		return knownSession{ID: s.ID, State: Closed, ImportID: st.importID, fresh: true}, insertSession(ctx, q, s, st.importID, st.now)
	}
	known := byDay[day][i]
	byDay[day] = slices.Delete(byDay[day], i, i+1) // it is not another row's too
	if known.ImportID == "" {
		return known, nil // made or changed here: its own dates and place stand
	}
	s.ID = known.ID
	return known, takeOverSession(ctx, q, s, st.importID)
}

// sameStart finds the session of a day that begins at a time. Where either does
// not know its time, the only session of the day is the one.
func sameStart(ofDay []knownSession, startTime string) int {
	i := slices.IndexFunc(ofDay, func(s knownSession) bool { return s.StartTime == startTime })
	if i < 0 && len(ofDay) == 1 && (startTime == "" || ofDay[0].StartTime == "") {
		return 0
	}
	return i
}

// storeBookings makes a session's bookings what the file says they are.
func (st *storing) storeBookings(ctx context.Context, q db.Q, s knownSession, rows []*record) error {
	here := map[string]madeHere{} // the bookings that stand and were made here, by person
	if !s.fresh {
		if err := forgetImported(ctx, q, s.ID); err != nil {
			return err
		}
		made, err := bookingsMadeHere(ctx, q, s.ID)
		if err != nil {
			return err
		}
		for _, b := range made {
			here[b.PersonID] = b
		}
	}
	// Bookings that stand come first: beside one, a cancelled booking of the same
	// person tells nothing of the one made here.
	slices.SortStableFunc(rows, func(a, b *record) int { return liveFirst(a.status) - liveFirst(b.status) })
	var add [][]any
	had := map[string][]Status{}
	for _, rec := range rows {
		person := st.people[rec.personKey()]
		if clashes(had[person], rec.status) {
			st.h.find(rec, colPerson, "duplicate-row", "%s has a booking on this session in another row. This row was left out.", rec.name)
			continue
		}
		first := len(had[person]) == 0
		had[person] = append(had[person], rec.status)
		if b, ok := here[person]; ok && first {
			if err := markHere(ctx, q, b, rec.status, st.importID); err != nil {
				return err
			}
			continue
		}
		org := st.organisations[db.Fold(rec.organisation)]
		sector := rec.sector
		if sector == "" {
			sector = orOther(org.Sector)
		}
		add = append(add, []any{st.NewID(), s.ID, person, db.Opt(org.ID), sector, rec.status, rec.bookedOn, st.importID, st.now})
	}
	if err := insertImported(ctx, q, add); err != nil {
		return err
	}
	return st.settle(ctx, q, s.ID)
}

func liveFirst(s Status) int {
	if s.Live() {
		return 0
	}
	return 1
}

// settle makes a session agree with its bookings after an import came or went:
// the places taken, whether it was delivered, and who waits.
func (r *Room) settle(ctx context.Context, q db.Q, sessionID string) error {
	if err := recount(ctx, q, sessionID); err != nil {
		return err
	}
	if err := restate(ctx, q, sessionID); err != nil {
		return err
	}
	return r.promote(ctx, q, byImport, sessionID)
}

// summarise lists what the file named and the database lacked.
func (st *storing) summarise() {
	for _, x := range []struct {
		one, many string
		names     []string
	}{
		{"programme", "programmes", st.newProgrammes}, {"course", "courses", st.newCourses}, {"session", "sessions", st.newSessions},
		{"sector", "sectors", st.newSectors},
		{"organisation", "organisations", st.newOrganisations}, {"person", "people", st.newPeople},
	} {
		if len(x.names) > 0 {
			st.h.batch.Summary = append(st.h.batch.Summary, lang.Plural(len(x.names), "new "+x.one, "new "+x.many)+": "+firstOf(x.names)+".")
		}
	}
}

// withdraw takes away what an import brought: its bookings, its marks on bookings
// made here, and sessions, courses and programmes that an import made and that
// have nothing left in them.
func (r *Room) withdraw(ctx context.Context, q db.Q, importID string) error {
	touched, err := sessionsOfImport(ctx, q, importID)
	if err != nil {
		return err
	}
	if err := deleteImported(ctx, q, importID); err != nil {
		return err
	}
	for _, id := range touched {
		if err := r.settle(ctx, q, id); err != nil {
			return err
		}
	}
	return deleteEmptied(ctx, q)
}
