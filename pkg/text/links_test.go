package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLinks(t *testing.T) {
	long := strings.Repeat("a", 64)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"none", "No link here. Or there: e.g. 3.14, U.S., a:b", nil},
		{"accident", "This is the end.So be it.Me too.The end", []string{"end.So", "it.Me"}},
		{"scheme", "see http://example.com, HTTPS://Example.COM/a?b=c.", []string{"http://example.com", "HTTPS://Example.COM/a?b=c"}},
		{"no domain", "http://localhost http://a http:// http://1.2.3.4", nil},
		{"bare", "example.com, (www.example.co.uk/a_(b)) my-site.fr:8080/x", []string{"example.com", "www.example.co.uk/a_(b)", "my-site.fr:8080/x"}},
		{"bare without its query", "example.com?a=b", []string{"example.com"}},
		{"not after", "a@example.com @example.com #example.com $example.com x_.example.com", nil},
		{"hyphens and underscores", "http://a_b.example.com -a.com a-.com http://a_b.com", []string{"http://a_b.example.com"}},
		{"longest name", "a.com.net.xyzzy a.co.m", []string{"a.com.net", "a.co"}},
		{"followed by", "a.com+ a.com@ a.comx a.com1 a.com- a.com_ a.com!", []string{"a.com", "a.com"}},
		{"Punycode", "http://xn--bcher-kva.xn--p1ai xn--a.com", []string{"http://xn--bcher-kva.xn--p1ai", "xn--a.com"}},
		{"label too long", "http://" + long + ".com " + long + ".com http://" + long[1:] + ".com", []string{"http://" + long[1:] + ".com"}},
		{"cut out of Japanese", "これはexample.comです。http://例え.jp/あ", []string{"example.com", "http://例え.jp/"}},
		{"name in its script", "http://пример.РФ http://例え.みんなで", []string{"http://пример.РФ", "http://例え.みんな"}},
		{"parentheses in paths", "http://a.com/(b) http://a.com/((b)) http://a.com/(b http://a.com/() http://a.com/(((b)))", []string{
			"http://a.com/(b)", "http://a.com/((b))", "http://a.com/", "http://a.com/", "http://a.com/"}},
		{"t.co", "https://t.co/abc…https://t.co/abc-d t.co/abc-d https://t.co", []string{"https://t.co/abc", "https://t.co/abc", "t.co/abc-d", "https://t.co"}},
		{"side by side", "http://a.com/bhttp://c.com http://a.com,http://c.com", []string{"http://a.com/bhttp://c.com", "http://a.com", "http://c.com"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, span := range Links(test.text) {
				got = append(got, test.text[span.Start:span.End])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("Links(%q)\ngot  %q\nwant %q", test.text, got, test.want)
			}
			if HasLink(test.text) != (len(test.want) > 0) {
				t.Errorf("HasLink(%q) = %v", test.text, HasLink(test.text))
			}
		})
	}
}

// Links are in order, apart from each other, and not empty, whatever the text.
func TestLinksProperty(t *testing.T) {
	pieces := []string{"http://", "https://", "a", "example", ".", ".com", ".jp", "日本", "みんな", "t.co/", "/", "?", "(", ")", "-", "_", "@", "#", "é", " ", ":80", "xn--", "\u202a", "\xff", "=", "&", "…"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "pieces"), "")
		end := 0
		for _, span := range Links(s) {
			if span.Start < end || span.End <= span.Start || span.End > len(s) || !strings.Contains(s[span.Start:span.End], ".") {
				t.Fatalf("Links(%q) = %v", s, Links(s))
			}
			end = span.End
		}
		checkLossless(t, s)
	})
}

func FuzzLinks(f *testing.F) {
	f.Add("see http://example.com/a_(b)?c=d, example.comこれt.co/x end.So \u202axn--a.com")
	f.Add(":/\xe3:/\x80\x8c") // 「, were it not for the emoticon
	f.Fuzz(func(t *testing.T, s string) {
		for _, span := range Links(s) {
			if span.Start < 0 || span.End > len(s) || span.Start >= span.End {
				t.Errorf("Links(%q) has %v", s, span)
			}
		}
		if Weigh(s) < 0 || Balanced(s) && !looselyBalanced(s) {
			t.Errorf("%q weighs %d, balanced: %v", s, Weigh(s), Balanced(s))
		}
	})
}

func TestASCIILen(t *testing.T) {
	for label, want := range map[string]string{
		"":                  "",
		"abc-1":             "abc-1",
		"bücher":            "xn--bcher-kva",
		"☃":                 "xn--n3h",
		"日本語":               "xn--wgv71a119e",
		"ليهمابتكلموشعربي؟": "xn--egbpdaj6bu4bxfgehfvwxn",   // RFC 3492, 7.1 (A)
		"他们为什么不说中文":         "xn--ihqwcrb4cv8a8dqg056pqjye", // (B)
		"なぜみんな日本語を話してくれないのか": "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", // (G)
		"3年b組金八先生":                        "xn--3b-ww4c5e180e575a65lsy2b",                     // (L), in lower case
		"パフィーdeルンバ":                       "xn--de-jg4avhby1noc0d",                            // (Q)
		"そのスピードで":                         "xn--d9juau41awczczp",                              // (R)
		"Pročprostěnemluvíčesky":          "xn--Proprostnemluvesky-uyb24dma41a",               // (D)
		"למההםפשוטלאמדבריםעברית":          "xn--4dbcagdahymbxekheh6e0a7fei0b",                 // (E)
		"почемужеонинеговорятпорусски":    "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l",             // (I)
		"TạisaohọkhôngthểchỉnóitiếngViệt": "xn--TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g", // (K)
	} {
		if got := asciiLen([]byte(label)); got != len(want) {
			t.Errorf("asciiLen(%q) = %d, want %d", label, got, len(want))
		}
	}
	if got := asciiLen([]byte(strings.Repeat("é", 64))); got <= maxLabel {
		t.Errorf("64 letters have length %d", got)
	}
}
