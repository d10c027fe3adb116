package model

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The pair of each entry is what a scan of all entries finds, in all intervals around it, at
// samples and between them.
func TestPair(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.IntRange(1, 6).Draw(rt, "words")
		posts := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, words), 1, 60), 1, 20).Draw(rt, "posts")
		var texts []string
		for _, post := range posts {
			texts = append(texts, strings.Trim(fmt.Sprint(post), "[]"))
		}
		m := load(t, splitPosts(texts...))
		var pairs [][2]int
		for e := range m.entries {
			pairs = append(pairs, m.pairAt(m.Place(e)))
		}
		for e, pair := range pairs {
			lo, hi := e, e+1
			for lo > 0 && pairs[lo-1] == pair {
				lo--
			}
			for hi < len(pairs) && pairs[hi] == pair {
				hi++
			}
			if m.heads(e) != (lo == e) {
				t.Fatalf("entry %d heads a pair: %v", e, m.heads(e))
			}
			all := m.Token(pair[0])
			for _, iv := range []Interval{all, {max(all.Lo, e-1), all.Hi}, {all.Lo, min(all.Hi, e+2)}} {
				if got, want := m.pair(iv, e, pair[1]), (Interval{max(lo, iv.Lo), min(hi, iv.Hi)}); got != want {
					t.Fatalf("entry %d in %v: pair is %v, not %v", e, iv, got, want)
				}
			}
		}
		if m.Err() != nil {
			t.Error(m.Err())
		}
	})
}

// Version 1 has no heads: there a search is for the ends of a pair, which may be far from each other.
func TestPairVersion1(t *testing.T) {
	var texts []string
	for i := range 1500 {
		texts = append(texts, fmt.Sprintf("a w%d", i*i*i/300e6)) // pairs of 670 entries down to 11
	}
	posts := splitPosts(texts...)
	m, later := version1Of(t, posts), load(t, posts)
	all, a := m.Token(m.Lookup([]byte("a"))), m.Gaps()
	for id := a + 1; id < m.Words(); id++ {
		want := later.Narrow(all, 1, id)
		if got := m.Narrow(all, 1, id); got != want || got.Len() != m.Count(id) {
			t.Errorf("%q: %v, not %v", m.Text(id), got, want)
		}
		for e := want.Lo; e < want.Hi; e++ {
			if got := m.Around(all, 1, id, e, all.Len()); got != want {
				t.Fatalf("%q around %d: %v, not %v", m.Text(id), e, got, want)
			}
		}
	}
	if m.Words()-a < 8 || m.Err() != nil {
		t.Errorf("%d words, %v", m.Words()-a, m.Err())
	}
}

// However the suffixes are divided, those that head pairs are the ones that the text implies.
func TestMarkHeads(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := NewBuilder(Options{Workers: 2})
		feed(t, b, drawPosts(rt), 1, 100)
		a := &assembly{Builder: b, f: &fileWriter{w: new(bytes.Buffer)}}
		s := wholeSegment{segment: b.open}
		v, codes := s.vocabulary(1)
		a.encode(len(s.chunks), func(_, i int) []uint16 { return s.chunks[i] }, codes, v.streamSize()+int64(s.posts))
		limit, largest := rapid.SampledFrom([]int{1, 50, 1 << 20}).Draw(rt, "places"), rapid.SampledFrom([]int{2, 30, sorterRange}).Draw(rt, "largest")
		var want pairHeads
		sorter := newSuffixSorter(&a.keys, 2, limit, largest)
		sorter.sorted = sorter.markHeads
		sorter.sort(func(lo, hi uint32) error {
			for i := lo; i < hi; i++ {
				at := sorter.items[i]
				if got := sorter.heads[i]; got != want.next(a.keys.text[at:]) {
					t.Fatalf("suffix at %d heads a pair: %v", at, got)
				}
			}
			return nil
		})
	})
}

// If no entry heads a pair, a search still ends soon and reports it.
func TestNoHeads(t *testing.T) {
	var texts []string
	for i := range 3000 {
		texts = append(texts, fmt.Sprintf("a w%d", i))
	}
	data := buildWith(t, Options{}, splitPosts(texts...), 1, 100)
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(data)
	for e := range m.entries {
		bit := e * int(m.bits.entry)
		changed[m.start[secArray]+bit/8] &^= 1 << (bit % 8)
	}
	changed = repair(changed)
	for want, search := range map[string]func(m *Model, iv Interval, entry, id int){
		"a pair without a head": func(m *Model, iv Interval, entry, id int) { m.pairBegin(iv.Lo, entry, id) },
		"a pair without an end": func(m *Model, iv Interval, entry, id int) { m.pairEnd(entry, iv.Hi, id) },
	} {
		if m, err = Load(changed); err != nil {
			t.Fatal(err)
		}
		iv := m.Token(m.Lookup([]byte("a")))
		search(m, iv, (iv.Lo+iv.Hi)/2, m.Lookup([]byte("w1500")))
		if err := m.Err(); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if err := m.Check(); err == nil {
			t.Error("nothing found")
		}
	}
}
