package markov

import "horsepipe/pkg/model"

// A trail holds, for each token of a draft, the intervals of the contexts that end there, up to the
// length that draws and scores need. With several models, a context has one interval in each.
type trail struct {
	*lexicon
	levels [][]span           // levels[i][m-1]: the context of the m tokens up to the i-th
	words  []*word            // the tokens; words[0] is the mark before the post
	depth  int                // the longest context kept
	tokens []model.KnownToken // the same tokens, as known takes them
	known  []*model.Known
	guards []guard            // one for each model, then one for each of known, if runs are asked for; see runs.go
	asked  *word              // the token that holds was last asked about, if it may come next
	run    []model.KnownToken // buffer of knows
	on     span               // buffer of before and goOn
}

// drawing tells where a token was drawn: at an entry of a context of length order in one model.
// For a token that was not drawn to the right, entry is -1.
type drawing struct{ source, entry, order int }

// span is the interval of a context in each model.
type span []model.Interval

// Len is the number of occurrences in all models.
func (s span) Len() (n int) {
	for _, iv := range s {
		n += iv.Len()
	}
	return n
}

// reset goes to the beginning of a post.
func (t *trail) reset() {
	t.words, t.asked = t.words[:0], nil
	t.push(t.mark, drawing{entry: -1})
}

// cut shortens the trail to n tokens, the mark included.
func (t *trail) cut(n int) { t.words, t.asked = t.words[:n], nil }

// last returns the contexts that end at the last token, the shortest first.
func (t *trail) last() []span { return t.levels[len(t.words)-1] }

// push appends a token. It costs at most one search for each context that ends there. Contexts that
// occur in the same places share a search. In the one that the token was drawn from, the search
// begins at the drawing.
func (t *trail) push(w *word, from drawing) {
	i := len(t.words)
	t.words = append(t.words, w)
	t.tokens = append(t.tokens[:i], w.known)
	for j := range t.guards {
		t.guards[j].push(i, w == t.asked)
	}
	t.asked = nil
	if len(t.levels) <= i {
		t.levels = append(t.levels, nil)
	}
	level := t.grow(t.levels[i][:0])
	for s := range level[0] {
		level[0][s] = w.all[s]
	}
	if i > 0 {
		for m, context := range t.levels[i-1] {
			if m+2 > t.depth {
				break
			}
			level = t.grow(level)
			var shorter span
			if m > 0 {
				shorter = t.levels[i-1][m-1]
			}
			hint := drawing{entry: -1}
			if m+1 == from.order {
				hint = from
			}
			if !t.narrow(level[m+1], context, m+1, w, shorter, level[m], hint) {
				level = level[:m+1]
				break
			}
		}
	}
	t.levels[i] = level
}

// grow makes room for one more span, reusing what an earlier draft left.
func (t *trail) grow(level []span) []span {
	if n := len(level); n < cap(level) {
		if level = level[:n+1]; level[n] != nil {
			return level
		}
		level = level[:n]
	}
	return append(level, make(span, len(t.models)))
}

// narrow sets dst to the part of from, contexts of the given length, in which w comes next, and
// reports whether there is any. Shorter is the context one token shorter than from, and found its
// part with w. If from and shorter occur equally often, they occur in the same places and in the
// same order, so no search is needed.
func (t *trail) narrow(dst, from span, length int, w *word, shorter, found span, hint drawing) bool {
	any := false
	for s, iv := range from {
		switch {
		case iv.Len() == 0 || found[s].Len() == 0:
			dst[s] = model.Interval{}
		case shorter != nil && shorter[s].Len() == iv.Len():
			d := iv.Lo - shorter[s].Lo
			dst[s] = model.Interval{Lo: found[s].Lo + d, Hi: found[s].Hi + d}
		default:
			entry := -1
			if s == hint.source {
				entry = hint.entry
			}
			dst[s] = t.memos[s].narrow(iv, length, w.ids[s], entry, found[s].Len())
		}
		any = any || dst[s].Len() > 0
	}
	return any
}

// branches reports whether a context leaves a choice: two different next tokens, from two different
// posts. Posts of different models count as different.
func (t *trail) branches(s span, length int) bool {
	in, one := 0, 0 // number of models that have the context, and the last of them
	for i, iv := range s {
		if iv.Len() > 0 {
			in, one = in+1, i
		}
	}
	if in < 2 {
		return t.leaves(one, s[one], length)
	}
	var only *word // what follows in the models so far
	for i, iv := range s {
		if iv.Len() == 0 {
			continue
		}
		first, _ := t.models[i].Next(iv.Lo, length)
		last, _ := t.models[i].Next(iv.Hi-1, length)
		w := t.word(i, first)
		if first != last || only != nil && !only.same(w) {
			return true
		}
		only = w
	}
	return false
}

// leaves reports whether a context that ends at the last token leaves a choice in one model.
func (t *trail) leaves(i int, iv model.Interval, length int) bool {
	if length == 1 {
		return t.memos[i].branches(iv, length)
	}
	last := len(t.words) - 1
	return t.memos[i].leaves(iv, t.levels[last-1][length-2][i], length-1, t.words[last].ids[i])
}

// ends reports whether a post has ended after a context: the mark sorts first in an interval.
func (t *trail) ends(s span, length int) bool {
	for i, iv := range s {
		if iv.Len() > 0 {
			if id, _ := t.models[i].Next(iv.Lo, length); id == model.Mark {
				return true
			}
		}
	}
	return false
}

// goOn returns the part of a context in which posts go on, which is what follows the marks in each
// interval. The result is valid until the next call of goOn or before.
func (t *trail) goOn(s span, length int) span {
	t.on = append(t.on[:0], s...)
	for i, iv := range t.on {
		if iv.Len() > 0 {
			t.on[i].Lo = t.memos[i].narrow(iv, length, model.Mark, -1, iv.Len()).Hi
		}
	}
	return t.on
}

// before returns the part of a context after which w comes next. The result is valid until the next
// call of before or goOn.
func (t *trail) before(s span, length int, w *word) span {
	t.on = append(t.on[:0], s...)
	for i, iv := range t.on {
		t.on[i] = t.next(i, iv, length, w)
	}
	return t.on
}
