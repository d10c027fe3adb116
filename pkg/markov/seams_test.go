package markov

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/text"
)

// The words of a text are those that the judge counts.
func TestWordsAreTheJudges(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom(oddWords), rapid.SampledFrom(gapsBetween), rapid.SampledFrom([]string{"カ", "한", "ｶ", "㊗️", "𠀀", "豈", "　"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), ""), "?")
		if got, want := wordsOf(s), judgeWords(s); !slices.Equal(got, want) {
			t.Fatalf("%q has the words %q, want %q", s, got, want)
		}
	})
}

func TestReadings(t *testing.T) {
	g := generator(t, learn(t, number([]string{"a b"})), Defaults())
	for w, want := range map[string]string{
		"a": "[a]", "日": "[日]", ":)": "[:)] [: )]", "8)": "[8 )] [8)]", "(^_^;)": "[( ^_^; )] [(^_^;)]", "foo:": "[foo :]", "(a": "[( a]", "x=1": "[x = 1]",
	} {
		var got []string
		for _, r := range g.readingsOf(w) {
			got = append(got, fmt.Sprint(r))
		}
		slices.Sort(got)
		wants := strings.SplitAfter(want, "]")
		for i := range wants {
			wants[i] = strings.TrimSpace(wants[i])
		}
		wants = wants[:len(wants)-1]
		slices.Sort(wants)
		if !slices.Equal(got, wants) {
			t.Errorf("%s is read as %q, want %q", w, got, wants)
		}
	}
	for i := range 3 * remembered {
		g.readingsOf(fmt.Sprint(":", i))
	}
	if n := len(g.readings); n > remembered {
		t.Errorf("the readings of %d words are remembered", n)
	}
}

// Words that need no look have one reading: no other sign than those that are looked for makes several.
func TestOnlyFacesHaveSeveralReadings(t *testing.T) {
	several := 0
	pieces := append(strings.Split("ab8:;=^<>()（）¯\\/|-_'.,~*@#$%&+!?\"[]{}DPpOoSsXxTtUu0123…～・ω´｀°￣ಠಥ•¬", ""),
		"l'été", "don't", "U.S.", "50%", "👍", "🏴", "1984", "한국어", "カタカナ", "語")
	g := generator(t, learn(t, number([]string{"a b"})), Defaults())
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		for range 100 {
			s := ""
			for range 1 + r.IntN(6) {
				s += one(r, pieces)
			}
			for _, w := range wordsOf(text.Normalise(s)) {
				const other = "日"
				after, before, alone := split(other+w), split(w+other), split(w)
				if slices.Equal(alone, after[1:]) && slices.Equal(alone, before[:len(before)-1]) {
					continue
				}
				several++
				if len(g.readingsOf(w)) < 2 {
					t.Fatalf("%q is read as %q, %q, %q", w, alone, after, before)
				}
			}
		}
	})
	if several < 20 {
		t.Errorf("only %d words", several)
	}
}
