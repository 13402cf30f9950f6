package returns

import (
	"errors"

	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
)

// Look looks at the beginnings of the files of a return, and returns an *intake.Fatal
// for one that cannot be of the kind, whatever else is still to be said of it. A list is of
// its kind too where a person can say which column is what.
func Look(kind string, files []intake.File) error { return lookBy(kind, files, intake.Matching{}) }

func lookBy(kind string, files []intake.File, said intake.Matching) error {
	for _, f := range files {
		if err := look(kind, f, said); err != nil {
			return err
		}
	}
	return nil
}

func look(kind string, f intake.File, said intake.Matching) error {
	format, err := sheet.Sniff(f)
	if err != nil {
		return fatal(f.Name, err)
	}
	n := newNotes(intake.Source{})
	switch {
	case kind == SSDA903 && format != sheet.XML:
		_, err = findTables(f, n)
	case kind == Contacts, kind == EarlyHelp:
		var d *intake.Draft
		if _, err = findList(f, listOf(kind, said), n); err == nil {
			return nil
		}
		if d, _ = matchList(kind, []intake.File{f}, said); d != nil && d.Ask {
			return nil
		}
	}
	return err
}

// untold refuses files whose return has to be told more of, unless they could not be
// read even then: then both are said.
func untold(kind string, files []intake.File, said intake.Matching, words string) error {
	err := lookBy(kind, files, said)
	var why *intake.Fatal
	if errors.As(err, &why) {
		return why.Besides(words)
	}
	if err != nil {
		return err
	}
	return intake.Refuse("", "%s", words)
}
