package model

// suffixSorter sorts the suffixes of key texts, one text after the other, reusing its memory.
type suffixSorter struct {
	*keyText
	limit   int // places, with their keys, that may be in memory at a time
	room    int // the same for the current text: less if that suffices for three groups
	sorters []*sorter
	buckets
	memory []uint64   // for keys
	heads  []bool     // of the items, used if sorted is markHeads
	next   [][]uint32 // by share, for each bucket: where its next place goes
}

func newSuffixSorter(t *keyText, cores, limit, largest int) *suffixSorter {
	return &suffixSorter{keyText: t, limit: limit, sorters: newSorters(cores, t, largest), next: make([][]uint32, cores)}
}

// sort sorts the suffixes. Whenever the next ones are known it calls done with the bounds of their
// places in items.
//
// The suffixes are divided into buckets by their first two bytes, and as many buckets as fit into
// the memory are sorted at a time. For each such group the text is read from end to end, and each
// suffix of the group is stored with its next eight bytes. All cores divide, each the parts of its
// own share: the pairs of each share were counted separately, so each core knows where its suffixes
// go. This leaves equal suffixes in no particular order; sorting the buckets restores it.
//
// Dividing all places at once, and reading the bytes when they are needed, makes the whole sort
// take a third longer, although the text is then read only once: each of these reads misses the
// caches, even if they overlap. One group or three take the same time; eight take a fifth longer.
func (s *suffixSorter) sort(done func(lo, hi uint32) error) error {
	s.room = min(s.limit, s.total()/3+1)
	for first := 0; first < bucketCount; first += len(s.starts) - 1 {
		s.choose(first)
		cores := len(s.sorters)
		inOrder(cores, cores, cores, func(_, share int) { s.divide(share) }, func(int) error { return nil })
		if err := s.buckets.sort(s.sorters, done); err != nil {
			return err
		}
	}
	return nil
}

// choose selects the next group: the buckets from first on that fit into the memory. A single
// bucket that does not fit is a group without keys.
func (s *suffixSorter) choose(first int) {
	s.first, s.starts = first, s.starts[:0]
	for i := range s.next {
		s.next[i] = s.next[i][:0]
	}
	sum := uint32(0)
	for k := first; k < bucketCount; k++ {
		s.starts = append(s.starts, sum)
		for i, pairs := range s.pairs {
			s.next[i] = append(s.next[i], sum)
			sum += pairs[k]
		}
		if int(sum) > s.room && k > first {
			sum = s.starts[k-first]
			s.starts = s.starts[:k-first]
			break
		}
	}
	s.starts = append(s.starts, sum)
	s.items = grow(s.items, int(sum), s.room)
	if s.sorted != nil {
		s.heads = grow(s.heads, int(sum), s.room)
	}
	if s.keys = s.memory[:0]; int(sum) <= s.room {
		s.memory = grow(s.memory, int(sum), s.room)
		s.keys = s.memory
	}
}

// keyed tells whether a bucket is sorted by the keys of its items.
func (s *suffixSorter) keyed(k int) bool {
	return len(s.keys) > 0 && int(s.starts[k+1]-s.starts[k]) <= s.sorters[0].largest
}

// grow returns s if it has room for n elements, otherwise a new slice of max(n, more). What s held
// is lost.
func grow[T any](s []T, n, more int) []T {
	if n > cap(s) {
		s = make([]T, max(n, more))
	}
	return s[:cap(s)]
}

// total is the number of suffixes.
func (t *keyText) total() (n int) {
	for _, pairs := range t.pairs {
		for _, count := range pairs {
			n += int(count)
		}
	}
	return n
}

// divide stores the places of those of a share's codes that belong to the group, where next says
// for their first two bytes.
func (s *suffixSorter) divide(share int) {
	text, next := s.text, s.next[share][:len(s.starts)-1]
	for _, p := range s.parts {
		if p.share != share {
			continue
		}
		for at := p.begin; at < p.end; {
			first := text[at]
			if first == gapByte {
				at++
				continue
			}
			if bucket := s.pair(at) - s.first; uint(bucket) < uint(len(next)) {
				n := next[bucket]
				next[bucket]++
				s.items[n] = at
				if int(n) < len(s.keys) {
					s.keys[n] = s.firstKey(at)
				}
			}
			at += uint32(codeLengths[first])
		}
	}
}
