package training

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
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
	held          courseList             // those that the database had
	merged        mergedSessions         // those of its sessions that stand for none
	organisations []knownSector          // of h.organisations, in their order
	people        []string               // ids of h.people, in their order

	// What the file named and the database lacked.
	newProgrammes, newCourses, newSessions, newSectors, newOrganisations, newPeople []string
	addedOrganisations, addedPeople                                                 []string // their ids
}

// store writes what a file brought. It answers for the sessions that it names:
// what earlier imports brought for those is taken away, and bookings made here
// take the file's word for what became of them.
func (r *Room) store(ctx context.Context, q db.Q, importID string, h *history) error {
	st := &storing{Room: r, h: h, importID: importID, now: db.At(r.Now())}
	for _, step := range []func(context.Context, db.Q) error{
		st.storeProgrammes, st.storeCourses, st.storeSectors, st.storeOrganisations, st.storePeople, st.storeSessions,
	} {
		if err := step(ctx, q); err != nil {
			return fmt.Errorf("store training history: %w", err)
		}
	}
	st.summarise()
	return r.imported(ctx, q, st.addedPeople, st.addedOrganisations)
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
	for _, rec := range st.h.courses.records {
		id := rec.programme
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
	st.courses, st.held = map[string]knownCourse{}, heldCourses(known)
	for _, rec := range st.h.courses.records {
		key := rec.courseKey()
		c, ok := st.held.find(rec)
		switch {
		case !ok:
			c = knownCourse{ID: st.NewID(), ProgrammeID: rec.programme, Kind: rec.kind, ImportID: st.importID}
			if err := insertCourse(ctx, q, Course{ID: c.ID, ProgrammeID: rec.programme, Title: rec.course, Kind: rec.kind},
				st.importID, st.now); err != nil {
				return err
			}
			st.newCourses = append(st.newCourses, rec.course)
		case c.ImportID != "":
			if c.Kind != rec.kind {
				if err := keepReplacedCourse(ctx, q, c, st.importID); err != nil {
					return err
				}
			}
			if err := takeOverCourse(ctx, q, c.ID, rec.kind, st.importID); err != nil {
				return err
			}
		case c.Kind != rec.kind:
			st.h.find(rec, colKind, "course-differs",
				"%s is a %s here and a %s in Kith, which counts. Change the course if the file is right.", rec.course, rec.kind,
				c.Kind)
		}
		st.courses[key] = c
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
		for i := range st.h.bookings {
			if st.h.bookings[i].sector == word {
				st.h.bookings[i].sector = id
			}
		}
		for _, rec := range st.h.organisations.records {
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
	byName := map[string]knownSector{}
	for _, o := range known {
		byName[o.Key] = o
	}
	for _, rec := range st.h.organisations.records {
		key := names.Key(rec.organisation)
		was, held := byName[key]
		if held && rec.sector != "" && rec.sector != was.Sector {
			st.h.find(rec, colSector, "organisation-sector",
				"%s is in %s here and in %s in Kith; each booking is counted under the sector of its own row.", rec.organisation,
				st.h.sectorTitle(rec.sector), st.h.sectorTitle(was.Sector))
		}
		id, added, err := st.Organisations.Ensure(ctx, q, rec.organisation, rec.sector)
		if err != nil {
			return err
		}
		now := knownSector{ID: id, Key: key, Sector: was.Sector}
		if !held {
			now.Sector = orOther(rec.sector)
		}
		if added {
			st.newOrganisations = append(st.newOrganisations, rec.organisation)
			st.addedOrganisations = append(st.addedOrganisations, id)
		}
		st.organisations = append(st.organisations, now)
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
	st.people = make([]string, len(st.h.people.records))
	for _, addressed := range []bool{true, false} {
		for i, rec := range st.h.people.records {
			if (rec.email != "") != addressed {
				continue
			}
			organisation := int32(none)
			if rec.organisation != "" {
				organisation = st.h.organisations.at[names.Key(rec.organisation)]
			}
			id, added, err := st.People.Ensure(ctx, q, rec.name, rec.email, rec.jobTitle, st.organisation(organisation).ID)
			if err != nil {
				return fmt.Errorf("line %d: %w", rec.line, err)
			}
			st.people[i] = id
			if added {
				st.newPeople = append(st.newPeople, rec.name)
				st.addedPeople = append(st.addedPeople, id)
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
	if st.merged, err = readMergedSessions(ctx, q); err != nil {
		return err
	}
	// The rows of a session together. Those that stand come first: beside one, a
	// cancelled booking of the same person tells nothing of the one made here.
	of, groups := groupSessions(st.h.sessions.records, known, st.courseOf, func(rec *record) string {
		return st.courses[rec.courseKey()].ID
	})
	rows := st.h.bookings
	slices.SortStableFunc(rows, func(a, b booking) int {
		return cmp.Or(cmp.Compare(of[a.session], of[b.session]), liveFirst(a.status)-liveFirst(b.status))
	})
	for _, g := range groups {
		n := 0
		for n < len(rows) && of[rows[n].session] == g.at {
			n++
		}
		s, err := st.storeSession(ctx, q, g)
		if err != nil {
			return err
		}
		if err := st.storeBookings(ctx, q, s, rows[:n]); err != nil {
			return fmt.Errorf("session of line %d: %w", g.rec.line, err)
		}
		rows = rows[n:]
	}
	return nil
}

// storeSession makes the session of a group what the file says, or adds it.
func (st *storing) storeSession(ctx context.Context, q db.Q, g *sessionGroup) (knownSession, error) {
	rec := g.rec
	courseID := st.courses[rec.courseKey()].ID
	s := Session{CourseID: courseID, StartsOn: rec.start, EndsOn: rec.end, StartTime: rec.startTime, EndTime: rec.endTime,
		Mode: rec.mode, Venue: rec.venue, State: Closed}
	known := g.known
	if known.ID == "" {
		s.ID = st.NewID()
		st.newSessions = append(st.newSessions, rec.course+" on "+rec.start.Words())
		return knownSession{ID: s.ID, State: Closed, ImportID: st.importID, fresh: true},
			insertSession(ctx, q, s, st.importID, st.now)
	}
	for _, id := range append(st.merged.into(known.ID), known.ID) {
		if err := keepReplaced(ctx, q, id, st.importID); err != nil {
			return known, err
		}
		if err := forgetImported(ctx, q, id); err != nil {
			return known, err
		}
	}
	if known.ImportID == "" {
		return known, nil // made or changed here: its own dates and place stand
	}
	s.ID = known.ID
	return known, takeOverSession(ctx, q, s, st.importID)
}

// storeBookings makes a session's bookings what the file says they are.
func (st *storing) storeBookings(ctx context.Context, q db.Q, s knownSession, rows []booking) error {
	here := map[string]madeHere{} // the bookings that stand and were made here, by person
	if !s.fresh {
		made, err := bookingsMadeHere(ctx, q, s.ID)
		if err != nil {
			return err
		}
		for _, b := range made {
			here[b.PersonID] = b
		}
	}
	var add [][]any
	had := map[string]statusSet{}
	for _, b := range rows {
		person := st.people[b.person]
		if had[person].clashes(b.status) {
			st.h.find(&record{file: b.file, line: b.line}, colPerson, "duplicate-row",
				"%s has a booking on this session in another row. This row was left out.", b.name)
			continue
		}
		first := had[person] == 0
		had[person] |= bit(b.status)
		if mine, ok := here[person]; ok && first {
			if err := markHere(ctx, q, mine, b.status, st.importID); err != nil {
				return err
			}
			continue
		}
		org := st.organisation(b.organisation)
		sector := b.sector
		if sector == "" {
			sector = orOther(org.Sector)
		}
		add = append(add, []any{st.NewID(), s.ID, person, db.Opt(org.ID), sector, b.status, b.bookedOn, st.importID, st.now})
	}
	if err := insertImported(ctx, q, add); err != nil {
		return err
	}
	if err := st.merged.adopt(ctx, q, s.ID); err != nil {
		return err
	}
	return st.settle(ctx, q, byImport, s.ID)
}

// organisation gives an organisation by its place in the file; nothing for none.
func (st *storing) organisation(at int32) knownSector {
	if at == none {
		return knownSector{}
	}
	return st.organisations[at]
}

func liveFirst(s Status) int {
	if s.Live() {
		return 0
	}
	return 1
}

// settle makes a session agree with its bookings after an import came or went, or a merge:
// the places taken, what its bookings come to, whether it was delivered, and who
// waits.
func (r *Room) settle(ctx context.Context, q db.Q, by web.Person, sessionID string) error {
	if err := recount(ctx, q, sessionID); err != nil {
		return err
	}
	if err := tally(ctx, q, sessionID); err != nil {
		return err
	}
	if err := restate(ctx, q, sessionID); err != nil {
		return err
	}
	return r.promote(ctx, q, by, sessionID)
}

// summarise lists what the file named and the database lacked.
func (st *storing) summarise() {
	for _, x := range []struct {
		one, many string
		names     []string
	}{
		{"programme", "programmes", st.newProgrammes}, {"course", "courses", st.newCourses},
		{"session", "sessions", st.newSessions},
		{"sector", "sectors", st.newSectors},
		{"organisation", "organisations", st.newOrganisations}, {"person", "people", st.newPeople},
	} {
		if len(x.names) > 0 {
			st.h.batch.Summary = append(st.h.batch.Summary, lang.Plural(len(x.names), "new "+x.one, "new "+x.many)+": "+
				firstOf(x.names)+".")
		}
	}
}

// withdraw takes away what an import brought: its bookings, its marks on bookings
// made here, and sessions, courses and programmes that an import made and that
// have nothing left in them. What it had taken the place of comes back.
func (r *Room) withdraw(ctx context.Context, q db.Q, importID string) error {
	touched, err := sessionsOfImport(ctx, q, importID)
	if err != nil {
		return err
	}
	if err := deleteImported(ctx, q, importID); err != nil {
		return err
	}
	merged, err := readMergedSessions(ctx, q)
	if err != nil {
		return err
	}
	replaced, err := replacedBy(ctx, q, importID)
	if err != nil {
		return err
	}
	for _, x := range replaced {
		passed, err := passOn(ctx, q, x.SessionID, merged.kept(x.SessionID), importID)
		if err != nil {
			return err
		}
		if !passed {
			if err := restoreSession(ctx, q, x.SessionID, importID); err != nil {
				return err
			}
		}
		if !slices.Contains(touched, x.SessionID) {
			touched = append(touched, x.SessionID)
		}
	}
	if err := errors.Join(restoreCourses(ctx, q, importID), forgetReplaced(ctx, q, importID)); err != nil {
		return err
	}
	for i, id := range touched {
		touched[i] = merged.kept(id)
		if err := merged.adopt(ctx, q, touched[i]); err != nil {
			return err
		}
	}
	if err := r.settleAll(ctx, q, byImport, touched...); err != nil {
		return err
	}
	if err := deleteEmptied(ctx, q); err != nil {
		return err
	}
	return r.imported(ctx, q, nil, nil)
}
