package plan

import (
	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// A share is which of the actions a reader may read, and so has counted and listed: everybody's,
// or those that are the reader's own and their organisation's. Words say which it is, so that a
// count of some is never taken for a count of all.
type share struct {
	All          bool // everybody's
	Organisation bool // the reader does actions for an organisation
}

func shareOf(by web.Person) share {
	return share{All: actionRules.MayAll(by, access.Read), Organisation: len(by.ActsFor(access.PlanRead)) > 0}
}

// yours names the actions of a reader who does not read everybody's.
func (s share) yours() string {
	if s.Organisation {
		return "Your organisation's actions"
	}
	return "Your actions"
}

// Heading is over a column of how many are done.
func (s share) Heading() string {
	if s.All {
		return "Actions done"
	}
	return s.yours() + " done"
}

// Of says how many are done, under the heading: "1 of 4".
func (s share) Of(actions, done int64) string {
	if !s.All && actions == 0 {
		return "None"
	}
	return lang.Number(int(done)) + " of " + lang.Number(int(actions))
}

// Row is the line of a record's page that says how many are done.
func (s share) Row(actions, done int64, listed int) (key, words string) {
	switch {
	case s.All && actions == 0 && listed == 0:
		return "Actions", "None yet"
	case s.All && actions == 0:
		return "Actions", "All of them were dropped"
	case s.All:
		return "Actions", s.Of(actions, done) + " done"
	case actions > 0:
		return s.yours(), s.Of(actions, done) + " done"
	case listed > 0:
		return s.yours(), "All of them were dropped"
	}
	return "Actions", s.none()
}

// none says that no action is the reader's.
func (s share) none() string {
	if s.Organisation {
		return "None of its actions is your organisation's"
	}
	return "None of its actions is yours"
}

// Empty stands in the place of a list of actions that has none.
func (s share) Empty() string {
	if s.All {
		return "No actions in the register."
	}
	return s.none() + "."
}

// Without names the choice of the recommendations that have no action.
func (s share) Without() string {
	if s.All {
		return "Without an action"
	}
	return "Without an action of yours"
}

// Standing is how a recommendation stands, by the actions that the reader may read.
func (s share) Standing(v Recommendation) Tag {
	switch {
	case s.All || v.Done < v.Actions:
		return v.Standing()
	case v.Actions == 0:
		return Tag{"quiet", "None of yours"}
	}
	return Tag{"good", "All of yours done"}
}
