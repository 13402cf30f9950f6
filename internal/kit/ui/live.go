//go:build !dev

package ui

import "io/fs"

// Live is false in the program that people use: templates and assets are built in
// and read once. "make dev" builds another, with live_dev.go.
const Live = false

func onDisk(_ int, embedded fs.FS) fs.FS { return embedded }

// Assets are the stylesheet, fonts, icons and modules built into the program.
func Assets() *AssetFiles { return builtAssets() }
