package markov

// # Series
//
// Where characters count as words, each sign of 。。。, ・・・, ーーー and ㅋㅋㅋ is a token. A walk over short
// contexts does not know how many it has drawn: if posts have three, drafts have two, four or seven. So what
// comes after a series is drawn where a post has one of the same length.
//
// The share of series, of 20,000 drafts, that would need another length so that the lengths of each character
// were distributed as in the posts; and of as many drafts without this rule:
//
//	                  with   without
//	Japanese, 18,800  0.013  0.057
//	Japanese, 34,200  0.015  0.074
//	Japanese, 113,900 0.025  0.144
//	Korean, 17,200    0.093  0.097
//	Korean, 26,700    0.016  0.034
//	Korean, 48,300    0.131  0.225

// longestSeries is the length from which on all series count as equal. Laughter that is counted further is hardly
// found again, so drafts have less of it: in the order of the Korean rows 0.56, 0.16 and 0.22 series a draft, with 4
// 0.53, 0.16 and 0.20, with 32 0.52, 0.16 and 0.19; posts 0.63, 0.16 and 0.27.
const longestSeries = 3

// miscounts reports whether the draft ends in a series and place, in a model, follows one of another length.
func (g *Generator) miscounts(source, place int) bool {
	n := len(g.steps)
	ours := 1
	for i := n - 1; i > 0 && ours < longestSeries && g.steps[i].goesOnWith(&g.steps[i-1]); i-- {
		ours++
	}
	if ours == 1 {
		return false
	}
	m, id, theirs := g.trail.models[source], g.steps[n-1].word.ids[source], 0
	for theirs < longestSeries {
		last, at := m.Before(place)
		if last != id {
			break
		}
		if theirs++; len(m.Gap(last, at)) > 0 {
			break
		}
		place = at
	}
	return theirs != ours
}

// goesOnWith reports whether s goes on with a series after last.
func (s *step) goesOnWith(last *step) bool {
	return s.solitary && s.gap == "" && s.word.same(last.word)
}
