package names

import "testing"

func TestIsNobody(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"TBC": true, "tba": true, "Name TBC": true, "TBC (Health)": true, "Delegate TBC": true, "TBC TBC": true,
		"To be confirmed": true, "Delegate 1": true, "Delegate1": true,
		"Guest 2": true, "Guest B": true, "Guest": true,
		"Place holder": true, "Placeholder 3": true, "Unknown": true, "UNKNOWN": true, "Not known": true, "72": true,
		"?":    true,
		"12.0": true, "": true, "-": true, "xxx": true, "Attendee 3": true, "Teacher 2": true, "Social Worker 1": true,
		"Reserved": true, "Spare place": true, "Anonymous": true, "N/A": true, "Test User": true,
		"Ann Ash": false, "Ann Guest": false, "Guest, Ann": false, "A B": false, "Bo": false, "X Ash": false, "Ann": false,
		"Teacher": false, "Ann Ash 2": false, "Ann TBC": false, "Tbcara Ash": false, "Xi Xu": false, "Person, Ann": false,
		"José Núñez": false, "李": false,
	} {
		if got := IsNobody(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
