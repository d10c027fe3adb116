package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

const (
	draws     = 4  // occurrences drawn from a context before a shorter one is tried
	deadEnds  = 16 // of one walk, before it is given up
	goBack    = 3  // tokens that a walk goes back at most from a dead end
	maxTokens = 4096
)

// walk makes one candidate, from the beginning of a post to its end, in
// g.steps. It tells whether it came to an end.
func (g *Generator) walk() bool {
	g.fixed, g.returned, g.ahead, g.way = 0, 0, nil, nil
	if len(g.pivots) == 0 {
		g.begin()
	} else if p := g.firstPivot(); !g.beginAt(p) {
		return false
	} else if !p.right {
		return g.ends()
	}
	for dead := 0; len(g.steps) < maxTokens; {
		if g.meets() {
			return true
		}
		next, r := g.draw()
		switch {
		case r == allowed && next.word == g.trail.mark:
			return true
		case r == allowed:
			g.push(next)
		case r == TooLong:
			return g.turnBack()
		case dead < deadEnds:
			dead++
			g.back(len(g.steps) - 1 - g.rng.IntN(goBack))
		default:
			g.tally[Stuck]++
			return false
		}
	}
	g.tally[TooLong]++
	return false
}

// turnBack ends a draft that became too long where it could have ended last: after tokens
// after which posts of the corpus end too. It tells whether there was such a place.
func (g *Generator) turnBack() bool {
	for n := len(g.steps); n > g.fixed; n-- {
		g.back(n)
		contexts := g.trail.last()
		k := min(2, n)
		if len(contexts) >= k && g.trail.ends(contexts[k-1], k) && g.allowsEnd() == allowed {
			return true
		}
	}
	return false
}

// ends tells whether the draft may end here.
func (g *Generator) ends() bool {
	r := g.allowsEnd()
	if r != allowed {
		g.tally[r]++
	}
	return r == allowed
}

// begin goes to the beginning of a post.
func (g *Generator) begin() {
	g.trail.reset(g.trail.mark)
	g.steps = g.steps[:0]
}

// back leaves only the first n tokens.
func (g *Generator) back(n int) {
	n = max(n, g.fixed)
	g.steps = g.steps[:n]
	g.trail.cut(n + 1)
}

// push appends a token to the draft.
func (g *Generator) push(s step) {
	g.trail.push(s.word, s.drawing)
	s.surprise = g.surprise() + g.surpriseAt(&g.trail, len(g.trail.words)-1)
	s.open = g.openAfter(&s)
	s.length += g.length() + s.weight
	s.units = g.units(&s)
	g.steps = append(g.steps, s)
}

// length is the draft's, as far as it goes.
func (g *Generator) length() int {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].length
	}
	return 0
}

// open is the brackets that are open, the innermost last.
func (g *Generator) open() []opening {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].open
	}
	return nil
}

// units is the number of words of the draft if s came next.
func (g *Generator) units(s *step) int {
	n := len(g.steps)
	switch {
	case n == 0:
		return s.apart
	case s.gap != "" || g.steps[n-1].spread:
		return g.steps[n-1].units + s.apart
	}
	return g.steps[n-1].units + s.joined
}

// draw draws the next token from the longest context that leaves a choice. If the rules refuse all
// that is drawn there, shorter ones follow. Where nothing may follow it returns a rule that
// refused: TooLong, if that was among them. What closes a bracket comes before all of that, when it is due.
func (g *Generator) draw() (s step, r Rule) {
	if s, ok := g.drawClosing(); ok {
		return s, allowed
	}
	contexts := g.trail.last()
	longest := min(g.opt.Order, len(contexts))
	k, least := longest, min(g.tooShort(), longest-1)
	for ; k > least && !g.trail.branches(contexts[k-1], k); k-- {
		if g.endsHere(contexts[k-1], k) {
			return step{word: g.trail.mark}, allowed
		}
	}
	if k == least {
		return g.drawFrom(contexts[longest-1], longest, 1) // the only way on
	}
	refused := Stuck
	for ; k > 0; k-- {
		switch s, r = g.drawFrom(contexts[k-1], k, draws); r {
		case allowed:
			return g.steer(s, contexts[k-1]), r
		case TooLong:
			refused = r
		case Stuck:
		default:
			return s, r // an end
		}
	}
	return step{}, refused
}

// drawFrom draws up to n times from one context. Where all of that is refused it tells TooLong, if that was among the reasons, or Stuck; or
// what refused an end for which the walk should go back.
func (g *Generator) drawFrom(context span, k, n int) (s step, r Rule) {
	refused := Stuck
	for range n {
		s := g.pick(context, k)
		r := g.allows(&s)
		if r == allowed {
			return s, allowed
		}
		g.tally[r]++
		if r == TooLong {
			refused = r
		}
		if s.word != g.trail.mark {
			continue
		}
		if g.goesBack() {
			return step{}, r
		}
		if context = g.trail.goOn(context, k); context.Len() == 0 {
			break
		}
	}
	return step{}, refused
}

// pick draws an occurrence of a context, each with the weight of its model.
func (g *Generator) pick(context span, order int) step {
	source, entry := g.occurrence(context)
	m := g.trail.models[source]
	id, place := m.Next(entry, order)
	s := step{word: g.trail.word(source, id), drawing: drawing{source, entry, order}}
	if id != model.Mark && len(g.steps) > 0 {
		s.gap = string(m.Gap(id, place))
		s.length = g.gapLength(s.gap)
	}
	if g.alone() {
		return s
	}
	if g.opens(&s) {
		s.pair = g.pairAt(source, place, s.bracket)
	}
	s.misplaced = g.misplaces(m, place)
	return s
}

// gapLength is what a gap adds to the length of a draft.
func (g *Generator) gapLength(gap string) int {
	switch gap {
	case "":
		return 0
	case " ":
		return 1
	}
	return g.opt.Count("x"+gap+"x") - g.opt.Count("xx")
}

func (g *Generator) pickSource(context span) int {
	if len(context) == 1 {
		return 0
	}
	total := 0.0
	for i, iv := range context {
		total += float64(iv.Len()) * g.weight[i]
	}
	at, last := g.rng.Float64()*total, 0
	for i, iv := range context {
		if iv.Len() > 0 {
			last = i
			if at -= float64(iv.Len()) * g.weight[i]; at < 0 {
				break
			}
		}
	}
	return last
}

// allows is the rule that refuses s as the next token, or 0.
func (g *Generator) allows(s *step) Rule {
	if s.word == g.trail.mark {
		return g.allowsEnd()
	}
	switch {
	case s.refused != allowed:
		return s.refused
	case g.length()+s.length+s.weight > g.opt.Limit:
		return TooLong
	case g.unbalances(s):
		return Unbalanced
	case s.misplaced, g.item(s):
		return Impure
	case g.copies(s):
		return Copied
	}
	return allowed
}

// afterQuote tells whether the last token is a straight quote.
func (g *Generator) afterQuote() bool {
	n := len(g.steps)
	return n > 0 && g.steps[n-1].bracket.rune == '"'
}

// inQuote tells whether a straight quote is the innermost thing open.
func (g *Generator) inQuote() bool {
	open := g.open()
	return len(open) > 0 && open[len(open)-1].closers == `"`
}

// allowsEnd is the rule that refuses an end here, or 0.
func (g *Generator) allowsEnd() Rule {
	n := len(g.steps)
	switch {
	case len(g.open()) > 0:
		return Unbalanced
	case n == 0 || g.steps[n-1].units < g.opt.MinWords:
		return TooShort
	case len(g.way) > 0:
		return Absent
	case g.whole():
		return Whole
	}
	return allowed
}

// item tells whether s makes the number of a list of a letter, such as a). That is one token at the beginning of a line
// and two elsewhere, so that the trail would not see what it has in common with posts.
func (g *Generator) item(s *step) bool {
	if n := len(g.steps); s.text == ")" && s.gap == "" && n > 0 {
		last := g.steps[n-1]
		return len(last.text) == 1 && (last.gap != "" || n == 1)
	}
	return len(s.text) == 2 && s.text[1] == ')' && s.kind == text.Word
}

// copies tells whether with s the draft would end in a run in common with a
// post that is longer than allowed.
func (g *Generator) copies(s *step) bool {
	now := g.units(s)
	n := len(g.steps)
	for m := 1; m <= n; m++ { // the run of m tokens and s
		if now-g.unitsBefore(n-m) > g.opt.MaxCopy || m == model.Depth-1 {
			return g.trail.holds(n-m+1, s.word, s.drawing)
		}
	}
	return false
}

// unitsBefore is the number of words of the draft before its i-th token.
func (g *Generator) unitsBefore(i int) int {
	if i == 0 {
		return 0
	}
	return g.steps[i-1].units
}

// whole tells whether the draft might be a part of a post: it is if what stands between its first word and its last one
// stands together in one, since those two may be parts of longer words there.
func (g *Generator) whole() bool {
	n := len(g.steps)
	first, last := 1, n-1
	for first < n && !g.beginsWord(first) {
		first++
	}
	for last > 0 && !g.beginsWord(last) {
		last--
	}
	if last <= first {
		return true
	}
	if last-first >= model.Depth || g.unitsBefore(last)-g.unitsBefore(first) > g.opt.MaxCopy {
		return false // the bound on copies has seen to that
	}
	return g.trail.holdsAll(g.trail.words[first+1 : last+1])
}

// beginsWord tells whether a word begins with the i-th token.
func (g *Generator) beginsWord(i int) bool {
	s := g.steps[i]
	return s.gap != "" || g.steps[i-1].spread || s.apart == s.joined
}
