package text

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// Nearness is the similarity from which on two texts are nearly equal. It is the Jaccard similarity
// (size of the intersection over size of the union) of their sets of pairs of neighbouring words,
// case folded, where the beginning and the end count as words and marks do not. For two texts of
// ten words that differ in one word it is 9/13; if they differ in two words that are not
// neighbours, 7/15.
const Nearness = 0.5

// Memory holds texts that are not to be said again. A nil Memory is empty and can only be asked.
// Several goroutines may ask at once, but not while one adds.
type Memory struct {
	sizes []int32 // the number of pairs of each text
	links []link  // these pairs, text after text
	heads []int32 // a hash table: where the chain of each slot begins, as link.next; its length is a power of two
	seed  maphash.Seed
}

// link is a pair of words of a text, in the chain of all pairs of a slot. A bot asks about a few drafts
// each time it speaks, so what counts is how fast its log is added: chains take a fifth of the time of a
// map from pairs to texts, and half of the memory (BenchmarkMemory).
type link struct {
	pair uint64
	text int32
	next int32 // 1 + index of the next link; 0 at the end of the chain
}

// NewMemory returns an empty memory.
func NewMemory() *Memory { return &Memory{seed: maphash.MakeSeed()} }

// Add remembers a text. It takes some 25 bytes of memory a word.
func (s *Memory) Add(t string) {
	pairs := s.pairs(t)
	n := int32(len(s.sizes))
	s.sizes = append(s.sizes, int32(len(pairs)))
	for _, p := range pairs {
		s.links = append(s.links, link{pair: p, text: n})
	}
	if len(s.links) <= len(s.heads) {
		s.chain(len(s.links) - len(pairs))
		return
	}
	s.heads = make([]int32, 1<<bits.Len(uint(len(s.links))))
	s.chain(0)
}

// chain puts the links from the i-th on into their chains.
func (s *Memory) chain(i int) {
	for ; i < len(s.links); i++ {
		l := &s.links[i]
		head := s.head(l.pair)
		l.next, *head = *head, int32(i+1)
	}
}

// head is where the chain of a pair begins.
func (s *Memory) head(pair uint64) *int32 { return &s.heads[pair&uint64(len(s.heads)-1)] }

// Near tells whether t is equal or nearly equal to a text that was added; see [Nearness]. It costs what
// Find does.
func (s *Memory) Near(t string) bool {
	_, near := s.Find(t)
	return near
}

// Find returns the number of the first added text that t is equal or nearly equal to, counted from 0
// in the order of Add. It takes time in proportion to how often the added texts have pairs of words of
// t.
func (s *Memory) Find(t string) (n int, ok bool) {
	if s == nil || len(s.sizes) == 0 {
		return 0, false
	}
	pairs := s.pairs(t)
	var with []int32 // the texts that have a pair, once for each
	for _, p := range pairs {
		for at := *s.head(p); at > 0; at = s.links[at-1].next {
			if l := &s.links[at-1]; l.pair == p {
				with = append(with, l.text)
			}
		}
	}
	slices.Sort(with)
	for len(with) > 0 {
		n, common := with[0], 1
		for common < len(with) && with[common] == n {
			common++
		}
		if union := len(pairs) + int(s.sizes[n]) - common; float64(common) >= Nearness*float64(union) {
			return int(n), true
		}
		with = with[common:]
	}
	return 0, false
}

// pairs is the pairs of neighbouring words of t, each once.
func (s *Memory) pairs(t string) []uint64 {
	pairs := make([]uint64, 0, 32)
	var split Splitter
	split.Reset(AppendNormal(nil, []byte(t)))
	before := uint64(0)
	for _, atom, ok := split.Next(); ok; _, atom, ok = split.Next() {
		if KindOf(atom) == Mark {
			continue
		}
		now := maphash.String(s.seed, Fold(string(atom)))
		pairs = append(pairs, pair(before, now))
		before = now
	}
	pairs = append(pairs, pair(before, 0))
	slices.Sort(pairs)
	return slices.Compact(pairs)
}

// pair mixes the hashes of two words in their order.
func pair(a, b uint64) uint64 { return a*0x9e3779b97f4a7c15 ^ b }
