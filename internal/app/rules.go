package app

import (
	"slices"

	"kith/internal/access"
	"kith/internal/annual"
	"kith/internal/audits"
	"kith/internal/identity"
	"kith/internal/imports"
	"kith/internal/partnership"
	"kith/internal/plan"
	"kith/internal/reviews"
	"kith/internal/sites"
	"kith/internal/training"
)

// Rules are who may do what to which record, of every room that decides by more than the
// permission of a route.
func Rules() []access.Kind {
	return slices.Concat([]access.Kind{access.Figures, access.Addresses}, identity.Rules(), plan.Rules(),
		audits.Rules(), reviews.Rules(), training.Rules(), imports.Rules(), partnership.Rules(),
		sites.Rules(), annual.Rules())
}
