package text

import (
	"bytes"
	"unicode/utf8"
)

// maxReference is how many bytes unescape looks back for the & of a reference; a longer &...; is no
// reference. The longest one that makes sense, &#x10FFFF;, has room for a dozen leading zeros.
const maxReference = 24

// unescape is called after a ';' was written. It replaces the HTML reference that the ';'
// completes, if any. Doing so at each ';' decodes nested references completely in one pass: what a
// reference stands for, say '&', is in place before the next byte arrives.
func (w *normaliser) unescape() {
	for {
		end := len(w.dst) - 1
		from := max(w.base, end-maxReference)
		amp := bytes.LastIndexByte(w.dst[from:end], '&')
		if amp < 0 {
			return
		}
		r := reference(w.dst[from+amp+1 : end])
		if r == 0 {
			return
		}
		w.dst = w.dst[:from+amp]
		if !w.put(r) {
			return
		}
	}
}

// reference returns the rune that a reference stands for, given without '&' and ';', or 0 if it is
// none.
func reference(name []byte) rune {
	switch string(name) {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	case "nbsp":
		return '\u00a0'
	}
	if len(name) < 2 || name[0] != '#' {
		return 0
	}
	if name[1]|0x20 == 'x' {
		return numeric(name[2:], 16)
	}
	return numeric(name[1:], 10)
}

// numeric decodes the digits of a numeric reference as HTML does: numbers that are no characters
// become U+FFFD, and those of the C1 controls stand for Windows-1252.
func numeric(digits []byte, radix rune) rune {
	r := rune(0)
	for _, c := range digits {
		d := digit(c)
		if d >= radix {
			return 0
		}
		r = min(r*radix+d, utf8.MaxRune+1)
	}
	switch {
	case len(digits) == 0:
		return 0
	case r == 0 || !utf8.ValidRune(r):
		return utf8.RuneError
	case r >= 0x80 && r < 0xa0:
		return windows1252[r-0x80]
	}
	return r
}

// digit returns the value of a hexadecimal digit, and 16 for any other byte.
func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return 16
}

// windows1252 is what &#128; to &#159; mean (HTML standard, "numeric character reference end state").
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
