package markov

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/text"
)

// Nothing but ends follows a context if each of its occurrences ends a post.
func TestOnlyEnds(t *testing.T) {
	only, others := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		posts := [][]said{number(crowd(r.Uint64(), 3+r.IntN(20))), number(crowd(r.Uint64(), 1+r.IntN(5)))}
		g, err := New([]Source{{Model: learn(t, posts[0])}, {Model: learn(t, posts[1])}}, loose())
		if err != nil {
			t.Fatal(err)
		}
		all := append(slices.Clone(posts[0]), posts[1]...)
		for range 5 {
			words := strings.Fields(all[r.IntN(len(all))].text)
			if n := 1 + r.IntN(min(len(words), 3)); r.IntN(2) == 0 {
				words = words[:n]
			} else {
				words = words[len(words)-n:]
			}
			g.begin()
			for _, w := range words {
				g.trail.push(g.trail.find(w), drawing{entry: -1})
			}
			for k := 1; k <= min(2, len(words)); k++ {
				context := words[len(words)-k:]
				want := endsEach(all, context)
				if got := g.trail.onlyEnds(g.trail.last()[k-1], k); got != want {
					t.Fatalf("%q: got %v, want %v, in %v", context, got, want, all)
				}
				if want {
					only++
				} else {
					others++
				}
			}
		}
	})
	if only < 5 || others < 5 {
		t.Errorf("%d contexts with nothing but ends, %d others", only, others)
	}
}

// endsEach reports whether each occurrence of some words ends a post.
func endsEach(posts []said, context []string) bool {
	for _, p := range posts {
		words := strings.Fields(p.text)
		for i := 0; i+len(context) < len(words); i++ {
			if slices.Equal(words[i:i+len(context)], context) {
				return false
			}
		}
	}
	return true
}

// What only ever ends posts ends drafts, too, though the walk is often led away from it.
func TestSignaturesEndDrafts(t *testing.T) {
	for _, c := range []struct {
		ends []string
		odd  int // one post in so many goes on after that
		most int // drafts that may
	}{{[]string{"#a", "#b"}, 20, 75}, {[]string{"tea with", "off to"}, 1 << 30, 220}} {
		r := rand.New(rand.NewPCG(31, 31))
		var texts []string
		for range 1000 {
			var words []string
			for n := 4 + r.IntN(9); len(words) < n; {
				if w := one(r, plainWords); len(words) == 0 || !slices.Contains(c.ends, words[len(words)-1]+" "+w) {
					words = append(words, w)
				}
			}
			words = append(words, one(r, c.ends))
			if r.IntN(c.odd) == 0 {
				words = append(words, one(r, plainWords))
			}
			texts = append(texts, strings.Join(words, " "))
		}
		g := generator(t, learn(t, number(texts)), Defaults())
		goesOn := 0
		for n := range uint64(500) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatal(err)
			}
			for _, end := range c.ends {
				if strings.Contains(d.Text, " "+end+" ") {
					goesOn++
				}
			}
		}
		if goesOn > c.most {
			t.Errorf("%d of 500 drafts go on after %q", goesOn, c.ends)
		}
	}
}

// What only ever begins posts begins drafts that grow to the left, too.
func TestGreetingsBeginDrafts(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 33))
	var texts []string
	for range 1000 {
		words := []string{"tea with"}
		for n := 4 + r.IntN(9); len(words) < n; {
			if w := one(r, plainWords); w != "with" || words[len(words)-1] != "tea" {
				words = append(words, w)
			}
		}
		texts = append(texts, strings.Join(words, " "))
	}
	opt := Defaults()
	opt.Contain = "ran"
	g := generator(t, learn(t, number(texts)), opt)
	goesOn := 0
	for n := range uint64(500) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		if before, _, found := strings.Cut(d.Text, " ran "); found && strings.Contains(before, " tea with") {
			goesOn++
		}
	}
	if goesOn > 0 {
		t.Errorf("%d of 500 drafts have something before %q", goesOn, "tea with")
	}
}

// A draft with as many words as are asked for is found although walks go back from ends.
func TestEndsDoNotStop(t *testing.T) {
	opt := Defaults()
	opt.MinWords = 25
	g := generator(t, learn(t, number(crowd(42, 300))), opt)
	for n := range uint64(100) {
		if _, err := g.Draft(n); err != nil {
			t.Fatal(err)
		}
	}
}

// What follows a mark in a draft, be it the end, has followed one in a post with as much white space
// before it.
func TestMarksKeepTheirSpace(t *testing.T) {
	marks := []string{"-", " - ", " -", "- ", "/", " / ", ", ", ". ", " ", " ", " ", "... ", " & "}
	drafts, places := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		followed := map[string]bool{}
		posts := make([]said, 10+r.IntN(60))
		for i := range posts {
			var b strings.Builder
			b.WriteString(one(r, []string{"", "", "", "-", "/", "- "}))
			for range 2 + r.IntN(6) {
				b.WriteString(one(r, plainWords[:6]) + one(r, marks))
			}
			b.WriteString(one(r, plainWords[:6]))
			b.WriteString(one(r, []string{"", "", "-", " -", "...", " ..."}))
			posts[i] = said{text: b.String()}
			for _, place := range afterMarks(posts[i].text) {
				followed[place] = true
			}
		}
		opt := Defaults()
		opt.MaxCopy, opt.Seed = 4, r.Uint64()
		g := generator(t, learn(t, posts), opt)
		for n := range uint64(5) {
			d, err := g.Draft(n)
			if err != nil {
				continue
			}
			drafts++
			for _, place := range afterMarks(d.Text) {
				places++
				if !followed[place] {
					t.Fatalf("%q has %s, as no post has", d.Text, place)
				}
			}
		}
	})
	if least := map[bool]int{false: 200, true: 40}[testing.Short()]; drafts < least || places < least {
		t.Errorf("only %d drafts, %d places", drafts, places)
	}
}

// A draft that became too long is shortened to where posts end.
func TestTooLongDraftsEndWherePostsEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(28, 0))
	var texts []string
	for range 300 {
		s := ""
		for range 1 + r.IntN(12) {
			s += string(rune('a'+r.IntN(5))) + " "
			if r.IntN(4) == 0 {
				s += "z "
			}
		}
		texts = append(texts, s+"z")
	}
	opt := loose()
	opt.MaxCopy, opt.MinWords, opt.Limit = 5, 2, 12
	g := generator(t, learn(t, number(texts)), opt)
	short := 0
	for n := range uint64(300) {
		d, err := g.Draft(n)
		if errors.Is(err, ErrNothing) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(d.Text, "z") {
			t.Errorf("%q ends where no post does", d.Text)
		}
		short++
	}
	if tally := g.Tally(); short < 200 || tally[TooLong] < 100 {
		t.Errorf("%d drafts, of %s", short, tally.String())
	}
}

// What follows a word may follow it whatever white space is before the word.
func TestWordsTakeAnySpace(t *testing.T) {
	opt := loose()
	opt.Order = 1
	g := generator(t, learn(t, number([]string{"a-b c", "a b d", "e a"})), opt)
	g.seed(1, 1)
	g.aim = nearby // as drafts since release 1.0
	for _, draft := range []string{"e a b", "e a-b"} {
		state(t, g, []string{draft})
		drawn := map[string]int{}
		for range 1000 {
			var s step
			g.draw(&s)
			drawn[s.text]++
		}
		fits(t, draft, drawn, map[string]float64{"c": 1, "d": 1})
	}
}

// afterMarks is each mark of a text with what follows it: white space before or not, the mark, and
// the next token with what is before it, or nothing at the end.
func afterMarks(s string) (places []string) {
	tokens := append(text.SplitUnits(s), text.Token{})
	for i, t := range tokens {
		if i > 0 && text.KindOf([]byte(tokens[i-1].Text)) == text.Mark {
			places = append(places, fmt.Sprintf("%v%s%s%s", i == 1 || tokens[i-1].Gap != "", tokens[i-1].Text, t.Gap, t.Text))
		}
	}
	return places
}

// A dash, slash or colon that joins a word to another ends no quote or bracket, unless it does in a post.
func TestHalfWordsAreNotQuoted(t *testing.T) {
	for _, c := range []struct {
		draft, post string
		closes      bool
	}{
		{`a "anti-`, `e anti-"f" g`, false},
		{`a "anti-`, `e "f anti-" g`, true},
		{`a "anti-`, `e "f anti-", g`, true},
		{`a “anti-`, `e “f anti-” g`, true},
		{`a (anti-`, `e (-) g`, false},
		{`a (anti-`, `e (f anti-)g`, true},
		{`a (anti-`, `e (f (-)) g`, false},
		{`a "anti-`, `e "f anti-"`, true},
		{`a "anti/`, `e anti/"f" g`, false},
		{`a "anti–`, `e anti–"f" g`, false},
		{`a “anti:`, `e “:” g`, false},
		{`a "anti,`, `e anti,"f" g`, true}, // a comma belongs to the word before it
		{`a "-`, `e "-" g`, true},
	} {
		opt := loose()
		opt.Order = 1
		g := generator(t, learn(t, number([]string{c.draft + " h i", "k l", c.post})), opt)
		g.seed(1, 1)
		g.aim = nearby // as drafts since release 1.0
		state(t, g, []string{c.draft})
		closes := false
		for range 100 {
			var s step
			if g.draw(&s) == allowed && s.role.closes(g.open()) {
				closes = true
			}
		}
		if closes != c.closes {
			t.Errorf("%q with %q: closed: %t, want %t", c.draft, c.post, closes, c.closes)
		}
	}
}
