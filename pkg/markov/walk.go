package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

const (
	draws     = 4  // draws from a context before a shorter one is tried
	deadEnds  = 16 // dead ends after which a walk is given up
	goBack    = 3  // tokens at most that a walk takes back at a dead end, beside a hashtag
	maxTokens = 4096
)

// walk makes one candidate in g.steps, from the beginning of a post to its end. It reports whether
// it came to an end.
func (g *Generator) walk() bool {
	g.fixed, g.returned, g.ahead, g.way = 0, 0, nil, nil
	if len(g.pivots) == 0 {
		g.begin()
	} else if p := g.firstPivot(); !g.beginAt(p) {
		return false
	} else if !p.right {
		return g.ends()
	}
	var next step // drawn in place, since it is large
	for dead := 0; len(g.steps) < maxTokens; {
		if g.meets() {
			return true
		}
		r := g.draw(&next)
		switch {
		case r == allowed && next.word == g.trail.mark:
			return true
		case r == allowed:
			g.push(&next)
		case r == TooLong:
			return g.turnBack()
		case dead < deadEnds:
			dead++
			least := max(g.tag().tokens, 1) // no part of a hashtag is worth keeping
			g.back(len(g.steps) - least - g.rng.IntN(goBack))
		default:
			g.tally[Stuck]++
			return false
		}
	}
	g.tally[TooLong]++
	return false
}

// turnBack shortens a draft that became too long to the last place where it could have ended: where
// posts of the corpus end after the same tokens. It reports whether there was such a place.
func (g *Generator) turnBack() bool {
	for n := len(g.steps); n > g.fixed; n-- {
		g.back(n)
		contexts := g.trail.last()
		k := min(2, n)
		if len(contexts) >= k && g.trail.ends(contexts[k-1], k) && g.allowsEnd() == allowed && !g.tag().long() {
			return true
		}
	}
	return false
}

// ends reports whether the draft may end here, and counts the refusal if not.
func (g *Generator) ends() bool {
	r := g.allowsEnd()
	if r != allowed {
		g.tally[r]++
	}
	return r == allowed
}

// begin starts a draft at the beginning of a post.
func (g *Generator) begin() {
	g.trail.reset()
	g.steps = g.steps[:0]
}

// back shortens the draft to n tokens, but never to fewer than the fixed ones.
func (g *Generator) back(n int) {
	n = max(n, g.fixed)
	g.steps = g.steps[:n]
	g.trail.cut(n + 1)
}

// push appends a token to the draft, and fills in what follows from the tokens before it.
func (g *Generator) push(s *step) {
	g.trail.push(s.word, s.drawing)
	s.surprise = g.surprise() + g.surpriseAt(&g.trail, len(g.trail.words)-1)
	s.open = g.openAfter(s)
	s.tag = g.tagAfter(s)
	s.length += g.length() + s.weight
	s.units = g.units(s)
	g.steps = append(g.steps, *s)
}

// length returns the length of the draft so far.
func (g *Generator) length() int {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].length
	}
	return 0
}

// open returns the brackets that are open, the innermost last.
func (g *Generator) open() []opening {
	if n := len(g.steps); n > 0 {
		return g.steps[n-1].open
	}
	return nil
}

// draw draws the next token, s, from the longest context that leaves a choice, and from shorter ones if
// the rules refuse all that is drawn there. A bracket that is due to be closed comes first. If
// nothing may follow, draw returns the rule that is to blame: TooLong if it was among those that
// refused, the rule that refused an end if the walk is to go back from it, and otherwise Stuck.
func (g *Generator) draw(s *step) Rule {
	if g.drawClosing(s) {
		return allowed
	}
	if t := g.tag(); t.long() {
		r := g.drawFrom(s, t.places, t.tokens, draws)
		if r == allowed {
			g.steer(s, t.places)
		}
		return r
	}
	contexts := g.trail.last()
	longest := min(g.opt.Order, len(contexts))
	k, least := longest, min(g.vagueLength(), longest-1)
	for ; k > least && !g.trail.branches(contexts[k-1], k); k-- {
		if g.endsHere(contexts[k-1], k) {
			*s = step{word: g.trail.mark}
			return allowed
		}
	}
	if k == least {
		return g.drawFrom(s, contexts[longest-1], longest, 1) // the only way on
	}
	refused := Stuck
	for ; k > 0; k-- {
		switch r := g.drawFrom(s, contexts[k-1], k, draws); r {
		case allowed:
			g.steer(s, contexts[k-1])
			return allowed
		case TooLong:
			refused = r
		case Stuck:
		default:
			return r // an end was refused
		}
	}
	return refused
}

// drawFrom draws s up to n times from one context. If every draw is refused it returns TooLong if that
// was among the reasons, and otherwise Stuck. If an end is refused and the walk should go back from
// there, it returns the rule that refused the end.
func (g *Generator) drawFrom(s *step, context span, k, n int) Rule {
	refused := Stuck
	for range n {
		g.pick(s, context, k)
		r := g.allows(s)
		if r == allowed {
			return allowed
		}
		g.tally[r]++
		if r == TooLong {
			refused = r
		}
		if s.word != g.trail.mark {
			continue
		}
		if g.goesBack() {
			return r
		}
		if context = g.trail.goOn(context, k); context.Len() == 0 {
			break
		}
	}
	return refused
}

// pick draws an occurrence of a context, weighted by model, and makes s the token that follows it.
func (g *Generator) pick(s *step, context span, order int) {
	source, entry := g.occurrence(context)
	m := g.trail.models[source]
	id, place := m.Next(entry, order)
	*s = step{word: g.trail.word(source, id), drawing: drawing{source, entry, order}}
	s.role = s.bracket
	if id != model.Mark && len(g.steps) > 0 {
		s.gap = string(m.Gap(id, place))
		s.length = g.gapLength(s.gap)
	}
	if g.alone() {
		return
	}
	if s.doubtful {
		s.role, s.pair = g.roleAt(source, place, s.word)
	} else if g.opens(s) {
		s.pair = g.pairAt(source, place, s.bracket)
	}
	s.misplaced = g.misplaces(m, place) || g.divides(m, place) || g.dangles(s, m, place) || g.afterJamo() && g.breaksOff(s, m, place) || g.miscounts(source, place)
}

// gapLength returns what a gap adds to the length of a draft.
func (g *Generator) gapLength(gap string) int {
	switch gap {
	case "":
		return 0
	case " ":
		return 1
	}
	return g.opt.Count("x"+gap+"x") - g.opt.Count("xx")
}

// allows returns the rule that refuses s as the next token, or allowed.
func (g *Generator) allows(s *step) Rule {
	if s.word == g.trail.mark {
		switch {
		case s.misplaced, g.halves(s), g.partsLetters(s):
			return Impure
		case g.onlyTags():
			return TooShort
		}
		return g.allowsEnd()
	}
	switch {
	case s.refused != allowed:
		return s.refused
	case g.length()+s.length+s.weight > g.opt.Limit:
		return TooLong
	case g.unbalances(s):
		return Unbalanced
	case s.misplaced, g.item(s), g.partsFace(s), g.halves(s), g.partsLetters(s):
		return Impure
	case g.copies(s):
		return Copied
	}
	return allowed
}

// allowsEnd returns the rule that refuses an end here, or allowed.
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

// item reports whether s completes the letter of a list, such as a). At the beginning of a line that
// is one token and elsewhere two, so the trail would not see what it has in common with posts.
func (g *Generator) item(s *step) bool {
	if n := len(g.steps); s.text == ")" && s.gap == "" && n > 0 {
		last := g.steps[n-1]
		return len(last.text) == 1 && (last.gap != "" || n == 1)
	}
	return len(s.text) == 2 && s.text[1] == ')' && s.kind == text.Word
}

// copies reports whether s would end a run in common with a post that is longer than allowed.
func (g *Generator) copies(s *step) bool {
	now := g.units(s)
	n := len(g.steps)
	for m := g.opt.MaxCopy; m <= n; m++ { // the run of m tokens and s, which has m+1 words at most
		if now-g.unitsBefore(n-m) > g.opt.MaxCopy || m == model.Depth-1 {
			return g.trail.holds(n-m+1, s.word)
		}
	}
	return false
}

// unitsBefore returns the number of words of the draft before its i-th token.
func (g *Generator) unitsBefore(i int) int {
	if i == 0 {
		return 0
	}
	return g.steps[i-1].units
}

// whole reports whether the draft might be a part of a post. Its first and last words may be parts of
// longer words there, so it is enough that all between them stands in one post as it is.
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
		return false // copies has already checked a run as long as this
	}
	return g.trail.holdsAll(g.trail.words[first+1 : last+1])
}

// beginsWord reports whether a word begins with the i-th token.
func (g *Generator) beginsWord(i int) bool { return g.steps[i].begins(&g.steps[i-1]) }
