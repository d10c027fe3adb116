package markov

// # Words of two parts
//
// A hyphen or slash between two words says nothing of the second. Where only one word has followed the
// first with the sign, as in rendez-vous, a walk would take the sign alone for a context, and say
// rendez-Paris. So right after such a word what follows is drawn as in the posts that have both.
//
// The share of texts, in percent, in which such a sign joins two words: of the posts, of 5,000 drafts, and
// of as many without this rule; and in which it joins two that no post has joined, of the drafts:
//
//	                 posts  with        without
//	French, 10,700   16.6   17.7  0.0   17.8   7.6
//	German, 11,100   13.1   19.3  0.2   19.3  13.4
//	German, 3,100    14.8   18.8  0.0   18.8  13.1
//	English, 6,400    3.9    4.9  0.0    4.7   2.8
//	English, 2,300   10.8   13.0  0.0   12.5   7.9
//	Turkish, 2,700    9.4   12.4  0.0   11.6   6.9
//	Russian, 1,000   22.8   27.6  0.0   28.3  19.4
//
// New pairs that would be right are lost as well.

// isJoint reports whether an atom is a sign that may join two words.
func isJoint(s string) bool {
	switch s {
	case "-", "‐", "‑", "/", "&", "+", "'":
		return true
	}
	return false
}

// afterJoint reports whether the draft ends in a word and a sign that is joined to it and no quote.
func (g *Generator) afterJoint() bool {
	n := len(g.steps)
	if n < 2 {
		return false
	}
	s := &g.steps[n-1]
	return s.joint && s.gap == "" && (s.role.rune == 0 || s.role.lone)
}
