package markov

import (
	"math"

	"horsepipe/pkg/model"
)

// # Surprise
//
// The surprise of a text is the mean of -ln p over its tokens, where p is the probability that the
// corpus gives a token after the one before it. It is smoothed as in MacKay and Peto, A Hierarchical
// Dirichlet Language Model, 1995, and leaves out the occurrence itself:
//
//	p(w)   = (c(w) - 1 + 1/2) / tokens
//	p(w|v) = (c(vw) - 1 + prior p(w)) / (c(v) - 1 + prior)
//
// The -1 asks how likely the text would be if the post in which each token was found had not been
// written. For a post of the corpus this leaves the post out. Contexts of two tokens would cost
// another search for each token, and hardly lead nearer to an account (steer.go).
//
// # The choice among candidates
//
// Of Options.BestOf candidates the one whose surprise is nearest to the aim of the draft is taken. One
// is enough: the best of three are less alike, for three times the work, and no nearer to the account
// (a mean voice of 1.02, against 0.99 with one).
const (
	prior    = 4.0 // how many occurrences the shorter context is worth
	sampled  = 64  // tokens at most that are read of a post for its surprise
	compared = 512 // posts whose surprise may be an aim
)

// surpriseAt returns -ln p of the i-th token of a trail, in nats.
func (g *Generator) surpriseAt(t *trail, i int) float64 {
	both := 0
	if level := t.levels[i]; len(level) > 1 {
		both = level[1].Len()
	}
	return -math.Log(g.probability(t.words[i], t.levels[i-1][0], both))
}

// probability returns p of w after a token whose occurrences are last; both is how often w follows it.
func (g *Generator) probability(w *word, last span, both int) float64 {
	p := (float64(without(w.all.Len())) + 0.5) / g.total
	return (float64(without(both)) + prior*p) / (float64(without(last.Len())) + prior)
}

// without subtracts the occurrence itself from a count.
func without(n int) int { return max(n-1, 0) }

// newAim returns the aim of the n-th draft: near the surprise of one of the posts that the seed
// determines. Drafts that follow each other take these in turn, so that few are as mixed as many.
func (g *Generator) newAim(n uint64) float64 {
	const stride = 197 // has no factor in common with compared, and neighbours begin alike
	i := int((n*stride + g.opt.Seed) % compared)
	if !g.human.known[i] {
		g.pcg.Seed(g.opt.Seed, ^uint64(i))
		g.human.surprise[i], g.human.known[i] = g.surpriseOf(g.pickSource(g.posts), i), true
	}
	return g.aimFor(g.human.surprise[i])
}

// human holds the surprise of posts of the corpus, which drafts take as their aims.
type human struct {
	trail    trail
	surprise [compared]float64
	known    [compared]bool // which of them have been computed
}

// surpriseOf returns the surprise per token of a post of one model, drawn at random from the i-th of
// compared equal parts of its posts. Posts that begin alike are neighbours in a model, so that each part
// stands for another kind of post.
func (g *Generator) surpriseOf(source, i int) float64 {
	m := g.trail.models[source]
	drawn := (float64(i) + g.rng.Float64()) / compared * float64(m.Posts())
	return g.surpriseFrom(source, m.Place(min(int(drawn), m.Posts()-1)))
}

// surpriseFrom returns the surprise per token of the post of a model whose mark stands at a place.
func (g *Generator) surpriseFrom(source, at int) float64 {
	m, t := g.trail.models[source], &g.human.trail
	t.reset()
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

// cost is how far the surprise per token of the draft is from its aim.
func (g *Generator) cost() float64 {
	return math.Abs(g.surprise()/float64(max(len(g.steps), 1)) - g.aim)
}
