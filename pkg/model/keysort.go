package model

// sortSuffixes fills t.array with the places of all tokens and marks in the order of their suffixes.
// pieces tells for each piece of the key text where it begins, and by which worker it was
// encoded; pairs has that worker's counts.
func (t *keyText) sortSuffixes(pieces []keyPiece, pairs [][]uint32, largest int, done func(lo, hi int) error) error {
	b := buckets{starts: make([]uint32, bucketCount+1)}
	sum := uint32(0)
	for k := range b.starts {
		b.starts[k] = sum
		for _, p := range pairs {
			p[k], sum = sum, sum+p[k]
		}
	}
	t.array = make([]uint32, sum)
	b.items = t.array
	inOrder(len(pairs), len(pairs), len(pairs), func(_, worker int) {
		for _, p := range pieces {
			if p.worker == worker {
				t.distribute(p, pairs[worker])
			}
		}
	}, func(int) error { return nil })
	return b.sort(t, len(pairs), largest, done)
}

// keyPiece is a part of the key text that begins with a mark.
type keyPiece struct {
	begin, end uint32
	worker     int
}

// distribute puts the places of a piece's codes into the array, at the next place for their first two bytes.
func (t *keyText) distribute(p keyPiece, next []uint32) {
	for at := p.begin; at < p.end; {
		first := t.text[at]
		n := &next[uint(first)<<8|uint(t.text[at+1])]
		t.array[*n] = at
		*n++
		at += uint32(codeLengths[first])
	}
}
