package markov

import (
	"math/bits"

	"horsepipe/pkg/model"
)

// # Runs in common with posts
//
// Whether a long run of a draft stands in a corpus is asked for each token, and nearly always it does not. What shows that
// is mostly a shorter run near its end that stands nowhere; and then no run that holds this one stands anywhere, so that the next few
// questions need no look at the corpus at all (the idea of Boyer, Moore, A Fast String Searching Algorithm, CACM 1977). That is
// why the intervals of long contexts need not be known at each token.

// few is the number of places at which the text itself is compared; where there are more the array is searched.
const few = 8

// leastDepth is the length of the contexts that are known at each token, at least.
const leastDepth = 2

// guard knows, of one model or of posts that are only known, what runs of a draft do not stand there.
type guard struct {
	absent  []int // absent[i]: a run that begins there, with the absent[i]-th token, and ends with the i-th or before stands nowhere
	pending int   // the same for the token that was asked for last, if it comes next

	narrowed part   // of a run that ends with the last token
	of       [2]int // the first and the last token of that run; 0 if there is none
}

// push follows the trail to its i-th token, which was asked for or not.
func (g *guard) push(i int, asked bool) {
	last := 0
	if i > 0 {
		last = g.absent[i-1]
	}
	if asked {
		last = max(last, g.pending)
	}
	g.absent, g.of = append(g.absent[:i], last), [2]int{}
}

// note notes that a run that begins with token first and ends with the last one stands nowhere.
func (g *guard) note(first int) {
	last := &g.absent[len(g.absent)-1]
	*last = max(*last, first)
}

// holds tells whether the run from token first of the trail to its end, and w after it, stands in any model.
func (t *trail) holds(first int, w *word, from drawing) bool {
	t.asked = w
	for i := range t.guards {
		t.guards[i].pending = 0
	}
	for i := range t.models {
		if t.holdsIn(i, first, w, from) {
			return true
		}
	}
	return len(t.known) > 0 && t.holdsKnown(first, w)
}

// toLearn tells whether anything is to be learned of a run from token first to the end and a token after it: not if it was learned
// already that it stands nowhere.
func (g *guard) toLearn(first, last int) bool {
	g.absent = g.absent[:last+1]
	return g.absent[last] < first
}

// holdsIn tells of one model whether it holds a run. The end of it and w are looked for first: mostly they stand nowhere, or at few places. Else
// the run is, without w.
func (t *trail) holdsIn(i, first int, w *word, from drawing) bool {
	g, last := &t.guards[i], len(t.words)-1
	switch {
	case !g.toLearn(first, last):
		return false
	case w.ids[i] == absent:
		g.pending = last + 1
		return false
	}
	p := t.tail(i, first)
	if p.places.Len() == 0 {
		g.note(p.first)
		return false
	}
	entry := -1
	if i == from.source && p.tokens() == from.order {
		entry = from.entry
	}
	if p = t.extend(i, p, w, entry); p.places.Len() > few && p.first > first {
		switch p = t.narrowed(i, first); {
		case p.places.Len() == 0:
			g.note(p.first)
			return false
		case p.places.Len() > few:
			p = t.extend(i, p, w, -1)
		}
	}
	stands, begin := t.compare(i, first, p, w)
	if !stands {
		g.pending = begin
	}
	return stands
}

// holdsKnown tells whether the run may stand in a post that is only known.
func (t *trail) holdsKnown(first int, w *word) bool {
	t.run = append(t.knownRun(t.words[first:]), w.known)
	for i, k := range t.known {
		g := &t.guards[len(t.models)+i]
		if !g.toLearn(first, len(t.words)-1) {
			continue
		}
		from, absent := k.Absent(t.run)
		if !absent {
			return true
		}
		g.pending = first + from
	}
	return false
}

// knownRun is the tokens of a run as they are looked up in what is known. The result holds until the next call.
func (t *trail) knownRun(run []*word) []model.KnownToken {
	t.run = t.run[:0]
	for _, w := range run {
		t.run = append(t.run, w.known)
	}
	return t.run
}

// A part of a run is its tokens from first to last, and the places where they stand together in a model.
type part struct {
	first, last int
	places      model.Interval
}

func (p part) tokens() int { return p.last - p.first + 1 }

// extend is a part and the token after it, w. If that is known to stand at one of its places, entry is that one; else it is -1.
func (t *trail) extend(i int, p part, w *word, entry int) part {
	return part{p.first, p.last + 1, t.next(i, p.places, p.tokens(), w, entry)}
}

// tail is the end of a run, whose places the trail knows: its last two tokens, or the only one.
func (t *trail) tail(i, first int) part {
	last := len(t.words) - 1
	if first == last {
		return part{last, last, t.words[last].all[i]}
	}
	return t.pair(i, last)
}

// narrowed is a part of the run from token first to the end of the trail that stands at few places or at none; or all of it. Its
// cost is some searches, and nothing for each further token that is asked for at the same end.
func (t *trail) narrowed(i, first int) part {
	g, last := &t.guards[i], len(t.words)-1
	if g.of == [2]int{first, last} {
		return g.narrowed
	}
	p := t.rarest(i, first, last)
	for {
		for p.places.Len() > few && p.last < last {
			p = t.extend(i, p, t.words[p.last+1], -1)
		}
		if p.places.Len() <= few || p.first == first {
			break
		}
		p = t.pair(i, max(first, p.first-sooner(p.places.Len()))+1)
	}
	g.of, g.narrowed = [2]int{first, last}, p
	return p
}

// rarest is the rarest pair of tokens of a run, the last such.
func (t *trail) rarest(i, first, last int) part {
	rarest := t.pair(i, last)
	for at := last - 1; at > first; at-- {
		if p := t.pair(i, at); p.places.Len() < rarest.places.Len() {
			rarest = p
		}
	}
	return rarest
}

// pair is the pair of tokens that ends with a token of the trail. The trail knows its places.
func (t *trail) pair(i, last int) part {
	p := part{first: last - 1, last: last}
	if contexts := t.levels[last]; len(contexts) > 1 {
		p.places = contexts[1][i]
	}
	return p
}

// sooner is how many tokens sooner a run of n places should begin to have few of them, if each token leaves an eighth.
func sooner(n int) int { return 1 + bits.Len(uint(n/few))/3 }

// compare tells, by the text at the places of a part, whether the run from token first to the end of the trail stands there with w
// after it. If it does not, neither does its end from token begin on with w.
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

// goesOn tells whether a part of the trail that stands at a place goes on there as the trail does to its end and w.
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

// interval is where a run stands in a model.
func (t *trail) interval(i int, run []*word) model.Interval {
	iv := run[0].all[i]
	for n := 1; n < len(run) && iv.Len() > 0; n++ {
		iv = t.next(i, iv, n, run[n], -1)
	}
	return iv
}

// next is what w leaves of a context's interval in a model. If it is known at one of the entries, the search begins there; else
// entry is -1.
func (t *trail) next(i int, iv model.Interval, length int, w *word, entry int) model.Interval {
	if w.all[i].Len() == 0 || iv.Len() == 0 {
		return model.Interval{}
	}
	return t.memos[i].narrow(iv, length, w.ids[i], entry, w.all[i].Len())
}

// holdsAll tells whether a run stands in any model.
func (t *trail) holdsAll(run []*word) bool {
	for i := range t.models {
		if t.interval(i, run).Len() > 0 {
			return true
		}
	}
	return t.knows(run)
}

// knows tells whether a run may stand in a post that is only known.
func (t *trail) knows(run []*word) bool {
	for _, k := range t.known {
		if _, absent := k.Absent(t.knownRun(run)); !absent {
			return true
		}
	}
	return false
}

// err is the first damage met in any model.
func (t *trail) err() error {
	for _, k := range t.known {
		if err := k.Err(); err != nil {
			return err
		}
	}
	return t.lexicon.err()
}
