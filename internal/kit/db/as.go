package db

// A Purpose is what the program itself looks at records for, when nobody asked.
type Purpose string

// The purposes of the program itself.
const (
	ForFigures Purpose = "figures" // to count them, for a report or a page
	ForSearch  Purpose = "search"  // to keep what can be found up to date
	ForUpkeep  Purpose = "upkeep"  // imports, merging of records, and what changes them all
)
