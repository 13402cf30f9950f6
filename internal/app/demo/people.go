package demo

import (
	"fmt"
	"slices"
	"strings"
)

// A Person is somebody who works with children in Tidewell. None of them exists.
type Person struct {
	Name         string
	Email        string
	JobTitle     string
	Organisation string
	Sector       string
}

var (
	firstNames = strings.Fields(`Ada Aisha Alan Alice Amir Angela Anita Annika Arjun Asha Barnaby Beatrix Bethan Bilal
		Bridget Callum Carmel Cassie Cecily Chloe Claudia Clement Connie Dafydd Daphne Declan Delia Dinah Dorothy Edmund Edith
		Elias Elodie Emeka Enid Esme Ewan Farah Felix Fergus Fiona Flora Freddie Gareth Gemma Gideon Greta Gwen Hamish Hana
		Harriet Hettie Hugo Ibrahim Idris Imogen Ines Iona Isla Ivor Jasmin Jemima Joan Jonah Josie Judith Kamal Keir Kezia
		Kirsty Laila Lachlan Leonie Lettie Lowri Lucian Lydia Mabel Magnus Maeve Marcus Marnie Mina Morgan Nadia Ned Nell
		Nerys Niamh Olive Omar Oona Otis Padma Pearl Perran Petra Phoebe Priya Quentin Rafe Ravi Rhona Roisin Rowan Rufus
		Sadie Samir Selina Seren Silas Sunita Tabitha Tamsin Tariq Teddy Thea Tilda Tobias Una Verity Vikram Wendy Winifred
		Yasmin Yusuf Zara Zeb`)
	surnames = strings.Fields(`Abara Adeyinka Alderwick Appleyard Ashgrove Attwell Bainbrook Balewa Barnwell Beckinsford
		Bellweather Birchall Blakemere Bramhope Brightwell Broadhurst Calloway Camberton Chandrasekar Chantrey Cloverley
		Coldbrook Coverdale Cranwick Dallimore Dasgupta Deepwell Dewhirst Dunmore Eastlake Ellerby Elmsworth Fairbourne
		Farrowdale Fenwater Fernhough Foxcroft Gadsby Galbraithe Garside Goldthorpe Greystock Hallowes Harebell Hartgrove
		Hazelwick Heatherley Hollinbrook Hopwell Hussaini Ingleby Ironside Jessop Kaminara Kellaway Kerridge Kestrelton
		Kingswell Lambourne Larkspur Leatherby Lindqvist Longmire Lovelock Mackinder Maddoxley Malhotra Marlowe Meadowcroft
		Merriweather Millington Moorcraft Nightingale Northway Oakhanger Okonjo Oldroyd Orchard Osterley Pemberley Penhallow
		Pickersgill Plumley Pomeroy Quayle Quickthorn Rainford Ravenscar Redfearn Ridgeway Rosewarne Rushbrook Sandalwood
		Seabright Selwick Shepperton Silverdale Skelwith Southerby Stanhope Stonebridge Sundaram Swallowfield Tallentire
		Thistlewood Thornbury Tregarthen Underhay Vasquera Verrall Wadebrook Wainscott Waterhouse Weatherby Westerdale
		Whitlock Wildgoose Winterbourne Woodruff Wychwood Yarrow Yelverton Zielinska`)
)

var jobTitles = map[string][]share[string]{
	"local-authority": {{36, "Social worker"}, {14, "Senior social worker"}, {9, "Team manager"},
		{14, "Family support worker"}, {9, "Early help practitioner"}, {5, "Personal adviser"},
		{4, "Independent reviewing officer"}, {4, "Youth justice worker"}, {5, "Education welfare officer"}},
	"health": {{18, "Health visitor"}, {12, "School nurse"}, {10, "Midwife"}, {14, "Nurse"},
		{8, "Paediatrician"}, {8, "General practitioner"}, {8, "Speech and language therapist"},
		{10, "Mental health practitioner"}, {6, "Named nurse for safeguarding"}, {6, "Practice manager"}},
	"education": {{30, "Designated safeguarding lead"}, {16, "Deputy safeguarding lead"}, {14, "Headteacher"},
		{14, "Teacher"}, {10, "Pastoral lead"}, {8, "Learning mentor"}, {8, "School governor"}},
	"early-years": {{34, "Nursery manager"}, {44, "Early years practitioner"}, {22, "Childminder"}},
	"police": {{40, "Police constable"}, {26, "Detective constable"}, {14, "Police sergeant"},
		{10, "Detective sergeant"}, {10, "Police community support officer"}},
	"criminal-justice": {{44, "Probation officer"}, {26, "Family court adviser"}, {30, "Resettlement worker"}},
	"voluntary-community": {{34, "Support worker"}, {18, "Project manager"}, {16, "Youth worker"},
		{14, "Domestic abuse adviser"}, {10, "Volunteer co-ordinator"}, {8, "Recovery worker"}},
	"housing":     {{60, "Housing officer"}, {40, "Tenancy support worker"}},
	"fire-rescue": {{60, "Community safety officer"}, {40, "Firefighter"}},
	"other":       {{100, "Safeguarding lead"}},
}

// People lists the staff of Tidewell's agencies and schools who come to training,
// by organisation. The personas are among them, so that whoever takes a persona's
// place finds what that person was trained in.
func People() []Person {
	d := diceFor("people")
	names := make([]string, 0, len(firstNames)*len(surnames))
	for _, f := range firstNames {
		for _, s := range surnames {
			names = append(names, f+" "+s)
		}
	}
	shuffle(d, names)
	var out []Person
	for _, o := range Organisations() {
		for range o.Staff {
			name := names[len(out)]
			out = append(out, Person{
				Name: name, Email: fmt.Sprintf("%s@%s", strings.ToLower(strings.ReplaceAll(name, " ", ".")), o.Domain),
				JobTitle: draw(d, jobTitles[o.Sector]), Organisation: o.Name, Sector: o.Sector,
			})
		}
	}
	for _, p := range Personas {
		i := slices.IndexFunc(out, func(o Person) bool {
			return o.Organisation == p.Organisation && !strings.HasSuffix(o.Email, personaDomain)
		})
		if i >= 0 {
			out[i].Name, out[i].Email = p.Name, p.Role+personaDomain
		}
	}
	return out
}

// personaDomain ends the e-mail addresses of personas, which begin with their role.
const personaDomain = "@demonstration.example"
