package text

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"strasse", "Straße", "STRASSE", "ｓｔｒａｓｓｅ", "STRAẞE"},
		{"été", "ÉTÉ", "E\u0301te\u0301"},
		{"σίσυφοσ", "ΣΊΣΥΦΟΣ", "Σίσυφος"},
		{"l'été", "L’été"},
		{"カタカナ", "ｶﾀｶﾅ"},
		{"fi", "ﬁ", "𝐅𝐢"},
		{"привет", "ПРИВЕТ"},
	} {
		for _, s := range same {
			if got := Fold(s); got != same[0] {
				t.Errorf("Fold(%q) = %q, want %q", s, got, same[0])
			}
		}
	}
	if Fold("ou") == Fold("où") {
		t.Error("Fold drops accents")
	}
	runes := rapid.RuneFrom([]rune("aßİıſʼ’ﬁΣςΐ"), unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Katakana, unicode.Hangul, unicode.Mn)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(runes).Draw(t, "s")
		if once := Fold(s); Fold(once) != once {
			t.Errorf("Fold(%+q) = %+q, and of that %+q", s, once, Fold(once))
		}
	})
}

func TestGraphemes(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "👨‍👩‍👧‍👦🇫🇷": 2, "กำ": 1, "한국": 2, "\r\n": 1} {
		if got := Graphemes(s); got != want {
			t.Errorf("Graphemes(%q) = %d, want %d", s, got, want)
		}
	}
}
