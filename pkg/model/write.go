package model

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// fileWriter writes the sections of a model in order, and computes the sums of the pages on the
// way.
type fileWriter struct {
	w    io.Writer
	n    int64   // bytes written
	ends []int64 // of the sections so far
	page uint32  // sum of the current page so far
	sums []byte
	err  error // the first error; nothing is written after it
}

// Write writes a part of a section. It never returns an error; see err.
func (f *fileWriter) Write(p []byte) (int, error) {
	if f.err != nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		k := min(len(rest), pageSize-int(f.n%pageSize))
		f.page = crc32.Update(f.page, castagnoli, rest[:k])
		if f.n += int64(k); f.n%pageSize == 0 {
			f.endPage()
		}
		rest = rest[k:]
	}
	n, err := f.w.Write(p)
	f.n, f.err = f.n-int64(len(p)-n), err
	return len(p), nil
}

func (f *fileWriter) endPage() {
	f.sums = binary.LittleEndian.AppendUint32(f.sums, f.page)
	f.page = 0
}

// end ends a section.
func (f *fileWriter) end() { f.ends = append(f.ends, f.n) }

// section writes a whole section.
func (f *fileWriter) section(p []byte) {
	f.Write(p)
	f.end()
}

// finish writes the sums and the trailer, which begins with numbers.
func (f *fileWriter) finish(numbers [trailerNumbers]int64) {
	if f.n%pageSize != 0 {
		f.endPage()
	}
	sums := f.sums // which Write goes on appending to, to no effect
	f.section(sums)
	t := make([]byte, 0, trailerSize)
	for _, n := range append(numbers[:], f.ends...) {
		t = binary.LittleEndian.AppendUint64(t, uint64(n))
	}
	t = append(t, nameOf(sums, t)...)
	t = binary.LittleEndian.AppendUint32(t, crc32.Checksum(t, castagnoli))
	t = binary.LittleEndian.AppendUint32(t, trailerSize)
	f.Write(append(t, cigam...))
}

// packer writes packed integers; see format.go.
type packer struct {
	w    io.Writer
	bits uint
	acc  uint64 // bits that do not fill 8 bytes yet
	have uint   // how many bits acc has
	buf  []byte
}

func newPacker(w io.Writer, max uint64) *packer {
	return &packer{w: w, bits: width(max), buf: make([]byte, 0, 1<<16)}
}

// add appends v, which is at most the maximum given to newPacker.
func (p *packer) add(v uint64) {
	p.acc |= v << p.have
	if p.have += p.bits; p.have >= 64 {
		p.have -= 64
		p.buf = binary.LittleEndian.AppendUint64(p.buf, p.acc)
		p.acc = v >> (p.bits - p.have)
		if len(p.buf) == cap(p.buf) {
			p.w.Write(p.buf)
			p.buf = p.buf[:0]
		}
	}
}

// close appends the last bits and the slack.
func (p *packer) close() {
	var rest [8 + packSlack]byte
	binary.LittleEndian.PutUint64(rest[:], p.acc)
	p.w.Write(p.buf)
	p.w.Write(rest[:(p.have+7)/8+packSlack])
}

// wordWriter writes the section words.
type wordWriter struct {
	w      io.Writer
	n      int // words written
	size   int64
	blocks []int64 // offsets of the blocks
	before []byte
	buf    []byte
}

func (w *wordWriter) add(text []byte) {
	if w.n%wordBlock == 0 {
		w.blocks = append(w.blocks, w.size+int64(len(w.buf)))
		w.before = w.before[:0]
	}
	w.n++
	w.buf = appendFront(w.buf, w.before, text)
	w.before = append(w.before[:0], text...)
	if len(w.buf) >= 1<<16 {
		w.flush()
	}
}

func (w *wordWriter) flush() {
	w.w.Write(w.buf)
	w.size += int64(len(w.buf))
	w.buf = w.buf[:0]
}

func (w *wordWriter) close() {
	w.flush()
	w.blocks = append(w.blocks, w.size)
}
