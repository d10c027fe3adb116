package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"
)

// Fold returns s in a form for comparing words: NFKC, which turns full-width and half-width
// letters, ligatures and styled letters into plain ones; case folded, with ß as ss and both
// lower-case sigmas alike; and with ’ as '. Accents and other marks stay, since they tell words
// apart (ou, où). Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	b := make([]byte, 0, len(s)+8)
	for _, r := range norm.NFKC.String(s) {
		switch r {
		case 'ß', 'ẞ':
			b = append(b, "ss"...)
		case '’':
			b = append(b, '\'')
		default:
			b = utf8.AppendRune(b, unicode.ToLower(unicode.ToUpper(r)))
		}
	}
	return string(norm.NFKC.Bytes(b))
}

// Graphemes returns the number of characters of s as a reader sees them: extended grapheme clusters (UAX #29).
func Graphemes(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n++
	}
	return n
}
