package markov

// Runs in common with a post are counted in words as a reader counts them: what stands between white
// space, and each character of a script that is counted by characters (text.Solitary). A run of tokens
// is at least as long, in words, as any run of whole words inside it. So a bound on runs of tokens is a
// bound on runs of words, except for words that are other tokens elsewhere (seams.go).
//
// Thai and its neighbours have white space only between clauses, and posts may have none. There each
// token, a grapheme cluster, is a word to all rules; in release 1.0 it was not.

// begins reports whether a word begins with s if it follows another token. No token has more than one
// word, since characters that are words by themselves are tokens by themselves (text.Units).
func (s *step) begins(after *step) bool { return s.gap != "" || s.solitary || after.solitary }

// units returns the number of words that the draft would have with s.
func (g *Generator) units(s *step) int {
	n := len(g.steps)
	if n == 0 || s.begins(&g.steps[n-1]) {
		return g.unitsBefore(n) + 1
	}
	return g.unitsBefore(n)
}

// vagueLength is the length up to which contexts at the end of the draft say nothing of what comes next.
// One or two grapheme clusters are less than a word, so looking for a choice there breaks words up.
// This was measured on English texts with a letter for each cluster and no white space: drafts of
// order 4 to 6 had 2.3 to 2.5 letters for each word that can be read in them, instead of 2.0 to 2.1;
// posts have 3.3. A sign that joins two words says nothing of the second (joint.go).
func (g *Generator) vagueLength() int {
	n := len(g.steps)
	switch {
	case n == 0 || g.alone():
		return 0
	case g.steps[n-1].clustered:
		return 2
	case g.afterJoint():
		return 1
	}
	return 0
}
