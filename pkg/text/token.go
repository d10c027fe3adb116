package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// MaxAtom is the most bytes that an atom has. What is longer, such as base64 or a scream, is cut into several, between
// graphemes if they are shorter than that.
const MaxAtom = 1024

// A Token is an atom and the white space that stands before it. See the package comment for what is an atom.
type Token struct {
	Gap, Text string
}

// Split returns the tokens of the normal form of s; [Join] gives that form back.
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

// Join puts tokens together again.
func Join(ts []Token) string {
	var b []byte
	for _, t := range ts {
		b = append(append(b, t.Gap...), t.Text...)
	}
	return string(b)
}

// A Splitter reads the tokens of a text, one after the other, without allocating.
type Splitter struct {
	text []byte
	pos  int
	end  int // end of the run without white space that pos is in, if beyond pos; else not looked for yet
}

// Reset makes sp read normal, the result of [Normalise] or [AppendNormal], from its beginning. Any other bytes are
// split without loss, too, but not as well: decomposed letters, for instance, take the slow road.
func (sp *Splitter) Reset(normal []byte) {
	*sp = Splitter{text: normal}
}

// Next returns the next token as slices of the text. At the end ok is false and gap is the white space that is left,
// of which normal text has none.
func (sp *Splitter) Next() (gap, atom []byte, ok bool) {
	s, from := sp.text, sp.pos
	i := skipSpace(s, from)
	if i == len(s) {
		sp.pos = i
		return s[from:], nil, false
	}
	end := i
	for limit := min(len(s), i+MaxAtom+1); end < limit && classes[s[end]]&wordy != 0; {
		end++
	}
	if end == i || end-i > MaxAtom || !endsWord(s, end) {
		end = sp.atom(i)
	}
	sp.pos = end
	return s[from:i:i], s[i:end:end], true
}

// endsWord reports whether a run of ASCII letters, digits and underscores that ends at i is an atom as it stands. It
// knows what follows most words: white space, or a comma or full stop before white space.
func endsWord(s []byte, i int) bool {
	if i < len(s) && (s[i] == ',' || s[i] == '.') {
		i++
	}
	return i == len(s) || classes[s[i]] == space
}

// skipSpace returns the end of the white space that begins at i.
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

// wideSpace returns the size of the white space beyond ASCII at i, and 0 if there is none. The four bytes that such a rune
// can begin with are enough to tell in most cases.
func wideSpace(s []byte, i int) int {
	switch s[i] {
	case 0xc2, 0xe1, 0xe2, 0xe3:
		if r, size := decode(s, i); unicode.IsSpace(r) {
			return size
		}
	}
	return 0
}

// window returns where the text ends as far as an atom at i is concerned: one character further than MaxAtom bytes, so
// that an atom that is too long is seen to be so, and a text of one such atom is not read again and again.
func (sp *Splitter) window(i int) int {
	n := i + MaxAtom + 1
	for n < len(sp.text) && !utf8.RuneStart(sp.text[n]) {
		n++
	}
	return min(n, len(sp.text))
}

// chunk returns the text from i up to the next white space or the end of the window.
func (sp *Splitter) chunk(i int) []byte {
	s := sp.text
	end := max(sp.end, i)
	for end < len(s) && classes[s[end]] != space && (s[end] < utf8.RuneSelf || wideSpace(s, end) == 0) {
		end++
	}
	sp.end = end
	return s[i:min(end, sp.window(i))]
}

// cut returns where an atom that begins at i and is longer than MaxAtom bytes ends instead.
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
