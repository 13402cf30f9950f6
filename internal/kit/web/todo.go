package web

import "kith/internal/kit/period"

// A Todo is something that needs a person, on their Home page.
type Todo struct {
	Title string      // what it is: "Section 175: 31 schools to go"
	Words string      // what is behind it, with numbers
	Href  string      // where to do it
	Act   string      // the link's words: "Chase them"
	Due   period.Date // by when; zero when there is no date
	Late  bool        // overdue, or so urgent that it comes first
}
