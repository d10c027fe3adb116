package markov

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// # Words that are other tokens elsewhere
//
// A bound on runs of tokens bounds runs of words where the same words are the same tokens (units.go). They are, but for faces, numbers of
// lists and tags: with white space before it ":)" is one token, and right after a letter it is two. As a character of a script that is
// written without spaces is a word with and without white space beside it, a post may have the words of a draft as other
// tokens: "日:)", "日 :)". So runs with a word of that kind are looked up with each reading of it.

// facing tells whether a word, or a text, has one of the signs that are in every word with several readings.
func facing(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '#', '@', '$', '*', ':', ';', '=', '^', '<', '>', '(', ')', '\\':
			return true
		case '-', '~', '\'': // the nose of x-D, an eye of -_-
			if i > 0 && strings.IndexByte("xX8", s[i-1]) >= 0 || i+1 < len(s) && strings.IndexByte("_.", s[i+1]) >= 0 {
				return true
			}
		case 0xc2, 0xe0, 0xe2, 0xef: // that the others begin with
			if r, _ := utf8.DecodeRuneInString(s[i:]); strings.ContainsRune("¯°¬•ಠಥ（＃＠", r) {
				return true
			}
		}
	}
	return false
}

// reading is the tokens that a word may be.
type reading []string

// copiesOtherwise tells whether the draft has a run in common with a post that is longer than allowed, where the two are other
// tokens. It costs little unless a word has several readings.
func (g *Generator) copiesOtherwise(s string) bool {
	if !facing(s) {
		return false
	}
	words := wordsOf(s)
	for n := g.opt.MaxCopy + 1; len(words) >= n; words = words[1:] {
		if run := words[:n]; g.ambiguous(run) && g.stands(run, 0, nil) {
			return true
		}
	}
	return false
}

// ambiguous tells whether a run of words may be several runs of tokens.
func (g *Generator) ambiguous(run []string) bool {
	for i, w := range run {
		if facing(w) && len(g.readingsOf(w, touched(run, i))) > 1 {
			return true
		}
	}
	return false
}

// wordsOf is the words of a text as readers count them: what stands between white space, and each character that is one by itself.
func wordsOf(s string) (words []string) {
	begin := 0
	for i, r := range s {
		space := unicode.IsSpace(r)
		if !space && !text.Solitary(r) {
			continue
		}
		if begin < i {
			words = append(words, s[begin:i])
		}
		begin = i + utf8.RuneLen(r)
		if !space {
			words = append(words, s[i:begin])
		}
	}
	if begin < len(s) {
		words = append(words, s[begin:])
	}
	return words
}

// sides tells on which sides of a word a character that is a word by itself may be, without white space between.
type sides struct{ left, right bool }

// touched is the sides of the i-th word of a run, wherever that stands. Nobody knows what comes before and after it.
func touched(run []string, i int) sides {
	return sides{i == 0 || solitary(run[i-1]), i == len(run)-1 || solitary(run[i+1])}
}

// solitary tells whether a word is such a character.
func solitary(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return text.Solitary(r)
}

// remembered is how many words with such signs a generator remembers the readings of.
const remembered = 1 << 12

// sided is a word and its sides.
type sided struct {
	word string
	sides
}

// readingsOf is the tokens that a word is with white space around it, and with such characters on its sides.
func (g *Generator) readingsOf(w string, at sides) []reading {
	if !facing(w) {
		return []reading{split(w)}
	}
	if known, ok := g.readings[sided{w, at}]; ok {
		return known
	}
	const other = "日"
	all := []reading{split(w)}
	if at.left {
		all = append(all, split(other + w)[1:])
	}
	if at.right {
		before := split(w + other)
		all = append(all, before[:len(before)-1])
	}
	if at.left && at.right {
		between := split(other + w + other)
		all = append(all, between[1:len(between)-1])
	}
	slices.SortFunc(all, slices.Compare)
	all = slices.CompactFunc(all, slices.Equal)
	if len(g.readings) == remembered {
		clear(g.readings)
	}
	g.readings[sided{strings.Clone(w), at}] = all
	return all
}

// split is the tokens of a text.
func split(s string) (r reading) {
	for _, t := range text.SplitUnits(s) {
		r = append(r, t.Text)
	}
	return r
}

// stands tells whether a run of words stands in a post, in any of their readings. Its first i words are such a run of tokens.
func (g *Generator) stands(words []string, i int, run []*word) bool {
	if i == len(words) {
		return true
	}
	for _, r := range g.readingsOf(words[i], touched(words, i)) {
		next := run[:len(run):len(run)]
		for _, t := range r {
			next = append(next, g.wordOf(t))
		}
		next = next[:min(len(next), model.Depth)]
		if g.trail.holdsAll(next) && (len(next) == model.Depth || g.stands(words, i+1, next)) {
			return true
		}
	}
	return false
}

// wordOf is the word of a token: the draft's, if it has it, which need not be looked up.
func (g *Generator) wordOf(token string) *word {
	for _, st := range g.steps {
		if st.text == token {
			return st.word
		}
	}
	return g.trail.find(token)
}
