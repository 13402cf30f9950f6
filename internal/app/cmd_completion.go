package app

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
	noInstallation
}

// Help gives examples.
func (completionCommand) Help() string {
	return "Put the line for your shell where it reads its settings.\n\n" + examples(
		"source <(kith completion bash)      # ~/.bashrc",
		"source <(kith completion zsh)       # ~/.zshrc, after compinit",
		"kith completion fish | source       # ~/.config/fish/config.fish")
}

// Run prints the script. It is made from the commands themselves, so that it never
// offers what they do not take.
func (o *completionCommand) Run(c *cli, k *kong.Kong) error {
	var b strings.Builder
	switch o.Shell {
	case "fish":
		fishCompletion(&b, k.Model.Node)
	case "zsh":
		b.WriteString("autoload -U +X bashcompinit && bashcompinit\n")
		bashCompletion(&b, k.Model.Node)
	default:
		bashCompletion(&b, k.Model.Node)
	}
	_, err := io.WriteString(c.out, b.String())
	return err
}

// nodes lists a command and all below it.
func nodes(at *kong.Node) []*kong.Node {
	out := []*kong.Node{at}
	for _, child := range at.Children {
		out = append(out, nodes(child)...)
	}
	return out
}

// offered are the lists from which completion offers a value, by the tag that asks for
// one. It is a tag of our own: kong's refuses what is not in the list, in its words.
var offered = map[string]func() []string{"kinds": kindIDs, "profiles": profileNames, "roles": roleIDs}

// choices are what an option or argument takes, where they are few: its only values, or
// those that it offers beside a file's name.
func choices(v *kong.Value) []string {
	if v.Enum == "" {
		if list := offered[v.Tag.Get("offers")]; list != nil {
			return list()
		}
		return nil
	}
	return v.EnumSlice()
}

// next is what may stand in the place of a command's first argument, where that is
// not free.
func next(at *kong.Node) []string {
	var out []string
	for _, child := range at.Children {
		out = append(out, child.Name)
	}
	if len(at.Positional) > 0 {
		out = append(out, choices(at.Positional[0])...)
	}
	return out
}

// optionsOf lists the options of a command that help shows.
func optionsOf(at *kong.Node) []*kong.Flag { return slices.Concat(at.AllFlags(true)...) }

// bashCompletion writes a function that finds the command being typed and offers
// its options behind a hyphen, the few values that an option takes, and else what
// may follow. Where nothing is offered, bash completes the names of files.
func bashCompletion(b *strings.Builder, root *kong.Node) {
	var paths, values, hyphened, follow []string
	for _, n := range nodes(root) {
		at := n.Path()
		if at != "" {
			paths = append(paths, fmt.Sprintf("%q", at))
		}
		var names []string
		for _, f := range optionsOf(n) {
			names = append(names, "--"+f.Name)
			if list := choices(f.Value); list != nil {
				values = append(values, fmt.Sprintf("        %q) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;",
					at+" --"+f.Name, strings.Join(list, " ")))
			} else if !f.IsBool() {
				values = append(values, fmt.Sprintf("        %q) COMPREPLY=(); return ;;", at+" --"+f.Name))
			}
		}
		hyphened = append(hyphened, fmt.Sprintf("            %q) words=%q ;;", at, strings.Join(names, " ")))
		if list := next(n); len(list) > 0 {
			follow = append(follow, fmt.Sprintf("            %q) words=%q ;;", at, strings.Join(list, " ")))
		}
	}
	fmt.Fprintf(b, `_kith() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at="" word words=""
    if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
    for word in "${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
        case "${at:+$at }$word" in
        %s) at="${at:+$at }$word" ;;
        esac
    done
    case "$at $prev" in
%s
    esac
    if [[ $cur == -* ]]; then
        case "$at" in
%s
        esac
    elif [[ -z $at || $prev == "${at##* }" ]]; then
        case "$at" in
%s
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _kith kith
`, strings.Join(paths, "|"), strings.Join(values, "\n"), strings.Join(hyphened, "\n"), strings.Join(follow, "\n"))
}

// fishCompletion writes a line for each word that may stand somewhere.
func fishCompletion(b *strings.Builder, root *kong.Node) {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	b.WriteString("complete -c kith -n __fish_use_subcommand -f\n")
	for _, n := range nodes(root) {
		here, further := "__fish_use_subcommand", "__fish_use_subcommand"
		if at := strings.Fields(n.Path()); len(at) > 0 {
			here = "__fish_seen_subcommand_from " + strings.Join(at, "; and __fish_seen_subcommand_from ")
			further = here + "; and not __fish_seen_subcommand_from " + strings.Join(next(n), " ")
		}
		for _, child := range n.Children {
			fmt.Fprintf(b, "complete -c kith -n %s -f -a %s -d %s\n", quote(further), child.Name, quote(child.Help))
		}
		if len(n.Positional) > 0 && choices(n.Positional[0]) != nil {
			fmt.Fprintf(b, "complete -c kith -n %s -f -a %s\n", quote(further), quote(strings.Join(next(n), " ")))
		}
		for _, f := range optionsOf(n) {
			takes := " -r"
			if list := choices(f.Value); list != nil {
				takes = " -x -a " + quote(strings.Join(list, " "))
			} else if f.IsBool() {
				takes = ""
			}
			short := ""
			if f.Short != 0 {
				short = " -s " + string(f.Short)
			}
			fmt.Fprintf(b, "complete -c kith -n %s%s -l %s%s -d %s\n", quote(here), short, f.Name, takes, quote(f.Help))
		}
	}
}
