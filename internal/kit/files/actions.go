package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// patience is how long a person waits for the virus checker before the job does it.
const patience = 20 * time.Second

// fileActs are how the acts of the trail begin that change a file.
var fileActs = []string{"attached a file", "attached a new version", "kept a file", "set the day", "erased a file"}

// add keeps what was received as new files of a record, and tells how many are asked about
// first. It returns *ui.Invalid for a file that the virus checker warns of: none is kept.
func (s *Store) add(ctx context.Context, by web.Person, p Place, record string, u *upload, eraseOn period.Date) (
	asked int, err error) {
	versions, err := s.put(ctx, by, u)
	if err != nil {
		return 0, err
	}
	err = s.Work.Tx(ctx, func(q db.Q) error {
		if err := p.Hold(ctx, q, record); err != nil {
			return err
		}
		for _, v := range versions {
			f, shown := File{ID: s.NewID(), RecordID: record, EraseOn: eraseOn}, int64(1)
			if v.State == Asked {
				asked, shown = asked+1, 0
			}
			v.Number = 1
			if err := insertFile(ctx, q, p, f, shown, s.Now()); err != nil {
				return err
			}
			if err := s.addVersion(ctx, q, by, p, record, f.ID, v, "attached a file"); err != nil {
				return err
			}
		}
		return nil
	})
	return asked, s.orTakeBack(ctx, versions, db.Wrap(err, "add files to %s %s", p.Kind, record))
}

// replace keeps what was received as the next version of a file.
func (s *Store) replace(ctx context.Context, by web.Person, p Place, record, file string, u *upload, seen web.Seen) (
	asked bool, err error) {
	versions, err := s.put(ctx, by, u)
	if err != nil {
		return false, err
	}
	err = s.Work.Tx(ctx, func(q db.Q) error {
		f, err := lockFile(ctx, q, p, record, file)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, p.Kind, record, fillFile(f), fileActs...); err != nil {
			return err
		}
		v := versions[0]
		if v.Number, err = nextVersion(ctx, q, file); err != nil {
			return err
		}
		asked = v.State == Asked
		if err := s.addVersion(ctx, q, by, p, record, file, v, "attached a new version of a file"); err != nil || asked {
			return err
		}
		return raiseVersion(ctx, q, file, v.Number)
	})
	return asked, s.orTakeBack(ctx, versions, db.Wrap(err, "add a version of file %s", file))
}

// addVersion writes one version down, and has it checked.
func (s *Store) addVersion(ctx context.Context, q db.Q, by web.Person, p Place, record, file string, v Version,
	act string) error {
	if err := insertVersion(ctx, q, file, v); err != nil {
		return err
	}
	if v.State == Asked {
		return nil
	}
	if v.State == Waiting && s.Checker != nil {
		if err := s.Jobs.Enqueue(ctx, q, checkJob, checkPayload(file, v.Number)); err != nil {
			return err
		}
	}
	// The trail is for ever, and a file's name can be a person's: it says what was added only.
	return s.trail().Note(ctx, q, by, act+" ("+v.Facts()+")", p.Kind, record, "")
}

// put keeps the contents of what was received, each looked at by the virus checker if that
// answers soon, and gives the versions that are to be written down.
func (s *Store) put(ctx context.Context, by web.Person, u *upload) ([]Version, error) {
	states := make([]State, len(u.files))
	quick, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var invalid ui.Invalid
	for i, r := range u.files {
		states[i] = Waiting
		if s.Checker == nil {
			continue
		}
		found, err := s.Checker.Check(quick, io.NewSectionReader(r.content, 0, r.size))
		switch {
		case err != nil: // a job will
			s.Log.Warn("the virus checker did not look at a file while a person waited", "error", err)
		case found != "":
			invalid.Problems = append(invalid.Problems, ui.Problem{Field: "files", Text: fmt.Sprintf(
				"“%s” was not kept: the virus checker found %s in it. Nothing was added. Tell whoever looks after your "+
					"computer", r.name, found)})
		default:
			states[i] = Clean
		}
	}
	if len(invalid.Problems) > 0 {
		return nil, &invalid
	}
	var out []Version
	for i, r := range u.files {
		v := Version{Name: r.name, Content: newName(), MIME: r.Type.MIME, Size: r.size, SHA256: r.sum, Removed: r.removed,
			Harmless: r.harmless, ByID: by.ID, By: by.Name, At: db.At(s.Now()), State: states[i]}
		if len(r.questions) > 0 {
			v.State, v.Asks = Asked, join(r.questions)
		}
		out = append(out, v)
		if err := s.Keep.Put(ctx, v.Content, r.content, r.size); err != nil {
			return nil, s.orTakeBack(ctx, out, err)
		}
		if r.preview == nil {
			continue
		}
		info, err := r.preview.Stat()
		if err != nil {
			return nil, s.orTakeBack(ctx, out, err)
		}
		out[i].Preview = db.Opt(newName())
		if err := s.Keep.Put(ctx, string(out[i].Preview), r.preview, info.Size()); err != nil {
			return nil, s.orTakeBack(ctx, out, err)
		}
	}
	return out, nil
}

func join(all []Question) string {
	var out []string
	for _, q := range all {
		out = append(out, string(q))
	}
	return strings.Join(out, " ")
}

// orTakeBack removes contents that no row will have, when err says so. One that cannot be
// removed is found later.
func (s *Store) orTakeBack(ctx context.Context, versions []Version, err error) error {
	if err == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	for _, v := range versions {
		for _, name := range []string{v.Content, string(v.Preview)} {
			if name == "" {
				continue
			}
			if err := s.Keep.Remove(ctx, name); err != nil {
				s.Log.Warn("a content that no record has was not removed", "error", err)
			}
		}
	}
	return err
}

// Answer says of the files that a person is asked about at a record which of them belong
// there, and why. The others are erased.
func (s *Store) answer(ctx context.Context, by web.Person, p Place, record string, keep []string, reason string,
	seen web.Seen) error {
	err := s.Work.Tx(ctx, func(q db.Q) error {
		if err := p.Hold(ctx, q, record); err != nil {
			return err
		}
		asked, err := askedOf(ctx, q, p, record, by.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, p.Kind, record, fillAsked(asked), fileActs...); err != nil {
			return err
		}
		for _, a := range asked {
			if !slices.Contains(keep, a.key()) {
				if err := s.drop(ctx, q, a); err != nil {
					return err
				}
				continue
			}
			if err := keepAsked(ctx, q, a.FileID, a.Number, reason, s.Now()); err != nil {
				return err
			}
			if err := raiseVersion(ctx, q, a.FileID, a.Number); err != nil {
				return err
			}
			if s.Checker != nil {
				if err := s.Jobs.Enqueue(ctx, q, checkJob, checkPayload(a.FileID, a.Number)); err != nil {
					return err
				}
			}
			act := "kept a file (" + a.Facts() + ") after being asked whether it belongs here"
			if err := s.trail().Note(ctx, q, by, act, p.Kind, record, reason); err != nil {
				return err
			}
		}
		return nil
	})
	return db.Wrap(err, "answer for files of %s %s", p.Kind, record)
}

func (a askedRow) key() string { return fmt.Sprintf("%s.%d", a.FileID, a.Number) }

// drop takes away a version that is not kept.
func (s *Store) drop(ctx context.Context, q db.Q, a askedRow) error {
	if err := deleteAsked(ctx, q, a.FileID, a.Number); err != nil {
		return err
	}
	return s.erase(ctx, q, a.Version)
}

// setDay says on which day a file is erased; the zero day takes that back.
func (s *Store) setDay(ctx context.Context, by web.Person, p Place, record, file string, on period.Date,
	seen web.Seen) error {
	err := s.Work.Tx(ctx, func(q db.Q) error {
		f, err := lockFile(ctx, q, p, record, file)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, p.Kind, record, fillFile(f), fileActs...); err != nil {
			return err
		}
		if err := setEraseOn(ctx, q, file, on); err != nil {
			return err
		}
		day := "none"
		if !on.IsZero() {
			day = on.Words()
		}
		act := "set the day on which a file (" + f.Facts() + ") is erased: " + day
		return s.trail().Note(ctx, q, by, act, p.Kind, record, "")
	})
	return db.Wrap(err, "set the day of file %s", file)
}

// eraseFile takes a file away with all its versions, and says why.
func (s *Store) eraseFile(ctx context.Context, by web.Person, p Place, record, file, reason string,
	seen web.Seen) error {
	err := s.Work.Tx(ctx, func(q db.Q) error {
		f, err := lockFile(ctx, q, p, record, file)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, p.Kind, record, fillFile(f), fileActs...); err != nil {
			return err
		}
		n, err := s.eraseAll(ctx, q, file)
		if err != nil {
			return err
		}
		act := "erased a file (" + f.Facts()
		if n > 1 {
			act += ", with " + lang.Plural(n-1, "earlier version", "earlier versions")
		}
		return s.trail().Note(ctx, q, by, act+"): "+reason, p.Kind, record, "")
	})
	return db.Wrap(err, "erase file %s", file)
}

// EraseOf takes away, in the transaction of whoever deletes a record, all that was added
// to it.
func (s *Store) EraseOf(ctx context.Context, q db.Q, p Place, record string) error {
	all, err := idsOf(ctx, q, p.Room, p.Kind, record)
	if err != nil {
		return err
	}
	for _, id := range all {
		if _, err := s.eraseAll(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// eraseAll takes away a file's rows, and has its contents removed. It tells how many
// versions there were.
func (s *Store) eraseAll(ctx context.Context, q db.Q, file string) (int, error) {
	all, err := allVersions(ctx, q, file)
	if err != nil {
		return 0, err
	}
	if err := deleteFile(ctx, q, file); err != nil {
		return 0, err
	}
	return len(all), s.erase(ctx, q, all...)
}

// erase has the contents of versions removed once the transaction is committed.
func (s *Store) erase(ctx context.Context, q db.Q, all ...Version) error {
	for _, v := range all {
		if err := leave(ctx, q, v, s.Now()); err != nil {
			return err
		}
	}
	return s.Jobs.Enqueue(ctx, q, eraseJob, "")
}

// Count tells how many files a record has, with those that are asked about.
func (s *Store) Count(ctx context.Context, q db.Reader, p Place, record string) (int, error) {
	all, err := idsOf(ctx, q, p.Room, p.Kind, record)
	return len(all), err
}

// Add keeps one file that the program has, such as a demonstration's. It returns *Refused
// for one that a person could not have added without being asked.
func (s *Store) Add(ctx context.Context, by web.Person, p Place, record, name string, from io.Reader) (err error) {
	u := &upload{dir: s.Dir}
	defer func() { err = errors.Join(err, u.Close()) }()
	if err := u.add(name, from); err != nil {
		return err
	}
	if len(u.refused) > 0 {
		return &Refused{name, u.refused[0]}
	}
	if r := u.files[0]; len(r.questions) > 0 {
		return &Refused{name, r.questions[0].Words()}
	}
	_, err = s.add(ctx, by, p, record, u, period.Date{})
	return err
}

// open gives a content that may be opened: ErrClosed for one that may not.
func (s *Store) open(ctx context.Context, v Version, name string) (io.ReadCloser, error) {
	if !s.mayOpen(v) {
		return nil, ErrClosed
	}
	return s.Keep.Open(ctx, name)
}
