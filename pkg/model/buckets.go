package model

import "slices"

// buckets are strings divided by their first two bytes: a range of items for each
// pair. It is the part of the sort that has a bound in size, so that cores can share the rest.
type buckets struct {
	items  []uint32
	starts []uint32 // of each of the 65536 ranges, and the end of the last
}

const bucketCount = 1 << 16

// sort sorts the items; each time that those before an index are in order, done is called for the
// ones that were not yet reported.
func (b *buckets) sort(strings sortable, workers int, largest int, done func(lo, hi int) error) error {
	jobs, largest := b.jobs(largest)
	sorters := make([]*sorter, workers)
	work := func(worker, i int) {
		if sorters[worker] == nil {
			sorters[worker] = newSorter(strings, largest)
		}
		for k := jobs[i]; k < jobs[i+1]; k++ {
			part := b.items[b.starts[k]:b.starts[k+1]]
			if k&0xff == 0 { // they end here
				slices.Sort(part)
			} else {
				sorters[worker].sort(part, 2)
			}
		}
	}
	n := len(jobs) - 1
	return inOrder(n, workers, n, work, func(i int) error {
		return done(int(b.starts[jobs[i]]), int(b.starts[jobs[i+1]]))
	})
}

// jobSize is the number of items that make a job, if no single bucket is larger.
const jobSize = 1 << 15

// jobs divides the buckets into runs worth a goroutine's while, and makes largest no larger than needed.
func (b *buckets) jobs(largest int) (bounds []int, size int) {
	bounds = []int{0}
	begin := uint32(0)
	for k := range bucketCount {
		size = max(size, int(b.starts[k+1]-b.starts[k]))
		if b.starts[k+1]-begin >= jobSize || k == bucketCount-1 {
			bounds, begin = append(bounds, k+1), b.starts[k+1]
		}
	}
	return bounds, min(size, largest)
}

// sumUp replaces counts by the sums of those before them.
func sumUp(counts []uint32) {
	sum := uint32(0)
	for i, n := range counts {
		counts[i] = sum
		sum += n
	}
}
