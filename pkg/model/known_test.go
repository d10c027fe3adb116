package model

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// buildKnowing builds a model of posts, and of others that are only to be known.
func buildKnowing(t testing.TB, opt Options, posts, others []testPost) []byte {
	t.Helper()
	b := NewBuilder(opt)
	defer b.Close()
	feed(t, b, posts, 1, 10)
	know(t, b, others, 3)
	return written(t, b)
}

// know gives posts to a builder, so many at a time.
func know(t testing.TB, b *Builder, posts []testPost, batch int) {
	t.Helper()
	var k KnownPosts
	for i, p := range posts {
		for _, token := range p.tokens {
			k.Token([]byte(token))
		}
		k.End()
		if i%batch == batch-1 || i == len(posts)-1 {
			if err := b.Know(&k); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// chatter is random posts of few words.
func chatter(r *rand.Rand, n int) (texts []string) {
	for range n {
		text := ""
		for range 1 + r.IntN(12) {
			text += fmt.Sprint("w", r.IntN(40), " ")
		}
		texts = append(texts, text)
	}
	return texts
}

// The section known is what its naive twin makes, however the posts come and however little memory there is; a model of version 1 makes
// the same filter, and another builder writes it again.
func TestKnownSection(t *testing.T) {
	posts := splitPosts("a b c", "b c a")
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 5))
		others := splitPosts(chatter(r, r.IntN(1+int(seed*seed)))...)
		want := twinVersion(2, posts, others, "{}")
		if got := buildKnowing(t, Options{}, posts, others); !bytes.Equal(got, want) {
			t.Fatalf("%d posts: not what the twin makes", len(others))
		}
		b := NewBuilder(Options{Memory: 1 + int64(r.IntN(2000)), TempDir: t.TempDir()})
		defer b.Close()
		know(t, b, others, 1+r.IntN(50))
		feed(t, b, posts, 1, 10)
		if got := written(t, b); !bytes.Equal(got, want) {
			t.Fatalf("%d posts, bounded: not what the twin makes", len(others))
		}
		for version := 1; version <= 2; version++ {
			m, err := Load(twinVersion(version, posts, others, "{}"))
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Check(); err != nil {
				t.Error(err)
			}
			known, err := m.Known()
			if err != nil || (known == nil) != (len(others) == 0) {
				t.Fatal(known, err)
			}
			again := NewBuilder(Options{})
			defer again.Close()
			feed(t, again, posts, 1, 10)
			again.Keep(known)
			if got := written(t, again); !bytes.Equal(got, want) {
				t.Errorf("version %d, %d posts: not the same when kept", version, len(others))
			}
		}
	}
}

// A run that stands in a post is never absent. What is said to be absent begins a shingle that stands in none, and the last one that does
// is named, but for the few that a filter lets through.
func TestAbsent(t *testing.T) {
	asked, passed := 0, 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 6))
		others := splitPosts(chatter(r, 300)...)
		m, err := Load(buildKnowing(t, Options{}, splitPosts("a"), others))
		if err != nil {
			t.Fatal(err)
		}
		known, err := m.Known()
		if err != nil || known.Posts() != len(others) {
			t.Fatal(known.Posts(), err)
		}
		shingles := map[string]bool{}
		for _, p := range others {
			for n := ShortShingle; n <= len(p.tokens); n++ {
				for i := 0; i+n <= len(p.tokens); i++ {
					if at := known.Absent(hashesOf(p.tokens[i : i+n])); at >= 0 {
						t.Fatalf("%q stands there: %d", p.tokens[i:i+n], at)
					}
					shingles[fmt.Sprint(p.tokens[i:i+n])] = true
				}
			}
		}
		for _, p := range splitPosts(chatter(r, 3000)...) {
			n := 6
			if len(p.tokens) < 6 {
				n = 3
			}
			want := len(p.tokens) - n
			for want >= 0 && shingles[fmt.Sprint(p.tokens[want:want+n])] {
				want--
			}
			if len(p.tokens) < 3 || want < 0 {
				continue
			}
			got := known.Absent(hashesOf(p.tokens))
			if got > want {
				t.Fatalf("%q: the part from %d on stands in a post", p.tokens, got)
			}
			if asked++; got != want {
				passed++
			}
		}
	}
	if asked < 10000 || passed > asked/12 || passed < asked/200 {
		t.Errorf("of %d shingles that stand nowhere %d pass", asked, passed)
	}
}

func hashesOf(tokens []string) (hashes []uint32) {
	for _, token := range tokens {
		hashes = append(hashes, HashToken(token))
	}
	return hashes
}

// No hash is 0, which stands between posts on the tape.
func TestHashToken(t *testing.T) {
	if a, b := HashToken("word"), HashToken([]byte("word")); a != b || a == HashToken("other") {
		t.Error(a, b)
	}
	if h := HashToken("\xcc\x24\x31\xc4"); h != 1 { // its FNV-1a is 0
		t.Error(h)
	}
}

// What can't be a filter is damage.
func TestKnownDamaged(t *testing.T) {
	sound := twinFilter(splitPosts("some words of others"))
	for what, section := range map[string][]byte{
		"cut": sound[:7], "no block": sound[:8], "a part of a block": sound[:71], "more than a block": append(slices.Clone(sound), 0),
		"no posts": slices.Concat(make([]byte, 8), sound[8:]), "too many posts": slices.Concat(bytes.Repeat([]byte{255}, 8), sound[8:]),
	} {
		m, err := Load(twinFile(2, splitPosts("a b"), section, "{}"))
		if err != nil {
			t.Fatal(err)
		}
		var damage *Damage
		if err := m.Check(); !errors.As(err, &damage) || damage.Section != "known" {
			t.Errorf("%s: %v", what, err)
		}
		if known, err := m.Known(); known != nil || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
