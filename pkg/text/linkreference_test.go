package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The rules of twitter-text 3 as the regular expressions that they are there, as far as package
// regexp can: it cannot look ahead, so where a domain ends is tried place by place.
const (
	reSpace  = `\t-\r \x{85}\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
	reSigns  = `\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}\x{fffe}\x{ffff}`
	reDomain = "[^!'#%&()*+,\\\\\\-./:;<=>?@\\[\\]^_{|}~$" + reSpace + reSigns + "]"
	reLatin  = `a-zA-Z0-9\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25b}\x{263}\x{268}\x{26f}\x{272}\x{289}\x{28b}\x{2bb}\x{300}-\x{36f}\x{1e00}-\x{1eff}`
	rePath   = `[` + reLatin + `\x{400}-\x{4ff}!*';:=+,.$/%#\[\]\-–_~@|&]`
	reParens = `\((?:` + rePath + `+|` + rePath + `*\(` + rePath + `+\)` + rePath + `*)\)`
	reEnd    = `(?:[` + reLatin + `\x{400}-\x{4ff}+\-=_#/]|` + reParens + `)`
	reQuery  = `\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-zA-Z0-9\-_&=#/]`
)

var (
	plainLabels   = regexp.MustCompile(`^(?:(?:` + reDomain + `(?:[_-]|` + reDomain + `)*)?` + reDomain + `\.)*(?:` + reDomain + `(?:-|` + reDomain + `)*)?` + reDomain + `\.$`)
	latinLabels   = regexp.MustCompile(`^(?:[` + reLatin + `-]+\.)+$`)
	plainPuny     = regexp.MustCompile(`^(?i:xn--)[a-zA-Z0-9-]+$`)
	plainTail     = regexp.MustCompile(`^(?::[0-9]+)?(/(?:` + rePath + `*(?:` + reParens + rePath + `*)*` + reEnd + `|@` + rePath + `+/)*)?(?:` + reQuery + `)?`)
	plainShort    = regexp.MustCompile(`^(?i:https?://t\.co/)([a-zA-Z0-9]+)(?:` + reQuery + `)?`)
	plainScheme   = regexp.MustCompile(`^(?i:https?://)`)
	continuesName = regexp.MustCompile(`^[0-9a-zA-Z@+-]`)
	notBefore     = regexp.MustCompile(`[A-Za-z0-9@＠$#＃\x{feff}\x{fffe}\x{ffff}]$`)
)

// plainDomain returns the end of the longest domain at the beginning of s, of such labels, or 0.
func plainDomain(s string, labels *regexp.Regexp) int {
	for end := len(s); end > 0; end-- {
		for dot := strings.LastIndexByte(s[:end], '.'); dot >= 0; dot = strings.LastIndexByte(s[:dot], '.') {
			name := s[dot+1 : end]
			_, known := tlds()[strings.Map(unicode.ToLower, name)]
			known = known && (end == len(s) || !continuesName.MatchString(s[end:]))
			if (known || plainPuny.MatchString(name)) && labels.MatchString(s[:dot+1]) {
				return end
			}
		}
	}
	return 0
}

// latinDomains returns the parts of a domain that are links of their own.
func latinDomains(domain string) (parts []Span) {
	for i := 0; i < len(domain); {
		if n := plainDomain(domain[i:], latinLabels); n > 0 {
			parts = append(parts, Span{i, i + n})
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(domain[i:])
		i += size
	}
	return parts
}

// plainLinks is Links in the plainest way.
func plainLinks(s string) (links []Span) {
	from := 0 // the end of the last match, before which nothing may come
	for i := 0; i < len(s); {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		scheme := len(plainScheme.FindString(s[i:]))
		host := i + scheme
		domain := plainDomain(s[host:], plainLabels)
		if i > 0 && (i-size < from || notBefore.MatchString(s[:i])) || domain == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		end := host + domain
		tail := plainTail.FindStringSubmatch(s[end:])
		from = end + len(tail[0])
		parts := latinDomains(s[host:end])
		long := slices.ContainsFunc(strings.Split(s[host:end], "."), func(label string) bool { return asciiLen([]byte(label)) > maxLabel }) ||
			strings.HasPrefix(s[host:end], "xn--") && parts == nil
		short := plainShort.FindStringSubmatch(s[i:from])
		switch {
		case long || scheme == 0 && i > 0 && strings.ContainsAny(s[i-1:i], "-_./"):
		case scheme == 0:
			for n, part := range parts {
				part = Span{i + part.Start, i + part.End}
				if n == len(parts)-1 && tail[1] != "" {
					part.End = from
				}
				links = append(links, part)
			}
		case short == nil:
			links = append(links, Span{i, from})
		case len(short[1]) <= 40:
			links = append(links, Span{i, i + len(short[0])})
		}
		i = from
	}
	return links
}

// In "a_b.com/c,d.com" X takes "b.com/c,d.com" for a domain and its path, and leaves it out, since an
// underscore is before it. Links does not, and finds d.com: it may find more than X there.
func TestLinksAgreeWithPlainCode(t *testing.T) {
	pieces := []string{
		"http://", "https://", "HTTP://", "a", "b1", "example", ".", ".com", ".COM", ".co", ".jp", ".みんな", ".рф", "日本", "é", "ß", "ж", "\u0253", "\u02bb", "\u0301", "×", "Ḁ",
		"t.co/", "/", "?", "(", ")", "(", ")", "-", "_", "@", "#", "$", "&", "=", "+", "!", "'", ";", ",", "–", "|", "~", "%", ":", ":80", "\"", "`", "…", "«",
		"xn--", "xn--p1ai", " ", "\n", "\u3000", "\u200e", "\u202a", "\u2069", "\u061c", "\u180e", "\ufeff", "\x7f", "＠", "＃", strings.Repeat("a", 41),
	}
	linked := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, parts := range rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12), 50, 50).Draw(t, "pieces") {
			s := " " + strings.Join(parts, "")
			got, want := Links(s), plainLinks(s)
			more := strings.Contains(s, "_") && !slices.ContainsFunc(want, func(l Span) bool { return !slices.Contains(got, l) })
			if !slices.Equal(got, want) && !more {
				t.Fatalf("Links(%q) = %v, want %v", s, got, want)
			}
			linked += len(got)
		}
	})
	if linked == 0 {
		t.Error("there was no link")
	}
}

// Every rune that some rule names, and its neighbours, at the places where it may be.
func TestLinksAgreeOnEachRune(t *testing.T) {
	check := func(s string) {
		if got, want := Links(s), plainLinks(s); !slices.Equal(got, want) {
			t.Errorf("Links(%q) = %v, want %v", s, got, want)
		}
	}
	for _, span := range [][2]rune{{0, 0x2ff}, {0x36e, 0x371}, {0x3ff, 0x401}, {0x4fe, 0x501}, {0x61b, 0x61d}, {0x180d, 0x180f}, {0x1dff, 0x1e01}, {0x1efe, 0x1f01},
		{0x2000, 0x206f}, {0x3000, 0x3001}, {0xfeff, 0xff00}, {0xff02, 0xff04}, {0xff1f, 0xff21}, {0xfffe, 0xffff}} {
		for r := span[0]; r <= span[1]; r++ {
			for _, around := range []string{" http://a.com/b|c", " http://a.com/b|", " http://a.com/|", " http://a.com?b|c", " http://a.com/?b|", " http://a.com/(|)", " http://a.com:8|",
				" |a.com", " |http://a.com", " a|.com", " http://a|b.com", " http://t.co/a|b", " a.com|"} {
				check(strings.ReplaceAll(around, "|", string(r)))
			}
		}
	}
	for _, s := range []string{"((b)(c))", "(b(c)d)(e)", "((b)c", "(b)(", "(b)c)", "()", "@b/c!", "b@c/!"} {
		check(" http://a.com/" + s)
	}
	for _, s := range []string{"a.xn--", "a.xn--b", "a.xn--b-c", "a.xn--b-c-", "a.xn--bé", "a.xn--b_c", "a.XN--b/c", "a.xn--é", "a..com", "é..com", "-a.com", "xn--é.com"} {
		check(s)
		check(" " + s)
		check(" http://" + s)
	}
	for n := range 3 {
		check(" http://t.co/" + strings.Repeat("a", 39+n))
		check(" http://" + strings.Repeat("a", 62+n) + ".com")
	}
}
