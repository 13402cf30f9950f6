package sites

import "kith/internal/access"

// publishDo is to put a page on the public site, and to take it off.
const publishDo access.Act = "publish"

// pageRules are about pages of the sites. Who looks after a page keeps it right, and that alone
// lets nobody publish it.
var pageRules = access.Kind{Name: subject, PersonColumn: "p.owner_id", Rules: []access.Rule{
	{Do: access.Read, Needs: access.SitesRead},
	{Do: access.Change, Needs: access.SitesEdit},
	{Do: publishDo, Needs: access.SitesPublish},
}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{pageRules} }

// of gives whose a page is.
func (p Page) of() access.Object { return access.Object{PersonID: p.OwnerID} }
