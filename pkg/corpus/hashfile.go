package corpus

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"

	"horsepipe/pkg/bloom"
	"horsepipe/pkg/scratch"
)

// hashFile is hashes in a temporary file, in sorted runs. A filter in memory tells of most hashes that they are in none;
// for the others the runs are asked, the newest first.
//
// Of fanIn runs of about the same size one is made, so that there are few: at most fanIn-1 of each size (Bentley, Saxe,
// Decomposable searching problems, Journal of Algorithms 1980). A hash is written again for each size, and the file keeps what it was
// merged from.
type hashFile struct {
	temp   scratch.File
	filter []bloom.Block
	blocks int64 // of the filter: it is made when it is needed
	runs   []run // the newer, the later and the smaller
	size   int64 // of the file, in bytes
	buf    []byte
	part   []uint64
}

// fanIn is how many runs of a size are merged. It bounds the reads for one hash, and how often each is written.
const fanIn = 8

// window is how many hashes are read around the place where one is to be expected: 4 KiB.
const window = 512

// run is where the hashes of each table begin, counted from the run's first, and how many there are.
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

// has tells whether a hash was added. If the filter does not know better it costs a read of 4 KiB for each run, but for a few that are spread unevenly.
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

// find tells whether a run has a hash. Hashes are spread evenly, so that it is known about where it would be.
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
	at := sort.Search(len(part), func(i int) bool { return part[i] >= hash })
	return at < len(part) && part[at] == hash
}

// read is the hashes of a run from its lo-th to before its hi-th; nothing after an error. It holds until the next call.
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

// add makes a run of what the tables hold.
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

// merge makes one run of fanIn of the same level, as long as there are such.
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

// write appends a run to the file, of the hashes that gather appends for each table.
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
