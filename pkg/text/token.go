package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// MaxAtom is the largest number of bytes in an atom. Anything longer, such as base64 or a scream,
// is cut into several atoms, between graphemes unless a single one is longer.
const MaxAtom = 1024

// A Token is an atom and the white space before it. The package comment says what an atom is.
type Token struct {
	Gap, Text string
}

// Split returns the tokens of the normal form of s; [Join] restores that form.
func Split(s string) []Token {
	var ts []Token
	var sp Splitter
	sp.Reset(AppendNormal(nil, []byte(s)))
	for {
		gap, atom, ok := sp.Next()
		if !ok {
			return ts
		}
		ts = append(ts, Token{string(gap), string(atom)})
	}
}

// Join concatenates tokens.
func Join(ts []Token) string {
	var b []byte
	for _, t := range ts {
		b = append(append(b, t.Gap...), t.Text...)
	}
	return string(b)
}

// A Splitter reads the tokens of a text one after the other, without allocating. Call Reset first.
// Only one goroutine may use it at a time.
type Splitter struct {
	text []byte
	pos  int
	end  int // end of the run without white space around pos, if greater than pos; otherwise not yet known
}

// Reset makes sp read normal, a result of [Normalise] or [AppendNormal], from its beginning. normal
// must not change while it is read. Any other bytes are split without loss, too, but not as well:
// decomposed letters, for instance, take the slow path.
func (sp *Splitter) Reset(normal []byte) {
	*sp = Splitter{text: normal}
}

// Next returns the next token, as slices of the text. At the end ok is false and gap is the
// remaining white space; normal text has none there.
func (sp *Splitter) Next() (gap, atom []byte, ok bool) {
	gap, atom, _, ok = sp.next()
	return gap, atom, ok
}

// next is Next; ascii is true if it is known that the token is ASCII.
func (sp *Splitter) next() (gap, atom []byte, ascii, ok bool) {
	s, from := sp.text, sp.pos
	i := skipSpace(s, from)
	if i == len(s) {
		sp.pos = i
		return s[from:], nil, false, false
	}
	end := i
	for limit := min(len(s), i+MaxAtom+1); end < limit && classes[s[end]]&wordy != 0; {
		end++
	}
	switch {
	case end == i && classes[s[i]]&alone != 0 && endsAtom(s, i+1):
		end++
		ascii = true
	case end == i || end-i > MaxAtom || !endsWord(s, end):
		end = sp.atom(i)
	default:
		ascii = true
	}
	sp.pos = end
	return s[from:i:i], s[i:end:end], ascii, true
}

// endsWord reports whether a run of ASCII letters, digits and underscores that ends at i is an atom
// as it is. It recognises what follows most words: white space, or a comma or full stop before
// white space.
func endsWord(s []byte, i int) bool {
	if i < len(s) && (s[i] == ',' || s[i] == '.') {
		i++
	}
	return endsAtom(s, i)
}

// endsAtom reports whether the end of the text or white space of ASCII is at i.
func endsAtom(s []byte, i int) bool { return i == len(s) || classes[s[i]] == space }

// skipSpace returns the end of the white space that begins at i; i if there is none.
func skipSpace(s []byte, i int) int {
	for i < len(s) {
		if s[i] >= utf8.RuneSelf {
			n := wideSpace(s, i)
			if n == 0 {
				break
			}
			i += n
		} else if classes[s[i]] == space {
			i++
		} else {
			break
		}
	}
	return i
}

// wideSpace returns the size of the white space beyond ASCII at i, or 0 if there is none. The first
// bytes rule out most other runes: such white space begins with one of four bytes, and of those that
// begin as kana do there is only U+3000.
func wideSpace(s []byte, i int) int {
	switch s[i] {
	case 0xe3:
		if i+1 < len(s) && s[i+1] != 0x80 {
			return 0
		}
		fallthrough
	case 0xc2, 0xe1, 0xe2:
		if r, size := decode(s, i); unicode.IsSpace(r) {
			return size
		}
	}
	return 0
}

// window returns how far an atom at i may look into the text: one character more than MaxAtom
// bytes. That shows whether an atom is too long, and a text that is one such atom is not read again
// and again.
func (sp *Splitter) window(i int) int {
	n := i + MaxAtom + 1
	for n < len(sp.text) && !utf8.RuneStart(sp.text[n]) {
		n++
	}
	return min(n, len(sp.text))
}

// chunk returns the text from i to the next white space, or to the end of the window.
func (sp *Splitter) chunk(i int) []byte {
	s := sp.text
	end := max(sp.end, i)
	for end < len(s) && classes[s[end]] != space && (s[end] < utf8.RuneSelf || wideSpace(s, end) == 0) {
		end++
	}
	sp.end = end
	return s[i:min(end, sp.window(i))]
}

// cut returns where to end an atom that begins at i and is longer than MaxAtom bytes.
func (sp *Splitter) cut(i int) int {
	last := 0
	for it := graphemes.FromBytes(sp.text[i:sp.window(i)]); it.Next() && it.End() <= MaxAtom; {
		last = it.End()
	}
	if last > 0 {
		return i + last
	}
	n := i + MaxAtom // inside a single grapheme
	for !utf8.RuneStart(sp.text[n]) {
		n--
	}
	return n
}
