package markov

import (
	"strings"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// # Faces
//
// A face such as (´・ω・｀) is one token after white space, but right after a word, as in Japanese, each of
// its signs is one, and a walk over short contexts would put other faces together: (´・ω・ω), (´). So
// signs that begin such a face have to go on as in a post, up to the bracket that closes it. Nor is that bracket
// due there (pairs.go): some post has (´) once, and so 111 of 20,000 Japanese drafts had it.
//
// The signs of ;-) are tokens there, too, and those of ;ω; and ;ㅅ; everywhere. So only what follows ;- or ;ω
// in a post may follow it.
//
// The share of texts with a face in brackets, in percent: of the posts; of 5,000 drafts, and those with
// one that no post has; and of as many without this rule:
//
//	                  posts  with        without
//	Japanese, 21,200  6.7    9.4   0.00  9.8   2.68
//	Japanese, 27,900  2.0    1.3   0.02  1.4   0.64
//	Japanese, 19,300  0.6    0.3   0.00  0.3   0.14
//
// The same of faces such as ;ㅅ; with both eyes, and of those without the second one, of 20,000 drafts:
//
//	                  posts        with         without
//	Korean, 48,300    0.75  0.01   0.42  0.00   0.22  0.29
//	Japanese, 34,200  0.19  0.01   0.10  0.02   0.09  0.12

// widestFace is how many tokens of a face are looked at.
const widestFace = 12

// partsFace reports whether s would make a face of the draft that no post has.
func (g *Generator) partsFace(s *step) bool {
	i, n := g.faceAt(), len(g.steps)
	switch {
	case i < 0:
		return false
	case i == n-1:
		if !s.facial() || s.kind != text.Mark {
			return false
		}
	case i == n-2 && !s.facial() && !s.role.closes(g.open()):
		return false // these are words after a mark
	}
	return !g.trail.learned(i+1, s.word)
}

// inFace reports whether the draft ends in a bracket and the first signs of what may be a face.
func (g *Generator) inFace() bool {
	i := g.faceAt()
	return i >= 0 && i < len(g.steps)-1
}

// faceAt is the index of the bracket that may begin a face at the end of the draft, or -1.
func (g *Generator) faceAt() int {
	n := len(g.steps)
	if g.alone() { // release 1.0 did not look for them
		return -1
	}
	for i := n - 1; i >= max(0, n-widestFace); i-- {
		switch b := &g.steps[i]; {
		case b.text == "(" || b.text == "（":
			if i < n-1 && g.steps[i+1].kind != text.Mark {
				return -1
			}
			return i
		case !b.facial():
			return -1
		}
	}
	return -1
}

// halves reports whether the draft ends in the eye and the nose of :-) or in the eye and the mouth of ;ω; or
// ;ㅅ; that s, or the end, does not go on with as in a post. The ) of ;-) closes nothing, so without this a word
// would follow the nose.
func (g *Generator) halves(s *step) bool {
	n := len(g.steps)
	if n < 2 || g.steps[n-1].gap != "" || g.alone() { // release 1.0 did not look for them
		return false
	}
	eye, last := &g.steps[n-2], &g.steps[n-1]
	switch {
	case last.text == "-" && (eye.text == ";" || eye.text == ":"):
	case eye.kind == text.Mark && eye.bracket.rune == 0 && (last.jamo || strings.Contains("ωдД∀", last.text)):
	default:
		return false
	}
	return !g.trail.learned(n-1, s.word)
}

// facial reports whether s, joined to what comes before it, may be a part of a face.
func (s *step) facial() bool {
	if s.gap != "" || s.bracket.rune != 0 {
		return false
	}
	return s.kind == text.Mark || !s.solitary && len(s.text) <= utf8.UTFMax && utf8.RuneCountInString(s.text) == 1
}
