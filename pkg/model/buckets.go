package model

import "slices"

// buckets are strings divided by their first two bytes: for each pair of bytes, from the pair first
// on, a range of items. Cores share the buckets.
type buckets struct {
	// sorted, if not nil, is called for each bucket by the core that has sorted it. The keys of a
	// keyed bucket are then in order, too.
	sorted func(k int)
	first  int
	starts []uint32 // where each range starts, and where the last ends
	items  []uint32
	keys   []uint64 // of the items, from the third byte on; empty if they must be loaded
}

const bucketCount = 1 << 16

// jobSize is the number of items in a job, unless a single bucket is larger.
const jobSize = 1 << 15

// sort sorts the items. Whenever all items before some index are in order, it calls done with the
// bounds of those among them that done has not yet seen.
func (b *buckets) sort(sorters []*sorter, done func(lo, hi uint32) error) error {
	bounds, begin := []int{0}, uint32(0)
	for k, end := range b.starts {
		if end-begin >= jobSize || k == len(b.starts)-1 {
			bounds, begin = append(bounds, k), end
		}
	}
	n := len(bounds) - 1
	return inOrder(n, len(sorters), n, func(worker, i int) {
		for k := bounds[i]; k < bounds[i+1]; k++ {
			b.addBucket(k, sorters[worker])
		}
		sorters[worker].sort(b.items)
		for k := bounds[i]; b.sorted != nil && k < bounds[i+1]; k++ {
			b.sorted(k)
		}
	}, func(i int) error {
		return done(b.starts[bounds[i]], b.starts[bounds[i+1]])
	})
}

func (b *buckets) addBucket(k int, s *sorter) {
	lo, hi, pair := b.starts[k], b.starts[k+1], b.first+k
	p := s.strings.after(position{}, uint64(pair)<<48, 2)
	switch {
	case pair&0xff == 0: // the strings end here
		slices.Sort(b.items[lo:hi])
	case len(b.keys) == 0:
		s.add(int(lo), int(hi), p)
	default:
		s.addKeyed(b.items, b.keys[lo:hi], int(lo), int(hi), p)
	}
}

// sumUp replaces each count by the sum of those before it.
func sumUp(counts []uint32) {
	sum := uint32(0)
	for i, n := range counts {
		counts[i] = sum
		sum += n
	}
}
