package tool

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"
)

// What parse returns for the two options that end a program before it begins.
var (
	errHelp    = errors.New("help was asked for")
	errVersion = errors.New("the version was asked for")
)

// permute puts the options before the arguments and "--" between the two, as GNU tools
// read them; urfave/cli by itself takes everything behind the first argument as arguments.
func permute(flags []cli.Flag, args []string) ([]string, error) {
	takes := map[string]bool{} // a value, by name
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		for _, name := range f.Names() {
			takes[name] = ok && doc.TakesValue()
		}
	}
	var opts, rest []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		last, wants, err := expand(takes, arg)
		if err != nil {
			return nil, err
		}
		opts = append(opts, last...)
		if wants {
			if i++; i == len(args) {
				return nil, Usagef("option %s needs a value", arg)
			}
			opts = append(opts, args[i])
		}
	}
	return append(append(opts, "--"), rest...), nil
}

// expand makes one option, or several one-letter ones, of an argument; wants says that a value must follow.
func expand(takes map[string]bool, arg string) (opts []string, wants bool, err error) {
	name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if takesValue, known := takes[name]; known {
		return []string{arg}, takesValue && !hasValue, nil
	}
	switch {
	case name == "help" || name == "h":
		return nil, false, errHelp
	case name == "version":
		return nil, false, errVersion
	case arg[1] == '-' || len(arg) == 2:
		return nil, false, Usagef("unknown option %s", arg)
	}
	for i := 1; i < len(arg); i++ {
		letter := arg[i : i+1]
		takesValue, known := takes[letter]
		switch {
		case letter == "h" && !known:
			return nil, false, errHelp
		case !known:
			return nil, false, Usagef("unknown option %s", arg)
		case takesValue && i+1 < len(arg):
			return append(opts, "-"+letter, arg[i+1:]), false, nil
		}
		opts, wants = append(opts, "-"+letter), takesValue
	}
	return opts, wants, nil
}

// help is what --help prints.
func (p *Program) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n\nOptions:\n", strings.TrimSpace(p.Name+" [OPTION]... "+p.Args), p.Summary)
	for _, f := range p.Flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok {
			describe(&b, doc)
		}
	}
	b.WriteString("  -q, --quiet\n        say nothing but errors\n  -v, --verbose\n        say more\n" +
		"  -h, --help\n        print this and leave\n      --version\n        print the version and leave\n")
	if p.Manual != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.Trim(p.Manual, "\n"))
	}
	fmt.Fprintf(&b, "\n%s", codes)
	return b.String()
}

// describe prints one option: its names, what it does, what it is if it is not given.
func describe(b *strings.Builder, f cli.DocGenerationFlag) {
	short, long := "    ", ""
	for _, name := range f.Names() {
		if len(name) == 1 {
			short = "-" + name
		} else {
			long += ", --" + name
		}
	}
	names := "  " + short + long
	if short == "    " {
		names = "      " + strings.TrimPrefix(long, ", ")
	}
	value, usage := placeholder(f.GetUsage())
	if f.TakesValue() {
		names += " " + value
		if d := f.GetDefaultText(); d != "" && d != `""` {
			usage += " (default: " + strings.Trim(d, `"`) + ")"
		}
	}
	fmt.Fprintf(b, "%s\n        %s\n", names, strings.ReplaceAll(usage, "\n", "\n        "))
}

// placeholder takes the value's name out of a usage such as "write to `FILE`".
func placeholder(usage string) (value, plain string) {
	before, rest, ok := strings.Cut(usage, "`")
	value, after, closed := strings.Cut(rest, "`")
	if !ok || !closed {
		return "VALUE", usage
	}
	return value, before + value + after
}

// release is set by -ldflags "-X horsepipe/pkg/tool.release=…" for builds that do not know where they come from.
var release string

// version is what --version prints.
func (p *Program) version() string {
	v := release
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && !strings.Contains(v, s.Value[:min(12, len(s.Value))]) {
				v += " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("%s %s (%s, %s/%s)\n", p.Name, v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
