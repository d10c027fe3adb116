package markov

import (
	"strings"

	"horsepipe/pkg/text"
)

// bracket is what a token is among quotes and brackets; see text.Bracket.
type bracket struct {
	rune    rune   // 0: none
	lone    bool   // it need not close anything; see sign.go
	closers string // what closes it; "" if it only closes others
}

// bracketOf returns what an atom is among quotes and brackets.
func bracketOf(atom []byte) (b bracket) {
	b.rune, b.closers = text.Bracket(atom)
	return b
}

// nesting is how many pairs may be open at once in a draft.
const nesting = 3

// closes reports whether the token closes the innermost open bracket.
func (b bracket) closes(open []opening) bool {
	return len(open) > 0 && strings.ContainsRune(open[len(open)-1].closers, b.rune)
}

// fits reports whether the token may follow while some brackets are open, of which there may be no more
// than most. A straight quote opens if white space, or nothing at all, stands before it.
func (b bracket) fits(open []opening, spaced bool, most int) bool {
	switch {
	case b.rune == 0, b.lone, b.rune == '’': // that may be an apostrophe
		return true
	case b.closes(open):
		return !b.straight() || !spaced
	case b.straight():
		for _, o := range open {
			if o.closers == b.closers {
				return false
			}
		}
		return spaced && len(open) < most
	}
	return b.closers != "" && len(open) < most
}

// straight reports whether the same sign closes what the token opens.
func (b bracket) straight() bool { return strings.ContainsRune(b.closers, b.rune) }

// apply returns what is open after the token. It changes neither open nor what shares its memory.
func (b bracket) apply(open []opening) []opening {
	switch {
	case b.closes(open):
		return open[:len(open)-1]
	case b.closers != "":
		return append(open[:len(open):len(open)], opening{closers: b.closers})
	}
	return open
}

// followsQuote reports whether s may come next after a straight quote that opens or one that closes. It
// must be joined to one that opens, and apart from one that closes if it is a word: else what begins a
// quote in a post might follow one that has ended.
func (s *step) followsQuote(opens bool) bool {
	if opens {
		return s.gap == ""
	}
	return s.gap != "" || s.kind == text.Mark || s.kind == text.Emoji || s.kind == text.Emoticon || text.Solitary(firstRune(s.text))
}

// quoted reports whether every token that comes after a straight quote may do so.
func quoted(steps []step) bool {
	opens := false
	for i := range steps {
		s := &steps[i]
		if i > 0 && steps[i-1].bracket.rune == '"' && !s.followsQuote(opens) {
			return false
		}
		if s.bracket.rune == '"' {
			opens = !opens
		}
	}
	return true
}
