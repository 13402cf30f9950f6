package sdc

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed profiles/*.json
var profileFiles embed.FS

// maxProfileFile is far more than a profile needs, in bytes.
const maxProfileFile = 64 << 10

var builtIn = sync.OnceValue(func() []Profile {
	files, err := profileFiles.ReadDir("profiles")
	if err != nil {
		panic("sdc: built-in profiles: " + err.Error())
	}
	var profiles []Profile
	for _, f := range files {
		data, err := profileFiles.ReadFile(path.Join("profiles", f.Name()))
		if err != nil {
			panic("sdc: built-in profiles: " + err.Error())
		}
		p, err := ParseProfile(bytes.NewReader(data))
		if err != nil {
			panic("sdc: " + f.Name() + ": " + err.Error())
		}
		profiles = append(profiles, p)
	}
	slices.SortFunc(profiles, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return profiles
})

// Profiles gives the built-in profiles, sorted by name. The slice is the caller's.
func Profiles() []Profile {
	return slices.Clone(builtIn())
}

// ProfileNamed gives the built-in profile of that name. Its error names those
// there are.
func ProfileNamed(name string) (Profile, error) {
	var names []string
	for _, p := range builtIn() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(names, ", "))
}

// ParseProfile reads a profile from JSON. It is strict, because what is left out
// or misspelt could leave a count unprotected: every field must be there once
// (only notes may be missing), no other may, and nothing may follow. What is wrong
// with the fields is said all at once, in a *ProfileError.
func ParseProfile(r io.Reader) (Profile, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxProfileFile+1))
	switch {
	case err != nil:
		return Profile{}, fmt.Errorf("the profile cannot be read: %w", err)
	case len(data) > maxProfileFile:
		return Profile{}, fmt.Errorf("the profile is longer than %d bytes", maxProfileFile)
	case !utf8.Valid(data):
		return Profile{}, errors.New("the profile is not UTF-8 text")
	}
	entries, err := readObject(data)
	if err != nil {
		return Profile{}, fmt.Errorf("the profile cannot be read: %w", err)
	}
	var p Profile
	ps := p.fill(entries)
	if len(ps) == 0 {
		// Fields that could not be read would only be complained of twice.
		ps = p.faults()
	}
	if len(ps) > 0 {
		return Profile{}, &ProfileError{Name: p.Name, Problems: ps}
	}
	return p, nil
}

// A profileEntry is a key of an object and its value, in the order of the file.
type profileEntry struct {
	key   string
	value json.RawMessage
}

// readObject reads one object that is all there is. Keys may come twice in JSON,
// so they are not read into a map.
func readObject(data []byte) ([]profileEntry, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil {
		return nil, plainJSON(err)
	} else if start != json.Delim('{') {
		return nil, errors.New("it must be one JSON object, in braces")
	}
	var entries []profileEntry
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, plainJSON(err)
		}
		e := profileEntry{key: fmt.Sprint(key)}
		if err := d.Decode(&e.value); err != nil {
			return nil, plainJSON(err)
		}
		entries = append(entries, e)
	}
	if _, err := d.Token(); err != nil {
		return nil, plainJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows after the closing brace; one profile is one JSON object")
	}
	return entries, nil
}

func plainJSON(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("it is not JSON near byte %d: %w", syntax.Offset, err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	return err
}

// A profileField is a JSON key of a profile and where its value goes.
type profileField struct {
	key      string
	target   any
	kind     string // in words
	optional bool
}

func (p *Profile) fields() []profileField {
	const text, number, yesNo = "text in quotes", "a whole number", "true or false"
	return []profileField{
		{"name", &p.Name, text, false},
		{"version", &p.Version, text, false},
		{"title", &p.Title, text, false},
		{"source", &p.Source, text, false},
		{"notes", &p.Notes, text, true},
		{"symbol", &p.Symbol, text, false},
		{"threshold", &p.Threshold, number, false},
		{"zeros_shown", &p.ZerosShown, yesNo, false},
		{"base", &p.Base, number, false},
		{"values", &p.Values, number, false},
		{"small_up_to", &p.SmallUpTo, number, false},
		{"percent", &p.Percent, text, false},
		{"percent_places", &p.PercentPlaces, number, false},
		{"rate_places", &p.RatePlaces, number, false},
		{"min_average", &p.MinAverage, number, false},
		{"dominance", &p.Dominance, number, false},
		{"min_contributors", &p.MinContributors, number, false},
		{"full_groups", &p.FullGroups, yesNo, false},
	}
}

// fill sets the fields of p from the entries and says what cannot be set.
func (p *Profile) fill(entries []profileEntry) faults {
	var ps faults
	fields := p.fields()
	seen := map[string]bool{}
	for _, e := range entries {
		i := slices.IndexFunc(fields, func(f profileField) bool { return f.key == e.key })
		switch {
		case i < 0:
			ps.unless(false, "%q is no field of a profile", e.key)
		case seen[e.key]:
			ps.unless(false, "%q is there twice", e.key)
		case string(e.value) == "null" || json.Unmarshal(e.value, fields[i].target) != nil:
			ps.unless(false, "%s must be %s", e.key, fields[i].kind)
		}
		seen[e.key] = true
	}
	for _, f := range fields {
		ps.unless(seen[f.key] || f.optional, "%s is missing", f.key)
	}
	return ps
}
