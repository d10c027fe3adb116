package markov

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// standsIn is the naive twin of trail.holds.
func standsIn(texts []string, run []string) bool {
	for _, s := range texts {
		words := strings.Fields(s)
		for i := 0; i+len(run) <= len(words); i++ {
			if slices.Equal(words[i:i+len(run)], run) {
				return true
			}
		}
	}
	return false
}

// mayStandIn is the naive twin of trail.knows: it reports whether all runs of three tokens of a run, or
// all those of six, stand in texts. So a shorter run may stand there.
func mayStandIn(texts []string, run []string) bool {
	n := 6
	if len(run) < n {
		n = 3
	}
	for i := 0; i+n <= len(run); i++ {
		if !standsIn(texts, run[i:i+n]) {
			return false
		}
	}
	return true
}

// A trail, with all that it has learned from earlier questions, says of runs what a look at all
// posts says: after any pushes and cuts, asked about the token that comes next or about another, in
// models and in posts that are only known. For the latter it says of a few more runs that they are
// there. Without them a mixture is exact, too, and most of its words are absent in one of the models.
func TestRunsAreThoseOfThePosts(t *testing.T) {
	yes, no, known, mistaken := 0, 0, 0, 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 9))
		drawn, others := crowd(2*seed, 2+r.IntN(120)), append(crowd(2*seed+1, r.IntN(30)), "known a b h")
		sources := []Source{{Model: learn(t, number(drawn)), Known: know(t, number(others))}}
		if seed%2 == 1 {
			second := strings.Split(strings.ToUpper(strings.Join(crowd(2*seed+1, 40), ",")), ",")
			second = append(second, drawn[0], drawn[1])
			sources = []Source{{Model: learn(t, number(drawn))}, {Model: learn(t, number(second))}}
			drawn, others = append(drawn, second...), nil
		}
		mayBeKnown := func(run []string) bool { return others != nil && mayStandIn(others, run) }
		g, err := New(sources, loose())
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(drawn, others, []string{"x y"})
		var words []string
		g.begin()
		for range 200 {
			if n := len(words); n > 12 || n > 0 && r.IntN(4) == 0 {
				n = r.IntN(n)
				words = words[:n]
				g.trail.cut(n + 1)
			}
			post := strings.Fields(one(r, all))
			at := r.IntN(len(post))
			for _, s := range post[at:min(len(post), at+1+r.IntN(5))] {
				w := g.trail.find(s)
				if n := len(words); n > 0 && r.IntN(5) > 0 {
					first := 1 + r.IntN(n)
					run := append(slices.Clone(words[first-1:]), s)
					switch got := g.trail.holds(first, w); {
					case got && standsIn(drawn, run):
						yes++
					case got && mayBeKnown(run):
						known++
					case got && others != nil:
						mistaken++
					case got, standsIn(drawn, run), mayBeKnown(run):
						t.Fatalf("seed %d: %q: got %v", seed, run, got)
					default:
						no++
					}
				}
				if r.IntN(8) == 0 {
					continue // it was asked for, and something else comes next
				}
				g.trail.push(w, drawing{entry: -1})
				words = append(words, s)
			}
		}
	}
	if yes < 500 || known < 100 || no < 500 || mistaken > (no+mistaken)/12 {
		t.Errorf("%d runs stood in a post and %d in a known one, %d did not, and %d were taken for known", yes, known, no, mistaken)
	}
}

// Two words that stand together in no post but a repost are no way around it.
func TestRepostOfWantedWords(t *testing.T) {
	posts := number([]string{"a hello q", "a hello r", "p world b", "o world b"})
	for _, known := range [][]string{nil, {"a hello world b"}} {
		opt := loose()
		opt.MinWords, opt.Contain = 2, "hello world"
		source := Source{Model: learn(t, posts)}
		if known != nil {
			source.Known = know(t, number(known))
		}
		g, err := New([]Source{source}, opt)
		if err != nil {
			t.Fatal(err)
		}
		said := false
		for n := range uint64(20) {
			d, err := g.Draft(n)
			said = said || err == nil && d.Text == "a hello world b"
		}
		if said != (known == nil) {
			t.Errorf("with reposts %q: said: %v", known, said)
		}
	}
}
