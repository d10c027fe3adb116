package markov

import (
	"slices"
	"unicode"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// # Hashtags
//
// In Chinese, Japanese and Korean each character of a hashtag is a token, and in Thai and its neighbours
// each grapheme cluster, so a walk over short contexts would forget that it is in one, and never come out
// where it ends: #東京 would become #東京へ行った. So inside such a tag the context is the tag so far, from
// its # on, and nothing shorter: drafts have the tags of posts, followed by what has followed them. A tag
// that is longer than the bound on copies stands in no draft.
//
// The share of texts with such a tag, in percent: of the posts; of 10,000 drafts, and those with a tag
// that no post has; and of as many without this rule:
//
//	                  posts  with       without
//	Korean, 26,700     2.1    1.6  0.0   1.9   1.1
//	Japanese, 57,700   1.3    0.8  0.0   2.1   2.1
//	Japanese, 34,200   1.1    0.5  0.0   1.6   1.5
//	Chinese, 4,600     1.6    0.8  0.0   1.2   1.2
//
// A walk that has come from tag to tag has forgotten whether the draft has words already. So where a draft
// is nothing but hashtags, the walk goes back from its end (ends.go). The share of such texts, in percent,
// of the posts, of 20,000 drafts, and of as many without this rule: Korean 0.5, 3.1, 7.7; 0.8, 0.8, 4.0;
// 0.7, 1.1, 2.1; 0.4, 0.2, 1.1. Of an account that writes so often, they are fewer than of its posts:
// German and English 10.6, 0.2, 1.7.

// tag is the hashtag that a draft ends in.
type tag struct {
	places span // where posts have it, up to here
	tokens int  // 0: the draft does not end in a hashtag
}

// long reports whether the hashtag has more tokens than its first, so that contexts may leave it out.
func (t tag) long() bool { return t.tokens > 1 }

// bareHash reports whether a token is the # of a hashtag of one of these scripts.
func bareHash(s string) bool { return s == "#" || s == "＃" }

// goesOnTag reports whether r belongs to the hashtag that it follows.
func goesOnTag(r rune) bool {
	return r == '_' || r == '・' || unicode.In(r, unicode.L, unicode.M, unicode.Nd)
}

// tagAfter returns the hashtag that the draft ends in after s.
func (g *Generator) tagAfter(s *step) tag {
	if s.kind == text.Hashtag || bareHash(s.text) {
		return tag{s.all, 1}
	}
	before := g.tag()
	if before.tokens == 0 || before.tokens == model.Depth-2 || s.gap != "" || !goesOnTag(firstRune(s.text)) {
		return tag{}
	}
	after := tag{make(span, len(before.places)), before.tokens + 1}
	for i, iv := range before.places {
		after.places[i] = g.trail.next(i, iv, before.tokens, s.word)
	}
	if after.places.Len() == 0 {
		return tag{}
	}
	return after
}

// divides reports whether white space divides the hashtag that the draft ends in where it stands in a
// post, before a place of a model: contexts say nothing of white space.
func (g *Generator) divides(m *model.Model, place int) bool {
	for n := g.tag().tokens; n > 1; n-- {
		var id int
		if id, place = m.Before(place); len(m.Gap(id, place)) > 0 {
			return true
		}
	}
	return false
}

// tagsLeft reports whether s, drawn before the tokens of grown, would make a hashtag of what has not
// been drawn as one. It may stand before a wanted word that follows it in a post: then the walk to the
// right ends the hashtag.
func (g *Generator) tagsLeft(s step, grown []step) bool {
	last := len(grown) - 1
	if g.alone() || !bareHash(s.text) && !(s.kind == text.Hashtag && solitary(grown[last].text)) {
		return false
	}
	divided := slices.ContainsFunc(grown[:last], func(s step) bool { return s.gap != "" })
	return divided || len(g.chain(append(slices.Clone(grown), s))) <= len(grown)
}

// onlyTags reports whether the draft is nothing but hashtags, with signs between them, and the walk may
// still go back from here to where it can have words.
func (g *Generator) onlyTags() bool {
	if g.alone() || g.returned == returns {
		return false
	}
	for i := range g.steps {
		if s := &g.steps[i]; s.tag.tokens == 0 && s.kind <= text.Number {
			return false
		}
	}
	return true
}

// tag returns the hashtag that the draft ends in.
func (g *Generator) tag() tag {
	if n := len(g.steps); n > 0 && !g.alone() {
		return g.steps[n-1].tag
	}
	return tag{}
}
