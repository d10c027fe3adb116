package markov

import (
	"testing"

	"horsepipe/pkg/sharedtest"
	"horsepipe/pkg/text"
)

// account is the model of a real account if one lies beside the repository, and otherwise of a made-up
// one, with a post every two hours.
func account(b *testing.B, opt Options) *Generator {
	b.Helper()
	posts := number(crowd(1, 20000))
	if len(sharedtest.Find(b, sharedtest.Corpus("icco"))) > 0 {
		posts = realPosts(b, "icco")
	}
	for i := range posts {
		posts[i].time = int64(i+1) * 7200
	}
	return generator(b, learn(b, posts), opt)
}

// One draft with default options.
func BenchmarkDraft(b *testing.B) { benchmarkDraft(b, Defaults()) }

// The same with a half-life: of an account it takes two to three times as long.
func BenchmarkHalfLife(b *testing.B) {
	opt := Defaults()
	opt.HalfLife = 180 * day
	benchmarkDraft(b, opt)
}

func benchmarkDraft(b *testing.B, opt Options) {
	b.Helper()
	g := account(b, opt)
	b.ReportAllocs()
	for n := uint64(0); b.Loop(); n++ {
		if _, err := g.Draft(n); err != nil {
			b.Fatal(err)
		}
	}
}

// One more token in a trail: a search for each context that ends there. The trail follows drafts, as
// those of walks do.
func BenchmarkPush(b *testing.B) {
	g := account(b, Defaults())
	var words [][]*word
	for n := range uint64(200) {
		d, err := g.Draft(n)
		if err != nil {
			b.Fatal(err)
		}
		var ws []*word
		for _, tok := range text.SplitUnits(d.Text) {
			ws = append(ws, g.trail.find(tok.Text))
		}
		words = append(words, ws)
	}
	b.ReportAllocs()
	pushed := 0
	for b.Loop() {
		ws := words[pushed%len(words)]
		if at := len(g.trail.words) - 1; at >= len(ws) || at < 0 {
			g.trail.reset()
			pushed++
		} else {
			g.trail.push(ws[at], drawing{entry: -1})
		}
	}
}
