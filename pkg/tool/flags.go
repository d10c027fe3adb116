package tool

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// question is the error that permute returns for an option, such as --help, that asks about the
// program.
type question struct{ name, value string }

func (q *question) Error() string { return q.name + " was asked for" }

// given is an option as it was typed, with its value if it has one: "--count=5", "-n".
type given struct {
	typed string // "--count", "-n"
	value string
	has   bool // whether a value was given
	*option
}

// permute puts the options before the arguments and "--" between them, so that options may follow
// arguments as in GNU tools; urfave/cli by itself takes everything after the first argument as
// arguments. Giving a text option twice is an error unless both count: else one would be lost silently.
// So is an empty value, as of "$LOG" where LOG is not set: it would pass for an option that is not given.
func (p *Program) permute(args []string) (sorted []string, err error) {
	known := map[string]*option{}
	for _, o := range p.options() {
		for _, name := range o.names {
			known[strings.TrimLeft(name, "-")] = &o
		}
	}
	var rest []string
	seen := map[*option]bool{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' || arg[1] == ':' { // "-:2" is standard input with a weight
			rest = append(rest, arg)
			continue
		}
		all, err := expand(known, arg)
		if err != nil {
			return nil, err
		}
		if last := &all[len(all)-1]; last.option.value != "" && !last.has {
			if i++; i < len(args) {
				last.value, last.has = args[i], true
			}
		}
		for _, g := range all {
			if err := g.check(seen); err != nil {
				return nil, err
			}
			sorted = append(sorted, g.String())
		}
	}
	return append(append(sorted, "--"), rest...), nil
}

// expand splits an argument into one option, or several of one letter each. Only the last may still
// lack its value.
func expand(known map[string]*option, arg string) (all []given, err error) {
	name, value, has := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if o := known[name]; o != nil {
		return []given{{strings.TrimSuffix(arg, "="+value), value, has, o}}, nil
	}
	if arg[1] == '-' {
		return nil, Usagef("unknown option %s", arg)
	}
	for i := 1; i < len(arg); i++ {
		o := known[arg[i:i+1]]
		if o == nil {
			return nil, Usagef("unknown option %s", arg)
		}
		g := given{typed: "-" + arg[i:i+1], option: o}
		if o.value != "" && i+1 < len(arg) {
			g.value, g.has = arg[i+1:], true
			return append(all, g), nil
		}
		all = append(all, g)
	}
	return all, nil
}

// check checks an option that follows those seen.
func (g *given) check(seen map[*option]bool) error {
	switch {
	case g.option.value == "" && g.has:
		return Usagef("option %s takes no value", g.typed)
	case g.option.value != "" && g.value == "":
		return Usagef("option %s needs a value", g.typed)
	case g.choices() != nil && !slices.Contains(g.choices(), g.value):
		return Usagef("option %s takes %s, not %q", g.typed, spelled(g.option.value), g.value)
	case g.question:
		return &question{strings.TrimLeft(g.names[len(g.names)-1], "-"), g.value}
	case seen[g.option] && g.option.value != "" && !g.many && !g.last:
		return Usagef("option %s is given twice, and only one can count", g.typed)
	}
	seen[g.option] = true
	return nil
}

// String returns the option in the form that urfave/cli takes.
func (g *given) String() string {
	if g.has {
		return g.typed + "=" + g.value
	}
	return g.typed
}

var badValue = regexp.MustCompile(`^invalid value "(.*)" for flag -([^ :]+): `)

// unfit returns an error that says what an option takes, for a value that urfave/cli could not read.
func unfit(flags []cli.Flag, err error) error {
	parts := badValue.FindStringSubmatch(err.Error())
	if parts == nil {
		return Usagef("%w", err)
	}
	for _, f := range flags {
		for _, name := range f.Names() {
			if _, wants := number(f); name == parts[2] && wants != "" {
				return Usagef("option %s takes %s, not %q", dashed(name), wants, parts[1])
			}
		}
	}
	return Usagef("%w", err)
}

// notNegative refuses whole numbers and times below zero, since all of them count something.
func notNegative(flags []cli.Flag, c *cli.Context) error {
	for _, f := range flags {
		name := f.Names()[0]
		_, isInt := f.(*cli.IntFlag)
		if isInt && c.Int(name) < 0 || c.Duration(name) < 0 {
			_, wants := number(f)
			return Usagef("option %s takes %s, not %v", dashed(name), wants, c.Value(name))
		}
	}
	return nil
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// Only refuses options that have no effect beside the given one, whose effect is described in the third
// person: all but --quiet, --verbose and those named.
func (c *Call) Only(option, does string, beside ...string) error {
	if !c.IsSet(option) {
		return nil
	}
	used := append([]string{option, "quiet", "verbose"}, beside...)
	var vain []string
	for _, f := range c.App.Flags {
		if name := f.Names()[0]; c.IsSet(name) && !slices.Contains(used, name) {
			vain = append(vain, dashed(name))
		}
	}
	if len(vain) == 0 {
		return nil
	}
	return Usagef("%s %s: not with %s", dashed(option), does, strings.Join(vain, ", "))
}
