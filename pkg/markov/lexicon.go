package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A word is a token of the corpora, with all that the rules ask of it.
type word struct {
	text    string
	known   model.KnownToken
	ids     []int // in each model: absent where it does not hold the word
	all     span  // its occurrences
	kind    text.Kind
	weight  int // by the count in force, without the gap
	apart   int // words that begin with it, see units
	joined  int
	spread  bool
	refused Rule // why it may never stand in a draft, or 0
	bracket bracket
}

// absent stands for an id where there is none.
const absent = -1

// same tells whether two words have the same text.
func (w *word) same(v *word) bool { return w == v || w.text == v.text }

// slots is the number of words that a lexicon remembers for each model. The most
// frequent words have the lowest ids, so they don't push each other out.
const slots = 1 << 16

// lexicon finds the words of some models. Reading a word costs some 100 ns, judging
// it more; so the last ones are remembered.
type lexicon struct {
	models []*model.Model
	slots  [][]slot // by the low bits of the id
	memos  []memo
	judge  func(*word) // fills in what the rules ask
	mark   *word
}

type slot struct {
	id   int // the mark's where the slot is empty
	word *word
}

func newLexicon(models []*model.Model, judge func(*word)) *lexicon {
	l := &lexicon{models: models, judge: judge}
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

// forget lets all words be judged anew.
func (l *lexicon) forget() {
	for _, s := range l.slots {
		clear(s)
	}
}

// bracket is what the word that has an id in a model is among brackets. It is not remembered for that: a post may have
// many words that no draft will have.
func (l *lexicon) bracket(s, id int) bracket {
	if at := &l.slots[s][id&(len(l.slots[s])-1)]; at.id == id {
		return at.word.bracket
	}
	return bracketOf(l.models[s].Text(id))
}

func (l *lexicon) read(s, id int) *word {
	w := l.newWord(string(l.models[s].Text(id)))
	l.is(s, w, id)
	return l.lookUp(w)
}

// find is the word of a text.
func (l *lexicon) find(s string) *word { return l.lookUp(l.newWord(s)) }

func (l *lexicon) newWord(s string) *word {
	return &word{text: s, known: model.NewKnownToken(s), ids: make([]int, len(l.models)), all: make(span, len(l.models))}
}

// lookUp asks the models for a word, and judges it.
func (l *lexicon) lookUp(w *word) *word {
	for i, m := range l.models {
		if w.ids[i] != 0 {
			continue // where it was read from
		}
		if id := m.Lookup([]byte(w.text)); id != 0 {
			l.is(i, w, id)
		} else {
			w.ids[i] = absent
		}
	}
	l.judge(w)
	return w
}

// is notes the id that a word has in a model.
func (l *lexicon) is(i int, w *word, id int) {
	w.ids[i], w.all[i] = id, l.models[i].Token(id)
}

// count is how often a word stands in the models.
func (l *lexicon) count(w *word) int { return w.all.Len() }

// err is the first damage met in any model.
func (l *lexicon) err() error {
	for _, m := range l.models {
		if err := m.Err(); err != nil {
			return err
		}
	}
	return nil
}

// has tells whether a word can be drawn.
func (l *lexicon) has(w *word) bool {
	for _, id := range w.ids {
		if id >= 0 {
			return true
		}
	}
	return false
}
