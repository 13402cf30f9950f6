package returns

import (
	"context"
	"kith/internal/kit/period"
)

func nil2() context.Context { return context.Background() }
func yy(y int) period.Year  { return period.Year(y) }
