package training

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// smallYear is a small year that each figure can be counted in by eye.
var smallYear = []string{
	"Working together,multi-agency,course,2023-06-14,,room,Harbour Hall,Ann,ann@example.org,,Tidewell " +
		"Council,local-authority,attended,",
	"Working together,multi-agency,course,2023-06-14,,room,Harbour Hall,Bob,bob@example.org,,Tidewell " +
		"Health,health,walk-in,",
	"Working together,multi-agency,course,2023-06-14,,room,Harbour Hall,Cat,cat@example.org,,Harbour " +
		"School,education,no-show,",
	"Working together,multi-agency,course,2024-03-31,,room,Harbour Hall,Ann,ann@example.org,,Tidewell " +
		"Council,local-authority,left-early,",
	"Working together,multi-agency,course,2024-03-31,,room,Harbour Hall,Dan,dan@example.org,,Tidewell " +
		"Police,police,late-cancelled,",
	"Working together,multi-agency,course,2024-03-31,,room,Harbour Hall,Eve,eve@example.org,,Tidewell " +
		"Police,police,cancelled,",
	"Neglect,education,course,2023-04-01,,online,,Cat,cat@example.org,,Harbour School,education,attended,",
	// the year after
	"Neglect,education,course,2024-04-01,,online,,Cat,cat@example.org,,Harbour School,education,attended,",
	// not a full event
	"Thresholds,multi-agency,briefing,2023-09-01,,online,,Ann,ann@example.org,,Tidewell Council,local-authority,attended,",
	// nobody came
	"Graded care,multi-agency,course,2023-10-01,,online,,Ann,ann@example.org,,Tidewell Council,local-authority,no-show,",
	"Big Learn,conference,conference,2023-06-20,,room,Harbour Hall,Ann,ann@example.org,,Tidewell " +
		"Council,local-authority,attended,",
	"Big Learn,conference,conference,2023-06-20,,room,Harbour Hall,Bob,bob@example.org,,Tidewell Health,health,no-show,",
}

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, smallYear...)}, sure)
		h.ok(err)
		learn, err := sessions(t.Context(), h.Work, sessionFilter{Search: "big learn", Limit: 1})
		h.ok(err)
		for _, name := range []string{"Harbour Trust", "Quay Charity"} {
			_, err := h.AddStall(t.Context(), officer, Stall{SessionID: learn[0].ID, Organisation: name})
			h.ok(err)
		}
		_, err = h.AddPresentation(t.Context(), officer, Presentation{SessionID: learn[0].ID, Title: "Listening to babies"})
		h.ok(err)

		figures := figure.NewRegistry(figure.Stores{Work: s.Work}, h.Figures()...)
		year, day := period.Year(2023).Span(), period.MustDate("2024-03-30")
		for _, c := range []struct{ id, where, by, at, want string }{
			{"training.events", "", "", "", "3"},
			{"training.events", "programme=multi-agency", "", "", "2"},
			{"training.events", "", "mode", "", "online 1, room 2"},
			{"training.events", "", "kind", "", "briefing 1, conference 1, course 3"},
			{"training.attendances", "", "", "", "4"},
			{"training.attendances", "programme=multi-agency", "", "", "3"},
			{"training.attendances", "programme=multi-agency,kind=briefing", "", "", "1"},
			{"training.attendances", "programme=multi-agency", "sector", "",
				"local-authority 2, health 1, education 0, police 0"},
			{"training.attendances", "", "course", "", "Graded care 0, Neglect 1, Working together 3"},
			{"training.attendances", "", "month", "", "2023-04 1, 2023-06 2, 2023-10 0, 2024-03 1"},
			{"training.attendances", "organisation=tidewell council", "", "", "2"},
			{"training.attendances", "programme=none", "", "", "0"},
			{"training.people", "", "", "", "3"},
			{"training.people", "", "", "2024-03-30", "3"},
			{"training.people", "programme=multi-agency", "", "2023-06-13", "0"},
			{"training.people", "", "programme", "2024-04-01", "education 1, multi-agency 2"},
			{"training.sector_percent", "programme=multi-agency,sector=local-authority", "", "", "2/3"},
			{"training.sector_percent", "programme=multi-agency,sector=fire-rescue", "", "", "0/3"},
			{"training.sector_percent", "programme=multi-agency", "sector", "",
				"local-authority 2/3, health 1/3, education 0/3, police 0/3"},
			{"training.sector_percent", "sector=education", "programme", "", "education 1/1, multi-agency 0/3"},
			{"training.sector_percent", "sector=education", "sector", "", "education 1/4"},
			{"training.sector_percent", "sector=education,programme=none", "", "", "0/0"},
			{"training.places_used_percent", "programme=multi-agency", "", "", "2/5"},
			{"conference.attendees", "", "", "", "1"},
			{"conference.attendees", "", "conference", "", "Big Learn 1"},
			{"conference.presentations", "", "", "", "1"},
			{"conference.stalls", "", "", "", "2"},
		} {
			t.Run(strings.Join([]string{c.id, c.where, c.by, c.at}, " "), func(t *testing.T) {
				ask := figure.Ask{Period: year, By: c.by, Where: map[string]string{}}
				if c.at != "" {
					ask.Period, ask.At = period.Span{}, period.MustDate(c.at)
				}
				for pair := range strings.SplitSeq(c.where, ",") {
					if k, v, ok := strings.Cut(pair, "="); ok {
						ask.Where[k] = v
					}
				}
				values, err := figures.Compute(t.Context(), c.id, ask)
				if err != nil {
					t.Fatal(err)
				}
				if got := written(values, c.by); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		}

		for _, c := range []struct{ id, where, by, want string }{
			{"training.events", "", "", "Events by kind of event. Counted: Course (3). Not counted: Briefing (1), Annual event (1), " +
				"E-learning (0) and Other (0). Events by programme: Education 1 + Multi-agency 2 = 3."},
			{"training.events", "programme=multi-agency", "", "Events by kind of event. Counted: Course (2). Not counted: " +
				"Briefing (1), Annual event (0), E-learning (0) and Other (0)."},
			{"training.events", "", "kind", "Events by kind of event. Counted: Course (3), Briefing (1), Annual event (1), " +
				"E-learning (0) and Other (0). Without this cut only full courses are counted."},
			{"training.people", "", "", "People by kind of event. Counted: Course (3). Not counted: Briefing (1), Annual event " +
				"(1), E-learning (0) and Other (0). People by programme: Education 1 and Multi-agency 2. Somebody in several programmes is " +
				"once in the total, so they add up to more."},
			{"training.sector_percent", "sector=health", "", "Attendances by kind of event. Counted: Course (4). Not counted: " +
				"Briefing (1), Annual event (1), E-learning (0) and Other (0)."},
		} {
			ask := figure.Ask{Period: year, By: c.by, Where: map[string]string{}, Sources: true}
			if k, v, ok := strings.Cut(c.where, "="); ok {
				ask.Where[k] = v
			}
			values, err := figures.Compute(t.Context(), c.id, ask)
			h.ok(err)
			h.want("what "+c.id+" is made of", strings.Join(values[0].Makeup, " "), c.want)
		}

		v, err := figures.One(t.Context(), "training.attendances", figure.Ask{Period: year, Sources: true})
		h.ok(err)
		h.want("inputs and rows", fmt.Sprint(len(v.Inputs), v.Inputs[0].Import == rep.ImportID, v.Rows), "1 true 8")
		var bad *figure.BadAsk
		if _, err := figures.One(t.Context(), "training.sector_percent", figure.Ask{Period: year}); !errors.As(err, &bad) {
			t.Error("a share of no sector:", err)
		}
		if _, err := figures.One(t.Context(), "training.events", figure.Ask{At: day}); !errors.As(err, &bad) {
			t.Error("events at a date:", err)
		}
	})
}

// written writes values as text: "room 2" or "2/3".
func written(values []figure.Value, by string) string {
	var out []string
	for _, v := range values {
		s := fmt.Sprint(v.Numerator)
		if v.Denominator != nil {
			s += fmt.Sprintf("/%d", *v.Denominator)
		}
		if by != "" {
			s = v.Dims[by] + " " + s
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}
