package text

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Kind is what an atom is.
type Kind uint8

// The kinds of atoms.
const (
	Word     Kind = iota // letters, also with digits and marks between them
	Number               // begins with a digit: 7, 10:30, 1,000.5, 50%, 1er, $5
	Mark                 // punctuation, signs, invisible characters
	Emoji                // one emoji sequence
	Emoticon             // :-) and its kin
	Hashtag              // #tag
	Cashtag              // $CASH
	Mention              // @name, @name@host
	Link                 // a link with or without a scheme, or an e-mail address
)

// KindOf returns the kind of an atom. It looks at the atom alone, and at few bytes of it.
func KindOf(atom []byte) Kind {
	if len(atom) == 0 {
		return Mark
	}
	c := atom[0]
	if c >= utf8.RuneSelf {
		return foreignKind(atom)
	}
	switch classes[c] {
	case numeral, letter, low:
		return wordKind(atom)
	}
	if len(atom) > 1 {
		r, _ := utf8.DecodeRune(atom[1:])
		switch {
		case c == '#' && isTagRune(r):
			return Hashtag
		case c == '@' && isWordRune(r):
			return Mention
		case c == '$' && r < utf8.RuneSelf && classes[r] == letter:
			return Cashtag
		case c == '$' && r < utf8.RuneSelf && classes[r] == numeral:
			return Number
		case emoticon(atom) == len(atom):
			return Emoticon
		}
	}
	return Mark
}

// wordKind returns the kind of an atom that begins with an ASCII letter, digit or underscore.
func wordKind(atom []byte) Kind {
	switch {
	case bytes.Contains(atom, []byte("://")) || bytes.IndexByte(atom, '@') > 0:
		return Link
	case classes[atom[0]] == numeral:
		return Number
	case emoticon(atom) == len(atom):
		return Emoticon
	}
	return Word
}

// foreignKind returns the kind of an atom that begins beyond ASCII.
func foreignKind(atom []byte) Kind {
	r, size := utf8.DecodeRune(atom)
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return Word
	case r == '＃' && len(atom) > size:
		return Hashtag
	case r == '＠' && len(atom) > size:
		return Mention
	case unicode.IsNumber(r):
		return Number
	case isPictograph(r):
		return Emoji
	case emoticon(atom) == len(atom):
		return Emoticon
	}
	return Mark
}

// isPictograph reports whether r is shown as a picture: the blocks of emoji.
func isPictograph(r rune) bool {
	return r >= 0x1f000 && r < 0x1fb00 || r >= 0x2600 && r < 0x27c0 || r >= 0x231a && r < 0x2400 || r >= 0x2b05 && r < 0x2b56
}
