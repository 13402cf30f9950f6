package demo_test

import (
	"slices"
	"testing"

	"kith/internal/kit/period"
)

// attended are the statuses of somebody who was there.
var attended = map[string]bool{"attended": true, "walk-in": true, "left-early": true}

// delivered counts the events that somebody came to, and the attendances by sector.
func delivered(bookings []map[string]string, span period.Span, programme, kind string) (events map[string]int,
	sectors map[string]int, all int) {
	events, sectors = map[string]int{}, map[string]int{}
	for _, b := range bookings {
		if b["programme"] == programme && b["kind"] == kind && span.Contains(day(b["session_start"])) &&
			attended[b["status"]] {
			events[b["course"]+b["session_start"]]++
			sectors[b["sector"]]++
			all++
		}
	}
	return events, sectors, all
}

func TestTraining(t *testing.T) {
	t.Parallel()
	bookings := rows(t, "training-history.csv")
	year := period.Year(2023).Span()

	events, sectors, all := delivered(bookings, year, "multi-agency", "course")
	equal(t, "multi-agency events", len(events), 60)
	equal(t, "multi-agency attendances", all, 956)
	equal(t, "of the local authority", sectors["local-authority"], 478)
	order := []string{"local-authority", "health", "education", "voluntary-community", "early-years", "police",
		"criminal-justice", "housing", "fire-rescue"}
	for i, s := range order[1:] {
		if sectors[s] == 0 || sectors[s] >= sectors[order[i]] {
			t.Errorf("attendances by sector out of order: %v", sectors)
		}
	}
	for e, n := range events {
		if n < 2 {
			t.Errorf("%s has %d attendances: taking one away would take away an event", e, n)
		}
	}
	events, _, all = delivered(bookings, year, "education", "course")
	equal(t, "education events", len(events), 31)
	equal(t, "education attendances", all, 493)
	events, _, all = delivered(bookings, period.Span{From: period.NewDate(2023, 4, 1), To: period.NewDate(2023, 12, 31)},
		"conference", "conference")
	equal(t, "conferences", len(events), 1)
	equal(t, "conference attendees", all, 327)

	people := map[string]map[string]bool{"before": {}, "ever": {}}
	seated := map[string]bool{}
	for _, b := range bookings {
		on := day(b["session_start"])
		if b["programme"] == "systemic-practice" && attended[b["status"]] {
			people["ever"][b["email"]] = true
			if !on.Before(period.NewDate(2022, 9, 1)) && !on.After(period.NewDate(2023, 10, 31)) {
				people["before"][b["email"]] = true
			}
		}
		if day(b["booked_on"]).After(on) || day(b["session_end"]).Before(on) {
			t.Errorf("days out of order: %v", b)
		}
		key := b["course"] + b["session_start"] + b["email"]
		equal(t, "two bookings of one person: "+key, seated[key], false)
		seated[key] = true
	}
	equal(t, "trained in systemic practice by the launch", len(people["before"]), 634)
	if later := len(people["ever"]) - len(people["before"]); later < 50 {
		t.Errorf("only %d trained since", later)
	}
}

func TestOneAttendanceLess(t *testing.T) {
	t.Parallel()
	bookings := rows(t, "training-history.csv")
	year := period.Year(2023).Span()
	i := slices.IndexFunc(bookings, func(b map[string]string) bool {
		return b["programme"] == "multi-agency" && b["status"] == "attended" && year.Contains(day(b["session_start"]))
	})
	events, _, all := delivered(slices.Delete(bookings, i, i+1), year, "multi-agency", "course")
	equal(t, "attendances", all, 955)
	equal(t, "events", len(events), 60)
}
