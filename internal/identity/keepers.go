package identity

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// ErrNobodyLeft is returned for what would leave nobody who manages people, or the settings:
// nobody could put it right again in the browser.
var ErrNobodyLeft = web.Conflict("Nobody would be left who can do this again",
	"Somebody must always manage people, and somebody the settings. Give that to somebody else first.")

// kept are whether there is somebody who manages people, and the settings.
type kept struct{ people, settings bool }

// keepers looks for who manages people and the settings. The roles are held (holdRoles).
func keepers(ctx context.Context, q db.Reader) (kept, error) {
	all, err := accounts(ctx, q)
	var k kept
	for _, a := range all {
		p := a.person()
		k.people = k.people || p.May(access.PeopleManage)
		k.settings = k.settings || p.May(access.SettingsManage)
	}
	return k, err
}

// remain returns ErrNobodyLeft where there was somebody before, and is nobody now.
func (k kept) remain(ctx context.Context, q db.Reader) error {
	now, err := keepers(ctx, q)
	if err == nil && (k.people && !now.people || k.settings && !now.settings) {
		err = ErrNobodyLeft
	}
	return err
}
