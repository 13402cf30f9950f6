package web

import (
	"embed"
	"sync"

	"kith/internal/kit/ui"
)

//go:embed templates
var templates embed.FS

// ownPages are the pages that belong to no room, parsed once.
var ownPages = sync.OnceValues(func() (*ui.Set, error) { return ui.NewSet(templates) })
