package text

import (
	"strings"
	"unicode/utf8"
)

// class says what an ASCII character can be in a text. The bytes of other characters have no class.
type class uint8

const (
	letter class = 1 << iota
	numeral
	low   // the underscore, which UAX #29 joins to words
	space // \t \n \v \f \r and the space
	seams // . ' : , ; / which may stand inside a word or a number
	face  // a sign that an emoticon may begin with
	alone // . , ! ? ) " which are an atom by themselves if white space follows
	wordy = letter | numeral | low
)

// classes is the class of each byte. The fast path for ASCII owes its speed to this single look-up
// per byte.
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
	for _, c := range `:;=(<>\^-*@$` {
		t[c] |= face
	}
	for _, c := range `.,!?)"` {
		t[c] |= alone
	}
	return t
}()

// alphabet is the set of runes of two bytes that are letters (ALetter in UAX #29) of the alphabets
// that the fast path handles itself: Latin, Greek, Cyrillic and Arabic, without marks.
var alphabet = func() (t [0x800]bool) {
	for _, span := range [][2]rune{
		{0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2bf}, {0x388, 0x38a}, {0x391, 0x3a1}, {0x3a3, 0x3f5}, {0x400, 0x481}, {0x48a, 0x52f},
		{0x620, 0x64a}, {0x671, 0x6d3},
	} {
		for r := span[0]; r <= span[1]; r++ {
			t[r] = true
		}
	}
	return t
}()

// isLetter reports whether r, beyond ASCII, is a letter that the fast path handles itself: one of
// alphabet, a Latin letter of the block at U+1E00, or a Korean syllable.
func isLetter(r rune) bool {
	if r < rune(len(alphabet)) {
		return r >= 0 && alphabet[r]
	}
	return r >= 0xac00 && r < 0xd7a4 || r >= 0x1e00 && r < 0x1f00
}

// isBreak reports whether r, beyond ASCII, certainly does not continue a word: it is no ALetter
// (UAX #29), mark, format character or joiner. It knows the usual runes and is false for the rest.
func isBreak(r rune) bool {
	switch {
	case r < 0x2000:
		return r >= 0xa0 && r < 0xc0 && r != 0xaa && r != 0xad && r != 0xb5 && r != 0xb7 && r != 0xb8 && r != 0xba
	case r < 0x3000:
		return r >= 0x2010 && r < 0x2018 || r >= 0x201a && r < 0x2024 || r == 0x2026 || r >= 0x2030 && r < 0x203e ||
			r >= 0x20a0 && r < 0x20c0 || r < 0x200b
	case r < 0xa000:
		return r < 0x302a && r != '々' || r >= 0x3041 && r < 0x3097 || r >= 0x30a1 && r < 0x3100 || r >= 0x4e00
	}
	return r >= 0xff01 && r < 0xff07 || r == 0xff08 || r == 0xff09 || r == 0xff1f || r >= 0x1f300 && r < 0x1f3fb || r >= 0x1f400 && r < 0x1fb00
}

// Unspaced reports whether r belongs to a script of South-East Asia that is written without spaces
// between words: Thai, Lao, Khmer, Burmese and their neighbours.
func Unspaced(r rune) bool {
	return r >= 0x0e00 && r < 0x0f00 || // Thai, Lao
		r >= 0x1000 && r < 0x10a0 || // Burmese
		r >= 0x1780 && r < 0x1800 || // Khmer
		r >= 0x1950 && r < 0x1ab0 && (r < 0x1a00 || r >= 0x1a20) || // Tai Le, New Tai Lue, Tai Tham
		r >= 0xa9e0 && r < 0xaa00 || r >= 0xaa60 && r < 0xaae0 // Burmese extensions, Tai Viet
}

// isIdeograph reports whether r is a Han or Hiragana character: an atom by itself, whatever follows
// it except marks.
func isIdeograph(r rune) bool {
	return r >= 0x4e00 && r < 0xa000 || r >= 0x3041 && r < 0x3097
}

// isKatakana reports whether r is a Katakana letter or the long-vowel sign; UAX #29 joins these to
// runs.
func isKatakana(r rune) bool {
	return r >= 0x30a1 && r < 0x3100 && r != 0x30fb
}

// isCurrency reports whether r is one of the signs that are written next to a number without a space.
func isCurrency(r rune) bool {
	return r == '$' || r >= 0xa2 && r <= 0xa5 || r == '€' || r == '₹' || r == '₩' || r == '￥'
}
