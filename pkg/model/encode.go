package model

import "encoding/binary"

// wordCode is what becomes of a word of a segment: its codes in the stream and in the key text, the
// first byte lowest. Both are of the same length.
type wordCode struct {
	stream uint64 // top bit: a single space is its usual gap
	key    uint64 // top byte: the length
}

func newWordCode(id uint32, spaced bool) wordCode {
	var b [8]byte
	n := len(appendCode(b[:0], id))
	c := wordCode{binary.LittleEndian.Uint64(b[:]), keyCode(id) | uint64(n)<<56}
	if spaced {
		c.stream |= 1 << 63
	}
	return c
}

// segmentCodes are the codes of a segment's words and gaps.
type segmentCodes struct {
	words, gaps []wordCode
	usual       [2]wordCode // of the empty gap and the single space
}

// piece is a chunk of a segment in the model's codes.
type piece struct {
	stream  []byte
	keys    []byte
	gaps    []uint32 // places in keys after a gap, once for each byte of the gap's code
	marks   []uint32 // offsets in stream of the marks
	longest int      // bytes of the longest post in stream
}

// encoder turns chunks into pieces.
type encoder struct {
	codes  *segmentCodes
	stream []byte
	keys   []byte
	s, k   int      // how much of stream and keys is written
	begin  int      // of the post in stream
	last   int      // the place of the last code in keys
	pairs  []uint32 // how many codes begin with each pair of bytes, the next code included
	piece  *piece
}

func newEncoder(codes *segmentCodes) *encoder {
	return &encoder{codes: codes, pairs: make([]uint32, bucketCount+1)}
}

// encode returns the piece of a chunk.
func (e *encoder) encode(chunk []uint16) *piece {
	e.piece, e.s, e.k, e.last = new(piece), 0, 0, -1
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
			e.mark()
			v, i = value(i)
		case otherGap:
			v, i = value(i)
			e.gap(e.codes.gaps[v])
			v, i = value(i)
		default:
			if word := &e.codes.words[v>>1-1]; uint64(v&1) != word.stream>>63 {
				e.gap(e.codes.usual[v&1])
			}
		}
		e.word(e.codes.words[v>>1-1])
	}
	return e.finish()
}

// room makes room for a gap, a mark and a word.
func (e *encoder) room() {
	if len(e.stream)-e.s < 32 {
		e.stream = append(e.stream, make([]byte, 1<<16+len(e.stream)/2)...)
	}
	if len(e.keys)-e.k < 32 {
		e.keys = append(e.keys, make([]byte, 1<<16+len(e.keys)/2)...)
	}
}

func (e *encoder) word(c wordCode) {
	n := int(c.key >> 56)
	binary.LittleEndian.PutUint64(e.stream[e.s:], c.stream)
	binary.LittleEndian.PutUint64(e.keys[e.k:], c.key)
	e.count()
	e.last = e.k
	e.s += n
	e.k += n
}

// count counts the code before, now that the byte after it is known.
func (e *encoder) count() {
	if e.last >= 0 {
		e.pairs[binary.BigEndian.Uint16(e.keys[e.last:])]++
	}
}

func (e *encoder) gap(c wordCode) {
	binary.LittleEndian.PutUint64(e.stream[e.s:], c.stream)
	for range c.key >> 56 {
		e.piece.gaps = append(e.piece.gaps, uint32(e.k))
		e.s++
	}
}

func (e *encoder) mark() {
	e.endPost()
	e.piece.marks = append(e.piece.marks, uint32(e.s))
	e.word(wordCode{markByte, 1 << 56})
	e.begin = e.s
}

func (e *encoder) endPost() {
	if len(e.piece.marks) > 0 {
		e.piece.longest = max(e.piece.longest, e.s-e.begin)
	}
}

func (e *encoder) finish() *piece {
	e.endPost()
	e.keys[e.k] = 0 // the next mark
	e.count()
	p := e.piece
	p.stream = append([]byte(nil), e.stream[:e.s]...)
	p.keys = append([]byte(nil), e.keys[:e.k]...)
	return p
}
