package markov

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// sparse makes posts in which every other word is frequent and the rest are some of 100 others.
func sparse(seed uint64, posts int) (texts []string) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range posts {
		var words []string
		for range 3 + r.IntN(4) {
			words = append(words, fmt.Sprint("w", r.IntN(100)), one(r, strings.Fields("the and of to a")))
		}
		texts = append(texts, strings.Join(words[:len(words)-r.IntN(2)], " "))
	}
	return texts
}

// meetings are the pairs of words that meet in a text; its first word meets its beginning. What is
// wanted at an end need not end any post.
func meetings(s string) (pairs [][2]string) {
	before := ""
	for w := range strings.FieldsSeq(s) {
		pairs = append(pairs, [2]string{before, w})
		before = w
	}
	return pairs
}

// Wanted texts are found, also together, not by luck, and no words meet on the way that meet in no post.
func TestWanted(t *testing.T) {
	posts := number(sparse(1, 300))
	m := learn(t, posts)
	met := map[[2]string]bool{}
	for _, p := range posts {
		for _, pair := range meetings(p.text) {
			met[pair] = true
		}
	}
	for _, which := range []string{"start", "contain", "end", "start contain", "start end", "contain end", "start contain end"} {
		found, takes := 0, 0
		for i := range 50 {
			opt := Defaults()
			opt.Seed = uint64(i)
			for j, want := range []*string{&opt.Start, &opt.Contain, &opt.End} {
				if strings.Contains(which, [3]string{"start", "contain", "end"}[j]) {
					*want = fmt.Sprint("w", (i*7+j*31)%100)
				}
			}
			d, err := generator(t, m, opt).Draft(0)
			if errors.Is(err, ErrNothing) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			if faults := judge(d.Text, posts, opt); len(faults) > 0 {
				t.Errorf("%q: %q", d.Text, faults)
			}
			for _, pair := range meetings(d.Text) {
				if !met[pair] {
					t.Errorf("%q: %q meet in no post", d.Text, pair)
				}
			}
			found++
			takes += d.Take
		}
		if found < 45 || takes > 200 {
			t.Errorf("%s: %d of 50 found, by %d candidates", which, found, takes)
		}
	}
}

// What is wanted twice need not be said twice, and two texts may overlap.
func TestWantedTogether(t *testing.T) {
	m := learn(t, number(crowd(1, 300)))
	for _, c := range []struct{ start, contain, end string }{{"b c", "b", ""}, {"b", "b c", ""}, {"", "b", "b"}, {"b", "", "b"}, {"b", "b", "b"}} {
		opt := Defaults()
		opt.Start, opt.Contain, opt.End = c.start, c.contain, c.end
		if d, err := generator(t, m, opt).Draft(0); err != nil {
			t.Errorf("%+v: %v", c, err)
		} else if lack := lacks(d.Text, opt); lack != "" {
			t.Errorf("%+v: %q lacks %q", c, d.Text, lack)
		}
	}
}

// A draft has a wanted text where all its tokens stand next to each other, in the place that is wanted.
func TestPivotIn(t *testing.T) {
	g := generator(t, learn(t, number([]string{"a b c d"})), Defaults())
	for _, c := range []struct{ draft, want, in string }{
		{"a b c d", "a b", "start contain"}, {"a b c d", "b c", "contain"}, {"a b c d", "c d", "contain end"}, {"a b c d", "a b c d", "start contain end"},
		{"a b c d", "a c", ""}, {"a b a d", "a d", "contain end"}, {"c b a d", "a b", ""}, {"a b", "a b c", ""}, {"a b c d", "d c", ""},
	} {
		steps := func(s string) []step {
			steps, err := g.spell(s)
			if err != nil {
				t.Fatal(err)
			}
			return steps
		}
		for name, p := range map[string]pivot{"start": {right: true}, "contain": {left: true, right: true}, "end": {left: true}} {
			p.steps = steps(c.want)
			if got := p.in(steps(c.draft)); got != strings.Contains(c.in, name) {
				t.Errorf("%q has %q as its %s: %v", c.draft, c.want, name, got)
			}
		}
	}
}

// A wanted word is taken as it is written, or else in lower case, capitalised or in capitals.
func TestSpelled(t *testing.T) {
	g := generator(t, learn(t, number([]string{"Paris NATO école us US May may"})), Defaults())
	for s, want := range map[string]string{"paris": "Paris", "PARIS": "Paris", "nato": "NATO", "École": "école", "US": "US", "Us": "us", "May": "May", "MAY": "may"} {
		if w := g.spelled(s); w == nil || w.text != want {
			t.Errorf("%s is found as %+v, want %s", s, w, want)
		}
	}
	if w := g.spelled("Parisian"); w != nil {
		t.Errorf("found %s", w.text)
	}
}

// The tally also tells why there is no draft if it would need more tokens than a draft may have.
func TestEnormousDrafts(t *testing.T) {
	m := learn(t, number(crowd(1, 100)))
	long := strings.Repeat("a b ", maxTokens/2)
	for name, ask := range map[string]func(*Options){
		"contain": func(o *Options) { o.Contain = long },
		"end":     func(o *Options) { o.End = long },
		"start":   func(o *Options) { o.Start, o.Limit = long, 1e6 },
		"walk":    func(o *Options) { o.MinWords, o.Limit = 1e6, 1e6 },
	} {
		opt := Defaults()
		ask(&opt)
		g := generator(t, m, opt)
		if _, err := g.Draft(0); !errors.Is(err, ErrNothing) {
			t.Fatal(name, err)
		}
		if tally := g.Tally(); tally[TooLong] == 0 {
			t.Errorf("%s: refused %s", name, tally.String())
		}
	}
}

// A walk that is left alone begins where those of release 1.0 did, and so makes their drafts again.
func TestFirstPivot(t *testing.T) {
	m := learn(t, number(crowd(1, 100)))
	for _, c := range []struct {
		start, contain, end string
		alone               int
	}{{"a", "b", "c", 1}, {"a", "", "c", 1}, {"", "b", "c", 0}, {"a", "", "", 0}} {
		opt := Defaults()
		opt.Start, opt.Contain, opt.End = c.start, c.contain, c.end
		g := generator(t, m, opt)
		if g.aim = 1; g.firstPivot() != g.pivots[0] {
			t.Errorf("%+v: a walk does not begin at the first", c)
		}
		if g.aim = 0; g.firstPivot() != g.pivots[c.alone] {
			t.Errorf("%+v: a walk that is left alone does not begin at %d", c, c.alone)
		}
	}
}

// Growing to the left takes no more memory, and so no more time, for a token of a long draft.
func TestLongDraftsGrowAsShortOnes(t *testing.T) {
	g := generator(t, learn(t, number(crowd(1, 100))), Defaults())
	bytes := func(tokens int) uint64 {
		grown := make([]step, tokens)
		for i := range grown {
			grown[i] = step{word: g.trail.find("none")}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 {
			g.copiesLeft(grown[0], grown)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if short, long := bytes(50), bytes(maxTokens); long > 2*short {
		t.Errorf("%d bytes after %d tokens, %d after 50", long, maxTokens, short)
	}
}
