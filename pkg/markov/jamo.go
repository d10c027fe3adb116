package markov

import "horsepipe/pkg/model"

// # Laughter and tears of Korean
//
// Korean laughs, cries and frowns in single letters, ㅋㅋㅋ, ㅠㅠ or ㅡ.ㅡ, of which each is a token. A walk
// over short contexts would go on after the first one as posts do after the last. But one ㅋ is another
// tone than two, and one ㅡ is half a face. So after a letter that is alone in the draft comes another
// one, or what has followed one that is alone in a post.
//
// The share of texts with a letter that stands alone between white space, in percent: of the posts; of
// 20,000 drafts, and of as many without this rule:
//
//	                posts  with  without
//	Korean, 17,200  0.14   0.20  9.91
//	Korean, 26,500  3.77   4.68  7.65
//	Korean, 26,700  0.07   0.04  0.57
//	Korean, 48,300  1.47   1.53  1.80
//
// Names and phrases are written in their first letters alone, such as ㅎㄷㄷ. They have to go on as in a post.
// The share of texts with several different letters in a row, in percent: of the posts; of 20,000 drafts, and
// those with a row that no post has; and of as many without this rule:
//
//	                posts  with        without
//	Korean, 17,200  0.73   0.62  0.18  0.93  0.47
//	Korean, 26,700  0.27   0.29  0.14  0.32  0.28
//	Korean, 48,300  1.37   1.19  0.27  1.40  0.45

// A tail is the last tokens of a text, the last one first.
type tail [4]struct {
	text   string
	joined bool // no white space is before it
}

// afterJamo reports whether one of the last two tokens of the draft is a letter of Korean.
func (g *Generator) afterJamo() bool {
	n := len(g.steps)
	return n > 0 && (g.steps[n-1].jamo || n > 1 && g.steps[n-2].jamo)
}

// breaksOff reports whether the draft ends in half of laughter or of a face and s, drawn at a place of a
// model, neither goes on with another letter nor follows such a half there.
func (g *Generator) breaksOff(s *step, m *model.Model, place int) bool {
	var ours, theirs tail
	for i, n := 0, len(g.steps); i < min(n, len(ours)); i++ {
		last := &g.steps[n-1-i]
		ours[i].text, ours[i].joined = last.text, last.gap == ""
	}
	half := ours.half()
	if half == 0 || s.gap == "" && s.jamo {
		return false
	}
	for i := range theirs {
		id, at := m.Before(place)
		if id == model.Mark {
			break
		}
		theirs[i].text, theirs[i].joined = g.trail.word(s.source, id).text, len(m.Gap(id, at)) == 0
		place = at
	}
	return half != theirs.half()
}

// widestName is how many letters of a name are looked at.
const widestName = 4

// partsLetters reports whether the draft ends in several letters that s, or the end, does not go on with as in
// a post. Laughter of three letters or more may go on with any word.
func (g *Generator) partsLetters(s *step) bool {
	first, n := len(g.steps), len(g.steps)
	for first > max(0, n-widestName) && g.steps[first-1].jamo && (first == n || g.steps[first].gap == "") {
		first--
	}
	letters := g.steps[first:]
	if len(letters) < 2 || g.alone() { // release 1.0 did not look for them
		return false
	}
	mixed := s.jamo && s.gap == "" && s.text != letters[0].text
	for i := range letters {
		mixed = mixed || letters[i].text != letters[0].text
	}
	if len(letters) > 2 && !mixed {
		return false
	}
	return !g.trail.learned(first+1, s.word)
}

// half is how many tokens a text ends in that are half of laughter or of a face: a letter alone, and
// perhaps a mouth.
func (t *tail) half() int {
	n := 0
	if t[n].joined && isMouth(t[n].text) {
		n++
	}
	switch {
	case !isJamo(t[n].text):
		return 0
	case t[n].joined && (isJamo(t[n+1].text) || n+2 < len(t) && isMouth(t[n+1].text) && t[n+1].joined && isJamo(t[n+2].text)):
		return 0
	}
	return n + 1
}

// isJamo reports whether a token is a letter of Korean that is no syllable.
func isJamo(s string) bool {
	r := firstRune(s)
	return r >= 'ㄱ' && r <= 'ㆎ'
}

// isMouth reports whether a token is what faces such as ㅠ.ㅠ have between two letters.
func isMouth(s string) bool { return s == "." || s == "_" }
