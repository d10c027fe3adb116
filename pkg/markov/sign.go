package markov

import (
	"slices"
	"unicode/utf8"

	"horsepipe/pkg/model"
)

// # Signs that may be brackets
//
// In 'this' and <this> the signs are quotes and brackets; in 'tis, the boys' car, -> and a < b they are
// not. No rule tells which, but a post does: there a sign has a partner or has none. So the post that
// a sign is drawn from decides what it is in the draft. One with a partner opens or closes, as other
// brackets do (pairs.go); one without stands for itself. But once a ' is open, an apostrophe at the
// end of a word closes it, since readers would take it for that.
//
// The share of texts that have such a sign without a partner, in percent: of the posts, of 10,000
// drafts, and of as many without this rule. (* * is for what *is stressed*.)
//
//	                 ' '                < >                * *
//	Korean, 26,700   0.3   0.6   6.1    0.2   0.3   5.4    0.0   0.0   0.0
//	Korean, 15,600   2.3   3.6  16.9    0.2   0.1   5.7    0.3   0.4   0.5
//	Korean, 10,900   1.2   1.2  26.9    0.1   0.6   2.0    0.0   0.0   0.1
//	English, 5,900   0.2   0.7   1.7    0.1   0.0   0.1    0.6   0.6   1.1
//	English, 93,400  1.1   1.2   1.4    0.2   0.1   0.3    0.2   0.3   0.6
//	Dutch, 70,100    0.7   1.0   2.1    0.2   0.2   0.2    0.0   0.1   0.6
//	Chinese, 4,600   0.1   0.1   0.2    0.4   0.5   3.4    0.2   0.2   0.3

// partnerOf returns the sign that makes a pair with s, or "" if s is no such sign.
func partnerOf(s string) string {
	switch s {
	case "'", "*", "`", "＂":
		return s
	case "<":
		return ">"
	case ">":
		return "<"
	case "＜":
		return "＞"
	case "＞":
		return "＜"
	}
	return ""
}

// roleAt returns what a sign at a place of a model is in its post, and how it is closed there if it
// opens. Of two signs that look the same, the one that opens has white space before it.
func (g *Generator) roleAt(source, place int, w *word) (bracket, pair) {
	m := g.trail.models[source]
	own, partner := w.ids[source], m.Lookup([]byte(partnerOf(w.text)))
	straight := own == partner
	opens := w.text == "<" || w.text == "＜" || straight && spaced(m, own, place)
	role, move := bracket{rune: firstRune(w.text)}, m.Before
	if opens {
		role.closers, move = partnerOf(w.text), m.After
	}
	for open, span := 1, 1; span <= widest; span++ {
		var id int
		if id, place = move(place); id == model.Mark {
			break
		}
		switch {
		case id != own && id != partner:
		case id == own && (!straight || spaced(m, id, place) == opens):
			open++
		case open > 1:
			open--
		case opens:
			return role, pair{g.trail.word(source, id), span}
		default:
			return role, pair{}
		}
	}
	if opens || !straight {
		return bracket{}, pair{}
	}
	role.lone = true
	return role, pair{}
}

// someRole returns what a sign is that was not drawn: what it is in one of the posts that have it before
// the same tokens, or before the first of them. If it opens nothing there, it closes what is open, as
// the > of a wanted <text>, or stands for itself.
func (g *Generator) someRole(s step, with []step) (role bracket, p pair) {
	mayOpen := partnerOf(s.text) != s.text || s.gap != "" || len(g.steps) == 0
	with = slices.Clone(with)
	slices.Reverse(with)
	chain := g.chain(with)
	for range draws {
		source, entry := g.occurrence(chain[len(chain)-1])
		if role, p = g.roleAt(source, g.trail.models[source].Place(entry), s.word); p.closer != nil && mayOpen {
			return role, p
		}
	}
	return bracket{rune: firstRune(s.text), lone: true}, pair{}
}

// wantedRole returns what a sign is that a wanted text begins with and that may have white space before
// it: what comes before the text is not drawn yet.
func (g *Generator) wantedRole(s step, wanted []step) bracket {
	s.gap = " "
	role, _ := g.someRole(s, wanted)
	return role
}

// joinsLeft reports whether s would be joined to a sign that opens, which would then look like one that
// closes: of two signs that look the same, the one that opens has white space before it.
func (g *Generator) joinsLeft(s, sign step) bool {
	if !sign.doubtful || !sign.role.straight() {
		return false
	}
	return len(g.trail.models[s.source].Gap(sign.ids[s.source], s.after)) == 0
}

// firstRune returns the first rune of s.
func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// spaced reports whether white space, or nothing at all, stands before a token of a model.
func spaced(m *model.Model, id, place int) bool {
	if len(m.Gap(id, place)) > 0 {
		return true
	}
	before, _ := m.Before(place)
	return before == model.Mark
}
