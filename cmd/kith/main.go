// Command kith is the system a safeguarding children partnership runs its year
// on. See docs/README.md, and kith help.
package main

import (
	"os"

	"kith/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
