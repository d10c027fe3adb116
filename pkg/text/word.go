package text

import "unicode/utf8"

// place is what is at a place in a text, as the rules for words see it.
type place uint8

const (
	apart   place = iota // the end, or a rune that never continues a word
	aLetter              // a letter that the fast path knows
	aDigit               // an ASCII digit
	aLow                 // an underscore
	unknown              // a rune whose rules only the tables know
)

// look returns what is at s[i:].
func look(s []byte, i int) place {
	if i == len(s) {
		return apart
	}
	if c := s[i]; c < utf8.RuneSelf {
		switch classes[c] {
		case letter:
			return aLetter
		case numeral:
			return aDigit
		case low:
			return aLow
		}
		return apart
	}
	r, _ := decode(s, i)
	switch {
	case isLetter(r):
		return aLetter
	case isBreak(r):
		return apart
	}
	return unknown
}

// before returns what is before i, inside a word.
func before(s []byte, i int) place {
	switch classes[s[i-1]] {
	case numeral:
		return aDigit
	case low:
		return aLow
	}
	return aLetter
}

// word returns the end of the word that begins with the letter, digit or underscore at i, by the
// rules of UAX #29 and those of this package for elisions and numbers. It returns -1 if it meets a
// rune whose rules it does not know.
func word(s []byte, i int) int {
	start := i
	for {
		for i < len(s) && (classes[s[i]]&wordy != 0 || isLetter2(s, i)) {
			i += 1 + int(s[i]>>7) // a letter beyond ASCII has two bytes
		}
		if i == len(s) || s[i] < utf8.RuneSelf && classes[s[i]]&seams == 0 {
			return i
		}
		next, more := seam(s, start, i)
		if !more {
			return next
		}
		i = next
	}
}

// isLetter2 reports whether there is a letter of two bytes at i that the fast path handles itself.
func isLetter2(s []byte, i int) bool {
	c := s[i]
	return c >= 0xc2 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80 && alphabet[rune(c&0x1f)<<6|rune(s[i+1]&0x3f)]
}

// seam decides whether the rune at i, which may be inside a word, continues the word from start. If
// more is true the word continues at next, otherwise it ends at next. next is -1 if only the tables
// know.
func seam(s []byte, start, i int) (next int, more bool) {
	r, size := rune(s[i]), 1
	if r >= utf8.RuneSelf {
		r, size = decode(s, i)
	}
	next = i + size
	last := aLetter
	if i > start {
		last = before(s, i)
	}
	switch {
	case r >= utf8.RuneSelf && isLetter(r):
		return next, true
	case r >= utf8.RuneSelf && r != '’':
		if isBreak(r) && last != aLow {
			return i, false
		}
		return -1, false
	}
	follows := look(s, next)
	if follows == unknown {
		return -1, false
	}
	apostrophe := r == '\'' || r == '’'
	if apostrophe && elides(s[start:i]) && (follows != apart || opens(s[next:])) {
		return next, false
	}
	letters := last == aLetter && follows == aLetter && (apostrophe || r == '.' || r == ':')
	digits := last == aDigit && follows == aDigit && (r != ':' && r != '/' || isNumber(s[start:i]))
	if letters || digits {
		return next, true
	}
	return i, false
}

// opens reports whether s begins with something that may follow an elided article, other than a letter or digit.
func opens(s []byte) bool {
	r, _ := utf8.DecodeRune(s)
	return r == '@' || r == '#' || r == '«' || r == '“'
}

// elides reports whether w, which is followed by an apostrophe, is an article, pronoun or
// conjunction that French, Italian or Catalan elides before a vowel. It leaves out those that are
// more often something else (y'all) or that form one word with what follows (aujourd'hui,
// quelqu'un).
func elides(w []byte) bool {
	var key [8]byte
	if len(w) == 0 || len(w) > len(key) {
		return false
	}
	for i, c := range w {
		key[i] = c | 0x20
	}
	switch string(key[:len(w)]) {
	case "l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "\xe3\xa7", // ç
		"un", "dell", "nell", "all", "dall", "sull", "coll", "quell", "quest", "bell", "sant", "gl", "anch", "com", "dov",
		"cos", "mezz", "tutt", "senz", "quand", "v":
		return true
	}
	return false
}
