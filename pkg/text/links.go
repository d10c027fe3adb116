package text

import (
	"bytes"
	"unicode/utf8"
)

// A Span is a part of a text, in bytes: s[Start:End].
type Span struct {
	Start, End int
}

// Links returns the parts of s that X would turn into links, in order: URLs of http and https, and
// bare domains such as example.com or the accident in "the end.So". It follows twitter-text 3 in
// all its test vectors. It takes time linear in the length of s, and next to none if s contains no
// full stop.
func Links(s string) []Span {
	var spans []Span
	l := linker{s: []byte(s)}
	for {
		span, ok := l.next()
		if !ok {
			return spans
		}
		spans = append(spans, span)
	}
}

// HasLink reports whether X would find a link in s. See [Links].
func HasLink(s string) bool {
	return hasLink([]byte(s))
}

// hasLink is HasLink for bytes.
func hasLink(s []byte) bool {
	l := linker{s: s}
	_, ok := l.next()
	return ok
}

// linker finds the links of a text, one after the other.
type linker struct {
	s    []byte
	from int // end of the last match, before which the next one cannot begin
	pos  int // where to look for the next full stop

	// The last bare domain that was matched. Its ASCII parts are links of their own: the next one
	// is searched for from part on, and the last one extends to tail, which includes the path.
	part, domain, tail int
}

// next returns the next link.
func (l *linker) next() (Span, bool) {
	for {
		if part := asciiDomain(l.s[:l.domain], l.part); part.End > 0 {
			l.part = part.End
			if l.tail > 0 && asciiDomain(l.s[:l.domain], l.part).End == 0 {
				part.End = l.tail
			}
			return part, true
		}
		l.part = l.domain
		dot := bytes.IndexByte(l.s[l.pos:], '.')
		if dot < 0 {
			return Span{}, false
		}
		start, end := l.hostStart(l.pos+dot), -1
		scheme := l.scheme(start)
		if scheme >= 0 {
			end, _ = domainEnd(l.s, start)
		}
		if end < 0 {
			l.bare(start)
		} else if link := l.full(scheme, start, end); link.End > 0 {
			return link, true
		}
	}
}

// hostStart returns the beginning of the run of host runes that ends at i, without what belongs to
// the last match.
func (l *linker) hostStart(i int) int {
	for i > l.from {
		r, size := utf8.DecodeLastRune(l.s[:i])
		if !isHostRune(r) {
			break
		}
		i -= size
	}
	return i
}

// scheme returns the beginning of the http:// or https:// that ends at i and may begin a link, or -1.
func (l *linker) scheme(i int) int {
	for _, scheme := range []string{"http://", "https://"} {
		start := i - len(scheme)
		if start >= l.from && hasPrefixFold(l.s[start:], scheme) && l.mayBegin(start) {
			return start
		}
	}
	return -1
}

// mayBegin reports whether the character before i allows a link to begin at i: there is none, or it
// is outside the last match and none of A-Z a-z 0-9 @ $ #.
func (l *linker) mayBegin(i int) bool {
	if i == 0 {
		return true
	}
	r, size := utf8.DecodeLastRune(l.s[:i])
	return i-size >= l.from && precedesLink(r)
}

// precedesLink reports whether a link may follow r.
func precedesLink(r rune) bool {
	switch r {
	case '@', '＠', '$', '#', '＃', 0xfffe, 0xfeff, 0xffff:
		return false
	}
	return r >= utf8.RuneSelf || classes[r]&(letter|numeral) == 0
}

// full returns the link that begins at scheme and whose domain is from start to end, and moves the
// linker behind it. The link is empty if a label of the domain is too long, or if it is a t.co link
// with too long a name.
func (l *linker) full(scheme, start, end int) Span {
	_, tail := linkTail(l.s, end)
	l.from, l.pos = tail, tail
	if !isValidDomain(l.s[start:end]) {
		return Span{}
	}
	if bytes.EqualFold(l.s[start:end], []byte("t.co")) {
		return shortLink(l.s, scheme, end, tail)
	}
	return Span{scheme, tail}
}

// shortLink returns the link of X's own shortener whose domain ends at end; tail is where it would
// end by the general rules. It ends after the name, which consists of ASCII letters and digits, and
// the query that follows.
func shortLink(s []byte, scheme, end, tail int) Span {
	const maxName = 40
	name := end + 1
	n := name
	for n < tail && classes[s[n]]&(letter|numeral) != 0 {
		n++
	}
	if n <= name || s[end] != '/' {
		return Span{scheme, tail}
	}
	if n-name > maxName {
		return Span{}
	}
	return Span{scheme, queryEnd(s, n)}
}

// bare looks for a domain without a scheme in the run of host runes that begins at i, and moves the
// linker behind it. It leaves the domain to next.
func (l *linker) bare(i int) {
	for i < len(l.s) {
		r, size := utf8.DecodeRune(l.s[i:])
		if !isHostRune(r) {
			break
		}
		if !isDomainRune(r) || !l.mayBegin(i) {
			i += size
			continue
		}
		end, next := domainEnd(l.s, i)
		if end < 0 {
			i = next
			continue
		}
		path, tail := linkTail(l.s, end)
		if l.accepts(i, end) {
			l.part, l.domain, l.tail = i, end, 0
			if path {
				l.tail = tail
			}
		}
		l.from, i = tail, tail
		break
	}
	l.pos = i
}

// accepts reports whether the domain from i to end may be a link without a scheme.
func (l *linker) accepts(i, end int) bool {
	if i > 0 {
		switch l.s[i-1] {
		case '-', '_', '.', '/':
			return false
		}
	}
	return isValidDomain(l.s[i:end])
}
