package annual

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the chapters that somebody is writing, for handing over.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	list, err := chaptersOf(ctx, q, personID)
	if err != nil {
		return nil, fmt.Errorf("read whose chapters they are: %w", err)
	}
	var out []web.Holding
	for _, c := range list {
		out = append(out, web.Holding{What: "Chapter of the report", Title: c.Year + ": " + c.readTitle(),
			Href: href(c.Year) + "/chapters/" + c.ID + "/give", May: access.ReportRead})
	}
	return out, nil
}
