package model

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// lexicon gives ids to the tokens of a model, or to its gaps. The rank of a word is its index among
// them in byte order.
type lexicon struct {
	counts  []uint32 // by rank
	ids     []uint32 // by rank
	classes []class  // by falling count; start is not set
	first   uint32   // the first id
}

// assign gives out ids from first on, by falling count, then by rank.
func (l *lexicon) assign(first uint32) {
	l.first, l.ids = first, make([]uint32, len(l.counts))
	var next perCount // the number of words with a count, later the id of the next one
	for _, n := range l.counts {
		p := next.at(n)
		if *p == 0 {
			l.classes = append(l.classes, class{count: n})
		}
		*p++
	}
	slices.SortFunc(l.classes, func(a, b class) int { return cmp.Compare(b.count, a.count) })
	for i := range l.classes {
		c := &l.classes[i]
		p := next.at(c.count)
		c.first = first
		first += *p
		*p = c.first
	}
	for rank, n := range l.counts {
		p := next.at(n)
		l.ids[rank] = *p
		*p++
	}
}

// end is the id after the last one.
func (l *lexicon) end() uint32 { return l.first + uint32(len(l.ids)) }

// appendClasses appends the section classes of a model with this number of posts.
func (l *lexicon) appendClasses(dst []byte, posts int) []byte {
	start := uint32(posts)
	for i, c := range l.classes {
		end := l.end()
		if i+1 < len(l.classes) {
			end = l.classes[i+1].first
		}
		dst = binary.LittleEndian.AppendUint32(dst, c.first)
		dst = binary.LittleEndian.AppendUint32(dst, c.count)
		dst = binary.LittleEndian.AppendUint32(dst, start)
		start += (end - c.first) * c.count
	}
	return dst
}

// perCount holds a number for each count; most counts are small.
type perCount struct {
	small [1 << 12]uint32
	large map[uint32]*uint32
}

func (c *perCount) at(n uint32) *uint32 {
	if int64(n) < int64(len(c.small)) {
		return &c.small[n]
	}
	p := c.large[n]
	if p == nil {
		if c.large == nil {
			c.large = make(map[uint32]*uint32)
		}
		p = new(uint32)
		c.large[n] = p
	}
	return p
}
