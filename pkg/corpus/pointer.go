package corpus

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// dropPointers removes what points at a link or at somebody else's words: the colon of "Photo:",
// the dash of "A title -", an arrow. words tells whether that was more than the end of a word.
func dropPointers(t []byte) (rest []byte, words bool) {
	for {
		sign, _ := utf8.DecodeLastRune(bytes.TrimRightFunc(t, varies))
		arrow := strings.ContainsRune("▶►→➡⇒☞⬇↓👉👇🔗", sign)
		if !arrow {
			if sign, _ = utf8.DecodeLastRune(t); !strings.ContainsRune(":：,،、-–—|｜", sign) {
				return t, words
			}
		}
		rest := bytes.TrimRightFunc(t, func(r rune) bool { return r == sign || arrow && varies(r) })
		word := lastWord(rest)
		joined := len(word) > 0 && strings.ContainsRune(":：,،、", sign) && beforeColon(word)
		if len(word) > 0 && !joined && !arrow { // the signs of "-word-" and "well-" belong to the words
			return t, words
		}
		before, _ := utf8.DecodeLastRune(word)
		words = words || len(word) == 0 || text.Solitary(before)
		t = bytes.TrimRightFunc(rest, unicode.IsSpace)
	}
}

// varies tells whether r follows an arrow to change how it looks: as an emoji, or the colour of a hand.
func varies(r rune) bool { return r == '\ufe0f' || r >= 0x1f3fb && r <= 0x1f3ff }

// beforeColon tells whether a colon or comma after a word is separate from it, unlike in D: and ): and
// :flower: .
func beforeColon(word []byte) bool {
	r, _ := utf8.DecodeLastRune(word)
	if len(word) == 1 {
		return unicode.IsDigit(r)
	}
	return word[0] != ':' && (unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pe, unicode.Pf) || r == '"' || r == '\'')
}
