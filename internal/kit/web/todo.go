package web

import "kith/internal/kit/period"

// A Todo is something that needs a person, on their Home page; or, with Others, something
// that waits for somebody else and that they follow.
type Todo struct {
	Title string      // what it is: "Section 175: 31 schools to go"
	Words string      // what is behind it, with numbers
	Href  string      // where to do it, or where to read of it first
	Act   string      // the act's words: "Chase them"
	Due   period.Date // by when; zero when there is no date
	Late  bool        // overdue, or so urgent that it comes first

	// Post is the address that one press does it at, where nothing has to be written; then
	// Href leads to the record, and Mark is the mark of the record as the reader sees it
	// (Form.Mark), which the press compares.
	Post, Mark string
	Also       []TodoLink // what else the reader may do with it
	Secret     bool       // it stands here only for those who may see the record
	Others     bool       // it waits for somebody else
}

// A TodoLink is a lesser act of a Todo.
type TodoLink struct{ Text, Href string }

// A Day is something with a date, or with a stretch of them, that Home draws in the year.
type Day struct {
	Row         string      // what it is one of: "Meetings"
	Title, Href string      // "Board"
	From, To    period.Date // To is zero for one day
	Law         bool        // the last day that the law allows
}
