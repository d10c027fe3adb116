package text

import (
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Units reads the tokens of a text as [Splitter] does, except that each character of the scripts
// that are counted by characters, not by words (Han, kana and hangul), is a token of its own, even
// inside a word, a hashtag or an address, and so is there each grapheme cluster of the scripts of
// [Unspaced]. So a run of units is a run of words and characters as a reader counts them, as a bound on
// copied runs requires; and a model of units works even where words are not separated by spaces.
type Units struct {
	split Splitter
	from  int // where in the text the rest of the current atom begins
	to    int // and where it ends
}

// Reset makes u read normal text from its beginning; see [Splitter.Reset].
func (u *Units) Reset(normal []byte) {
	u.split.Reset(normal)
	u.from, u.to = 0, 0
}

// Next is [Splitter.Next] for units. It does not allocate.
func (u *Units) Next() (gap, unit []byte, ok bool) {
	if u.from == u.to {
		var atom []byte
		var ascii bool
		if gap, atom, ascii, ok = u.split.next(); !ok {
			return gap, nil, false
		}
		u.to = u.split.pos
		if ascii {
			u.from = u.to
			return gap, atom, true
		}
		u.from = u.to - len(atom)
	}
	rest := u.split.text[u.from:u.to]
	n := unitLen(rest)
	u.from += n
	return gap, rest[:n:n], true
}

// SplitUnits is [Split] into units; [Join] restores the normal form.
func SplitUnits(s string) (units []Token) {
	var u Units
	u.Reset(AppendNormal(nil, []byte(s)))
	for {
		gap, unit, ok := u.Next()
		if !ok {
			return units
		}
		units = append(units, Token{string(gap), string(unit)})
	}
}

// unitLen is the length of the first unit of an atom.
func unitLen(atom []byte) int {
	if c := atom[0]; isASCII(atom) || c > 0xe0 && c < 0xf0 && len(atom) == 3 { // or a single character of three bytes, as in Chinese, Japanese and Korean
		return len(atom)
	}
	for i := 0; i < len(atom); {
		r, size := decode(atom, i)
		switch {
		case r < 0x0e00: // neither of the following
		case Solitary(r):
			if i > 0 {
				return i
			}
			return size
		case Unspaced(r) && i == 0:
			return clusterLen(atom)
		case Unspaced(r) && !unicode.IsMark(r):
			return i
		}
		i += size
	}
	return len(atom)
}

// clusterLen is the length of the first grapheme cluster of an atom.
func clusterLen(atom []byte) int {
	it := graphemes.FromBytes(atom)
	it.Next()
	return it.End()
}

// Solitary tells whether r counts as a word by itself: a character or symbol of Han, kana or
// hangul.
func Solitary(r rune) bool {
	return r >= 0x2e80 && (r <= 0x9fff || r >= 0xac00 && r <= 0xd7af || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xff66 && r <= 0xff9f || r >= 0x20000 && r <= 0x3ffff)
}
