package text

import (
	"strings"
	"unicode/utf8"
)

// class says what a byte can be in a text. Bytes of runes beyond ASCII have none.
type class uint8

const (
	letter class = 1 << iota
	numeral
	low   // the underscore, which UAX #29 joins to words
	space // \t \n \v \f \r and the space
	seams // . ' : , ; / which may stand inside a word or a number
	wordy = letter | numeral | low
)

// classes is the class of each byte: one look per byte is what the speed of the ASCII road rests on.
var classes = func() (t [256]class) {
	for c := range utf8.RuneSelf {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = letter
		case c >= '0' && c <= '9':
			t[c] = numeral
		case c == '_':
			t[c] = low
		case c == ' ' || c >= '\t' && c <= '\r':
			t[c] = space
		case strings.IndexByte(".':,;/", byte(c)) >= 0:
			t[c] = seams
		}
	}
	return t
}()

// isLetter reports whether r, beyond ASCII, is a letter (ALetter in UAX #29) of one of the alphabets that the fast road
// reads itself: Latin, Greek and Cyrillic without marks, and Korean syllables.
func isLetter(r rune) bool {
	switch {
	case r < 0x2c0:
		return r >= 0xc0 && r != 0xd7 && r != 0xf7
	case r < 0x530:
		return r >= 0x400 && r < 0x482 || r >= 0x48a || r >= 0x3a3 && r < 0x3f6 || r >= 0x391 && r < 0x3a2 || r >= 0x388 && r < 0x38b
	}
	return r >= 0xac00 && r < 0xd7a4 || r >= 0x1e00 && r < 0x1f00
}

// isBreak reports whether r, beyond ASCII, is sure to stand apart from the letters and digits before it: no letter, mark,
// format character or joiner. It knows the usual runes and says no to the rest.
func isBreak(r rune) bool {
	switch {
	case r < 0x2000:
		return r >= 0xa0 && r < 0xc0 && r != 0xaa && r != 0xad && r != 0xb5 && r != 0xb7 && r != 0xba
	case r < 0x3000:
		return r >= 0x2010 && r < 0x2018 || r >= 0x201a && r < 0x2024 || r == 0x2026 || r >= 0x2030 && r < 0x203e ||
			r >= 0x20a0 && r < 0x20c0 || r < 0x200b
	case r < 0xa000:
		return r < 0x302a || r >= 0x3041 && r < 0x3097 || r >= 0x30a1 && r < 0x3100 || r >= 0x4e00
	}
	return r >= 0xff01 && r < 0xff07 || r == 0xff08 || r == 0xff09 || r == 0xff1f || r >= 0x1f300 && r < 0x1f3fb || r >= 0x1f400 && r < 0x1fb00
}

// isUnspaced reports whether r belongs to a script of South-East Asia that is written without spaces.
func isUnspaced(r rune) bool {
	return r >= 0x0e00 && r < 0x0f00 || // Thai, Lao
		r >= 0x1000 && r < 0x10a0 || // Burmese
		r >= 0x1780 && r < 0x1800 || // Khmer
		r >= 0x1950 && r < 0x1ab0 && (r < 0x1a00 || r >= 0x1a20) || // Tai Le, New Tai Lue, Tai Tham
		r >= 0xa9e0 && r < 0xaa00 || r >= 0xaa60 && r < 0xaae0 // Burmese extensions, Tai Viet
}

// isIdeograph reports whether r is an atom by itself whatever follows it, marks apart: a Han or Hiragana character.
func isIdeograph(r rune) bool {
	return r >= 0x4e00 && r < 0xa000 || r >= 0x3041 && r < 0x3097
}

// isCurrency reports whether r is one of the signs that are written next to a number without a space.
func isCurrency(r rune) bool {
	return r == '$' || r >= 0xa2 && r <= 0xa5 || r == '€' || r == '₹' || r == '₩' || r == '￥'
}
