package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// emoticon returns the length of the emoticon that s begins with, or 0. The caller ensures that no
// word comes right before s; emoticon itself ensures that none follows.
func emoticon(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	n := 0
	switch c := s[0]; c {
	case ':', ';', '=', '8', 'x', 'X':
		n = sideways(s)
	case '(':
		if n = mirrored(s); n == 0 {
			n = kaomoji(s, "(", ")")
		}
	case '<', '>':
		if n = heart(s); n == 0 && c == '>' && (s[1] == ':' || s[1] == ';' || s[1] == '=') {
			n = sideways(s[1:])
			n += min(n, 1)
		}
	case '\\', 'o':
		n = oneOf(s, `\o/`, `\m/`, `\o`, `o/`)
	case 0xc2:
		n = oneOf(s, `¯\_(ツ)_/¯`, `¯\(ツ)/¯`)
	case 0xef:
		n = kaomoji(s, "（", "）")
	}
	if n == 0 {
		n = upright(s)
	}
	if n > 0 && n < len(s) && startsWord(s[n:]) {
		return 0
	}
	return n
}

// sideways returns the length of an emoticon such as :-) ;P =D :'( 8) x) :))) at the beginning of s, or 0: eyes, perhaps a
// tear or nose, and a mouth, which may be repeated.
func sideways(s []byte) int {
	mouths := `)(][}{DPpOoSsXx3cbd/\|*@$><`
	switch s[0] {
	case '=':
		mouths = `)(][DPpOo3/\|`
	case '8':
		mouths = `)(D`
	case 'x':
		mouths = `)(DdPp`
	case 'X': // less XP, the system
		mouths = `)(Dd`
	}
	if len(s) < 2 {
		return 0
	}
	n := 1
	if s[n] == '\'' && len(s) > n+1 {
		n++
	}
	if len(s) > n+1 && strings.IndexByte("-^~o", s[n]) >= 0 && strings.IndexByte(mouths, s[n+1]) >= 0 {
		n++
	}
	mouth := s[n]
	if strings.IndexByte(mouths, mouth) < 0 {
		return 0
	}
	for n < len(s) && s[n] == mouth {
		n++
	}
	if mouth == '/' && s[n-2] == '/' { // the // of a link
		return 0
	}
	return n
}

// mirrored returns the length of an emoticon such as (: or (-; at the beginning of s, or 0.
func mirrored(s []byte) int {
	n := 1
	if s[n] == '-' || s[n] == '\'' {
		n++
	}
	if n == len(s) || s[n] != ':' && s[n] != ';' && s[n] != '=' {
		return 0
	}
	if n++; n < len(s) && s[n] < utf8.RuneSelf && classes[s[n]] != space && strings.IndexByte(",.!?)", s[n]) < 0 {
		return 0
	}
	return n
}

// heart returns the length of <3, <33 or </3 at the beginning of s, or 0.
func heart(s []byte) int {
	n := 1
	if s[n] == '/' {
		n++
	}
	if s[0] != '<' || n == len(s) || s[n] != '3' {
		return 0
	}
	for n < len(s) && s[n] == '3' {
		n++
	}
	return n
}

// oneOf returns the length of the first of some emoticons that s begins with, or 0.
func oneOf(s []byte, emoticons ...string) int {
	for _, e := range emoticons {
		if bytes.HasPrefix(s, []byte(e)) {
			return len(e)
		}
	}
	return 0
}

// upright returns the length of an emoticon such as ^^ ^_^ -.- T_T >.< at the beginning of s, or 0:
// the same eye twice, with a mouth in between unless the eyes are ^. A drop of sweat may follow.
func upright(s []byte) int {
	eye, size := utf8.DecodeRune(s)
	if !isEye(eye) {
		return 0
	}
	n := size
	for n < len(s) && s[n] == '_' {
		n++
	}
	if n == size && n < len(s) && (s[n] == '.' && eye != '*' || eye == '^' && (s[n] == '-' || s[n] == 'o')) {
		n++
	}
	right, more := utf8.DecodeRune(s[n:])
	same := unicode.ToLower(right) == unicode.ToLower(eye)
	if !same && !(eye == '>' && right == '<') || n == size && eye != '^' {
		return 0
	}
	if n += more; n < len(s) && right == '^' && s[n] == '^' {
		return 0 // ^^^ points at the text above
	}
	if n < len(s) && (s[n] == '\'' || s[n] == ';') && !isWordRune(eye) {
		n++
	}
	return n
}

// isEye reports whether r can be an eye of an upright emoticon.
func isEye(r rune) bool {
	return strings.ContainsRune("^-><;=*@$TtOoXxUuNn0°¬ಠಥ•", r)
}

// kaomoji returns the length of a face between parentheses at the beginning of s, such as (^_^;) or
// (´・ω・`), or 0. Inside is an upright emoticon, or only signs and the few letters that faces use,
// including at least two (strong) that are used for little else.
func kaomoji(s []byte, opening, closing string) int {
	const (
		most   = 12 // runes between the parentheses
		strong = "^;><´`≧≦＞＜∀ωДд∇▽・･°￣¯ಠಥ•＾＿´｀;；ノﾉ"
		weak   = "_-=*.,:'oOTtuUxX0。o~@$|/\\¬□△ーεσ3皿益艸ﾟ゜●◕‿ʘ˘◡╥ヮﾛロ✿♡♪☆★⌒"
	)
	if !bytes.HasPrefix(s, []byte(opening)) {
		return 0
	}
	if n := len(opening) + upright(s[len(opening):]); n > len(opening) && bytes.HasPrefix(s[n:], []byte(closing)) {
		return n + len(closing)
	}
	strongs, runes := 0, 0
	for i := len(opening); i < len(s) && runes <= most; runes++ {
		r, size := decode(s, i)
		i += size
		switch {
		case r == ')' || r == '）':
			if strongs < 2 || string(s[i-size:i]) != closing {
				return 0
			}
			return i
		case strings.ContainsRune(strong, r):
			strongs++
		case !strings.ContainsRune(weak, r):
			return 0
		}
	}
	return 0
}
