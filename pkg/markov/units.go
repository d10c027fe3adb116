package markov

import (
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// Runs in common with a post are counted in words as a reader counts them: what stands between white
// space, and each character of a script that is counted by characters (text.Solitary). A run of tokens
// is at least as long, in words, as any run of whole words inside it. So a bound on runs of tokens is a
// bound on runs of words, except for words that are other tokens elsewhere (seams.go).
//
// Thai and its neighbours have white space only between clauses, and posts may have none. There each
// token, a grapheme cluster, is a word to all rules; in release 1.0 it was not.

// units returns how many words begin with a token if white space or a character that is a word by
// itself stands before it (apart), and how many if not (joined). Spread is whether the token ends in
// such a character.
func units(s string) (apart, joined int, spread bool) {
	solid := false // inside a run of other characters
	for i, r := range s {
		if !text.Solitary(r) {
			if !solid {
				apart++
				if i > 0 {
					joined++
				}
			}
			solid, spread = true, false
			continue
		}
		apart++
		joined++
		solid, spread = false, true
	}
	return apart, joined, spread
}

// clustered reports whether a token is a grapheme cluster of Thai or one of its neighbours.
func (w *word) clustered() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return text.Unspaced(r)
}

// countUnits fills in how many words begin with a word of the corpora.
func (g *Generator) countUnits(w *word) {
	if w.apart, w.joined, w.spread = units(w.text); w.clustered() && !g.former {
		w.apart, w.joined, w.spread = 1, 1, true
	}
}

// vagueLength is the length up to which contexts at the end of the draft say nothing of what comes next.
// One or two grapheme clusters are less than a word, so looking for a choice there breaks words up.
// This was measured on English texts with a letter for each cluster and no white space: drafts of
// order 4 to 6 had 2.3 to 2.5 letters for each word that can be read in them, instead of 2.0 to 2.1;
// posts have 3.3.
func (g *Generator) vagueLength() int {
	if n := len(g.steps); n > 0 && g.steps[n-1].clustered() && !g.alone() {
		return 2
	}
	return 0
}
