package model

import (
	"math"
	"sort"
)

// calendar caches where posts begin and when they were written, by blocks of posts as in the file.
type calendar struct {
	shift  uint
	first  []int    // for each 1<<shift bytes of the stream, the block that contains the first of them; then the last block
	blocks []*dates // the cached ones, by block number modulo the length
}

// dateBlocks is how many blocks are cached: those of a million posts, in 17 MB.
const dateBlocks = 1 << 15

// dates are the dates of the posts of a block.
type dates struct {
	block  int
	begins [postBlock + 1]int // places; math.MaxInt where there is no post
	times  [postBlock]int64
}

// DateAt is the date of the post that contains place p, in seconds since 1970; 0 if unknown. A walk
// may ask for sixteen dates for each token, and for the same ones again and again, so they are cached,
// in blocks of 32 posts and at most 17 MB. The first call also reads where all blocks begin.
func (m *Model) DateAt(p int) int64 {
	c := &m.calendar
	if c.first == nil {
		m.openCalendar()
	}
	i := min(p>>c.shift, len(c.first)-2)
	lo, hi := c.first[i], c.first[i+1]
	block := lo + sort.Search(hi-lo, func(n int) bool { return m.blockBegin(lo+n+1) > p })
	at := &c.blocks[block%len(c.blocks)]
	if *at == nil || (*at).block != block {
		*at = m.readDates(block)
	}
	post := 0
	for (*at).begins[post+1] <= p {
		post++
	}
	return (*at).times[post]
}

// openCalendar finds which block each part of the stream begins in.
func (m *Model) openCalendar() {
	c, blocks, block := &m.calendar, m.postBlocks(), 0
	for m.length(secStream)>>c.shift > 2*blocks {
		c.shift++
	}
	for p := 0; p < m.length(secStream); p += 1 << c.shift {
		for block+1 < blocks && m.blockBegin(block+1) <= p {
			block++
		}
		c.first = append(c.first, block)
	}
	c.first = append(c.first, blocks-1)
	c.blocks = make([]*dates, min(blocks, dateBlocks))
}

// readDates reads the dates of a block.
func (m *Model) readDates(block int) *dates {
	d := &dates{block: block}
	for i := range d.begins {
		d.begins[i] = math.MaxInt
	}
	facts, at := m.block(block), m.blockBegin(block)
	var decoder postDecoder
	for i := range min(postBlock, m.posts-block*postBlock) {
		d.begins[i] = at
		if d.times[i] = decoder.next(&facts).Time; decoder.bad {
			m.damage(secPosts, 0, "facts of a post run over their block")
			break
		}
		for id := -1; id != Mark; {
			id, at = m.After(at)
		}
	}
	return d
}
