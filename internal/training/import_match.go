package training

import (
	"context"
	"slices"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
)

// Files of a booking system have headers of their own. They are read by a matching that a
// person gives, who is shown what each column holds and how rows would be read by it.

// statusChoices are what a word for a status may stand for.
func statusChoices() []ui.Choice {
	var out []ui.Choice
	for _, s := range statuses {
		out = append(out, ui.Choice{Value: string(s), Text: s.Words()})
	}
	return append(out, intake.LeaveChoice)
}

// fields lists what is read of each row, for a person to match.
func (r *Room) fields(ctx context.Context) ([]intake.Field, error) {
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return nil, err
	}
	var list []Programme
	if r.Work != nil {
		list, err = programmes(ctx, r.Work)
	}
	if err != nil {
		return nil, err
	}
	var known []ui.Choice
	for _, p := range list {
		known = append(known, ui.Choice{Value: p.Title, Text: p.Title})
	}
	if len(known) == 0 {
		known = ui.Choices("Multi-agency", "Multi-agency", "Education", "Education")
	}
	came := []ui.Choice{{Value: string(Attended), Text: "Everybody in it attended"}}
	return []intake.Field{
		{Name: string(colCourse), Title: "Course", Hint: "Its title", Needed: true},
		{Name: string(colProgramme), Title: "Programme", Needed: true, Whole: known},
		{Name: string(colKind), Title: "Kind of course", Hint: "Only courses are full training events", Needed: true,
			Whole: kinds, Words: append(slices.Clone(kinds), intake.LeaveChoice)},
		{Name: string(colStart), Title: "Date", Hint: "Of the session, with its time if that stands with it", Needed: true},
		{Name: string(colStartTime), Title: "Start time", Hint: "Where it has a column of its own"},
		{Name: string(colEnd), Title: "End date"},
		{Name: string(colEndTime), Title: "End time"},
		{Name: string(colPerson), Title: "Name", Hint: "Of the person booked, or give the last name or e-mail address. A " +
			"row " +
			"is one person: how many came cannot be loaded",
			Needed: true, Or: []string{string(colLastName), string(colEmail)}},
		{Name: string(colFirstName), Title: "First name"},
		{Name: string(colLastName), Title: "Last name"},
		{Name: string(colEmail), Title: "E-mail address"},
		{Name: string(colOrganisation), Title: "Organisation"},
		{Name: string(colSector), Title: "Sector", Needed: true, Whole: sectors.All()},
		{Name: string(colJobTitle), Title: "Job title"},
		{Name: string(colStatus), Title: "Status", Hint: "What became of the booking", Needed: true, Whole: came,
			Words: statusChoices()},
		{Name: string(colMode), Title: "How it was held"},
		{Name: string(colVenue), Title: "Venue"},
		{Name: string(colBookedOn), Title: "Booked on"},
	}, nil
}

// match drafts how files would be read; nil when nothing in them could be a table of bookings.
func (r *Room) match(ctx context.Context, files []intake.File, said intake.Matching) (*intake.Draft, error) {
	fields, err := r.fields(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := refuseMeeting(f); err != nil {
			return nil, err
		}
	}
	return intake.DraftOf(files, sheet.Usual, fields, said, func(f intake.File) (*intake.Drafting, error) {
		h, err := r.newHistory(ctx, intake.Source{Files: []intake.File{f}, Matching: said})
		if err != nil {
			return nil, err
		}
		return h.drafting(f.Name), nil
	})
}

// drafting is what the room knows of a table of bookings.
func (h *history) drafting(file string) *intake.Drafting {
	var l layout
	return &intake.Drafting{
		Within: titleRows, Least: fewestColumns,
		Head: func(row sheet.Row) (map[string]int, bool) {
			l, _, known := h.layoutOf(row)
			at := map[string]int{}
			for c, i := range l.at {
				at[string(c)] = i
			}
			return at, known
		},
		Begin: func(head sheet.Row) { l, _, _ = h.layoutOf(head) },
		Cell:  func(row sheet.Row, field string) string { return l.get(row, column(field)) },
		Value: func(field, word string) string { return l.wordValue(column(field), word) },
		Heads: []string{"Course", "Programme", "Kind", "When", "Name", "E-mail address", "Organisation", "Sector", "Status"},
		Row: func(cells *sheet.Cells, row sheet.Row) ([]string, string) {
			found := len(h.batch.Findings)
			rec, meant := h.readRow(file, cells, l, row)
			switch {
			case meant:
				return nil, ""
			case rec != nil:
				return h.shown(rec), ""
			case len(h.batch.Findings) > found:
				return nil, h.batch.Findings[len(h.batch.Findings)-1].Message
			}
			return nil, ""
		},
	}
}

// shown writes a booking as it would be loaded.
func (h *history) shown(rec *record) []string {
	at := rec.start.Words()
	if rec.startTime != "" {
		at += ", " + clockWords(rec.startTime)
	}
	programme := rec.programmeAs
	if programme == "" {
		programme = "Other"
	}
	return []string{rec.course, programme, kindWords(rec.kind), at, rec.name, rec.email, rec.organisation,
		h.sectorTitle(rec.sector), rec.status.Words()}
}

// wordValue gives what a word is read as; "" where it is not known.
func (l layout) wordValue(c column, word string) string {
	if l.words.LeavesOut(string(c), word) {
		return intake.LeaveOut
	}
	if c == colKind {
		v, _ := l.kindOf(word)
		return v
	}
	v, _ := l.statusOf(word)
	return string(v)
}
