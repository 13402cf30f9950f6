package app

import (
	"context"
	"fmt"
)

type websiteCommand struct {
	Address string `arg:"" help:"The address, such as https://www.example.org."`
	installationOptions
}

// Help says when it is needed, and gives an example.
func (websiteCommand) Help() string {
	return "Every link in an e-mail begins with this address. In the workspace a second person has to agree to " +
		"another one; use this where there is nobody else, or where nothing answers at the address any more.\n\n" +
		examples("kith website --dir /srv/kith https://www.example.org")
}

// Run sets the address.
func (o *websiteCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Partnership.SetWebsite(ctx, o.Address); err != nil {
		return misused("%v", err)
	}
	fmt.Fprintf(c.out, "The website is at %s.\n", o.Address)
	return nil
}
