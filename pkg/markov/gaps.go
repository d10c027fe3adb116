package markov

import (
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// # White space around marks
//
// A token has white space before it as it has where it was drawn, and does not know of the white space before the token that it follows. So
// "well-" would be followed by " known", and "yes -" by "known". Of what follows a mark only that is taken which follows one
// with, or without, white space before it, as in the draft. Of texts with a hyphen that has white space on one side only there were, of the posts, of
// drafts and of drafts before: English 0.0005, 0, 0.020 and 0.0002, 0, 0.028; German 0.002, 0.001, 0.012; Japanese 0.001, 0, 0.006 (2,000 each).

// misplaces tells whether the token at a place of a model follows a mark with white space before it, and the draft ends in one without, or
// the other way round.
func (g *Generator) misplaces(m *model.Model, place int) bool {
	n := len(g.steps)
	if n == 0 || g.steps[n-1].kind != text.Mark {
		return false
	}
	mark, at := m.Before(place)
	spaced := len(m.Gap(mark, at)) > 0
	if before, _ := m.Before(at); before == model.Mark {
		spaced = true
	}
	return spaced != (n == 1 || g.steps[n-1].gap != "")
}
