package model

import "encoding/binary"

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
// codes (16 bytes a word), and 5 bytes for each word of the model. Without a bound, a segment ends
// before its offsets exceed 32 bits.
func planFor(memory int64) plan {
	if memory <= 0 {
		return plan{words: 1 << 28, text: 1<<31 - 1, units: 800e6, places: 1 << 28, keys: sorterRange,
			arena: 1 << 30, block: 1 << 18}
	}
	share := func(part, least int64) int { return int(max(memory/part, least)) }
	return plan{words: share(200, 64), text: share(16, 1024), units: share(7, 4096), places: share(40, 512),
		keys: min(share(1024, 64), sorterRange), arena: share(4, 1024), block: min(share(2048, 1024), 1<<18)}
}

// full tells whether a segment has reached the limits of the plan. A single batch may bring more
// words than these allow: it is not cut into segments that hold next to nothing.
func (p *plan) full(s *segment) bool {
	words, text := s.words.len()+s.gaps.len(), len(s.words.text)+len(s.gaps.text)
	return s.units >= p.units || s.units >= p.units/16 && (words >= p.words || text >= p.text)
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
