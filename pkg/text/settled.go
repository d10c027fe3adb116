package text

import (
	"sync"
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

// rolesEnd is the end of the runes whose role is looked up: all alphabets of the Basic Multilingual Plane lie before it.
const rolesEnd = 0x3400

// roles is the role of each rune before rolesEnd, taken from the tables of norm once it is needed (1 ms). With it the
// usual text of any language is seen to be in NFC several times faster than norm can tell.
var roles = sync.OnceValue(func() *[rolesEnd]role {
	var t [rolesEnd]role
	for r := rune(0xa0); r < rolesEnd; r++ {
		s := string(r)
		switch p := norm.NFC.PropertiesString(s); {
		case norm.NFC.QuickSpanString(s) < len(s) || r == 0x2028 || r == 0x2029:
		case p.CCC() != 0:
			t[r] = solo
		case p.BoundaryBefore():
			t[r] = settled
		}
	}
	return &t
})

// roleOf returns the role of r by the table t.
func roleOf(t *[rolesEnd]role, r rune) role {
	switch {
	case r < rolesEnd:
		return t[r]
	case r < 0xa66f || r >= 0xac00 && r < 0xd7a4 || r >= 0xff00 && r < 0xffef || r >= 0x1f000 && r < 0x20000 || r == 0xfe0f:
		return settled // Han, Yi, Hangul; wide and narrow forms; pictographs; the variation selector of emoji
	}
	return loose
}

// settledSpan returns the length of the longest prefix of s that lies beyond ASCII and is in NFC whatever ASCII stands
// around it, as far as roles tell.
func settledSpan(s []byte) int {
	t := roles()
	i := 0
	for marked := false; i < len(s) && s[i] >= utf8.RuneSelf; {
		r, size := decode(s, i)
		role := roleOf(t, r)
		if role == loose || role == solo && marked {
			break
		}
		marked = role == solo
		i += size
	}
	return i
}

// decode is utf8.DecodeRune of s[i:], faster for the runes of one and two bytes.
func decode(s []byte, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	} else if c >= 0xc2 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80 {
		return rune(c&0x1f)<<6 | rune(s[i+1]&0x3f), 2
	}
	return utf8.DecodeRune(s[i:])
}
