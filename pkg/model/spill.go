package model

import (
	"encoding/binary"
	"math"
)

// plan limits what a build holds at a time, so that it stays within its memory.
type plan struct {
	words  int // different words and gaps in a segment
	text   int // bytes of these
	units  int // 16-bit units in a segment; see appendUnits
	places int // suffixes that are sorted or merged at a time
	keys   int // keys that each core sorts at a time; see sorter
	arena  int // bytes for words while they are put in the order of their ids
	block  int // bytes of a block of a tape
}

// planFor divides memory, in bytes. While posts come in, most of it is taken by the tables of a
// segment (at most 70 bytes a word) and its units (2 bytes each, one or two for a token);
// afterwards by its key text (1.5 to 3 bytes a token), the places of suffixes (12 bytes each), its
// codes (16 bytes a word), and 5 bytes for each word of the model. It never exceeds unbounded.
func planFor(memory int64) plan {
	if memory <= 0 {
		return unbounded
	}
	share := func(part, least int64, most int) int { return int(min(max(memory/part, least), int64(most))) }
	return plan{
		words:  share(200, 64, unbounded.words),
		text:   share(16, 1024, unbounded.text),
		units:  share(7, 4096, unbounded.units),
		places: share(40, 512, unbounded.places),
		keys:   share(1024, 64, unbounded.keys),
		arena:  share(4, 1024, unbounded.arena),
		block:  share(2048, 1024, unbounded.block),
	}
}

// unbounded is the plan for any amount of memory. With it, no offset in a segment exceeds 32 bits: on
// average a unit takes at most five bytes of the key text.
var unbounded = plan{words: 1 << 28, text: math.MaxInt32, units: 800e6, places: 1 << 28, keys: sorterRange,
	arena: 1 << 30, block: 1 << 18}

// full tells whether a segment has reached the limits of the plan, given its units, the number of its
// words and gaps, and the bytes of these. A single batch may bring more words than these allow: it is
// not cut into segments that hold next to nothing.
func (p *plan) full(units, words, text int) bool {
	return units >= p.units || text >= unbounded.text || units >= p.units/16 && (words >= p.words || text >= p.text)
}

// spilled is a segment in temporary files.
type spilled struct {
	words, gaps wordRun
	units       tape
	tables      [2]int // sizes of the tables of words and gaps, entries that no post uses included
	chunks      []int  // units of each chunk
	posts       int
}

// spill writes the open segment to temporary files, and opens a new one.
func (b *Builder) spill() error {
	s, t := b.open, tape{spool: &b.spool}
	out := &spilled{words: wordRun{tape: t}, gaps: wordRun{tape: t}, units: t, posts: s.posts,
		tables: [2]int{s.words.len(), s.gaps.len()}}
	for _, i := range s.used(s.words.order(b.opt.Workers)) {
		out.words.add(s.words.at(i), i, s.tallies[i])
	}
	for _, i := range s.usedGaps(s.gaps.order(b.opt.Workers)) {
		out.gaps.add(s.gaps.at(i), i, tally{total: s.gapCounts[i]})
	}
	var buf []byte
	for _, chunk := range s.chunks {
		buf = buf[:0]
		for _, u := range chunk {
			buf = binary.LittleEndian.AppendUint16(buf, u)
		}
		out.units.Write(buf)
		out.chunks = append(out.chunks, len(chunk))
	}
	for _, t := range []*tape{&out.words.tape, &out.gaps.tape, &out.units} {
		t.end()
	}
	b.parts = append(b.parts, out)
	b.open = s.next()
	return b.spool.Err()
}
