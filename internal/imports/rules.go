package imports

import (
	"cmp"

	"kith/internal/access"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
)

// loadDo is to send files of a kind, and so to load, cancel and withdraw what comes of them.
const loadDo access.Act = "load"

// importRules are about imports of one kind. The room whose records the files bring says who may see
// what came of them, and who may load them; the room of imports asks for that besides its own.
func importRules(k intake.Kind) access.Kind {
	return access.Kind{Name: "import", Rules: []access.Rule{
		{Do: access.Read, Needs: cmp.Or(k.Reading, access.ImportsRead)},
		{Do: loadDo, Needs: cmp.Or(k.Permission, access.ImportsManage)},
	}}
}

// Rules are who may do what to which of the room's records, where no other room says more.
func Rules() []access.Kind { return []access.Kind{importRules(intake.Kind{})} }

// may asks the rules of the kind of an import. Of a kind that no room has any more, the room's own
// hold.
func (r *Room) may(by web.Person, do access.Act, kind string) bool {
	k, _ := r.Kind(kind)
	return importRules(k).May(by, do, access.Object{})
}
