package register

// An Answer is what a safeguarding partner says when they are asked to agree something: a plan,
// the yearly report.
type Answer string

// The answers. A plan is asked about with a question, a report with a change that is wanted.
const (
	Agreed   Answer = "agreed"
	Question Answer = "question"
	Change   Answer = "change"
	Declined Answer = "declined"
)

// Words says what the partner did.
func (a Answer) Words() string {
	switch a {
	case Agreed:
		return "agreed"
	case Question:
		return "asked a question"
	case Change:
		return "asked for a change"
	case Declined:
		return "declined"
	}
	return "not yet"
}

// Tone is how the answer's tag looks.
func (a Answer) Tone() string {
	switch a {
	case Agreed:
		return "good"
	case Question, Change:
		return "watch"
	case Declined:
		return "bad"
	}
	return "quiet"
}
