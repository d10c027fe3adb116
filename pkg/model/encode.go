package model

import (
	"encoding/binary"
	"math/bits"
)

// wordCode is a word of a segment in the codes of the stream and of the key text, the first byte
// lowest. Both codes have the same length.
type wordCode struct {
	stream uint64 // the top bit is set if a single space is its usual gap
	key    uint64 // the top byte is the length
}

func newWordCode(number uint32, spaced bool) wordCode {
	var b [8]byte
	n := len(appendCode(b[:0], number))
	c := wordCode{binary.LittleEndian.Uint64(b[:]), keyCode(number) | uint64(n)<<56}
	if spaced {
		c.stream |= 1 << 63
	}
	return c
}

// segmentCodes are the codes of a segment's words and gaps, by their numbers in it.
type segmentCodes struct {
	words, gaps []wordCode
	usual       [2]wordCode // the empty gap and the single space
}

func newSegmentCodes(words, gaps int) *segmentCodes {
	return &segmentCodes{words: make([]wordCode, words), gaps: make([]wordCode, gaps)}
}

// piece is a chunk of a segment in the model's codes.
type piece struct {
	stream  []byte
	keys    []byte   // the key text for it
	marks   []uint32 // offsets of the marks
	longest int      // bytes of the longest post
}

// encoder turns chunks into pieces.
type encoder struct {
	*piece // its stream and keys are longer than what is written
	codes  *segmentCodes
	n      int      // bytes of them that are written
	begin  int      // where the post begins
	last   wordCode // the last code, leaving out gaps
	pairs  []uint32 // number of codes that begin with each pair of bytes, the second of which may be of the next code
}

// encode makes the piece of a chunk.
func (e *encoder) encode(chunk []uint16, p *piece) {
	*p = piece{p.stream[:cap(p.stream)], p.keys[:cap(p.keys)], p.marks[:0], 0}
	e.piece, e.n, e.last = p, 0, wordCode{}
	value := func(i int) (uint32, int) {
		if chunk[i] < wide {
			return uint32(chunk[i]), i + 1
		}
		return wideUnits(chunk, i)
	}
	for i := 0; i < len(chunk); {
		var v uint32
		v, i = value(i)
		e.room()
		switch v {
		case 0:
			e.writeMark()
			v, i = value(i)
		case otherGap:
			v, i = value(i)
			e.writeGap(e.codes.gaps[v])
			v, i = value(i)
		default:
			if word := &e.codes.words[v>>1-1]; uint64(v&1) != word.stream>>63 {
				e.writeGap(e.codes.usual[v&1])
			}
		}
		e.writeWord(e.codes.words[v>>1-1])
	}
	e.finish()
}

// room makes room for a gap, a mark and a word.
func (e *encoder) room() {
	if min(len(e.stream), len(e.keys))-e.n < 32 {
		e.stream = append(e.stream, make([]byte, 1<<16+len(e.stream)/2)...)
		e.keys = append(e.keys, make([]byte, 1<<16+len(e.keys)/2)...)
	}
}

func (e *encoder) writeWord(c wordCode) {
	binary.LittleEndian.PutUint64(e.stream[e.n:], c.stream)
	binary.LittleEndian.PutUint64(e.keys[e.n:], c.key)
	e.n += int(c.key >> 56)
	e.count(c)
}

// count counts the code before c, now that the byte after that code is known.
func (e *encoder) count(c wordCode) {
	if size := e.last.key >> 56; size > 0 {
		first := e.last.key&(1<<56-1) | c.key<<(8*size)
		e.pairs[bits.ReverseBytes16(uint16(first))]++
	}
	e.last = c
}

func (e *encoder) writeGap(c wordCode) {
	binary.LittleEndian.PutUint64(e.stream[e.n:], c.stream)
	binary.LittleEndian.PutUint64(e.keys[e.n:], gapBytes)
	e.n += int(c.key >> 56)
}

func (e *encoder) writeMark() {
	e.endPost()
	e.marks = append(e.marks, uint32(e.n))
	e.writeWord(wordCode{markByte, 1 << 56})
	e.begin = e.n
}

// endPost ends a post, if there is one before: n is 0 at the first mark.
func (e *encoder) endPost() { e.longest = max(e.longest, e.n-e.begin) }

func (e *encoder) finish() {
	e.endPost()
	e.count(wordCode{}) // the next mark
	e.stream, e.keys = e.stream[:e.n], e.keys[:e.n]
}
