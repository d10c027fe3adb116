package text

import (
	"path/filepath"
	"testing"

	"horsepipe/pkg/sharedtest"
)

// Every real post survives, and weighs what its tokens weigh unless a link is formed between them.
func TestCorpora(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all corpora")
	}
	posts, apart := 0, 0
	for _, corpus := range sharedtest.Files(t, sharedtest.Corpus("*")) {
		for _, text := range sharedtest.Texts(t, corpus) {
			posts++
			checkLossless(t, text)
			sum := 0
			for _, tok := range Split(text) {
				sum += Weigh(tok.Gap) + Weigh(tok.Text)
			}
			if normal := Normalise(text); sum != Weigh(normal) {
				apart++
				if testing.Verbose() && apart < 400 {
					t.Logf("%s: %d, %d by tokens: %q", filepath.Base(corpus), Weigh(normal), sum, text)
				}
			}
		}
	}
	if apart*500 > posts {
		t.Errorf("the weight of %d posts of %d is not that of their tokens", apart, posts)
	}
	t.Logf("%d posts", posts)
}
