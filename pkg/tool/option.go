package tool

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// own are the options that every program has.
func own() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "say more"},
	}
}

// questions are the options that print something and end the program before it begins.
func questions() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "print this and leave"},
		&cli.BoolFlag{Name: "version", Usage: "print the version and leave"},
		&cli.BoolFlag{Name: "man", Usage: "print this as a manual page, for man -l -, and leave"},
		&cli.StringFlag{Name: "completion", Usage: "print what lets a shell complete options, for `bash|zsh|fish`, and leave"},
	}
}

// option is an option as the help, the manual page and the completions show it.
type option struct {
	names    []string // "-n", "--count": letters first
	value    string   // what its value is called: "FILE", or "this|that" for a choice; "" if it takes none
	usage    string
	fallback string // its default; "" if there is none to mention
	many     bool   // it may be given several times, and all of them count
	last     bool   // it may be given again and the last one counts, so that a script's number or time can be overridden
	question bool
}

// options lists all options of a program.
func (p *Program) options() (all []option) {
	for _, f := range slices.Concat(p.Flags, own(), questions()) {
		all = append(all, describe(f))
	}
	for i := range questions() {
		all[len(all)-1-i].question = true
	}
	return all
}

func describe(f cli.Flag) (o option) {
	for _, name := range f.Names() {
		if len(name) == 1 {
			o.names = slices.Insert(o.names, 0, "-"+name)
		} else {
			o.names = append(o.names, "--"+name)
		}
	}
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return o
	}
	value, usage := placeholder(doc.GetUsage())
	o.usage = usage
	if doc.TakesValue() {
		o.value = value
		o.fallback = strings.Trim(doc.GetDefaultText(), `"`)
		if minutes, ok := strings.CutSuffix(o.fallback, "m0s"); ok {
			o.fallback = minutes + "m"
		}
	}
	zero, wants := number(f)
	if o.last = wants != ""; o.last && o.fallback == zero { // no limit, no wait
		o.fallback = ""
	}
	list, ok := f.(cli.DocGenerationSliceFlag)
	o.many = ok && list.IsSliceFlag()
	return o
}

// placeholder splits a usage such as "write to `FILE`" or "in `red|blue`" into the name of the value
// and the plain text.
func placeholder(usage string) (value, plain string) {
	before, rest, ok := strings.Cut(usage, "`")
	value, after, closed := strings.Cut(rest, "`")
	if !ok || !closed {
		return "VALUE", usage
	}
	return value, before + spelled(value) + after
}

// spelled is the name of a value for a sentence: "red|green|blue" becomes "red, green or blue".
func spelled(value string) string {
	last := strings.LastIndex(value, "|")
	if last < 0 {
		return value
	}
	return strings.ReplaceAll(value[:last], "|", ", ") + " or " + value[last+1:]
}

// number returns, for an option whose value is a number or a time, what is zero and what a value has to
// be; for any other option wants is "".
func number(f cli.Flag) (zero, wants string) {
	switch f.(type) {
	case *cli.IntFlag, *cli.Int64Flag, *cli.UintFlag, *cli.Uint64Flag:
		return "0", "a whole number, 0 or more"
	case *cli.DurationFlag:
		return "0s", "a time such as 90s, 15m or 2h"
	case *cli.Float64Flag:
		return "", "a number"
	}
	return "", ""
}

// choices returns the values that an option may take, or nil if they are not limited to a few.
func (o *option) choices() []string {
	if !strings.Contains(o.value, "|") {
		return nil
	}
	return strings.Split(o.value, "|")
}

// isFile reports whether the name of a value or argument stands for a file or folder.
func isFile(value string) bool {
	return slices.ContainsFunc([]string{"FILE", "PATH", "MODEL"}, func(word string) bool { return strings.Contains(value, word) })
}
