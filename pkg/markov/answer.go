package markov

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
// answers over that of the posts with their words: with aims from such posts, and with aims from all. (The
// words were the rarest shared ones.)
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

// # The word of an answer
//
// A capital in the middle of a sentence tells, without any list, which words say what a question is about.
// Answers by such words first, and by the rarest of all words, were read beside their questions without
// knowing which was which. Of 52 pairs that differed, all in German, only the former took up the question in
// 31, and only the latter in 6. Another word is taken for it in 289 of the 1,000 questions in German, in 42 in
// English, 12 in French, 41 in Korean, 58 in Japanese and 208 of the 941 in Arabic and English.
//
// Longer words first, at the cost of rarity, did not plainly win: 22 to 17 of 72 pairs, most of them in English.
// Words that are unevenly spread over the corpus first (model.Spread) lost: 15 to 40 of 95.

// Shared is a word that a question and the corpora have in common.
type Shared struct {
	Word  string `json:"word"`  // as the corpora spell it
	Count int    `json:"count"` // how often they have it
}

const (
	asked    = 3   // shared words that are tried, the first of Shared
	variety  = 3   // words with fewer occurrences leave little choice, so they come last
	ordinary = 400 // a word that is more than one token in so many says nothing of what a text is about,
	little   = 10  // unless it occurs no more often than this
	read     = 1e5 // bytes that are read of a question: X's longest posts have 25,000 characters
)

// Shared lists the words that a question has in common with the corpora: names, and the nouns of German,
// then other words, then those of fewer than two letters, which are numbers, faces or parts of other
// words, the rarest of each first; and those that occur only once or twice last. They are what the question is
// about, in any language, since words like "the" are frequent. It leaves out words that the rules refuse
// and words too frequent to mean anything, and reads no more than the first 100,000 bytes of the question.
func (g *Generator) Shared(question string) []Shared {
	var list []Shared
	named := map[string]bool{}
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
		s = g.paired(s, units, i)
		named[s.Word] = named[s.Word] || s.named(units, i)
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	rank := func(s Shared) int {
		if r := s.rank(); r > 0 || !named[s.Word] {
			return r + 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b Shared) int {
		if c := cmp.Compare(rank(a), rank(b)); c != 0 {
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

// named reports whether the i-th token of a question is a noun of German, or a name: it begins with a
// capital, as in most posts, though no sentence begins with it. I'm and I'll are no such words.
func (s Shared) named(units []text.Token, i int) bool {
	if i == 0 || text.KindOf([]byte(units[i-1].Text)) > text.Number || strings.Contains(units[i].Gap, "\n") {
		return false
	}
	return capital(s.Word) && capital(units[i].Text)
}

// capital reports whether a word begins with a capital and another letter.
func capital(w string) bool {
	first, n := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(first) && unicode.IsLetter(firstRune(w[n:]))
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

// Answer makes the n-th draft as an answer to a question. It grows the draft to both sides from the first
// word that Shared lists, or from one of the next two if that fails; these drafts ignore Options.Start,
// Contain and End. If no such word leads to a draft, it makes a draft like any other. It returns the word,
// or "". The errors are those of [Generator.Draft].
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
