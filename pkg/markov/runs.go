package markov

import "horsepipe/pkg/model"

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
	g.absent = append(g.absent[:i], last)
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

// holdsIn tells of one model whether it holds a run.
func (t *trail) holdsIn(i, first int, w *word, from drawing) bool {
	g, last := &t.guards[i], len(t.words)-1
	if !g.toLearn(first, last) {
		return false
	}
	begin, iv := t.tail(i, first)
	if iv.Len() == 0 {
		g.note(begin)
		return false
	}
	entry := -1
	if i == from.source && last-begin+1 == from.order {
		entry = from.entry
	}
	iv = t.next(i, iv, last-begin+1, w, entry)
	for iv.Len() > few && begin > first {
		begin--
		iv = t.interval(i, t.words[begin:], w)
	}
	switch {
	case w.ids[i] == absent:
		begin = last + 1
	case iv.Len() > 0 && begin > first:
		begin -= 1 + t.before(i, iv, begin, first)
	case iv.Len() > 0:
		return true
	}
	if begin < first {
		return true
	}
	g.pending = begin
	return false
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

// tail is the interval of a short run at the end of the trail, and its first token, which is no less than first. If the interval is
// empty, that run stands nowhere.
func (t *trail) tail(i, first int) (begin int, iv model.Interval) {
	begin = len(t.words) - 1
	for n, context := range t.last() {
		iv = context[i]
		if iv.Len() == 0 || begin == first || n == leastDepth-1 {
			return begin, iv
		}
		begin--
	}
	return begin, model.Interval{}
}

// before is the number of tokens, from the one before begin back to first, that stand before some entry of an interval as they do in
// the trail: the most that any entry has.
func (t *trail) before(i int, iv model.Interval, begin, first int) (most int) {
	m := t.models[i]
	for e := iv.Lo; e < iv.Hi; e++ {
		n := 0
		for place, at := m.Place(e), begin-1; at >= first; at-- {
			var id int
			id, place = m.Before(place)
			if id != t.words[at].ids[i] {
				break
			}
			n++
		}
		most = max(most, n)
	}
	return most
}

// interval is where a run stands in a model, with w after it if that is not nil.
func (t *trail) interval(i int, run []*word, w *word) model.Interval {
	iv := run[0].all[i]
	for n := 1; n < len(run) && iv.Len() > 0; n++ {
		iv = t.next(i, iv, n, run[n], -1)
	}
	if w != nil && iv.Len() > 0 {
		iv = t.next(i, iv, len(run), w, -1)
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
		if t.interval(i, run, nil).Len() > 0 {
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
