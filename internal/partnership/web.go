package partnership

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Routes lists the room's addresses.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/organisations", Permission: access.PartnershipRead, Handle: r.listOrganisations},
		{Pattern: "GET /work/organisations/new", Permission: access.PartnershipManage, Handle: r.newOrganisation},
		{Pattern: "POST /work/organisations/new", Permission: access.PartnershipManage, Handle: r.addOrganisation},
		{Pattern: "GET /work/organisations/agencies/decide", Permission: access.PartnershipManage,
			Handle: r.confirmDecideAgencies},
		{Pattern: "POST /work/organisations/agencies/decide", Permission: access.PartnershipManage, Handle: r.decideAgencies},
		{Pattern: "GET /work/organisations/{id}", Permission: access.PartnershipRead, Handle: r.showOrganisation},
		{Pattern: "GET /work/organisations/{id}/edit", Permission: access.PartnershipManage, Handle: r.editOrganisation},
		{Pattern: "POST /work/organisations/{id}/edit", Permission: access.PartnershipManage, Handle: r.saveOrganisation},
		{Pattern: "GET /work/organisations/{id}/end", Permission: access.PartnershipManage, Handle: r.confirmEndOrganisation},
		{Pattern: "POST /work/organisations/{id}/end", Permission: access.PartnershipManage, Handle: r.endOrganisation},
		{Pattern: "POST /work/organisations/{id}/reopen", Permission: access.PartnershipManage, Handle: r.reopenOrganisation},

		{Pattern: "GET /work/committees", Permission: access.PartnershipRead, Handle: r.listCommittees},
		{Pattern: "GET /work/committees/new", Permission: access.PartnershipManage, Handle: r.newCommittee},
		{Pattern: "POST /work/committees/new", Permission: access.PartnershipManage, Handle: r.addCommittee},
		{Pattern: "GET /work/committees/{id}", Permission: access.PartnershipRead, Handle: r.showCommittee},
		{Pattern: "GET /work/committees/{id}/edit", Permission: access.PartnershipManage, Handle: r.editCommittee},
		{Pattern: "POST /work/committees/{id}/edit", Permission: access.PartnershipManage, Handle: r.saveCommittee},
		{Pattern: "GET /work/committees/{id}/end", Permission: access.PartnershipManage, Handle: r.confirmEndCommittee},
		{Pattern: "POST /work/committees/{id}/end", Permission: access.PartnershipManage, Handle: r.endCommittee},
		{Pattern: "GET /work/committees/{id}/members/new", Permission: access.PartnershipManage, Handle: r.newMember},
		{Pattern: "POST /work/committees/{id}/members/new", Permission: access.PartnershipManage, Handle: r.addMember},
		{Pattern: "GET /work/members/{id}/edit", Permission: access.PartnershipManage, Handle: r.editMember},
		{Pattern: "POST /work/members/{id}/edit", Permission: access.PartnershipManage, Handle: r.saveMember},
		{Pattern: "GET /work/committees/{id}/meetings/new", Permission: access.PartnershipManage, Handle: r.newMeeting},
		{Pattern: "POST /work/committees/{id}/meetings/new", Permission: access.PartnershipManage, Handle: r.addMeeting},
		{Pattern: "GET /work/meetings/{id}/edit", Permission: access.PartnershipManage, Handle: r.editMeeting},
		{Pattern: "POST /work/meetings/{id}/edit", Permission: access.PartnershipManage, Handle: r.saveMeeting},

		{Pattern: "GET /work/areas", Permission: access.PartnershipRead, Handle: r.listAreas},
		{Pattern: "GET /work/areas/new", Permission: access.PartnershipManage, Handle: r.newArea},
		{Pattern: "POST /work/areas/new", Permission: access.PartnershipManage, Handle: r.addArea},
		{Pattern: "GET /work/areas/{code}/edit", Permission: access.PartnershipManage, Handle: r.editArea},
		{Pattern: "POST /work/areas/{code}/edit", Permission: access.PartnershipManage, Handle: r.saveArea},
		{Pattern: "GET /work/funding", Permission: access.PartnershipRead, Handle: r.listFunding},
		{Pattern: "GET /work/funding/new", Permission: access.PartnershipManage, Handle: r.newContribution},
		{Pattern: "POST /work/funding/new", Permission: access.PartnershipManage, Handle: r.addContribution},
		{Pattern: "GET /work/funding/{id}/edit", Permission: access.PartnershipManage, Handle: r.editContribution},
		{Pattern: "POST /work/funding/{id}/edit", Permission: access.PartnershipManage, Handle: r.saveContribution},
		{Pattern: "GET /work/funding/{id}/delete", Permission: access.PartnershipManage, Handle: r.confirmDeleteContribution},
		{Pattern: "POST /work/funding/{id}/delete", Permission: access.PartnershipManage, Handle: r.deleteContribution},

		{Pattern: "GET /work/settings", Permission: access.SettingsManage, Handle: r.showSettings},
		{Pattern: "POST /work/settings", Permission: access.SettingsManage, Handle: r.saveSettings, Confirm: web.Always},
		{Pattern: "GET /work/settings/contacts", Permission: access.SettingsManage, Handle: r.listContacts},
		{Pattern: "GET /work/settings/contacts/new", Permission: access.SettingsManage, Handle: r.newContact},
		{Pattern: "POST /work/settings/contacts/new", Permission: access.SettingsManage,
			Handle: r.addContact, Confirm: web.Always},
		{Pattern: "GET /work/settings/contacts/{id}/edit", Permission: access.SettingsManage, Handle: r.editContact},
		{Pattern: "POST /work/settings/contacts/{id}/edit", Permission: access.SettingsManage,
			Handle: r.saveContact, Confirm: web.Always},
		{Pattern: "POST /work/settings/contacts/{id}/check", Permission: access.SettingsManage, Handle: r.checkContact},
		{Pattern: "GET /work/settings/contacts/{id}/delete", Permission: access.SettingsManage,
			Handle: r.confirmDeleteContact},
		{Pattern: "POST /work/settings/contacts/{id}/delete", Permission: access.SettingsManage,
			Handle: r.deleteContact, Confirm: web.Always},
		{Pattern: "GET /work/settings/sectors", Permission: access.SettingsManage, Handle: r.listSectors},
		{Pattern: "GET /work/settings/sectors/new", Permission: access.SettingsManage, Handle: r.newSector},
		{Pattern: "POST /work/settings/sectors/new", Permission: access.SettingsManage, Handle: r.addSector},
		{Pattern: "GET /work/settings/sectors/{id}/edit", Permission: access.SettingsManage, Handle: r.editSector},
		{Pattern: "POST /work/settings/sectors/{id}/edit", Permission: access.SettingsManage, Handle: r.saveSector},
		{Pattern: "POST /work/settings/sectors/{id}/up", Permission: access.SettingsManage, Handle: r.upSector},
		{Pattern: "POST /work/settings/sectors/{id}/down", Permission: access.SettingsManage, Handle: r.downSector},
		{Pattern: "GET /work/settings/sectors/{id}/end", Permission: access.SettingsManage, Handle: r.confirmEndSector},
		{Pattern: "POST /work/settings/sectors/{id}/end", Permission: access.SettingsManage, Handle: r.endSector},
		{Pattern: "POST /work/settings/sectors/{id}/reopen", Permission: access.SettingsManage, Handle: r.reopenSector},
		{Pattern: "GET /work/settings/sectors/{id}/remove", Permission: access.SettingsManage, Handle: r.confirmRemoveSector},
		{Pattern: "POST /work/settings/sectors/{id}/remove", Permission: access.SettingsManage, Handle: r.removeSector},
		{Pattern: "GET /work/settings/words/edit", Permission: access.SettingsManage, Handle: r.editWords},
		{Pattern: "POST /work/settings/words/edit", Permission: access.SettingsManage, Handle: r.saveWords},
	}
}

// The addresses of the room's lists.
const (
	organisationsRoot = "/work/organisations"
	committeesRoot    = "/work/committees"
	areasRoot         = "/work/areas"
	fundingRoot       = "/work/funding"
)

// base is the frame of the room's pages about who there is, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	top := organisationsRoot // for those who may not read the list of people
	if web.PersonOf(req).May(access.PeopleRead) {
		top = "/work/people"
	}
	return web.Crumbs(web.Base(req, title), append([]string{"People", top}, way...)...)
}

// listBase is the frame of a list of the room, beside the others.
func (r *Room) listBase(req *http.Request, title string) ui.Base {
	return web.Tabs(web.Base(req, title), web.PersonOf(req), r.Tabs)
}

// A formPage is a page with one form. What is chosen among stands in the fields
// that the page needs.
type formPage struct {
	ui.FormPage
	Save                                            string // the words of the button
	New                                             bool
	Sectors, Organisations, Kinds, Within, Purposes []ui.Choice
	Agencies                                        []ui.Choice
	History                                         []audittrail.Entry // of one that has no page but its form
}

// history lists what was done to the record whose form is asked for; nothing of one that
// is to be added.
func (r *Room) history(req *http.Request, subject, id string) ([]audittrail.Entry, error) {
	if id == "" {
		return nil, nil
	}
	return audittrail.Of(req.Context(), r.Work, subject, id)
}

// An endPage asks since when something is no more, and what took its place.
type endPage struct {
	ui.FormPage
	Words     []string // what will happen
	Act       string   // the words of the button
	Successor bool     // another may have taken its place
}
