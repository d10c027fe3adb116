package text

import (
	"slices"
	"strings"
	"unicode"
)

// WordList is a list of words and phrases, for finding texts that contain one of them. Words are
// compared by their [Fold]. They are found anywhere in a hashtag, since its words are written
// together; in other tokens they are found between signs, since "so.fool" is one token. A nil list
// is empty. Several goroutines may use a list at once.
type WordList struct {
	words   map[string]bool
	phrases map[string][][]string // by their first words
}

// NewWordList returns a list of words and phrases, one for each entry. It ignores empty entries,
// and a # before one.
func NewWordList(entries []string) *WordList {
	l := &WordList{words: map[string]bool{}, phrases: map[string][][]string{}}
	for _, e := range entries {
		switch ws := folded(strings.TrimLeft(Normalise(e), "#＃")); len(ws) {
		case 0:
		case 1:
			l.words[ws[0]] = true
		default:
			l.phrases[ws[0]] = append(l.phrases[ws[0]], ws)
		}
	}
	return l
}

// Len is the number of words and phrases.
func (l *WordList) Len() int {
	if l == nil {
		return 0
	}
	n := len(l.words)
	for _, p := range l.phrases {
		n += len(p)
	}
	return n
}

// HasWord tells whether a token is, or contains as described above, a word of the list. It does not
// look for phrases.
func (l *WordList) HasWord(token string) bool {
	if l == nil || len(l.words) == 0 {
		return false
	}
	f := Fold(token)
	if l.words[f] {
		return true
	}
	switch KindOf([]byte(token)) {
	case Hashtag:
		for w := range l.words {
			if strings.Contains(f, w) {
				return true
			}
		}
	case Word, Link, Mention:
		return slices.ContainsFunc(parts(f), func(w string) bool { return l.words[w] })
	}
	return false
}

// parts is what is between the signs of a folded token: the words of "a.word", "this:that" and
// "a_word", and the owner in "word's". Other apostrophes, all of which are ' now, are parts of words.
func parts(token string) []string {
	all := strings.FieldsFunc(token, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && r != '\''
	})
	for i, w := range all {
		all[i] = strings.TrimSuffix(w, "'s")
	}
	return all
}

// Has tells whether a text contains a word or a phrase of the list.
func (l *WordList) Has(s string) bool {
	if l.Len() == 0 {
		return false
	}
	for _, t := range Split(s) {
		if l.HasWord(t.Text) {
			return true
		}
	}
	return l.hasPhrase(s)
}

// hasPhrase tells whether a text contains a phrase of the list.
func (l *WordList) hasPhrase(s string) bool {
	if l == nil || len(l.phrases) == 0 {
		return false
	}
	ws := folded(s)
	for i, w := range ws {
		for _, p := range l.phrases[w] {
			if i+len(p) <= len(ws) && slices.Equal(ws[i:i+len(p)], p) {
				return true
			}
		}
	}
	return false
}

// folded is the tokens of a text, folded.
func folded(s string) []string {
	var ws []string
	for _, t := range Split(s) {
		ws = append(ws, Fold(t.Text))
	}
	return ws
}
