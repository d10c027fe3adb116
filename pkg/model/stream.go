package model

import "math/bits"

// A place is the offset in the stream of the first byte of a token's code, or
// of a mark's.

// code reads the code at offset p of the stream: its id and where the next one begins. Where
// no code can be it is a mark without an end, so that reading stops.
func (m *Model) code(p int) (id, next int) {
	if uint(p) >= uint(len(m.sec[secStream])) {
		m.damage(secStream, p, "reading beyond the end")
		return Mark, p
	}
	if id, n := m.decode(m.window(p), 0); n > 0 {
		return id, p + n
	}
	m.damage(secStream, p, "no such word")
	return Mark, p
}

// window is the next bytes of the stream from p on, checked against their sums: enough for most
// contexts.
func (m *Model) window(p int) []byte {
	const size = 64
	stream := m.sec[secStream]
	if uint(p) >= uint(len(stream)) {
		return nil
	}
	w := stream[p:min(p+size, len(stream))]
	at := m.start[secStream] + p
	if m.fresh[at/pageSize]|m.fresh[(at+len(w)-1)/pageSize] != 0 {
		m.verify(at, len(w))
	}
	return w
}

// decode reads the code at w[i:]: its id, and where the next one begins; 0 if it is none or not all
// there.
func (m *Model) decode(w []byte, i int) (id, next int) {
	for ; i < len(w); i++ {
		if b := w[i]; b < stop {
			id = id<<7 | int(b)
			continue
		} else if id = id<<7 | int(b&0x7f); uint(id) >= uint(m.words) {
			return Mark, 0
		}
		return id, i + 1
	}
	return Mark, 0
}

// codeBefore reads the code that ends at offset p of the stream, and where it begins. There is
// none before the first.
func (m *Model) codeBefore(p int) (id, begin int) {
	if p <= 0 || p > len(m.sec[secStream]) {
		m.damage(secStream, p, "reading beyond the beginning")
		return Mark, 0
	}
	x := m.load(m.start[secStream] + p - 8) // the header makes this more than 0
	n := 1 + bits.LeadingZeros64(x<<8&0x8080808080808080)/8
	if n > 5 || n > p || x>>63 == 0 {
		m.damage(secStream, p, "no such word")
		return Mark, 0
	}
	id, _ = m.code(p - n)
	return id, p - n
}

// After is the token that follows the one at place p, and its place; the mark
// where the post ends.
func (m *Model) After(p int) (id, place int) {
	_, p = m.code(p)
	id, next := m.code(p)
	if id != Mark && id < m.gaps {
		p = next
		if id, _ = m.code(p); id < m.gaps {
			m.damage(secStream, p, "a gap without a token")
			return Mark, p
		}
	}
	return id, p
}

// Before is the token before the one at place p, and its place; the mark
// where the post begins.
func (m *Model) Before(p int) (id, place int) {
	id, p = m.codeBefore(p)
	if id != Mark && id < m.gaps {
		id, p = m.codeBefore(p)
	}
	return id, p
}

// Gap is the white space before the token id at place p. It is empty for a post's first
// token.
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

// Apart tells whether the places p and q are in different posts. Its cost is bounded
// by the length of the longest post, and nearly always constant.
func (m *Model) Apart(p, q int) bool {
	if p > q {
		p, q = q, p
	}
	if p == q || q-p > m.longest+1 {
		return p != q
	}
	for {
		_, next := m.code(p)
		if next == p || next > q {
			return next == p // reading stopped: the model is damaged
		}
		if p = next; m.data[m.start[secStream]+p] == markByte {
			return true
		}
	}
}
