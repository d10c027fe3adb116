package markov

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// What a hyphen, slash or apostrophe joins in a draft, a post has joined.
func TestWordsOfTwoPartsAreThoseOfThePosts(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 31))
	parts := []string{"rendez-vous", "week-end", "allez-y", "X-ray", "and/or", "his/her", "80'ler", "45'te", "Q&A", "R&B"}
	joined := regexp.MustCompile(`\w+[-/'&]\w+`)
	known := map[string]bool{}
	var texts []string
	for i := range 200 {
		w := func() string { return one(r, []string{"cat", "sat", "mat", "ran", "tea", "two"}) }
		s := parts[i%len(parts)]
		known[s] = true
		texts = append(texts, w()+" "+w()+" "+s+" "+w()+" "+w()+" "+one(r, []string{"- ", "", ""})+w())
	}
	m := learn(t, number(texts))
	for _, wanted := range []struct{ start, contain, end string }{{}, {contain: "vous"}, {contain: "her"}, {start: "cat", end: "te tea"}, {start: "two", end: "A ran"}} {
		opt := Defaults()
		opt.Start, opt.Contain, opt.End = wanted.start, wanted.contain, wanted.end
		g := generator(t, m, opt)
		found := 0
		for n := range uint64(200) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatalf("%v: %v", wanted, err)
			}
			for _, s := range joined.FindAllString(d.Text, -1) {
				if found++; !known[s] {
					t.Errorf("%v: %q has %s", wanted, d.Text, s)
				}
			}
		}
		if found < 100 {
			t.Errorf("%v: only %d such words", wanted, found)
		}
	}
}

// A dash between white space, and a quote, join nothing: after them may come what no post has there.
func TestSignsThatJoinNothingLeaveAChoice(t *testing.T) {
	for _, sign := range []string{" - ", " / ", " '"} {
		r := rand.New(rand.NewPCG(32, 32))
		parts := []string{"cat" + sign + "sat", "mat" + sign + "ran", "tea" + sign + "two"}
		known := map[string]bool{}
		var texts []string
		for i := range 300 {
			w := func() string { return one(r, []string{"the", "and", "then", "off"}) }
			s := parts[i%len(parts)]
			known[s] = true
			if sign == " '" {
				s += " " + w() + "'"
			}
			texts = append(texts, w()+" "+w()+" "+s+" "+w()+" "+w())
		}
		others := 0
		for s, n := range found(t, texts, 200, `\w+`+sign+`\w+`) {
			if !known[s] {
				others += n
			}
		}
		if others < 20 {
			t.Errorf("%q: %d pairs that no post has", sign, others)
		}
	}
}
