package intake

// A Move is what an import would do to one figure: what it is by what is loaded, and
// what it would be after.
type Move struct {
	Title   string // of the figure, with terms marked
	Period  string // the year it is of, 2023-24
	Against string // the year of Before: the same, or the year before it
	Before  int64
	After   int64
}

// largeFrom is the least count whose move is asked about: smaller ones move by chance.
const largeFrom = 20

// Large reports whether the figure moves by more than a third: people are asked whether
// that is so, since most often it is a file cut short, a column read as something else
// or a year given wrongly.
func (m Move) Large() bool {
	if max(m.Before, m.After) < largeFrom {
		return false
	}
	apart := m.After - m.Before
	return 3*max(apart, -apart) > m.Before
}

// Replaces reports whether Before is what the import would take the place of.
func (m Move) Replaces() bool { return m.Period == m.Against }
