package text

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestNormalise(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Hello, world!", "Hello, world!"},
		{"case, accents, quotes stay", "Été “x” ’tain … \u202f!", "Été “x” ’tain … \u202f!"},
		{"named references", "&amp;&lt;&gt;&quot;&apos;a&nbsp;b", "&<>\"'a\u00a0b"},
		{"nested references", "&amp;amp;lt;b&amp;gt;", "<b>"},
		{"numeric references", "&#65;&#x42;&#X43;&#0068;&#8364;&#xe9;", "ABCD€é"},
		{"a reference makes a reference", "&#38;lt; &am&#112;; &lt&#59;", "< & <"},
		{"not references", "&foo; &amp &; &#; &#x; &#xg; &a65; &xx41; AT&T; & ;", "&foo; &amp &; &#; &#x; &#xg; &a65; &xx41; AT&T; & ;"},
		{"no ampersand", "lt; amp;", "lt; amp;"},
		{"case of references", "&AMP; &Lt;", "&AMP; &Lt;"},
		{"no character", "a&#0;&#xD800;&#x110000;&#99999999999999999;b", "a\ufffd\ufffd\ufffd\ufffdb"},
		{"beyond Unicode", "&#x110000;", "\ufffd"},
		{"Windows-1252", "&#146;&#128;&#x97;", "’€—"},
		{"long reference", "&#0000000000000000000000000065;", "&#0000000000000000000000000065;"},
		{"reference to a control", "a&#1;b&#10;c&#13;d", "ab\nc\nd"},
		{"line end of references", "a&#13;&#10;b&#13;\nc&#13;&#13;d\r&#10;e", "a\nb\nc\n\nd\ne"},
		{"control after a line end", "a\r\n\x00\nb\r\x00\nc", "a\n\nb\nc"},
		{"Greek question mark", "&lt\u037e \u037e", "< ;"},
		{"line ends", "a\r\nb\rc\nd\ve\ff\u0085g\u2028h\u2029i", "a\nb\nc\nd\ne\nf\ng\nh\ni"},
		{"controls", "a\x00b\x1b\x7fc\u0080\td\ufeffe\ufffe", "abc\tde"},
		{"a control hides a reference", "&am\x00p;", "&"},
		{"outer white space", " \t\u00a0\u3000a b\u2003\n", "a b"},
		{"only white space", " \n ", ""},
		{"invalid UTF-8", "a\xffb\xc3", "a\ufffdb\ufffd"},
		{"NFC", "e\u0301 \u212b \u1100\u1161\u11a8 <\u0338", "é Å 각 ≮"},
		{"NFC after decoding", "e&#769; &lt;\u0338", "é ≮"},
		{"order of marks", "a\u0301\u0323", "ạ\u0301"},
		{"order of marks that never combine", "ก\u0e48\x00\u0e38", "ก\u0e38\u0e48"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Normalise(test.in); got != test.want {
				t.Errorf("Normalise(%+q) = %+q, want %+q", test.in, got, test.want)
			}
			if got := string(AppendNormal([]byte("&lt"), []byte(test.in))); got != "&lt"+test.want {
				t.Errorf("AppendNormal touches what is there: %+q", got)
			}
			checkLossless(t, test.in)
		})
	}
}

func TestNormaliseIsLinear(t *testing.T) {
	for _, unit := range []string{"&amp;", "&#38;", "&", "&amp", ";", "amp;", "e\u0301", "\u0301", "&#894;"} {
		checkLossless(t, strings.Repeat(unit, 25000/len(unit)))
	}
}

// Text of letters of all alphabets, with marks in any order, is recognised as NFC exactly if it is.
func TestIsNFC(t *testing.T) {
	runes := []rune("aéạกุ่ัابِّאִּדेनी한ᅡᄀのがカ\u3099\u0301\u0323\u0338日👍\ufe0fΩ\u2126")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(runes), 0, 8, -1).Draw(t, "s")
		if got := isNFC([]byte(s)); got != norm.NFC.IsNormalString(s) {
			t.Errorf("isNFC(%+q) = %v", s, got)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	f.Add("&amp;lt; e\u0301 \r\n&#x3c;\u0338\xff\u0e48\u0e38")
	f.Fuzz(func(t *testing.T, s string) { checkLossless(t, s) })
}
