package markov

import (
	"slices"

	"horsepipe/pkg/model"
)

// # Ends
//
// Posts end with what ends posts: a signature, a face, a hashtag. A walk would go on after such a token
// if it took a shorter context where only an end follows the longer one, or drew something else where
// an end is refused. So a draft ends where nothing but an end has ever followed the context. Where an end
// is refused, the walk goes back; after it has done so often enough it goes on instead, so that
// whoever asks for many words gets them.
//
// The share of texts that go on after a token which ends posts in four of five of its uses: of posts,
// of 8,000 drafts by such walks, by walks that go back up to 4 or 16 times, and by walks that do
// neither:
//
//	                 posts  drafts  4      16     none
//	French, 11,500   0.015  0.031   0.046  0.023  0.112
//	English, 12,800  0.005  0.005   0.006  0.005  0.035
//	English, 2,300   0.024  0.011   0.013  0.011  0.073
//	German, 8,200    0.013  0.009   0.010  0.009  0.038
//	Japanese, 29,600 0.007  0.020   0.020  0.017  0.040
//
// Lengths in characters, in the order of the table: posts 116, 84, 87, 68, 39; drafts 102, 91, 89, 80, 42;
// drafts by walks that do neither 102, 98, 101, 92, 43. Of 63 accounts, drafts are 0.69 to 1.38 times as
// long as posts, 1.07 times in the mean. They are longer where posts are short: many short drafts are refused,
// since they are parts of posts.
//
// What grows to the left begins, in the same way, where nothing but the beginning of a post has ever
// preceded the context. It need not go back, since others may stand before a wanted word. The share of texts
// that have something before two words with which posts begin in four of five of their uses: of posts,
// of 3,000 answers (answer.go), and of as many without this rule:
//
//	English, 6,400   0.010  0.009  0.017
//	German, 11,100   0.013  0.013  0.018
//	French, 10,700   0.013  0.010  0.016
//	Korean, 24,300   0.004  0.008  0.009
//	Japanese, 9,500  0.003  0.005  0.010
//	Arabic, 43,400   0.014  0.025  0.034
const returns = 8

// endsHere reports whether the draft should end because nothing but an end has ever followed a context
// of k tokens. For a single token it need not look: a longer context would have told, and if there is
// none, the end is the only way on.
func (g *Generator) endsHere(context span, k int) bool {
	return k > 1 && !g.alone() && g.trail.onlyEnds(context, k) && g.allowsEnd() == allowed && !g.onlyTags()
}

// goesBack reports whether the walk should go back where an end is refused. If so it counts that; a
// walk that has gone back often enough goes on instead.
func (g *Generator) goesBack() bool {
	if g.alone() || g.returned == returns {
		return false
	}
	g.returned++
	return true
}

// onlyEnds reports whether nothing but ends of posts follows a context.
func (t *trail) onlyEnds(s span, length int) bool {
	for i, iv := range s {
		if iv.Len() > 0 {
			if id, _ := t.models[i].Next(iv.Hi-1, length); id != model.Mark { // the marks come first
				return false
			}
		}
	}
	return true
}

// beginsHere reports whether the draft should begin before the contexts of chain because nothing but the
// beginning of a post has ever preceded one of two tokens or more.
func (g *Generator) beginsHere(chain []span) bool {
	if g.alone() || len(g.ahead) > 0 {
		return false // a way (bridge.go) is the easier to meet the longer it is
	}
	for k := min(g.opt.Order, len(chain)); k > 1 && !g.branchesLeft(chain[k-1]); k-- {
		if g.trail.begins(chain[k-1]) {
			return true
		}
	}
	return false
}

// begins reports whether posts begin with a context before which the same stands everywhere.
func (t *trail) begins(s span) bool {
	i := slices.IndexFunc(s, func(iv model.Interval) bool { return iv.Len() > 0 })
	m := t.models[i]
	id, _ := m.Before(m.Place(s[i].Lo))
	return id == model.Mark
}
