package text

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// checkLossless fails unless s survives Split and Join, and each token is as the contract says.
func checkLossless(t interface {
	Helper()
	Fatalf(string, ...any)
}, s string) {
	t.Helper()
	normal := Normalise(s)
	if again := Normalise(normal); again != normal {
		t.Fatalf("Normalise(%+q) = %+q, and of that %+q", s, normal, again)
	}
	if !utf8.ValidString(normal) || !norm.NFC.IsNormalString(normal) {
		t.Fatalf("Normalise(%+q) = %+q is not valid UTF-8 in NFC", s, normal)
	}
	ts := Split(s)
	if got := Join(ts); got != normal {
		t.Fatalf("Join(Split(%+q)) = %+q, want %+q", s, got, normal)
	}
	for i, tok := range ts {
		if tok.Text == "" || len(tok.Text) > MaxAtom || bytes.ContainsFunc([]byte(tok.Text), unicode.IsSpace) {
			t.Fatalf("Split(%+q)[%d].Text = %+q", s, i, tok.Text)
		}
		if bytes.ContainsFunc([]byte(tok.Gap), func(r rune) bool { return !unicode.IsSpace(r) }) || i == 0 && tok.Gap != "" {
			t.Fatalf("Split(%+q)[%d].Gap = %+q", s, i, tok.Gap)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Bonjour ! C'est l'été… http://t.co/x @a@b.c #été $CASH :-) 👨‍👩‍👧 10:30 50% &amp;lt;")
	f.Fuzz(func(t *testing.T, s string) { checkLossless(t, s) })
}

func TestLosslessProperty(t *testing.T) {
	pieces := []string{"a", "b", "é", "e\u0301", "l'", "’", " ", "\n", "\r\n", "\u202f", "\u00a0", "\u2028", "1", ".", ",", ":", "/", "://", "http", "@", "#", "$", "%", "€", "&", "amp", ";", "lt", "&#38;", "&#x301;", "\u0338", "<", "(", ")", ":-)", "_", "日", "の", "ー", "カ", "한", "ไ", "ทำ", "👍", "🏽", "\u200d", "\ufe0f", "🇫", "\u20e3", "\u037e", "\ufeff", "\x00", "\xff", "ا", "א", "\"", "\u0e33", "\u1161", "\u11a8", "ᄀ", "\u3099"}
	rapid.Check(t, func(t *rapid.T) {
		checkLossless(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), ""))
	})
	rapid.Check(t, func(t *rapid.T) { checkLossless(t, rapid.String().Draw(t, "s")) })
}
