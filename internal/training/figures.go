package training

import (
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/period"
	"kith/internal/register"
)

// The dimensions that the room's figures are cut by. An organisation's cut is not
// public: how many staff of one school came is the school's business.
var (
	byProgramme = figure.Dimension{ID: "programme", Title: "Programme", Label: ProgrammeTitle, Public: true,
		Values: figure.Recorded(programmeIDs)}
	byKind = figure.Dimension{ID: "kind", Title: "Kind of course", Label: kindWords, Public: true,
		Values: figure.Fixed(valuesOf(kinds)...)}
	byMode = figure.Dimension{ID: "mode", Title: "How it was held", Label: modeWords, Public: true,
		Values: figure.Fixed(valuesOf(modes)...)}
	byOrganisation = figure.Dimension{ID: "organisation", Title: "Organisation", Label: organisationWords,
		Values: figure.Recorded(organisationNames), Names: true}
	byCourse = figure.Dimension{ID: "course", Title: "Course", Public: true,
		Values: figure.Recorded(courseTitles), Names: true}
	byMonth      = figure.Dimension{ID: "month", Title: "Month", Label: monthWords, Public: true, Values: figure.Months}
	byConference = figure.Dimension{ID: "conference", Title: "Annual event", Public: true,
		Values: figure.Recorded(conferenceTitles), Names: true}
)

func organisationWords(name string) string {
	if name == "" {
		return "Not recorded"
	}
	return name
}

func monthWords(v string) string {
	d, err := period.ParseDate(v + "-01")
	if err != nil {
		return v
	}
	return d.Format("January 2006")
}

// onlyCourses is said wherever kinds of course are left out.
const onlyCourses = "Only full training events are counted (courses). Briefings, annual events and e-learning are " +
	"counted when asked for by kind."

const fromRecords = "The partnership's own training records: registers marked in Kith, and training history files"

// Figures gives the figures that the room offers.
func (r *Room) Figures() []figure.Definition {
	bySector := figure.Dimension{ID: "sector", Title: "Sector", Label: r.Register.SectorTitle, Public: true,
		Values: figure.Recorded(register.SectorIDs)}
	return []figure.Definition{
		{
			ID: "training.events", Title: "Training events delivered",
			Counts: "Sessions of full training courses that began in the period and took place: somebody came, or the " +
				"session is marked as delivered.",
			Unit: "events", Kind: figure.Flow, Protection: figure.Open, Source: fromRecords, Version: 1,
			Watch: onlyCourses + " Each session is one event: a course that was run three times is three events, and " +
				"one over two days is one.",
			Dimensions: []figure.Dimension{byProgramme, byKind, byMode},
			Compute:    makeup{of: "events", count: countEvents}.told(events),
		},
		{
			ID: "training.attendances", Title: "Training attendances",
			Counts: "Times that somebody came to a session of a full training course that began in the period: with a " +
				"booking, without one, or leaving early.",
			Unit: "attendances", Kind: figure.Flow, Protection: figure.Staff, Source: fromRecords, Version: 1,
			Watch: onlyCourses + " A person who came to three events is three attendances. The sector is that of the " +
				"person when they booked.",
			Dimensions: []figure.Dimension{byProgramme, bySector, byOrganisation, byCourse, byKind, byMonth},
			Compute:    makeup{of: "attendances", count: countCame}.told(attendances),
		},
		{
			ID: "training.people", Title: "People trained",
			Counts: "Different people who came to at least one session of a full training course: up to the end of the day, " +
				"since records began; or in the period.",
			Unit: "people", Kind: figure.Cumulative, Protection: figure.Staff, Source: fromRecords, Version: 1,
			Watch: onlyCourses + " People are told apart by name and e-mail address, or without an address by name and " +
				"organisation. " +
				"Somebody who changed sector is in both, so sectors can add up to more than the total.",
			Dimensions: []figure.Dimension{byProgramme, bySector, byKind},
			Compute:    makeup{of: "people", count: countPeople, overlaps: true}.told(peopleTrained),
		},
		{
			ID: "training.sector_percent", Title: "Share of attendances from a sector",
			Counts:      "The share of training attendances in the period that were by people of one sector.",
			Numerator:   "Attendances by people of the sector",
			Denominator: "All attendances, of whatever sector, at the same events",
			Unit:        "%", Kind: figure.Flow, Protection: figure.Staff, Source: fromRecords, Version: 1,
			Watch:      onlyCourses + " It is a share of attendances and not of people. Say which sector, or ask by sector.",
			Dimensions: []figure.Dimension{byProgramme, bySector, byCourse, byKind, byMonth},
			Compute:    makeup{of: "attendances", count: countCame, share: true, sector: true}.told(sectorPercent),
		},
		{
			ID: "training.places_used_percent", Title: "Booked places that were used",
			Counts:      "The share of places booked on sessions in the period to which the person who booked came.",
			Numerator:   "Bookings whose person came, or came and left early",
			Denominator: "Bookings whose person came, left early, did not come or cancelled too late",
			Unit:        "%", Kind: figure.Flow, Protection: figure.Staff, Source: fromRecords, Version: 1,
			Watch: onlyCourses + " Those who walked in used no booked place. Places given back in time, and bookings " +
				"that nobody has marked, are left out.",
			Dimensions: []figure.Dimension{byProgramme, bySector, byOrganisation, byCourse, byKind, byMonth},
			Compute:    makeup{of: "booked places", count: countBooked, share: true}.told(placesUsed),
		},
		{
			ID: "conference.attendees", Title: "Annual event attendees",
			Counts: "People who came to the partnership's annual events in the period, each once for each event.",
			Unit:   "professionals", Kind: figure.Flow, Protection: figure.Open, Source: fromRecords, Version: 1,
			Watch:      "Taken from the register: people who ran a stall are counted only if they were on it.",
			Dimensions: []figure.Dimension{byConference, bySector},
			Compute: func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
				return figureValues(ctx, s, conferenceAsk(ask), func(t, _ outcome) figure.Value { return figure.Of(t.Came) })
			},
		},
		{
			ID: "conference.presentations", Title: "Annual event presentations",
			Counts: "Presentations given at the partnership's annual events in the period.",
			Unit:   "presentations", Kind: figure.Flow, Protection: figure.Open,
			Source: "The programme of each annual event, entered in Kith", Version: 1,
			Dimensions: []figure.Dimension{byConference},
			Compute:    conference(countPresentations),
		},
		{
			ID: "conference.stalls", Title: "Organisations with a stall at the annual event",
			Counts: "Organisations that had a stall in the market place of the partnership's annual events in the period, " +
				"each once for each event.",
			Unit: "organisations", Kind: figure.Flow, Protection: figure.Open,
			Source: "The stalls of each annual event, entered in Kith", Version: 1,
			Dimensions: []figure.Dimension{byConference},
			Compute:    conference(countStalls),
		},
	}
}

// A cut is an ask as the queries need it.
type cut struct {
	From, To                                           db.Date
	Programme, Kind, Mode, Sector, Organisation, Title string
	Month                                              string
	By                                                 string
}

// anyKind asks for every kind of course.
const anyKind = "*"

// cutOf narrows to full training events, unless the ask says which kind or asks
// for all of them side by side.
func cutOf(ask figure.Ask) cut {
	c := cut{
		From: ask.Period.From, To: ask.Period.To, By: ask.By,
		Programme: ask.Where["programme"], Kind: ask.Where["kind"], Mode: ask.Where["mode"], Sector: ask.Where["sector"],
		Organisation: names.Key(ask.Where["organisation"]), Title: names.Key(ask.Where["course"] + ask.Where["conference"]),
		Month: ask.Where["month"],
	}
	if !ask.At.IsZero() {
		c.From, c.To = period.NewDate(firstYear, 1, 1), ask.At
	}
	if c.Kind == "" {
		c.Kind = "course"
		if c.By == "kind" {
			c.Kind = anyKind
		}
	}
	return c
}

// conferenceAsk narrows an ask to conferences.
func conferenceAsk(ask figure.Ask) figure.Ask {
	where := map[string]string{"kind": "conference"}
	for k, v := range ask.Where {
		where[k] = v
	}
	ask.Where = where
	return ask
}

// An outcome is what the bookings of one cut come to. All of the room's figures about
// people are made of it.
type outcome struct {
	Cut    string
	Came   int64 // attendances
	Used   int64 // booked places whose person came
	Wasted int64 // booked places whose person did not, or cancelled too late
}

// figureValues makes a value of each outcome of an ask, given also that of all of
// them without the By.
func figureValues(ctx context.Context, s *figure.Snapshot, ask figure.Ask,
	value func(t, all outcome) figure.Value) ([]figure.Value, error) {
	c := cutOf(ask)
	list, err := outcomes(ctx, s.Work, c)
	if err != nil {
		return nil, err
	}
	rows, inputs, err := sources(ctx, s, ask, c)
	if err != nil {
		return nil, err
	}
	if ask.By == "" && len(list) == 0 {
		list = []outcome{{}}
	}
	if ask.By == "sector" {
		sectors, err := register.ReadSectors(ctx, s.Work)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(list, func(a, b outcome) int { return sectors.Place(a.Cut) - sectors.Place(b.Cut) })
	}
	var all outcome
	for _, t := range list {
		all.Came += t.Came
	}
	var out []figure.Value
	for _, t := range list {
		v := value(t, all)
		v.Rows, v.Inputs = rows[t.Cut], inputs
		if ask.By != "" {
			v = v.At(ask.By, t.Cut)
		}
		out = append(out, v)
	}
	return out, nil
}

// sources gives how many bookings each part of a cut was counted from, and the
// files they came in, if the ask wants them.
func sources(ctx context.Context, s *figure.Snapshot, ask figure.Ask, c cut) (map[string]int64, []figure.Input, error) {
	if !ask.Sources {
		return nil, nil, nil
	}
	list, err := countBookings(ctx, s.Work, c)
	if err != nil {
		return nil, nil, err
	}
	rows := byCut(list)
	inputs, err := inputs(ctx, s, ask, c)
	return rows, inputs, err
}

func inputs(ctx context.Context, s *figure.Snapshot, ask figure.Ask, c cut) ([]figure.Input, error) {
	if !ask.Sources {
		return nil, nil
	}
	ids, err := importsRead(ctx, s.Work, c)
	if err != nil {
		return nil, err
	}
	return register.Inputs(ctx, s.Work, ids)
}

// attendances counts the times that somebody came.
func attendances(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	return figureValues(ctx, s, ask, func(t, _ outcome) figure.Value { return figure.Of(t.Came) })
}

// placesUsed divides the booked places whose person came by all of them.
func placesUsed(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	return figureValues(ctx, s, ask, func(t, _ outcome) figure.Value { return figure.Ratio(t.Used, t.Used+t.Wasted) })
}

// peopleTrained counts different people, in each part that anybody booked in.
func peopleTrained(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	list, err := countPeople(ctx, s.Work, cutOf(ask))
	if err != nil {
		return nil, err
	}
	n := byCut(list)
	return figureValues(ctx, s, ask, func(t, _ outcome) figure.Value { return figure.Of(n[t.Cut]) })
}

// sectorPercent divides the attendances of a sector by those of all sectors at the
// same events, cut in the same way.
func sectorPercent(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	sector := ask.Where["sector"]
	if ask.By == "sector" && sector == "" {
		return figureValues(ctx, s, ask, func(t, all outcome) figure.Value { return figure.Ratio(t.Came, all.Came) })
	}
	if sector == "" {
		sectors, err := register.ReadSectors(ctx, s.Work)
		if err != nil {
			return nil, err
		}
		return nil, &figure.BadAsk{Words: "say which sector, such as sector=local-authority, or ask by sector: the " +
			"sectors are " + lang.Join(sectors.IDs())}
	}
	if ask.By == "sector" {
		ask.By = ""
		values, err := sectorPercent(ctx, s, ask)
		for i := range values {
			values[i] = values[i].At("sector", sector)
		}
		return values, err
	}
	of := cutOf(ask)
	mine, err := outcomes(ctx, s.Work, of)
	if err != nil {
		return nil, err
	}
	came := map[string]int64{}
	for _, t := range mine {
		came[t.Cut] = t.Came
	}
	all := ask
	all.Where = without(ask.Where, "sector")
	return figureValues(ctx, s, all, func(t, _ outcome) figure.Value { return figure.Ratio(came[t.Cut], t.Came) })
}

// events counts sessions that took place.
func events(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
	c := cutOf(ask)
	counts, err := countEvents(ctx, s.Work, c)
	if err != nil {
		return nil, err
	}
	inputs, err := inputs(ctx, s, ask, c)
	if err != nil {
		return nil, err
	}
	return counted(ask, counts, inputs), nil
}

// conference makes the compute of what a conference has.
func conference(count func(context.Context, db.Reader, cut) ([]counting, error)) func(context.Context, *figure.Snapshot,
	figure.Ask) ([]figure.Value, error) {
	return func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
		counts, err := count(ctx, s.Work, cutOf(conferenceAsk(ask)))
		if err != nil {
			return nil, err
		}
		return counted(ask, counts, nil), nil
	}
}

// A counting is how many there are in one cut.
type counting struct {
	Cut string
	N   int64
}

func counted(ask figure.Ask, counts []counting, inputs []figure.Input) []figure.Value {
	if ask.By == "" && len(counts) == 0 {
		counts = []counting{{}}
	}
	var out []figure.Value
	for _, c := range counts {
		v := figure.Of(c.N)
		v.Rows, v.Inputs = c.N, inputs
		if ask.By != "" {
			v = v.At(ask.By, c.Cut)
		}
		out = append(out, v)
	}
	return out
}
