package partnership

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

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

func (r *Room) listSectors(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list, err := register.ReadSectors(ctx, r.Work)
	if err != nil {
		return err
	}
	page := sectorsPage{Base: settingsBase(req, "Sectors", "Sectors", "")}
	for i, s := range list {
		used, err := r.sectorUse(ctx, r.Work, s.ID)
		if err != nil {
			return err
		}
		page.Sectors = append(page.Sectors, sectorRow{Sector: s, Called: strings.Join(s.AlsoCalled(), ", "), Used: used,
			First: i == 0, Last: i == len(list)-1, Fixed: s.ID == register.Other})
	}
	return web.Render(w, http.StatusOK, r.pages, "sectors", page)
}

func (r *Room) sectorForm(w http.ResponseWriter, req *http.Request, title, save string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		history, err := r.history(req, "sector", req.PathValue("id"))
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "sector-form", formPage{Save: save, History: history,
			FormPage: ui.FormPage{Base: settingsBase(req, title, "Sectors", sectorsRoot, title, ""), Form: f,
				Cancel: sectorsRoot}})
	}
}

func (r *Room) newSector(w http.ResponseWriter, req *http.Request) error {
	return r.sectorForm(w, req, "Add a sector", "Add sector")(http.StatusOK, web.NewRecord())
}

func (r *Room) addSector(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.sectorForm(w, req, "Add a sector", "Add sector"), func(f *web.Form) (web.Done, error) {
		title, words := readSector(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.AddSector(req.Context(), web.PersonOf(req), title, words)
		return web.Done{To: sectorsRoot, Words: title + " is saved."}, err
	})
}

func (r *Room) editSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	return r.sectorForm(w, req, "Change a sector", "Save")(http.StatusOK, fillSector(s))
}

func (r *Room) saveSector(w http.ResponseWriter, req *http.Request) error {
	if _, err := r.sector(req); err != nil {
		return err
	}
	return web.Submit(w, req, r.sectorForm(w, req, "Change a sector", "Save"), func(f *web.Form) (web.Done, error) {
		title, words := readSector(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveSector(req.Context(), web.PersonOf(req), req.PathValue("id"), title, words, f.Seen())
		return web.Done{To: sectorsRoot, Words: title + " is saved."}, err
	})
}

// sector finds the sector that an address names.
func (r *Room) sector(req *http.Request) (register.Sector, error) {
	return sectorByID(req.Context(), r.Work, req.PathValue("id"))
}

func (r *Room) upSector(w http.ResponseWriter, req *http.Request) error {
	return r.moveSector(w, req, -1)
}

func (r *Room) downSector(w http.ResponseWriter, req *http.Request) error {
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

func (r *Room) confirmEndSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	if s.ID == register.Other {
		return ErrSectorFixed
	}
	if s.Ended() {
		return web.Conflict(s.Title+" has ended already", "Reopen it, and it can be chosen again.")
	}
	used, err := r.sectorUse(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	keeps := "Nothing is of this sector now. Remove it instead if it was added by mistake."
	if used != "" {
		keeps = "It stays the sector of " + used + ", and figures go on counting them under it."
	}
	b := settingsBase(req, "End "+s.Title+"?", "Sectors", sectorsRoot, "End", "")
	return web.Confirm(w, req, fillSector(s), b, "End the sector", sectorsRoot,
		"Nobody can choose it any more. You can reopen it.", keeps)
}

func (r *Room) endSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	return web.Confirmed(w, req, r.confirmEndSector, func(seen web.Seen) (web.Done, error) {
		err := r.EndSector(req.Context(), web.PersonOf(req), s.ID, seen)
		return web.Done{To: sectorsRoot, Words: s.Title + " can no longer be chosen. What is of it keeps it.",
			Undo: sectorsRoot + "/" + s.ID + "/reopen"}, err
	})
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
	b := settingsBase(req, "Remove "+s.Title+"?", "Sectors", sectorsRoot, "Remove", "")
	return web.Confirm(w, req, fillSector(s), b, "Remove the sector", sectorsRoot,
		"Nothing is of this sector. Once it is removed, files that name it add it again.")
}

func (r *Room) removeSector(w http.ResponseWriter, req *http.Request) error {
	s, err := r.sector(req)
	if err != nil {
		return err
	}
	return web.Confirmed(w, req, r.confirmRemoveSector, func(seen web.Seen) (web.Done, error) {
		err := r.RemoveSector(req.Context(), web.PersonOf(req), s.ID, seen)
		if errors.Is(err, register.ErrInUse) {
			used, err := r.sectorUse(req.Context(), r.Work, s.ID)
			return web.Done{}, cmp.Or(err, sectorInUse(s.Title, used))
		}
		return web.Done{To: sectorsRoot, Words: s.Title + " is removed."}, err
	})
}

func sectorInUse(title, used string) error {
	return web.Conflict(title+" is in use", "It is the sector of "+used+
		". End it instead: then nobody can choose it, and what is of it keeps it.")
}
