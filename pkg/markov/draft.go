package markov

import (
	"strings"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// A Draft is a text that obeys all constraints. N, Take and Aim make it again, see [Generator.Replay].
type Draft struct {
	Text string
	N    uint64  // its number under the seed
	Take int     // which candidate it is, from 1 on
	Aim  float64 // the surprise that it was led to, in nats per token
	Runs []Run   // with Options.Trace: what it is made of
}

// patience is how many candidates are tried, for each one wanted, before a draft is given up.
const patience = 150

// Draft makes the n-th draft of the generator's seed. The result does not depend on what drafts were
// made before. Draft returns [ErrNothing] if it finds none, and the damage if a model is damaged.
// Its cost is bounded: it tries at most 150 candidates, of at most 4,096 tokens, for each one wanted.
func (g *Generator) Draft(n uint64) (*Draft, error) {
	return g.draft(n, g.newAim(n))
}

// draft makes the n-th draft, led to an aim.
func (g *Generator) draft(n uint64, aim float64) (*Draft, error) {
	g.lead(aim)
	var best *Draft
	least, found := 0.0, 0
	for take := 1; take <= g.opt.BestOf*patience && found < g.opt.BestOf; take++ {
		d := g.take(n, take)
		if err := g.trail.err(); err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		if cost := g.cost(); best == nil || cost < least {
			best, least = d, cost
		}
		found++
	}
	if best == nil {
		return nil, ErrNothing
	}
	if g.opt.Trace {
		return g.Replay(best.N, best.Take, best.Aim)
	}
	return best, nil
}

// Replay makes a draft again from its number, take and aim. The options must be those it was made
// with, except BestOf, Weirdness, Memory and Trace, which do not matter here. Drafts that were not
// led to an aim, such as those of release 1.0, have the aim 0. Errors are as of [Generator.Draft].
func (g *Generator) Replay(n uint64, take int, aim float64) (*Draft, error) {
	g.lead(aim)
	memory := g.opt.Memory
	g.opt.Memory = nil
	defer func() { g.opt.Memory = memory }()
	d := g.take(n, take)
	if err := g.trail.err(); err != nil {
		return nil, err
	}
	if d == nil {
		return nil, ErrNothing
	}
	if g.opt.Trace {
		d.Runs = g.trace()
	}
	return d, nil
}

// seed sets the random source to the state that belongs to a draft and a take.
func (g *Generator) seed(n uint64, take int) {
	g.pcg.Seed(g.opt.Seed^uint64(take)*0x9e3779b97f4a7c15, n)
}

// take makes one candidate, or returns nil if a rule refuses it.
func (g *Generator) take(n uint64, take int) *Draft {
	g.seed(n, take)
	if !g.walk() {
		return nil
	}
	d := &Draft{Text: joined(g.steps), N: n, Take: take, Aim: g.aim}
	if r := g.allowsText(d.Text); r != allowed {
		g.tally[r]++
		return nil
	}
	return d
}

// joined returns the text of some steps.
func joined(steps []step) string {
	n := 0
	for i := range steps {
		n += len(steps[i].gap) + len(steps[i].text)
	}
	var b strings.Builder
	b.Grow(n)
	for i := range steps {
		if i > 0 {
			b.WriteString(steps[i].gap)
		}
		b.WriteString(steps[i].text)
	}
	return b.String()
}

// allowsText returns the rule that a text breaks as a whole though none of its tokens does, or allowed.
func (g *Generator) allowsText(s string) Rule {
	switch {
	case !g.pivots.hold(g.steps):
		return Absent
	case !g.opt.Links && text.HasLink(s):
		return Link
	case !text.Balanced(s), !quoted(g.steps):
		return Unbalanced
	case g.opt.Count(s) > g.opt.Limit:
		return TooLong
	case !g.reads(s):
		return Impure
	case g.opt.Reject.Len() > 0 && g.opt.Reject.Has(s):
		return Listed
	case g.opt.Memory.Near(s):
		return Said
	case !g.alone() && g.copiesOtherwise(s):
		return Copied
	}
	return allowed
}

// reads reports whether a text is in normal form and splits into the very tokens that it was made
// of. Tokens that never met before may become others where they meet: "@" and a word make a name,
// and an apostrophe joins what comes after it.
func (g *Generator) reads(s string) bool {
	g.text = append(g.text[:0], s...)
	if g.normal = text.AppendNormal(g.normal[:0], g.text); string(g.normal) != s {
		return false
	}
	g.split.Reset(g.text)
	for _, w := range g.trail.words[1:] {
		if _, atom, _ := g.split.Next(); string(atom) != w.text {
			return false
		}
	}
	_, _, more := g.split.Next()
	return !more
}

// judge fills in what the rules need to know of a word.
func (g *Generator) judge(w *word) {
	w.kind = text.KindOf([]byte(w.text))
	w.weight = g.opt.Count(w.text)
	w.clustered = text.Unspaced(firstRune(w.text))
	w.solitary = solitary(w.text) && !(g.former && w.clustered) // release 1.0 did not know clusters
	if w.bracket = bracketOf([]byte(w.text)); g.former && text.Balanced(w.text) {
		w.bracket = bracket{} // release 1.0 did not know this kind
	}
	w.joins = strings.ContainsFunc(w.text, joins)
	w.jamo = isJamo(w.text)
	w.joint = isJoint(w.text)
	w.doubtful = !g.former && partnerOf(w.text) != ""
	switch {
	case g.opt.Reject.HasUnit(w.text), g.former && g.opt.Reject.HasWord(w.text):
		w.refused = Listed
	case !g.opt.Mentions && g.calls(w):
		w.refused = Mention
	case w.kind == text.Cashtag && !g.opt.Cashtags:
		w.refused = Cashtag
	case !g.opt.Links && (w.kind == text.Link || text.HasLink(w.text)):
		w.refused = Link
	case !g.former && strings.ContainsRune(w.text, utf8.RuneError): // where the post has lost a letter
		w.refused = Impure
	}
}

// calls reports whether a word may call people. An @ by itself may, before a word; in a link it doesn't.
func (g *Generator) calls(w *word) bool {
	return w.kind == text.Mention || w.text == "@" || w.text == "＠" || !g.former && text.HasMention(w.text) && !text.HasLink(w.text)
}
