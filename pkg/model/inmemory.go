package model

import (
	"iter"
	"runtime"
	"sync"
)

// wholeSegment is a segment that contains all posts, with its words and gaps in byte order.
type wholeSegment struct {
	*segment
	words, gaps []uint32
}

// inMemory writes the sections from words to array, for posts that are in memory. Without a memory
// bound, work that only one core can do runs in parallel with the next stage.
func (a *assembly) inMemory() *vocabulary {
	bounded := a.opt.Memory > 0
	if !bounded {
		a.known.start()
	}
	runtime.GC() // here and below: what comes next is large; without this it would be held beside garbage
	s := wholeSegment{segment: a.open}
	a.open = nil
	v, codes := s.vocabulary(a.opt.Workers)
	chunks, size := s.chunks, v.streamSize()+int64(s.posts)
	var words sync.WaitGroup
	words.Go(func() { v.write(a.f, s.texts(v), s.posts) })
	if bounded {
		words.Wait()
		s = wholeSegment{}
		runtime.GC()
	}
	a.encode(len(chunks), func(_, i int) []uint16 { return chunks[i] }, codes, size)
	words.Wait()
	codes, chunks, s = nil, nil, wholeSegment{}
	a.pieces = nil
	a.writePosts(v)
	runtime.GC()
	sorter := newSuffixSorter(&a.keys, a.opt.Workers, a.plan.places, a.plan.keys)
	sorter.sorted = sorter.markHeads
	sorter.sort(func(lo, hi uint32) error {
		for i := lo; i < hi; i++ {
			at := sorter.items[i]
			second := uint32(0)
			if a.entries%secondStep == 0 {
				second = secondNumber(a.keys.text[at:])
			}
			a.entry(entryOf(uint64(at), sorter.heads[i]), second)
		}
		return a.f.err
	})
	return v
}

// vocabulary gives the words and gaps their ids and codes.
func (s *wholeSegment) vocabulary(workers int) (*vocabulary, *segmentCodes) {
	v := new(vocabulary)
	s.words = s.used(s.segment.words.order(workers))
	v.words.counts = make([]uint32, 0, len(s.words))
	for _, i := range s.words {
		v.add(s.tallies[i])
	}
	var usual [2]uint32
	for i, text := range usualGaps {
		if n := v.unusual[i]; n > 0 {
			usual[i] = s.segment.gaps.intern([]byte(text))
			s.gapCounts = append(s.gapCounts[:usual[i]], n)
		}
	}
	s.gaps = s.usedGaps(s.segment.gaps.order(workers))
	for _, i := range s.gaps {
		v.gaps.counts = append(v.gaps.counts, s.gapCounts[i])
	}
	v.assign()
	c := newSegmentCodes(s.segment.words.len(), s.segment.gaps.len())
	for rank, i := range s.words {
		c.words[i] = newWordCode(v.code(v.words.ids[rank]), v.isSpaced(rank))
	}
	for rank, i := range s.gaps {
		c.gaps[i] = newWordCode(v.code(v.gaps.ids[rank]), false)
	}
	for i, n := range v.unusual {
		if n > 0 {
			c.usual[i] = c.gaps[usual[i]]
		}
	}
	return v, c
}

// texts yields the words of a vocabulary in the order of their ids.
func (s *wholeSegment) texts(v *vocabulary) iter.Seq[[]byte] {
	gaps, words := byID(s.gaps, &v.gaps), byID(s.words, &v.words)
	return func(yield func([]byte) bool) {
		for _, i := range gaps {
			if !yield(s.segment.gaps.at(i)) {
				return
			}
		}
		for _, i := range words {
			if !yield(s.segment.words.at(i)) {
				return
			}
		}
	}
}

// byID turns a list by rank into one by id.
func byID(byRank []uint32, l *lexicon) []uint32 {
	list := make([]uint32, len(byRank))
	for rank, i := range byRank {
		list[l.ids[rank]-l.first] = i
	}
	return list
}
