// Package register is below the rooms: the nouns that all of them use.
//
// Sectors are the parts of the world that work with children. They are rows, so
// that a partnership can add its own (faith, sport, secure settings) beside the
// ten that every installation begins with. A sector's id is a word that figures
// and files use and is never changed; its title is; words are what else files
// call it. One that is ended cannot be chosen any more and still has its name.
// The pages that keep them are partnership's.
//
// Terms are the words that differ between areas: the program's texts mark them, and
// each installation says its own.
//
// Organisations and people are read here and written by their rooms (partnership
// and identity): what to choose among, and who has an address. A room that lists
// its own rows with people's names joins the tables itself (docs/adr/0007). So are
// imports, which are the room imports': which files a value came from.
//
// Authorities are England's local authorities by code and name, with what came after
// those that ended: a table of the program (authorities.tsv), and no rows. A Coverage
// decides whether files may be of one.
//
// Tables: register_sectors and register_terms, in the work store. Functions that write take the
// transaction of the room that calls them.
package register

import (
	"context"
	"errors"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/recent"
)

// Errors a person can act on; the pages turn each into words.
var (
	ErrTaken = errors.New("another sector has this name or word")
	ErrInUse = errors.New("the sector is in use")
	ErrFixed = errors.New("the sector is needed by the program")
)

// A Register reads the register of one installation. It keeps the sectors for a
// moment: figures ask for their titles one at a time. A nil Register knows the
// standard sectors, for reading files where there is no installation.
type Register struct {
	sectors recent.Value[Sectors]
	terms   recent.Value[lang.Terms]
}

// New makes the register of an installation.
func New(work *db.DB, now clock.Clock) *Register {
	r := &Register{}
	r.sectors.Now = now
	r.sectors.Read = func(ctx context.Context) (Sectors, error) { return ReadSectors(ctx, work) }
	r.terms.Now = now
	r.terms.Read = func(ctx context.Context) (lang.Terms, error) { return ReadTerms(ctx, work) }
	return r
}

// Sectors lists all sectors, in their order, with those that have ended. Inside a
// transaction, and to check what is about to be written, use ReadSectors.
func (r *Register) Sectors(ctx context.Context) (Sectors, error) {
	if r == nil {
		return Standard(), nil
	}
	return r.sectors.Get(ctx)
}

// patience is how long a page waits for the words of a figure. They may be asked
// for inside a snapshot, where a connection more may have to be waited for: then
// the words of a moment ago will do.
const patience = time.Second

// SectorTitle gives a sector's title, for the words of a figure's dimension; its
// id when there is no such sector, or when none was ever read.
func (r *Register) SectorTitle(id string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	list, err := r.Sectors(ctx)
	if err != nil {
		list, _ = r.sectors.Last()
	}
	return list.Title(id)
}

// Forget makes the next reader see a change that was just committed.
func (r *Register) Forget() {
	if r != nil {
		r.sectors.Forget()
		r.terms.Forget()
	}
}
