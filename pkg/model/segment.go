package model

import "slices"

// segment holds the tokens of a part of the posts until the vocabulary is known. They have the ids
// of its own tables, which are in order of first appearance, so that frequent words tend to have
// small ids.
//
// The tokens are integers: 0 is the mark before a post; otherGap is followed by an id of gaps; and
// a word is (id+1)<<1, plus 1 after a single space. They are coded in units of 16 bits (see
// appendUnits): nearly as small as bytes would be, and faster, since most take one unit.
type segment struct {
	words, gaps table
	tallies     []tally  // of words
	gapCounts   []uint32 // of gaps
	chunks      [][]uint16
	spare       [][]uint16 // empty chunks for reuse
	units       int        // in all chunks
	posts       int
}

// tally counts the occurrences of a word, and what kind of gap is before them; there is none before
// the first token of a post.
type tally struct {
	total uint32
	after [3]uint32 // after an empty gap, a single space, another gap
}

// spaced tells whether a single space is the usual gap.
func (t tally) spaced() bool { return t.after[1] > t.after[0]+t.after[2] }

func (t *tally) add(u tally) {
	t.total += u.total
	for i, n := range u.after {
		t.after[i] += n
	}
}

// usualGaps are the gaps that are not written where they are the usual one of the token that
// follows, in the order of tally.after.
var usualGaps = [2]string{"", " "}

// chunkUnits is the least capacity of a chunk. A chunk ends with a post, so that chunks can be read
// in parallel; a larger one holds one larger post.
const chunkUnits = 1 << 17

// wide is the least unit that is not a whole integer: units from wide on carry 14 bits each of the
// quotient of a greater integer by wide, and a last unit, below wide, the remainder.
const wide = 0xC000

func appendUnits(dst []uint16, v uint32) []uint16 {
	if v < wide {
		return append(dst, uint16(v))
	}
	if q := v / wide; q < 1<<14 {
		dst = append(dst, wide|uint16(q))
	} else {
		dst = append(dst, wide|uint16(q>>14), wide|uint16(q&(1<<14-1)))
	}
	return append(dst, uint16(v%wide))
}

// wideUnits is the integer that begins at u[i], a unit not below wide, and the index after it.
func wideUnits(u []uint16, i int) (v uint32, next int) {
	for ; u[i] >= wide; i++ {
		v = v<<14 | uint32(u[i]&(1<<14-1))
	}
	return v*wide + uint32(u[i]), i + 1
}

// used removes from a list the words that no kept post uses.
func (s *segment) used(words []uint32) []uint32 {
	return slices.DeleteFunc(words, func(i uint32) bool { return s.tallies[i].total == 0 })
}

// usedGaps is used for gaps.
func (s *segment) usedGaps(gaps []uint32) []uint32 {
	return slices.DeleteFunc(gaps, func(i uint32) bool { return s.gapCounts[i] == 0 })
}

// exceeds tells whether the segment has reached the limits of a plan.
func (s *segment) exceeds(p *plan) bool {
	return p.full(s.units, s.words.len()+s.gaps.len(), len(s.words.text)+len(s.gaps.text))
}

// add appends a post with tokens, of a batch that is bound, and returns the number of its tokens.
func (s *segment) add(b *Batch, post []uint32) (tokens int) {
	last := s.room(1 + 3*len(post))
	words := b.dialect.wordIDs
	word := words[post[0]>>1-1]
	s.tallies[word].total++
	u := appendUnits(append(s.chunks[last], 0), (word+1)<<1)
	for i := 1; i < len(post); i++ {
		kind := post[i] & 1
		if post[i] == otherGap {
			gap := b.dialect.gapIDs[post[i+1]]
			s.gapCounts[gap]++
			u = appendUnits(append(u, otherGap), gap)
			i, kind = i+2, 2
		}
		word := words[post[i]>>1-1]
		t := &s.tallies[word]
		t.total++
		t.after[kind]++
		u = appendUnits(u, (word+1)<<1|kind&1)
		tokens++
	}
	s.units += len(u) - len(s.chunks[last])
	s.chunks[last] = u
	s.posts++
	return tokens + 1
}

// room is the index of a chunk with room for n more units.
func (s *segment) room(n int) int {
	last := len(s.chunks) - 1
	if last < 0 || cap(s.chunks[last])-len(s.chunks[last]) < n {
		if k := len(s.spare) - 1; k >= 0 && cap(s.spare[k]) >= n {
			s.chunks, s.spare = append(s.chunks, s.spare[k]), s.spare[:k]
		} else {
			s.chunks = append(s.chunks, make([]uint16, 0, max(n, chunkUnits)))
		}
		last++
	}
	return last
}

// bind prepares for translating from the dialect of a batch.
func (s *segment) bind(b *Batch) {
	d := b.dialect
	if d.segment != s {
		d.segment, d.wordIDs, d.gapIDs = s, d.wordIDs[:0], d.gapIDs[:0]
	}
	d.wordIDs = s.words.internAll(d.wordIDs, &b.words, len(d.wordIDs))
	d.gapIDs = s.gaps.internAll(d.gapIDs, &b.gaps, len(d.gapIDs))
	s.tallies = extend(s.tallies, s.words.len())
	s.gapCounts = extend(s.gapCounts, s.gaps.len())
}

// extend appends zeros to s so that it has at least n elements.
func extend[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// next is an empty segment in the memory of s, which must not be used any more.
func (s *segment) next() *segment {
	n := &segment{tallies: s.tallies[:0], gapCounts: s.gapCounts[:0]}
	n.words.reuse(&s.words)
	n.gaps.reuse(&s.gaps)
	for _, c := range s.chunks {
		n.spare = append(n.spare, c[:0])
	}
	return n
}
