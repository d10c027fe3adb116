package text

import (
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// role is how a rune affects the NFC of a text.
type role uint8

const (
	loose   role = iota // it may change or combine, or AppendNormal changes it
	settled             // it stays as it is, whatever its neighbours
	solo                // a mark that stays as it is unless another mark is next to it
)

// roles is the role of each rune, in blocks of 256 runes. Each block is computed from the tables of
// norm when it is first needed (20 µs). With roles, usual text of any language is recognised as NFC
// several times faster than norm can do it.
var roles [(unicode.MaxRune + 1) >> 8]atomic.Pointer[roleBlock]

type roleBlock [1 << 8]role

// roleOf returns the role of r.
func roleOf(r rune) role { return rolesOf(r >> 8)[r&0xff] }

// rolesOf returns a block. Several goroutines may compute the same block at once, which does no
// harm.
func rolesOf(block rune) *roleBlock {
	if b := roles[block].Load(); b != nil {
		return b
	}
	b := new(roleBlock)
	for i := range b {
		r := block<<8 + rune(i)
		s := string(r)
		switch p := norm.NFC.PropertiesString(s); {
		case norm.NFC.QuickSpanString(s) < len(s) || changes(r):
		case p.CCC() != 0:
			b[i] = solo
		case p.BoundaryBefore():
			b[i] = settled
		}
	}
	roles[block].Store(b)
	return b
}

// changes reports whether AppendNormal changes r, if beyond ASCII, other than by NFC. It includes
// U+FFFD, as which invalid bytes are decoded.
func changes(r rune) bool {
	return r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffd && r <= 0xffff
}

// settledSpan returns the length of the longest prefix of s that is entirely beyond ASCII and is in
// NFC whatever ASCII surrounds it, as far as roles can tell.
func settledSpan(s []byte) int {
	i := 0
	var known *roleBlock
	block := rune(-1)
	for marked := false; i < len(s) && s[i] >= utf8.RuneSelf; {
		r, size := decode(s, i)
		if r>>8 != block {
			block = r >> 8
			known = rolesOf(block)
		}
		role := known[r&0xff]
		if role == loose || role == solo && marked {
			break
		}
		marked = role == solo
		i += size
	}
	return i
}

// decode is utf8.DecodeRune(s[i:]), but faster for runes of one, two and most of three bytes.
func decode(s []byte, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	} else if c >= 0xc2 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80 {
		return rune(c&0x1f)<<6 | rune(s[i+1]&0x3f), 2
	} else if c > 0xe0 && c < 0xed && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 {
		return rune(c&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f), 3
	}
	return utf8.DecodeRune(s[i:])
}
