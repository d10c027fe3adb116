package markov

import (
	"testing"

	"horsepipe/pkg/text"
)

// A straight quote looks the same at both ends of what it quotes: white space tells which it is.
func TestQuoted(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"", true}, {`"a" b`, true}, {`a "b", c "d".`, true}, {`say "a (b)"`, true}, {`("a")`, true}, {`"a"— b`, true}, {`"a"😀`, true}, {`"a":)`, true},
		{`他说"你好"了`, true}, {`"a" "b"`, true},
		{`"a"b`, false}, {`"a"#b`, false}, {`" a" b`, false}, {`a " b" c`, false}, {`"a" "b"c`, false}, {`"a"5`, false},
	} {
		var steps []step
		for _, tok := range text.SplitUnits(c.text) {
			w := &word{text: tok.Text, kind: text.KindOf([]byte(tok.Text))}
			w.bracket.rune, w.bracket.closers = text.Bracket([]byte(tok.Text))
			steps = append(steps, step{word: w, gap: tok.Gap})
		}
		if got := quoted(steps); got != c.want {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
	}
}
