package csvtable_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// Sub-totals by labels: "north/ash" is part of "north".
func ExampleRead() {
	text := "area,count\nnorth,20\nnorth/ash,3\nnorth/elm,17\nsouth,9\nTotal,29\n"
	t, err := csvtable.Read(strings.NewReader(text), csvtable.Options{Symbol: "[c]"})
	if err != nil {
		log.Fatal(err)
	}
	dfe, err := sdc.ProfileNamed("dfe")
	if err != nil {
		log.Fatal(err)
	}
	r := sdc.Release{Tables: []sdc.Table{t.Table}}
	res, err := sdc.Protect(context.Background(), r, sdc.Options{Profile: dfe})
	if err != nil {
		log.Fatal(t.Explain(err))
	}
	var out strings.Builder
	if err := t.Write(&out, &res.Released.Tables[0]); err != nil {
		log.Fatal(err)
	}
	fmt.Print(out.String())

	_, err = csvtable.Read(strings.NewReader("area,count\nnorth,20\nsouth,2.5\n"), csvtable.Options{})
	fmt.Println(err)
	// Output:
	// area,count
	// north,20
	// north/ash,[c]
	// north/elm,[c]
	// south,9
	// Total,29
	// row 3: the count "2.5" is not whole; a count is a whole number, without a decimal point
}
