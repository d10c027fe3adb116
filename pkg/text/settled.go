package text

import (
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// role is what a rune can do to the NFC of a text.
type role uint8

const (
	loose   role = iota // it may change or combine; or AppendNormal changes it
	settled             // it stays as it is, whatever stands beside it
	solo                // a mark that stays as it is unless another mark stands beside it
)

// roles is the role of each rune, by blocks of 256 runes, each taken from the tables of norm once it is needed (20 µs). With it the
// usual text of any language is seen to be in NFC several times faster than norm can tell.
var roles [(unicode.MaxRune + 1) >> 8]atomic.Pointer[roleBlock]

type roleBlock [1 << 8]role

// roleOf returns the role of r.
func roleOf(r rune) role { return rolesOf(r >> 8)[r&0xff] }

// rolesOf returns a block. Several goroutines may make the same one.
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

// changes reports whether AppendNormal does more to r, if that is beyond ASCII, than NFC. As U+FFFD also invalid bytes are decoded.
func changes(r rune) bool {
	return r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffd && r <= 0xffff
}

// settledSpan returns the length of the longest prefix of s that lies beyond ASCII and is in NFC whatever ASCII stands
// around it, as far as roles tell.
func settledSpan(s []byte) int {
	i := 0
	var roles *roleBlock
	block := rune(-1)
	for marked := false; i < len(s) && s[i] >= utf8.RuneSelf; {
		r, size := decode(s, i)
		if r>>8 != block {
			block = r >> 8
			roles = rolesOf(block)
		}
		role := roles[r&0xff]
		if role == loose || role == solo && marked {
			break
		}
		marked = role == solo
		i += size
	}
	return i
}

// decode is utf8.DecodeRune of s[i:], faster for the runes of one, two and most of three bytes.
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
