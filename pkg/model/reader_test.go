package model

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/sharedtest"

	"pgregory.net/rapid"
)

// Random corpora are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// edge stands for the mark in the sequences of a naive twin; no test has such a token.
const edge = "\xff the edge of a post"

// spot is a token of a corpus. The mark before a post is its token 0, and the mark after it its
// last token.
type spot struct{ post, token int }

// naive computes what a model must tell by looking at the whole corpus.
type naive struct {
	posts [][]string        // with an edge before and after each
	at    map[string][]spot // where each sequence of up to naiveOrder tokens begins, by its key
	words []string          // all different tokens
}

const naiveOrder = 5

func key(tokens []string) string { return strings.Join(tokens, "\xff,") }

func newNaive(posts []testPost) *naive {
	n := &naive{at: map[string][]spot{}}
	seen := map[string]bool{}
	for i, p := range posts {
		n.posts = append(n.posts, slices.Concat([]string{edge}, p.tokens, []string{edge}))
		for _, w := range p.tokens {
			if !seen[w] {
				seen[w], n.words = true, append(n.words, w)
			}
		}
		n.each(i, func(at spot, tokens []string) { n.at[key(tokens)] = append(n.at[key(tokens)], at) })
	}
	return n
}

// each calls f with the sequences of a post, except the one of only the mark after it.
func (n *naive) each(post int, f func(at spot, tokens []string)) {
	for i := range n.posts[post][:len(n.posts[post])-1] {
		for k := 1; k <= naiveOrder && i+k <= len(n.posts[post]); k++ {
			f(spot{post, i}, n.posts[post][i:i+k])
		}
	}
}

// branches is the definition: two different next tokens from two different posts.
func (n *naive) branches(context []string) bool {
	at := n.at[key(context)]
	for i, a := range at {
		for _, b := range at[:i] {
			if a.post != b.post && n.posts[a.post][a.token+len(context)] != n.posts[b.post][b.token+len(context)] {
				return true
			}
		}
	}
	return false
}

// interval looks a sequence up in a model.
func interval(m *Model, tokens []string) Interval {
	iv := Interval{}
	for k, w := range tokens {
		id := m.Lookup([]byte(w))
		if w == edge {
			id = Mark
		}
		if k == 0 {
			iv = m.Token(id)
		} else {
			iv = m.Narrow(iv, k, id)
		}
	}
	return iv
}

// load builds and loads a model, which must have no fault.
func load(t testing.TB, posts []testPost) *Model {
	t.Helper()
	m, err := Load(buildWith(t, Options{}, posts, 1, 100))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// spots returns where each token is in the stream, and checks that all ways of reading agree.
func spots(t testing.TB, m *Model, posts []testPost) map[int]spot {
	t.Helper()
	at := map[int]spot{}
	for i, p := range posts {
		begin := m.Begin(i)
		at[begin] = spot{i, 0}
		var forward, backward []int
		id, place := m.After(begin)
		for ; id != Mark; id, place = m.After(place) {
			forward = append(forward, place)
			at[place] = spot{i, len(forward)}
			if got, _ := m.At(place); got != id {
				t.Fatalf("post %d: token %d at %d, but %d by At", i, id, place, got)
			}
		}
		for id, place = m.Before(place); id != Mark; id, place = m.Before(place) {
			backward = append(backward, place)
		}
		if slices.Reverse(backward); !slices.Equal(forward, backward) || place != begin || len(forward) != len(p.tokens) {
			t.Fatalf("post %d begins at %d: read %v forward, %v backward to %d", i, begin, forward, backward, place)
		}
	}
	return at
}

func TestReadPosts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		posts := drawPosts(rt)
		if rapid.Bool().Draw(rt, "many gaps") {
			kinds := rapid.IntRange(1, 30).Draw(rt, "kinds")
			for i := range posts {
				posts[i].gaps = slices.Clone(posts[i].gaps)
				for j := range posts[i].gaps {
					posts[i].gaps[j] = strings.Repeat("\t", (i+j*j)%kinds)
				}
			}
		}
		order := make([]int, len(posts))
		for i := range order {
			order[i] = i
		}
		if rapid.Bool().Draw(rt, "any order") { // Read goes on from the post before
			order = rapid.Permutation(order).Draw(rt, "order")
		}
		m := load(t, posts)
		tokens := 0
		for _, i := range order {
			p := posts[i]
			if got := m.Post(i); got != p.Post {
				t.Fatalf("post %d: got %+v, want %+v", i, got, p.Post)
			}
			n := 0
			m.Read(i, func(gap, token []byte) {
				want := p.gaps[n]
				if n == 0 {
					want = ""
				}
				if string(gap) != want || string(token) != p.tokens[n] {
					t.Fatalf("post %d, token %d: got %q %q, want %q %q", i, n, gap, token, want, p.tokens[n])
				}
				n++
			})
			tokens += n
		}
		if m.Posts() != len(posts) || m.Tokens() != tokens || m.Err() != nil {
			t.Errorf("%d posts of %d tokens, want %d of %d; %v", m.Posts(), m.Tokens(), len(posts), tokens, m.Err())
		}
		for place, s := range spots(t, m, posts) {
			if got := m.PostAt(place); got != s.post {
				t.Fatalf("place %d is in post %d, not %d", place, got, s.post)
			}
			if got := m.DateAt(place); got != posts[s.post].Time {
				t.Fatalf("place %d of post %d is of %d, not %d", place, s.post, got, posts[s.post].Time)
			}
		}
	})
}

// Spread is the divergence of where a token stands from where it would stand if it were everywhere
// alike, less what chance adds to that.
func TestSpread(t *testing.T) {
	var texts []string
	for i := range 3000 {
		texts = append(texts, fmt.Sprintf("the w%d of the w%d", i%7, i/100))
	}
	m := load(t, splitPosts(texts...))
	for id := m.Gaps(); id < m.Words(); id++ {
		iv := m.Token(id)
		parts, n, want := map[int]float64{}, float64(iv.Len()), 0.0
		for e := iv.Lo; e < iv.Hi; e++ {
			parts[m.Place(e)*32/m.length(secStream)]++
		}
		for _, k := range parts {
			want += k / n * (math.Log(k/n) + math.Log(32))
		}
		want = max(0, want-31/(2*n))
		if got := m.Spread(id); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q is spread by %g, not %g", m.Text(id), got, want)
		}
	}
	spread := func(word string) float64 { return m.Spread(m.Lookup([]byte(word))) }
	if even, once := spread("the"), spread("w20"); even > 0.001 || once < 2 {
		t.Errorf("a word that stands everywhere is spread by %g, one of a single time by %g", even, once)
	}
	if got := m.Spread(m.Words()); got != 0 {
		t.Errorf("no word is spread by %g", got)
	}
}

func TestIntervals(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		posts := drawPosts(rt)
		posts = posts[:min(len(posts), 8)]
		m, n := load(t, posts), newNaive(posts)
		if rapid.Bool().Draw(rt, "version 1") {
			m = version1Of(t, posts)
		}
		at := spots(t, m, posts)
		for i := range posts {
			n.each(i, func(_ spot, tokens []string) { sameInterval(t, m, n, at, tokens) })
		}
		for range 50 { // mostly absent ones
			tokens := rapid.SliceOfN(rapid.SampledFrom(n.words), 1, naiveOrder).Draw(rt, "tokens")
			if iv := interval(m, tokens); iv.Len() != len(n.at[key(tokens)]) {
				t.Fatalf("%q stands there %d times, not %d", tokens, len(n.at[key(tokens)]), iv.Len())
			}
		}
		if m.Err() != nil {
			t.Error(m.Err())
		}
	})
}

// sameInterval checks the interval of a sequence against the places where it occurs.
func sameInterval(t *testing.T, m *Model, n *naive, at map[int]spot, tokens []string) {
	t.Helper()
	iv, want := interval(m, tokens), n.at[key(tokens)]
	if iv.Len() != len(want) {
		t.Fatalf("%q stands there %d times, not %d", tokens, len(want), iv.Len())
	}
	if k := len(tokens) - 1; k > 0 && iv.Len() > 0 {
		id, _ := m.Next(iv.Lo, k)
		for _, entry := range []int{iv.Lo, (iv.Lo + iv.Hi) / 2, iv.Hi - 1} {
			for _, most := range []int{iv.Len(), iv.Len() + 1, m.entries} {
				if got := m.Around(interval(m, tokens[:k]), k, id, entry, most); got != iv {
					t.Fatalf("%q is at %v, but at %v around %d of at most %d", tokens, iv, got, entry, most)
				}
			}
		}
		for _, most := range []int{iv.Len(), iv.Len() + 1} {
			if got := m.NarrowTo(interval(m, tokens[:k]), k, id, most); got != iv {
				t.Fatalf("%q is at %v, but at %v of at most %d", tokens, iv, got, most)
			}
		}
	}
	var got []spot
	ended := tokens[len(tokens)-1] == edge && len(tokens) > 1
	for e := iv.Lo; e < iv.Hi; e++ {
		s := at[m.Place(e)]
		got = append(got, s)
		if ended {
			continue
		}
		id, place := m.Next(e, len(tokens))
		next := n.posts[s.post][s.token+len(tokens)]
		if id == Mark != (next == edge) || id != Mark && (string(m.Text(id)) != next || at[place] != spot{s.post, s.token + len(tokens)}) {
			t.Fatalf("after %q of post %d comes %q, not %q", tokens, s.post, next, m.Text(id))
		}
	}
	slices.SortFunc(got, func(a, b spot) int { return (a.post-b.post)*1000 + a.token - b.token })
	if !slices.Equal(got, want) {
		t.Fatalf("%q stands at %v, not %v", tokens, want, got)
	}
	if !ended && m.Branches(iv, len(tokens)) != n.branches(tokens) {
		t.Fatalf("%q leaves a choice: %v, not %v", tokens, n.branches(tokens), m.Branches(iv, len(tokens)))
	}
}

func TestLookup(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		posts := drawPosts(rt)
		m, n := load(t, posts), newNaive(posts)
		ids := map[int]bool{}
		counts := map[string]int{}
		for _, p := range posts {
			for _, w := range p.tokens {
				counts[w]++
			}
		}
		for _, w := range n.words {
			id := m.Lookup([]byte(w))
			if id < m.Gaps() || id >= m.Words() || string(m.Text(id)) != w || m.Count(id) != counts[w] {
				t.Fatalf("%q has id %d, which is %q, %d times instead of %d", w, id, m.Text(id), m.Count(id), counts[w])
			}
			ids[id] = true
			for _, no := range []string{w + "\x00", w + "z", "\x00" + w, w[:len(w)/2]} {
				if id := m.Lookup([]byte(no)); counts[no] == 0 && id != 0 {
					t.Fatalf("%q is found as %d", no, id)
				}
			}
		}
		if len(ids) != m.Words()-m.Gaps() {
			t.Errorf("%d words found of %d", len(ids), m.Words()-m.Gaps())
		}
		if got := m.Count(Mark); got != len(posts) {
			t.Errorf("the mark stands there %d times, want %d", got, len(posts))
		}
	})
}

// Dates are found among posts of very different lengths, even if more blocks are asked for than are
// cached.
func TestDateAt(t *testing.T) {
	var texts []string
	for i := range 16*postBlock + 1 { // a block of one short post at the end
		texts = append(texts, strings.Repeat("a b ", 1+i%3)+strings.Repeat("c ", 5000*(i%250/249)))
	}
	posts := splitPosts(texts...)
	for i := range posts {
		posts[i].Time = int64(1e9 + i*i%1009)
	}
	m := load(t, posts)
	places := spots(t, m, posts)
	for _, remembered := range []int{dateBlocks, 3, 1} {
		for range 2 {
			for e := range m.Tokens() + m.Posts() { // not in the order of the places
				place := m.Place(e)
				if post := places[place].post; m.DateAt(place) != posts[post].Time {
					t.Fatalf("place %d of post %d is of %d, not %d", place, post, m.DateAt(place), posts[post].Time)
				}
			}
		}
		m.calendar.blocks = make([]*dates, min(remembered, len(m.calendar.blocks)))
	}
	if m.Err() != nil {
		t.Error(m.Err())
	}
}

// Ids of no word, and posts that do not exist, are not damage; an entry that does not exist is.
func TestOutOfRange(t *testing.T) {
	m := load(t, splitPosts("a b", "b c"))
	for _, id := range []int{-1, m.Words(), m.Words() + 1000, 1 << 30} {
		if iv := m.Token(id); iv.Len() != 0 {
			t.Errorf("token %d: %v", id, iv)
		}
		if s := m.Text(id); len(s) != 0 {
			t.Errorf("text of %d: %q", id, s)
		}
	}
	for _, i := range []int{-1, 2, 1 << 30} {
		if p := m.Post(i); p != (Post{}) {
			t.Errorf("post %d: %v", i, p)
		}
	}
	if m.Err() != nil {
		t.Error(m.Err())
	}
	if m.Place(m.Tokens() + m.Posts()); m.Err() == nil {
		t.Error("an entry beyond the array goes unnoticed")
	}
}

func TestFacts(t *testing.T) {
	posts := splitPosts("a b", "b c", "d")
	note := `{"made":"by a test"}`
	data := buildWith(t, Options{Note: []byte(note)}, posts, 1, 1)
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	earliest, latest := m.Dates()
	if !earliest.Equal(time.Unix(1000000, 0)) || !latest.Equal(time.Unix(2000000, 0)) || earliest.Location() != time.UTC {
		t.Errorf("from %v to %v", earliest, latest) // the first post has no date
	}
	if string(m.Note()) != note {
		t.Errorf("note %s", m.Note())
	}
	total := int64(0)
	for _, s := range m.Sections() {
		total += s.Bytes
	}
	if total != m.Size() || m.Size() != int64(len(data)) {
		t.Errorf("sections of %d bytes in a file of %d, told as %d", total, len(data), m.Size())
	}
	if again := load(t, posts); len(m.Name()) != 16 || m.Name() == again.Name() || again.Name() != load(t, posts).Name() {
		t.Errorf("names %s, %s", m.Name(), again.Name())
	}
	undated := splitPosts("a b")
	undated[0].Time = 0
	if a, b := load(t, undated).Dates(); !a.IsZero() || !b.IsZero() {
		t.Errorf("from %v to %v without a date", a, b)
	}
}

// Of real posts a model tells what counting tells: for each sequence of one to five tokens of every
// 100th post.
func TestIntervalsReal(t *testing.T) {
	posts := splitPosts(realTexts(t, "icco")...)
	posts = slices.DeleteFunc(posts, func(p testPost) bool { return len(p.tokens) == 0 })
	n := &naive{at: map[string][]spot{}}
	asked := map[string][]string{}
	for i, p := range posts {
		n.posts = append(n.posts, slices.Concat([]string{edge}, p.tokens, []string{edge}))
		if i%100 == 0 {
			n.each(i, func(_ spot, tokens []string) { asked[key(tokens)] = tokens })
		}
	}
	counts := map[string]int{}
	for i := range n.posts {
		n.each(i, func(_ spot, tokens []string) {
			if k := key(tokens); asked[k] != nil {
				counts[k]++
			}
		})
	}
	m := load(t, posts)
	for k, tokens := range asked {
		if iv := interval(m, tokens); iv.Len() != counts[k] {
			t.Fatalf("%q stands there %d times, not %d", tokens, counts[k], iv.Len())
		}
	}
	for i, p := range posts {
		var tokens []string
		m.Read(i, func(_, token []byte) { tokens = append(tokens, string(token)) })
		if !slices.Equal(tokens, p.tokens) {
			t.Fatalf("post %d reads %q, not %q", i, tokens, p.tokens)
		}
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
}

// realTexts reads a corpus beside the repository.
func realTexts(t testing.TB, name string) (texts []string) {
	t.Helper()
	for _, text := range sharedtest.Texts(t, sharedtest.Files(t, sharedtest.Corpus(name))[0]) {
		texts = append(texts, text)
	}
	return texts
}

// Two corpora whose posts and words are the same in another order are told apart by nothing but the order.
func TestWordsByCount(t *testing.T) {
	m := load(t, splitPosts("c c c b b a", "z y", "b  z"))
	var words []string
	for id := m.Gaps(); id < m.Words(); id++ {
		words = append(words, fmt.Sprint(string(m.Text(id)), m.Count(id)))
	}
	if got := strings.Join(words, " "); got != "b3 c3 z2 a1 y1" {
		t.Errorf("words %s", got)
	}
	if !bytes.Equal(m.Text(1), []byte("  ")) || m.Gaps() != 2 {
		t.Errorf("gap %q, %d of them", m.Text(1), m.Gaps()-1)
	}
}

// spoken makes a model of 20,000 posts whose words are as unevenly frequent as in a language.
func spoken(b *testing.B) []byte {
	rng := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(rng, 1.1, 2, 20000)
	texts := make([]string, 20000)
	for i := range texts {
		words := make([]string, 5+rng.IntN(20))
		for j := range words {
			words[j] = fmt.Sprint("word", zipf.Uint64())
		}
		texts[i] = strings.Join(words, " ")
	}
	return buildWith(b, Options{}, splitPosts(texts...), 1, 1000)
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "model")
	if err := os.WriteFile(path, spoken(b), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		m.Close()
	}
}

// One search for what comes after a word, and after that.
func BenchmarkNarrow(b *testing.B) {
	m, err := Load(spoken(b))
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		place := m.Place(m.Posts() + rng.IntN(m.Tokens()))
		id, _ := m.At(place)
		next, place := m.After(place)
		if iv := m.Narrow(m.Token(id), 1, next); next != Mark {
			next, _ = m.After(place)
			m.Narrow(iv, 2, next)
		}
	}
}
