package text

import (
	"bytes"
	"unicode/utf8"
)

// scheme returns the end of the atom whose word from i to end is followed by a colon: of the whole link if the word is a
// scheme. A word that only ends with one (texthttp://) ends before it.
func (sp *Splitter) scheme(i, end int) int {
	if !bytes.HasPrefix(sp.text[end:], []byte("://")) {
		return end
	}
	for _, name := range []string{"https", "http"} {
		if n := end - len(name); n > i && bytes.EqualFold(sp.text[n:end], []byte(name)) {
			return n
		}
	}
	return sp.link(i, end+3)
}

// link returns the end of the link at i, which goes on at rest.
func (sp *Splitter) link(i, rest int) int {
	chunk := sp.chunk(i)
	return max(rest, i+len(trimLink(chunk)))
}

// trimLink takes the marks off that stand after a link.
func trimLink(s []byte) []byte {
	for {
		r, size := utf8.DecodeLastRune(s)
		switch r {
		case '.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '}', '»', '”', '’', '…':
			s = s[:len(s)-size]
		default:
			return s
		}
	}
}

// address returns the end of the e-mail address whose part before the @, at at, ends a word; or at if it is none.
func (sp *Splitter) address(at int) int {
	chunk := sp.chunk(at)
	n, dots := 1, 0
	for n < len(chunk) && (classes[chunk[n]]&(letter|numeral) != 0 || n > 1 && (chunk[n] == '.' || chunk[n] == '-')) {
		if chunk[n] == '.' {
			dots++
		}
		n++
	}
	for n > 1 && (chunk[n-1] == '.' || chunk[n-1] == '-') {
		if chunk[n-1] == '.' {
			dots--
		}
		n--
	}
	if dots < 1 {
		return at
	}
	return at + n
}

// bareLink returns the end of the link without a scheme whose domain is the word from i to end; or end if it is none.
func (sp *Splitter) bareLink(i, end int) int {
	return end
}
