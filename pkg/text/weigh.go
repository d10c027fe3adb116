package text

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The weight of a post on X (twitter-text 3, config/v3.json, scale 1).
const (
	MaxWeight  = 280 // the largest weight of a post
	LinkWeight = 23  // any link, whatever its length
)

// Weigh returns the weight of s as X counts it. Of the NFC of s, a link weighs LinkWeight; an emoji
// sequence 2; a rune of the Latin, Greek, Cyrillic, Arabic, ... blocks up to U+10FF, or of the
// common punctuation, 1; and any other rune 2. X accepts posts up to MaxWeight. There is one
// difference: X has a list of the emoji sequences that it knows, and counts the parts of any other
// one separately.
//
// The weight of a text is the sum of the weights of its tokens, unless a link, emoji sequence or
// composed character is formed, or broken, where two tokens meet.
func Weigh(s string) int { return weigh([]byte(s), true) }

// WeighParts is [Weigh] with the parts of emoji sequences counted separately, as in twitter-text 2.
// It is never less than what X counts, whatever sequences X knows.
func WeighParts(s string) int { return weigh([]byte(s), false) }

// weigh is [Weigh] if sequences is true: an emoji sequence counts as one character (twitter-text 3).
// Otherwise it counts by its parts (twitter-text 2).
func weigh(b []byte, sequences bool) int {
	ascii := isASCII(b)
	if !ascii && !isNFC(b) {
		b = norm.NFC.Bytes(b)
	}
	l := linker{s: b}
	link, more := l.next()
	if ascii && !more {
		return len(b)
	}
	n := 0
	for i := 0; i < len(b); {
		if more && i == link.Start {
			n, i = n+LinkWeight, link.End
			link, more = l.next()
			continue
		}
		r, size := decode(b, i)
		if sequences && (r >= 0x203c || r == '©' || r == '®' || r < utf8.RuneSelf && i+1 < len(b) && b[i+1] >= utf8.RuneSelf) {
			if size := emojiLen(b[i:]); size > 0 {
				n, i = n+2, i+size
				continue
			}
		}
		n, i = n+runeWeight(r), i+size
	}
	return n
}

// runeWeight returns the weight of a single rune.
func runeWeight(r rune) int {
	if r <= 0x10ff || r >= 0x2000 && r <= 0x200d || r >= 0x2010 && r <= 0x201f || r >= 0x2032 && r <= 0x2037 {
		return 1
	}
	return 2
}

// isASCII reports whether s is all ASCII.
func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isNFC reports whether b is in NFC.
func isNFC(b []byte) bool {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		i += settledSpan(b[i:])
		if i < len(b) && b[i] >= utf8.RuneSelf {
			return norm.NFC.IsNormal(b)
		}
	}
	return true
}
