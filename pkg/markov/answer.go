package markov

import (
	"cmp"
	"slices"

	"horsepipe/pkg/text"
)

// Shared is a word that a question and the corpora have in common.
type Shared struct {
	Word  string `json:"word"`  // as the corpora spell it
	Count int    `json:"count"` // how often they have it
}

const (
	asked    = 3   // shared words that are tried, the rarest first
	variety  = 3   // words with fewer occurrences leave little choice, so they come last
	ordinary = 400 // a word that is more than one token in so many says nothing of what a text is about,
	little   = 10  // unless it occurs no more often than this
	read     = 1e5 // bytes that are read of a question: X's longest posts have 25,000 characters
)

// Shared lists the words that a question has in common with the corpora, the rarest first, and those
// that occur only once or twice last. They are what the question is about, in any language, since
// words like "the" are frequent. It leaves out words that the rules refuse and words too frequent to
// mean anything, and reads no more than the first 100,000 bytes of the question.
func (g *Generator) Shared(question string) []Shared {
	var list []Shared
	for _, t := range text.SplitUnits(question[:min(len(question), read)]) {
		switch text.KindOf([]byte(t.Text)) {
		case text.Mention, text.Link, text.Mark, text.Cashtag:
			continue
		}
		s := g.commonest(t.Text)
		if s.Count > 0 && float64(s.Count) <= max(g.total/ordinary, little) && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Shared) int {
		if few := a.Count < variety; few != (b.Count < variety) {
			return cmp.Compare(b.Count, a.Count) // those that leave a choice come first
		}
		return cmp.Compare(a.Count, b.Count)
	})
	return list
}

// commonest returns the spelling of a word that the corpora have most often: as it is, in lower case,
// capitalised or in capitals.
func (g *Generator) commonest(s string) (best Shared) {
	for _, form := range spellings(s) {
		w := g.trail.find(form)
		if w.refused != allowed {
			continue
		}
		if n := w.all.Len(); n > best.Count {
			best = Shared{form, n}
		}
	}
	return best
}

// Answer makes the n-th draft as an answer to a question. It grows the draft to both sides from the
// rarest word that question and corpora share (the first one of Shared), or from one of the next two if
// that fails; these drafts ignore Options.Start, Contain and End. If no such word leads to a draft, it
// makes a draft like any other. It returns the word, or "". The errors are those of [Generator.Draft].
func (g *Generator) Answer(n uint64, question string) (d *Draft, word string, err error) {
	g.lead(nearby) // as Draft will: lead judges no wanted texts that are put aside
	before := g.pivots
	defer func() { g.pivots = before }()
	for i, s := range g.Shared(question) {
		if i == asked {
			break
		}
		steps, err := g.spell(s.Word)
		if err != nil {
			continue
		}
		g.pivots = pivots{{steps: steps, left: true, right: true}}
		if d, err := g.Draft(n); err != ErrNothing {
			return d, s.Word, err
		}
	}
	g.pivots = before
	d, err = g.Draft(n)
	return d, "", err
}
