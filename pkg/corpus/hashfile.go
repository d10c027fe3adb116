package corpus

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"horsepipe/pkg/bloom"
	"horsepipe/pkg/scratch"
)

// hashFile is a set of hashes in a temporary file, in sorted runs. A filter in memory rules out
// most hashes that are in no run; for the others the runs are searched, newest first.
//
// Whenever there are fanIn runs of about the same size they are merged into one, so that there are
// few runs: at most fanIn-1 of each size (Bentley, Saxe, Decomposable searching problems, Journal
// of Algorithms 1980). A hash is written once for each size, and the space of merged runs is not
// reused.
type hashFile struct {
	temp   scratch.File
	filter []bloom.Block
	blocks int64 // of the filter, which is made when first needed
	runs   []run // older ones first, which are larger
	size   int64 // of the file, in bytes
	buf    []byte
	part   []uint64
}

// fanIn is the number of runs of a size that are merged. It bounds the reads for one hash, and how
// often each hash is written.
const fanIn = 8

// window is the number of hashes that are read around the place where one is expected: 4 KiB.
const window = 512

// run is a sorted run. starts[i] is the index in it of the first hash of table i; the last element
// is the number of hashes.
type run struct {
	level  int   // how often its hashes were merged
	begin  int64 // bytes
	starts [1<<dedupBits + 1]uint32
}

// mayHave is false for nearly all hashes that were not added.
func (f *hashFile) mayHave(hash uint64) bool {
	i, bits := bloom.Place(hash, len(f.filter))
	return f.filter[i].Has(bits)
}

// has tells whether a hash was added. If the filter does not rule it out this costs a read of 4 KiB
// for each run, more only for the few hashes that are far from their expected place.
func (f *hashFile) has(hash uint64) bool {
	if len(f.runs) == 0 || !f.mayHave(hash) {
		return false
	}
	for i := len(f.runs) - 1; i >= 0; i-- {
		if f.find(&f.runs[i], hash) {
			return true
		}
	}
	return false
}

// find tells whether a run has a hash. Hashes are spread evenly, so the place of one can be
// estimated.
func (f *hashFile) find(r *run, hash uint64) bool {
	table := hash >> (64 - dedupBits)
	first, end := int(r.starts[table]), int(r.starts[table+1])
	guess, _ := bits.Mul64(hash<<dedupBits, uint64(end-first))
	lo := max(first, first+int(guess)-window/2)
	hi := min(end, lo+window)
	part := f.read(r, lo, hi)
	if n := len(part); n > 0 && (lo > first && part[0] > hash || hi < end && part[n-1] < hash) {
		part = f.read(r, first, end)
	}
	_, found := slices.BinarySearch(part, hash)
	return found
}

// read returns the hashes of a run from index lo up to hi; none after an error. They are valid
// until the next call.
func (f *hashFile) read(r *run, lo, hi int) []uint64 {
	f.part = f.appendPart(f.part[:0], r, lo, hi)
	return f.part
}

func (f *hashFile) appendPart(part []uint64, r *run, lo, hi int) []uint64 {
	h := f.temp.Open()
	if h == nil {
		return part
	}
	f.buf = slices.Grow(f.buf[:0], 8*(hi-lo))[:8*(hi-lo)]
	if _, err := h.ReadAt(f.buf, r.begin+8*int64(lo)); err != nil {
		f.temp.Fail(err)
		return part
	}
	for b := f.buf; len(b) > 0; b = b[8:] {
		part = append(part, binary.LittleEndian.Uint64(b))
	}
	return part
}

// add makes a run of the hashes in the tables.
func (f *hashFile) add(tables *[1 << dedupBits]dedupTable) {
	if f.filter == nil {
		f.filter = make([]bloom.Block, f.blocks)
	}
	f.write(0, func(i int, part []uint64) []uint64 {
		for _, hash := range tables[i].slots {
			if hash != 0 {
				i, bits := bloom.Place(hash, len(f.filter))
				f.filter[i].Set(bits)
				part = append(part, hash)
			}
		}
		return part
	})
	f.merge()
}

// merge merges fanIn runs of the same level into one, as long as there are so many.
func (f *hashFile) merge() {
	for n := len(f.runs); n >= fanIn && f.runs[n-fanIn].level == f.runs[n-1].level; n = len(f.runs) {
		old := slices.Clone(f.runs[n-fanIn:])
		f.runs = f.runs[:n-fanIn]
		f.write(old[0].level+1, func(i int, part []uint64) []uint64 {
			for j := range old {
				part = f.appendPart(part, &old[j], int(old[j].starts[i]), int(old[j].starts[i+1]))
			}
			return part
		})
	}
}

// write appends a run to the file, of the hashes that gather returns for each table.
func (f *hashFile) write(level int, gather func(table int, part []uint64) []uint64) {
	r := run{level: level, begin: f.size}
	var part []uint64
	for i := range len(r.starts) - 1 {
		part = gather(i, part[:0])
		slices.Sort(part)
		part = slices.Compact(part)
		r.starts[i+1] = r.starts[i] + uint32(len(part))
		f.buf = f.buf[:0]
		for _, hash := range part {
			f.buf = binary.LittleEndian.AppendUint64(f.buf, hash)
		}
		if h := f.temp.Open(); h != nil {
			_, err := h.WriteAt(f.buf, f.size)
			f.temp.Fail(err)
		}
		f.size += int64(len(f.buf))
	}
	f.runs = append(f.runs, r)
}
