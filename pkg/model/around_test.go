package model

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAround(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		posts := drawPosts(rt)
		posts = posts[:min(len(posts), 5)]
		m := load(t, posts)
		at := spots(t, m, posts)
		for p, a := range at {
			for q, b := range at {
				if got := apart(m, p, q); got != (a.post != b.post) {
					t.Fatalf("%v at %d and %v at %d are apart: %v", a, p, b, q, got)
				}
			}
		}
	})
}

// apart tells whether two places are in different posts.
func apart(m *Model, p, q int) bool {
	lo, hi := m.around(p)
	return q < lo || q >= hi
}

// A spam post that repeats one word leaves no choice, and costs no more for being enormous.
func TestRepeatedWord(t *testing.T) {
	for _, c := range []struct {
		words int
		want  bool
	}{{1000, false}, {100_000, true}} {
		m := load(t, splitPosts(strings.Repeat("spam ", c.words)))
		lo, hi := m.around(m.Place(m.entries / 2))
		if hi-lo > 2*reach+10 {
			t.Errorf("%d words: looks at %d bytes", c.words, hi-lo)
		}
		iv := m.Token(m.Gaps())
		if got := m.Branches(iv, 1); got != c.want {
			t.Errorf("%d words: %v, want %v", c.words, got, c.want)
		}
	}
}
