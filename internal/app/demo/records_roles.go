package demo

// OwnRole is a role that the invented partnership made for itself, who has it, and the
// organisations that it was given for.
var OwnRole = struct {
	Title, ComesTo string
	Holder         Person
	For            []string
}{"Designated doctor", "Book training and answer audits for the trusts of the area",
	Person{"Isolde Carrick-Nunn", "isolde.carrick-nunn@saltcoast-icb.example", "Designated doctor for safeguarding", icb,
		"health"},
	[]string{"Tidewell General Hospital Trust", "Saltcoast Mental Health Trust"}}
