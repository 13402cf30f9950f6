package sdc_test

import (
	"fmt"
	"log"
	"os"

	"kith/sdc"
)

// agesHidden is a release in which two counts are hidden.
func agesHidden() sdc.Release {
	return sdc.Release{Tables: []sdc.Table{table("ages", "age,count\n0-4,[c]\n5-9,[c]\n10-15,32\nTotal,50\n")}}
}

// A percentage that was printed beside a table is read, and what it says of the counts
// becomes facts for the attack.
func ExampleRatio_Facts() {
	scaled, places, err := sdc.ReadPrinted("6.0%")
	if err != nil {
		log.Fatal(err)
	}
	share := sdc.Ratio{Numerator: sdc.Ref{Codes: map[string]string{"age": "0-4"}}, Per: 100, Places: places}
	r := agesHidden()
	if r.Facts, err = share.Facts(scaled); err != nil { // of the grand total, which the table prints
		log.Fatal(err)
	}
	found(attack(sdc.K5, r))
	// Output:
	// age 0-4 must be 3: too close
	// age 5-9 must be 15: too close
	// the release stands: false
}

// Which counts can be behind 12 % of a known number?
func ExampleCountsBehind() {
	for _, denominator := range []int64{50, 500} {
		low, high := sdc.CountsBehind(12, denominator, 100, 0)
		fmt.Printf("12 %% of %d: %d to %d\n", denominator, low, high)
	}
	// Output:
	// 12 % of 50: 6 to 6
	// 12 % of 500: 58 to 62
}

// A bar that is 12 pixels long where one for 50 children is 200 long.
func ExampleBarFact() {
	fact, err := sdc.BarFact(sdc.Ref{Codes: map[string]string{"age": "0-4"}}, 12, 200, 50)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fact.Low, "to", fact.High)
	r := agesHidden()
	r.Facts = []sdc.Fact{fact}
	found(attack(sdc.K5, r))
	// Output:
	// 3 to 3
	// age 0-4 must be 3: too close
	// age 5-9 must be 15: too close
	// the release stands: false
}

// Everything that was ever released, as one table for a spreadsheet.
func ExampleLedger_Export() {
	var ledger sdc.Ledger
	r := agesHidden()
	r.Name = "2024"
	if _, err := ledger.Append(r, dfe()); err != nil {
		log.Fatal(err)
	}
	if err := ledger.Export(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// release,table,population,age,printed
	// 2024,ages,,0-4,[c]
	// 2024,ages,,5-9,[c]
	// 2024,ages,,10-15,32
	// 2024,ages,,Total,50
}
