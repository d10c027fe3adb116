package markov

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// contested is the distribution of the next token where a rival is drawn: of two tokens from one
// distribution the commoner one is taken, or the rarer one. An end stays an end, and is no rival.
func contested(dist map[string]float64, common map[string]int, above bool) map[string]float64 {
	total := 0.0
	for _, p := range dist {
		total += p
	}
	after := map[string]float64{}
	for s, p := range dist {
		for rival, q := range dist {
			winner := s
			if s != "" && rival != "" && common[rival] != common[s] && common[rival] > common[s] == above {
				winner = rival
			}
			after[winner] += p * q / total
		}
	}
	return after
}

// Above the aim the commoner of two draws comes next, below it the rarer one, and near it the
// first: in one model and in a mixture.
func TestSteerExact(t *testing.T) {
	const times = 3000
	for name, c := range map[string]corpora{
		"one model": {{crowd(12, 300), 1}},
		"a mixture": {{crowd(13, 100), 2}, {crowd(14, 200), 1}},
	} {
		g := c.generator(t, loose())
		g.seed(1, 1)
		r := rand.New(rand.NewPCG(16, 16))
		common := map[string]int{}
		for _, part := range c {
			for w := range strings.FieldsSeq(strings.Join(part.texts, " ")) {
				common[w]++
			}
		}
		for range 5 {
			draft := stray(t, g, r, all)
			mean := g.surprise() / float64(len(draft))
			for where, aim := range map[string]float64{"above": mean - 0.1, "near": mean + slack/2.0, "below": mean + slack + 0.1, "alone": 0} {
				g.aim = aim
				drawn := map[string]int{}
				for range times {
					var s step
					g.draw(&s)
					drawn[s.text]++
				}
				want := c.expected(draft, g.opt.Order, all)
				if where == "above" || where == "below" {
					want = contested(want, common, where == "above")
				}
				fits(t, fmt.Sprintf("%s, after %q, %s", name, draft, where), drawn, want)
			}
		}
	}
}

// The surprise of a draft, and of the posts that drafts take as their aims, is that of the definition
// (score.go).
func TestSurprise(t *testing.T) {
	a, b := crowd(25, 60), crowd(26, 40)
	a = append(a, strings.Repeat(a[0]+" ", sampled)) // only the beginning of which counts
	all := slices.Concat(a, b)
	tokens, count := 0.0, map[string]float64{}
	for _, s := range all {
		before := ""
		count[before]++
		tokens++
		for w := range strings.FieldsSeq(s) {
			tokens++
			count[w]++
			count[before+" "+w]++
			before = w
		}
	}
	surprise := func(words []string) (sum float64) {
		before := ""
		for _, w := range words {
			p := (max(count[w]-1, 0) + 1.0/2) / tokens
			sum -= math.Log((max(count[before+" "+w]-1, 0) + 4*p) / (count[before] - 1 + 4))
			before = w
		}
		return sum
	}
	var aims []float64
	for _, s := range all {
		words := strings.Fields(s)
		words = words[:min(len(words), sampled)]
		aims = append(aims, surprise(words)/float64(len(words)))
	}
	for name, c := range map[string]corpora{"one model": {{all, 1}}, "a mixture": {{a, 1}, {b, 1}}} {
		for _, weirdness := range []float64{0, 0.5} {
			opt := Defaults()
			opt.MaxCopy, opt.MinWords, opt.Weirdness = 5, 2, weirdness
			g := c.generator(t, opt)
			for n := range uint64(40) {
				d, err := g.Draft(n)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := g.surprise(), surprise(strings.Fields(d.Text)); math.Abs(got-want) > 1e-6 {
					t.Errorf("%s: the surprise of %q is %g, not %g", name, d.Text, got, want)
				}
				aimed := func(aim float64) bool { return math.Abs(aim+weirdness-d.Aim) < 0.00051 } // rounded
				if !slices.ContainsFunc(aims, aimed) {
					t.Errorf("%s: the aim %g is the surprise of no post", name, d.Aim)
				}
			}
		}
	}
}

// As many drafts of each 512 in a row take an aim from some kind of posts as there are such posts.
func TestAimsAreSpread(t *testing.T) {
	var posts []string
	for i := range 400 {
		posts = append(posts, "it rains again today")
		if i%4 == 0 {
			posts[i] = fmt.Sprintf("strange%d rare%d odd%d", i, i, i)
		}
	}
	g := generator(t, learn(t, number(posts)), Defaults())
	for seed := range uint64(3) {
		g.opt.Seed = seed
		g.human.known = [compared]bool{}
		for first := range uint64(3) {
			strange := 0
			for n := range uint64(compared) {
				if g.newAim(first*1000+n) > 3 {
					strange++
				}
			}
			if strange < compared/4-2 || strange > compared/4+2 {
				t.Errorf("seed %d: %d of %d drafts take the aim of a quarter of the posts", seed, strange, compared)
			}
		}
	}
}

// Drafts that are led to an aim come nearer to it than those left alone, and weirdness moves them.
func TestSteerLeadsToTheAim(t *testing.T) {
	m := learn(t, number(crowd(15, 400)))
	measure := func(weirdness float64) (surprise, off, alone float64) {
		const drafts = 300
		opt := Defaults()
		opt.MaxCopy, opt.MinWords, opt.Weirdness = 5, 4, weirdness
		g := generator(t, m, opt)
		for n := range uint64(drafts) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatal(err)
			}
			mean := g.surprise() / float64(len(g.steps))
			surprise, off = surprise+mean/drafts, off+math.Abs(mean-d.Aim)/drafts
			for take := 1; ; take++ {
				if _, err := g.Replay(n, take, 0); err == nil {
					break
				} else if !errors.Is(err, ErrNothing) {
					t.Fatal(err)
				}
			}
			alone += math.Abs(g.surprise()/float64(len(g.steps))-d.Aim) / drafts
		}
		return surprise, off, alone
	}
	last := 0.0
	for _, weirdness := range []float64{-0.5, 0, 0.5} {
		surprise, off, alone := measure(weirdness)
		if surprise <= last {
			t.Errorf("weirdness %g: drafts of %.3f nats a token, not more than %.3f", weirdness, surprise, last)
		}
		if off >= alone {
			t.Errorf("weirdness %g: %.3f nats off the aim, and %.3f when left alone", weirdness, off, alone)
		}
		last = surprise
	}
}

// The drafts of the first release are made again: they were not led to an aim, and their brackets
// closed by chance.
func TestReplayOfFirstRelease(t *testing.T) {
	type draft struct {
		n    uint64
		take int
		text string
	}
	for name, c := range map[string]struct {
		texts []string
		made  []draft
	}{
		"plain": {crowd(20, 80), []draft{{0, 1, "e a e a e e d b b"}, {1, 3, "b a f b e c"}, {2, 2, "a b d e a b a f"}, {3, 1, "e b a c a a c b"},
			{4, 2, "b a b d d b"}, {5, 2, "b a e b a e"}}},
		"brackets": {bracketed(24, 80), []draft{{4, 2, "b b a b [ c ]"}, {18, 1, "[ a ] c b"}, {19, 1, "a f a c ( d ) b"}, {25, 3, "a ( c a b a ) a"},
			{13, 1, "a b [ b b b f b [ c [ a ] b b a [ e d f a c a b ] f f c a b ] c [ a ] b a c g a f d g a a a ] a"}}},
	} {
		opt := Defaults()
		opt.MaxCopy, opt.MinWords, opt.Seed = 3, 2, 42
		g := generator(t, learn(t, number(c.texts)), opt)
		for _, made := range c.made {
			if d, err := g.Replay(made.n, made.take, 0); err != nil || d.Text != made.text {
				t.Errorf("%s, draft %d: %+v, %v, was %q", name, made.n, d, err, made.text)
			}
		}
	}
}

// The first release drew a model without regard to the age of its posts.
func TestReplayOfFirstReleaseWithHalfLife(t *testing.T) {
	opt := Defaults()
	opt.MaxCopy, opt.MinWords, opt.Seed, opt.HalfLife = 3, 2, 42, 30*day
	var sources []Source
	for i, texts := range [][]string{crowd(20, 80), crowd(21, 40)} {
		posts := number(texts)
		for j := range posts {
			posts[j].time = int64(1e9 + 24*3600*(j+300*i))
		}
		sources = append(sources, Source{Model: learn(t, posts)})
	}
	g, err := New(sources, opt)
	if err != nil {
		t.Fatal(err)
	}
	for n, text := range []string{"e a d c f b a a e", "f f a b b b c b", "a b b b a d g a a b", "d b b d c c", "g a a c b c b", "a d b b b a e a e c"} {
		if d, err := g.Replay(uint64(n), 1, 0); err != nil || d.Text != text {
			t.Errorf("draft %d: %+v, %v, was %q", n, d, err, text)
		}
	}
}
