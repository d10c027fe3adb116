package text

import (
	"bytes"
	"unicode/utf8"
)

// scheme returns the end of the atom whose word from i to end is followed by a colon. If the word
// is a scheme, that is the end of the whole link. If the word only ends with one (texthttp://), the
// atom ends before the scheme.
func (sp *Splitter) scheme(i, end int) int {
	if !bytes.HasPrefix(sp.text[end:], []byte("://")) {
		return sp.bareLink(i, end)
	}
	for _, name := range []string{"https", "http"} {
		if n := end - len(name); n > i && hasPrefixFold(sp.text[n:end], name) {
			return n
		}
	}
	return sp.link(i, end+len("://"))
}

// link returns the end of the link at i whose host begins at host. It ends where X ends it. If X
// finds no link there (localhost, a truncated one), it ends at white space, a quote or a foreign
// script, without the marks before that.
func (sp *Splitter) link(i, host int) int {
	chunk := sp.text[:i+len(sp.chunk(i))]
	if domain, _ := domainEnd(chunk, host); domain > 0 {
		l := linker{s: chunk}
		if span := l.full(i, host, domain); span.End > 0 {
			return span.End
		}
	}
	end := host
	for n := host; n < len(chunk); {
		r, size := utf8.DecodeRune(chunk[n:])
		if !isPathRune(r) && r != '(' && r != '?' {
			break
		}
		n += size
		if endsPath(r) {
			end = n
		}
	}
	return end
}

// bareLink returns the end of the link without a scheme whose domain begins with the word from i to
// end, including its port, path and query. It returns end if there is no such domain.
func (sp *Splitter) bareLink(i, end int) int {
	chunk := sp.text[:i+len(sp.chunk(i))]
	if bytes.IndexByte(chunk[i:], '.') < 0 {
		return end
	}
	if domain, _ := domainEnd(chunk, i); domain >= end {
		_, end = linkTail(chunk, domain)
	}
	return end
}

// address returns the end of the host that follows the @ at at: letters, digits, hyphens and full
// stops, at least one of which is a full stop. It returns at if there is none.
func (sp *Splitter) address(at int) int {
	s := sp.chunk(at)
	end, dotted := 1, false
	for n := 1; n < len(s); n++ {
		if classes[s[n]]&(letter|numeral) != 0 {
			dotted = dotted || s[n-1] == '.'
			end = n + 1
		} else if n == 1 || s[n] != '.' && s[n] != '-' || s[n] == s[n-1] {
			break
		}
	}
	if end == 1 || !dotted {
		return at
	}
	return at + end
}
