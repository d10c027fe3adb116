package model

import (
	"math"
	"math/bits"
)

// code reads the code at offset p of the stream: its id and where the next code begins. If there
// can be no code it returns a mark and p itself, so that reading stops.
func (m *Model) code(p int) (id, next int) {
	if uint(p) >= uint(m.length(secStream)) {
		m.damage(secStream, p, "reading beyond the end")
		return Mark, p
	}
	id, n := m.decode(m.window(p), p)
	return id, p + n
}

// window is the 8 bytes of the stream from p on. There are as many, since sections follow the stream.
func (m *Model) window(p int) uint64 { return m.file.load(m.start[secStream] + p) }

// decode is the id and the length of the code at offset p, with which x begins. If there can be no code
// it returns a mark and 0.
func (m *Model) decode(x uint64, p int) (id, n int) {
	switch {
	case x&stop != 0:
		id, n = int(x&0x7f), 1
	case x&(stop<<8) != 0:
		id, n = int(x&0x7f<<7|x>>8&0x7f), 2
	default:
		id, n = longCode(x)
	}
	if id >= m.words || p+n > m.length(secStream) {
		m.damage(secStream, p, "no such word")
		return Mark, 0
	}
	if id >= frequent { // see codeOf
		if id += m.rareGaps; id >= m.words {
			id -= m.words - frequent
		}
	}
	return id, n
}

// longCode reads a number of 2 to 5 bytes, the lowest ones of x, and returns the number and its
// length. A longer one is returned as a number beyond any vocabulary, and so is one that does not
// fit in an int.
func longCode(x uint64) (number, n int) {
	n = bits.TrailingZeros64(x&stops)/8 + 1
	long := uint64(0)
	for range min(n, 5) {
		long = long<<7 | x&0x7f
		x >>= 8
	}
	if n > 5 || long > math.MaxInt {
		return math.MaxInt, n
	}
	return int(long), n
}

// stops has the top bit of each byte.
const stops = 0x8080808080808080

// codeBefore reads the code that ends at offset p of the stream: its id and where it begins. None
// ends at 0.
func (m *Model) codeBefore(p int) (id, begin int) {
	if p <= 0 || p > m.length(secStream) {
		m.damage(secStream, p, "reading beyond the beginning")
		return Mark, 0
	}
	x := m.file.load(m.start[secStream] + p - 8) // not negative, since the header comes before
	n := min(1+bits.LeadingZeros64(x<<8&stops)/8, p)
	if n > 5 || x>>63 == 0 {
		m.damage(secStream, p, "no such word")
		return Mark, 0
	}
	id, _ = m.decode(x>>(64-8*n), p-n)
	return id, p - n
}

// At is the token or mark at place p, and the offset after its code: the next place, unless white space
// is written between the two.
func (m *Model) At(p int) (id, next int) { return m.code(p) }

// After is the token that follows the one at place p, and its place; the mark if the post ends
// there. At a mark it is the first token of the post. p must not be the place of the last mark, after
// the last post.
func (m *Model) After(p int) (id, place int) {
	if uint(p) >= uint(m.length(secStream)) {
		m.damage(secStream, p, "reading beyond the end")
		return Mark, p
	}
	x := m.window(p)
	n := bits.TrailingZeros64(x&stops)/8 + 1 // a code has at most 5 bytes
	x, p = m.shift(x, p, n)
	if id, n = m.decode(x, p); uint(id-1) < uint(m.gaps-1) {
		x, p = m.shift(x, p, n)
		if id, _ = m.decode(x, p); id < m.gaps {
			m.damage(secStream, p, "a gap without a token")
			return Mark, p
		}
	}
	return id, p
}

// shift goes on by n bytes from p, where x was read. It reads again if x does not contain all of the
// code there.
func (m *Model) shift(x uint64, p, n int) (uint64, int) {
	p += n
	if x >>= 8 * n; x&stops == 0 {
		x = m.window(p)
	}
	return x, p
}

// Before is the token before the one at place p, and its place; the mark if the post begins there. p
// must not be the place of the first mark.
func (m *Model) Before(p int) (id, place int) {
	id, p = m.codeBefore(p)
	if id != Mark && id < m.gaps {
		id, p = m.codeBefore(p)
	}
	return id, p
}

// Gap is the white space before the token id at place p: nil for the first token of a post, and
// where there is none. The caller must not change it.
func (m *Model) Gap(id, p int) []byte {
	before, _ := m.codeBefore(p)
	switch {
	case before == Mark:
		return nil
	case before < m.gaps:
		return m.Text(before)
	case m.spaced(id):
		return space
	}
	return nil
}

var space = []byte{' '}

// reach is how far from a place, in bytes of the stream, around looks for the ends of its post.
const reach = 1 << 12

// around is the part of the stream, from lo up to hi, that is in one post with place p, including
// the mark before the post. It ends about reach from p: otherwise each look at an enormous post
// would cost as much as the post is long. What is farther away counts as another post.
func (m *Model) around(p int) (lo, hi int) {
	id, hi := m.code(p)
	for lo = p; id != Mark && p-lo < reach; {
		id, lo = m.codeBefore(lo)
	}
	for hi-p < reach {
		id, next := m.code(hi)
		if id == Mark || next == hi { // next == hi only in a damaged model
			break
		}
		hi = next
	}
	return lo, hi
}
