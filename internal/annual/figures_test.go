package annual

import (
	"context"
	"maps"
	"slices"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// sampleFigures are stand-ins for the figures of the other rooms, with the
// values that the demonstration year has.
func sampleFigures(stores figure.Stores) *figure.Registry {
	sector := figure.Dimension{ID: "sector", Title: "Sector", Public: true, Label: func(s string) string {
		return map[string]string{"local-authority": "Local authority", "health": "Health", "education": "Education",
			"early-years": "Early years", "police": "Police", "criminal-justice": "Criminal justice",
			"voluntary-community": "Voluntary and community"}[s]
	}}
	programme := figure.Dimension{ID: "programme", Title: "Programme", Public: true}
	organisation := figure.Dimension{ID: "organisation", Title: "Organisation"}
	open := func(id string) figure.Dimension { return figure.Dimension{ID: id, Title: id, Public: true} }
	parts := func(id, title string) figure.Dimension {
		return figure.Dimension{ID: id, Title: title, Public: true, Partitions: true}
	}
	type row struct {
		id, title, unit string
		kind            figure.Kind
		protection      figure.Protection
		dims            []figure.Dimension
	}
	rows := []row{
		{"visits.total", "Visits to the website", "visits", figure.Flow, figure.Open, nil},
		{"contacts.received", "Contacts to children’s social care", "contacts", figure.Flow, figure.Child,
			[]figure.Dimension{parts("source", "Who made contact"), parts("outcome", "What came of it"),
				{ID: "authority", Title: "Authority"}}},
		{"contacts.referred_percent", "Contacts that became referrals", "%", figure.Flow, figure.Child, nil},
		{"few.children_percent", "Children of a few", "%", figure.Stock, figure.Child, nil},
		{"most.children_percent", "Children seen in time", "%", figure.Stock, figure.Child, nil},
		{"cpp.open", "Children on a child protection plan", "children", figure.Stock, figure.Child,
			[]figure.Dimension{parts("category", "Category of abuse"), parts("age_band", "Age")}},
		{"cin.open", "Children in need", "children", figure.Stock, figure.Child, nil},
		{"cin.open.other", "Other children in need", "children", figure.Stock, figure.Child, nil},
		{"cla.open", "Children looked after", "children", figure.Stock, figure.Child,
			[]figure.Dimension{parts("placement", "Placement")}},
		{"alike.open", "Children who are alike", "children", figure.Stock, figure.Child,
			[]figure.Dimension{{ID: "harm", Title: "Harm", Public: true, Partitions: true, Sensitive: true}}},
		{"whole.open", "Children in all", "children", figure.Stock, figure.Child, nil},
		{"nearly.open", "Nearly all of them", "children", figure.Stock, figure.Child, nil},
		{"few.children", "A few children", "children", figure.Stock, figure.Child, nil},
		{"partner.told", "What a partner told us", "children", figure.Flow, figure.Open, nil},
		{"earlyhelp.started", "Early help begun", "episodes", figure.Flow, figure.Child, nil},
		{"training.people", "People trained", "people", figure.Cumulative, figure.Staff, []figure.Dimension{programme}},
		{"training.events", "Training events", "events", figure.Flow, figure.Staff, []figure.Dimension{programme}},
		{"training.attendances", "Training attendances", "attendances", figure.Flow, figure.Staff,
			[]figure.Dimension{programme, sector, organisation}},
		{"training.sector_percent", "Share of attendances by sector", "%", figure.Flow, figure.Staff,
			[]figure.Dimension{programme, sector}},
		{"conference.attendees", "People at the Big Learn", "people", figure.Flow, figure.Staff, nil},
		{"conference.presentations", "Presentations at the Big Learn", "presentations", figure.Flow, figure.Open, nil},
		{"conference.stalls", "Stalls at the Big Learn", "stalls", figure.Flow, figure.Open, nil},
		{"reviews.published", "Reviews published", "reviews", figure.Flow, figure.Open, []figure.Dimension{open("kind")}},
		{"reviews.completed", "Reviews completed", "reviews", figure.Flow, figure.Open, []figure.Dimension{open("kind")}},
		{"audits.multi_agency", "Multi-agency audits", "audits", figure.List, figure.Open, []figure.Dimension{open("theme")}},
		{"audits.returns", "Section 11 and 175 returns", "returns", figure.Flow, figure.Open,
			[]figure.Dimension{open("standard")}},
		{"audits.returns_percent", "Section 11 and 175 returns received", "%", figure.Flow, figure.Open,
			[]figure.Dimension{open("standard")}},
		{"plan.priorities", "Priorities", "priorities", figure.List, figure.Open, nil},
		{"plan.priorities_achieved", "Progress on priorities", "priorities", figure.List, figure.Open,
			[]figure.Dimension{open("status")}},
	}
	var defs []figure.Definition
	for _, r := range rows {
		d := figure.Definition{ID: r.id, Title: r.title, Counts: "What " + r.title + " counts.", Unit: r.unit, Kind: r.kind,
			Protection: r.protection, Source: "Records", Version: 1, Dimensions: r.dims,
			Universe: r.id}
		if r.id == "nearly.open" {
			d.Identities = []figure.Identity{{{Factor: 1, Figure: "whole.open"}, {Factor: -1, Figure: r.id},
				{Factor: -1, Count: "the others"}}}
		}
		if r.unit == "%" {
			d.Numerator, d.Denominator = "those that did", "all of them"
		}
		d.Compute = func(_ context.Context, _ *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
			return sampleValues(r.id, a), nil
		}
		defs = append(defs, d)
	}
	return figure.NewRegistry(stores, defs...)
}

var sampleInput = []figure.Input{{Import: "im1", Kind: "training-history", File: "training-history.csv",
	SHA256: "9f2ce1a79f2ce1a79f2ce1a79f2ce1a79f2ce1a79f2ce1a79f2ce1a79f2ce1a7"}}

func sampleValues(id string, a figure.Ask) []figure.Value {
	counts := map[string]int64{
		"visits.total": 43000, "contacts.received": 24312, "cpp.open": 372, "cin.open": 2819, "cin.open.other": 1702,
		"few.children": 3, "alike.open": 30, "whole.open": 440, "nearly.open": 438,
		"conference.attendees": 342, "conference.presentations": 18, "conference.stalls": 32,
	}
	byTime := map[string]map[string]int64{
		"cla.open":          {"2022-03-31": 822, "2023-03-31": 801, "2024-03-31": 777},
		"earlyhelp.started": {"2021-22": 2104, "2022-23": 2310, "2023-24": 2715},
	}
	bySector := []struct {
		sector string
		n      int64
	}{{"local-authority", 478}, {"health", 214}, {"voluntary-community", 104}, {"early-years", 77}, {"police", 55},
		{"criminal-justice", 28}}
	byTheme := []string{"Children aged 0 to 5 who are looked after", "Parental substance misuse", "Pre-birth arrangements",
		"Child exploitation"}
	if dim := slices.Sorted(maps.Keys(a.Where)); len(dim) == 1 && len(sampleCuts[id+" "+dim[0]]) > 0 {
		for _, x := range sampleCuts[id+" "+dim[0]] {
			if x.value == a.Where[dim[0]] {
				return []figure.Value{figure.Of(x.n)}
			}
		}
		return []figure.Value{figure.Of(0)}
	}
	if parts := sampleCuts[id+" "+a.By]; len(parts) > 0 {
		var out []figure.Value
		for _, x := range parts {
			out = append(out, figure.Of(x.n).At(a.By, x.value))
		}
		return out
	}
	switch id {
	case "cla.open":
		return []figure.Value{figure.Of(byTime[id][a.At.String()])}
	case "earlyhelp.started":
		return []figure.Value{figure.Of(byTime[id][a.Period.String()])}
	case "partner.told":
		v := figure.Of(120)
		v.Attested = "Told by the health trust"
		return []figure.Value{v}
	case "few.children_percent":
		return []figure.Value{figure.Ratio(3, 40)}
	case "most.children_percent":
		return []figure.Value{figure.Ratio(37, 40)}
	case "contacts.referred_percent":
		return []figure.Value{figure.Ratio(8104, 24312)}
	case "training.people":
		return []figure.Value{figure.Of(643)}
	case "training.events":
		return programmeValues(a, map[string]int64{"multi-agency": 60, "education": 31})
	case "training.attendances":
		if a.By == "sector" {
			var out []figure.Value
			for _, s := range bySector {
				out = append(out, figure.Of(s.n).At("sector", s.sector))
			}
			return out
		}
		v := programmeValues(a, map[string]int64{"multi-agency": 956, "education": 493})
		for i := range v {
			v[i].Rows, v[i].Inputs = 1337, sampleInput
		}
		return v
	case "training.sector_percent":
		if a.By == "sector" {
			var out []figure.Value
			for _, s := range bySector {
				out = append(out, figure.Ratio(s.n, 956).At("sector", s.sector))
			}
			return out
		}
		i := slices.IndexFunc(bySector, func(s struct {
			sector string
			n      int64
		}) bool {
			return s.sector == a.Where["sector"]
		})
		if i < 0 {
			return []figure.Value{figure.Ratio(0, 956)}
		}
		return []figure.Value{figure.Ratio(bySector[i].n, 956)}
	case "reviews.published":
		return kindValues(a, map[string]int64{"statutory": 2})
	case "reviews.completed":
		return kindValues(a, map[string]int64{"learning": 2, "commissioned": 1})
	case "audits.multi_agency":
		return named(a, "theme", byTheme, byTheme)
	case "audits.returns", "audits.returns_percent":
		var out []figure.Value
		for i, s := range []string{"Leadership", "Safer recruitment", "Training", "Voice of the child"} {
			v := figure.Of(int64(20 + i))
			if id == "audits.returns_percent" {
				v = figure.Ratio(int64(20+i), 40)
			}
			out = append(out, v.At("standard", s))
		}
		if a.By == "" && id == "audits.returns" {
			return []figure.Value{figure.Of(86)}
		}
		if a.By == "" {
			return []figure.Value{figure.Ratio(86, 92)}
		}
		return out
	case "plan.priorities":
		v := figure.Of(3)
		v.Items = []string{"Embedding systemic practice", "Safeguarding and education", "Embedding change"}
		return []figure.Value{v}
	case "plan.priorities_achieved":
		return named(a, "status", []string{"achieved", "remains to do"}, []string{"Neglect", "Early help"})
	}
	return []figure.Value{figure.Of(counts[id])}
}

// A samplePart is one part of a cut.
type samplePart struct {
	value string
	n     int64
}

// sampleCuts are the figures about children in parts.
var sampleCuts = map[string][]samplePart{
	"contacts.received source":  {{"police", 10312}, {"schools", 9000}, {"health", 5000}},
	"contacts.received outcome": {{"referral", 8104}, {"advice", 10000}, {"no-further-action", 6208}},
	"alike.open harm":           {{"neglect", 30}},
	"cpp.open category":         {{"neglect", 156}, {"emotional", 150}, {"physical", 47}, {"sexual", 19}},
	"cpp.open age_band":         {{"unborn", 2}, {"0-4", 113}, {"5-9", 135}, {"10-15", 112}, {"16-17", 9}, {"18-over", 1}},
	"cla.open placement":        {{"relative", 268}, {"foster", 375}, {"adoption", 6}, {"parents", 61}, {"homes", 67}},
}

func programmeValues(a figure.Ask, counts map[string]int64) []figure.Value {
	return dimValues(a, "programme", counts)
}

func kindValues(a figure.Ask, counts map[string]int64) []figure.Value {
	return dimValues(a, "kind", counts)
}

func dimValues(a figure.Ask, dim string, counts map[string]int64) []figure.Value {
	if a.By == dim {
		var out []figure.Value
		for _, k := range slices.Sorted(func(yield func(string) bool) {
			for k := range counts {
				if !yield(k) {
					return
				}
			}
		}) {
			out = append(out, figure.Of(counts[k]).At(dim, k))
		}
		return out
	}
	if k := a.Where[dim]; k != "" {
		return []figure.Value{figure.Of(counts[k])}
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	return []figure.Value{figure.Of(all)}
}

func named(a figure.Ask, dim string, values, items []string) []figure.Value {
	if a.By == dim {
		var out []figure.Value
		for _, x := range values {
			out = append(out, figure.Of(1).At(dim, x))
		}
		return out
	}
	v := figure.Of(int64(len(items)))
	v.Items = items
	return []figure.Value{v}
}

var y2023 = period.Year(2023)
