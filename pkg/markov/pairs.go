package markov

import "horsepipe/pkg/model"

// # Pairs
//
// A walk over short contexts forgets what is open. If it opened a bracket wherever some post does,
// and closed it only when the closing one is drawn by chance, it would mostly come to the limit
// first, and the draft would be cut before that bracket (turnBack). So a bracket is opened only
// where the post that it is drawn from closes it. Half as many tokens later as in that post, or eight fewer
// if that is more, it is due: from then on the token that closed it comes next as soon as it stands after
// one of the contexts, the longest such, at least as often as after tokens in general. But it is not due
// before something is in the pair, unless the post has nothing in it.
//
// The effect was measured for the accounts of steer.go, against walks that open and close by
// chance: the share of texts with a bracket or double quote, among the posts and among 8,000
// drafts (2,000 by chance); and the tokens drawn for each one that a draft has in the end, over 5,000
// drafts, before walks went back from ends (ends.go):
//
//	                    texts with brackets      tokens drawn
//	                    posts  pairs  by chance  pairs  by chance
//	English, 2,300      0.11   0.09   0.03       1.10   1.41
//	English, 6,400      0.10   0.11   0.05       1.04   1.39
//	English, 12,600     0.16   0.17   0.07       1.05   1.46
//	English, 46,800     0.16   0.16   0.08       1.03   1.45
//	French, 10,700      0.12   0.09   0.03       1.07   1.30
//	German, 8,000       0.12   0.10   0.05       1.03   1.53
//	Arabic, 43,400      0.11   0.11   0.04       1.04   1.34
//	Korean, 13,400      0.13   0.11   0.03       1.03   1.27
//	Japanese, 6,900     0.11   0.11   0.02       1.04   1.81
//	Japanese, 9,500     0.28   0.28   0.14       1.03   2.21
//	Japanese, 17,100    0.41   0.34   0.18       1.06   2.10
//	Japanese, 29,100    0.36   0.38   0.12       1.03   2.36
//
// Closing only after the longest context leaves fewer brackets in drafts: in German 0.06, not 0.10.
//
// Without the last condition a closer often comes in the middle of a phrase, as after "of the", since some
// post among thousands has it there. The share of texts, in percent, in
// which one comes right after one of 24 words such as the, of, is and that, in Japanese after a particle:
// of the posts, of 10,000 drafts, and of as many that close after any context that a post closes. Of twelve
// accounts, up to a thirteenth fewer drafts have brackets for that.
//
//	English, 10,900   0.5   0.7   2.4
//	English, 12,700   0.1   0.2   1.5
//	English, 25,100   1.2   1.1   7.3
//	English, 35,200   0.4   0.9   3.5
//	English, 39,700   0.1   0.0   9.6
//	Japanese, 18,800  0.5   0.6   3.1
//
// The place for a closer has to be waited for, so it is due before the post had it. The mean number of words
// (characters, in the last three) in a pair: of posts, of 5,000 drafts, and of drafts where it is due
// half as many tokens later in any case, or only as many tokens later as in the post:
//
//	                  posts  drafts  half  whole
//	English, 6,400    5.9    9.3     9.0   11.7
//	English, 2,300    4.4    9.8     9.7   11.5
//	German, 8,000     3.8    6.0     6.0   7.4
//	German, 11,100    4.8    6.1     6.0   7.7
//	French, 10,700    4.1    5.3     5.3   7.8
//	Japanese, 9,500   8.9    9.0     7.9   12.3
//	Japanese, 15,200  20.8   14.1    11.5  18.0
//	Korean, 13,400    6.9    9.2     8.9   12.4
//
// A short pair was due at once, and so, where a single post had (), empty ones came of others. The number of empty
// pairs in 8,000 drafts of three Japanese accounts, now and then, and in as many posts: 8, 147 and 10; 54, 215 and
// 29; 4, 6 and 3.
//
// Fewer pairs have the end of a sentence in them, too: 6 to 29 %, where posts have 1 to 14 and drafts with closers
// due as late as in posts 10 to 37. The voices of thirteen accounts are the same, within 0.006.
const (
	widest  = 256 // tokens at most from a bracket to what closes it, so that an enormous post costs no more
	early   = 8   // tokens at most by which a closer is due before its post had it
	deepest = 16  // pairs that may be open in a post, as for text.Balanced
)

// pair tells how a bracket is closed in the post that it was drawn from.
type pair struct {
	closer *word // nil if it is not closed
	span   int   // tokens from the bracket to its closer
}

// opening is a bracket that is open in a draft.
type opening struct {
	closers string // the characters that may close it
	closer  *word  // the token that will close it, from due on; nil if none is known
	due     int    // tokens of the draft before the closer
}

// pairAt returns how the bracket at a place of a model is closed in its post.
func (g *Generator) pairAt(source, place int, b bracket) pair {
	m := g.trail.models[source]
	open := b.apply(nil)
	for span := 1; span <= widest; span++ {
		var id int
		if id, place = m.After(place); id == model.Mark {
			break
		}
		b := g.trail.bracket(source, id)
		if b.rune == 0 {
			continue
		}
		if !b.fits(open, len(m.Gap(id, place)) > 0, deepest) {
			break
		}
		if open = b.apply(open); len(open) == 0 {
			return pair{g.trail.word(source, id), span}
		}
	}
	return pair{}
}

// somePair returns how a bracket that was not drawn is closed in one of the posts that have it.
func (g *Generator) somePair(w *word) (p pair) {
	for range draws {
		source, entry := g.occurrence(w.all)
		if p = g.pairAt(source, g.trail.models[source].Place(entry), w.bracket); p.closer != nil {
			break
		}
	}
	return p
}

// opens reports whether s would open a bracket.
func (g *Generator) opens(s *step) bool {
	return s.role.closers != "" && !s.role.closes(g.open())
}

// unbalances reports whether s would be, or would leave, a bracket or quote without its partner.
func (g *Generator) unbalances(s *step) bool {
	fits := s.role.fits(g.open(), s.gap != "" || len(g.steps) == 0, nesting)
	return !fits || g.afterQuote() && !s.followsQuote(g.inQuote()) || g.neverCloses(s) || g.neverOpened(s)
}

// afterQuote reports whether the last token is a straight quote.
func (g *Generator) afterQuote() bool {
	n := len(g.steps)
	return n > 0 && g.steps[n-1].bracket.rune == '"'
}

// inQuote reports whether the innermost open bracket is a straight quote.
func (g *Generator) inQuote() bool {
	open := g.open()
	return len(open) > 0 && open[len(open)-1].closers == `"`
}

// neverCloses reports whether s opens a bracket in vain: one that the post it was drawn from leaves
// open, or „, with which text.Balanced calls no text balanced.
func (g *Generator) neverCloses(s *step) bool {
	return !g.alone() && g.opens(s) && (s.entry >= 0 && s.pair.closer == nil || s.role.rune == '„')
}

// neverOpened reports whether s is a ’ that closes nothing in the draft, but closes a quote in the post
// that it was drawn from, and so is no apostrophe.
func (g *Generator) neverOpened(s *step) bool {
	if s.role.rune != '’' || g.alone() || s.entry < 0 || s.role.closes(g.open()) {
		return false
	}
	m := g.trail.models[s.source]
	_, place := m.Next(s.entry, s.order)
	for opened, n := 0, 0; n < widest; n++ {
		var id int
		if id, place = m.Before(place); id == model.Mark {
			break
		}
		switch g.trail.bracket(s.source, id).rune {
		case '’':
			opened--
		case '‘', '‚':
			opened++
		}
		if opened > 0 {
			return true
		}
	}
	return false
}

// openAfter returns what is open after s.
func (g *Generator) openAfter(s *step) []opening {
	open := s.role.apply(g.open())
	if g.opens(s) {
		last := &open[len(open)-1]
		last.closer, last.due = s.pair.closer, len(g.steps)+max(s.pair.span/2, s.pair.span-early, min(s.pair.span, 2))
	}
	return open
}

// drawClosing draws what closes the innermost bracket, if that is due and a context allows it.
func (g *Generator) drawClosing(s *step) bool {
	open := g.open()
	if len(open) == 0 {
		return false
	}
	innermost := open[len(open)-1]
	if innermost.closer == nil || len(g.steps) < innermost.due {
		return false
	}
	if g.tag().long() || g.inFace() {
		return false // what closes the bracket may come after the hashtag, or goes on with the face
	}
	contexts := g.trail.last()
	if g.trail.before(contexts[0], 1, innermost.closer).Len() == 0 {
		return false // nor after a longer one
	}
	for k := min(g.opt.Order, len(contexts)); k > 0; k-- {
		closing := g.trail.before(contexts[k-1], k, innermost.closer)
		if closing.Len() == 0 || !g.closesOften(contexts[k-1], closing, innermost.closer) {
			continue
		}
		if g.drawFrom(s, closing, k, draws) == allowed && s.role.closes(open) {
			return true
		}
	}
	return false
}

// closesOften reports whether a closer follows a context at least as often as it follows tokens in
// general. closing is the part of the context after which it comes next.
func (g *Generator) closesOften(context, closing span, closer *word) bool {
	return float64(closing.Len())*g.total >= float64(context.Len())*float64(closer.all.Len())
}
