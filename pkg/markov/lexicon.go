package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A word is a token of the corpora, with all that the rules ask of it.
type word struct {
	text    string
	ids     []int // in each model: absent where it does not hold the word, unasked where in was not asked
	all     span  // its occurrences
	kind    text.Kind
	weight  int // by the count in force, without the gap
	apart   int // words that begin with it, see units
	joined  int
	spread  bool
	refused Rule // why it may never stand in a draft, or 0
	bracket bracket
}

// What stands for an id where there is none.
const (
	absent  = -1
	unasked = -2
)

// same tells whether two words have the same text.
func (w *word) same(v *word) bool { return w == v || w.text == v.text }

// slots is the number of words that a lexicon remembers for each model. The most
// frequent words have the lowest ids, so they don't push each other out.
const slots = 1 << 16

// lexicon finds the words of some models: first those that drafts are drawn from, then those whose
// posts are only known, so as not to be copied. Reading a word costs some 100 ns, judging
// it more; so the last ones are remembered.
type lexicon struct {
	models []*model.Model
	drawn  int      // how many of models are drawn from
	slots  [][]slot // by the low bits of the id
	memos  []memo
	judge  func(*word) // fills in what the rules ask
	mark   *word
}

type slot struct {
	id   int // the mark's where the slot is empty
	word *word
}

func newLexicon(models []*model.Model, drawn int, judge func(*word)) *lexicon {
	l := &lexicon{models: models, drawn: drawn, judge: judge}
	for _, m := range models {
		n := 1
		for n < slots && n < m.Words() {
			n *= 2
		}
		l.slots = append(l.slots, make([]slot, n))
		l.memos = append(l.memos, newMemo(m))
	}
	l.mark = l.newWord("")
	for i := range models {
		l.is(i, l.mark, model.Mark)
	}
	return l
}

// word is the word that has an id in a model.
func (l *lexicon) word(s, id int) *word {
	if id == model.Mark {
		return l.mark
	}
	at := &l.slots[s][id&(len(l.slots[s])-1)]
	if at.id != id {
		*at = slot{id, l.read(s, id)}
	}
	return at.word
}

func (l *lexicon) read(s, id int) *word {
	w := l.newWord(string(l.models[s].Text(id)))
	l.is(s, w, id)
	return l.lookUp(w)
}

// find is the word of a text.
func (l *lexicon) find(s string) *word { return l.lookUp(l.newWord(s)) }

func (l *lexicon) newWord(s string) *word {
	w := &word{text: s, ids: make([]int, len(l.models)), all: make(span, len(l.models))}
	for i := range w.ids {
		w.ids[i] = unasked
	}
	return w
}

// lookUp asks the models that are drawn from for a word, and judges it. The others are not asked yet: they hold few words
// that would be a part of a run there.
func (l *lexicon) lookUp(w *word) *word {
	for i := range l.drawn {
		l.in(i, w)
	}
	l.judge(w)
	return w
}

// in is the occurrences of a word in a model.
func (l *lexicon) in(i int, w *word) model.Interval {
	if w.ids[i] == unasked {
		if id := l.models[i].Lookup([]byte(w.text)); id != 0 {
			l.is(i, w, id)
		} else {
			w.ids[i] = absent
		}
	}
	return w.all[i]
}

// is notes the id that a word has in a model.
func (l *lexicon) is(i int, w *word, id int) {
	w.ids[i], w.all[i] = id, l.models[i].Token(id)
}

// count is how often a word stands in the models that are drawn from.
func (l *lexicon) count(w *word) int { return w.all[:l.drawn].Len() }

// err is the first damage met in any model.
func (l *lexicon) err() error {
	for _, m := range l.models {
		if err := m.Err(); err != nil {
			return err
		}
	}
	return nil
}

// settle lets the models be read faster, between drafts.
func (l *lexicon) settle() {
	for _, m := range l.models {
		m.Settle()
	}
}

// has tells whether a word can be drawn.
func (l *lexicon) has(w *word) bool {
	for _, id := range w.ids[:l.drawn] {
		if id >= 0 {
			return true
		}
	}
	return false
}
