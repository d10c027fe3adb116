package tool

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// width is that of a terminal, in columns; the help is wrapped to it.
const width = 80

// answer returns the answer to a question.
func (p *Program) answer(q *question) string {
	switch q.name {
	case "help":
		return p.help()
	case "version":
		return p.version()
	case "man":
		return p.man()
	}
	return p.completion(q.value)
}

// help returns what --help prints.
func (p *Program) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n\nOptions:\n", p.usage(), p.Summary)
	for _, o := range p.options() {
		indent := "  "
		if strings.HasPrefix(o.names[0], "--") {
			indent = "      " // below those that have a letter
		}
		fmt.Fprintf(&b, "%s%s\n", indent, strings.TrimSpace(strings.Join(o.names, ", ")+" "+o.value))
		b.WriteString(fill(o.explained(), 8))
	}
	below := false // a heading
	for _, part := range p.manual() {
		if !below {
			b.WriteByte('\n')
		}
		b.WriteString(part.plain())
		below = part.kind == heading
	}
	fmt.Fprintf(&b, "\nExit codes:\n")
	for _, c := range codes {
		fmt.Fprintf(&b, "  %-2d  %s\n", c.code, c.means)
	}
	return b.String()
}

func (p *Program) usage() string { return strings.TrimSpace(p.Name + " [OPTION]... " + p.Args) }

// explained returns the option's usage, with its default.
func (o *option) explained() string {
	s := o.usage
	if o.many && !strings.Contains(s, "several") {
		s += "; may be given several times"
	}
	if o.fallback != "" {
		s += " (default:" + glue + strings.ReplaceAll(o.fallback, " ", glue) + ")"
	}
	return s
}

// release is set by -ldflags "-X horsepipe/pkg/tool.release=…" for builds that do not know their
// version.
var release string

// version returns what --version prints.
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
