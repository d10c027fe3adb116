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
	Word     Kind = iota // letters, perhaps with digits and marks among them
	Number               // begins with a digit, perhaps after a currency sign: 7, 10:30, 1,000.5, 50%, 1er, $5
	Mark                 // punctuation, signs, invisible characters
	Emoji                // one emoji sequence
	Emoticon             // :-) and its kin
	Hashtag              // #tag
	Cashtag              // $CASH
	Mention              // @name, @name@host
	Link                 // a link with or without a scheme, or an e-mail address
)

// KindOf returns the kind of an atom, judged by the atom alone. A word such as end.So is a [Link],
// since X makes it one.
func KindOf(atom []byte) Kind {
	if len(atom) == 0 {
		return Mark
	}
	if len(atom) == 1 {
		switch classes[atom[0]] {
		case letter:
			return Word
		case numeral:
			return Number
		}
		return Mark
	}
	switch c := atom[0]; {
	case c >= utf8.RuneSelf:
		return foreignKind(atom)
	case emojiLen(atom) > 0:
		return Emoji
	case classes[c]&wordy != 0:
		return wordKind(atom)
	}
	return signKind(atom)
}

// wordKind returns the kind of an atom that begins with an ASCII letter, digit or underscore.
func wordKind(atom []byte) Kind {
	dots, rest := false, false
	for _, c := range atom {
		dots = dots || c == '.'
		rest = rest || c == '@' || c == ':' || c == '/'
	}
	switch {
	case rest && (bytes.IndexByte(atom, '@') > 0 || bytes.Contains(atom, []byte("://"))) || dots && hasLink(atom):
		return Link
	case classes[atom[0]] == numeral:
		return Number
	case len(atom) <= maxWordEmoticon && emoticon(atom) == len(atom):
		return Emoticon
	case len(bytes.Trim(atom, "_")) == 0:
		return Mark
	}
	return Word
}

// maxWordEmoticon is the length of the longest emoticon of letters, such as T__T or XDDDD, that is
// not taken for a word.
const maxWordEmoticon = 5

// signKind returns the kind of an atom that begins with an ASCII sign.
func signKind(atom []byte) Kind {
	r, _ := utf8.DecodeRune(atom[1:])
	switch c := atom[0]; {
	case c == '#' && isTagRune(r):
		return Hashtag
	case c == '@' && isWordRune(r):
		return Mention
	case c == '$' && isWordRune(r):
		if unicode.IsNumber(r) {
			return Number
		}
		return Cashtag
	case emoticon(atom) == len(atom):
		return Emoticon
	}
	return Mark
}

// foreignKind returns the kind of an atom whose first rune is beyond ASCII.
func foreignKind(atom []byte) Kind {
	r, size := utf8.DecodeRune(atom)
	next, _ := utf8.DecodeRune(atom[size:])
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		if bytes.IndexByte(atom, '@') > 0 || bytes.IndexByte(atom, '.') > 0 && hasLink(atom) {
			return Link
		}
		return Word
	case r == '＃' && len(atom) > size:
		return Hashtag
	case r == '＠' && len(atom) > size:
		return Mention
	case unicode.IsNumber(r) || isCurrency(r) && unicode.IsNumber(next):
		return Number
	case emojiLen(atom) > 0:
		return Emoji
	case emoticon(atom) == len(atom):
		return Emoticon
	}
	return Mark
}
