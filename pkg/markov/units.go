package markov

import "horsepipe/pkg/text"

// Runs in common with a post are counted in words as a reader counts them: what
// stands between white space, and each character of a script that is written
// without spaces. A run of tokens is at least as long, in words, as any run of whole words
// inside it; so a bound on the one is a bound on the other, but for words that are other tokens elsewhere (seams.go).

// units is the number of words that begin with a token, if white space or a
// character of a script without spaces stands before it (apart), and if not;
// and whether it ends in such a character.
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
