package markov

import "math"

// # Steering
//
// A walk over short contexts wanders further than its account does: its drafts are more surprising
// than the account's own posts (score.go defines surprise). Always taking the likelier token would
// make a bot of clichés instead. So each draft gets an aim: the surprise of a post of the corpus, drawn
// at random from 512 that the seed determines. That way drafts vary as posts do. Wherever the draft so
// far is more surprising than its aim, or less surprising by more than slack, a rival for the next
// token is drawn from the same context, and the commoner of the two words is taken, or the rarer one.
//
// The effect was measured on twelve accounts. For each, a model was trained on one half of the lines,
// and an independent trigram model compared 2,000 drafts, of order 2, with the other half. voice is the
// perplexity of the drafts over that of the account's own posts: 1 is the account. copied is the longest
// run in common with one post over the length of the draft, in words (in Japanese and Korean,
// characters). The first two columns are the mean of four seeds, with a bound of 8 words on copied
// runs. The others, of one seed each and with a bound of 6, are walks as the first release made them,
// which closed brackets by chance (pairs.go) and went on after what ends posts (ends.go): left alone,
// and the best of three, chosen by a trigram model of its own with a head start that had to be fitted.
//
//	                    steered        alone          best of three
//	                    voice  copied  voice  copied  voice  copied
//	English, 2,300      0.97   0.32    1.03   0.31    0.95   0.29
//	English, 6,400      1.05   0.33    1.09   0.31    0.97   0.31
//	English, 12,600     0.95   0.30    0.97   0.30    0.85   0.29
//	English, 46,800     0.97   0.32    1.05   0.31    0.98   0.29
//	French, 10,700      1.01   0.39    1.33   0.35    1.00   0.37
//	German, 8,000       1.03   0.33    1.09   0.31    0.96   0.31
//	Arabic, 43,400      0.99   0.33    1.08   0.32    0.95   0.31
//	Korean, 13,400      1.00   0.22    1.20   0.22    1.01   0.21
//	Japanese, 6,900     0.94   0.33    1.04   0.34    0.88   0.34
//	Japanese, 9,500     1.03   0.31    1.22   0.31    0.99   0.32
//	Japanese, 17,100    0.99   0.25    1.14   0.26    0.96   0.27
//	Japanese, 29,100    0.99   0.25    1.13   0.26    0.90   0.27
//	mean distance to 1  0.03           0.12           0.05
//
// Another seed makes other drafts and takes other posts for their aims: over four seeds, a voice
// varies by 0.02 (standard deviation). The mean voice of the accounts is 0.99.
//
// Fifteen more accounts, with 2,200 to 35,200 posts, were measured when slack and the bound were
// settled: their mean voice is 0.98, its mean distance to 1 is 0.06, copied 0.30. Three that repeat whole
// sentences have 1.11 to 1.32. These accounts showed what the bound does to a voice:
//
//	                    6 words  8     10      mean distance to 1, or voice
//	twelve accounts     0.04     0.03  0.03
//	fifteen accounts    0.06     0.06  0.05
//	three accounts      1.92     1.13  1.03
//	                    1.32     1.11  1.04
//	                    1.34     1.32  1.31
//
// An order of 2 seldom copies more than six words of a language that is written with spaces, so there a
// bound of 8 changes little. Where characters are words, or where an account repeats itself, a bound of 6
// breaks off runs that belong to nobody. Of the twelve, 8 copies 0.03 more at most, in French; 10 another
// 0.01.
//
// Six accounts had no part in any of this. The mean distance of five, with 400 to 53,200 posts, is 0.05.
// The posts of the sixth, a program, are one sentence with other names; its voice is 1.4, with a bound of
// 6 words 7.3.
//
// What remains of the distance comes from what a corpus does not tell: accounts are judged by their
// duplicates and one-word posts, too, which nobody learns from. Surprise in contexts of two tokens, aims
// that long posts set more often, and a third draw cost time and led no nearer. Higher orders copy more,
// since the bound on copies breaks off the runs that they follow.
//
// Options.Weirdness moves the aim: by half a nat up or down the mean voice is 1.12 or 0.88, by one
// 1.26 or 0.80.
const (
	slack  = 1.0   // nats per token by which a draft may be less surprising than its aim
	nearby = 0.001 // the least aim, since 0 stands for a walk that is left alone
	beyond = 100   // the greatest aim, more than any surprise: the rarest of 10^40 tokens has 92
)

// aimFor returns the aim, in nats per token, for a post of some surprise. It is rounded because it is
// written in recipes.
func (g *Generator) aimFor(surprise float64) float64 {
	aim := math.Round((surprise+g.opt.Weirdness)*1000) / 1000
	return min(max(aim, nearby), beyond)
}

// alone reports whether walks are left alone, as in release 1.0: led to no aim.
func (g *Generator) alone() bool { return g.aim == 0 }

// lead sets the aim of walks. Those that are left alone judge words as release 1.0 did, so all words
// are judged anew when that changes.
func (g *Generator) lead(aim float64) {
	if g.aim = aim; g.alone() == g.former {
		return
	}
	g.former = g.alone()
	g.trail.forget()
	for _, p := range g.pivots {
		for i, s := range p.steps {
			w := g.trail.find(s.text)
			p.steps[i].word, p.steps[i].role = w, w.bracket
		}
	}
}

// steer makes s, the next token, which was drawn from a context, a rival that leads nearer to the aim if
// it finds one.
func (g *Generator) steer(s *step, context span) {
	sum, n := g.surprise(), float64(len(g.steps))
	above, below := sum > g.aim*n, sum < (g.aim-slack)*n
	if g.alone() || !above && !below || s.word == g.trail.mark {
		return
	}
	var rival step
	g.pick(&rival, context, s.order)
	if rival.word == s.word || rival.word == g.trail.mark || rival.refused != allowed {
		return
	}
	if (rival.all.Len() > s.all.Len()) == above && g.allows(&rival) == allowed {
		*s = rival
	}
}

// surprise returns that of the draft so far: the sum over its tokens, in nats.
func (g *Generator) surprise() float64 {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].surprise
	}
	return 0
}
