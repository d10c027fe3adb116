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
	none, left, right, both := sides{}, sides{left: true}, sides{right: true}, sides{true, true}
	for _, c := range []struct {
		word string
		at   sides
		want string
	}{
		{"a", both, "[a]"}, {"日", both, "[日]"}, {"foo:", both, "[foo :]"}, {"(a", both, "[( a]"}, {"x=1", both, "[x = 1]"},
		{":)", both, "[: )] [:)]"}, {":)", left, "[: )] [:)]"}, {":)", right, "[: )] [:)]"}, {":)", none, "[:)]"},
		{"#a", left, "[# a] [#a]"}, {"#a", right, "[#a]"}, {"#1", left, "[# 1]"}, {"#1", right, "[# 1] [#1]"},
		{";(;", left, "[; (;] [;( ;]"}, {";(;", right, "[;( ;]"}, {";(;", both, "[; ( ;] [; (;] [;( ;]"},
		{"8)", both, "[8 )] [8)]"}, {"(^_^;)", both, "[( ^_^; )] [(^_^;)]"},
	} {
		if got := strings.Trim(fmt.Sprint(g.readingsOf(c.word, c.at)), "[]"); "["+got+"]" != c.want {
			t.Errorf("%s is read as [%s], want %s: %+v", c.word, got, c.want, c.at)
		}
	}
	for i := range 3 * remembered {
		g.readingsOf(fmt.Sprint(":", i), both)
	}
	if n := len(g.readings); n > remembered {
		t.Errorf("the readings of %d words are remembered", n)
	}
}

func TestTouched(t *testing.T) {
	const l, r = 1, 2
	for run, want := range map[string][]int{":)": {l | r}, "a :) b": {l, 0, r}, "日 :) b": {l, l, r}, "a :) 日": {l, r, r}, "a 한 :)": {l | r, 0, l | r}} {
		words := strings.Fields(run)
		for i := range words {
			if got := touched(words, i); got != (sides{want[i]&l != 0, want[i]&r != 0}) {
				t.Errorf("%q: %s may be beside a character at %+v", words, words[i], got)
			}
		}
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
				if len(g.readingsOf(w, sides{true, true})) < 2 {
					t.Fatalf("%q is read as %q, %q, %q", w, alone, after, before)
				}
			}
		}
	})
	if several < 20 {
		t.Errorf("only %d words", several)
	}
}
