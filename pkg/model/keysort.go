package model

// sort fills the array. Each time that the entries before an index are in order, done is called for
// those that were not yet reported.
//
// First the places are divided by the first two bytes of their suffixes, all cores at once: each takes the
// parts whose pairs it has counted, so that it knows where they go. That leaves
// equal suffixes in no particular order; the sort of the buckets restores it.
func (t *keyText) sort(largest int, done func(lo, hi int) error) error {
	b := buckets{starts: make([]uint32, bucketCount+1)}
	sum := uint32(0)
	for k := range b.starts {
		b.starts[k] = sum
		for _, p := range t.pairs {
			p[k], sum = sum, sum+p[k]
		}
	}
	t.array = make([]uint32, sum)
	b.items = t.array
	workers := len(t.pairs)
	inOrder(workers, workers, workers, func(_, share int) {
		for _, p := range t.parts {
			if p.worker == share {
				t.distribute(p, t.pairs[share])
			}
		}
	}, func(int) error { return nil })
	return b.sort(t, workers, largest, done)
}

// distribute puts the places of a part's codes into the array, at the next place for their first two bytes.
func (t *keyText) distribute(p keyPart, next []uint32) {
	for at := p.begin; at < p.end; {
		first := t.text[at]
		n := &next[uint(first)<<8|uint(t.text[at+1])]
		t.array[*n] = at
		*n++
		at += uint32(codeLengths[first])
	}
}
