package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A word is a token of the corpora, with all that the rules ask of it.
type word struct {
	text    string
	ids     []int // in each model; -1 where a model does not hold it
	all     span  // its occurrences
	kind    text.Kind
	weight  int // by the count in force, without the gap
	apart   int // words that begin with it, see units
	joined  int
	spread  bool
	refused Rule // why it may never stand in a draft, or 0
	bracket bracket
}

func (w *word) id(model int) int { return w.ids[model] }

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
		l.memos = append(l.memos, memo{m, make([]finding, memoSize)})
	}
	l.mark = l.newWord("", make([]int, len(models)))
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
	return l.lookUp(string(l.models[s].Text(id)), s, id)
}

// find is the word of a text.
func (l *lexicon) find(s string) *word { return l.lookUp(s, -1, 0) }

// lookUp is the word of a text, looked up in all models but one whose id for it is known; -1 is none.
func (l *lexicon) lookUp(s string, known, id int) *word {
	ids := make([]int, len(l.models))
	for i, m := range l.models {
		if i == known {
			ids[i] = id
		} else if ids[i] = m.Lookup([]byte(s)); ids[i] == 0 {
			ids[i] = -1
		}
	}
	w := l.newWord(s, ids)
	l.judge(w)
	return w
}

func (l *lexicon) newWord(s string, ids []int) *word {
	w := &word{text: s, ids: ids, all: make(span, len(ids))}
	for i, id := range ids {
		if id >= 0 {
			w.all[i] = l.models[i].Token(id)
		}
	}
	return w
}

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
