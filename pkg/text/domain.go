package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The rules for domains are those of twitter-text 3, by which X decides what is a link. There they
// are a regular expression; here they are a few loops, each of which reads its text once.

// maxLabel is the largest number of bytes in a label of a domain, in its ASCII form (RFC 1035).
const maxLabel = 63

// isDomainRune reports whether r may be at any place of a domain: it is not punctuation, white
// space or a sign of direction.
func isDomainRune(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&(letter|numeral) != 0 || r == '"' || r == '`' || r < ' ' && classes[r] != space || r == 0x7f
	}
	return !unicode.IsSpace(r) && r != 0x180e && !isDirection(r) && r != 0xfffe && r != 0xfeff && r != 0xffff
}

// isDirection reports whether r marks the direction of text.
func isDirection(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x2066 && r <= 0x2069
}

// isHostRune reports whether r may continue a domain: a domain rune, or one of . - _.
func isHostRune(r rune) bool {
	return isDomainRune(r) || r == '.' || r == '-' || r == '_'
}

// domainEnd returns the end of the longest domain that begins at i: labels, each followed by a full
// stop, and a top-level domain. Labels begin and end with a domain rune, and the last one contains
// no underscore. If there is no domain, end is -1 and next is the first place after i where one
// could begin.
func domainEnd(s []byte, i int) (end, next int) {
	end = -1
	for {
		dot := i
		for dot < len(s) && s[dot] != '.' {
			r, size := utf8.DecodeRune(s[dot:])
			if !isHostRune(r) {
				return end, dot
			}
			dot += size
		}
		switch {
		case dot == len(s):
			return end, dot
		case dot == i || s[dot-1] == '-' || s[dot-1] == '_':
			return end, dot + 1
		case s[i] == '-' || s[i] == '_':
			return end, i + 1
		}
		if bytes.IndexByte(s[i:dot], '_') < 0 {
			end = max(end, tldEnd(s, dot+1))
		}
		i = dot + 1
	}
}

// punycodeEnd returns the end of the top-level domain that begins with xn-- at i, or -1.
func punycodeEnd(s []byte, i int) int {
	end := i + 4
	for end < len(s) && (s[end] == '-' || s[end] < utf8.RuneSelf && classes[s[end]]&(letter|numeral) != 0) {
		end++
	}
	if end == i+4 {
		return -1
	}
	return end
}

// hasPrefixFold reports whether s begins with prefix, which is ASCII, ignoring case.
func hasPrefixFold(s []byte, prefix string) bool {
	return len(s) >= len(prefix) && bytes.EqualFold(s[:len(prefix)], []byte(prefix))
}

// isValidDomain reports whether the ASCII form of each label of domain fits into a DNS label.
func isValidDomain(domain []byte) bool {
	if bytes.HasPrefix(domain, []byte("xn--")) && asciiDomain(domain, 0) == (Span{}) {
		return false
	}
	for label := range bytes.SplitSeq(domain, []byte(".")) {
		if asciiLen(label) > maxLabel {
			return false
		}
	}
	return true
}

// asciiDomain returns the first domain in s, from i on, that consists of ASCII and accented Latin
// labels and any top-level domain: X cuts such parts out of a domain without a scheme. It is empty
// if there is none.
func asciiDomain(s []byte, i int) Span {
	for i < len(s) {
		start, end := i, -1
		for {
			i = latinEnd(s, i)
			if i == start || i == len(s) || s[i] != '.' || s[i-1] == '.' {
				break
			}
			i++
			end = max(end, tldEnd(s, i))
		}
		if end > 0 {
			return Span{start, end}
		}
		if i < len(s) {
			_, size := utf8.DecodeRune(s[i:])
			i += size
		}
	}
	return Span{}
}

// latinEnd returns the end of the run of hyphens and runes as of isLatinRune that begins at i.
func latinEnd(s []byte, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRune(s[i:])
		if r != '-' && !isLatinRune(r) {
			break
		}
		i += size
	}
	return i
}

// isLatinRune reports whether r is an ASCII letter or digit or one of twitter-text's accented Latin letters.
func isLatinRune(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&(letter|numeral) != 0
	}
	switch {
	case r < 0x250:
		return r >= 0xc0 && r != 0xd7 && r != 0xf7
	case r < 0x300:
		return strings.ContainsRune("\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb", r)
	}
	return r < 0x370 || r >= 0x1e00 && r < 0x1f00
}
