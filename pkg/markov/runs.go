package markov

import (
	"cmp"
	"slices"

	"horsepipe/pkg/model"
)

// # Runs in common with posts
//
// For each token a walk asks whether a long run of the draft stands in a corpus, and nearly always it
// does not. What proves that is a part of the run: from its rarest pair of tokens, whose places the
// trail knows, to its end. The text is read at these places or, if they are many, the array is searched.
// No run that contains a part which stands nowhere can stand anywhere, so the next few questions are
// often answered without a look at the corpus (the idea of Boyer, Moore, A Fast String Searching
// Algorithm, CACM 1977). That is why a trail need not know the intervals of long contexts.
//
// Beginning with the last tokens instead, which answers more questions to come, took a tenth more reads,
// and of a model of 1.8 GB 1.4 to 2.5 times as many for a first draft.

// few is how many places are compared by reading the text there; more are searched in the array.
const few = 4

// leastDepth is the least length up to which a trail knows the contexts at each token.
const leastDepth = 2

// guard remembers which runs of a draft stand nowhere in one model, or in posts that are only known.
type guard struct {
	absent  []int // absent[i]: a run that begins with token absent[i] and ends with the i-th or before stands nowhere
	pending int   // the same for the token that was last asked about, if it comes next
}

// push follows the trail to its i-th token; asked tells whether it is the one last asked about.
func (g *guard) push(i int, asked bool) {
	last := 0
	if i > 0 {
		last = g.absent[i-1]
	}
	if asked {
		last = max(last, g.pending)
	}
	g.absent = append(g.absent[:i], last)
}

// note records that some run from token first to the last one or before stands nowhere.
func (g *guard) note(first int) {
	last := &g.absent[len(g.absent)-1]
	*last = max(*last, first)
}

// holds reports whether the run from token first to the end of the trail, followed by w, stands in
// any model or may stand in a post that is only known.
func (t *trail) holds(first int, w *word) bool {
	return t.learned(first, w) || len(t.known) > 0 && t.holdsKnown(first, w)
}

// learned reports whether the run from token first to the end of the trail, followed by w, stands in any
// model.
func (t *trail) learned(first int, w *word) bool {
	t.asked = w
	for i := range t.guards {
		t.guards[i].pending = 0
	}
	for i := range t.models {
		if t.holdsIn(i, first, w) {
			return true
		}
	}
	return false
}

// absent reports whether it is known that the run from token first to token last stands nowhere.
func (t *trail) absent(first, last int) bool {
	return !slices.ContainsFunc(t.guards, func(g guard) bool { return g.absent[last] < first })
}

// toLearn reports whether a run from token first to beyond the last one might stand somewhere: it
// cannot if a part of it is known to stand nowhere.
func (g *guard) toLearn(first, last int) bool {
	g.absent = g.absent[:last+1]
	return g.absent[last] < first
}

// holdsIn answers holds for one model.
func (t *trail) holdsIn(i, first int, w *word) (stands bool) {
	g, last := &t.guards[i], len(t.words)-1
	switch {
	case !g.toLearn(first, last):
		return false
	case w.ids[i] == absent:
		g.pending = last + 1
		return false
	}
	p := t.rarest(i, first)
	if p.places.Len() > few {
		p = t.seek(i, p, w)
	}
	if p.places.Len() > few && p.first > first {
		p = t.seek(i, t.pair(i, first+1), w) // the whole run
	}
	switch {
	case p.places.Len() == 0 && p.last < len(t.words):
		g.note(p.first)
		return false
	case p.places.Len() == 0:
		g.pending = p.first
		return false
	case p.first == first && p.last == len(t.words):
		return true
	}
	stands, g.pending = t.compare(i, first, p, w)
	return stands
}

// holdsKnown reports whether the run, followed by w, may stand in a post that is only known.
func (t *trail) holdsKnown(first int, w *word) bool {
	run := append(t.tokens[first:len(t.words)], w.known)
	for i, k := range t.known {
		g := &t.guards[len(t.models)+i]
		if !g.toLearn(first, len(t.words)-1) {
			continue
		}
		from, absent := k.Absent(run)
		if !absent {
			return true
		}
		g.pending = first + from
	}
	return false
}

// A part of a run: its tokens from first to last, and the places where they stand together in a model.
type part struct {
	first, last int
	places      model.Interval
}

// rarest returns the pair of tokens of a run that stands at the fewest places; of several, the last.
func (t *trail) rarest(i, first int) part {
	last := len(t.words) - 1
	if first == last {
		return part{last, last, t.words[last].all[i]}
	}
	rarest := t.pair(i, last)
	for at := last - 1; at > first; at-- {
		if p := t.pair(i, at); p.places.Len() < rarest.places.Len() {
			rarest = p
		}
	}
	return rarest
}

// pair returns the pair of tokens that ends with token last. The trail knows its places.
func (t *trail) pair(i, last int) part {
	p := part{first: last - 1, last: last}
	if contexts := t.levels[last]; len(contexts) > 1 {
		p.places = contexts[1][i]
	}
	return p
}

// seek adds to a part the tokens after it, up to the end of the trail, and then w. Of the places where
// that stands it returns no more than few and one. If it stands nowhere, the part that is returned ends
// with the first token that no place has.
func (t *trail) seek(i int, p part, w *word) part {
	lo, hi, end := p.places.Lo, p.places.Hi, p.last
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		order, at := t.order(i, mid, p, w)
		if end = max(end, at); order < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	p.places.Hi = min(p.places.Hi, lo+few+1)
	for hi = lo; hi < p.places.Hi; hi++ {
		order, at := t.order(i, hi, p, w)
		if end = max(end, at); order != 0 {
			break
		}
	}
	return part{p.first, end, model.Interval{Lo: lo, Hi: hi}}
}

// order compares what follows a part at an entry with what follows it on the trail, and then with w. It
// returns the sign of the difference and the token where they differ, or 0 and that of w.
func (t *trail) order(i, entry int, p part, w *word) (sign, at int) {
	m := t.models[i]
	_, place := m.Next(entry, p.last-p.first)
	for at = p.last + 1; ; at++ {
		want := w.ids[i]
		if at < len(t.words) {
			want = t.words[at].ids[i]
		}
		var id int
		if id, place = m.After(place); id != want || at == len(t.words) {
			return cmp.Compare(id, want), at
		}
	}
}

// compare reads the text at the places of a part. It reports whether the run from token first to the
// end of the trail, followed by w, stands at one of them. If not, its end from token begin on,
// followed by w, stands nowhere either; otherwise begin is 0.
func (t *trail) compare(i, first int, p part, w *word) (stands bool, begin int) {
	m := t.models[i]
	begin = p.first
	for e := p.places.Lo; e < p.places.Hi; e++ {
		place := m.Place(e)
		if p.last < len(t.words) && !t.goesOn(i, place, p, w) {
			continue
		}
		at := p.first - 1
		for ; at >= first; at-- {
			var id int
			if id, place = m.Before(place); id != t.words[at].ids[i] {
				break
			}
		}
		if at < first {
			return true, 0
		}
		begin = min(begin, at)
	}
	return false, begin
}

// goesOn reports whether a post that has the part at a place goes on like the trail, and then with w.
func (t *trail) goesOn(i, place int, p part, w *word) bool {
	m, id := t.models[i], 0
	for at := p.first + 1; at <= len(t.words); at++ {
		switch id, place = m.After(place); {
		case at <= p.last:
		case at < len(t.words) && id != t.words[at].ids[i], at == len(t.words) && id != w.ids[i]:
			return false
		}
	}
	return true
}

// interval returns where a run stands in a model.
func (t *trail) interval(i int, run []*word) model.Interval {
	iv := run[0].all[i]
	for n := 1; n < len(run) && iv.Len() > 0; n++ {
		iv = t.next(i, iv, n, run[n])
	}
	return iv
}

// next returns the part of a context's interval in one model after which w comes next.
func (t *trail) next(i int, iv model.Interval, length int, w *word) model.Interval {
	if w.all[i].Len() == 0 || iv.Len() == 0 {
		return model.Interval{}
	}
	return t.memos[i].narrow(iv, length, w.ids[i], -1, w.all[i].Len())
}

// holdsAll reports whether a run stands in any model or may stand in a post that is only known.
func (t *trail) holdsAll(run []*word) bool {
	for i := range t.models {
		if t.interval(i, run).Len() > 0 {
			return true
		}
	}
	return t.knows(run)
}

// knows reports whether a run may stand in a post that is only known.
func (t *trail) knows(run []*word) bool {
	t.run = t.run[:0]
	for _, w := range run {
		t.run = append(t.run, w.known)
	}
	for _, k := range t.known {
		if _, absent := k.Absent(t.run); !absent {
			return true
		}
	}
	return false
}

// err returns the first damage met in any model.
func (t *trail) err() error {
	for _, k := range t.known {
		if err := k.Err(); err != nil {
			return err
		}
	}
	return t.lexicon.err()
}
