package markov

import "math"

// # Steering
//
// A walk over short contexts wanders further than its account does: its drafts are more surprising than the
// account's own posts (score.go says how that is measured). Always taking the likelier token would make a bot of clichés
// instead. So for each draft a post of the corpus is drawn at random, one of 512 that the seed determines, and its surprise
// is the aim of the draft: drafts vary as posts do. Wherever the draft is more surprising
// so far, or less by more than slack, a rival is drawn for the next token from the same context, and of the
// two the commoner word is taken, or the rarer one.
//
// What that does was measured: for twelve accounts a model was trained on one half of the lines and 2,000 drafts were
// compared with the other by an independent trigram model (voice: perplexity of the drafts over that of the account's own
// posts, 1 is the account), with order 2 and a bound of 6 words, the mean of four seeds. Beside it are walks as the first release made them, which
// closed brackets by chance (pairs.go) and went on after what ends posts (ends.go): left alone; and the
// best of three of those, as it chose them by a trigram model of its own, with a head start that had to be fitted (one seed each):
//
//	                    steered        alone          best of three
//	                    voice  copied  voice  copied  voice  copied
//	English, 2,300      0.97   0.32    1.03   0.31    0.95   0.29
//	English, 6,400      1.05   0.33    1.09   0.31    0.97   0.31
//	English, 12,600     0.90   0.30    0.97   0.30    0.85   0.29
//	English, 46,800     0.95   0.32    1.05   0.31    0.98   0.29
//	French, 10,700      1.10   0.37    1.33   0.35    1.00   0.37
//	German, 8,000       1.01   0.33    1.09   0.31    0.96   0.31
//	Arabic, 43,700      0.96   0.33    1.08   0.32    0.95   0.31
//	Korean, 13,400      1.03   0.22    1.20   0.22    1.01   0.21
//	Japanese, 6,900     0.95   0.33    1.04   0.34    0.88   0.34
//	Japanese, 9,500     1.07   0.31    1.22   0.31    0.99   0.32
//	Japanese, 17,200    1.05   0.24    1.14   0.26    0.96   0.27
//	Japanese, 29,100    1.02   0.24    1.13   0.26    0.90   0.27
//	mean distance to 1  0.05           0.12           0.05
//
// The models of the first two columns were learned without what package corpus takes off the ends of posts, signs that point at links and the words of
// others; those of the other four with it, as then. With it, steered drafts have a mean distance of 0.04.
//
// Another seed makes other drafts and takes other posts for their aims: over four seeds a voice varies by 0.02 (standard deviation). The
// mean of the accounts is 1.00; a slack of 1 leads to 1.02, 1.5 to 0.98 (two seeds).
//
// copied is the longest run in common with one post over the length, in words (in Japanese and Korean,
// characters). So one walk does what three did. Before there were pairs, comparing the two tokens by their context instead of by themselves
// led hardly nearer and cost a search for each; and no nearer led a third draw (tried with a trigram's surprise), or an aim that was a
// multiple of the post's. Higher orders copy more, since the bound on copies breaks off what they follow.
//
// Options.Weirdness moves the aim: by half a nat the voice is 1.12 or 0.90 in the mean, by one 1.25 or 0.81.
const (
	slack  = 1.2   // nats by which a draft may be less surprising than its aim
	nearby = 0.001 // the least aim: 0 stands for a walk that is left alone
	beyond = 100   // the greatest, more than any surprise: the rarest of 10^40 tokens has 92
)

// aimFor is the aim of drafts beside a post of that surprise, in nats a token. It is rounded, to be written in a recipe.
func (g *Generator) aimFor(surprise float64) float64 {
	aim := math.Round((surprise+g.opt.Weirdness)*1000) / 1000
	return min(max(aim, nearby), beyond)
}

// alone tells whether the walk is led nowhere, as those of release 1.0.
func (g *Generator) alone() bool { return g.aim == 0 }

// lead leads walks to an aim. To those that are left alone words are what they were to release 1.0.
func (g *Generator) lead(aim float64) {
	if g.aim = aim; g.alone() == g.former {
		return
	}
	g.former = g.alone()
	g.trail.forget()
	for _, p := range g.pivots {
		for i, s := range p.steps {
			p.steps[i].word = g.trail.find(s.text)
		}
	}
}

// steer returns the next token: s, which was drawn from a context, or a rival that leads nearer to the aim.
func (g *Generator) steer(s step, context span) step {
	sum, n := g.surprise(), float64(len(g.steps))
	above, below := sum > g.aim*n, sum < (g.aim-slack)*n
	if g.alone() || !above && !below || s.word == g.trail.mark {
		return s
	}
	rival := g.pick(context, s.order)
	if rival.word == s.word || rival.word == g.trail.mark || rival.refused != allowed {
		return s
	}
	if (g.trail.count(rival.word) > g.trail.count(s.word)) == above && g.allows(&rival) == allowed {
		return rival
	}
	return s
}

// surprise is the draft's, as far as it goes: the sum over its tokens, in nats.
func (g *Generator) surprise() float64 {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].surprise
	}
	return 0
}
