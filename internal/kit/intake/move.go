package intake

import "kith/internal/kit/period"

// A Move is what an import would do to one figure: what it is by what is loaded, and
// what it would be after.
type Move struct {
	Title   string // of the figure, with terms marked
	Period  string // the year it is of, 2023-24
	Against string // the year of Before: the same, or the year before it; "" when neither is loaded
	Before  int64
	After   int64
	// Earlier is the year before, where Before is of the same year and the one before it is
	// loaded too; "" elsewhere. EarlierCount is its count.
	Earlier      string
	EarlierCount int64
	// Adds is 1 where files add to what is loaded and take the place of only some of it, as
	// those of training do: that such a figure grows is no reason to ask.
	Adds int
	// Beside is 1 where Before is kept beside the year: provisional counts of it, or those
	// of a part of it. It is 2 where Before is of the same months, by the year that is loaded.
	Beside int
}

// largeFrom is the least count whose move is asked about: smaller ones move by chance.
const largeFrom = 20

// Large reports whether the figure moves by more than a third: people are asked whether
// that is so, since most often it is a file cut short, a column read as something else
// or a year given wrongly.
func (m Move) Large() bool {
	if m.Against == "" || m.Adds == 1 && (m.After >= m.Before || !m.Replaces()) || max(m.Before, m.After) < largeFrom {
		return false
	}
	apart := m.After - m.Before
	return 3*max(apart, -apart) > m.Before
}

// Replaces reports whether Before is what the import would take the place of.
func (m Move) Replaces() bool { return m.Period == m.Against }

// NewMove makes the move of a figure of one year from its counts by year: what is loaded of
// the year and of the year before it.
func NewMove(title string, year period.Year, counts map[period.Year]int64, after int64) Move {
	m := Move{Title: title, Period: year.String(), After: after}
	now, held := counts[year]
	earlier, heldEarlier := counts[year-1]
	switch {
	case held:
		m.Against, m.Before = year.String(), now
		if heldEarlier {
			m.Earlier, m.EarlierCount = (year - 1).String(), earlier
		}
	case heldEarlier:
		m.Against, m.Before = (year - 1).String(), earlier
	}
	return m
}
