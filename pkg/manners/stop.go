package manners

import (
	_ "embed"
	"slices"
	"strings"

	"horsepipe/pkg/text"
)

// StopWords know when a person says stop.
//
// A post says stop if all of it, without names, links, emoji and marks, is made of stop phrases and of words of
// politeness ("please", "now", "bot"), or if one of its sentences or parts between commas is, outside of
// quotation marks. So "@bot STOP!!", "stop, please", "Ok. Stop replying to me. You are a bot." and "#stop" do, and "does the bus stop here?",
// "next stop: Paris", "non-stop" and `he said "stop"` do not. Where that errs, as with "Stop, look and listen", it errs
// towards silence: an answer less costs nothing.
//
// Words are compared as [text.Fold] does. Accents are not left out by themselves, and the built-in phrases have both ways of writing.
type StopWords struct {
	phrases map[string][]phrase // by their first word
}

// phrase is a sequence of words. One that does not stop stands beside one that does.
type phrase struct {
	words []string
	stop  bool
}

// maxCommand is the most words that a command has. Each of several scripts' characters is a word.
const maxCommand = 24

// builtin are phrases in many languages, one a line; those that begin with a + are words of politeness.
//
//go:embed stop.txt
var builtin string

// NewStopWords knows the built-in phrases and some more.
func NewStopWords(more []string) *StopWords {
	s := &StopWords{phrases: map[string][]phrase{}}
	for line := range strings.Lines(builtin) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			polite, ok := strings.CutPrefix(line, "+")
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

// Said tells whether a post says stop.
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

// ends tells whether a part of a post ends before a token.
func ends(t text.Token) bool {
	return strings.Contains(t.Gap, "\n") || text.KindOf([]byte(t.Text)) == text.Mark && strings.ContainsAny(t.Text, ".!?…,;。！？，、；؟،")
}

func quotes(t text.Token) bool {
	return strings.ContainsAny(t.Text, "\"“”„‟«»「」『』‹›＂")
}

// words are the words of a text, folded; those of a hashtag are one.
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

// command tells whether words are phrases from the first to the last, and one of these a stop.
func (s *StopWords) command(ws []string) bool {
	if len(ws) == 0 || len(ws) > maxCommand {
		return false
	}
	const reached, stopped = 1, 2
	state := make([]uint8, len(ws)+1) // of the words before
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
