package app

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

type userCommand struct {
	Add userAddCommand `cmd:"" help:"Add somebody who can sign in, with the password read from standard input."`
}

type userAddCommand struct {
	Email string `required:"" placeholder:"ADDRESS" help:"The person's e-mail address."`
	Name  string `required:"" placeholder:"NAME" help:"The person's name."`
	Role  string `default:"administrator" placeholder:"ROLE" help:"${role}"`
	installationOptions
}

// Help gives an example.
func (userAddCommand) Help() string {
	return examples(`kith user add --email ann@example.org --name "Ann Other" --role business-manager`)
}

// Run adds somebody who can sign in.
func (o *userAddCommand) Run(ctx context.Context, c *cli) error {
	fmt.Fprint(c.err, "Password: ")
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && line == "" {
		return misused("type the password, or send it on standard input")
	}
	a, err := Open(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Identity.AddUser(ctx, o.Name, o.Email, o.Role, strings.TrimRight(line, "\r\n")); err != nil {
		return &refused{err.Error()}
	}
	fmt.Fprintf(c.out, "%s can sign in.\n", o.Email)
	return nil
}
