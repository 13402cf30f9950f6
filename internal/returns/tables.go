package returns

import "kith/internal/kit/sheet"

// A columnSpec is one column of an SSDA903 table.
type columnSpec struct {
	name  string
	also  string // its name in the XML, where it differs
	what  string // in words
	date  bool
	codes string // name of its code set
	needs string // the figure that cannot do without the column
}

// A tableSpec is one table of the SSDA903.
type tableSpec struct {
	name       string
	columns    []columnSpec
	start, end string // the dates between which a row's fact holds
	head       []sheet.Column
}

const (
	tableHeader   = "Header"
	tableEpisodes = "Episodes"
	tableLeavers  = "OC3"
)

// tables903 are the tables of the SSDA903 as exported to CSV: 2020-21 to 2025-26.
var tables903 = withHeads([]tableSpec{
	{name: tableHeader, columns: []columnSpec{
		{name: "CHILD", also: "CHILDID", what: "the child's number", needs: lookedAfter},
		{name: "SEX", what: "sex", codes: "sex", needs: lookedAfter},
		{name: "DOB", what: "date of birth", date: true, needs: lookedAfter},
		{name: "ETHNIC", what: "ethnic group", codes: "ethnic_group"},
		{name: "UPN"}, {name: "MOTHER"}, {name: "MC_DOB", date: true},
	}},
	{name: tableEpisodes, start: "DECOM", end: "DEC", columns: []columnSpec{
		{name: "CHILD", what: "the child's number", needs: lookedAfter},
		{name: "DECOM", what: "start of the episode", date: true, needs: lookedAfter},
		{name: "RNE", codes: "rne"},
		{name: "LS", what: "legal status", codes: "legal_status", needs: lookedAfter},
		{name: "CIN", codes: "primary_need"},
		{name: "PLACE", also: "PL", what: "placement type", codes: "placement", needs: lookedAfter},
		{name: "PLACE_PROVIDER", codes: "provider"},
		{name: "DEC", what: "end of the episode", date: true, needs: lookedAfter},
		{name: "REC", codes: "rec"},
		{name: "REASON_PLACE_CHANGE"}, {name: "HOME_POST"}, {name: "PL_POST"}, {name: "URN"},
	}},
	{name: "Reviews", columns: []columnSpec{{name: "CHILD"}, {name: "DOB", date: true}, {name: "REVIEW", date: true},
		{name: "REVIEW_CODE"}}},
	{name: "UASC", columns: []columnSpec{{name: "CHILD"}, {name: "SEX", codes: "sex"}, {name: "DOB", date: true},
		{name: "DUC", date: true}}},
	{name: "OC2", columns: []columnSpec{
		{name: "CHILD"}, {name: "DOB", date: true}, {name: "SDQ_SCORE"}, {name: "SDQ_REASON"}, {name: "CONVICTED"},
		{name: "HEALTH_CHECK"}, {name: "IMMUNISATIONS"},
		{name: "TEETH_CHECK"}, {name: "HEALTH_ASSESSMENT"}, {name: "SUBSTANCE_MISUSE"}, {name: "INTERVENTION_RECEIVED"},
		{name: "INTERVENTION_OFFERED"},
	}},
	{name: tableLeavers, columns: []columnSpec{{name: "CHILD"}, {name: "DOB", date: true}, {name: "IN_TOUCH"},
		{name: "ACTIV"}, {name: "ACCOM"}}},
	{name: "AD1", columns: []columnSpec{
		{name: "CHILD"}, {name: "DOB", date: true}, {name: "DATE_INT", date: true}, {name: "DATE_MATCH", date: true},
		{name: "FOSTER_CARE"}, {name: "NB_ADOPTR"}, {name: "SEX_ADOPTR"}, {name: "LS_ADOPTR"},
	}},
	{name: "Placed for adoption", start: "DATE_PLACED", end: "DATE_PLACED_CEASED", columns: []columnSpec{
		{name: "CHILD"}, {name: "DOB", date: true}, {name: "DATE_PLACED", date: true},
		{name: "DATE_PLACED_CEASED", date: true}, {name: "REASON_PLACED_CEASED"},
	}},
	{name: "Previous permanence", columns: []columnSpec{{name: "CHILD"}, {name: "DOB", date: true}, {name: "PREV_PERM"},
		{name: "LA_PERM"}, {name: "DATE_PERM"}}},
	{name: "Missing", start: "MIS_START", end: "MIS_END", columns: []columnSpec{{name: "CHILD"}, {name: "DOB", date: true},
		{name: "MISSING"}, {name: "MIS_START", date: true}, {name: "MIS_END", date: true}}},
	{name: "Social worker episodes", start: "SW_DECOM", end: "SW_DEC", columns: []columnSpec{
		{name: "CHILD"}, {name: "DOB", date: true}, {name: "SW_ID"}, {name: "SW_DECOM", date: true},
		{name: "SW_DEC", date: true}, {name: "SW_REASON"},
	}},
	{name: "Deprivation of liberty", start: "DOLO_START", end: "DOLO_END",
		columns: []columnSpec{{name: "CHILD"}, {name: "DOB", date: true}, {name: "DOLO_START", date: true},
			{name: "DOLO_END", date: true}}},
})

func withHeads(specs []tableSpec) []tableSpec {
	for i, s := range specs {
		for _, c := range s.columns {
			col := sheet.Column{Name: c.name}
			if c.also != "" {
				col.Also = []string{c.also}
			}
			specs[i].head = append(specs[i].head, col)
		}
	}
	return specs
}

// recognise tells which table a row is the header of, if any. Two columns that
// only such a table has are enough; or one, when nearly all columns are its own.
func recognise(cells []string) (*tableSpec, sheet.Head) {
	filled := 0
	for _, c := range cells {
		if c != "" {
			filled++
		}
	}
	var best *tableSpec
	var head sheet.Head
	most := 0
	for i := range tables903 {
		spec := &tables903[i]
		h := sheet.MatchHead(cells, spec.head)
		own := len(h.At)
		for _, common := range []string{"CHILD", "DOB"} {
			if h.Index(common) >= 0 {
				own--
			}
		}
		share := 100 * len(h.At) / max(filled, 1)
		if (own >= 2 && share >= 50 || own == 1 && h.Index("CHILD") >= 0 && share >= 75) && own > most {
			best, head, most = spec, h, own
		}
	}
	return best, head
}
