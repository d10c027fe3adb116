package model

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// fileWriter writes the sections of a model in order and sums up its pages on the way.
type fileWriter struct {
	w    io.Writer
	n    int64 // bytes written
	ends []int64
	page uint32 // sum of the page so far
	sums []byte
	err  error // the first; nothing is written after it
}

// Write never fails; see err.
func (f *fileWriter) Write(p []byte) (int, error) {
	if f.err != nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		k := min(len(rest), pageSize-int(f.n%pageSize))
		f.page = crc32.Update(f.page, castagnoli, rest[:k])
		if f.n += int64(k); f.n%pageSize == 0 {
			f.closePage()
		}
		rest = rest[k:]
	}
	_, f.err = f.w.Write(p)
	return len(p), nil
}

func (f *fileWriter) closePage() {
	f.sums = binary.LittleEndian.AppendUint32(f.sums, f.page)
	f.page = 0
}

// end ends a section.
func (f *fileWriter) end() { f.ends = append(f.ends, f.n) }

// finish writes sums and trailer.
func (f *fileWriter) finish(numbers [trailerNumbers]int64) {
	if f.n%pageSize != 0 {
		f.closePage()
	}
	sums := f.sums
	f.sums = nil
	f.Write(sums)
	f.end()
	t := make([]byte, 0, trailerSize)
	for _, n := range append(numbers[:], f.ends...) {
		t = binary.LittleEndian.AppendUint64(t, uint64(n))
	}
	t = binary.LittleEndian.AppendUint32(t, crc32.Checksum(t, castagnoli))
	t = binary.LittleEndian.AppendUint32(t, trailerSize)
	f.Write(append(t, cigam...))
}

// packer writes packed integers; see format.go.
type packer struct {
	w    io.Writer
	bits uint
	acc  uint64
	have uint
	buf  []byte
}

func newPacker(w io.Writer, bits uint) *packer {
	return &packer{w: w, bits: bits, buf: make([]byte, 0, 1<<16)}
}

// add appends v, which is less than 1<<bits, of at most 56.
func (p *packer) add(v uint64) {
	p.acc |= v << p.have
	for p.have += p.bits; p.have >= 8; p.have -= 8 {
		p.buf = append(p.buf, byte(p.acc))
		p.acc >>= 8
	}
	if len(p.buf) > cap(p.buf)-16 {
		p.w.Write(p.buf)
		p.buf = p.buf[:0]
	}
}

// close appends the rest and the slack.
func (p *packer) close() {
	if p.have > 0 {
		p.buf = append(p.buf, byte(p.acc))
	}
	p.w.Write(append(p.buf, make([]byte, packSlack)...))
}
