package app

import (
	"testing"

	"kith/internal/kit/intake"
)

// What would be asked about is at fault for who checks files, once where it is a finding already.
func TestCheckTellsDoubts(t *testing.T) {
	t.Parallel()
	b := &intake.Batch{Doubts: []string{"Nobody came.", "list.csv: the header is of another year."}}
	b.Add(intake.Finding{File: "list.csv", Rule: "year", Message: "the header is of another year."})
	addDoubts(b)
	if b.Found != 2 || b.Findings[1].Message != "Asked about before it is loaded: Nobody came." {
		t.Errorf("%d: %+v", b.Found, b.Findings)
	}
}
