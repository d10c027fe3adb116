package model

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
)

// inParts writes the sections from words to array, for posts in temporary files.
func (a *assembly) inParts() *vocabulary {
	if a.open.posts > 0 {
		a.spill()
	}
	a.open = nil
	list := a.mergeVocabularies()
	v := list.v
	v.write(a.f, list.texts(a.plan.arena), a.facts.posts)
	v.words.counts, v.gaps.counts = nil, nil
	var runs []*suffixRun
	a.pairs = make([]int, bucketCount)
	sorter := newSuffixSorter(&a.keys, a.opt.Workers, a.plan.places, a.plan.keys)
	for i, s := range a.parts {
		a.parts[i] = nil
		runs = append(runs, a.sortPart(s, list, sorter))
	}
	a.keys, a.pieces, sorter = keyText{}, nil, nil
	a.writePosts(v)
	a.mergeRuns(runs)
	return v
}

// wordList is the merged vocabulary, with its words in byte order.
type wordList struct {
	v           *vocabulary
	words, gaps wordRun
}

func (a *assembly) mergeVocabularies() *wordList {
	t := tape{spool: &a.spool}
	l := &wordList{new(vocabulary), wordRun{tape: t}, wordRun{tape: t}}
	var words, gaps []*wordRun
	for _, s := range a.parts {
		words, gaps = append(words, &s.words), append(gaps, &s.gaps)
	}
	mergeAllWords(words, func(text []byte, t tally) {
		l.words.add(text, 0, tally{})
		l.v.add(t)
	})
	usual := &wordRun{tape: t}
	for i, n := range l.v.unusual {
		if n > 0 {
			usual.add([]byte(usualGaps[i]), 0, tally{total: n})
		}
	}
	usual.end()
	mergeAllWords(append(gaps, usual), func(text []byte, t tally) {
		l.gaps.add(text, 0, tally{})
		l.v.gaps.counts = append(l.v.gaps.counts, t.total)
	})
	l.words.end()
	l.gaps.end()
	usual.erase()
	l.v.assign()
	return l
}

// texts yields the words in the order of their ids. The runs are read from the start again for each
// arena full of words.
func (l *wordList) texts(arena int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		_ = l.gaps.byID(&l.v.gaps, arena, yield) && l.words.byID(&l.v.words, arena, yield)
	}
}

func (r *wordRun) byID(ids *lexicon, arena int, yield func([]byte) bool) bool {
	n := uint32(max(1, int64(arena)/(16+2*r.bytes/int64(r.count+1))))
	for lo := ids.first; lo < ids.end(); lo += n {
		hi := min(lo+n, ids.end())
		var text []byte
		begins, ends := make([]uint32, hi-lo), make([]uint32, hi-lo)
		c := r.open()
		for _, id := range ids.ids {
			if id >= lo && id < hi {
				begins[id-lo] = uint32(len(text))
				text = append(text, c.text...)
				ends[id-lo] = uint32(len(text))
			}
			c.next()
		}
		for i := range begins {
			if !yield(text[begins[i]:ends[i]]) {
				return false
			}
		}
	}
	return true
}

// eachRank calls f for each word of the segment's run of, with its rank in the merged run r.
func (r *wordRun) eachRank(of *wordRun, f func(c *wordCursor, rank int)) {
	all, rank := r.open(), 0
	for c := of.open(); c.ok; c.next() {
		for all.ok && !bytes.Equal(all.text, c.text) {
			all.next()
			rank++
		}
		if rank >= r.count {
			return // the spool has failed
		}
		f(c, rank)
	}
}

// codes returns the codes of a segment, and the number of bytes that it takes in the stream.
func (l *wordList) codes(s *spilled) (*segmentCodes, int64) {
	v, size := l.v, int64(s.posts)
	c := newSegmentCodes(s.tables[0], s.tables[1])
	var unusual [2]uint32
	l.words.eachRank(&s.words, func(w *wordCursor, rank int) {
		code, usual := newWordCode(v.code(v.words.ids[rank]), v.isSpaced(rank)), 0
		if v.isSpaced(rank) {
			usual = 1
		}
		unusual[usual^1] += w.tally.after[usual^1]
		c.words[w.number] = code
		size += int64(w.tally.total) * int64(code.key>>56)
	})
	l.gaps.eachRank(&s.gaps, func(w *wordCursor, rank int) {
		code := newWordCode(v.code(v.gaps.ids[rank]), false)
		c.gaps[w.number] = code
		size += int64(w.tally.total) * int64(code.key>>56)
	})
	l.gaps.eachRank(&l.gaps, func(w *wordCursor, rank int) {
		if i := slices.Index(usualGaps[:], string(w.text)); i >= 0 {
			c.usual[i] = newWordCode(v.code(v.gaps.ids[rank]), false)
			size += int64(unusual[i]) * int64(c.usual[i].key>>56)
		}
	})
	return c, size
}

// sortPart encodes a segment and sorts its suffixes.
func (a *assembly) sortPart(s *spilled, list *wordList, sorter *suffixSorter) *suffixRun {
	codes, size := list.codes(s)
	s.words.erase()
	s.gaps.erase()
	offsets, at := make([]int64, len(s.chunks)), int64(0)
	for i, n := range s.chunks {
		offsets[i] = at
		at += 2 * int64(n)
	}
	raw := make([][]byte, a.opt.Workers)
	units := make([][]uint16, a.opt.Workers)
	base := uint64(a.stream.size)
	a.encode(len(s.chunks), func(worker, i int) []uint16 {
		raw[worker] = extend(raw[worker], 2*s.chunks[i])
		units[worker] = units[worker][:0]
		p := raw[worker][:2*s.chunks[i]]
		if !s.units.readAt(p, offsets[i]) {
			return nil
		}
		for ; len(p) > 0; p = p[2:] {
			units[worker] = append(units[worker], binary.LittleEndian.Uint16(p))
		}
		return units[worker]
	}, codes, size)
	for _, pairs := range a.keys.pairs {
		for pair, n := range pairs {
			a.pairs[pair] += int(n)
		}
	}
	s.units.erase()
	run := &suffixRun{tape: tape{spool: &a.spool}}
	sorter.sort(func(lo, hi uint32) error {
		return run.addAll(&a.keys, sorter.items[lo:hi], base, a.opt.Workers)
	})
	run.end()
	return run
}
