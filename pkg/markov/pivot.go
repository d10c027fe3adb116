package markov

import (
	"fmt"
	"slices"
	"strings"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A walk begins at a wanted text (Options.Start, Contain, End). It grows from there to the left, by
// the tokens before the occurrences of its first tokens, and then to the right as any walk does. So no
// draft is thrown away for want of a word. (MegaHAL, Hutchens 1998, grew to both sides by two tables;
// here one suffix array serves both.)

// AbsentError says that a wanted text cannot be had: a word of it is not in the corpus (Rule is
// [Absent]), or another rule refuses it.
type AbsentError struct {
	Word string
	Rule Rule
}

func (e *AbsentError) Error() string {
	if e.Rule == Absent {
		return fmt.Sprintf("%q is not in the corpus", e.Word)
	}
	return fmt.Sprintf("%q is refused: %s", e.Word, e.Rule)
}

// pivot is the tokens of a wanted text, from which a walk grows.
type pivot struct {
	steps       []step
	left, right bool // to which sides it grows
}

// pivots are the wanted texts in the order in which they stand in a draft. Walks grow from the first to
// the others (bridge.go).
type pivots []*pivot

// newPivots finds the texts that the options want a draft to begin with, contain and end with.
func (g *Generator) newPivots() (ps pivots, err error) {
	for _, want := range []struct {
		text        string
		left, right bool
	}{{g.opt.Start, false, true}, {g.opt.Contain, true, true}, {g.opt.End, true, false}} {
		if want.text == "" {
			continue
		}
		p := &pivot{left: want.left, right: want.right}
		if p.steps, err = g.spell(want.text); err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// spell finds the tokens of a wanted text in the corpora.
func (g *Generator) spell(s string) ([]step, error) {
	var steps []step
	for _, t := range text.SplitUnits(s) {
		w := g.spelled(t.Text)
		if w == nil {
			return nil, &AbsentError{t.Text, Absent}
		}
		if w.refused != allowed {
			return nil, &AbsentError{t.Text, w.refused}
		}
		steps = append(steps, step{word: w, gap: t.Gap, length: g.gapLength(t.Gap), drawing: drawing{entry: -1}, role: w.bracket})
	}
	if len(steps) == 0 {
		return nil, &AbsentError{s, Absent}
	}
	return steps, nil
}

// hold reports whether a draft has all that is wanted.
func (ps pivots) hold(steps []step) bool {
	for _, p := range ps {
		if !p.in(steps) {
			return false
		}
	}
	return true
}

// in reports whether the tokens stand in a draft where they are wanted.
func (p *pivot) in(steps []step) bool {
	last := len(steps) - len(p.steps)
	for at := 0; at <= last; at++ {
		fits := (p.left || at == 0) && (p.right || at == last)
		for i := 0; fits && i < len(p.steps); i++ {
			fits = steps[at+i].same(p.steps[i].word)
		}
		if fits {
			return true
		}
	}
	return false
}

// spelled returns the word of the corpora for s, in the first spelling that they have, or nil.
func (g *Generator) spelled(s string) *word {
	for _, form := range spellings(s) {
		if w := g.trail.find(form); w.all.Len() > 0 {
			return w
		}
	}
	return nil
}

// spellings returns a word as it is, in lower case, capitalised and in capitals; some may be the same.
func spellings(s string) []string {
	low := strings.ToLower(s)
	r := []rune(low)
	return []string{s, low, strings.ToUpper(string(r[:1])) + string(r[1:]), strings.ToUpper(s)}
}

// firstPivot returns where walks begin. Walks that are left alone begin at a text that grows to the
// left, and meet the others by luck.
func (g *Generator) firstPivot() *pivot {
	if i := slices.IndexFunc(g.pivots, func(p *pivot) bool { return p.left }); g.alone() && i > 0 {
		return g.pivots[i]
	}
	return g.pivots[0]
}

// beginAt begins the draft with the tokens of a pivot, grown to the left. It reports whether the rules
// allow that.
func (g *Generator) beginAt(p *pivot) bool {
	steps := p.steps
	if p.left {
		var ok bool
		if steps, ok = g.growLeft(steps, p.right); !ok {
			return false
		}
	}
	g.begin()
	if !g.follow(steps) {
		return false
	}
	g.fixed = len(g.steps)
	if !g.alone() {
		g.lookAhead(g.pivots[1:])
	}
	return true
}

// follow appends tokens that were grown to the left to the draft, until the rules refuse one. It
// reports whether they allow all.
func (g *Generator) follow(steps []step) bool {
	for i, s := range steps {
		switch {
		case g.alone():
		case s.doubtful:
			s.role, s.pair = g.someRole(s, steps[i:])
		case g.opens(&s):
			s.pair = g.somePair(s.word)
		}
		if r := g.allows(&s); r != allowed {
			g.tally[r]++
			return false
		}
		g.push(&s)
	}
	return true
}

// growLeft draws tokens before steps until a post begins. It takes at most half of the length if the
// walk goes on to the right.
func (g *Generator) growLeft(steps []step, right bool) ([]step, bool) {
	limit, length := g.opt.Limit, 0
	if right {
		limit /= 2
	}
	grown := slices.Clone(steps)
	slices.Reverse(grown) // the first token is the last element
	if first := &grown[len(grown)-1]; !g.alone() && first.doubtful && partnerOf(first.text) == first.text {
		first.role = g.wantedRole(*first, steps)
	}
	chain := g.chain(grown)
	for len(grown) < maxTokens {
		s, ok := step{word: g.trail.mark}, true
		if !right || !g.beginsHere(chain) {
			s, ok = g.drawLeft(grown, chain, limit-length)
		}
		if !ok {
			g.tally[Stuck]++
			return nil, false
		}
		if s.word == g.trail.mark {
			slices.Reverse(grown)
			return grown, true
		}
		first := &grown[len(grown)-1]
		first.gap = string(g.trail.models[s.source].Gap(first.ids[s.source], s.after))
		first.length = g.gapLength(first.gap)
		length += first.length + s.weight
		grown = append(grown, s)
		chain = g.chain(grown)
	}
	g.tally[TooLong]++
	return nil, false
}

// chain returns the contexts that begin at the last element of grown and go on to the right (towards
// its head), one for each length that the corpora hold.
func (g *Generator) chain(grown []step) []span {
	var chain []span
	for i := len(grown) - 1; i >= 0 && len(chain) < model.Depth-1; i-- {
		s := make(span, len(g.trail.models))
		found := false
		for j, m := range g.trail.models {
			all := grown[i].all[j]
			switch {
			case len(chain) == 0:
				s[j] = all
			case all.Len() > 0 && chain[len(chain)-1][j].Len() > 0:
				s[j] = m.NarrowTo(chain[len(chain)-1][j], len(chain), grown[i].ids[j], all.Len())
			}
			found = found || s[j].Len() > 0
		}
		if !found {
			break
		}
		chain = append(chain, s)
	}
	return chain
}

// drawLeft draws the token before the longest context that leaves a choice, or before a shorter one if
// the rules refuse all that is drawn.
func (g *Generator) drawLeft(grown []step, chain []span, room int) (step, bool) {
	k, least := min(g.opt.Order, len(chain)), 1
	if n := len(grown); n > 1 && grown[n-1].joint && grown[n-2].gap == "" && !g.alone() {
		least = min(2, k)
	}
	for k > least && !g.branchesLeft(chain[k-1]) {
		k--
	}
	for ; k >= least; k-- {
		for range draws {
			s := g.pickLeft(chain[k-1])
			r := g.allowsLeft(s, grown, room)
			if r == allowed {
				return s, true
			}
			g.tally[r]++
		}
	}
	return step{}, false
}

// pickLeft draws an occurrence of a context and returns the token before it. The white space between
// the two will be that of this occurrence.
func (g *Generator) pickLeft(context span) step {
	source, entry := g.occurrence(context)
	m := g.trail.models[source]
	at := m.Place(entry)
	id, place := m.Before(at)
	s := step{word: g.trail.word(source, id), drawing: drawing{source: source, entry: -1}, after: at}
	if s.role = s.bracket; s.doubtful {
		s.role, _ = g.roleAt(source, place, s.word)
	}
	return s
}

// glances is how many entries of an interval are looked at for what stands before a context. With three,
// as in release 1.0, walks took a shorter context than they could: in Korean, Japanese and French, what
// comes before the word of an answer had a perplexity that was a tenth higher. 64 hardly change it.
const glances = 16

// branchesLeft reports whether different tokens stand before a context. The array is not sorted by what
// comes before, so only some entries of each interval are looked at.
func (g *Generator) branchesLeft(s span) bool {
	var only *word
	for source, iv := range s {
		if iv.Len() == 0 {
			continue
		}
		m, n := g.trail.models[source], min(glances, iv.Len())
		if g.alone() {
			n = 3
		}
		for i := range n {
			e := min(iv.Lo+i*iv.Len()/max(n-1, 1), iv.Hi-1)
			id, _ := m.Before(m.Place(e))
			w := g.trail.word(source, id)
			if only != nil && !only.same(w) {
				return true
			}
			only = w
		}
	}
	return false
}

// allowsLeft returns the rule that refuses s before the tokens of grown, or allowed. It refuses every
// bracket, since only the walk to the right makes pairs of them.
func (g *Generator) allowsLeft(s step, grown []step, room int) Rule {
	switch {
	case s.word == g.trail.mark:
		return allowed
	case s.refused != allowed:
		return s.refused
	case s.weight+1 > room:
		return TooLong
	case s.role.rune != 0 && !s.role.lone, g.joinsLeft(s, grown[len(grown)-1]):
		return Unbalanced
	case g.tagsLeft(s, grown):
		return Impure
	case g.copiesLeft(s, grown):
		return Copied
	}
	return allowed
}

// copiesLeft reports whether s and what follows it would be too long a run in common with a post. It
// counts each token as a word, since the white space before s is not known yet.
func (g *Generator) copiesLeft(s step, grown []step) bool {
	n := g.opt.MaxCopy + 1
	if len(grown)+1 < n {
		return false
	}
	run := append(slices.Clone(grown[len(grown)+1-n:]), s) // not all: a draft may have thousands of tokens
	return len(g.chain(run)) >= n || g.knowsLeft(run)
}

// knowsLeft reports whether a run, its last token first, may stand in a post that is only known.
func (g *Generator) knowsLeft(run []step) bool {
	words := make([]*word, len(run))
	for i, s := range run {
		words[len(run)-1-i] = s.word
	}
	return g.trail.knows(words)
}
