package tool

import (
	"fmt"
	"regexp"
	"strings"
)

// released is the date of the newest release in CHANGELOG.md, which is shown below each manual page.
const released = "2026-11-22"

// family are the programs that belong together.
var family = []string{"mk-gen", "mk-info", "mk-train", "tw-archive", "tw-auth", "tw-mentions", "tw-post", "tw-sandbox"}

// man returns what --man prints: a page in man(7), which every man of the last forty years reads.
func (p *Program) man() string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 %s horsepipe\n", roff(strings.ToUpper(p.Name)), released)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(p.Name), roff(p.Summary))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n%s\n", roff(p.Name), italics(strings.TrimPrefix(p.usage(), p.Name+" ")))
	var about, after strings.Builder // the sections before and after the options
	to := &about
	parts := p.manual()
	for i, part := range parts {
		switch {
		case part.kind == heading && asTheyAre[part.text]:
			to = &after
			fmt.Fprintf(to, ".SH %s\n", roff(strings.ToUpper(part.text)))
		case part.kind == heading:
			to = &about
			fmt.Fprintf(to, ".SS %s\n", roff(part.text))
		default:
			if i > 0 && parts[i-1].kind != heading {
				to.WriteString(".PP\n")
			}
			to.WriteString(part.roff())
		}
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s.SH OPTIONS\n", about.String())
	for _, o := range p.options() {
		names := `\fB` + strings.Join(roffAll(o.names), `\fR, \fB`) + `\fR`
		if o.value != "" {
			names += " " + italics(o.value)
		}
		fmt.Fprintf(&b, ".TP\n%s\n%s", names, flow(o.explained()))
	}
	fmt.Fprintf(&b, "%s.SH EXIT STATUS\n", after.String())
	for _, c := range codes {
		fmt.Fprintf(&b, ".TP\n%d\n%s\n", c.code, roff(c.means))
	}
	fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", p.seeAlso())
	return b.String()
}

// roff returns a part that is no heading.
func (p part) roff() string {
	if p.kind == code {
		return ".RS 4\n.nf\n" + roff(p.text) + "\n.fi\n.RE\n"
	}
	return flow(p.text)
}

// seeAlso lists the other programs.
func (p *Program) seeAlso() string {
	var others []string
	for _, name := range family {
		if name != p.Name {
			others = append(others, `\fB`+roff(name)+`\fR(1)`)
		}
	}
	return strings.Join(others, ",\n")
}

// roffEscape escapes what roff would interpret, or print as another character than the one to be typed.
var roffEscape = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`)

var roffControl = regexp.MustCompile(`(?m)^\.`)

// roff returns text for a page.
func roff(text string) string {
	return roffControl.ReplaceAllString(roffEscape.Replace(text), `\&.`)
}

// flow returns prose for a page, in lines short enough for a person to read.
func flow(text string) string {
	return roffControl.ReplaceAllString(fill(roffEscape.Replace(text), 0), `\&.`)
}

func roffAll(words []string) (all []string) {
	for _, w := range words {
		all = append(all, roff(w))
	}
	return all
}

var capitals = regexp.MustCompile(`[A-Z]+`)

// italics is roff with placeholders, which are in capitals, in italics.
func italics(text string) string {
	return capitals.ReplaceAllString(roff(text), `\fI$0\fR`)
}
