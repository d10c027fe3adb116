package text

import (
	"testing"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// firstWord returns the first word of s by the tables of UAX #29.
func firstWord(s string) string {
	n, _, _ := words.SplitFunc([]byte(s), true)
	return s[:n]
}

// The classes of the fast path are shortcuts: everything that they claim about a rune must be true
// by the tables.
func TestClassesAgreeWithUnicode(t *testing.T) {
	claims := []struct {
		name  string
		class func(rune) bool
		holds func(s string) bool
	}{
		{"isLetter", isLetter, func(s string) bool {
			joins := firstWord("a"+s+"a") == "a"+s+"a" && firstWord(s+"1_"+s) == s+"1_"+s && firstWord(s+"'"+s) == s+"'"+s
			return joins && firstWord("."+s) == "." && firstWord(s+`"`+s) == s
		}},
		{"isBreak", isBreak, func(s string) bool {
			return firstWord("a"+s+"a") == "a" && firstWord("1"+s+"1") == "1"
		}},
		{"isIdeograph", isIdeograph, func(s string) bool {
			return firstWord(s+"a") == s && firstWord(s+s) == s && firstWord(s+"_") == s && firstWord(s+"'"+s) == s
		}},
		{"isKatakana", isKatakana, func(s string) bool {
			return firstWord("カ"+s+"カ") == "カ"+s+"カ" && firstWord(s+"a") == s && firstWord("."+s) == "."
		}},
		{"isMark", isMark, func(s string) bool {
			return firstWord(s+"a") == s && firstWord(s+s) == s && firstWord("a"+s) == "a"
		}},
		{"Unspaced", Unspaced, func(s string) bool {
			r := []rune(s)[0]
			return !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Han, unicode.Hangul, unicode.Ethiopic)
		}},
	}
	for _, claim := range claims {
		n := 0
		for r := rune(0x80); r <= unicode.MaxRune; r++ {
			if r >= 0xd800 && r < 0xe000 || !claim.class(r) {
				continue
			}
			if n++; !claim.holds(string(r)) {
				t.Errorf("%s(%U) is wrong", claim.name, r)
			}
		}
		if n == 0 {
			t.Errorf("%s is never true", claim.name)
		}
	}
}

func TestRolesAgreeWithNFC(t *testing.T) {
	for r := rune(0xa0); r <= unicode.MaxRune; r++ {
		s := string(r)
		p := norm.NFC.PropertiesString(s)
		switch roleOf(r) {
		case settled:
			if !norm.NFC.IsNormalString(s) || p.CCC() != 0 || !p.BoundaryBefore() {
				t.Errorf("%U is not settled", r)
			}
		case solo:
			if norm.NFC.QuickSpanString("a"+s+"a") != len(s)+2 {
				t.Errorf("%U is not solo", r)
			}
		}
	}
}

// Every string of up to six characters that matter to words is cut as by UAX #29, except for
// numbers.
func TestWordAgreesWithUnicode(t *testing.T) {
	var try func(s string, n int)
	try = func(s string, n int) {
		if n == 0 {
			return
		}
		for _, c := range []string{"a", "1", "_", "'", ".", ":", ",", "é", "’", " "} {
			s := s + c
			if classes[s[0]]&wordy == 0 && !isLetter2([]byte(s), 0) {
				continue
			}
			got, want := word([]byte(s), 0), len(firstWord(s))
			if got >= 0 && got != want && !(isNumber([]byte(s[:want])) && s[want] == ':') {
				t.Errorf("word(%q) = %d, want %d", s, got, want)
			}
			try(s, n-1)
		}
	}
	try("", 6)
}
