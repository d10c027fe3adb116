package text

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What a post weighs on X (twitter-text 3, config/v3.json, scale 1).
const (
	MaxWeight  = 280 // the most that a post may weigh
	LinkWeight = 23  // any link, whatever its length
)

// Weigh returns the weighted length of s as X counts it: of its NFC, a link is LinkWeight, an emoji sequence is 2, a rune
// of the Latin, Greek, Cyrillic, Arabic, ... blocks up to U+10FF and of the common punctuation is 1, and any other is 2. A
// post is accepted up to MaxWeight. It differs from X in one thing: X knows the list of emoji sequences by heart, and
// counts the parts of one that is not on it.
func Weigh(s string) int {
	return Weight([]byte(s))
}

// WeighParts is [Weigh] with the parts of emoji sequences counted one by one, as twitter-text 2 did: never less than X
// counts, whatever sequences it knows.
func WeighParts(s string) int { return weigh([]byte(s), false) }

// Weight is [Weigh] for an atom or a gap of normal text. The weights of tokens add up to that of the joined text as long
// as no link, emoji sequence or composed character comes to be, or ends, where two of them meet.
func Weight(b []byte) int {
	return weigh(b, true)
}

// weigh is Weight, with emoji sequences counted as one character (twitter-text 3) or by their parts (twitter-text 2).
func weigh(b []byte, sequences bool) int {
	if isASCII(b) {
		if bytes.IndexByte(b, '.') < 0 {
			return len(b)
		}
	} else if !isNFC(b) {
		b = norm.NFC.Bytes(b)
	}
	l := linker{s: b}
	link, more := l.next()
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

// isASCII reports whether b holds nothing but ASCII.
func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
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
