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

// What a trail says of runs, and what it has learned from earlier questions, is what a look at all posts says: after any pushes and
// cuts, asked for the token that comes next or for another, in models that are drawn from and such that are only known.
func TestRunsAreThoseOfThePosts(t *testing.T) {
	yes, no := 0, 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 9))
		drawn, known := crowd(2*seed, 2+r.IntN(120)), append(crowd(2*seed+1, r.IntN(30)), "known a b h")
		g, err := New([]Source{{Model: learn(t, number(drawn)), Known: learn(t, number(known))}}, loose())
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(drawn, known, []string{"x y"})
		texts := all[:len(all)-1]
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
					want := standsIn(texts, append(slices.Clone(words[first-1:]), s))
					if got := g.trail.holds(first, w, drawing{entry: -1}); got != want {
						t.Fatalf("seed %d: %q then %q: got %v, want %v", seed, words[first-1:], s, got, want)
					} else if got {
						yes++
					} else {
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
	if yes < 500 || no < 500 {
		t.Errorf("%d runs stood in a post, %d did not", yes, no)
	}
}
