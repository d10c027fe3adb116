package manners

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStopWords(t *testing.T) {
	said := []string{
		"stop", "@bot stop", "@bot STOP!!", "Stop.", "please stop", "@a @bot Stop it now, please 🙏", "ok stop", "stop stop stop", "#stop", "#STOP", "＃stop", "nice try\nstop", "stop " + strings.Repeat("now ", maxCommand-1), "ｓｔｏｐ", "“stop”",
		"stop replying to me", "Stop! You are annoying me.", "You are a bot, right? Stop replying to me", "you stupid thing, leave me alone", "don’t reply to me",
		"Don't talk to me ever again", "@bot\nnice try\nstop\nbye", "stop @bot", "stop https://example.org/why", "UNSUBSCRIBE", "stop 🛑", "opt out",
		"arrête", "Arrêtez, s’il vous plaît !", "stop stp", "laisse-moi tranquille", "Ça suffit !", "ne me réponds plus", "bitte hör auf", "Lass mich in Ruhe!",
		"¡basta!", "déjame en paz por favor", "para ya", "pare", "me deixa em paz", "smettila", "lasciami in pace", "hou op", "sluta", "przestań", "СТОП!", "не отвечай мне",
		"dur artık", "rahat bırak", "berhenti", "توقف", "די!", "रुको", "やめて", "やめてください。", "返信しないでください", "停", "请停止", "不要回复我！", "그만해", "답장하지 마세요",
		"can you please stop?", "@bot could you stop replying to me", "please don't reply to me anymore", "dont reply to me", "I said stop!", "I want you to stop", "stop replying to my posts",
		"Lass mich bitte in Ruhe", "hör bitte auf!", "por favor, para", "не пиши мне", "もうやめてください", "请不要再回复我", "그만해 주세요",
		"Stop, look and listen", // errs towards silence
	}
	unsaid := []string{
		"", "@bot", "🛑", "hello", "does the bus stop here?", "next stop: Paris", "At the next stop, turn left", "this is my stop", "non-stop", "nonstop fun", "a full stop",
		"stop 12", "stops", "stopped", "#stopthewar", "why did you stop?", "can you stop the rain?", "could you", "would you stop here?", "I said no", "I can't stop laughing", "don't stop", "please don't stop", "stop the war", "stop sign", "he said \"stop\" and left",
		"\"Stop.\" he said", "« Stop ! » cria-t-il", "the one-stop shop", "please", "now", "you bot", "thanks, bot", "l'arrêt de bus", "arrête-t-il le bus ?", "je m'arrête là où le bus s'arrête",
		"für den Stopp an der Ampel", "para mí", "es para ti", "c'est dur", "Dur !", "shut up lol", "shut up", "para", "Hold op, hvor sjovt", "停车场", "停电了", "バス停", "停まらない", "durch", "stop " + strings.Repeat("now ", maxCommand), "https://stop.example", "$STOP",
		"stop $TSLA", "stop 2.5 km before the bridge",
	}
	s := NewStopWords(nil)
	for _, post := range said {
		if !s.Said(post) {
			t.Errorf("%q says stop", post)
		}
	}
	for _, post := range unsaid {
		if s.Said(post) {
			t.Errorf("%q does not say stop", post)
		}
	}
}

func TestMoreStopWords(t *testing.T) {
	s := NewStopWords([]string{"", "!!", "Red Card", "thanks bot"})
	for post, want := range map[string]bool{"@bot red card!": true, "red card please": true, "thanks bot": true, "a red card": false, "red": false, "stop": true} {
		if got := s.Said(post); got != want {
			t.Errorf("%q: got %v", post, got)
		}
	}
	if (*StopWords)(nil).Said("stop") {
		t.Error("no words stop nobody")
	}
}

// Each built-in phrase is a command by itself, in capitals, beside a name, and with politeness. A
// word of politeness alone is none.
func TestEveryStopWord(t *testing.T) {
	s := NewStopWords(nil)
	for line := range strings.Lines(builtin) {
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			if s.Said(comment) {
				t.Errorf("a comment is taken for a phrase: %q", comment)
			}
			continue
		}
		if line == "" {
			continue
		}
		polite, ok := strings.CutPrefix(line, "+")
		for _, post := range []string{polite, "@bot " + polite + "!", "please " + polite + " now", "hmm. " + polite} {
			if s.Said(post) == ok {
				t.Errorf("%q: got %v", post, !ok)
			}
		}
	}
}

func FuzzStopWords(f *testing.F) {
	for _, post := range []string{"stop", "", "\n.\n", "a, b. stop", "“stop", "やめて。やめて", strings.Repeat("stop ", 100)} {
		f.Add(post)
	}
	s := NewStopWords(nil)
	f.Fuzz(func(t *testing.T, post string) {
		if s.Said(post) != s.Said(post+" ") {
			t.Errorf("%q: white space decides", post)
		}
	})
}

// A sentence with a word that no phrase has is never a command.
func TestStopInASentence(t *testing.T) {
	s := NewStopWords(nil)
	rapid.Check(t, func(t *rapid.T) {
		ws := rapid.SliceOfN(rapid.SampledFrom([]string{"stop", "please", "bus", "the", "now", "basta", "@bot"}), 0, 8).Draw(t, "words")
		at := rapid.IntRange(0, len(ws)).Draw(t, "at")
		sentence := strings.Join(slices.Insert(slices.Clone(ws), at, "zeppelin"), " ")
		if s.Said(sentence) {
			t.Errorf("%q says stop", sentence)
		}
	})
}
