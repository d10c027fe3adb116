package tool

import (
	"strings"
	"unicode/utf8"
)

// A part of a manual. The same parts become the help and the manual page.
type part struct {
	kind kind
	text string // prose: one line, to be wrapped; code: lines to keep
	deep int    // indentation in columns
}

type kind int

const (
	prose   kind = iota
	heading      // a line that ends with a colon, followed by indented lines
	code         // lines to keep: those indented by four columns or more, and all below the headings of asTheyAre
)

// asTheyAre are the headings below which all lines are kept.
var asTheyAre = map[string]bool{"Examples": true, "Environment": true}

// manual splits the program's Manual into parts.
func (p *Program) manual() (parts []part) {
	kept := false // below a heading of asTheyAre
	lines := strings.Split(strings.Trim(p.Manual, "\n"), "\n")
	fresh := true // the next line begins a part
	for i, line := range lines {
		text := strings.TrimLeft(line, " ")
		deep := len(line) - len(text)
		switch {
		case text == "":
			fresh = true
			continue
		case deep == 0 && strings.HasSuffix(text, ":") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  "):
			text = strings.TrimSuffix(text, ":")
			kept = asTheyAre[text]
			parts, fresh = append(parts, part{heading, text, 0}), true
			continue
		case deep == 0:
			kept = false
		}
		now := prose
		if deep >= 4 || kept {
			now = code
		}
		if last := len(parts) - 1; !fresh && parts[last].kind == now {
			parts[last].add(text, deep)
		} else {
			parts = append(parts, part{now, text, deep})
		}
		fresh = false
	}
	return parts
}

// add adds a line.
func (p *part) add(text string, deep int) {
	if p.kind == prose {
		p.text += " " + text
		return
	}
	p.text += "\n" + strings.Repeat(" ", max(0, deep-p.deep)) + text
}

// plain returns the part for a terminal.
func (p part) plain() string {
	switch p.kind {
	case heading:
		return p.text + ":\n"
	case code:
		margin := strings.Repeat(" ", p.deep)
		return margin + strings.ReplaceAll(p.text, "\n", "\n"+margin) + "\n"
	}
	return fill(p.text, p.deep)
}

// glue is a space at which fill does not break the line.
const glue = "\x00"

// fill wraps prose to lines of at most [width] columns, indented.
func fill(text string, indent int) string {
	var b strings.Builder
	column := width
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if column+1+n > width {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(strings.Repeat(" ", indent))
			column = indent
		} else {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
	return strings.ReplaceAll(b.String(), glue, " ")
}
