package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// isWordRune reports whether r is a letter, a digit or an underscore in any script.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&wordy != 0
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// isMark reports whether r, beyond ASCII, is a quote, or a punctuation mark or sign whose runs are
// one atom.
func isMark(r rune) bool {
	switch {
	case r < 0x2010:
		return r >= 0xa1 && r < 0xc0 && !isWordRune(r) && r != 0xa9 && r != 0xad && r != 0xae && r != 0xb7 && r != 0xb8
	case r < 0x3000:
		return r < 0x2024 || r == '…' || r >= 0x2030 && r < 0x203f && r != 0x203c || r >= 0x20a0 && r < 0x20c1
	case r < 0xff00:
		return r > 0x3000 && r < 0x3004 || r >= 0x3008 && r < 0x3012 || r >= 0x3014 && r < 0x3020 || r == '・'
	}
	return r < 0xff10 || r >= 0xff1a && r < 0xff21 || r >= 0xff3b && r < 0xff41 && r != '＿' || r >= 0xff5b && r < 0xff66 || r == '￥'
}

// mark returns the end of the atom at i, which begins with the mark r of size bytes: a tag, a
// number with its currency, an emoticon, or a run of marks.
func (sp *Splitter) mark(i int, r rune, size int) int {
	if n := sp.tag(i, r, size); n > 0 {
		return n
	}
	if (r >= utf8.RuneSelf || classes[r]&face != 0) && !followsWord(sp.text, i) {
		if n := emoticon(sp.chunk(i)); n > 0 {
			return i + n
		}
	}
	return sp.run(i, r, size)
}

// run returns the end of the run of marks at i: all the same mark, or any of ! and ?. Brackets and
// quotes are alone.
func (sp *Splitter) run(i int, r rune, size int) int {
	s := sp.text[:sp.window(i)]
	last, end := i, i+size
	for end < len(s) && isRun(r) {
		next, n := decode(s, end)
		if next != r && !(isShout(r) && isShout(next)) {
			break
		}
		last, end = end, end+n
	}
	if p := look(s, end); p == unknown { // perhaps a variation selector or a combining mark, which belongs to the last mark
		n, _, _ := words.SplitFunc(sp.chunk(last), true)
		end = last + n
	}
	return end
}

// isShout reports whether r is an exclamation or question mark.
func isShout(r rune) bool {
	return r == '!' || r == '?' || r == '！' || r == '？'
}

// isRun reports whether the mark r forms runs. Brackets and quotes do not, since each counts.
func isRun(r rune) bool {
	switch r {
	case '"', '\'', '`', '«', '»', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '‹', '›', '<', '>', '(', ')', '[', ']', '{', '}':
		return false
	}
	return r < utf8.RuneSelf || !unicode.In(r, unicode.Ps, unicode.Pe)
}
