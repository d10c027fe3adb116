package markov

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// # Words that are other tokens elsewhere
//
// A bound on runs of tokens bounds runs of words as long as the same words are the same tokens
// (units.go). Most words are, but not these:
//
//   - Faces, numbers of lists and tags: after white space ":)" is one token, right after a letter two.
//   - Words that end in a sign before hangul: "OK.가" is "OK." and "가", but "OK. 가" is "OK", "." and
//     "가".
//
// A character that is counted as a word by itself is one with and without white space beside it. So a
// post may have the words of a draft as other tokens: "日:)", "日 :)". That is why runs with such a word
// are looked up with each reading of it, unless the walk has found that the words beside it stand nowhere.

// facing reports whether a word or a text has one of the signs without which no word has several
// readings beside Han and kana.
func facing(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '#', '@', '$', '*', ':', ';', '=', '^', '<', '>', '(', ')', '\\':
			return true
		case '-', '~', '\'': // the nose of x-D, an eye of -_-
			if i > 0 && strings.IndexByte("xX8", s[i-1]) >= 0 || i+1 < len(s) && strings.IndexByte("_.", s[i+1]) >= 0 {
				return true
			}
		case '/': // o/
			if i > 0 && s[i-1] == 'o' {
				return true
			}
		case '_': // 8/8_, of which each part is a token before another word
			if i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
				return true
			}
		case 0xc2, 0xe0, 0xe2, 0xef: // the first bytes of the other signs
			if strings.ContainsRune("¯°¬•ಠಥ（＃＠€£¥", firstRune(s[i:])) {
				return true
			}
		}
	}
	return false
}

// signed reports whether a word has more than letters, digits and , ! ? ". Beside letters that join,
// such a word may have several readings: "OK." and "가".
func signed(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool {
		return !unicode.IsLetter(r) && (r < '0' || r > '9') && !strings.ContainsRune(",!?\"", r)
	})
}

// joins reports whether r is a word by itself that the rules of UAX #29 join to what comes before
// it, as they do other letters.
func joins(r rune) bool {
	return text.Solitary(r) && (unicode.In(r, unicode.Hangul, unicode.Bopomofo) || strings.ContainsRune("々〻〼", r))
}

// beside holds characters that are words by themselves, one for each way in which they are divided from
// what is beside them. The first stands for nearly all of Han and kana.
var beside = strings.Split("あ⺀가々〇〃゙", "")

// reading is one way to divide a word into tokens.
type reading []*word

func (r reading) same(other reading) bool { return slices.EqualFunc(r, other, (*word).same) }

// spoken is a word of a draft.
type spoken struct {
	text   string
	own    reading // its tokens there
	first  int     // the first of them, as an index in the trail
	facing bool    // it may have several readings
	signed bool    // it may have several beside letters that join
	joined bool    // the draft has such letters
}

// copiesOtherwise reports whether the draft has too long a run in common with a post that has the same
// words as other tokens. It costs little unless a word has several readings that stand in posts.
func (g *Generator) copiesOtherwise(s string) bool {
	n := g.opt.MaxCopy + 1
	if g.unitsBefore(len(g.steps)) < n {
		return false
	}
	joined := slices.ContainsFunc(g.trail.words, func(w *word) bool { return w.joins })
	korean := joined || g.korean()
	if !korean && !facing(s) {
		return false
	}
	for words := g.spoken(s, korean, joined); len(words) >= n; words = words[1:] {
		if run := words[:n]; !g.standsNowhere(run) && g.ambiguous(run) && g.stands(run, 0, nil) {
			return true
		}
	}
	return false
}

// korean reports whether some of the posts are Korean: then a word at an end of a run may stand right before
// a Korean one, even if the draft has none. Nobody writes Korean without these syllables.
func (g *Generator) korean() bool {
	if g.hangul == nil {
		has := slices.ContainsFunc(strings.Split("이다가는", ""), func(s string) bool { return g.trail.find(s).all.Len() > 0 })
		g.hangul = &has
	}
	return *g.hangul
}

// spoken returns the words of the draft, whose text is s, as readers count them: what stands between
// white space, and each character that is a word by itself. korean and joined tell whether the posts and
// the draft have letters that join.
func (g *Generator) spoken(s string, korean, joined bool) []spoken {
	words := make([]spoken, 0, len(g.steps))
	tokens := g.trail.words[1:]
	for i := 0; i < len(tokens); {
		if len(words) > 0 {
			s = s[len(g.steps[i].gap):]
		}
		n, size := 1, len(tokens[i].text)
		for ; i+n < len(tokens) && !g.beginsWord(i+n); n++ {
			size += len(tokens[i+n].text)
		}
		said := s[:size]
		words = append(words, spoken{said, tokens[i : i+n], i + 1, facing(said), korean && signed(said), joined})
		i, s = i+n, s[size:]
	}
	return words
}

// standsNowhere reports whether the walk has found that a part of a run stands in no post, none of whose
// words may have several readings.
func (g *Generator) standsNowhere(run []spoken) bool {
	first := run[0].first
	for i := range run {
		w := &run[i]
		if !w.several(touched(run, i)) {
			continue
		}
		if w.first > first && g.trail.absent(first, w.first-1) {
			return true
		}
		first = w.first + len(w.own)
	}
	last := &run[len(run)-1]
	end := last.first + len(last.own) - 1
	return g.trail.absent(first, end)
}

// ambiguous reports whether a run of words may be other tokens in a post.
func (g *Generator) ambiguous(run []spoken) bool {
	for i := range run {
		w, at := &run[i], touched(run, i)
		if !w.several(at) {
			continue
		}
		for _, r := range g.readingsOf(w, at) {
			if !r.same(w.own) {
				return true
			}
		}
	}
	return false
}

// several reports whether a word may have several readings.
func (w *spoken) several(at sides) bool {
	return (at.left || at.right) && (w.facing || w.signed && at.joined)
}

// sides tells on which sides of a word a character that is a word by itself may stand without white
// space between, and whether that character may be one that joins.
type sides struct{ left, right, joined bool }

// touched returns the sides of the i-th word of a run. What comes before and after the run is unknown.
func touched(run []spoken, i int) sides {
	first, last := i == 0, i == len(run)-1
	return sides{first || run[i-1].own[0].solitary, last || run[i+1].own[0].solitary, run[i].joined || run[i].signed && (first || last)}
}

// solitary reports whether a word begins with a character that is a word by itself.
func solitary(w string) bool {
	r := firstRune(w)
	return text.Solitary(r) || text.Unspaced(r)
}

// remembered is how many words a generator remembers the readings of.
const remembered = 1 << 14

// sided is a word and its sides.
type sided struct {
	word string
	sides
}

// readingsOf returns the readings of a word with white space around it, and with the characters
// that may be on its sides, as far as they stand in posts.
func (g *Generator) readingsOf(w *spoken, at sides) []reading {
	if !w.several(at) {
		return []reading{w.own}
	}
	if known, ok := g.readings[sided{w.text, at}]; ok {
		return known
	}
	all := []reading{slices.Clone(w.own)} // since the trail goes on to other words
	if !w.sure(at) {
		all = g.readingsIn(splits(w.text, at))
	}
	if len(g.readings) == remembered {
		clear(g.readings)
	}
	g.readings[sided{strings.Clone(w.text), at}] = all
	return all
}

// readingsIn returns those of some ways to divide a word that stand in posts.
func (g *Generator) readingsIn(ways [][]string) (all []reading) {
	for _, tokens := range ways {
		var r reading
		for _, t := range tokens {
			r = append(r, g.trail.find(t))
		}
		if g.trail.holdsAll(r[:min(len(r), model.Depth)]) {
			all = append(all, r)
		}
	}
	return all
}

// sure reports whether a word is divided in one way only, whatever stands on its sides.
func (w *spoken) sure(at sides) bool {
	for before, after := range at.neighbours() {
		i := 0
		for token := range tokensOf(before, w.text, after) {
			if i == len(w.own) || string(token) != w.own[i].text {
				return false
			}
			i++
		}
	}
	return true
}

// neighbours yields what may stand on the left and on the right: white space, or characters that are words
// by themselves.
func (at sides) neighbours() iter.Seq2[string, string] {
	left, right, others := []string{""}, []string{""}, beside
	if !at.joined {
		others = beside[:1]
	}
	if at.left {
		left = append(left, others...)
	}
	if at.right {
		right = append(right, others...)
	}
	return func(yield func(before, after string) bool) {
		for _, before := range left {
			for _, after := range right {
				if !yield(before, after) {
					return
				}
			}
		}
	}
}

// splits returns the ways in which a word is divided into tokens, depending on what stands on its sides.
func splits(w string, at sides) (all [][]string) {
	for before, after := range at.neighbours() {
		all = append(all, between(before, w, after))
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}

// between returns the tokens of a word between two characters that are words by themselves, or between
// nothing.
func between(before, w, after string) (tokens []string) {
	for token := range tokensOf(before, w, after) {
		tokens = append(tokens, string(token))
	}
	return tokens
}

// tokensOf yields what between returns. The characters beside the word are tokens by themselves (text.Units).
func tokensOf(before, w, after string) iter.Seq[[]byte] {
	return func(yield func(token []byte) bool) {
		var units text.Units
		units.Reset([]byte(before + w + after))
		begin, end := len(before), len(before)+len(w)
		at := 0
		for gap, unit, more := units.Next(); more && at < end; gap, unit, more = units.Next() {
			if at += len(gap) + len(unit); at > begin && !yield(unit) {
				return
			}
		}
	}
}

// stands reports whether a run of words stands in a post, in any combination of their readings. The
// first i words have been read as run.
func (g *Generator) stands(words []spoken, i int, run reading) bool {
	if i == len(words) {
		return true
	}
	for _, r := range g.readingsOf(&words[i], touched(words, i)) {
		next := append(run[:len(run):len(run)], r...)
		next = next[:min(len(next), model.Depth)]
		if g.trail.holdsAll(next) && (len(next) == model.Depth || g.stands(words, i+1, next)) {
			return true
		}
	}
	return false
}
