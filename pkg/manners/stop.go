package manners

import (
	_ "embed"
	"slices"
	"strings"

	"horsepipe/pkg/text"
)

// StopWords recognises when a person says stop. Its methods may be called by several goroutines.
//
// A post says stop if, without names, links, emoji and marks, it consists of stop phrases and words
// of politeness ("please", "now", "bot"), or if one of its sentences, or parts between commas, does
// and has no quotation mark. So "@bot STOP!!", "stop, please", "Ok. Stop replying to me. You are a
// bot." and "#stop" say stop; "does the bus stop here?", "next stop: Paris", "non-stop" and `he
// said "stop"` do not. Where this errs, as with "Stop, look and listen", it errs towards silence:
// one answer less does no harm.
//
// Words are compared as [text.Fold] does, which keeps accents; the built-in phrases have both
// spellings.
type StopWords struct {
	phrases map[string][]phrase // by their first word
}

// phrase is a sequence of words. One without stop may only stand beside one that says stop.
type phrase struct {
	words []string
	stop  bool
}

// maxCommand is the most words that a command has. Each character of some scripts is a word.
const maxCommand = 24

// builtin holds phrases in many languages, one a line; those that begin with + are words of politeness.
//
//go:embed stop.txt
var builtin string

// NewStopWords returns the built-in phrases and some more.
func NewStopWords(more []string) *StopWords {
	s := &StopWords{phrases: map[string][]phrase{}}
	for line := range strings.Lines(builtin) {
		if polite, ok := strings.CutPrefix(line, "+"); !strings.HasPrefix(line, "#") {
			s.add(polite, !ok)
		}
	}
	for _, m := range more {
		s.add(m, true)
	}
	return s
}

func (s *StopWords) add(line string, stop bool) {
	if ws := words(text.Split(line)); len(ws) > 0 {
		s.phrases[ws[0]] = append(s.phrases[ws[0]], phrase{ws, stop})
	}
}

// Said reports whether a post says stop.
func (s *StopWords) Said(post string) bool {
	if s == nil {
		return false
	}
	tokens := text.Split(post)
	if s.command(words(tokens)) {
		return true
	}
	for len(tokens) > 0 {
		end := slices.IndexFunc(tokens[1:], ends) + 1
		if end == 0 {
			end = len(tokens)
		}
		if part := tokens[:end]; !slices.ContainsFunc(part, quotes) && s.command(words(part)) {
			return true
		}
		tokens = tokens[end:]
	}
	return false
}

// ends reports whether a part of a post ends before a token.
func ends(t text.Token) bool {
	return strings.Contains(t.Gap, "\n") || text.KindOf([]byte(t.Text)) == text.Mark && strings.ContainsAny(t.Text, ".!?…,;。！？，、；؟،")
}

func quotes(t text.Token) bool {
	return strings.ContainsAny(t.Text, "\"“”„‟«»「」『』‹›＂")
}

// words returns the words of a text, folded; a hashtag is one word.
func words(tokens []text.Token) (ws []string) {
	for _, t := range tokens {
		switch text.KindOf([]byte(t.Text)) {
		case text.Word, text.Number:
			ws = append(ws, text.Fold(t.Text))
		case text.Hashtag:
			ws = append(ws, text.Fold(strings.TrimLeft(t.Text, "#＃")))
		case text.Cashtag:
			ws = append(ws, t.Text)
		}
	}
	return ws
}

// command reports whether the words consist of phrases and at least one of these says stop.
func (s *StopWords) command(ws []string) bool {
	if len(ws) > maxCommand {
		return false
	}
	const reached, stopped = 1, 2
	state := make([]uint8, len(ws)+1) // for each number of words: whether phrases make them up, and with a stop
	state[0] = reached
	for i := range ws {
		if state[i] == 0 {
			continue
		}
		for _, p := range s.phrases[ws[i]] {
			if end := i + len(p.words); end <= len(ws) && slices.Equal(ws[i:end], p.words) {
				state[end] |= state[i]
				if p.stop {
					state[end] |= stopped
				}
			}
		}
	}
	return state[len(ws)]&stopped != 0
}
