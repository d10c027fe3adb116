package markov

import (
	"math"

	"horsepipe/pkg/model"
)

// # Surprise
//
// The surprise of a text is the mean of -ln p of its tokens, where p is the
// probability that the corpus gives a token after the one before it, smoothed as in
// MacKay and Peto, A Hierarchical Dirichlet Language Model, 1995, and the occurrence itself left out:
//
//	p(w)   = (c(w) - 1 + 1/2) / tokens
//	p(w|v) = (c(vw) - 1 + prior p(w)) / (c(v) - 1 + prior)
//
// The -1 asks how likely the text would be had the post not been written in which each token was
// found. For a post of the corpus that is leaving it out. A context of two tokens would be a search
// more for each token, and leads hardly nearer to an account: to a mean distance of 0.040 (see steer.go) for 0.041 to 0.047, run by run.
//
// # The choice among candidates
//
// Of Options.BestOf candidates the one is taken whose surprise is nearest to the aim of the draft, see steer.go. One is
// enough: three are less alike, for three times the work, and no nearer to the account (voice 1.04 in the mean, one 0.99).
const (
	prior    = 4.0 // occurrences that the shorter context is worth
	sampled  = 64  // tokens at most of the post that a draft is compared with
	compared = 512 // posts that drafts are compared with
)

// surpriseAt is -ln p of the i-th token of a trail, in nats.
func (g *Generator) surpriseAt(t *trail, i int) float64 {
	both := 0
	if level := t.levels[i]; len(level) > 1 {
		both = level[1].Len()
	}
	return -math.Log(g.probability(t.words[i], t.levels[i-1][0], both))
}

// probability is that of a token after the token whose places are last, where the two stand together so many times.
func (g *Generator) probability(w *word, last span, both int) float64 {
	p := (float64(without(g.trail.count(w))) + 0.5) / g.total
	return (float64(without(both)) + prior*p) / (float64(without(last.Len())) + prior)
}

// without leaves one occurrence out.
func without(n int) int { return max(n-1, 0) }

// newAim is the aim of a draft: beside the surprise of one of some posts of the corpus, which the seed determines.
func (g *Generator) newAim() float64 {
	i := g.rng.IntN(len(g.human.known))
	if !g.human.known[i] {
		g.pcg.Seed(g.opt.Seed, ^uint64(i))
		g.human.surprise[i], g.human.known[i] = g.surpriseOf(g.pickSource(g.posts)), true
	}
	return g.aimFor(g.human.surprise[i])
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
	sum := 0.0
	for i := 1; i < len(t.words); i++ {
		sum += g.surpriseAt(t, i)
	}
	return sum / float64(max(len(t.words)-1, 1))
}

// cost is how far the draft is from its aim.
func (g *Generator) cost() float64 {
	return math.Abs(g.surprise()/float64(max(len(g.steps), 1)) - g.aim)
}
