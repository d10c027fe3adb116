package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"sort"
)

// suffixCursor reads a suffixRun, up to the suffixes whose first two bytes are end or greater.
type suffixCursor struct {
	r    tapeReader
	end  int
	ok   bool   // there is a current suffix: the fields below
	head uint64 // its first 8 bytes, the first one highest
	suffixBytes
	place uint64
}

// open returns a cursor at the first suffix whose first two bytes are lo or greater; it ends before
// hi.
func (r *suffixRun) open(lo, hi int) *suffixCursor {
	c := &suffixCursor{r: tapeReader{tape: &r.tape}, end: hi}
	if i := sort.Search(len(r.starts), func(i int) bool { return r.starts[i].pair >= lo }); i > 0 {
		c.r.seek(r.starts[i-1].offset)
	}
	for c.next(); c.ok && int(c.head>>48) < lo; {
		c.next()
	}
	return c
}

func (c *suffixCursor) next() {
	p := c.r.peek(2 + maxSuffix + binary.MaxVarintLen64)
	if c.ok = len(p) > 0; !c.ok {
		return
	}
	shared, n := int(p[0]), int(p[1])
	c.size = shared + n
	copy(c.bytes[shared:], p[2:2+n])
	binary.LittleEndian.PutUint64(c.bytes[c.size:], 0)
	if shared < 8 {
		c.head = binary.BigEndian.Uint64(c.bytes[:])
		c.ok = int(c.head>>48) < c.end
	}
	place, k := binary.Uvarint(p[2+n:])
	c.place = place
	c.r.skip(2 + n + k)
}

// mergeSuffixes calls f for the suffixes of all runs that begin with pairs of bytes from lo up to
// hi, in order. Of equal suffixes, those of earlier runs come first.
func mergeSuffixes(runs []*suffixRun, lo, hi int, f func(c *suffixCursor)) {
	cursors := make([]*suffixCursor, len(runs))
	for i, r := range runs {
		cursors[i] = r.open(lo, hi)
	}
	c := newContest(len(runs), func(i, j int) bool {
		a, b := cursors[i], cursors[j]
		if !a.ok || !b.ok {
			return a.ok
		}
		if a.head != b.head {
			return a.head < b.head
		}
		cmp := bytes.Compare(a.bytes[:a.size], b.bytes[:b.size])
		return cmp < 0 || cmp == 0 && i < j
	})
	for first := cursors[c.winner()]; first.ok; first = cursors[c.winner()] {
		f(first)
		first.next()
		c.replay()
	}
}

// mergeRuns writes the array. It merges several ranges of suffixes at a time.
func (a *assembly) mergeRuns(runs []*suffixRun) {
	runs = a.fewerRuns(runs)
	ranges := a.ranges()
	ahead := a.opt.Workers
	merged := make([]tape, ahead+1)
	inOrder(len(ranges), a.opt.Workers, ahead, func(_, i int) {
		out := &merged[i%len(merged)]
		if ranges[i].count > a.plan.places {
			out.spool = &a.spool // the range is too large for the memory
		}
		a.mergeRange(runs, ranges[i], out)
	}, func(i int) error {
		a.writeRange(ranges[i], &merged[i%len(merged)])
		return cmp.Or(a.f.err, a.spool.Err())
	})
}

// fewerRuns merges runs until few enough are left to merge all at once.
func (a *assembly) fewerRuns(runs []*suffixRun) []*suffixRun {
	for len(runs) > mergeFan {
		n := min(mergeFan, len(runs)-mergeFan+1)
		r := &suffixRun{tape: tape{spool: &a.spool}}
		mergeSuffixes(runs[:n], 0, bucketCount, func(c *suffixCursor) { r.add(&c.suffixBytes, c.place) })
		r.end()
		for _, merged := range runs[:n] {
			merged.erase()
		}
		runs[n-1] = r
		runs = runs[n-1:]
	}
	return runs
}

// suffixRange is a part of the array: the suffixes that begin with certain pairs of bytes.
type suffixRange struct {
	lo, hi int // pairs of bytes, without hi
	first  int // index in the array
	count  int
}

// ranges divides the array into parts that fit into the memory. Only a part of a single pair may be
// larger.
func (a *assembly) ranges() (list []suffixRange) {
	var r suffixRange
	for pair, n := range a.pairs {
		if r.count > 0 && r.count+n > a.plan.places {
			list = append(list, r)
			r = suffixRange{lo: pair, first: r.first + r.count}
		}
		r.hi, r.count = pair+1, r.count+n
	}
	return append(list, r)
}

// mergeRange writes the entries of a range to out. After each entry that has a sample in seconds it
// writes the number of its second token.
func (a *assembly) mergeRange(runs []*suffixRun, r suffixRange, out *tape) {
	var buf []byte
	var heads pairHeads // the first entry of a range heads a pair
	entry := r.first
	mergeSuffixes(runs, r.lo, r.hi, func(c *suffixCursor) {
		buf = binary.AppendUvarint(buf[:0], entryOf(c.place, heads.next(c.bytes[:])))
		if entry%secondStep == 0 {
			buf = binary.AppendUvarint(buf, uint64(secondNumber(c.bytes[:])))
		}
		entry++
		out.Write(buf)
	})
	out.end()
}

// writeRange appends a range to the array.
func (a *assembly) writeRange(r suffixRange, in *tape) {
	reader := tapeReader{tape: in}
	number := func() uint64 {
		n, size := binary.Uvarint(reader.peek(binary.MaxVarintLen64))
		reader.skip(size)
		return n
	}
	for range r.count {
		if a.entries%secondStep == 0 {
			entry := number()
			a.entry(entry, uint32(number()))
		} else {
			a.entry(number(), 0)
		}
	}
	in.erase()
	in.spool = nil
}
