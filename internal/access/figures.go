package access

import "kith/internal/kit/web"

// smallCounts are the counts of children that are so small that they could tell who they are.
const smallCounts = "small counts"

// Figures are the rules about figures, which several rooms show: the one kind of record that
// no room keeps by itself.
var Figures = Kind{Name: "figure", Rules: []Rule{
	{Do: Read, Needs: FiguresRead},
	{Do: Read, Fields: []string{smallCounts}, Needs: FiguresRestricted},
}}

// SeesSmallCounts reports whether a person may see counts of children that are cut small.
func SeesSmallCounts(by web.Person) bool { return Figures.May(by, Read, Object{}, smallCounts) }
