package model

import "encoding/binary"

// spelling makes texts sortable. If any text contains a byte below 2, these bytes are spelled as
// two, so that zero can mark the end.
type spelling struct {
	texts
	low bool // some text contains a byte below 2
}

// order is the numbers of the texts in byte order. The texts must all differ.
func (t texts) order(workers int) []uint32 {
	s := spelling{texts: t}
	s.text = append(t.text, make([]byte, 8)...) // so that key may read past the end
	for _, c := range t.text {
		s.low = s.low || c < 2
	}
	if t.len() < smallList {
		return s.sortSmall()
	}
	b := buckets{items: make([]uint32, t.len()), starts: make([]uint32, bucketCount+1)}
	for i := range b.items {
		b.starts[s.key(uint32(i), 0)>>48]++
	}
	sumUp(b.starts)
	next := append([]uint32(nil), b.starts...)
	for i := range b.items {
		p := &next[s.key(uint32(i), 0)>>48]
		b.items[*p] = uint32(i)
		*p++
	}
	b.sort(newSorters(workers, &s, sorterRange), func(_, _ uint32) error { return nil })
	return b.items
}

// smallList is the number of texts from which on buckets are worth their memory.
const smallList = 1 << 12

// sortSmall is order for few texts.
func (s *spelling) sortSmall() []uint32 {
	items := make([]uint32, s.len())
	for i := range items {
		items[i] = uint32(i)
	}
	sorter := newSorters(1, s, sorterRange)[0]
	sorter.add(0, len(items), position{})
	sorter.sort(items)
	return items
}

func (s *spelling) load(keys []uint64, items []uint32, spans []span) {
	for _, r := range spans {
		for i, item := range items[r.lo:r.hi] {
			keys[i] = s.key(item, int(r.depth))
		}
		keys = keys[r.size():]
	}
}

func (s *spelling) after(p position, _ uint64, n int) position {
	p.depth += int32(n)
	return p
}

// key is the 8 bytes of a text's spelling from depth on. depth is not beyond its end.
func (s *spelling) key(item uint32, depth int) uint64 {
	begin, end := s.bounds(item)
	if s.low {
		return spell(s.text[begin:end], depth)
	}
	begin += uint32(depth)
	key := binary.BigEndian.Uint64(s.text[begin:])
	if n := end - begin; n < 8 {
		key &^= 1<<(64-8*n) - 1
	}
	return key
}

// spell is key for texts with low bytes: 0 is spelled 1, 1 and 1 is spelled 1, 2.
func spell(text []byte, depth int) (key uint64) {
	at := 0
	put := func(c byte) {
		if at >= depth && at < depth+8 {
			key |= uint64(c) << (56 - 8*(at-depth))
		}
		at++
	}
	for _, c := range text {
		if c < 2 {
			put(1)
			c++
		}
		put(c)
	}
	return key
}
