package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
)

// atom returns the end of the atom that begins at i. There is no white space at i.
func (sp *Splitter) atom(i int) int {
	var end int
	switch c := sp.text[i]; {
	case c >= utf8.RuneSelf:
		end = sp.foreign(i)
	case classes[c]&wordy != 0:
		end = sp.word(i)
	default:
		end = sp.mark(i, rune(c), 1)
	}
	if end-i > MaxAtom {
		end = sp.cut(i)
	}
	return end
}

// word returns the end of the atom at i, which begins with a letter, digit or underscore.
func (sp *Splitter) word(i int) int {
	end := word(sp.text[:sp.window(i)], i)
	if end < 0 {
		end = sp.unicodeWord(i)
	}
	if end < len(sp.text) && classes[sp.text[end]] != space {
		end = sp.afterWord(i, end)
	}
	return end
}

// foreign returns the end of the atom at i, whose first rune is beyond ASCII.
func (sp *Splitter) foreign(i int) int {
	r, size := decode(sp.text, i)
	switch {
	case isIdeograph(r):
		if p := look(sp.text, i+size); p != unknown {
			return i + size
		}
	case isKatakana(r):
		return sp.katakana(i)
	case isLetter(r):
		return sp.word(i)
	case Unspaced(r):
		it := graphemes.FromBytes(sp.chunk(i))
		it.Next()
		return i + it.End()
	case isMark(r):
		return sp.mark(i, r, size)
	}
	return sp.unicodeWord(i)
}

// katakana returns the end of the run of Katakana at i.
func (sp *Splitter) katakana(i int) int {
	s := sp.text[:sp.window(i)]
	end := i
	for end < len(s) {
		r, size := decode(s, end)
		if !isKatakana(r) {
			break
		}
		end += size
	}
	if p := look(s, end); p == unknown || p == aLow {
		return sp.unicodeWord(i)
	}
	return end
}

// unicodeWord returns the end of the word at i by the tables of UAX #29.
func (sp *Splitter) unicodeWord(i int) int {
	n, _, _ := words.SplitFunc(sp.chunk(i), true)
	return i + n
}

// afterWord returns the end of the atom that begins with the word from i to end. Neither ASCII
// white space nor the end of the text follows the word.
func (sp *Splitter) afterWord(i, end int) int {
	s := sp.text
	switch s[end] {
	case ':':
		return sp.scheme(i, end)
	case '.':
		if isAbbreviation(s[i:end]) {
			return end + 1
		}
		if end+1 < len(s) && classes[s[end+1]]&wordy != 0 { // "shop24.example": UAX #29 joins no digit to a letter
			return sp.bareLink(i, end)
		}
	case '@':
		return sp.address(end)
	case '?':
		return sp.bareLink(i, end)
	case '-', '/', '(', ')', '\'', '^':
		return sp.beforeSign(i, end)
	case '%', '$', 0xc2, 0xe2:
		return sp.unit(i, end)
	}
	return end
}

// beforeSign is afterWord for a word followed by a sign that may belong to a face, a domain or the
// number of a list.
func (sp *Splitter) beforeSign(i, end int) int {
	s := sp.text
	if end == i+1 && isGap(s, i) {
		if n := emoticon(sp.chunk(i)); n > 0 {
			return i + n
		}
	}
	switch {
	case s[end] == '-' || s[end] == '/':
		return sp.bareLink(i, end)
	case s[end] == ')' && sp.isItem(i, end):
		return end + 1
	}
	return end
}

// isAbbreviation reports whether w consists of single letters with full stops between them, such as
// the "U.S" of "U.S.".
func isAbbreviation(w []byte) bool {
	if len(w) < 3 {
		return false
	}
	for i, c := range w {
		if i%2 == 0 && classes[c] != letter || i%2 == 1 && c != '.' {
			return false
		}
	}
	return true
}

// isItem reports whether the word from i to end, which is followed by ")", is the number of a list:
// one or two digits after white space, or a letter at the beginning of a line, with white space
// after the ")".
func (sp *Splitter) isItem(i, end int) bool {
	s := sp.text
	if end-i > 2 || !isGap(s, i) || end+1 < len(s) && skipSpace(s, end+1) == end+1 {
		return false
	}
	if classes[s[i]] == letter {
		return end == i+1 && (i == 0 || s[i-1] == '\n')
	}
	return isDigits(s[i:end])
}

// isDigits reports whether w consists of ASCII digits.
func isDigits(w []byte) bool {
	for _, c := range w {
		if classes[c] != numeral {
			return false
		}
	}
	return true
}

// unit returns the end of the number from i to end together with the sign that follows it; it
// returns end if this is no number or no such sign follows.
func (sp *Splitter) unit(i, end int) int {
	if !isNumber(sp.text[i:end]) {
		return end
	}
	r, size := utf8.DecodeRune(sp.text[end:])
	if r == '%' || r == '‰' || r == '°' || isCurrency(r) {
		return end + size
	}
	return end
}

// isNumber reports whether the word w is a number: it contains no letters, so it begins with a
// digit.
func isNumber(w []byte) bool {
	for _, c := range w {
		if c >= utf8.RuneSelf || classes[c]&(letter|low) != 0 {
			return false
		}
	}
	return true
}

// isGap reports whether i is at the beginning of the text or right after white space.
func isGap(s []byte, i int) bool {
	r, _ := utf8.DecodeLastRune(s[:i])
	return i == 0 || unicode.IsSpace(r)
}

// followsWord reports whether i is right after a letter, digit or underscore.
func followsWord(s []byte, i int) bool {
	r, _ := utf8.DecodeLastRune(s[:i])
	return isWordRune(r)
}
