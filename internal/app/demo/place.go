package demo

import "strings"

// A Ward is a part of Tidewell.
type Ward struct {
	Code     string
	Name     string
	Children int // residents aged 0 to 17, invented like the ward
}

// Wards are Tidewell's fourteen wards, the poorest first.
var Wards = []Ward{
	{"E05990001", "Harbourside", 6410}, {"E05990002", "Lantern Quay", 5820}, {"E05990003", "Saltmarsh", 5670},
	{"E05990004", "Gull Point", 5240}, {"E05990005", "Millrace", 5110}, {"E05990006", "Kelp Lane", 4980},
	{"E05990007", "Cobble Hill", 4760}, {"E05990008", "Oyster Bank", 4690}, {"E05990009", "Marram", 4520},
	{"E05990010", "Beaconfield", 4410}, {"E05990011", "Netherby Sands", 4180}, {"E05990012", "St Brannoc", 3960},
	{"E05990013", "Upper Tidewell", 3720}, {"E05990014", "Fairlight Rise", 3390},
}

// An Organisation is an agency of the partnership. Schools are organisations too.
type Organisation struct {
	Name             string
	Sector           string // as training counts it: "health", "police" …
	StatutoryPartner bool   // one of the three safeguarding partners
	RelevantAgency   bool   // named in the published arrangements
	School           string // phase of a school or college: "primary", "secondary" …; empty for the others
	Domain           string // of its e-mail addresses
	Staff            int    // how many of its staff come to training in the demonstration
	AnswersSection11 bool
}

// agencies are the organisations that are not schools.
var agencies = []Organisation{
	{Name: Council + ": Children's Social Care", Sector: "local-authority", StatutoryPartner: true,
		Domain: "tidewell.example", Staff: 260, AnswersSection11: true},
	{Name: Council + ": Early Help and Family Hubs", Sector: "local-authority", Domain: "tidewell.example", Staff: 120,
		AnswersSection11: true},
	{Name: Council + ": Youth Justice Service", Sector: "local-authority", Domain: "tidewell.example", Staff: 28,
		AnswersSection11: true},
	{Name: Council + ": Education and Inclusion", Sector: "local-authority", Domain: "tidewell.example", Staff: 40,
		AnswersSection11: true},
	{Name: Council + ": Public Health", Sector: "local-authority", Domain: "tidewell.example", Staff: 14,
		AnswersSection11: true},
	{Name: Council + ": Adult Social Care", Sector: "local-authority", Domain: "tidewell.example", Staff: 40,
		AnswersSection11: true},
	{Name: Council + ": Libraries and Leisure", Sector: "local-authority", Domain: "tidewell.example", Staff: 18,
		AnswersSection11: true},
	{Name: "NHS Saltcoast Integrated Care Board", Sector: "health", StatutoryPartner: true,
		Domain: "saltcoast-icb.example", Staff: 24, AnswersSection11: true},
	{Name: "Saltcoast Community Health Trust", Sector: "health", RelevantAgency: true, Domain: "saltcoast-health.example",
		Staff: 130, AnswersSection11: true},
	{Name: "Tidewell General Hospital Trust", Sector: "health", RelevantAgency: true, Domain: "tidewell-general.example",
		Staff: 84, AnswersSection11: true},
	{Name: "Saltcoast Mental Health Trust", Sector: "health", RelevantAgency: true, Domain: "saltcoast-mind.example",
		Staff: 46, AnswersSection11: true},
	{Name: "Tidewell Primary Care Network", Sector: "health", RelevantAgency: true, Domain: "tidewell-pcn.example",
		Staff: 30, AnswersSection11: true},
	{Name: "Saltcoast Ambulance Service", Sector: "health", RelevantAgency: true, Domain: "saltcoast-ambulance.example",
		Staff: 8, AnswersSection11: true},
	{Name: "Shoreline Sexual Health", Sector: "health", RelevantAgency: true, Domain: "shoreline-health.example", Staff: 8,
		AnswersSection11: true},
	{Name: "Saltcoast Police", Sector: "police", StatutoryPartner: true, Domain: "saltcoast-police.example", Staff: 62,
		AnswersSection11: true},
	{Name: "Office of the Saltcoast Police and Crime Commissioner", Sector: "police", RelevantAgency: true,
		Domain: "saltcoast-pcc.example", Staff: 6, AnswersSection11: true},
	{Name: "Probation Service: Tidewell", Sector: "criminal-justice", RelevantAgency: true,
		Domain: "saltcoast-probation.example", Staff: 24, AnswersSection11: true},
	{Name: "Tidewell Family Court Advisers", Sector: "criminal-justice", RelevantAgency: true,
		Domain: "tidewell-court.example", Staff: 12, AnswersSection11: true},
	{Name: "Marram Point Young Offender Institution", Sector: "criminal-justice", RelevantAgency: true,
		Domain: "marram-point.example", Staff: 10, AnswersSection11: true},
	{Name: "Saltcoast Fire and Rescue Service", Sector: "fire-rescue", RelevantAgency: true,
		Domain: "saltcoast-fire.example", Staff: 18, AnswersSection11: true},
	{Name: "Quayside Homes", Sector: "housing", RelevantAgency: true, Domain: "quayside-homes.example", Staff: 14,
		AnswersSection11: true},
	{Name: "Headland Housing Association", Sector: "housing", RelevantAgency: true, Domain: "headland-housing.example",
		Staff: 10, AnswersSection11: true},
	{Name: "Harbour Lights Nursery", Sector: "early-years", Domain: "harbour-lights.example", Staff: 18},
	{Name: "Little Limpets Pre-school", Sector: "early-years", Domain: "little-limpets.example", Staff: 14},
	{Name: "Pebbles Day Nursery", Sector: "early-years", Domain: "pebbles-nursery.example", Staff: 20},
	{Name: "Sandcastles Childcare", Sector: "early-years", Domain: "sandcastles.example", Staff: 16},
	{Name: "Starfish Nursery Group", Sector: "early-years", RelevantAgency: true, Domain: "starfish-nurseries.example",
		Staff: 26, AnswersSection11: true},
	{Name: "Tidewell Childminding Network", Sector: "early-years", RelevantAgency: true,
		Domain: "tidewell-childminding.example", Staff: 16, AnswersSection11: true},
	{Name: "Anchor Family Support", Sector: "voluntary-community", RelevantAgency: true, Domain: "anchor-families.example",
		Staff: 26, AnswersSection11: true},
	{Name: "Breakwater Domestic Abuse Service", Sector: "voluntary-community", RelevantAgency: true,
		Domain: "breakwater.example", Staff: 22, AnswersSection11: true},
	{Name: "Kittiwake Young Carers", Sector: "voluntary-community", RelevantAgency: true, Domain: "kittiwake.example",
		Staff: 12, AnswersSection11: true},
	{Name: "Lifebelt Drug and Alcohol Recovery", Sector: "voluntary-community", RelevantAgency: true,
		Domain: "lifebelt.example", Staff: 16, AnswersSection11: true},
	{Name: "Open Water Youth Project", Sector: "voluntary-community", RelevantAgency: true, Domain: "open-water.example",
		Staff: 18, AnswersSection11: true},
	{Name: "Tidewell Parent Carer Forum", Sector: "voluntary-community", Domain: "tidewell-carers.example", Staff: 6},
	{Name: "Compass Advocacy", Sector: "voluntary-community", RelevantAgency: true, Domain: "compass-advocacy.example",
		Staff: 8, AnswersSection11: true},
	{Name: "Tidewell Council for Voluntary Service", Sector: "voluntary-community", RelevantAgency: true,
		Domain: "tidewell-cvs.example", Staff: 10, AnswersSection11: true},
	{Name: "Seawall Counselling", Sector: "voluntary-community", Domain: "seawall.example", Staff: 8,
		AnswersSection11: true},
	{Name: "Tidewell Foodbank Network", Sector: "voluntary-community", Domain: "tidewell-food.example", Staff: 6},
	{Name: "Mosaic Faith Forum", Sector: "voluntary-community", RelevantAgency: true, Domain: "mosaic-faith.example",
		Staff: 8, AnswersSection11: true},
	{Name: "Tidewell Rovers Community Trust", Sector: "voluntary-community", RelevantAgency: true,
		Domain: "tidewell-rovers.example", Staff: 8, AnswersSection11: true},
	{Name: "Rockpool Arts", Sector: "voluntary-community", Domain: "rockpool-arts.example", Staff: 4},
	{Name: "Coastline Fostering", Sector: "voluntary-community", RelevantAgency: true,
		Domain: "coastline-fostering.example", Staff: 10, AnswersSection11: true},
	{Name: "Tidewell Leisure Partnership", Sector: "other", RelevantAgency: true, Domain: "tidewell-leisure.example",
		Staff: 6, AnswersSection11: true},
	{Name: "Border Officers, Port of Tidewell", Sector: "other", RelevantAgency: true, Domain: "port-of-tidewell.example",
		Staff: 4, AnswersSection11: true},
	{Name: "Saltcoast Passenger Transport", Sector: "other", RelevantAgency: true, Domain: "saltcoast-transport.example",
		Staff: 4, AnswersSection11: true},
}

// Organisations lists every agency, school and college of Tidewell, agencies
// first.
func Organisations() []Organisation {
	out := append([]Organisation(nil), agencies...)
	return append(out, schools()...)
}

var (
	schoolPlaces = []string{
		"Anchor Road", "Barnacle Bay", "Beaconfield", "Birch Hill", "Boathouse Lane", "Brannoc", "Breakwater", "Cable Street",
		"Cobble Hill", "Compass Park", "Coral Road", "Curlew Fields", "Driftwood", "Dunes", "Eastcliff", "Fairlight",
		"Ferry Lane",
		"Fishergate", "Gannet Way", "Gorse Hill", "Gull Point", "Harbour Street", "Heron Mere", "Highlight", "Kelp Lane",
		"Kingfisher", "Lantern Quay", "Larkfield", "Limpet Lane", "Lower Tidewell", "Marram", "Meadowsweet", "Millrace",
		"Netherby", "Northcliff", "Oyster Bank", "Pebble Ridge", "Plover Park", "Ropewalk", "Saltmarsh",
		"Samphire", "Sandpiper", "Seaholly", "Shingle Street", "Skylark", "Southcliff", "Tern Road", "Thrift Hill",
	}
	saints = []string{"St Brannoc's", "St Elmo's", "St Morwen's", "St Petroc's", "Our Lady of the Harbour", "Holy Rood",
		"St Keyne's", "All Hallows"}
)

// schools makes up Tidewell's schools and colleges.
func schools() []Organisation {
	var out []Organisation
	add := func(name, phase string, staff int) {
		domain := strings.ToLower(strings.NewReplacer(" ", "-", "'", "", ":", "", "(", "", ")", "").Replace(name)) +
			".example"
		out = append(out, Organisation{Name: name, Sector: "education", School: phase, Domain: domain, Staff: staff})
	}
	for i, place := range schoolPlaces {
		switch i % 4 {
		case 0:
			add(place+" Infant School", "primary", 2)
			add(place+" Junior School", "primary", 3)
		default:
			add(place+" Primary School", "primary", 3)
		}
	}
	for _, s := range saints {
		add(s+" Church Primary School", "primary", 3)
	}
	for _, place := range []string{"Eastcliff", "Fairlight", "Harbour", "Headland", "Lantern", "Marram", "Millrace",
		"Northcliff", "Oyster Bank", "Quayside", "Saltmarsh", "Southcliff", "Tidewell Park", "Westcliff"} {
		add(place+" High School", "secondary", 5)
	}
	for _, place := range []string{"Beachcomber", "Brightwater", "Causeway", "Estuary", "Lighthouse", "Seahorse",
		"Turnstone", "Waypoint"} {
		add(place+" Academy", "secondary", 4)
	}
	for _, place := range []string{"Cove", "Haven", "Inlet", "Lagoon", "Mooring", "Sandbar", "Tideway"} {
		add(place+" School (special)", "special", 4)
	}
	for _, place := range []string{"Cuttlefish", "Periwinkle", "Sea Urchin", "Seashell"} {
		add(place+" Nursery School", "nursery", 3)
	}
	for _, place := range []string{"Jetty", "Slipway", "Windlass"} {
		add(place+" Alternative Provision", "alternative", 3)
	}
	for _, place := range []string{"Breckland House", "Farthing Hall", "Pharos", "Whitesails"} {
		add(place+" School (independent)", "independent", 2)
	}
	for _, place := range []string{"Tidewell Sixth Form", "Tidewell Further Education", "Saltcoast Land and Sea",
		"Tidewell Art"} {
		add(place+" College", "college", 5)
	}
	return out
}
