package text

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// tag returns the end of the @name, #tag, $CASH or $5 at i, which begins with r, or 0 if there is
// none.
func (sp *Splitter) tag(i int, r rune, size int) int {
	switch r {
	case '@', '＠':
		return sp.mention(i, size)
	case '#', '＃':
		return hashtag(sp.text, i, size)
	case '$':
		if n := cashtag(sp.text, i); n > 0 {
			return n
		}
	}
	if isCurrency(r) {
		return sp.price(i, size)
	}
	return 0
}

// mention returns the end of the @name at i, or 0 if there is none. Any @ followed by a letter,
// digit or underscore begins one, even where X makes no link (@été, f!@kn), unless a letter, digit,
// underscore or @ comes right before it. The name may continue with a host, as in the Fediverse
// (@name@host.example), or be a domain, as on Bluesky (@name.host.example).
func (sp *Splitter) mention(i, size int) int {
	s := sp.text[:sp.window(i)]
	before, _ := utf8.DecodeLastRune(s[:i])
	if before == '@' || before < utf8.RuneSelf && followsWord(s, i) && !isRepost(s[:i]) {
		return 0
	}
	name := i + size
	end := name
	for end < len(s) && classes[s[end]]&wordy != 0 {
		end++
	}
	if p := look(s, end); p == aLetter || end == name && startsWord(s[end:]) {
		return sp.unicodeWord(name)
	}
	if end > name && end < len(s) {
		switch s[end] {
		case '@':
			end = sp.address(end)
		case '.', '-':
			domain, _ := domainEnd(sp.text[:i+len(sp.chunk(i))], name)
			if domain > end && !bytes.ContainsFunc(s[end:domain], unicode.IsUpper) { // as in "@name.So"
				end = domain
			}
		}
	}
	if end == name {
		return 0
	}
	return end
}

// HasMention reports whether X may find an @name in an atom, even if it is no [Mention]: in the face
// (@o^;), or in é@example.com, since before the @ X looks for ASCII letters only. As for mentions, any
// letter, digit or underscore after the @ counts.
func HasMention(atom string) bool {
	for i, r := range atom {
		if r != '@' && r != '＠' || !startsWord([]byte(atom[i+utf8.RuneLen(r):])) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(atom[:i])
		if i == 0 || before != '@' && before != '＠' && (before >= utf8.RuneSelf || classes[before]&wordy == 0) {
			return true
		}
	}
	return false
}

// startsWord reports whether s begins with a letter or digit of any script.
func startsWord(s []byte) bool {
	r, _ := utf8.DecodeRune(s)
	return len(s) > 0 && isWordRune(r)
}

// isRepost reports whether s ends with the word RT.
func isRepost(s []byte) bool {
	n := len(s)
	return n >= 2 && bytes.EqualFold(s[n-2:], []byte("rt")) && !followsWord(s, n-2)
}

// hashtag returns the end of the #tag at i by X's rules, or 0 if there is none. A tag consists of
// letters, marks, digits, underscores and a few signs, with at least one letter. It does not come
// right after one of these or an ampersand, and is not followed by another # or ://.
func hashtag(s []byte, i, size int) int {
	if before, _ := utf8.DecodeLastRune(s[:i]); before == '&' || isTagRune(before) && before != 0x200d {
		return 0
	}
	end, named := i+size, false
	for end < len(s) {
		r, n := utf8.DecodeRune(s[end:])
		if !isTagRune(r) {
			break
		}
		named = named || unicode.IsLetter(r) || unicode.IsMark(r)
		end += n
	}
	if !named || bytes.HasPrefix(s[end:], []byte("#")) || bytes.HasPrefix(s[end:], []byte("＃")) || bytes.HasPrefix(s[end:], []byte("://")) {
		return 0
	}
	return end
}

// isTagRune reports whether r may be part of a hashtag.
func isTagRune(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&wordy != 0
	}
	switch r {
	case 0x200c, 0x200d, 0xa67e, 0x05be, 0x05f3, 0x05f4, 0xff5e, 0x301c, 0x309b, 0x309c, 0x30a0, 0x30fb, 0x3003, 0x0f0b, 0x0f0c, 0xb7:
		return true
	case 0xfe0e, 0xfe0f, 0x20e3:
		return false
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd)
}

// cashtag returns the end of the $CASH at i, or 0 if there is none: up to six letters, and up to
// two more after a full stop or underscore. White space, which U+180E is to X, or a sign of direction
// must come before it, and white space or a mark after it.
func cashtag(s []byte, i int) int {
	if before, _ := utf8.DecodeLastRune(s[:i]); !isGap(s, i) && !isDirection(before) && before != 0x180e {
		return 0
	}
	end := letters(s, i+1, 6)
	if end == i+1 {
		return 0
	}
	if end < len(s) && (s[end] == '.' || s[end] == '_') {
		if n := letters(s, end+1, 2); n > end+1 && endsCashtag(s, n) {
			return n
		}
	}
	if endsCashtag(s, end) {
		return end
	}
	return 0
}

// letters returns the end of the run of at most n ASCII letters at i.
func letters(s []byte, i, n int) int {
	for n += i; i < len(s) && i < n && classes[s[i]] == letter; {
		i++
	}
	return i
}

// endsCashtag reports whether a cashtag may end at i.
func endsCashtag(s []byte, i int) bool {
	return i == len(s) || s[i] < utf8.RuneSelf && (s[i] == '_' || classes[s[i]]&wordy == 0) || skipSpace(s, i) > i
}

// price returns the end of the number that follows the currency sign at i, or 0 if none does.
func (sp *Splitter) price(i, size int) int {
	s, number := sp.text[:sp.window(i)], i+size
	if number == len(s) || classes[s[number]] != numeral {
		return 0
	}
	if end := word(s, number); end >= 0 {
		return end
	}
	return sp.unicodeWord(number)
}
