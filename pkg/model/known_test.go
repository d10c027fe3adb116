package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/scratch/faulty"
)

// buildKnowing builds a model of posts, and of others that are only known.
func buildKnowing(t testing.TB, opt Options, posts, others []testPost) []byte {
	t.Helper()
	b := NewBuilder(opt)
	defer b.Close()
	feed(t, b, posts, 1, 10)
	know(t, b, others, 3)
	return written(t, b)
}

// know gives posts to a builder, a given number at a time.
func know(t testing.TB, b *Builder, posts []testPost, batch int) {
	t.Helper()
	var k KnownPosts
	for i, p := range posts {
		for _, token := range p.tokens {
			k.Token([]byte(token))
		}
		k.End()
		k.End() // a post without tokens, which does not count
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

// The section known equals that of its naive twin, however the posts come and however little memory
// there is. A model of version 1 yields the same filter, and so does a builder that copies the
// section.
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
		spilled := NewBuilder(Options{TempDir: t.TempDir()}) // without a bound, but beyond what one segment holds
		defer spilled.Close()
		spilled.plan.units = 1
		know(t, spilled, others, 10)
		feed(t, spilled, posts, 1, 1)
		if got := written(t, spilled); !bytes.Equal(got, want) || len(spilled.parts) < 2 {
			t.Fatalf("%d posts, in %d parts: not what the twin makes", len(others), len(spilled.parts))
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

// knownOf is what a model of either version knows of posts.
func knownOf(t *testing.T, version int, posts []testPost) *Known {
	t.Helper()
	m, err := Load(twinVersion(version, splitPosts("a"), posts, "{}"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := m.Known()
	if err != nil || known.Posts() != len(posts) {
		t.Fatal(known, err)
	}
	return known
}

// runsIn are the runs of tokens in posts.
func runsIn(posts []testPost) map[string]bool {
	stands := map[string]bool{}
	for _, p := range posts {
		runsOf(p, func(run []string) { stands[fmt.Sprint(run)] = true })
	}
	return stands
}

// runsOf calls f for each run of a post's tokens.
func runsOf(p testPost, f func(run []string)) {
	for i := range p.tokens {
		for n := 1; i+n <= len(p.tokens); n++ {
			f(p.tokens[i : i+n])
		}
	}
}

// A run that occurs in a post is never absent. If a run is absent, a shingle that occurs nowhere
// begins at the returned token, and it is the last such one, except for those that the filter lets
// through.
func TestAbsent(t *testing.T) {
	asked, passed := 0, 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 6))
		others := splitPosts(chatter(r, 300)...)
		known, stands := knownOf(t, 2, others), runsIn(others)
		for _, p := range others {
			runsOf(p, func(run []string) {
				if from, absent := known.Absent(tokensOf(run)); absent {
					t.Fatalf("%q stands there: %d", run, from)
				}
			})
		}
		for _, p := range splitPosts(chatter(r, 3000)...) {
			n := 6
			if len(p.tokens) < 6 {
				n = 3
			}
			want := len(p.tokens) - n
			for want >= 0 && stands[fmt.Sprint(p.tokens[want:want+n])] {
				want--
			}
			from, absent := known.Absent(tokensOf(p.tokens))
			switch {
			case absent && from > want:
				t.Fatalf("%q: the part from %d on stands in a post", p.tokens, from)
			case want < 0: // and rightly not absent
			case !absent || from < want:
				passed++
				fallthrough
			default:
				asked++
			}
		}
	}
	if asked < 10000 || passed > asked/12 || passed < asked/200 {
		t.Errorf("of %d shingles that stand nowhere %d pass", asked, passed)
	}
}

// With a model of the posts the answer is exact for runs of any length, and so is the returned
// part.
func TestAbsentIn(t *testing.T) {
	absences, found := 0, 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 7))
		others := splitPosts(chatter(r, 100)...)
		known, stands := knownOf(t, 1, others), runsIn(others)
		for _, p := range splitPosts(append(chatter(r, 100), "w1 elsewhere w2")...) {
			runsOf(p, func(run []string) {
				from, absent := known.Absent(tokensOf(run))
				if absent == stands[fmt.Sprint(run)] || absent && stands[fmt.Sprint(run[from:])] {
					t.Fatalf("%q: %v, from %d", run, absent, from)
				}
				if absent {
					absences++
				} else {
					found++
				}
			})
		}
	}
	if absences < 1000 || found < 1000 {
		t.Errorf("%d are absent and %d are not", absences, found)
	}
}

func tokensOf(texts []string) (tokens []KnownToken) {
	for _, s := range texts {
		tokens = append(tokens, NewKnownToken(s))
	}
	return tokens
}

// No hash is 0, which separates posts on the tape.
func TestHashToken(t *testing.T) {
	if a, b := hashToken("word"), hashToken([]byte("word")); a != b || a == hashToken("other") {
		t.Error(a, b)
	}
	if h := hashToken("\xcc\x24\x31\xc4"); h != 1 { // its FNV-1a is 0
		t.Error(h)
	}
}

// A section that cannot be a filter is damage.
func TestKnownDamaged(t *testing.T) {
	sound := twinFilter(splitPosts("some words of others"))
	for what, section := range map[string][]byte{
		"cut": sound[:7], "no block": sound[:8], "a part of a block": sound[:71], "more than a block": append(slices.Clone(sound), 0),
		"no posts": slices.Concat(make([]byte, 8), sound[8:]), "too many posts": slices.Concat([]byte{0, 0, 0, 0, 1, 0, 0, 0}, sound[8:]),
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

// In the model that a model of version 1 has of known posts, damage is found by Check, and by whoever
// meets it, and a model in that one is damage.
func TestKnownModelDamaged(t *testing.T) {
	posts, others := splitPosts("a b"), splitPosts("some words of others")
	damaged := twinVersion(1, others, nil, "{}")
	m, err := Load(damaged)
	if err != nil {
		t.Fatal(err)
	}
	damaged[m.start[secStream]+2] = 0xff // no word has this code
	open := func(section []byte) (*Model, *Known) {
		m, err := Read(io.NopCloser(bytes.NewReader(twinFile(1, posts, section, "{}"))), "a.model")
		if err != nil {
			t.Fatal(err)
		}
		known, err := m.Known()
		if err != nil {
			t.Fatal(err)
		}
		return m, known
	}
	for want, section := range map[string][]byte{
		"known posts: damaged model: stream": repair(damaged),
		"a model in a model in a model":      twinVersion(1, others, posts, "{}"),
	} {
		m, _ := open(section)
		if err := m.Check(); !once(err, "a.model") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_, known := open(repair(damaged))
	if err := known.Err(); err != nil {
		t.Error(err)
	}
	known.Absent(tokensOf([]string{"some", "words"}))
	var damage *Damage
	if err := known.Err(); !errors.As(err, &damage) || !once(err, "a.model") || !strings.Contains(err.Error(), "known posts") {
		t.Errorf("met by a search: %v", err)
	}
}

// keeper is a builder of one post that keeps what m knows.
func keeper(t *testing.T, m *Model) *Builder {
	known, err := m.Known()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder(Options{})
	t.Cleanup(func() { b.Close() })
	feed(t, b, splitPosts("a b"), 1, 1)
	b.Keep(known)
	return b
}

// A builder that keeps the known posts of a damaged model fails, names its file, and does not make
// the damage look sound.
func TestKeepDamaged(t *testing.T) {
	for version := 1; version <= 2; version++ {
		others := splitPosts(chatter(rand.New(rand.NewPCG(1, 8)), 2000)...)
		data := twinVersion(version, splitPosts("a b"), others, large) // so large that damage is met when it is read
		m, err := Load(data)
		if err != nil {
			t.Fatal(err)
		}
		at := m.start[secKnown] + m.length(secKnown)*2/3 // not in the first page, which is read at once
		if old, _ := m.knownModel(); old != nil {
			at = m.start[secKnown] + old.start[secStream] + old.length(secStream)/2
		}
		data[at] ^= 4
		m, path := opened(t, data) // in memory, the model of version 1 would be checked when Known opens it
		var damage *Damage
		if _, err := keeper(t, m).WriteTo(io.Discard); !errors.As(err, &damage) || !once(err, path) {
			t.Errorf("version %d: %v", version, err)
		}
		if err := m.Check(); !errors.As(err, &damage) || !once(err, path) {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// nearlyFull is a disk on which a write may fail and a smaller one after it succeed.
type nearlyFull struct{ left int }

func (d *nearlyFull) Write(b []byte) (int, error) {
	if len(b) > d.left {
		return 0, faulty.ErrFull
	}
	d.left -= len(b)
	return len(b), nil
}

// A model that lacks its known posts, since only they did not fit on the disk, is an error.
func TestKeepDiskFull(t *testing.T) {
	m, err := Load(twinVersion(2, splitPosts("a b"), splitPosts(chatter(rand.New(rand.NewPCG(1, 8)), 2000)...), "{}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keeper(t, m).WriteTo(&nearlyFull{m.length(secKnown) / 2}); !errors.Is(err, faulty.ErrFull) {
		t.Errorf("got %v", err)
	}
}
