package model

import (
	"cmp"
	"errors"
	"io"
)

// assembly is the making of a file: the part of a build that begins when all posts are known.
type assembly struct {
	*Builder
	f       *fileWriter
	stream  tape
	marks   []int64 // offset in the stream of the mark before each block of posts
	posts   int     // whose marks were met
	longest int     // bytes of the longest post in the stream
	array   *packer
	entries int // of the array so far
	seconds *packer
	sampled tape   // what seconds has written
	gaps    uint32 // the first id of a token
	words   uint32
}

// encoding is the making of the key text of a segment, and of its part of the stream.
type encoding struct {
	*keyText
	a        *assembly
	encoders []*encoder
	pieces   []piece // one for each job that may be under way
	at       int     // bytes of the key text so far
}

// encode turns the chunks of a segment, got by their number, into a part of the stream, and into a key text
// of so many bytes.
func (a *assembly) encode(chunks int, chunk func(worker, i int) []uint16, codes *segmentCodes, size int64) *keyText {
	ahead := 2 * a.opt.Workers
	e := &encoding{keyText: newKeyText(size), a: a, pieces: make([]piece, ahead+1)}
	for range a.opt.Workers {
		e.encoders = append(e.encoders, newEncoder(codes))
		e.pairs = append(e.pairs, e.encoders[len(e.pairs)].pairs)
	}
	e.parts = make([]keyPart, chunks)
	inOrder(chunks, a.opt.Workers, ahead, func(worker, i int) {
		e.encoders[worker].encode(chunk(worker, i), &e.pieces[i%len(e.pieces)])
		e.parts[i].worker = worker
	}, e.append)
	e.gaps.close()
	return e.keyText
}

// append adds the piece of chunk i to the key text and the stream.
func (e *encoding) append(i int) error {
	a, p := e.a, &e.pieces[i%len(e.pieces)]
	copy(e.text[e.at:], p.keys)
	e.gaps.addAll(uint32(e.at), p.gaps)
	e.parts[i].begin = uint32(e.at)
	e.at += len(p.keys)
	e.parts[i].end = uint32(e.at)
	for _, mark := range p.marks {
		if a.posts%postBlock == 0 {
			a.marks = append(a.marks, a.stream.size+int64(mark))
		}
		a.posts++
	}
	a.longest = max(a.longest, p.longest)
	a.stream.Write(p.stream)
	return nil
}

// writePosts writes the sections posts, places and stream, and makes ready for the array.
func (a *assembly) writePosts(v *vocabulary) {
	facts := &a.facts
	a.gaps, a.words = v.words.first, v.words.end()
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
	a.array = newPacker(a.f, uint64(a.stream.size))
	a.seconds = newPacker(&a.sampled, uint64(v.words.end()))
	facts.tape.erase()
	a.stream.erase()
}

// entry adds an entry to the array: its place in the stream, and its suffix in key codes.
func (a *assembly) entry(place uint64, suffix []byte) {
	a.array.add(place)
	if a.entries%secondStep == 0 {
		second := keyID(suffix[codeLengths[suffix[0]]:])
		a.seconds.add(uint64(idOf(second, a.gaps, a.words)))
	}
	a.entries++
}

// finish writes what stands after the entries of the array.
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
		int64(a.longest), a.facts.earliest, a.facts.latest})
}

// writeKnown writes the model of the posts that were not learned from.
func (a *assembly) writeKnown() {
	if a.opt.Known != nil {
		if _, err := a.opt.Known.WriteTo(a.f); err != nil && !errors.Is(err, ErrEmpty) {
			a.f.err = cmp.Or(a.f.err, err)
		}
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
	return a.f.n, cmp.Or(b.spool.err, a.f.err)
}
