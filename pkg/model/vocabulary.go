package model

import "iter"

// vocabulary is what the model stores about words, except for their bytes.
type vocabulary struct {
	gaps, words lexicon
	spaced      []uint64  // one bit for each token, by rank: is a single space its usual gap?
	unusual     [2]uint32 // how often the empty gap and the single space must be written in stream
}

// add adds the next token, in byte order.
func (v *vocabulary) add(t tally) {
	rank := len(v.words.counts)
	if rank%64 == 0 {
		v.spaced = append(v.spaced, 0)
	}
	usual := 0
	if t.spaced() {
		usual = 1
		v.spaced[rank/64] |= 1 << (rank % 64)
	}
	v.unusual[usual^1] += t.after[usual^1]
	v.words.counts = append(v.words.counts, t.total)
}

// isSpaced tells whether a single space is the usual gap of a token.
func (v *vocabulary) isSpaced(rank int) bool { return v.spaced[rank/64]>>(rank%64)&1 == 1 }

// assign gives out the ids, once all tokens are added.
func (v *vocabulary) assign() {
	v.gaps.assign(1)
	v.words.assign(v.gaps.end())
}

// code is the number that stands for id in the stream.
func (v *vocabulary) code(id uint32) uint32 { return codeOf(id, v.words.first, v.words.end()) }

// streamSize is the number of bytes that the gaps and tokens of all posts take in the stream.
func (v *vocabulary) streamSize() (n int64) {
	for _, l := range []*lexicon{&v.gaps, &v.words} {
		for rank, id := range l.ids {
			n += int64(l.counts[rank]) * int64(newWordCode(v.code(id), false).key>>56)
		}
	}
	return n
}

// write writes the sections from words to sorted. texts yields the words in the order of their ids,
// from 1 on.
func (v *vocabulary) write(f *fileWriter, texts iter.Seq[[]byte], posts int) {
	w := wordWriter{w: f}
	w.add(nil)
	for text := range texts {
		w.add(text)
	}
	w.close()
	f.end()
	p := newPacker(f, uint64(w.size))
	for _, at := range w.blocks {
		p.add(uint64(at))
	}
	p.close()
	f.end()
	spaced := make([]byte, (w.n+7)/8)
	for rank, id := range v.words.ids {
		if v.isSpaced(rank) {
			spaced[id/8] |= 1 << (id % 8)
		}
	}
	f.section(spaced)
	f.section(v.words.appendClasses(nil, posts))
	p = newPacker(f, uint64(v.words.end()))
	for rank, id := range v.words.ids {
		if v.words.counts[rank] > 1 {
			p.add(uint64(id))
		}
	}
	p.close()
	f.end()
}
