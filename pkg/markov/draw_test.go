package markov

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/text"
)

// improbable reports whether observed counts differ more from expected ones (of any sum) than in
// one run of a thousand: Pearson's chi-square, its tail by Wilson and Hilferty's cube root.
func improbable(observed map[string]int, expected map[string]float64) (chi2 float64, freedom int, is bool) {
	total, sum := 0, 0.0
	for _, n := range observed {
		total += n
	}
	for _, e := range expected {
		sum += e
	}
	add := func(o, e float64) {
		chi2 += (o - e) * (o - e) / e
		freedom++
	}
	rareO, rareE := 0.0, 0.0
	for w, e := range expected {
		if e *= float64(total) / sum; e < 5 {
			rareO, rareE = rareO+float64(observed[w]), rareE+e
		} else {
			add(float64(observed[w]), e)
		}
	}
	for w, n := range observed {
		if expected[w] == 0 && n > 0 {
			return math.Inf(1), 0, true
		}
	}
	if rareE > 0 {
		add(rareO, max(rareE, 1))
	}
	if freedom--; freedom < 1 {
		return chi2, 0, false
	}
	k := float64(freedom)
	z := (math.Cbrt(chi2/k) - (1 - 2/(9*k))) / math.Sqrt(2/(9*k))
	return chi2, freedom, z > 3.09
}

func fits(t *testing.T, what string, observed map[string]int, expected map[string]float64) {
	t.Helper()
	if chi2, freedom, is := improbable(observed, expected); is {
		t.Errorf("%s: chi-square %.1f of %d degrees; drawn %v, in the corpus %v", what, chi2, freedom, observed, expected)
	}
}

// crowd is posts that meet often, from few words.
func crowd(seed uint64, posts int) (texts []string) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range posts {
		words := make([]string, 2+r.IntN(6))
		for i := range words {
			words[i] = string(rune('a' + int(8*r.Float64()*r.Float64())))
		}
		texts = append(texts, strings.Join(words, " "))
	}
	return texts
}

// following counts what follows a context in texts, which are the weight of each; "" is the end. A
// context that begins with "" is the beginning of a post.
func following(texts []string, weight float64, context []string, into map[string]float64) (choice bool) {
	posts := map[string]map[int]bool{}
	for p, s := range texts {
		words := slices.Concat([]string{""}, strings.Fields(s), []string{""})
		for i := 0; i+len(context) < len(words); i++ {
			if slices.Equal(words[i:i+len(context)], context) {
				next := words[i+len(context)]
				into[next] += weight
				if posts[next] == nil {
					posts[next] = map[int]bool{}
				}
				posts[next][p] = true
			}
		}
	}
	all := map[int]bool{}
	for _, p := range posts {
		for i := range p {
			all[i] = true
		}
	}
	return len(posts) > 1 && len(all) > 1
}

// corpora are texts with their weights.
type corpora []struct {
	texts  []string
	weight float64
}

func (c corpora) generator(t *testing.T, opt Options) *Generator {
	t.Helper()
	var sources []Source
	for _, part := range c {
		sources = append(sources, Source{Model: learn(t, number(part.texts)), Weight: part.weight})
	}
	g, err := New(sources, opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// expected is the distribution of the next token of a draft so far: what follows the longest
// context that leaves a choice, among what is allowed; or shorter ones, as often as so many draws
// from a longer one were refused.
func (c corpora) expected(draft []string, order int, allowed func(string) bool) map[string]float64 {
	words := slices.Concat([]string{""}, draft)
	var all []string
	for _, part := range c {
		all = append(all, part.texts...)
	}
	dist, left := map[string]float64{}, 1.0
	chosen := false
	for k := min(order, len(words)); k > 0; k-- {
		context := words[len(words)-k:]
		if choice := following(all, 1, context, map[string]float64{}); !choice && !chosen {
			continue
		}
		chosen = true
		counts := map[string]float64{}
		for _, part := range c {
			following(part.texts, part.weight, context, counts)
		}
		total, good := 0.0, 0.0
		for w, n := range counts {
			if total += n; allowed(w) {
				good += n
			}
		}
		ends := 0.0
		if !allowed("") {
			ends = counts[""]
		}
		fail := missed(draws, total, good, ends)
		for w, n := range counts {
			if allowed(w) {
				dist[w] += left * (1 - fail) * n / good
			}
		}
		left *= fail
	}
	return dist
}

// missed is the probability that n draws are all refused. An end that was refused is not drawn again.
func missed(n int, total, good, ends float64) float64 {
	switch {
	case n == 0:
		return 1
	case total == 0:
		return 1
	}
	return (total-good-ends)/total*missed(n-1, total, good, ends) + ends/total*missed(n-1, total-ends, good, 0)
}

// state puts the beginning of a draft into a generator. It returns false if its tokens stand in a post
// like that.
func state(t *testing.T, g *Generator, words []string) bool {
	t.Helper()
	steps, err := g.spell(strings.Join(words, " "))
	if err != nil {
		t.Fatal(err)
	}
	g.begin()
	for _, s := range steps {
		g.push(&s)
	}
	return !g.whole()
}

// stray puts a random draft that stands in no post into a generator.
func stray(t *testing.T, g *Generator, r *rand.Rand, allowed func(string) bool) []string {
	t.Helper()
	draft := make([]string, 5)
	for {
		for i := range draft {
			for draft[i] = ""; draft[i] == "" || !allowed(draft[i]); {
				draft[i] = string(rune('a' + r.IntN(5)))
			}
		}
		if state(t, g, draft) {
			return draft
		}
	}
}

// loose are options that refuse nothing in the corpora of these tests.
func loose() Options {
	opt := Defaults()
	opt.MaxCopy, opt.MinWords, opt.Limit, opt.BestOf = 30, 1, 10000, 1
	return opt
}

// checkDraws compares draws of the next token in many states with the truth.
func checkDraws(t *testing.T, c corpora, opt Options, allowed func(string) bool) {
	t.Helper()
	const times = 3000
	r := rand.New(rand.NewPCG(7, 7))
	g := c.generator(t, opt)
	g.seed(1, 1)
	for range 12 {
		draft := stray(t, g, r, allowed)
		drawn := map[string]int{}
		for range times {
			var s step
			if g.draw(&s) == 0 {
				drawn[s.text]++
			}
		}
		fits(t, fmt.Sprintf("after %q, order %d", draft, opt.Order), drawn, c.expected(draft, opt.Order, allowed))
	}
}

func all(string) bool { return true }

func TestDrawExact(t *testing.T) {
	for order := 1; order <= 4; order++ {
		opt := loose()
		opt.Order = order
		checkDraws(t, corpora{{crowd(1, 300), 1}}, opt, all)
	}
}

func TestDrawExactAmongAllowed(t *testing.T) {
	opt := loose()
	opt.Reject = text.NewWordList([]string{"a", "C"})
	checkDraws(t, corpora{{crowd(2, 300), 1}}, opt, func(w string) bool { return w != "a" && w != "c" })
	opt = loose()
	opt.MinWords = 25 // no end yet
	checkDraws(t, corpora{{crowd(3, 300), 1}}, opt, func(w string) bool { return w != "" })
	opt.Reject = text.NewWordList([]string{"b"})
	checkDraws(t, corpora{{crowd(4, 300), 1}}, opt, func(w string) bool { return w != "" && w != "b" })
}

// A mixture draws as one model of all posts would if the weights are 1, and as one that learned its
// posts twice if they are 2.
func TestDrawMixture(t *testing.T) {
	for _, weight := range []float64{1, 2, 0.3} {
		for order := 1; order <= 3; order++ {
			opt := loose()
			opt.Order = order
			checkDraws(t, corpora{{crowd(5, 100), weight}, {crowd(6, 250), 1}}, opt, all)
		}
	}
	checkDraws(t, corpora{{crowd(5, 40), 1}, {crowd(6, 50), 2}, {[]string{"z z z", "a z"}, 3}}, loose(), all)
	if g := (corpora{{crowd(5, 40), 0}, {crowd(6, 50), 2}}).generator(t, loose()); g.weight[0] != 1 || g.weight[1] != 2 {
		t.Errorf("weights 0 and 2 are %v", g.weight)
	}
}

// Whether a context leaves a choice is the same for a mixture as for one model of all its posts,
// and what the definition says.
func TestChoiceOfMixture(t *testing.T) {
	yes, no := 0, 0
	for seed := range uint64(60) {
		c := corpora{{crowd(2*seed, 3), 1}, {crowd(2*seed+1, 4), 1}, {[]string{"a b a c", "d"}, 1}}[:1+seed%3]
		g := c.generator(t, loose())
		var all []string
		for _, part := range c {
			all = append(all, part.texts...)
		}
		for _, s := range all {
			words := strings.Fields(s)
			for n := 1; n <= len(words); n++ {
				state(t, g, words[:n])
				for k, context := range g.trail.last() {
					want := following(all, 1, slices.Concat([]string{""}, words[:n])[n-k:], map[string]float64{})
					if got := g.trail.branches(context, k+1); got != want {
						t.Fatalf("in %q %d tokens after %q leave a choice: %v, not %v", all, k+1, words[:n], want, got)
					} else if got {
						yes++
					} else {
						no++
					}
				}
			}
		}
	}
	if yes < 100 || no < 100 {
		t.Errorf("%d contexts with a choice, %d without", yes, no)
	}
}

func TestDrawBeginning(t *testing.T) {
	c := corpora{{crowd(8, 300), 1}, {crowd(9, 100), 2}}
	g := c.generator(t, loose())
	g.seed(1, 1)
	g.begin()
	drawn := map[string]int{}
	for range 10000 {
		var s step
		g.draw(&s)
		drawn[s.text]++
	}
	fits(t, "beginnings", drawn, c.expected(nil, 1, all))
}

// Two generators that ought to be alike make the same drafts equally often, with rules and the choice
// among candidates.
func TestMixtureIsConcatenation(t *testing.T) {
	a, b := crowd(10, 40), crowd(11, 60)
	for _, best := range []int{1, 3} {
		opt := Defaults()
		opt.MaxCopy, opt.MinWords, opt.BestOf, opt.Order = 2, 2, best, 2
		one := features(t, corpora{{slices.Concat(a, b), 1}}.generator(t, opt))
		opt.Seed = 1
		two := features(t, corpora{{a, 1}, {b, 1}}.generator(t, opt))
		alike(t, fmt.Sprintf("mixture against concatenation, best of %d", best), one, two)
	}
}

// features counts what drafts of some letters begin with and how long they are.
func features(t *testing.T, g *Generator) map[string]int {
	drawn := map[string]int{}
	for n := range uint64(3000) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		drawn[d.Text[:3]]++ // the first two words
		drawn[fmt.Sprint(len(d.Text)/4)]++
	}
	return drawn
}

// alike compares counts that are both random: their difference has twice the variance of one.
func alike(t *testing.T, what string, one, two map[string]int) {
	t.Helper()
	mean, half := map[string]float64{}, map[string]int{}
	for w := range merged(one, two) {
		mean[w] = float64(one[w]+two[w]) / 2
		half[w] = int(math.Round(mean[w] + float64(two[w]-one[w])/math.Sqrt2))
	}
	fits(t, what, half, mean)
}

func merged(a, b map[string]int) map[string]bool {
	m := map[string]bool{}
	for w := range a {
		m[w] = true
	}
	for w := range b {
		m[w] = true
	}
	return m
}

// A token to the left is also drawn as often as it stands there, for each length of the context.
func TestDrawLeftExact(t *testing.T) {
	texts := crowd(12, 300)
	var reversed []string
	for _, s := range texts {
		words := strings.Fields(s)
		slices.Reverse(words)
		reversed = append(reversed, strings.Join(words, " "))
	}
	for order := 1; order <= 2; order++ {
		opt := loose()
		opt.Order = order
		g := corpora{{texts, 1}}.generator(t, opt)
		g.seed(1, 1)
		for _, wanted := range []string{"a", "d", "a b", "b a c"} {
			grown, err := g.spell(wanted)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(grown)
			chain := g.chain(grown)
			drawn := map[string]int{}
			for range 3000 {
				s, ok := g.drawLeft(grown, chain, 1000)
				if !ok {
					t.Fatalf("nothing before %q", wanted)
				}
				drawn[s.text]++
			}
			context := strings.Fields(wanted)[:min(order, len(grown))]
			slices.Reverse(context)
			expected := map[string]float64{}
			if !following(reversed, 1, context, expected) {
				t.Fatalf("no choice before %q", context)
			}
			fits(t, fmt.Sprintf("before %q, order %d", wanted, order), drawn, expected)
		}
	}
}

// One occurrence of a context before which another token stands is a choice, wherever it is in the array.
func TestChoiceLeft(t *testing.T) {
	const entries = 16
	for odd := range entries + 1 {
		texts := []string{"z x"}
		for i := range entries {
			first := "b"
			if i == odd {
				first = "c"
			}
			texts = append(texts, fmt.Sprintf("%s x y %02d", first, i))
		}
		g := generator(t, learn(t, number(texts)), loose())
		g.aim = nearby // as drafts since release 1.0
		grown, err := g.spell("x y")
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(grown)
		if got, want := g.branchesLeft(g.chain(grown)[1]), odd < entries; got != want {
			t.Errorf("the %d. of %d entries: got %v, want %v", odd, entries, got, want)
		}
	}
}

// What a rule refuses is not drawn to the left, either: a word, or one that would not fit.
func TestDrawLeftAmongAllowed(t *testing.T) {
	opt := loose()
	opt.Order, opt.Reject = 1, text.NewWordList([]string{"a"})
	g := generator(t, learn(t, number(append(slices.Repeat([]string{"a x", "b x", "(x"}, 10), "long x"))), opt)
	g.seed(1, 1)
	x, err := g.spell("x")
	if err != nil {
		t.Fatal(err)
	}
	for room, want := range map[int]map[string]float64{5: {"b": 10, "long": 1}, 4: {"b": 1}, 2: {"b": 1}} {
		drawn := map[string]int{}
		for range 1000 {
			if s, ok := g.drawLeft(x, g.chain(x), room); ok {
				drawn[s.text]++
			}
		}
		fits(t, fmt.Sprintf("with room for %d", room), drawn, want)
	}
	if s, ok := g.drawLeft(x, g.chain(x), 1); ok {
		t.Errorf("%q fits nowhere", s.text)
	}
}

// A run that a token begins to the left is refused if it is longer than allowed and stands in a post,
// or in one that is only known.
func TestCopiesLeft(t *testing.T) {
	opt := loose()
	opt.MaxCopy = 2
	g, err := New([]Source{{Model: learn(t, number([]string{"a b c d", "e a"})), Known: know(t, number([]string{"e b c d"}))}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for run, want := range map[string]bool{"b c d": true, "a c d": false, "c d": false, "a b c a": true, "a b d c": false, "e b c": true, "e c b": false} {
		steps, err := g.spell(run)
		if err != nil {
			t.Fatal(err)
		}
		first, grown := steps[0], steps[1:]
		slices.Reverse(grown)
		if got := g.copiesLeft(first, grown); got != want {
			t.Errorf("%q: %v", run, got)
		}
	}
}

// What stands before a wanted text takes up to half of the length, or all of it if nothing follows.
func TestGrowLeftLeavesRoom(t *testing.T) {
	opt := loose()
	opt.Limit = 40
	g := generator(t, learn(t, number(crowd(27, 300))), opt)
	g.seed(1, 1)
	steps, err := g.spell("d")
	if err != nil {
		t.Fatal(err)
	}
	for _, right := range []bool{true, false} {
		room, longest := opt.Limit, 0
		if right {
			room = opt.Limit / 2
		}
		for range 1000 {
			if grown, ok := g.growLeft(steps, right); ok {
				longest = max(longest, len(joined(grown))-1)
			}
		}
		if longest != room {
			t.Errorf("goes on to the right: %v: up to %d before the text, not %d", right, longest, room)
		}
	}
}

// With a half-life an occurrence counts half as much for each time that its post is older: exactly,
// where a context has no more than sixteen; of more so many are drawn first.
func TestHalfLife(t *testing.T) {
	const day = 24 * 3600
	age := func(texts []string, days func(i int) int64) (posts []said) {
		for i, s := range texts {
			posts = append(posts, said{text: s, time: 1e9 - day*days(i)})
		}
		return posts
	}
	opt := loose()
	opt.Order, opt.HalfLife = 1, 30*24*time.Hour
	drawn := func(posts []said) map[string]int {
		g := generator(t, learn(t, posts), opt)
		g.seed(1, 1)
		g.begin()
		counts := map[string]int{}
		for range 10000 {
			var s step
			g.draw(&s)
			counts[s.text]++
		}
		return counts
	}
	few := age([]string{"a x", "b x", "c x", "d x"}, func(i int) int64 { return int64(30 * i) })
	fits(t, "few", drawn(few), map[string]float64{"a": 8, "b": 4, "c": 2, "d": 1})
	undated := age([]string{"a x", "b x", "c x"}, func(i int) int64 { return int64(30 * i) })
	undated = append(undated, said{text: "d x"}) // counts as the oldest
	fits(t, "undated", drawn(undated), map[string]float64{"a": 4, "b": 2, "c": 1, "d": 1})
	none := age([]string{"a x", "b x"}, func(int) int64 { return 0 })
	none[0].time, none[1].time = 0, 0
	fits(t, "without dates", drawn(none), map[string]float64{"a": 1, "b": 1})

	many := age(strings.Split(strings.Repeat("a x,b x,", 500)+"a x", ","), func(i int) int64 { return int64(30 * (i % 2)) })
	newer, ways := 0.0, 1.0 // of 16 occurrences drawn k are new, and weigh twice as much as the others
	for k := 0; k <= weighed; k++ {
		newer += ways * math.Pow(501.0/1001, float64(k)) * math.Pow(500.0/1001, float64(weighed-k)) * float64(k) / (float64(k) + float64(weighed-k)/2)
		ways = ways * float64(weighed-k) / float64(k+1)
	}
	fits(t, "many", drawn(many), map[string]float64{"a": newer, "b": 1 - newer})
	if newer < 0.65 || newer > 0.67 {
		t.Errorf("newer posts are drawn in %.3f of the cases, want nearly two thirds", newer)
	}
}

// With a half-life, too, a mixture draws as one model of all posts would: an age is beside the
// newest post of all models, to the right and to the left.
func TestHalfLifeOfMixture(t *testing.T) {
	const month = 30 * 24 * 3600
	opt := loose()
	opt.Order, opt.HalfLife = 1, 30*day
	dated := func(months int64, texts ...string) (posts []said) {
		for _, s := range texts {
			post := said{text: s}
			if months >= 0 {
				post.time = 1e9 - month*months
			}
			posts = append(posts, post)
		}
		return posts
	}
	often := func(n int, s string) []string { return strings.Split(strings.Repeat(s+",", n)+s, ",") }
	for name, c := range map[string]struct {
		old, new []said
		weight   float64 // of the old ones
		expected map[string]float64
	}{
		"few":      {dated(3, "a x a", "b x b"), dated(0, "c x c", "d x d"), 1, map[string]float64{"a": 1, "b": 1, "c": 8, "d": 8}},
		"weighed":  {dated(3, "a x a", "b x b"), dated(0, "c x c"), 4, map[string]float64{"a": 1, "b": 1, "c": 2}},
		"undated":  {dated(2, "a x a"), slices.Concat(dated(0, "c x c"), dated(-1, "d x d")), 1, map[string]float64{"a": 1, "c": 4, "d": 1}},
		"dateless": {dated(-1, "a x a"), slices.Concat(dated(0, "c x c"), dated(2, "d x d")), 1, map[string]float64{"a": 1, "c": 4, "d": 1}},
		"many":     {dated(400, often(119, "a x a")...), dated(0, often(119, "b x b")...), 1, map[string]float64{"b": 1}},
	} {
		g, err := New([]Source{{Model: learn(t, c.old), Weight: c.weight}, {Model: learn(t, c.new)}}, opt)
		if err != nil {
			t.Fatal(err)
		}
		g.seed(1, 1)
		g.aim = nearby // as drafts since release 1.0
		g.begin()
		x, err := g.spell("x")
		if err != nil {
			t.Fatal(err)
		}
		right, left := map[string]int{}, map[string]int{}
		for range 5000 {
			var s step
			g.pick(&s, g.trail.last()[0], 1)
			right[s.text]++
			left[g.pickLeft(g.chain(x)[0]).text]++
		}
		fits(t, name, right, c.expected)
		fits(t, name+", to the left", left, c.expected)
	}
}

// Drafts with a half-life are alike, whether their posts are in one model or in two.
func TestHalfLifeOfMixtureIsThatOfConcatenation(t *testing.T) {
	older, newer := number(crowd(13, 60)), number(crowd(14, 60))
	for i := range older {
		older[i].time, newer[i].time = int64(1e9+3600*24*i), int64(1e9+3600*24*(i+30))
	}
	opt := Defaults()
	opt.MaxCopy, opt.MinWords, opt.HalfLife = 3, 2, 20*day
	counts := func(models ...[]said) map[string]int {
		var sources []Source
		for _, posts := range models {
			sources = append(sources, Source{Model: learn(t, posts)})
		}
		g, err := New(sources, opt)
		if err != nil {
			t.Fatal(err)
		}
		return features(t, g)
	}
	one := counts(slices.Concat(older, newer))
	opt.Seed = 1
	alike(t, "mixture against concatenation", one, counts(older, newer))
}
