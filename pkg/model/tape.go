package model

import (
	"slices"
	"sync"

	"horsepipe/pkg/scratch"
)

// spool is a temporary file that holds tapes, in blocks. After its first error, which the caller
// gets from Err, nothing is written, and reads return nothing.
type spool struct {
	scratch.File
	block int // bytes of a block of a tape

	mu     sync.Mutex
	blocks int64   // number of blocks in the file
	free   []int64 // blocks that no tape uses any more
}

// take returns the file and a block to write to; the file is nil after an error.
func (s *spool) take() (scratch.Handle, int64) {
	f := s.Open()
	if f == nil {
		return nil, 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		block := s.free[n-1]
		s.free = s.free[:n-1]
		return f, block
	}
	s.blocks++
	return f, s.blocks - 1
}

// give returns blocks to the spool.
func (s *spool) give(blocks []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, blocks...)
}

// tape is a sequence of bytes that is written once, and then read from its beginning as often as
// needed. It is in a spool or, without one, in memory.
type tape struct {
	spool  *spool
	memory [][]byte
	blocks []int64 // in the spool; all full but the last
	buf    []byte  // the block being written
	size   int64
}

// memoryBlock is the size in bytes of a block of a tape in memory.
const memoryBlock = 1 << 18

// Write appends p to the tape. It never returns an error; see spool.
func (t *tape) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if t.buf == nil && t.spool == nil {
			t.buf = make([]byte, 0, memoryBlock)
		} else if t.buf == nil {
			t.buf = make([]byte, 0, t.spool.block)
		}
		k := copy(t.buf[len(t.buf):cap(t.buf)], p)
		t.buf, p = t.buf[:len(t.buf)+k], p[k:]
		if len(t.buf) == cap(t.buf) {
			t.flush()
		}
	}
	t.size += int64(n)
	return n, nil
}

// flush ends a block.
func (t *tape) flush() {
	if t.spool == nil {
		t.memory, t.buf = append(t.memory, t.buf), nil
		return
	}
	if f, block := t.spool.take(); f != nil {
		t.blocks = append(t.blocks, block)
		_, err := f.WriteAt(t.buf, block*int64(t.spool.block))
		t.spool.Fail(err)
	}
	t.buf = t.buf[:0]
}

// end must be called between writing and reading.
func (t *tape) end() {
	if len(t.buf) > 0 {
		t.flush()
	}
	t.buf = nil
}

// erase gives back the memory or blocks of the tape.
func (t *tape) erase() {
	if t.spool != nil {
		t.spool.give(t.blocks)
	}
	*t = tape{spool: t.spool}
}

// len is the number of blocks.
func (t *tape) len() int {
	if t.spool == nil {
		return len(t.memory)
	}
	return int((t.size + int64(t.spool.block) - 1) / int64(t.spool.block))
}

// read returns block i of the tape: the block itself if it is in memory, otherwise read into buf;
// nothing after an error.
func (t *tape) read(i int, buf []byte) []byte {
	if t.spool == nil {
		return t.memory[i]
	}
	f := t.spool.Open()
	if f == nil {
		return nil
	}
	buf = buf[:min(int64(t.spool.block), t.size-int64(i)*int64(t.spool.block))]
	if _, err := f.ReadAt(buf, t.blocks[i]*int64(t.spool.block)); err != nil {
		t.spool.Fail(err)
		return nil
	}
	return buf
}

// readAt fills p from offset off of a tape in a spool, and tells whether it could.
func (t *tape) readAt(p []byte, off int64) bool {
	size := int64(t.spool.block)
	for len(p) > 0 {
		f := t.spool.Open()
		if f == nil {
			return false
		}
		begin := off % size
		n := min(int64(len(p)), size-begin)
		if _, err := f.ReadAt(p[:n], t.blocks[off/size]*size+begin); err != nil {
			t.spool.Fail(err)
			return false
		}
		p, off = p[n:], off+n
	}
	return true
}

// tapeReader reads a tape from its beginning.
type tapeReader struct {
	tape   *tape
	next   int    // block
	data   []byte // read but not yet used
	buf    []byte
	failed bool // the spool has failed
}

// peek returns what comes next on the tape: at least n bytes, or all that is left. The first time
// after an error of the spool it adds n zeros, so that decoders need no checks; after that it
// returns nothing.
func (r *tapeReader) peek(n int) []byte {
	for !r.failed && len(r.data) < n && r.next < r.tape.len() {
		if r.tape.spool == nil && len(r.data) == 0 {
			r.data = r.tape.memory[r.next]
			r.next++
			continue
		}
		r.buf = append(r.buf[:0], r.data...)
		if s := r.tape.spool; s != nil {
			r.buf = slices.Grow(r.buf, s.block)
		}
		p := r.tape.read(r.next, r.buf[len(r.buf):cap(r.buf)])
		if r.failed = len(p) == 0; r.failed {
			r.data = nil
			return append(r.buf, make([]byte, n)...)
		}
		r.buf = append(r.buf, p...)
		r.data = r.buf
		r.next++
	}
	return r.data
}

// skip advances by n bytes, which peek has returned.
func (r *tapeReader) skip(n int) {
	if !r.failed {
		r.data = r.data[n:]
	}
}

// seek advances to an offset of a tape in a spool, before anything is read.
func (r *tapeReader) seek(offset int64) {
	size := int64(r.tape.spool.block)
	r.next = int(offset / size)
	if n := int(offset % size); len(r.peek(n)) >= n {
		r.skip(n)
	}
}

// copyTo writes the whole tape to f.
func (t *tape) copyTo(f *fileWriter) {
	r := tapeReader{tape: t}
	for p := r.peek(1); len(p) > 0; p = r.peek(1) {
		f.Write(p)
		r.skip(len(p))
	}
}
