package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WordList is a list of words and phrases, for finding texts that contain one of them. Words are
// compared by their [Fold]. Words and phrases are found anywhere in a hashtag, since its words are
// written together, or with _ between them; in other tokens words are found between signs, since
// "so.fool" is one token. Each character of Chinese, Japanese and Korean is a word of its own (see
// [Units]), but a single one of Korean or katakana is not found inside a token: it is a part of too many
// words. A nil list is empty. Several goroutines may use a list at once.
type WordList struct {
	words   map[string]bool
	phrases map[string][][]string // by their first words
	tags    []string              // all of them, each as it may stand in a hashtag
	entries int
}

// NewWordList returns a list of words and phrases, one for each entry. It ignores empty entries,
// and a # before one.
func NewWordList(entries []string) *WordList {
	l := &WordList{words: map[string]bool{}, phrases: map[string][][]string{}}
	for _, e := range entries {
		ts := foldedUnits(Split(strings.TrimLeft(visible(Normalise(e)), "#＃")))
		if len(ts) == 0 {
			continue
		}
		l.entries++
		var joined, parted strings.Builder
		for i, t := range ts {
			if i > 0 && t.Gap != "" {
				parted.WriteByte('_')
			}
			parted.WriteString(t.Text)
			joined.WriteString(t.Text)
		}
		l.tags = append(l.tags, joined.String())
		if joined.Len() < parted.Len() {
			l.tags = append(l.tags, parted.String())
		}
		if len(ts) == 1 {
			l.words[joined.String()] = true
			continue
		}
		ws := pieces(ts)
		l.phrases[ws[0]] = append(l.phrases[ws[0]], ws)
	}
	return l
}

// Len is the number of words and phrases.
func (l *WordList) Len() int {
	if l == nil {
		return 0
	}
	return l.entries
}

// HasWord tells whether a token is, or contains as described above, a word of the list. It looks
// for phrases in hashtags only.
func (l *WordList) HasWord(token string) bool {
	if l.Len() == 0 {
		return false
	}
	f := strings.TrimSpace(Fold(visible(token))) // that of ´ begins with a space
	if l.words[f] {
		return true
	}
	switch KindOf([]byte(token)) {
	case Hashtag:
		return slices.ContainsFunc(l.tags, func(w string) bool { return strings.Contains(f, w) })
	case Word, Link, Mention:
		return slices.ContainsFunc(parts(f), func(w string) bool { return l.words[w] || l.words[bare(w)] })
	}
	return false
}

// HasUnit is HasWord for one of the [Units] of a text. It leaves a character of Korean or katakana to
// [WordList.Has], since it may be a part of a longer word.
func (l *WordList) HasUnit(unit string) bool { return !spaced(unit) && l.HasWord(unit) }

// parts is what is between the signs of a folded token: the words of "a.word", "this:that" and
// "a_word". Apostrophes, all of which are ' now, are parts of words.
func parts(token string) []string {
	return strings.FieldsFunc(token, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && r != '\''
	})
}

// bare is a word without what is written right behind it: the fool of "fool's" and "fool'll" and, with a Korean
// particle, of "fool은".
func bare(word string) string {
	if i := strings.LastIndexByte(word, '\''); i > 0 {
		switch word[i:] {
		case "'s", "'d", "'ll", "'m", "'re", "'ve":
			word = word[:i]
		}
	}
	return strings.TrimRightFunc(word, Solitary)
}

// visible is a text without characters that readers do not see and that change no letter: with them, a word
// would look like one of the list and not be found.
func visible(s string) string {
	if !strings.ContainsAny(s, unseen) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(unseen, r) {
			return -1
		}
		return r
	}, s)
}

// unseen is the soft hyphen, the zero-width space, the marks of direction and the word joiner.
const unseen = "\u00ad\u200b\u200e\u200f\u2060"

// Has tells whether a text contains a word or a phrase of the list.
func (l *WordList) Has(s string) bool {
	if l.Len() == 0 {
		return false
	}
	tokens := Split(visible(s))
	return slices.ContainsFunc(tokens, func(t Token) bool { return l.HasWord(t.Text) }) || l.hasPhrase(tokens)
}

// hasPhrase tells whether the tokens of a text contain a phrase of the list.
func (l *WordList) hasPhrase(tokens []Token) bool {
	if len(l.phrases) == 0 {
		return false
	}
	ws := pieces(foldedUnits(tokens))
	for i, w := range ws {
		for _, p := range l.phrases[w] {
			if last := len(p) - 1; i+last < len(ws) && slices.Equal(ws[i:i+last], p[:last]) &&
				(ws[i+last] == p[last] || bare(ws[i+last]) == p[last]) {
				return true
			}
		}
	}
	return false
}

// foldedUnits is the units of folded tokens. In units, a word of several Korean or Japanese characters
// is a phrase, and is so found inside longer ones: with a particle at its end, or in a compound. Tokens
// are folded one by one: a sign such as ™, which folds to letters, would become part of the word before it.
func foldedUnits(tokens []Token) (units []Token) {
	for _, t := range tokens {
		for i, u := range SplitUnits(Fold(t.Text)) {
			if i == 0 {
				u.Gap = t.Gap
			}
			units = append(units, u)
		}
	}
	return units
}

// pieces is the words and marks of folded units, as phrases are compared: of words that signs join,
// each by itself; of a hashtag, what follows its #. White space between two characters of Korean or
// katakana is one of them, or the end of a word and the beginning of the next would be a phrase.
func pieces(units []Token) (ws []string) {
	for i, u := range units {
		w := u.Text
		if i > 0 && u.Gap != "" && spaced(w) && spaced(units[i-1].Text) {
			ws = append(ws, " ")
		}
		switch KindOf([]byte(w)) {
		case Word, Link, Mention:
			if ps := parts(w); len(ps) > 0 {
				ws = append(ws, ps...)
				continue
			}
		case Hashtag:
			w = strings.TrimPrefix(w, "#")
		}
		ws = append(ws, w)
	}
	return ws
}

// spaced tells whether a unit is a character of a script that puts white space between words.
func spaced(unit string) bool {
	r, _ := utf8.DecodeRuneInString(unit)
	return unicode.In(r, unicode.Hangul, unicode.Katakana)
}
