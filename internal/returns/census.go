package returns

import (
	"context"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A needChild is a child of the census, as far as counting needs.
type needChild struct {
	id             string // gone with the reader
	line           int64
	born, expected period.Date
	sex, ethnic    string
	cases          []needCase
	plans          []plan
	detailed       bool // there is a part about the need, whatever it says
}

// A needCase is one episode of need: from a referral to its closure.
type needCase struct {
	from, to period.Date // to is zero while it is open
	need     string
}

// A plan is one child protection plan.
type plan struct {
	from, to period.Date
	category string
}

func (c needCase) openOn(d period.Date) bool {
	return !c.from.After(d) && (c.to.IsZero() || c.to.After(d))
}

func (p plan) openOn(d period.Date) bool {
	return !p.from.After(d) && (p.to.IsZero() || p.to.After(d))
}

// A census is the file of one children in need census.
type census struct {
	file      string
	year      period.Year // what it is read as
	authority string
	children  []needChild
	index     map[string]int
	n         *notes
	dates     dater
	ids       *sheet.Identifiers
	lost      losses // episodes of need
	kept      int
	lostPlans losses
	keptPlans int
	nameless  tallied // records left out because they are about no child
	copies    int     // records of a child that an earlier one is about
	late      int     // episodes of need that begin after the year
	within    int     // starts and ends in the year
	shut      planEnds
	swaps     swaps // of starts and ends
	ages      ageCheck
	closed    gap             // episodes of need
	filled    map[string]bool // elements that say something somewhere, named as in parts
	parts     map[string]int  // elements by name, and by the part they stand in: CINdetails/CINreferralDate
	strangers []stranger
	extras    map[string]bool
	stated    bool // the header says which year it is of
	dated     bool // something in it falls in the year
}

// censusElements are the elements of the census from 2020-21 to 2025-26, by the
// element they stand in. Others are noted as extra.
var censusElements = map[string]string{
	"CollectionDetails": "Collection Year ReferenceDate",
	"Source":            "SourceLevel LEA SoftwareCode Release SerialNo DateTime",
	"Child":             "ChildIdentifiers ChildCharacteristics CINdetails",
	"ChildIdentifiers": "LAchildID UPN FormerUPN UPNunknown UniqueLearnerNumber PersonBirthDate " +
		"ExpectedPersonBirthDate GenderCurrent Sex PersonDeathDate PersonSchoolName",
	"ChildCharacteristics": "Ethnicity Disabilities",
	"Disabilities":         "Disability",
	"CINdetails": "CINreferralDate ReferralSource PrimaryNeedCode CINclosureDate ReasonForClosure " +
		"DateOfInitialCPC Assessments CINPlanDates Section47 ReferralNFA ChildProtectionPlans PreProceedingsandFGDM",
	"Assessments": "AssessmentActualStartDate AssessmentInternalReviewDate " +
		"AssessmentAuthorisationDate FactorsIdentifiedAtAssessment",
	"FactorsIdentifiedAtAssessment": "AssessmentFactors",
	"CINPlanDates":                  "CINPlanStartDate CINPlanEndDate",
	"Section47":                     "S47ActualStartDate InitialCPCtarget DateOfInitialCPC ICPCnotRequired",
	"ChildProtectionPlans": "CPPstartDate CPPendDate InitialCategoryOfAbuse LatestCategoryOfAbuse " +
		"NumberOfPreviousCPP Reviews",
	"Reviews": "CPPreviewDate",
	"PreProceedingsandFGDM": "PPStartDate LBPSentDate FGDMMeetingOffer FGDMMeetingFac InitialPPMeetingDate " +
		"ReviewMeetingsCount StepDecisionDate PPOutcome CourtAppDate LetterInitCPDate",
}

// readCensus reads a census file, one child at a time.
func readCensus(ctx context.Context, f intake.File, src intake.Source, n *notes) (*census, error) {
	x, closer, err := openXML(f, n)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	start, err := x.start()
	if err != nil {
		return nil, err
	}
	if start == nil || start.Name.Local != "Message" {
		name := ""
		if start != nil {
			name = start.Name.Local
		}
		return nil, notXMLOfKind(f, CINCensus, name)
	}
	c := &census{file: f.Name, index: map[string]int{}, n: n, extras: map[string]bool{}, parts: map[string]int{},
		filled: map[string]bool{}, ids: sheet.NewIdentifiers()}
	c.dates = dater{file: f.Name, n: n, cells: sheet.NewCells(),
		form: yearFirst, wants: "2023-06-14", odd: map[string]bool{}}
	headed := false
	for {
		start, err := x.start()
		if err != nil {
			return nil, err
		}
		if start == nil {
			break
		}
		switch start.Name.Local {
		case "Header":
			e, err := x.subtree(start)
			if err != nil {
				return nil, err
			}
			if err := c.header(&e, src); err != nil {
				return nil, err
			}
			headed = true
		case "Children":
			if !headed {
				if err := c.header(&element{line: x.line()}, src); err != nil {
					return nil, err
				}
				headed = true
			}
			if err := c.readChildren(ctx, x); err != nil {
				return nil, fatal(f.Name, err)
			}
		default:
			c.extra(start.Name.Local, "Message", x.line())
			if err := x.skip(); err != nil {
				return nil, err
			}
		}
	}
	if len(c.children) == 0 {
		return nil, intake.Refuse(f.Name, "there is no child in the return; look whether the export was finished")
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	if err := c.checkCases(); err != nil {
		return nil, err
	}
	if err := c.checkWhole(); err != nil {
		return nil, err
	}
	c.checkUncounted()
	c.shut.ask(n, c.file)
	c.swaps.ask(n, c.file, "CINclosureDate", c.year)
	c.checkTwins()
	c.ages.ask(n, c.file, "PersonBirthDate")
	return c, c.checkYear()
}

// checkCases refuses a census most of whose children have no part about when they
// were in need: it has another name, or was not exported.
func (c *census) checkCases() error {
	without, first := 0, int64(0)
	for _, child := range c.children {
		if child.detailed {
			continue
		}
		if without++; without == 1 {
			first = child.line
		}
	}
	if without <= max(len(c.children)/2, fewLosses) {
		return nil
	}
	return &intake.Fatal{File: c.file, Line: first, Words: lang.Number(without) + " of the " +
		lang.Number(len(c.children)) + " children have no CINdetails, so that they would be counted " +
		"nowhere; look whether that part of the return was exported, and under its own name"}
}

// checkYear asks about a census in which nothing falls in the year that its header
// states, and refuses one whose header states none.
func (c *census) checkYear() error {
	switch {
	case c.dated && c.within == 0 && c.kept >= largeTable:
		c.n.doubt(c.file, 0, "", ruleOutsideYear, "Of the %s episodes of need not one began or ended in %s, and neither did "+
			"a plan. Look whether the year in the header is right.", lang.Number(c.kept), c.year)
		return nil
	case c.dated:
		return nil
	case !c.stated:
		return intake.Refuse(c.file, "nothing in the return falls in %s: this looks like the return of another year; give "+
			"the right year, or the right file", c.year)
	}
	c.n.doubt(c.file, 0, "", ruleOutsideYear,
		"The header says that the return is of %s, but nothing in it falls in that year. Look whether its dates are right.",
		c.year)
	return nil
}

func (c *census) readChildren(ctx context.Context, x *xmlReader) error {
	defer c.n.within(0)
	for i := 1; ; i++ {
		c.n.within(i)
		start, err := x.start()
		if err != nil || start == nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if start.Name.Local != "Child" {
			c.extra(start.Name.Local, "Children", x.line())
			if err := x.skip(); err != nil {
				return err
			}
			continue
		}
		e, err := x.subtree(start)
		if err != nil {
			return err
		}
		if err := c.child(&e); err != nil {
			return err
		}
	}
}

// header reads what the return says of itself: its collection, year and authority.
func (c *census) header(e *element, src intake.Source) error {
	c.extraIn(e)
	var details, source element
	if k := e.kid("CollectionDetails"); k != nil {
		details = *k
	}
	if k := e.kid("Source"); k != nil {
		source = *k
	}
	switch collection := strings.ToUpper(details.get("Collection")); collection {
	case "CIN":
	case "":
		c.n.add(c.file, e.line, "Collection", ruleMissingValue,
			"The header does not say that this is the CIN collection. It was read as one; add <Collection>CIN</Collection>.")
	default:
		what := collections[collection]
		if what == "" {
			what = "a return of another collection (" + cut(collection) + ")"
		}
		return intake.Refuse(c.file, "this is %s, not %s.", what, wanted[CINCensus])
	}
	if err := c.setYear(&details, src.Year); err != nil {
		return err
	}
	return c.setAuthority(&source, src)
}

// setYear finds which year the return is of. Its header says so twice: by the
// date the children are counted at, and by the calendar year that the collection
// is named for.
func (c *census) setYear(details *element, given period.Year) error {
	var stated []period.Year
	ref, ok := c.dates.read(details.get("ReferenceDate"), "ReferenceDate", details.lineOf("ReferenceDate"),
		"The year was taken from elsewhere.")
	if ok && !ref.IsZero() {
		stated = append(stated, period.YearOf(ref))
		if ref != period.YearOf(ref).End() {
			c.n.add(c.file, details.lineOf("ReferenceDate"), "ReferenceDate", ruleHeaderYear,
				"The reference date is %s. A census refers to 31 March; put in that date.", ref.Words())
		}
	}
	if y := number(details.get("Year")); y > 2000 && y < 2100 {
		named := period.Year(y - 1)
		if len(stated) > 0 && ref.Year != y {
			c.n.doubt(c.file, details.lineOf("Year"), "Year", ruleHeaderYear,
				"The header says year %d, and reference date %s. A census is named for the year of its reference date; fix one "+
					"of the two.", y, ref.Words())
		}
		stated = append(stated, named)
		if len(stated) > 1 && ref != period.YearOf(ref).End() {
			stated[0], stated[1] = stated[1], stated[0]
		}
	}
	c.stated = len(stated) > 0
	switch {
	case given == 0 && len(stated) == 0:
		return intake.Refuse(c.file, "the return's header does not say which year it is of: give the year, such as 2023-24")
	case given == 0:
		c.year = stated[0]
		return nil
	}
	c.year = given
	for _, y := range stated {
		if y == given {
			return nil
		}
	}
	if len(stated) > 0 {
		return intake.Refuse(c.file, "the return says that it is of %s, not of %s; give the right year, or the right file",
			stated[0], given)
	}
	return nil
}

func (c *census) setAuthority(source *element, src intake.Source) error {
	given := src.Authority
	lea := source.get("LEA")
	says, known := authorityOf(lea, c.year)
	c.authority = given
	switch {
	case given == "" && known:
		c.authority = says.gss
	case given == "" && src.Sole != "":
		c.authority = src.Sole
	case given == "":
		return intake.Refuse(c.file, "the return's header does not name an English authority by its number; say which "+
			"authority it is of")
	case known && says.gss != given:
		return &intake.Fatal{File: c.file, Line: source.lineOf("LEA"), Words: "the return's header names authority " + lea +
			" (" + says.name + ", " + says.gss + "), and it is given for " + given +
			"; give the right authority, or the right file"}
	}
	return nil
}

// child reads one child's record.
func (c *census) child(e *element) error {
	c.n.row(c.file)
	c.extraIn(e)
	ids := e.kid("ChildIdentifiers")
	id, err := "", error(nil)
	if ids != nil {
		id, err = c.ids.Read("LAchildID", ids.get("LAchildID"), ids.lineOf("LAchildID"))
	}
	switch {
	case err != nil:
		return err
	case id == "":
		c.n.add(c.file, e.line, "LAchildID", ruleMissingValue,
			"The record does not say which child it is about and was left out. Put in the authority's number of the child.")
		c.nameless.add(e.line)
		return nil
	case strings.Trim(id, "0") == "", sheet.IsSummary(ids.get("LAchildID")), sheet.IsPeriod(ids.get("LAchildID")):
		c.n.add(c.file, ids.lineOf("LAchildID"), "LAchildID", ruleTotal, "The record is no child’s: its number says that it "+
			"adds up others, or is nought. It was left out; take it out of the file.")
		c.nameless.add(e.line)
		return nil
	}
	child := needChild{id: id, line: e.line}
	child.born, _ = c.dates.read(ids.get("PersonBirthDate"), "PersonBirthDate", ids.lineOf("PersonBirthDate"),
		"The child's age is counted as not known.")
	child.born = c.ages.see(c.n, c.file, "PersonBirthDate", ids.lineOf("PersonBirthDate"), child.born, c.year.Span().From)
	child.expected, _ = c.dates.read(ids.get("ExpectedPersonBirthDate"), "ExpectedPersonBirthDate",
		ids.lineOf("ExpectedPersonBirthDate"), "No figure depends on it.")
	c.dates.read(ids.get("PersonDeathDate"), "PersonDeathDate", ids.lineOf("PersonDeathDate"), "No figure depends on it.")
	child.sex = c.sex(ids)
	child.ethnic = unknown
	if k := e.kid("ChildCharacteristics"); k != nil {
		child.ethnic = c.code(k, "Ethnicity", "ethnic_group")
	}
	for i := range e.kids {
		if e.kids[i].name == "CINdetails" {
			child.detailed = true
			c.details(&child, &e.kids[i])
		}
	}
	c.keep(child)
	return nil
}

// keep adds a child, or adds to a child that an earlier record was about.
func (c *census) keep(child needChild) {
	at, twice := c.index[child.id]
	if !twice {
		c.index[child.id] = len(c.children)
		c.children = append(c.children, child)
		return
	}
	first := &c.children[at]
	c.copies++
	c.n.add(c.file, child.line, "LAchildID", ruleDuplicate,
		"The child has an earlier record on line %d. The two were read as one child; put them together.", first.line)
	first.detailed = first.detailed || child.detailed
	first.cases = append(first.cases, child.cases...)
	first.plans = append(first.plans, child.plans...)
}

func (c *census) sex(ids *element) string {
	field := "Sex"
	if ids.kid(field) == nil {
		field = "GenderCurrent"
	}
	g, how := codes()["sex"].group(ids.get(field))
	switch how {
	case blank:
		c.n.add(c.file, ids.lineOf(field), field, ruleMissingValue,
			"The child's sex is not given. It is counted as not recorded.")
	case odd:
		c.n.add(c.file, ids.lineOf(field), field, ruleCode, "%s is not a code of sex. It is counted as not recorded.",
			shown(ids.get(field)))
	}
	if g == unknown {
		return "not-recorded"
	}
	return g
}

// code gives the group of a coded element, and notes a code that is not one.
func (c *census) code(e *element, field, set string) string {
	g, how := codes()[set].group(c.dates.cells.Text(field, e.get(field), e.lineOf(field)))
	switch how {
	case odd:
		c.n.add(c.file, e.lineOf(field), field, ruleCode, "%s is not a code of %s. It is counted as not known.",
			shown(e.get(field)), field)
	case inWords:
		c.n.add(c.file, e.lineOf(field), field, ruleCode, "%s is not how the guide writes a code of %s; it was understood.",
			shown(e.get(field)), field)
	}
	return g
}

// extraIn notes elements that the census does not have where they stand.
func (c *census) extraIn(e *element) {
	names, known := censusElements[e.name]
	c.see(e)
	for i := range e.kids {
		k := &e.kids[i]
		if known && !strings.Contains(" "+names+" ", " "+k.name+" ") {
			c.extra(k.name, e.name, k.line)
			continue
		}
		if len(k.kids) > 0 {
			c.extraIn(k)
		}
	}
}

func (c *census) extra(name, within string, line int64) {
	key := within + "/" + name
	if c.extras[key] || len(c.extras) >= perRule {
		return
	}
	c.extras[key] = true
	c.strangers = append(c.strangers, stranger{within, name, line})
	c.n.add(c.file, line, cut(name), ruleExtraElement,
		"The element is not one that the census has in %s. It was not read. Said once.", within)
}
