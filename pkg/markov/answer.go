package markov

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"horsepipe/pkg/text"
)

// # The aim of an answer
//
// A text that has a given word is longer than texts in general and, if the word is rare, mostly more
// surprising. So answers are to be like the posts that have their word, and an answer takes its aim (steer.go)
// from one of these.
//
// This was measured on six accounts, as in steer.go. 1,000 posts of others in the same language (in Arabic
// 941) were answered with three seeds each. The first columns are the mean length in characters: of all
// posts, of those that have the words of the answers, and of the answers. voice is the perplexity of the
// answers over that of the posts with their words: with aims from such posts, and with aims from all.
//
//	                  length                 voice
//	                  posts  with  answers   with   all
//	English, 6,400    59     84    91        0.99   1.01
//	German, 11,100    67     100   99        1.05   1.17
//	French, 10,700    116    162   139       0.67   0.56
//	Korean, 24,300    56     79    81        0.99   0.97
//	Japanese, 9,500   28     39    41        1.03   1.05
//	Arabic, 43,400    73     89    101       0.93   0.81
//	mean distance to 1                       0.08   0.15
//
// Beside all posts, their voice would be 1.1 to 1.8. Plain drafts of these accounts are 0.88 to 1.3 times as
// long as posts. Steering what comes before the word as what comes after it made answers too tame: the mean distance
// was 0.09, in one seed, instead of 0.08.

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

// Shared lists the words that a question has in common with the corpora, the rarest first, then those
// of fewer than two letters, which are numbers, faces or parts of other words, and those that occur only
// once or twice last. They are what the question is about, in any language, since words like "the" are
// frequent. It leaves out words that the rules refuse and words too frequent to mean anything, and reads
// no more than the first 100,000 bytes of the question.
func (g *Generator) Shared(question string) []Shared {
	var list []Shared
	units := text.SplitUnits(question[:min(len(question), read)])
	for i, t := range units {
		kind := text.KindOf([]byte(t.Text))
		switch kind {
		case text.Mention, text.Link, text.Mark, text.Cashtag:
			continue
		}
		s := g.commonest(t.Text)
		if s.Count == 0 && kind == text.Hashtag {
			s = g.commonest(strings.TrimLeft(t.Text, "#＃"))
		}
		if s.Count == 0 || float64(s.Count) > max(g.total/ordinary, little) {
			continue
		}
		if s = g.paired(s, units, i); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Shared) int {
		if c := cmp.Compare(a.rank(), b.rank()); c != 0 {
			return c
		}
		if a.Count < variety {
			return cmp.Compare(b.Count, a.Count)
		}
		return cmp.Compare(a.Count, b.Count)
	})
	return list
}

// rank returns 0 for words that say what a text is about, 1 for those of fewer than two letters, and 2
// for those that leave little choice.
func (s Shared) rank() int {
	letters := 0
	for _, r := range s.Word {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	switch {
	case s.Count < variety:
		return 2
	case letters < 2:
		return 1
	}
	return 0
}

// paired returns a character that is a token by itself together with the one beside it in the question
// with which the corpora have it most often, if that leaves a choice: 食堂 says what 食 alone does not.
func (g *Generator) paired(s Shared, units []text.Token, i int) Shared {
	best := s
	for last := max(i, 1); last <= i+1 && last < len(units); last++ {
		a, b := units[last-1].Text, units[last].Text
		if units[last].Gap != "" || !solitary(a) || !solitary(b) || g.opt.Reject.Has(a+b) {
			continue
		}
		steps, err := g.spell(a + b)
		if err != nil || len(steps) != 2 {
			continue
		}
		slices.Reverse(steps) // as chain takes them
		chain := g.chain(steps)
		if n := chain[len(chain)-1].Len(); len(chain) == 2 && n >= variety && (best == s || n > best.Count) {
			best = Shared{a + b, n}
		}
	}
	return best
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
		if d, err := g.draft(n, g.aimWith(steps, n)); err != ErrNothing {
			return d, s.Word, err
		}
	}
	g.pivots = before
	d, err = g.Draft(n)
	return d, "", err
}

// aimWith returns the aim of the n-th draft if it is to have some tokens: near the surprise of one of the
// posts that have them.
func (g *Generator) aimWith(steps []step, n uint64) float64 {
	steps = slices.Clone(steps)
	slices.Reverse(steps) // as chain takes them
	chain := g.chain(steps)
	g.pcg.Seed(g.opt.Seed, ^n)
	source, entry := g.occurrence(chain[len(chain)-1])
	m := g.trail.models[source]
	return g.aimFor(g.surpriseFrom(source, m.Begin(m.PostAt(m.Place(entry)))))
}
