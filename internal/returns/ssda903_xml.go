package returns

import (
	"context"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
)

// isRoot903 reports whether an XML file's first element is the SSDA903's.
func isRoot903(name string) bool { return strings.Contains(strings.ToUpper(name), "SSDA903") }

// readXML reads an SSDA903 as XML: a CHILD with its HEADER, in which most tables
// are nested, and its EPISODEs.
func (r *lookedReader) readXML(ctx context.Context, f intake.File) error {
	name, err := root(f)
	if err != nil {
		return err
	}
	if !isRoot903(name) {
		return notXMLOfKind(f, SSDA903, name)
	}
	x, closer, err := openXML(f, r.n)
	if err != nil {
		return err
	}
	defer closer.Close()
	if _, err := x.start(); err != nil {
		return err
	}
	s := r.scribe(f.Name)
	children := 0
	for {
		start, err := x.start()
		if err != nil {
			return err
		}
		if start == nil {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if start.Name.Local != "CHILD" {
			s.extra(start.Name.Local, x.line())
			if err := x.skip(); err != nil {
				return err
			}
			continue
		}
		child, err := x.subtree(start)
		if err != nil {
			return err
		}
		children++
		r.n.within(children)
		if err := s.child(&child); err != nil {
			return fatal(f.Name, err)
		}
	}
	r.n.within(0)
	return s.dates.finish()
}

// A scribe turns the elements of an XML SSDA903 into rows of its tables.
type scribe struct {
	r       *lookedReader
	file    string
	records map[string]*record
	dates   dater
	extras  map[string]bool
}

func (r *lookedReader) scribe(file string) *scribe {
	s := &scribe{r: r, file: file, records: map[string]*record{}, extras: map[string]bool{}}
	s.dates = dater{file: file, n: r.n, cells: sheet.NewCells(),
		form: dayFirst, wants: "14/06/2023", odd: map[string]bool{}}
	return s
}

func (s *scribe) extra(name string, line int64) {
	if !s.extras[name] && len(s.extras) < perRule {
		s.extras[name] = true
		s.r.n.add(s.file, line, cut(name), ruleExtraElement,
			"The element is not one of the SSDA903. It was not read. Said once.")
	}
}

func (s *scribe) child(child *element) error {
	header := child.kid("HEADER")
	if header == nil {
		s.r.n.add(s.file, child.line, "HEADER", ruleMissingValue, "The child has no HEADER and was left out.")
		return nil
	}
	id := header.get("CHILDID")
	if id == "" {
		id = header.get("CHILD")
	}
	rows := []*element{header}
	for i := range header.kids {
		if len(header.kids[i].kids) > 0 {
			rows = append(rows, &header.kids[i])
		}
	}
	for i := range child.kids {
		switch kid := &child.kids[i]; kid.name {
		case "HEADER":
		case "EPISODE":
			rows = append(rows, kid)
		default:
			s.extra(kid.name, kid.line)
		}
	}
	for _, e := range rows {
		if err := s.row(id, e); err != nil {
			return err
		}
	}
	return nil
}

// row takes an element as a row of the table that its own elements belong to.
func (s *scribe) row(id string, e *element) error {
	rec := s.records[e.name]
	if rec == nil {
		spec := specOf(e)
		if spec == nil || len(s.records) >= perRule {
			s.extra(e.name, e.line)
			return nil
		}
		rec = s.r.record(s.file, spec)
		rec.dates = s.dates
		s.records[e.name] = rec
	}
	s.r.n.row(s.file)
	for i, c := range rec.spec.columns {
		rec.cells[i] = e.get(c.name)
		if rec.cells[i] == "" && c.also != "" {
			rec.cells[i] = e.get(c.also)
		}
		if c.name == "CHILD" {
			rec.cells[i] = id
		}
	}
	return rec.take(e.line)
}

func specOf(e *element) *tableSpec {
	names := []string{"CHILD"}
	for _, k := range e.kids {
		if len(k.kids) == 0 {
			names = append(names, k.name)
		}
	}
	switch e.name {
	case "HEADER":
		return &tables903[0]
	case "EPISODE":
		return &tables903[1]
	}
	spec, _ := recognise(names)
	return spec
}
