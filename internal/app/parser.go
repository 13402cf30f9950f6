package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"kith/sdc"
)

// longHelp is what is said of options in sentences too long to stand beside them.
var longHelp = kong.Vars{
	"id":         "The figure, such as training.attendances; without it, every figure is listed.",
	"period":     "The period to count over: 2023-24, 2023-24Q1, 2023-06, 2023 or 2023-04-01..2023-09-30.",
	"hierarchy":  "CSV file of sub-totals with the columns dimension, parent and child.",
	"population": "What is counted and when; counts of one population and the same codes are the same count.",
	"sensitive":  "A dimension that tells something about a person; any number of times.",
	"audit":      "File to write the audit record to, as JSON: what can be worked out of each hidden count.",
	"budget":     "How much work to do before giving up, in steps of about one sum.",
	"release":    "Name of the release in the ledger; the table's file if not given.",
	"keep":       "A count that must be shown, as age=Total,sex=Total; any number of times.",
	"columns":    "JSON file that says in which columns the files have what, where their headers do not.",
	"total":      "A code that is the total of its column, as area=All; any number of times.",
	"measure":    "A column of counts, where none is named count; any number of times, each a measure of its own.",
	"dimension":  "A column of whole numbers that is a dimension, such as an age; any number of times.",
	"leaveout":   "A column that is neither read nor written, such as a percentage; any number of times.",
	"code":       "A code and what it is called, as age=05-Sep=5-9; any number of times.",
	"aswritten":  "A dimension whose codes are meant though they look like dates or one another; any number of times.",
	"hiddenword": "A word in the place of a count that is hidden, such as <5; any number of times.",
	"zeroword":   "A word in the place of a count of none, such as -; any number of times.",
	"nottotal":   "A code that is none, though it is the sum of the others; any number of times.",
	"largest":    "Column with the largest contribution of one contributor; it is not written.",
	"out":        "Folder to write the report to, where nothing but an earlier report is.",
	"identity":   "What holds between counts, as 'open = before + started - ended' or 'age: 0-17 = 0-4 + 5-17'.",
	"outtable":   "CSV file or workbook (.xlsx) to write the table to, in place of printing it.",
	"mail":       "Mail server, such as smtp://user:password@mail.example:587; without one, the outbox keeps e-mails.",
	"proxy":      "Proxies whose word on who asks is believed, such as 10.0.0.0/8; separated by commas.",
	"host":       "Names it answers under besides that of its address in Settings; separated by commas.",
	"files":      "Bucket for the files people add: https://KEY:SECRET@HOST/BUCKET; without one, the folder files.",
	"dns":        "Name server that is asked whether e-mail will arrive; without one, the machine’s.",
	"clamd":      "Virus checker clamd, as HOST:PORT or the path of its socket; without one, PDFs cannot be opened.",
	"face":       "What to serve: all, work (the workspace) or public (the public sites).",
	"role":       "What the person is here, such as business-manager.",
	"db":         "PostgreSQL's postgres:// address, in place of SQLite in the folder.",
	"profile":    "The rule for small counts: ${profiles}, or a JSON file.",
}

// parser makes the reader of command lines.
func (c *cli) parser(ctx context.Context) (*kong.Kong, error) {
	return kong.New(&commandLine{},
		kong.Name("kith"),
		kong.Description("Kith runs a safeguarding children partnership's year and publishes its report."),
		kong.Writers(c.out, c.err),
		kong.Exit(func(int) { c.helped = true }), // help is the only thing that kong ends by itself
		longHelp,
		kong.Vars{"profiles": strings.Join(profileNames(), ", "), "steps": fmt.Sprint(sdc.DefaultBudget)},
		kong.Bind(c),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Resolvers(kong.ResolverFunc(fromEnvironment)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ValueFormatter(described),
		kong.AutoGroup(func(kong.Visitable, *kong.Flag) *kong.Group { return &options }),
		kong.Help(printHelp),
		kong.PostBuild(func(k *kong.Kong) error {
			k.Model.HelpFlag.Help = "Tell more about the command."
			return nil
		}),
	)
}

// options is the heading of every command's options.
var options = kong.Group{Key: "options", Title: "Options:"}

// variable names the environment variable that stands in for an option. It is a
// tag of our own: kong's takes a variable that is set to nothing for an answer.
func variable(v *kong.Value) string { return v.Tag.Get("variable") }

// fromEnvironment gives an option that is not on the command line from its
// variable, unless that is empty.
func fromEnvironment(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if name := variable(f.Value); name != "" && os.Getenv(name) != "" {
		return os.Getenv(name), nil
	}
	return nil, nil
}

// described is an option's help with what holds if it is not given, and the
// variable that does the same.
func described(v *kong.Value) string {
	help := strings.TrimSuffix(v.Help, ".")
	if v.HasDefault {
		help += "; " + v.Default + " if not given"
	}
	if name := variable(v); name != "" {
		help += " (or " + name + ")"
	}
	return help + "."
}

// arranged puts a command's options behind its arguments, so that they may stand
// between them too: kong ends a list of arguments at the first option. What it
// cannot make sense of it leaves as it is, for kong to say what is wrong.
func arranged(at *kong.Node, args []string) []string {
	var path, rest, given []string
	for i := 0; i < len(args); i++ {
		word := args[i]
		switch {
		case word == "--":
			return slices.Concat(path, given, []string{"--"}, rest, args[i+1:])
		case strings.HasPrefix(word, "-") && word != "-":
			f := flagNamed(at, word)
			if f == nil {
				return args
			}
			given = append(given, word)
			if next := i + 1; !f.IsBool() && !strings.Contains(word, "=") && next < len(args) {
				given = append(given, args[next])
				i = next
			}
		default:
			if child := childNamed(at, word); child != nil && len(rest) == 0 {
				at, path = child, append(path, word)
				continue
			}
			rest = append(rest, word)
		}
	}
	return slices.Concat(path, rest, given)
}

// flagNamed finds the option that a word of the command line is, with or without
// its value.
func flagNamed(at *kong.Node, word string) *kong.Flag {
	name, _, _ := strings.Cut(word, "=")
	for _, group := range at.AllFlags(false) {
		for _, f := range group {
			if name == "--"+f.Name || f.Short != 0 && name == "-"+string(f.Short) {
				return f
			}
		}
	}
	return nil
}

func childNamed(at *kong.Node, word string) *kong.Node {
	for _, child := range at.Children {
		if child.Name == word {
			return child
		}
	}
	return nil
}

// examples sets examples below a command's help, as it is printed: a paragraph
// that is set in is left as it is.
func examples(lines ...string) string { return "Examples:\n\n    " + strings.Join(lines, "\n    ") }

// printHelp prints kong's help in our words.
func printHelp(o kong.HelpOptions, at *kong.Context) error {
	var said bytes.Buffer
	to := at.Stdout
	at.Stdout = &said
	err := kong.DefaultHelpPrinter(o, at)
	at.Stdout = to
	if err != nil {
		return err
	}
	words := plainHelp.Replace(said.String())
	if at.Selected() == nil {
		words += "\nExit status: 0 done, 1 the input is at fault or the answer is no, 2 the command line is not\n" +
			"understood, 3 the system is at fault.\n"
	}
	_, err = fmt.Fprint(to, words)
	return err
}

// plainHelp says what kong says, in our words.
var plainHelp = strings.NewReplacer(
	"[flags]", "[options]",
	`Run "kith <command> --help" for more information on a command.`, "kith COMMAND --help tells more about a command.",
)

// usage says why a command line cannot be understood, how the command is used and
// where there is more.
func (c *cli) usage(at *kong.Node, words string) int {
	fmt.Fprintf(c.err, "kith: %s\n", c.said(words))
	if at == nil || at.Type == kong.ApplicationNode {
		fmt.Fprint(c.err, "\n`kith help` lists the commands.\n")
		return exitUsage
	}
	for _, leaf := range append(at.Leaves(true), at) {
		if leaf.Leaf() {
			fmt.Fprintf(c.err, "usage: kith %s\n", plainHelp.Replace(leaf.Summary()))
		}
	}
	fmt.Fprintf(c.err, "`kith %s --help` tells more.\n", at.Path())
	return exitUsage
}

// What kong says is wrong with a command line.
var (
	unknownOption = regexp.MustCompile(`^unknown flag (\S+?)(?:, (did you mean .*))?$`)
	unknownWord   = regexp.MustCompile(`(?s)^unexpected argument (.*?)(?:, (did you mean .*))?$`)
	badChoice     = regexp.MustCompile(`(?s)^(\S+) must be one of (\S+) but got (.*)$`)
	valueMissing  = regexp.MustCompile(`^(--\S+): (?:expected \S+ value but got |missing value|missing parameter)`)
	noNumber      = regexp.MustCompile(`(?s)^(--\S+): expected a valid \d+ bit int but got (.*)$`)
	oneHyphen     = regexp.MustCompile(`^-[a-z][a-z-]+`)
)

// misread says what is wrong with a command line that kong cannot read.
func (c *cli) misread(k *kong.Kong, args []string, err error) int {
	at := k.Model.Node
	if wrong, ok := err.(*kong.ParseError); ok && wrong.Context != nil && wrong.Context.Selected() != nil {
		at = wrong.Context.Selected()
	}
	of := strings.TrimSpace("kith " + at.Path())
	words := err.Error()
	if m := unknownOption.FindStringSubmatch(words); m != nil {
		words = fmt.Sprintf("%s has no option %s", of, m[1]) + nearest(m[2])
		i := slices.IndexFunc(args, func(s string) bool { return oneHyphen.MatchString(s) })
		if i >= 0 && flagNamed(at, "-"+args[i]) != nil {
			words = fmt.Sprintf("options begin with two hyphens: -%s", args[i])
		} else if at.Type == kong.ApplicationNode {
			words = fmt.Sprintf("begin with a command; there is no option %s before it", m[1]) + nearest(m[2])
		}
	} else if m := unknownWord.FindStringSubmatch(words); m != nil {
		switch {
		case at.Leaf():
			words = fmt.Sprintf("%q is one argument more than %s takes", m[1], of)
		case at.Type == kong.ApplicationNode:
			words = fmt.Sprintf("there is no command %q", m[1]) + nearest(m[2])
		default:
			words = fmt.Sprintf("%s has no command %q", of, m[1]) + nearest(m[2])
		}
	} else if m := badChoice.FindStringSubmatch(words); m != nil {
		choices := strings.ReplaceAll(strings.ReplaceAll(m[2], `"`, ""), ",", ", ")
		words = fmt.Sprintf("%s: %s is no choice; choose one of %s", m[1], m[3], choices)
	} else if m := valueMissing.FindStringSubmatch(words); m != nil {
		words = m[1] + " needs a value after it"
		if f := flagNamed(at, m[1]); f != nil {
			words += ": " + smallFirst(f.Help)
		}
	} else if m := noNumber.FindStringSubmatch(words); m != nil {
		words = fmt.Sprintf("%s: %s is no whole number", m[1], m[2])
	} else if strings.HasPrefix(words, "missing flags") || strings.HasPrefix(words, "expected ") {
		words = strings.Join(missingOf(at), "; ")
	}
	return c.usage(at, words)
}

// nearest is the end of a sentence about a word that is not known.
func nearest(didYouMean string) string {
	if didYouMean == "" {
		return ""
	}
	return "; " + strings.ReplaceAll(didYouMean, `"`, "")
}

// missingOf says what a command needs and does not have.
func missingOf(at *kong.Node) []string {
	var out []string
	for _, v := range at.Positional {
		if v.Required && !v.Set {
			out = append(out, fmt.Sprintf("<%s> is missing: %s", v.Name, smallFirst(v.Help)))
		}
	}
	for _, f := range at.Flags {
		if f.Required && !f.Set {
			out = append(out, fmt.Sprintf("%s is missing: %s", f.Summary(), smallFirst(f.Help)))
		}
	}
	var next []string
	for _, child := range at.Children {
		next = append(next, "kith "+child.Path())
	}
	if len(next) > 0 {
		out = append(out, "go on with "+strings.Join(next, " or "))
	}
	return out
}

// smallFirst sets a sentence of help behind a colon.
func smallFirst(s string) string {
	s = strings.TrimSuffix(s, ".")
	if len(s) < 2 || s[1] >= 'A' && s[1] <= 'Z' { // an abbreviation
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
