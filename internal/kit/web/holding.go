package web

// A Holding is something that hangs on a person and is to be handed over when they leave.
type Holding struct {
	What  string     // what it is: "Action"
	Title string     // which: "Write the neglect toolkit, due 3 May 2024"
	Href  string     // where it is handed over
	May   Permission // with which one reads its title
}
