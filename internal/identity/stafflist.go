package identity

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/sheet"
)

// A staff list is a file of people who join and who leave. It is read, and shown row by row
// with what would be done; nothing is done before somebody confirms it, and then by the same
// actions as on the pages of people, each by its own rules.

// Bounds of a staff list.
const (
	maxStaffList = 2 << 20 // bytes
	maxStaffRows = 1000
)

// Whether somebody joins or leaves.
const (
	joins  = "joins"
	leaves = "leaves"
)

// staffColumns are the columns of a staff list, each with other headers it goes by.
var staffColumns = []sheet.Column{
	{Name: "name", Also: []string{"full name", "person", "staff name"}},
	{Name: "email", Also: []string{"e-mail address", "work e-mail"}},
	{Name: "organisation", Also: []string{"organization", "agency", "employer", "school"}},
	{Name: "job title", Also: []string{"job", "post", "position"}},
	{Name: "role", Also: []string{"roles", "role in kith"}},
	{Name: "joins or leaves", Also: []string{"change", "joins/leaves", "joiner or leaver", "joins"}},
}

// changeWords are how files say that somebody joins or leaves.
var changeWords = map[string]string{"joins": joins, "join": joins, "joiner": joins, "joined": joins, "joining": joins,
	"starts": joins, "starter": joins, "new": joins, "leaves": leaves, "leave": leaves, "leaver": leaves, "left": leaves,
	"leaving": leaves, "ends": leaves}

// A StaffRow is one row of a staff list.
type StaffRow struct {
	Line         int64  `json:"line"`
	Name         string `json:"name"`
	Email        string `json:"email"` // as it is kept: names.Email
	Organisation string `json:"organisation"`
	JobTitle     string `json:"job_title,omitempty"`
	Role         string `json:"role"`   // as the file writes it
	Change       string `json:"change"` // joins, leaves, or what the file writes
	Odd          string `json:"odd,omitempty"`
	PersonID     string `json:"person_id,omitempty"` // whom it was done to
	Done         string `json:"done,omitempty"`      // what was done, in words
}

// Joins reports whether the row says that somebody joins.
func (s StaffRow) Joins() bool { return s.Change == joins }

// ChangeWords say in a word what the row asks for.
func (s StaffRow) ChangeWords() string {
	return map[string]string{joins: "Joins", leaves: "Leaves"}[s.Change]
}

// key tells people of one file apart.
func (s StaffRow) key() string {
	if s.Email != "" {
		return s.Email + "\x00" + names.Person(s.Name)
	}
	return names.Key(s.Organisation) + "\x00" + names.Key(s.Name)
}

// readStaffList reads the rows of a file: a *intake.Fatal says why none can be read.
func readStaffList(in intake.File) ([]StaffRow, error) {
	file, err := sheet.Open(in, in.Limits(sheet.Usual))
	if err != nil {
		return nil, intake.Unreadable(in.Name, err)
	}
	defer file.Close()
	var missing []string
	for _, name := range file.Sheets() {
		rows, lacks, err := readStaffTable(file, name, in.Name)
		if err != nil {
			return nil, intake.Unreadable(in.Name, err)
		}
		if lacks == nil {
			return rows, nil
		}
		if missing == nil || len(lacks) < len(missing) {
			missing = lacks
		}
	}
	return nil, intake.Refuse(in.Name, "The first row has to name the columns; there is none for %s. Take the template",
		lang.Join(missing))
}

// readStaffTable reads one table; lacks names the columns that are needed and not there.
func readStaffTable(file *sheet.File, name, called string) (rows []StaffRow, lacks []string, err error) {
	t, err := file.Table(name)
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	first, err := t.Next()
	if errors.Is(err, io.EOF) {
		return nil, []string{"name", "e-mail", "joins or leaves"}, nil
	} else if err != nil {
		return nil, nil, err
	}
	head := sheet.MatchHead(first.Cells, staffColumns)
	for _, c := range []string{"name", "email", "joins or leaves"} {
		if head.Index(c) < 0 {
			lacks = append(lacks, strings.Replace(c, "email", "e-mail", 1))
		}
	}
	if lacks != nil {
		return nil, lacks, nil
	}
	if more := append(head.Same, head.Twice...); len(more) > 0 {
		return nil, nil, intake.SameTwice(called, first.Line, more[0])
	}
	for {
		row, err := t.Next()
		switch {
		case errors.Is(err, io.EOF) && len(rows) == 0:
			return nil, nil, intake.Refuse(called, "There is no row below the names of the columns")
		case errors.Is(err, io.EOF):
			return rows, nil, t.Cells().Sound()
		case err != nil:
			return nil, nil, err
		case len(rows) == maxStaffRows:
			return nil, nil, intake.Refuse(called, "It has more than %d rows: send it in parts", maxStaffRows)
		}
		if err := t.Within(head.Width, row); err != nil {
			return nil, nil, err
		}
		cell := func(column string) string { return clip(tidy(sheet.Clean(row.Cell(head.Index(column)))), 300) }
		rows = append(rows, staffRow(row.Line, cell))
	}
}

// staffRow reads one row by its columns.
func staffRow(line int64, cell func(column string) string) StaffRow {
	s := StaffRow{Line: line, Name: cell("name"), Email: cleanEmail(cell("email")), Organisation: cell("organisation"),
		JobTitle: cell("job title"), Role: cell("role"), Change: cell("joins or leaves")}
	if change, ok := changeWords[strings.ToLower(s.Change)]; ok {
		s.Change = change
	}
	s.Odd = oddRow(s, cell("email"))
	return s
}

// oddRow says what is wrong with a row by itself; "" when nothing is.
func oddRow(s StaffRow, address string) string {
	odd := strings.IndexFunc(address, func(r rune) bool {
		return r > unicode.MaxASCII && !strings.ContainsRune("’‘‐‑", r)
	})
	switch {
	case s.Name == "":
		return "There is no name"
	case odd >= 0:
		return fmt.Sprintf("The address has a sign that only looks like one of a to z: %q. Write it anew; if it is right, "+
			"add the person by hand", []rune(address[odd:])[0])
	case s.Email != "" && (!intake.IsAddress(s.Email) || !strings.Contains(s.Email, ".")):
		return "The e-mail address is not of the form name@example.org"
	case s.Change != joins && s.Change != leaves:
		return "Write joins or leaves in the last column"
	case s.Joins() && s.Role != "" && s.Email == "":
		return "Who has a role signs in, and needs an e-mail address"
	}
	return ""
}

// rolesIn reads the roles of a cell, with semicolons between: those that can be given, in
// the order of their ids, and the first that is none.
func (c catalogue) rolesIn(cell string) (ids []string, unknown string) {
	offered := c.offered()
	for _, word := range wordsOfRoles(cell) {
		i := slices.IndexFunc(offered, func(r access.Role) bool {
			return names.Key(r.Title) == names.Key(word) || r.ID == strings.ToLower(word)
		})
		if i < 0 {
			return nil, word
		}
		if id := offered[i].ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, ""
}

// wordsOfRoles parts a cell that names roles.
func wordsOfRoles(cell string) (out []string) {
	for _, word := range strings.Split(cell, ";") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// markDoubles says of rows what is wrong with them beside the others: the same person
// twice, joining and leaving, or two who would sign in with one address.
func markDoubles(rows []StaffRow) {
	first, address := map[string]int{}, map[string]int{}
	for i := range rows {
		s := &rows[i]
		if s.Odd != "" {
			continue
		}
		signsIn := s.Joins() && s.Role != ""
		j, twice := first[s.key()]
		k, shared := address[s.Email]
		switch {
		case twice && rows[j].Change != s.Change:
			s.Odd = fmt.Sprintf("Row %d says that the same person %s", rows[j].Line, rows[j].Change)
			rows[j].Odd = fmt.Sprintf("Row %d says that the same person %s", s.Line, s.Change)
		case twice && sameRow(rows[j], *s):
			s.Odd = fmt.Sprintf("The same as row %d", rows[j].Line)
		case twice:
			s.Odd = fmt.Sprintf("Row %d has the same person with something else: put both in one row, roles with a semicolon "+
				"between", rows[j].Line)
			rows[j].Odd = fmt.Sprintf("Row %d has the same person with something else: put both in one row", s.Line)
		case signsIn && shared:
			s.Odd = fmt.Sprintf("Row %d gives a role to somebody else with this address: each needs their own", rows[k].Line)
		}
		if !twice {
			first[s.key()] = i
		}
		if signsIn && !shared {
			address[s.Email] = i
		}
	}
}

// sameRow reports whether two rows of one person ask for the same.
func sameRow(a, b StaffRow) bool {
	keys := func(s StaffRow) (out []string) {
		for _, word := range wordsOfRoles(s.Role) {
			out = append(out, names.Key(word))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(keys(a), keys(b)) && names.Key(a.Organisation) == names.Key(b.Organisation)
}

// A StaffList is a file that was read.
type StaffList struct {
	ID      string
	File    string
	Content string // its rows, as JSON
	MadeAt  db.Time
	DoneAt  db.Time
	Maker   string // name of who sent it
	BegunBy db.Opt // who confirmed it
	How     string // what was confirmed, as JSON
	Rows    int    // that were done, while it is being done
}

// Running reports whether the list was confirmed and is being done.
func (l StaffList) Running() bool { return l.BegunBy != "" && l.DoneAt.IsZero() }
