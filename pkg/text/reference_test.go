package text

import (
	"flag"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// The simplest code that does what Normalise promises: one rule after the other, until nothing
// changes.

var (
	lineEnds   = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	references = regexp.MustCompile(`&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,20}|#[xX][0-9a-fA-F]{1,19});`)
)

func plainNormalise(s string) string {
	for before := ""; s != before; {
		before = s
		s = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r) || r == 0xfeff || r == 0xfffe || r == 0xffff {
				return -1
			}
			return r
		}, string([]rune(s)))
		s = lineEnds.Replace(s)
		s = norm.NFC.String(references.ReplaceAllStringFunc(s, html.UnescapeString))
	}
	return strings.TrimSpace(s)
}

func TestNormaliseAgreesWithPlainCode(t *testing.T) {
	pieces := []string{
		"&", "amp;", "&amp;", "lt", ";", "&#", "38", "&#38;", "&#x", "3c;", "#", "&lt;", "&nbsp;", "&quot", "&apos;", "&#146;", "&#0;", "&#xd800;", "&foo;", "&#769;", "&#894;",
		"a", "e", "\u0301", "\u0323", "\u0338", "é", "<", "\u037e", "\u1100", "\u1161", "\u11a8", "한", "カ", "\u3099", "\u0e48", "\u0e38", "\u064b", "\u212b",
		"\r\n", "\r", "\n", "\t", "\v", "\u0085", "\u2028", "\x00", "\x7f", "\u0080", "\ufeff", " ", "\u00a0", "\u3000", "\xff", "\xe3\x81", "日", "👍", "12345678",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), "")
		if got, want := Normalise(s), plainNormalise(s); got != want {
			t.Errorf("Normalise(%+q) = %+q, want %+q", s, got, want)
		}
	})
}

// plainAtoms are the words of UAX #29 between white space, with runs of a mark joined.
func plainAtoms(s string) []string {
	var atoms []string
	for chunk := range strings.FieldsSeq(s) {
		before := ""
		for it := words.FromString(chunk); it.Next(); {
			atom := it.Value()
			r, size := utf8.DecodeRuneInString(atom)
			run := before != "" && strings.ContainsRune(".,；!?！…—。、", r)
			if run && (strings.Trim(before, string(r)) == "" || isShout(r) && strings.Trim(before, "!?！") == "") {
				atoms[len(atoms)-1] += atom
			} else {
				atoms = append(atoms, atom)
			}
			if before = atoms[len(atoms)-1]; size < len(atom) {
				before = "" // a mark ends the run
			}
		}
	}
	return atoms
}

// On text without the networks' own atoms the splitter agrees with the tables of Unicode.
func TestSplitAgreesWithUnicode(t *testing.T) {
	pieces := []string{
		"a", "Bc", "été", "ß", "œ", "привет", "й", "ذهب", "ـ", "שלום", "ג'", "\"ל", "한국", "中", "々", "の", "カ", "ー", "ｶﾅ", "नमस्ते", "்", "α", "ώ", "Ḁ", "ء", "ა", "አ",
		"1", "23", "٤", "_", " ", " ", "\n", "\u00a0", "\u3000", "\u202f", "’", "·", "\u0301", "\u200d", "\u00ad", "\ufe0f", "👍", "👨‍👩‍👧", "🏽", "🇫🇷", "。", "、", "…", "—", "«", "»", "“",
		"！", "!", "?", ",", "；", "(", "©", "\u200b", "\u2060", "\U00020021", "𐐷",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.TrimSpace(norm.NFC.String(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 16).Draw(t, "pieces"), "")))
		var got []string
		var sp Splitter
		sp.Reset([]byte(s))
		for _, atom, ok := sp.Next(); ok; _, atom, ok = sp.Next() {
			got = append(got, string(atom))
		}
		if want := plainAtoms(s); !slices.Equal(got, want) {
			t.Errorf("%+q\ngot  %+q\nwant %+q", s, got, want)
		}
	})
}
