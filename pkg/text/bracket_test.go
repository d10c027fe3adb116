package text

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"pgregory.net/rapid"
)

func TestBalanced(t *testing.T) {
	for s, want := range map[string]bool{
		"":                    true,
		"plain text":          true,
		"it's ’tain l’été 'x": true,
		"(a) [b] {c}":         true,
		"( [ ) ]":             false,
		"« a “b” »":           true,
		"« a » b « c":         false,
		`"a" "b"`:             true,
		`"a`:                  false,
		`("a)"`:               false,
		"a :) b ;-( c":        true,
		"(a :) b":             false,
		"(\u0361° a)":         true,
		"1) one 2) two":       true,
		"a) one":              true,
		"so b) two":           false,
		":3)":                 false,
		"「a『b』」【c】（d）〈e〉《f》": true,
		"「a":                false,
		"〈a》":               false,
		"„so“":              false,
		"(in 1984)":         false,
		"¯\\_(ツ)_/¯":        true,
		"http://a.com/b_(c": false,
		strings.Repeat("(", 17) + strings.Repeat(")", 17): false,
	} {
		if got := Balanced(s); got != want {
			t.Errorf("Balanced(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestBracket(t *testing.T) {
	for _, test := range []struct {
		atom    string
		r       rune
		closers string
	}{
		{"(", '(', ")"}, {")", ')', ""}, {`"`, '"', `"`}, {"„", '„', "“”"}, {"“", '“', "”"}, {"”", '”', ""}, {"〔", '〔', "〕"},
		{"‘", '‘', "’"}, {"’", '’', ""}, {"‚", '‚', "‘’"}, {"don’t", 0, ""},
		{"‘\u0336", '‘', "’"}, {")\u0336\u0335", ')', ""}, {"(a", 0, ""},
		{"⟨", '⟨', "⟩"}, {"⟩", '⟩', ""}, {"﴿", '﴿', "﴾"}, {"﴾", '﴾', ""}, {"︵", 0, ""}, {"︶", 0, ""},
		{":)", 0, ""}, {"a", 0, ""}, {"", 0, ""}, {"'", 0, ""}, {"1)", 0, ""}, {"((", 0, ""}, {"…", 0, ""}, {"日", 0, ""},
	} {
		r, closers := Bracket([]byte(test.atom))
		if r != test.r || closers != test.closers {
			t.Errorf("Bracket(%q) = %q, %q, want %q, %q", test.atom, r, closers, test.r, test.closers)
		}
	}
}

// The quick answer for ASCII is that of the table.
func TestIsUsual(t *testing.T) {
	for r := range rune(0x10000) {
		if _, want := usual[r]; isUsual(r) != want {
			t.Errorf("%q: %v", r, !want)
		}
	}
}

// Unicode's paired brackets are pairs.
func TestPairedBrackets(t *testing.T) {
	pairs := 0
	for r := range rune(utf8.MaxRune) {
		p, _ := bidi.LookupRune(r)
		if !p.IsBracket() || !p.IsOpeningBracket() || strings.ContainsRune("⦍⦏", r) {
			continue
		}
		want := bidi.ReverseString(string(r))
		if _, closers := Bracket([]byte(string(r))); closers != want {
			t.Errorf("%q is closed by %q, want %q", r, closers, want)
		}
		if closing, closers := Bracket([]byte(want)); string(closing) != want || closers != "" {
			t.Errorf("%q is not what closes a bracket", want)
		}
		pairs++
	}
	if pairs < 60 {
		t.Errorf("%d pairs", pairs)
	}
}

// The measure by which drafts are judged, as regular expressions: what it skips, each with whether
// it may follow a word.
var skips = []struct {
	re         *regexp.Regexp
	afterWord  bool
	onlyAtHead bool
}{
	{regexp.MustCompile(`^[:;=8xX]['\-o^]?[()\[\]{}DPp3|/\\]+`), false, false},
	{regexp.MustCompile(`^[()]+['\-]?[:;=8]`), true, false},
	{regexp.MustCompile(`^\p{Nd}+\)`), false, false},
	{regexp.MustCompile(`^[\pL\pN_]\)`), true, true},
}

// looselyBalanced is that measure.
func looselyBalanced(s string) bool {
	rest := ""
	before := rune(' ')
	for i := 0; i < len(s); {
		n := 0
		for _, skip := range skips {
			if n == 0 && (skip.afterWord || !isWordRune(before)) && (i == 0 || !skip.onlyAtHead) {
				n = len(skip.re.FindString(s[i:]))
			}
		}
		if n == 0 {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			rest += string(r) // not the bytes: broken ones on both sides of what is skipped could make a bracket
		}
		i += n
		before, _ = utf8.DecodeLastRuneInString(s[:i])
	}
	opened := ""
	for _, r := range rest {
		switch closing := strings.IndexRune(")]}»”」』）", r); {
		case strings.ContainsRune("([{«“「『（", r):
			opened = string(r) + opened
		case closing >= 0:
			open := map[rune]string{')': "(", ']': "[", '}': "{", '»': "«", '”': "“", '」': "「", '』': "『", '）': "（"}[r]
			if !strings.HasPrefix(opened, open) {
				return false
			}
			opened = strings.TrimPrefix(opened, open)
		}
	}
	return opened == "" && strings.Count(rest, `"`)%2 == 0
}

// Whatever the measure calls unbalanced is not Balanced. The naive reader is the measure, except that
// „ never closes.
func TestBalancedIsStrict(t *testing.T) {
	runes := []rune("()[]{}«»“”「」『』（）\"„' :;=8xX-o^DPp3|/\\a1é_ \n")
	balanced := 0
	drawn := rapid.StringOfN(rapid.SampledFrom(runes), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range rapid.SliceOfN(drawn, 50, 50).Draw(t, "strings") {
			got, loosely := Balanced(s), looselyBalanced(s)
			if got && !loosely {
				t.Errorf("Balanced(%q), but not by the measure", s)
			}
			if !strings.Contains(s, "„") && plainlyBalanced(s) != loosely {
				t.Errorf("plainlyBalanced(%q) = %v", s, !loosely)
			}
			if got && strings.ContainsAny(s, "()[]{}«»“”「」『』（）\"") {
				balanced++
			}
		}
	})
	if balanced == 0 {
		t.Error("no string with brackets was balanced")
	}
}
