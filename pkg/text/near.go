package text

import "hash/maphash"

// Nearness is the similarity from which on two texts are nearly equal. It is the Jaccard similarity
// (size of the intersection over size of the union) of their sets of pairs of neighbouring words,
// case folded, where the beginning and the end count as words and marks do not. For two texts of
// ten words that differ in one word it is 9/13; if they differ in two words that are not
// neighbours, 7/15.
const Nearness = 0.5

// Memory holds texts that are not to be said again. A nil Memory is empty and can only be asked.
// Several goroutines may ask at once, but not while one adds.
type Memory struct {
	pairs map[uint64][]int32 // the texts that have a pair of words
	sizes []int32            // the number of pairs of each text
	seed  maphash.Seed
}

// NewMemory returns an empty memory.
func NewMemory() *Memory {
	return &Memory{pairs: map[uint64][]int32{}, seed: maphash.MakeSeed()}
}

// Add remembers a text. It takes some 60 bytes of memory a word.
func (s *Memory) Add(t string) {
	set := s.set(t)
	for p := range set {
		s.pairs[p] = append(s.pairs[p], int32(len(s.sizes)))
	}
	s.sizes = append(s.sizes, int32(len(set)))
}

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
	set := s.set(t)
	common := map[int32]int{}
	for p := range set {
		for _, i := range s.pairs[p] {
			common[i]++
			both := float64(common[i])
			if both >= Nearness*(float64(len(set)+int(s.sizes[i]))-both) && (!ok || int(i) < n) {
				n, ok = int(i), true
			}
		}
	}
	return n, ok
}

// set is the pairs of neighbouring words of t.
func (s *Memory) set(t string) map[uint64]struct{} {
	set := map[uint64]struct{}{}
	before := uint64(0)
	for _, tok := range Split(t) {
		if KindOf([]byte(tok.Text)) == Mark {
			continue
		}
		now := maphash.String(s.seed, Fold(tok.Text))
		set[pair(before, now)] = struct{}{}
		before = now
	}
	set[pair(before, 0)] = struct{}{}
	return set
}

// pair mixes the hashes of two words in their order.
func pair(a, b uint64) uint64 { return a*0x9e3779b97f4a7c15 ^ b }
