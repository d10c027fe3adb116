package text

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// eachPost calls f with the text of each post of the corpora beside the repository.
func eachPost(t testing.TB, f func(corpus, text string)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t, "corpora"), "*.jsonl.gz"))
	if err != nil || len(names) == 0 {
		t.Skip("no corpora in ../shared/corpora")
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		r, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(r)
		for lines.Buffer(nil, 1<<24); lines.Scan(); {
			var post struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &post); err != nil {
				t.Fatal(err)
			}
			f(filepath.Base(name), post.Text)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// Every real post survives, and weighs what its tokens weigh unless a link is formed between them.
func TestCorpora(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all corpora")
	}
	posts, apart := 0, 0
	eachPost(t, func(corpus, text string) {
		posts++
		checkLossless(t, text)
		sum := 0
		for _, tok := range Split(text) {
			sum += Weigh(tok.Gap) + Weigh(tok.Text)
		}
		if normal := Normalise(text); sum != Weigh(normal) {
			apart++
			if testing.Verbose() && apart < 400 {
				t.Logf("%s: %d, %d by tokens: %q", corpus, Weigh(normal), sum, text)
			}
		}
	})
	if apart*500 > posts {
		t.Errorf("the weight of %d posts of %d is not that of their tokens", apart, posts)
	}
	t.Logf("%d posts", posts)
}
