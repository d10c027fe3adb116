package corpus

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"

	"horsepipe/pkg/scratch"
)

// elsewhere is hashes in a temporary file, in sorted runs. A filter in memory, of fixed size, tells of most hashes that they are
// in none (Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 1970; in blocks of one cache line, as in Putze, Sanders,
// Singler, Cache-, hash- and space-efficient Bloom filters, 2007); of the others one read in each run tells.
type elsewhere struct {
	file   scratch.File
	filter []filterBlock
	runs   []run
	size   int64 // of the file, in bytes
	buf    []byte
}

// filterBlock has filterBits bits for each hash that falls into it. Of those that are not there, 12 bits a hash let 1 in 200
// through, and 6 bits 1 in 15.
type filterBlock [8]uint64

const filterBits = 6

// run is where the hashes of each table begin, counted from the run's first, and how many there are.
type run struct {
	begin  int64 // bytes
	starts [1<<dedupBits + 1]uint32
}

// set sets the bits of a hash; see place.
func (b *filterBlock) set(at uint64) {
	for range filterBits {
		b[at>>6&7] |= 1 << (at & 63)
		at >>= 9
	}
}

// has tells whether they are set.
func (b *filterBlock) has(at uint64) bool {
	for range filterBits {
		if b[at>>6&7]>>(at&63)&1 == 0 {
			return false
		}
		at >>= 9
	}
	return true
}

// place is the block of a hash, and its bits there: nine of at tell one of them.
func (e *elsewhere) place(hash uint64) (b *filterBlock, at uint64) {
	i, low := bits.Mul64(hash, uint64(len(e.filter)))
	return &e.filter[i], low * 0x9e3779b97f4a7c15 >> 8
}

// mayHave is false for nearly all hashes that were not added.
func (e *elsewhere) mayHave(hash uint64) bool {
	b, at := e.place(hash)
	return b.has(at)
}

// has tells whether a hash was added. It costs a read of some KiB for each run if the filter does not know better.
func (e *elsewhere) has(hash uint64) bool {
	if len(e.runs) == 0 || !e.mayHave(hash) {
		return false
	}
	for i := len(e.runs) - 1; i >= 0; i-- {
		part := e.read(&e.runs[i], int(hash>>(64-dedupBits)))
		at := sort.Search(len(part)/8, func(i int) bool { return binary.LittleEndian.Uint64(part[8*i:]) >= hash })
		if at < len(part)/8 && binary.LittleEndian.Uint64(part[8*at:]) == hash {
			return true
		}
	}
	return false
}

// read is what a run has of one table; nothing after an error.
func (e *elsewhere) read(r *run, table int) []byte {
	f := e.file.Open()
	if f == nil {
		return nil
	}
	lo, hi := r.starts[table], r.starts[table+1]
	e.buf = slices.Grow(e.buf[:0], int(hi-lo)*8)[:(hi-lo)*8]
	if _, err := f.ReadAt(e.buf, r.begin+8*int64(lo)); err != nil {
		e.file.Fail(err)
		return nil
	}
	return e.buf
}

// add makes a run of what the tables hold.
func (e *elsewhere) add(tables *[1 << dedupBits]dedupTable) {
	r := run{begin: e.size}
	var part []uint64
	for i := range tables {
		part = part[:0]
		for _, hash := range tables[i].slots {
			if hash != 0 {
				part = append(part, hash)
			}
		}
		slices.Sort(part)
		r.starts[i+1] = r.starts[i] + uint32(len(part))
		e.write(part)
	}
	e.runs = append(e.runs, r)
}

// write appends hashes to the file, and to the filter.
func (e *elsewhere) write(part []uint64) {
	e.buf = e.buf[:0]
	for _, hash := range part {
		e.buf = binary.LittleEndian.AppendUint64(e.buf, hash)
		b, at := e.place(hash)
		b.set(at)
	}
	if f := e.file.Open(); f != nil {
		_, err := f.WriteAt(e.buf, e.size)
		e.file.Fail(err)
	}
	e.size += int64(len(e.buf))
}
