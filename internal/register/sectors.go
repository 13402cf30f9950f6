package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// Other is the sector of what belongs to no other: it is always there.
const Other = "other"

// A Sector is a part of the world that works with children.
type Sector struct {
	ID      string
	Title   string
	Words   string // what else it is called in files: AlsoCalled reads it
	Place   int64
	EndedOn db.Date
}

// Ended reports whether the sector can no longer be chosen.
func (s Sector) Ended() bool { return !s.EndedOn.IsZero() }

// AlsoCalled lists the words by which files may call the sector.
func (s Sector) AlsoCalled() []string {
	if strings.HasSuffix(s.Words, "\n") {
		return strings.Split(strings.TrimSuffix(s.Words, "\n"), "\n")
	}
	if s.Words == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(s.Words, "-", " "), ",") // as it was kept before 0201
}

// called lists everything by which the sector is found, as Word writes it.
func (s Sector) called() []string {
	out := []string{s.ID, Word(s.Title)}
	for _, w := range s.AlsoCalled() {
		out = append(out, Word(w))
	}
	return out
}

// Word makes of what people and files write the word by which a sector is found:
// "Schools & colleges" is schools-colleges.
func Word(s string) string {
	return lang.Slug(s)
}

// Sectors is a list of sectors, in their order.
type Sectors []Sector

// Get finds a sector by its id.
func (l Sectors) Get(id string) (Sector, bool) {
	if i := l.Place(id); i < len(l) {
		return l[i], true
	}
	return Sector{}, false
}

// Title gives a sector in words; an id that is none stands for itself.
func (l Sectors) Title(id string) string {
	if s, ok := l.Get(id); ok {
		return s.Title
	}
	return id
}

// Place tells where a sector stands in the list; what is not in it stands last.
func (l Sectors) Place(id string) int {
	if i := slices.IndexFunc(l, func(s Sector) bool { return s.ID == id }); i >= 0 {
		return i
	}
	return len(l)
}

// IDs lists the sectors' ids.
func (l Sectors) IDs() []string {
	var out []string
	for _, s := range l {
		out = append(out, s.ID)
	}
	return out
}

// Find reads a sector as files and people write it: its id, its title or another
// word for it.
func (l Sectors) Find(text string) (Sector, bool) {
	word := Word(text)
	i := -1
	if word != "" {
		i = slices.IndexFunc(l, func(s Sector) bool { return slices.Contains(s.called(), word) })
	}
	if i < 0 {
		return Sector{}, false
	}
	return l[i], true
}

// Choices lists what a form can choose among: the sectors that have not ended,
// and those named keep.
func (l Sectors) Choices(keep ...string) []ui.Choice {
	var out []ui.Choice
	for _, s := range l {
		if !s.Ended() || slices.Contains(keep, s.ID) {
			out = append(out, ui.Choice{Value: s.ID, Text: s.Title})
		}
	}
	return out
}

// All lists every sector as a choice, for filters: what has ended has rows still.
func (l Sectors) All() []ui.Choice { return l.Choices(l.IDs()...) }

// Standard lists the sectors that every installation begins with.
func Standard() Sectors {
	var out Sectors
	for i, s := range [][3]string{
		{"local-authority", "Local authority", "LA\ncouncil\nlocal government\nchildren's services\n" +
			"childrens services\nchildren's social care\nchildrens social care\n"},
		{"health", "Health", "NHS\n"},
		{"education", "Education", "school\nschools\nschools and colleges\ncollege\n"},
		{"early-years", "Early years", "early years and childcare\nnursery\nchildcare\n"},
		{"police", "Police", ""},
		{"criminal-justice", "Criminal justice", "probation\nyouth justice\njustice\n"},
		{"voluntary-community", "Voluntary and community", "voluntary\nVCS\nVCSE\nVCFSE\ncharity\nthird sector\ncommunity\n"},
		{"housing", "Housing", ""},
		{"fire-rescue", "Fire and rescue", "fire\n"},
		{Other, "Other", ""},
	} {
		out = append(out, Sector{ID: s[0], Title: s[1], Words: s[2], Place: int64(i + 1)})
	}
	return out
}

// ReadSectors lists all sectors, in their order, with those that have ended.
func ReadSectors(ctx context.Context, q db.Reader) (Sectors, error) {
	list, err := db.All[Sector](ctx, q, `
		SELECT id, title, words, place, ended_on FROM register_sectors ORDER BY place, id`)
	if err != nil {
		return nil, fmt.Errorf("read sectors: %w", err)
	}
	return list, nil
}

// SectorIDs lists the ids of the sectors, in their order.
func SectorIDs(ctx context.Context, q db.Reader) ([]string, error) {
	list, err := ReadSectors(ctx, q)
	return list.IDs(), err
}

// AddSector adds a sector at the end of the list, above Other, and gives its id,
// which is made of its title. It returns ErrTaken when another has the title or
// one of the words.
func AddSector(ctx context.Context, q db.Q, title string, words []string) (string, error) {
	list, err := ReadSectors(ctx, q)
	if err != nil {
		return "", err
	}
	s := Sector{ID: Word(title), Title: title, Words: joined(words)}
	if s.ID == "" || list.clashes(s) {
		return "", ErrTaken
	}
	added, err := insertSector(ctx, q, list, s)
	if err == nil && !added {
		err = ErrTaken
	}
	return s.ID, err
}

// EnsureSector finds the sector that a file names, or adds it; it says whether it
// added. It is for importers, which call it in their own transaction and list
// what they created. A text without a word in it is Other.
func EnsureSector(ctx context.Context, q db.Q, text string) (id string, added bool, err error) {
	list, err := ReadSectors(ctx, q)
	if err != nil {
		return "", false, err
	}
	if s, ok := list.Find(text); ok {
		return s.ID, false, nil
	}
	s := Sector{ID: Word(text), Title: lang.Sentence(strings.Join(strings.Fields(text), " "))}
	if s.ID == "" {
		return Other, false, nil
	}
	added, err = insertSector(ctx, q, list, s) // false when another import added it since
	return s.ID, added, err
}

// insertSector adds a sector above Other, unless there is one with its id.
func insertSector(ctx context.Context, q db.Q, list Sectors, s Sector) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO register_sectors (id, title, words, place) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING`, s.ID, s.Title,
		s.Words)
	if err != nil {
		return false, fmt.Errorf("add sector %q: %w", s.Title, err)
	}
	if n == 0 {
		return false, nil
	}
	last := len(list)
	if last > 0 && list[last-1].ID == Other {
		last--
	}
	return true, putInOrder(ctx, q, slices.Insert(list.IDs(), last, s.ID))
}

// HoldSector reads a sector and holds it until the transaction ends.
func HoldSector(ctx context.Context, q db.Q, id string) (Sector, error) {
	if err := db.Must(ctx, q, `UPDATE register_sectors SET title = title WHERE id = $1`, id); err != nil {
		return Sector{}, err
	}
	list, err := ReadSectors(ctx, q)
	s, _ := list.Get(id)
	return s, err
}

// EditSector changes a sector's title and words.
func EditSector(ctx context.Context, q db.Q, id, title string, words []string) error {
	list, err := ReadSectors(ctx, q)
	if err != nil {
		return err
	}
	s := Sector{ID: id, Title: title, Words: joined(words)}
	if list.clashes(s) {
		return ErrTaken
	}
	return db.Must(ctx, q, `UPDATE register_sectors SET title = $2, words = $3 WHERE id = $1`, id, s.Title, s.Words)
}

// MoveSector puts a sector one place up (by -1) or down (by 1).
func MoveSector(ctx context.Context, q db.Q, id string, by int) error {
	list, err := ReadSectors(ctx, q)
	if err != nil {
		return err
	}
	ids := list.IDs()
	from := slices.Index(ids, id)
	if from < 0 {
		return db.ErrNotFound
	}
	to := min(max(from+by, 0), len(ids)-1)
	return putInOrder(ctx, q, slices.Insert(slices.Delete(ids, from, from+1), to, id))
}

// EndSector makes a sector one that can no longer be chosen, or, on no day, one
// that can.
func EndSector(ctx context.Context, q db.Q, id string, on db.Date) error {
	if id == Other {
		return ErrFixed
	}
	return db.Must(ctx, q, `UPDATE register_sectors SET ended_on = $2 WHERE id = $1`, id, on)
}

// RemoveSector takes away a sector that nothing is of; the caller has made sure.
func RemoveSector(ctx context.Context, q db.Q, id string) error {
	if id == Other {
		return ErrFixed
	}
	return db.Must(ctx, q, `DELETE FROM register_sectors WHERE id = $1`, id)
}

// putInOrder gives the sectors their places.
func putInOrder(ctx context.Context, q db.Q, ids []string) error {
	for i, id := range ids {
		if err := db.Must(ctx, q, `UPDATE register_sectors SET place = $2 WHERE id = $1`, id, int64(i+1)); err != nil {
			return fmt.Errorf("put sectors in order: %w", err)
		}
	}
	return nil
}

// clashes reports whether another sector is found by what this one is.
func (l Sectors) clashes(s Sector) bool {
	return slices.ContainsFunc(l, func(other Sector) bool {
		return other.ID != s.ID && slices.ContainsFunc(s.called(),
			func(w string) bool { return slices.Contains(other.called(), w) })
	})
}

// joined makes the words of a sector one text, a word a line as it was typed. Each is
// there once, however it is written.
func joined(words []string) string {
	var out strings.Builder
	var have []string
	for _, w := range words {
		if word := Word(w); word != "" && !slices.Contains(have, word) {
			have = append(have, word)
			out.WriteString(strings.Join(strings.Fields(w), " ") + "\n")
		}
	}
	return out.String()
}
