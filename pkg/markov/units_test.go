package markov

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/text"
)

// Counting the words of a text token by token gives what the judge counts, who knows no tokens.
func TestUnitsAreTheJudges(t *testing.T) {
	g := &Generator{opt: Defaults(), former: true} // as the judge knows no clusters
	piece := rapid.OneOf(rapid.SampledFrom(plainWords), rapid.SampledFrom(oddWords), rapid.SampledFrom(gapsBetween),
		rapid.SampledFrom([]string{"カタカナ", "한국어", "ｶﾅ", "㊗️", "𠀀", "#日本", "豈", "ー", "、", "「", "　", "\U000e0067"}), rapid.String())
	check := func(t fataler, s string) {
		g.steps = g.steps[:0]
		for _, tok := range text.SplitUnits(s) {
			w := &word{text: tok.Text}
			g.judge(w)
			st := step{word: w, gap: tok.Gap}
			st.units = g.units(&st)
			g.steps = append(g.steps, st)
		}
		got := 0
		if n := len(g.steps); n > 0 {
			got = g.steps[n-1].units
		}
		if want := judgeWords(text.Normalise(s)); got != len(want) {
			t.Fatalf("%q has %d words, counted %d", s, len(want), got)
		}
	}
	for _, s := range []string{"#日a", ".#日a", "(#日a日 本a"} { // of which some tokens go on after a character
		check(t, s)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")) })
}

// What is open after a token does not change, whatever a walk that has gone back to it opens next.
func TestBracketsShareNothing(t *testing.T) {
	round, square := bracketOf([]byte("(")), bracketOf([]byte("["))
	one := round.apply(nil)
	two := round.apply(one)
	closed := bracket{rune: ')'}.apply(two)
	other := square.apply(closed)
	if got := []string{closersOf(one), closersOf(two), closersOf(closed), closersOf(other)}; !slices.Equal(got, []string{")", "))", ")", ")]"}) {
		t.Errorf("open are %q", got)
	}
}

// closersOf is what closes what is open.
func closersOf(open []opening) (s string) {
	for _, o := range open {
		s += o.closers
	}
	return s
}

func TestBrackets(t *testing.T) {
	for _, c := range []struct {
		text string
		open string // closers of what is open at the end; "!" where a token does not fit
	}{
		{"", ""}, {"a b", ""}, {"( a )", ""}, {"(a", ")"}, {"(a [b", ")]"}, {"(a ]", "!"}, {"a )", "!"},
		{`"a" b`, ""}, {`a "b`, `"`}, {`a"`, "!"}, {`a "b "c`, "!"}, {`"a (b" c)`, "!"}, {`"a (b) c"`, ""},
		{"« a »", ""}, {"»a«", "!"}, {"„a“", ""}, {"„a”", ""}, {"“a”", ""}, {"“a“", "””"}, {"「日本」", ""},
		{"(([[", "!"}, {"(([a", "))]"}, {`(([ "a`, "!"}, {"don't l'été :) :-( 8)", ""}, {"(a :)", ")"},
	} {
		var open []opening
		got := ""
		for i, tok := range text.SplitUnits(c.text) {
			var b bracket
			b.rune, b.closers = text.Bracket([]byte(tok.Text))
			if !b.fits(open, tok.Gap != "" || i == 0, nesting) {
				got = "!"
				break
			}
			open = b.apply(open)
		}
		if got == "" {
			got = closersOf(open)
		}
		if got != c.open {
			t.Errorf("%q leaves %q open, want %q", c.text, got, c.open)
		}
	}
}

// unspaced makes posts without white space, of words of two to four clusters.
func unspaced(posts int) (texts []string) {
	r := rand.New(rand.NewPCG(1, 0))
	for range posts {
		var b strings.Builder
		for range 4 + r.IntN(6) {
			b.WriteString(one(r, clusterWords))
		}
		texts = append(texts, b.String())
	}
	return texts
}

var clusterWords = strings.Fields("ฉัน เพื่อน ตลาด หนังสือ กาแฟ ดอกไม้ รถไฟ โรงเรียน อยากได้ เมื่อวาน จริงๆ ทุกวัน")

// Posts without white space are not single words: some clusters are long enough for a draft, and no
// more of them are copied than allowed. To release 1.0 they were single words.
func TestClustersAreWords(t *testing.T) {
	posts := unspaced(200)
	opt := Defaults()
	opt.MinWords = 8
	g := generator(t, learn(t, number(posts)), opt)
	for n := range uint64(50) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		clusters := text.SplitUnits(d.Text)
		if len(clusters) < opt.MinWords {
			t.Errorf("%q has %d clusters", d.Text, len(clusters))
		}
		for i := range len(clusters) - opt.MaxCopy {
			run := text.Join(clusters[i : i+opt.MaxCopy+1])
			if slices.ContainsFunc(posts, func(p string) bool { return strings.Contains(p, run) }) {
				t.Errorf("%q has %q of a post", d.Text, run)
			}
		}
		if _, err := g.Replay(n, d.Take, 0); err == nil {
			t.Errorf("a walk that is left alone has %q, of one word", d.Text)
		}
	}
}

// Where nothing separates words, drafts are made of whole ones, by contexts that are longer than words.
func TestClustersMakeWords(t *testing.T) {
	opt := Defaults()
	opt.Order, opt.MaxCopy = 4, 9
	g := generator(t, learn(t, number(unspaced(300))), opt)
	words := regexp.MustCompile("^(" + strings.Join(clusterWords, "|") + ")+$")
	whole := 0
	for n := range uint64(100) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		if words.MatchString(d.Text) {
			whole++
		}
	}
	if whole < 60 {
		t.Errorf("%d of 100 drafts are made of words", whole)
	}
	if g.aim = 0; g.vagueLength() != 0 {
		t.Error("a walk that is left alone, as those of release 1.0, leaves short contexts out")
	}
}
