package model

import (
	"bytes"
	"encoding/binary"
)

// suffixRun is a tape of sorted suffixes: for each a byte that tells how much it has in common with
// the one before, one that tells how many bytes follow, these, and its place in the stream
// as a uvarint.
type suffixRun struct {
	tape
	last []byte
	buf  []byte
}

// maxSuffix is the length of the longest suffix, of Depth codes of 5 bytes.
const maxSuffix = 5 * Depth

func (r *suffixRun) add(suffix []byte, place uint64) {
	shared := commonPrefix(r.last, suffix)
	r.buf = append(r.buf[:0], byte(shared), byte(len(suffix)-shared))
	r.buf = append(r.buf, suffix[shared:]...)
	r.buf = binary.AppendUvarint(r.buf, place)
	r.Write(r.buf)
	r.last = append(r.last[:0], suffix...)
}

// suffixCursor reads a suffixRun.
type suffixCursor struct {
	r     tapeReader
	ok    bool   // there is a suffix; it follows
	head  uint64 // its first 8 bytes, the first highest
	size  int
	bytes [maxSuffix + 8]byte // its bytes, and then at least one zero
	place uint64
}

func (r *suffixRun) open() *suffixCursor {
	c := &suffixCursor{r: tapeReader{tape: &r.tape}}
	c.next()
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
	}
	place, k := binary.Uvarint(p[2+n:])
	c.place = place
	c.r.skip(2 + n + k)
}

// mergeSuffixes calls f for the suffixes of all runs in their order; those of an earlier run come first
// among equal ones. It erases the runs.
func mergeSuffixes(runs []*suffixRun, f func(c *suffixCursor)) {
	cursors := make([]*suffixCursor, len(runs))
	for i, r := range runs {
		cursors[i] = r.open()
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
	for _, r := range runs {
		r.erase()
	}
}

// mergeRuns writes the array.
func (a *assembly) mergeRuns(runs []*suffixRun) {
	for len(runs) > mergeFan {
		n := min(mergeFan, len(runs)-mergeFan+1)
		r := &suffixRun{tape: tape{spool: &a.spool}}
		mergeSuffixes(runs[:n], func(c *suffixCursor) { r.add(c.bytes[:c.size], c.place) })
		r.end()
		runs[n-1] = r
		runs = runs[n-1:]
	}
	mergeSuffixes(runs, func(c *suffixCursor) { a.entry(c.place, c.bytes[:]) })
}
