package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A word is a token of the corpora, with all that the rules need to know of it.
type word struct {
	one struct { // where ids and all are if there is one model: beside what else a step reads
		id  [1]int
		all [1]model.Interval
	}
	bracket   bracket
	weight    int // by Options.Count, without the gap
	kind      text.Kind
	refused   Rule  // why it may never stand in a draft, or 0
	solitary  bool  // it is a word whatever stands beside it, see units.go
	clustered bool  // it is a grapheme cluster of Thai or one of its neighbours
	doubtful  bool  // it may be a bracket, or something else; see sign.go
	joins     bool  // it has letters that join; see seams.go
	joint     bool  // it is a sign that may join two words; see joint.go
	jamo      bool  // it is a letter of Korean that is no syllable; see jamo.go
	ids       []int // its id in each model; absent if the model does not hold it
	all       span  // its occurrences
	text      string
	known     model.KnownToken
}

// absent is the id of a word in a model that does not hold it.
const absent = -1

// same reports whether two words have the same text.
func (w *word) same(v *word) bool { return w == v || w.text == v.text }

// slots is how many words a lexicon remembers for each model. The most frequent words have the lowest
// ids, so they do not push each other out.
const slots = 1 << 16

// lexicon finds the words of some models. Reading a word costs some 100 ns and judging it more, so the
// latest ones are remembered.
type lexicon struct {
	models []*model.Model
	slots  [][]*word // by the low bits of the id
	memos  []memo
	judge  func(*word) // fills in what the rules need to know
	mark   *word
}

func newLexicon(models []*model.Model, judge func(*word)) *lexicon {
	l := &lexicon{models: models, judge: judge}
	for _, m := range models {
		n := 1
		for n < slots && n < m.Words() {
			n *= 2
		}
		l.slots = append(l.slots, make([]*word, n))
		l.memos = append(l.memos, newMemo(m))
	}
	l.mark = l.newWord("")
	for i := range models {
		l.is(i, l.mark, model.Mark)
	}
	return l
}

// word returns the word that has an id in a model.
func (l *lexicon) word(s, id int) *word {
	if id == model.Mark {
		return l.mark
	}
	at := &l.slots[s][id&(len(l.slots[s])-1)]
	if *at == nil || (*at).ids[s] != id {
		*at = l.read(s, id)
	}
	return *at
}

// forget makes all words be judged anew.
func (l *lexicon) forget() {
	for _, s := range l.slots {
		clear(s)
	}
}

// bracket returns what the word with an id in a model is among brackets. It does not make the lexicon
// remember the word, since a post may have many words that no draft will have.
func (l *lexicon) bracket(s, id int) bracket {
	if w := l.slots[s][id&(len(l.slots[s])-1)]; w != nil && w.ids[s] == id {
		return w.bracket
	}
	return bracketOf(l.models[s].Text(id))
}

func (l *lexicon) read(s, id int) *word {
	w := l.newWord(string(l.models[s].Text(id)))
	l.is(s, w, id)
	return l.lookUp(w)
}

// find returns the word for a text, whether a model holds it or not.
func (l *lexicon) find(s string) *word { return l.lookUp(l.newWord(s)) }

func (l *lexicon) newWord(s string) *word {
	w := &word{text: s, known: model.NewKnownToken(s)}
	if len(l.models) == 1 {
		w.ids, w.all = w.one.id[:], w.one.all[:]
	} else {
		w.ids, w.all = make([]int, len(l.models)), make(span, len(l.models))
	}
	return w
}

// lookUp looks a word up in the models that it was not read from, and judges it.
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

// is records the id that a word has in a model.
func (l *lexicon) is(i int, w *word, id int) {
	w.ids[i], w.all[i] = id, l.models[i].Token(id)
}

// err returns the first damage met in any model.
func (l *lexicon) err() error {
	for _, m := range l.models {
		if err := m.Err(); err != nil {
			return err
		}
	}
	return nil
}
