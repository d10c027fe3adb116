package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// usual maps the usual brackets and double quotes to those that close them.
var usual = func() map[rune]string {
	t := map[rune]string{'"': `"`}
	pairs := []rune("()[]{}«»“”‹›（）［］｛｝｢｣〝〟〈〉《》「」『』【】〔〕")
	for i := 0; i < len(pairs); i += 2 {
		t[pairs[i]], t[pairs[i+1]] = string(pairs[i+1]), ""
	}
	t['„'] = "“”" // “ in German, ” in Polish
	return t
}()

// Bracket says what an atom means for the balance of brackets and quotes. r is the bracket, or 0 if
// the atom is none; closers are the runes that close it, "" if it can only close others. To check a
// text, keep a stack of open brackets: if r is among the closers of the innermost one, it closes
// that; otherwise, if r has closers itself, it opens; otherwise the text is unbalanced, as it is if
// brackets are left open at the end.
//
// Emoticons and list numbers are atoms of their own and no brackets. Nor is the single quote ',
// since it cannot be told from an apostrophe. Nor can ’, but ‘ is nothing but a quote, and the ’
// that closes it follows a word. So there is one exception: a ’ that closes nothing is an
// apostrophe, and does not unbalance the text.
func Bracket(atom []byte) (r rune, closers string) {
	if r, closers = common(atom); r != 0 {
		return r, closers
	}
	r = single(atom)
	switch {
	case r < utf8.RuneSelf || vertical(r):
		return 0, ""
	case r == '‘':
		return r, "’"
	case r == '‚':
		return r, "‘’"
	case r == '’':
		return r, ""
	case r == '﴿':
		return r, "﴾"
	case unicode.Is(unicode.Ps, r) && unicode.Is(unicode.Pe, r+1): // true for all of Bidi_Paired_Bracket but ⦍⦐ and ⦏⦎
		return r, string(r + 1)
	case unicode.Is(unicode.Pe, r):
		return r, ""
	}
	return 0, ""
}

// vertical reports whether r is a bracket for vertical text, which is used only in faces.
func vertical(r rune) bool { return r >= 0xfe10 && r < 0xfe50 }

// common is Bracket for the usual brackets only.
func common(atom []byte) (r rune, closers string) {
	if r = single(atom); r != 0 {
		if closers, known := usual[r]; known {
			return r, closers
		}
	}
	return 0, ""
}

// single returns the only rune of an atom but for combining marks, as of struck out text; 0 if it has
// several or the rune is plain.
func single(atom []byte) rune {
	if len(atom) == 0 {
		return 0
	}
	r, size := decode(atom, 0)
	if isPlain(r) {
		return 0
	}
	for size < len(atom) {
		mark, n := decode(atom, size)
		if !unicode.IsMark(mark) {
			return 0
		}
		size += n
	}
	return r
}

// isPlain reports whether r is one of the letters, digits and white space that most texts consist
// of. It is false for rarer ones.
func isPlain(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&(wordy|space) != 0
	}
	return isLetter(r) || isIdeograph(r) || isKatakana(r)
}

// maxDepth is the deepest nesting that Balanced follows.
const maxDepth = 16

// nesting is a stack of open brackets, each represented by its closers.
type nesting struct {
	open  [maxDepth]string
	depth int
}

// add opens or closes a bracket as returned by common, and reports whether that was possible.
func (n *nesting) add(r rune, closers string) bool {
	switch {
	case r == 0:
		return true
	case n.depth > 0 && strings.ContainsRune(n.open[n.depth-1], r):
		n.depth--
		return true
	case closers == "" || n.depth == maxDepth:
		return false
	}
	n.open[n.depth] = closers
	n.depth++
	return true
}

// Balanced reports whether the usual brackets and the double quotes of s are balanced, by a strict
// reading; it ignores rare brackets. They must be balanced atom by atom, as [Bracket] describes,
// and also for a naive reader, who knows no atoms but skips whatever looks like an emoticon or a
// list number, and for whom “ always opens. Hence „so“ is never balanced, and neither is "(in
// 1984)", where the naive reader sees the list number 1984). Text without brackets and quotes is
// balanced. Text with more than 16 open brackets at a time is not.
func Balanced(s string) bool {
	if !strings.ContainsFunc(s, isUsual) {
		return true
	}
	var sp Splitter
	var atoms nesting
	sp.Reset([]byte(s))
	for {
		_, atom, ok := sp.Next()
		if !ok {
			return atoms.depth == 0 && plainlyBalanced(s)
		}
		if !atoms.add(common(atom)) {
			return false
		}
	}
}

// isUsual reports whether r is in usual.
func isUsual(r rune) bool {
	if r < utf8.RuneSelf {
		return strings.IndexByte(`"()[]{}`, byte(r)) >= 0
	}
	if isPlain(r) {
		return false
	}
	_, known := usual[r]
	return known
}

// plainlyBalanced is Balanced for the naive reader.
func plainlyBalanced(s string) bool {
	var n nesting
	quotes := 0
	before := rune(0)
	for i := 0; i < len(s); {
		if size := skipped(s, i, before); size > 0 {
			before, _ = utf8.DecodeLastRuneInString(s[:i+size])
			i += size
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		before = r
		i += size
		switch r {
		case '"':
			quotes++
			continue
		case '„':
			return false // only “ could close it, and that opens
		}
		if !n.add(common([]byte(s[i-size : i]))) {
			return false
		}
	}
	return n.depth == 0 && quotes%2 == 0
}

// skipped returns the length of what the naive reader skips at i, given the rune before: an
// emoticon in either direction, digits and a ")", or one letter and a ")" at the very beginning.
func skipped(s string, i int, before rune) int {
	if isWordRune(before) && i > 0 {
		return reversedEmoticon(s[i:])
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	switch {
	case strings.ContainsRune(":;=8xX", r):
		if n := plainEmoticon(s[i:]); n > 0 {
			return n
		}
	case r == '(' || r == ')':
		return reversedEmoticon(s[i:])
	}
	n := size
	if unicode.IsDigit(r) {
		for n < len(s)-i && unicode.IsDigit(runeAt(s, i+n)) {
			n += utf8.RuneLen(runeAt(s, i+n))
		}
	} else if i > 0 || !isWordRune(r) {
		return 0
	}
	if strings.HasPrefix(s[i+n:], ")") {
		return n + 1
	}
	return 0
}

// runeAt returns the rune at i.
func runeAt(s string, i int) rune {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

// plainEmoticon returns the length of eyes, perhaps a nose, and mouths at the beginning of s, or 0.
func plainEmoticon(s string) int {
	n := 1
	if n < len(s) && strings.IndexByte(`'-o^`, s[n]) >= 0 {
		n++
	}
	mouth := n
	for n < len(s) && strings.IndexByte(`()[]{}DPp3|/\`, s[n]) >= 0 {
		n++
	}
	if n == mouth {
		return 0
	}
	return n
}

// reversedEmoticon returns the length of mouths, perhaps a nose, and eyes at the beginning of s, or 0.
func reversedEmoticon(s string) int {
	n := len(s) - len(strings.TrimLeft(s, "()"))
	if n == 0 {
		return 0
	}
	if n < len(s) && (s[n] == '\'' || s[n] == '-') {
		n++
	}
	if n == len(s) || strings.IndexByte(":;=8", s[n]) < 0 {
		return 0
	}
	return n + 1
}
