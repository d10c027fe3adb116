package markov

import (
	"math"

	"horsepipe/pkg/model"
)

// # The choice among candidates
//
// A walk over short contexts wanders further than its account does: its drafts are more surprising than
// the account's own posts. Taking the least surprising of N would make a bot of
// clichés instead. So for each draft a post of the corpus is drawn at random (one of 512 that the
// seed determines), and of Options.BestOf candidates the one is taken whose surprise is nearest to that
// post's: the drafts vary as the posts do.
//
// The surprise of a text is the mean of -ln p of its tokens, where p is the
// probability that the corpus gives a token after the two before it, smoothed with those of the shorter contexts as in
// MacKay and Peto, A Hierarchical Dirichlet Language Model, 1995, and the occurrence itself left out:
//
//	p(w)     = (c(w) - 1 + 1/2) / tokens
//	p(w|v)   = (c(vw) - 1 + prior p(w)) / (c(v) - 1 + prior)
//	p(w|uv)  = (c(uvw) - 1 + prior p(w|v)) / (c(uv) - 1 + prior)
//
// The -1 asks how likely the text would be had the post not been written in which each token was
// found. For a post of the corpus that is leaving it out; a draft keeps the advantage that its tokens
// come from several posts, each of which saw the others'. So a draft has to be less surprising than
// the post by a head start, which was measured: for thirteen accounts the model was trained on one half of the posts and
// 4,000 drafts were compared with the other by an independent trigram model (perplexity of the drafts over that of the
// account's own posts, 1 is the account). With order 2, a bound of 6 words and the best of 3:
//
//	                    voice   copied          voice   copied
//	English, 6,400      0.98    0.31    German   0.90    0.30
//	English, 5,900      0.93    0.30    Russian  1.00    0.31
//	French, 10,700      1.01    0.37    Italian  0.91    0.25
//	Spanish, 850        1.01    0.33    Spanish  1.18    0.35
//	German, 8,400       0.95    0.31    Korean   1.00    0.22
//	English, 47,500     0.96    0.29    Japanese 0.90    0.27
//	Arabic, 11,900      0.91    0.30
//
// copied is the longest run in common with one post over the length, in words (in Japanese and Korean, characters). Without the head start the first
// account's voice is 1.15, the French one's 1.25. Higher orders copy more and are no nearer (order 3: 0.96 and 0.35, 1.04
// and 0.39), since the bound on copies breaks off what they follow; a best of 4 is nearer to 1 on
// the French account and farther on the first, for a third more time.
const (
	prior      = 4.0  // occurrences that a shorter context is worth
	headStart  = 1.3  // nats by which a draft is to be less surprising than a post that holds no surprise,
	headSlope  = 0.05 // and by how much less for each nat of the post's
	scoreDepth = 3    // tokens: the context of two, and the one that is asked for
	sampled    = 64   // tokens at most of the post that a draft is compared with
	compared   = 512  // posts that drafts are compared with
)

// surprise is the mean of -ln p of the tokens of a trail, in nats.
func (g *Generator) surprise(t *trail) float64 {
	sum := 0.0
	for i := 1; i < len(t.words); i++ {
		sum -= math.Log(g.probability(t.levels[i-1], t.levels[i]))
	}
	return sum / float64(max(len(t.words)-1, 1))
}

// probability is that of a token whose contexts, with it, are level, after the contexts from.
func (g *Generator) probability(from, level []span) float64 {
	p := (float64(g.without(level, 0)) + 0.5) / g.total
	for m := 1; m < scoreDepth && m <= len(from); m++ {
		p = (float64(g.without(level, m)) + prior*p) / (float64(g.without(from, m-1)) + prior)
	}
	return p
}

// without is how often the m-th context occurs, one occurrence left out.
func (g *Generator) without(level []span, m int) int {
	if m >= len(level) {
		return 0
	}
	return max(level[m][:g.trail.drawn].Len()-1, 0)
}

// target is the surprise that a draft is to have: that of one of some posts of the corpus, which
// the seed determines.
func (g *Generator) target() float64 {
	i := g.rng.IntN(len(g.human.known))
	if !g.human.known[i] {
		g.pcg.Seed(g.opt.Seed, ^uint64(i))
		g.human.surprise[i], g.human.known[i] = g.surpriseOf(g.pickSource(g.posts)), true
	}
	post := g.human.surprise[i]
	return post - (headStart - headSlope*post) + g.opt.Weirdness
}

// human is posts of the corpus, to compare drafts with.
type human struct {
	trail    trail
	surprise [compared]float64
	known    [compared]bool // which of them were computed
}

// surpriseOf is the surprise of a post of one model, drawn at random.
func (g *Generator) surpriseOf(source int) float64 {
	m, t := g.trail.models[source], &g.human.trail
	at := m.Place(g.rng.IntN(m.Posts()))
	t.reset(t.mark)
	for range sampled {
		id, next := m.After(at)
		if id == model.Mark {
			break
		}
		if w := t.word(source, id); w.refused == allowed {
			t.push(w, drawing{entry: -1})
		}
		at = next
	}
	return g.surprise(t)
}

// cost is how far the walk that was made is from what is wanted.
func (g *Generator) cost(target float64) float64 {
	return math.Abs(g.surprise(&g.trail) - target)
}
