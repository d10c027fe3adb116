package model

import (
	"cmp"
	"io"
)

// assembly makes the file: the part of a build that begins when all posts are known.
type assembly struct {
	*Builder
	f       *fileWriter
	stream  tape
	marks   []int64 // offset in the stream of the mark before each block of posts
	posts   int     // posts added to the stream so far
	longest int     // bytes of the longest post in the stream
	array   *packer
	entries int // in the array so far
	seconds *packer
	sampled tape // where seconds goes until the array is written
	keys    keyText
	pieces  []piece
	pairs   []int  // number of suffixes, in all parts, that begin with each pair of bytes
	gaps    uint32 // the first id of a token
}

// encode turns the chunks of a segment into a part of the stream and into a key text of size bytes.
// chunk returns a chunk by its number.
func (a *assembly) encode(chunks int, chunk func(worker, i int) []uint16, codes *segmentCodes, size int64) {
	ahead := 2 * a.opt.Workers
	a.keys.reset(int(size), chunks, a.opt.Workers)
	a.pieces = extend(a.pieces, ahead+1) // one for each chunk that may be in progress
	encoders := make([]encoder, a.opt.Workers)
	for i := range encoders {
		encoders[i] = encoder{codes: codes, pairs: a.keys.pairs[i]}
	}
	at := uint32(0)
	inOrder(chunks, a.opt.Workers, ahead, func(worker, i int) {
		encoders[worker].encode(chunk(worker, i), &a.pieces[i%len(a.pieces)])
		a.keys.parts[i].share = worker
	}, func(i int) error {
		p := &a.pieces[i%len(a.pieces)]
		copy(a.keys.text[at:], p.keys)
		part := &a.keys.parts[i]
		part.begin, part.end = at, at+uint32(len(p.keys))
		at = part.end
		a.add(p)
		return nil
	})
}

// add appends a piece to the stream.
func (a *assembly) add(p *piece) {
	for _, mark := range p.marks {
		if a.posts%postBlock == 0 {
			a.marks = append(a.marks, a.stream.size+int64(mark))
		}
		a.posts++
	}
	a.longest = max(a.longest, p.longest)
	a.stream.Write(p.stream)
}

// writePosts writes the sections posts, places and stream, and prepares for the array.
func (a *assembly) writePosts(v *vocabulary) {
	facts := &a.facts
	a.gaps = v.words.first
	a.stream.Write([]byte{markByte})
	a.stream.end()
	facts.tape.end()
	facts.tape.copyTo(a.f)
	a.f.end()
	p := newPacker(a.f, uint64(max(facts.tape.size, a.stream.size)))
	for i, mark := range a.marks {
		p.add(uint64(facts.blocks[i]))
		p.add(uint64(mark))
	}
	p.add(uint64(facts.tape.size))
	p.add(uint64(a.stream.size - 1))
	p.close()
	a.f.end()
	a.stream.copyTo(a.f)
	a.f.end()
	a.array = newPacker(a.f, uint64(a.stream.size)<<1)
	a.seconds = newPacker(&a.sampled, uint64(v.words.end()))
	facts.tape.erase()
	a.stream.erase()
}

// entry appends an entry to the array. second is the number of its second token; only every
// secondStep-th entry needs it.
func (a *assembly) entry(entry uint64, second uint32) {
	a.array.add(entry)
	if a.entries%secondStep == 0 {
		a.seconds.add(uint64(tokenOf(second, a.gaps)))
	}
	a.entries++
}

// finish writes everything after the entries of the array.
func (a *assembly) finish(v *vocabulary) {
	a.array.close()
	a.f.end()
	a.seconds.close()
	a.sampled.end()
	a.sampled.copyTo(a.f)
	a.f.end()
	a.writeKnown()
	a.f.section(a.opt.Note)
	a.f.finish([trailerNumbers]int64{int64(v.words.end()), int64(v.words.first), int64(a.posts), a.tokens,
		int64(a.longest), a.facts.period.earliest, a.facts.period.latest})
}

// writeKnown writes the section known.
func (a *assembly) writeKnown() {
	if a.kept != nil {
		a.f.err = cmp.Or(a.kept.write(a.f), a.f.err)
	} else {
		a.known.write(a.f, a.opt.Memory/2)
	}
	a.f.end()
}

// assemble writes the model of the posts.
func (b *Builder) assemble(w io.Writer) (int64, error) {
	a := &assembly{Builder: b, f: &fileWriter{w: w}}
	a.f.section([]byte(magic))
	a.stream.spool, a.sampled.spool = a.facts.tape.spool, a.facts.tape.spool
	if len(b.parts) > 0 {
		a.finish(a.inParts())
	} else {
		a.finish(a.inMemory())
	}
	return a.f.n, cmp.Or(b.spool.Err(), a.f.err)
}
