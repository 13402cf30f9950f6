package partnership

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const sectorsRoot = "/work/settings/sectors"

type sectorsPage struct {
	ui.Base
	Sectors []sectorRow
}

// A sectorRow is a sector with what is of it, and whether it can be moved.
type sectorRow struct {
	register.Sector
	Called      string // its words, as people read them
	Used        string
	First, Last bool
	Fixed       bool // the program needs it
}

func sectorFrame(req *http.Request, title, step string) ui.Base {
	return settingsFrame(req, title, "Sectors", sectorsRoot, step, "")
}

func (r *Room) listSectors(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list, err := register.ReadSectors(ctx, r.Work)
	if err != nil {
		return err
	}
	page := sectorsPage{Base: settingsFrame(req, "Sectors", "Sectors", "")}
	for i, s := range list {
		used, err := r.sectorUse(ctx, r.Work, s.ID)
		if err != nil {
			return err
		}
		page.Sectors = append(page.Sectors, sectorRow{Sector: s, Called: strings.ReplaceAll(strings.Join(s.AlsoCalled(), ", "), "-", " "), Used: used,
			First: i == 0, Last: i == len(list)-1, Fixed: s.ID == register.Other})
	}
	return web.Render(w, http.StatusOK, r.pages, "sectors", page)
}

func (r *Room) newSector(w http.ResponseWriter, req *http.Request) error {
	return r.renderSector(w, req, http.StatusOK, "", web.NewForm())
}

func (r *Room) renderSector(w http.ResponseWriter, req *http.Request, status int, id string, f *web.Form) error {
	page := formPage{Base: sectorFrame(req, "Add a sector", "Add"), Form: f, Save: "Add sector", Cancel: sectorsRoot, New: true}
	if id != "" {
		page.Base = sectorFrame(req, "Change a sector", "Change")
		page.Save, page.New = "Save", false
	}
	return web.Render(w, status, r.pages, "sector-form", page)
}

// readSector reads what a sector is called: its title, and a word a line.
func readSector(f *web.Form) (title string, words []string) {
	title = tidy(f.Text("title", "Enter the sector’s name", 60))
	if title != "" && register.Word(title) == "" {
		f.Add("title", "Enter a name with letters a to z in it")
	}
	for line := range strings.Lines(f.Text("words", "", 1000)) {
		words = append(words, tidy(line))
	}
	return title, words
}

func (r *Room) addSector(w http.ResponseWriter, req *http.Request) error {
	return r.putSector(w, req, "", func(title string, words []string) error {
		_, err := r.AddSector(req.Context(), web.PersonOf(req), title, words)
		return err
	})
}

func (r *Room) editSector(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return r.putSector(w, req, id, func(title string, words []string) error {
		return r.EditSector(req.Context(), web.PersonOf(req), id, title, words)
	})
}

func (r *Room) putSector(w http.ResponseWriter, req *http.Request, id string, put func(title string, words []string) error) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	title, words := readSector(f)
	if !f.OK() {
		return r.renderSector(w, req, http.StatusUnprocessableEntity, id, f)
	}
	err = put(title, words)
	if errors.Is(err, register.ErrTaken) {
		f.Add("title", "Another sector has this name, or one of these words")
		return r.renderSector(w, req, http.StatusConflict, id, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, sectorsRoot, title+" is saved.")
}

// sector finds the sector that an address names.
func (r *Room) sector(req *http.Request) (register.Sector, error) {
	list, err := register.ReadSectors(req.Context(), r.Work)
	if err != nil {
		return register.Sector{}, err
	}
	s, ok := list.Get(req.PathValue("id"))
	if !ok {
		return s, db.ErrNotFound
	}
	return s, nil
}

func (r *Room) showSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	words := strings.ReplaceAll(strings.Join(s.AlsoCalled(), "\n"), "-", " ")
	return r.renderSector(w, req, http.StatusOK, s.ID, web.NewForm("title", s.Title, "words", words))
}

func (r *Room) moveSectorUp(w http.ResponseWriter, req *http.Request) error {
	return r.moveSector(w, req, -1)
}

func (r *Room) moveSectorDown(w http.ResponseWriter, req *http.Request) error {
	return r.moveSector(w, req, 1)
}

func (r *Room) moveSector(w http.ResponseWriter, req *http.Request, places int) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	if err := r.MoveSector(req.Context(), web.PersonOf(req), s.ID, places); err != nil {
		return err
	}
	return web.SeeOther(w, req, sectorsRoot, s.Title+" is moved.")
}

func (r *Room) endSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	if err := r.EndSector(req.Context(), web.PersonOf(req), s.ID); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, sectorsRoot, s.Title+" can no longer be chosen. What is of it keeps it.")
}

func (r *Room) reopenSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	if err := r.ReopenSector(req.Context(), web.PersonOf(req), s.ID); err != nil {
		return err
	}
	return web.SeeOther(w, req, sectorsRoot, s.Title+" can be chosen again.")
}

func (r *Room) confirmRemoveSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	used, err := r.sectorUse(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	if used != "" {
		return sectorInUse(s.Title, used)
	}
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{Base: sectorFrame(req, "Remove "+s.Title+"?", "Remove"),
		Words: []string{"Nothing is of this sector. Once it is removed, files that name it add it again."}, Act: "Remove the sector", Cancel: sectorsRoot})
}

func (r *Room) removeSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	err = r.RemoveSector(req.Context(), web.PersonOf(req), s.ID)
	if errors.Is(err, register.ErrInUse) {
		used, err := r.sectorUse(req.Context(), r.Work, s.ID)
		if err != nil {
			return err
		}
		return sectorInUse(s.Title, used)
	}
	if err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, sectorsRoot, s.Title+" is removed.")
}

func sectorInUse(title, used string) error {
	return web.Conflict(title+" is in use", "It is the sector of "+used+". End it instead: then nobody can choose it, and what is of it keeps it.")
}
