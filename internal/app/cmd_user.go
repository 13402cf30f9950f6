package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/web"
)

type userCommand struct {
	Add      userAddCommand      `cmd:"" help:"Add somebody who can sign in, with the password read from standard input."`
	Password userPasswordCommand `cmd:"" help:"Give somebody a new password, and end what they are signed in to."`
}

type userAddCommand struct {
	Email string `required:"" placeholder:"ADDRESS" help:"The person's e-mail address."`
	Name  string `required:"" placeholder:"NAME" help:"The person's name."`
	Role  string `default:"administrator" offers:"roles" placeholder:"ROLE" help:"${role}"`
	installationOptions
}

// Help gives an example.
func (userAddCommand) Help() string {
	return "The roles are " + strings.Join(roleIDs(), ", ") + ", and those of the partnership's own, by their name.\n\n" +
		examples(`kith user add --email ann@example.org --name "Ann Other" --role business-manager`)
}

// Run adds somebody who can sign in. What can be refused is refused before a password
// is asked for.
func (o *userAddCommand) Run(ctx context.Context, c *cli) error {
	// A role of the partnership's own is there only where the installation is.
	_, builtIn := access.RoleByID(o.Role)
	if _, err := os.Stat(o.config().work()); !builtIn && o.config().DB == "" && errors.Is(err, os.ErrNotExist) {
		return noRole(o.Role, roleIDs())
	}
	// What serve would refuse is refused before anything is put in it.
	if err := keptFromOthers(o.config().Dir); err != nil {
		return err
	}
	if err := checkEmail(o.Email); err != nil {
		return err
	}
	// What only looks like another's address would be a second account beside theirs.
	if problem := web.EmailProblem(strings.TrimSpace(o.Email)); problem != "" {
		return misused("%q: %s", o.Email, problem)
	}
	a, err := Open(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	role, offered, err := a.Identity.RoleCalled(ctx, o.Role)
	if err != nil {
		return err
	}
	if role == "" {
		return noRole(o.Role, offered)
	}
	switch signs, err := a.Identity.SignsIn(ctx, o.Email); {
	case err != nil:
		return err
	case signs:
		return ofUser(identity.ErrSignsIn)
	}
	password, err := c.password(ctx)
	if err != nil {
		return err
	}
	if _, err := a.Identity.AddUser(ctx, o.Name, o.Email, role, password); err != nil {
		return ofUser(err)
	}
	fmt.Fprintf(c.out, "%s can sign in.\n", o.Email)
	if identity.BooksOnly(o.Email) {
		fmt.Fprintln(c.out, "Several people seem to read this mailbox, so it can book training and nothing else, whatever "+
			"its role. If one person alone reads it, say so in the workspace, under People and organisations.")
	}
	return nil
}

// noRole says which roles there are.
func noRole(word string, offered []string) error {
	return misused("there is no role %q; the roles are %s", word, strings.Join(offered, ", "))
}

type userPasswordCommand struct {
	Email string `required:"" placeholder:"ADDRESS" help:"The person's e-mail address."`
	installationOptions
}

// Help gives an example.
func (userPasswordCommand) Help() string {
	return examples("kith user password --email ann@example.org")
}

// Run gives somebody a new password.
func (o *userPasswordCommand) Run(ctx context.Context, c *cli) error {
	if err := checkEmail(o.Email); err != nil {
		return err
	}
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	switch signs, err := a.Identity.SignsIn(ctx, o.Email); {
	case err != nil:
		return err
	case !signs:
		none, err := a.Identity.NoPasswordYet(ctx, o.Email)
		if err != nil {
			return err
		}
		if none {
			return &refused{"this person has a role and no password yet: send them a link in the workspace, under People " +
				"and organisations, or set the first one with kith user add and --role with a role that they have"}
		}
		return ofUser(identity.ErrNoPassword)
	}
	password, err := c.password(ctx)
	if err != nil {
		return err
	}
	if err := a.Identity.GivePassword(ctx, o.Email, password); err != nil {
		return ofUser(err)
	}
	fmt.Fprintf(c.out, "%s has a new password.\n", o.Email)
	return nil
}

// checkEmail refuses what is no e-mail address, before a password is asked for.
func checkEmail(s string) error {
	name, host, ok := strings.Cut(strings.TrimSpace(s), "@")
	if !ok || name == "" || host == "" || strings.ContainsAny(s, " \t") || strings.Contains(host, "@") {
		return misused("%q is not an e-mail address", s)
	}
	return nil
}

// ofUser is an answer of no about somebody, with what to do instead.
func ofUser(err error) error {
	switch {
	case errors.Is(err, identity.ErrSignsIn):
		return &refused{err.Error() + "; change their roles in the workspace, under People and organisations, or give a " +
			"new password with kith user password"}
	case errors.Is(err, identity.ErrNoPassword):
		return &refused{err.Error() + "; add them with kith user add"}
	}
	return &refused{err.Error()}
}

// roleIDs lists the roles that somebody may have.
func roleIDs() (ids []string) {
	for _, ro := range access.Roles() {
		ids = append(ids, ro.ID)
	}
	return ids
}

// password reads a password from a line of standard input; a terminal does not show
// what is typed. Ctrl+C ends the wait.
func (c *cli) password(ctx context.Context) (string, error) {
	type answer struct {
		line string
		err  error
	}
	got := make(chan answer, 1)
	var leave func()
	if f, ok := c.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(c.err, "Password: ")
		was, err := term.GetState(int(f.Fd()))
		if err != nil {
			return "", fmt.Errorf("ask for the password: %w", err)
		}
		leave = func() {
			term.Restore(int(f.Fd()), was)
			fmt.Fprintln(c.err)
		}
		go func() {
			typed, err := term.ReadPassword(int(f.Fd()))
			got <- answer{string(typed), err}
		}()
	} else {
		go func() {
			line, err := bufio.NewReader(c.in).ReadString('\n')
			got <- answer{line, err}
		}()
	}
	if leave != nil {
		defer leave()
	}
	select {
	case <-ctx.Done():
		return "", &refused{"stopped: nothing was changed"}
	case a := <-got:
		if a.err != nil && a.line == "" {
			return "", misused("type the password, or send it on standard input")
		}
		return strings.TrimRight(a.line, "\r\n"), nil
	}
}
