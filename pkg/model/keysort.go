package model

// suffixSorter sorts the suffixes of key texts, one text after the other in the same memory.
type suffixSorter struct {
	*keyText
	limit   int // places in memory at a time, of 12 bytes each; 0 is a third of all
	room    int // the same for this text
	sorters []*sorter
	buckets
	next [][]uint32 // by share, for each bucket: where its next place goes
}

func newSuffixSorter(t *keyText, cores, limit, largest int) *suffixSorter {
	return &suffixSorter{keyText: t, limit: limit, sorters: newSorters(cores, t, largest), next: make([][]uint32, cores)}
}

// sort sorts the suffixes. Each time that the next ones are known, done is called with their places, in order.
//
// The suffixes are divided by their first two bytes, and so many of these buckets as fit into the
// memory are sorted at a time: for each such group the text is read from end to end, and each suffix of the group is put
// down with its next eight bytes. All cores divide, each the parts of
// its share, whose pairs were counted apart, so that it knows where they go. That leaves equal
// suffixes in no particular order; the sort of the buckets restores it.
//
// To divide all places at once, and to read the bytes when they are needed, takes a third longer for the whole
// sort, though the text is read but once: each of these reads misses the caches.
func (s *suffixSorter) sort(done func(places []uint32) error) error {
	if s.room = s.limit; s.room == 0 {
		s.room = s.total()/3 + 1
	}
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

// choose makes the group of the buckets from the first on that fit into the memory, of one at least.
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
	if int(sum) > cap(s.items) {
		n := max(int(sum), min(s.room, s.total()))
		s.items, s.keys = make([]uint32, n), make([]uint64, n)
	}
	s.items, s.keys = s.items[:cap(s.items)], s.keys[:cap(s.items)]
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

// divide puts down the places of a share's codes that belong to the group, where next tells for their first
// two bytes.
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
				s.keys[n] = s.firstKey(at)
			}
			at += uint32(codeLengths[first])
		}
	}
}
