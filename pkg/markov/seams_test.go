package markov

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/text"
)

// wordsOf is the words of a text that are looked up.
func wordsOf(s string) (words []string) {
	g := &Generator{opt: Defaults()}
	g.trail.words = []*word{{}}
	for _, tok := range text.SplitUnits(s) {
		w := &word{text: tok.Text}
		g.judge(w)
		g.trail.words = append(g.trail.words, w)
		g.steps = append(g.steps, step{word: w, gap: tok.Gap})
	}
	for _, w := range g.spoken(joined(g.steps), false, false) {
		words = append(words, w.text)
	}
	return words
}

// The words of a text are those that the judge counts.
func TestWordsAreTheJudges(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom(oddWords), rapid.SampledFrom(gapsBetween), rapid.SampledFrom([]string{"カ", "한", "ｶ", "㊗️", "𠀀", "豈", "　"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), ""), "?")
		s = strings.Map(func(r rune) rune {
			if text.Unspaced(r) {
				return '?' // clusters are more than a character
			}
			return r
		}, s)
		if got, want := wordsOf(s), judgeWords(text.Normalise(s)); !slices.Equal(got, want) {
			t.Fatalf("%q has the words %q, want %q", s, got, want)
		}
	})
}

// Clusters are words, too.
func TestClustersAreWordsOfTexts(t *testing.T) {
	if got, want := wordsOf("ที่OK. ไป:)น้ำ"), strings.Fields("ที่ OK. ไ ป :) น้ำ"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSplits(t *testing.T) {
	none, left, right, both := sides{}, sides{left: true}, sides{right: true}, sides{left: true, right: true}
	all := sides{true, true, true}
	for _, c := range []struct {
		word string
		at   sides
		want string
	}{
		{"a", both, "[a]"}, {"日", both, "[日]"}, {"foo:", both, "[foo :]"}, {"foo:", all, "[foo :] [foo:]"}, {"(a", both, "[( a]"}, {"x=1", both, "[x = 1]"},
		{":)", both, "[: )] [:)]"}, {":)", left, "[: )] [:)]"}, {":)", right, "[: )] [:)]"}, {":)", none, "[:)]"},
		{"#a", left, "[# a] [#a]"}, {"#a", right, "[#a]"}, {"#1", left, "[# 1]"}, {"#1", right, "[# 1] [#1]"},
		{";(;", left, "[; (;] [;( ;]"}, {";(;", right, "[;( ;]"}, {";(;", both, "[; ( ;] [; (;] [;( ;]"},
		{"8)", both, "[8 )] [8)]"}, {"(^_^;)", both, "[( ^_^; )] [(^_^;)]"}, {"OK.", all, "[OK .] [OK.]"}, {"OK.", both, "[OK .]"},
	} {
		if got := strings.Trim(fmt.Sprint(splits(c.word, c.at)), "[]"); "["+got+"]" != c.want {
			t.Errorf("%s is divided as [%s], want %s: %+v", c.word, got, c.want, c.at)
		}
	}
}

// Only those readings of a word are kept that stand in posts.
func TestReadings(t *testing.T) {
	g := generator(t, learn(t, number([]string{"a b", "日:) x", "OK.가 #1"})), Defaults())
	all := sides{true, true, true}
	for w, want := range map[string]string{":)": "[: )]", "OK.": "[OK.]", "#1": "[# 1]", "#2": ""} {
		var got []string
		for _, r := range g.readingsOf(&spoken{text: w, facing: true}, all) {
			var tokens []string
			for _, w := range r {
				tokens = append(tokens, w.text)
			}
			got = append(got, fmt.Sprint(tokens))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is read as %q, want %s", w, got, want)
		}
	}
	for i := range 3 * remembered {
		g.readingsOf(&spoken{text: fmt.Sprint(":", i), facing: true}, sides{left: true})
	}
	if n := len(g.readings); n > remembered {
		t.Errorf("the readings of %d words are remembered", n)
	}
}

func TestTouched(t *testing.T) {
	const l, r = 1, 2
	for run, want := range map[string][]int{":)": {l | r}, "a :) b": {l, 0, r}, "日 :) b": {l, l, r}, "ที่ :) b": {l, l, r}, "a :) 日": {l, r, r}, "a 한 :)": {l | r, 0, l | r}} {
		var words []spoken
		for w := range strings.FieldsSeq(run) {
			words = append(words, spoken{text: w, own: reading{{solitary: solitary(w)}}})
		}
		for i := range words {
			if got := touched(words, i); got != (sides{left: want[i]&l != 0, right: want[i]&r != 0}) {
				t.Errorf("%s: %s may be beside a character at %+v", run, words[i].text, got)
			}
			words[i].signed = true
			if end := i == 0 || i == len(words)-1; touched(words, i).joined != end {
				t.Errorf("%s: %s may be beside a letter that joins: %v", run, words[i].text, !end)
			}
		}
	}
}

// What is known of a part of a run counts only if no word of that part may have several readings.
func TestStandsNowhere(t *testing.T) {
	plain, han := &word{}, &word{solitary: true}
	run := []spoken{ // a :) 日 b, of the tokens a | : | ) | 日 | b
		{own: reading{plain}, first: 1}, {own: reading{plain, plain}, first: 2, facing: true}, {own: reading{han}, first: 4}, {own: reading{plain}, first: 5},
	}
	for part, want := range map[[2]int]bool{{1, 1}: true, {1, 2}: false, {2, 3}: false, {2, 5}: false, {3, 4}: false, {4, 4}: true, {4, 5}: true, {5, 5}: true} {
		absent := make([]int, 6)
		for i := part[1]; i < len(absent); i++ {
			absent[i] = part[0]
		}
		g := &Generator{}
		g.trail.guards = []guard{{absent: absent}}
		if got := g.standsNowhere(run); got != want {
			t.Errorf("tokens %v stand nowhere, so the run: %v", part, got)
		}
		if g.trail.guards = append(g.trail.guards, guard{absent: make([]int, 6)}); g.standsNowhere(run) {
			t.Errorf("tokens %v stand nowhere in one of two models, so the run", part)
		}
	}
}

// A copy is found whatever stands beside its ends in the post, even if the draft has no such character.
func TestCopiesOtherwise(t *testing.T) {
	opt := Defaults()
	opt.MaxCopy = 2
	for _, c := range []struct {
		post, draft string
		want        bool
	}{
		{"a 日:) x", "a| 日| :)", true}, {"a b OK.가 x", "a| b| OK|.", true}, {"b b OK.가 x", "a| b| OK|.", false},
		{"x 나.b c d 가", ".|b| c| d", true}, {"a b OK.々 x", "a| b| OK|.| 々", true}, {"a b OK.日 가", "a| b| OK|.", false},
	} {
		g := generator(t, learn(t, number([]string{c.post, "b OK . a :) .b"})), opt)
		put(g, c.draft)
		if got := g.copiesOtherwise(strings.ReplaceAll(c.draft, "|", "")); got != c.want {
			t.Errorf("%s has too much of %s: %v", c.draft, c.post, got)
		}
	}
	opt.MaxCopy = 3
	g := generator(t, learn(t, number([]string{"x 日:) 日 z b: c", ":)"})), opt)
	for i, draft := range []string{"z| z| z| z| b|:", ":)| 日| z| b|:"} { // what is remembered of b: outlives the first
		put(g, draft)
		if got := g.copiesOtherwise(strings.ReplaceAll(draft, "|", "")); got != (i == 1) {
			t.Errorf("%s has too much: %v", draft, got)
		}
	}
}

// Words that are not looked at have one reading: no signs but those that are looked for make several.
func TestOnlyFacesHaveSeveralReadings(t *testing.T) {
	several, joined := 0, 0
	pieces := append(strings.Split("ab8:;=^<>()（）¯\\/|-_'.,~*@#$%&+!?\"[]{}DPpOoSsXxTtUu0123…～・ω´｀°￣ಠಥ•¬€£¥‰·’", ""),
		"l'été", "don't", "U.S.", "50%", "👍", "🏴", "1984", "한국어", "カタカナ", "語", "ا", "é")
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		for range 100 {
			s := ""
			for range 1 + r.IntN(6) {
				s += one(r, pieces)
			}
			for _, w := range wordsOf(text.Normalise(s)) {
				han, any := len(divided(w, "日あカ語"))+len(divided(w, "本ア"))-2, len(splits(w, sides{true, true, true}))
				if any > 1 {
					joined++
					if !facing(w) && !signed(w) {
						t.Fatalf("%q is read as %q", w, splits(w, sides{true, true, true}))
					}
				}
				if han > 0 {
					several++
					if !facing(w) {
						t.Fatalf("%q is read as %q", w, divided(w, "日あカ語"))
					}
				}
			}
		}
	})
	if several < 20 || joined < 20 {
		t.Errorf("only %d words, %d", several, joined)
	}
}

// No face of up to three characters is overlooked.
func TestEachShortFaceIsFound(t *testing.T) {
	several := 0
	characters := strings.Split("aoxX8DpT0^-<>;=*@$#.:'~_()/\\|¯•", "")
	for _, first := range characters {
		for _, second := range characters {
			for _, third := range append(characters, "") {
				for _, w := range wordsOf(first + second + third) {
					if len(divided(w, "日ア")) == 1 {
						continue
					}
					if several++; !facing(w) {
						t.Errorf("%q is read as %q", w, divided(w, "日ア"))
					}
				}
			}
		}
	}
	if several < 1000 {
		t.Errorf("only %d words have several readings", several)
	}
}

// divided is the ways in which a word is divided beside some characters, on one side or both.
func divided(w, beside string) (all [][]string) {
	for other := range strings.SplitSeq(beside, "") {
		for _, at := range [][2]string{{"", ""}, {other, ""}, {"", other}, {other, other}} {
			all = append(all, between(at[0], w, at[1]))
		}
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}
