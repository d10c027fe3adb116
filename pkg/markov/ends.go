package markov

import "horsepipe/pkg/model"

// # Ends
//
// Posts end with what ends posts: a signature, a face, a hashtag. A walk that takes a shorter context where only an end follows the longer one,
// or draws something else where an end is refused, goes on after that.

const returns = 8 // of a walk from ends that are refused

// endsHere tells whether the draft should end because nothing else has ever followed a context. A single token is no reason.
func (g *Generator) endsHere(context span, k int) bool {
	return k > 1 && !g.alone() && g.trail.onlyEnds(context, k) && g.allowsEnd() == allowed
}

// goesBack tells whether a walk goes back where an end is refused, rather than on, as it does when it has gone back often enough.
func (g *Generator) goesBack() bool {
	if g.alone() || g.returned == returns {
		return false
	}
	g.returned++
	return true
}

// onlyEnds tells whether nothing but ends of posts follows a context.
func (t *trail) onlyEnds(s span, length int) bool {
	for i, iv := range s {
		if iv.Len() > 0 {
			if id, _ := t.models[i].Next(iv.Hi-1, length); id != model.Mark { // the marks come first
				return false
			}
		}
	}
	return true
}
