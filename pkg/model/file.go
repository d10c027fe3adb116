package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A large model is first read page by page: a program that wants one draft touches about a thousand
// pages at random places, most of them once. Reading a page into reused memory takes half the time
// of touching it in a mapping, where the kernel makes the sixteen pages around it resident. Once a
// sixteenth of the pages have been read a mapping is cheaper, and takes over.
const (
	small       = 4 << 20 // bytes: a model up to this size is mapped and checked when opened, in less than a millisecond
	pagesKept   = 128     // pages read that are kept; with 64 or 256 a draft takes as long
	pagesMapped = 16      // pages that the kernel makes resident around one that is touched
	pagesRead   = 2048    // pages that are read at least before the file is mapped
	slabPages   = 16      // pages allocated at once
)

// openFile is what this package uses of an *os.File.
type openFile interface {
	io.ReadCloser
	io.ReaderAt
	Stat() (os.FileInfo, error)
	Fd() uintptr
}

// file is the bytes of a model. Every page is checked against its sum before its first use.
type file struct {
	data     []byte   // all of it; nil while it is read page by page
	fresh    []byte   // with data: a byte for each page, not 0 until the page is checked
	checked  int      // how many pages are
	lazy     bool     // some page may have to be read or checked
	from     openFile // what pages are read from
	base     int      // where the model begins in it
	owned    bool     // from is to be closed
	pages    [pagesKept]keptPage
	slab     [][pageSize]byte // memory for the next pages
	read     int              // how many pages were read
	sumPages [][]byte         // the parts of the sums that were read
	size     int              // bytes
	sums     int              // where the sums begin, of all pages before
	unmap    func() error     // nil if the data are the caller's
	fail     func(off int, err error)
}

// keptPage is a page that was read. Its index in file.pages follows from its number.
type keptPage struct {
	number int // from 1 on; 0 if there is no page
	data   *[pageSize]byte
}

// raw is the n bytes from off on, unchecked; nil if they cannot be read.
func (f *file) raw(off, n int) []byte {
	if f.data != nil {
		return f.data[off : off+n]
	}
	b := make([]byte, n)
	if !f.readAt(b, off) {
		return nil
	}
	return b
}

// readAt fills b with the bytes from off on, unchecked, and tells whether it could.
func (f *file) readAt(b []byte, off int) bool {
	_, err := f.from.ReadAt(b, int64(f.base+off))
	if errors.Is(err, io.EOF) {
		err = errors.New("the file is cut")
	}
	if err != nil {
		clear(b)
		f.fail(off, err)
	}
	return err == nil
}

// bytes is the n bytes from off on, checked. They are zero where they cannot be read. They may be
// part of the mapping.
func (f *file) bytes(off, n int) []byte {
	if f.data != nil || f.settle() {
		f.verify(off, n)
		return f.data[off : off+n : off+n]
	}
	b := make([]byte, 0, n)
	for len(b) < n {
		at := (off + len(b)) % pageSize
		p := f.page((off + len(b)) / pageSize)
		b = append(b, p[at:min(pageSize, at+n-len(b))]...)
	}
	return b
}

// load is the 8 bytes at off, as a little-endian integer; the file must have them all.
func (f *file) load(off int) uint64 {
	if f.lazy {
		return f.loadLazy(off)
	}
	return binary.LittleEndian.Uint64(f.data[off:])
}

// loadLazy is load where pages are still to be read or checked.
func (f *file) loadLazy(off int) uint64 {
	if f.data == nil && !f.settle() {
		return f.loadPaged(off)
	}
	if f.fresh[uint(off)/pageSize]|f.fresh[uint(off+7)/pageSize] != 0 {
		f.verify(off, 8)
	}
	return binary.LittleEndian.Uint64(f.data[off:])
}

func (f *file) loadPaged(off int) uint64 {
	at := off % pageSize
	if at <= pageSize-8 {
		return binary.LittleEndian.Uint64(f.page(off / pageSize)[at:])
	}
	return binary.LittleEndian.Uint64(f.bytes(off, 8))
}

// verify checks the pages of the n bytes from off on that were not checked before. Once half of all
// pages are checked it checks the others, too, so that no later read has to ask.
func (f *file) verify(off, n int) {
	if !f.lazy {
		return
	}
	f.checkPages(off/pageSize, pagesOf(off+n))
	if all := pagesOf(f.sums); 2*f.checked >= all {
		f.checkPages(0, all)
		f.lazy = false
	}
}

// checkPages checks the pages from first up to, not including, end that were not checked before.
func (f *file) checkPages(first, end int) {
	for p := first; p < end; p++ {
		if f.fresh[p] != 0 {
			f.fresh[p] = 0
			f.check(p, f.data[p*pageSize:min((p+1)*pageSize, f.sums)])
			f.checked++
		}
	}
}

// pagesOf is the number of pages that n bytes take.
func pagesOf(n int) int { return (n + pageSize - 1) / pageSize }

// check compares a page with its sum.
func (f *file) check(p int, b []byte) {
	if binary.LittleEndian.Uint32(f.sum(p)) != crc32.Checksum(b, castagnoli) {
		f.fail(p*pageSize, errors.New("wrong checksum"))
	}
}

// sum is the sum of page p. The sums too are read page by page.
func (f *file) sum(p int) []byte {
	off := f.sums + 4*p
	if f.data != nil {
		return f.data[off : off+4]
	}
	const run = pageSize / 4
	if f.sumPages[p/run] == nil {
		first := p / run * run
		f.sumPages[p/run] = make([]byte, 4*(min(first+run, pagesOf(f.sums))-first))
		f.readAt(f.sumPages[p/run], f.sums+4*first)
	}
	return f.sumPages[p/run][4*(p%run):]
}

// page is page p of the file, valid until the next call. Bytes from the sums on are 0 in it.
func (f *file) page(p int) *[pageSize]byte {
	kept := &f.pages[p%pagesKept]
	if kept.number == p+1 {
		return kept.data
	}
	if kept.data == nil {
		kept.data = f.room()
	}
	kept.number = p + 1
	f.read++
	b, lo := kept.data, p*pageSize
	n := max(0, min(pageSize, f.sums-lo))
	clear(b[n:])
	if n > 0 && f.readAt(b[:n], lo) {
		f.check(p, b[:n])
	}
	return b
}

// room is memory for one more page. It writes to it, since the kernel takes two faults for new
// memory that is read before it is written.
func (f *file) room() *[pageSize]byte {
	if len(f.slab) == 0 {
		f.slab = make([][pageSize]byte, slabPages)
	}
	b := &f.slab[0]
	f.slab, b[0] = f.slab[1:], 0
	return b
}

// settle maps the file once so many pages were read that a mapping is cheaper, and tells whether it
// did.
func (f *file) settle() bool {
	if f.read < max(pagesRead, f.size/(pageSize*pagesMapped)) {
		return false
	}
	f.read = 0
	data, unmap, err := mapFile(f.from)
	if err == nil && len(data) < f.base+f.size {
		err = errSize
	}
	if err != nil {
		if unmap != nil {
			unmap()
		}
		f.fail(0, fmt.Errorf("can't be mapped: %w", err))
		return false
	}
	f.use(data[f.base : f.base+f.size])
	f.unmap = unmap
	f.pages, f.slab, f.sumPages = [pagesKept]keptPage{}, nil, nil
	return true
}

var errSize = errors.New("the file's size has changed since it was opened")

// use makes data the bytes of the file, all unchecked.
func (f *file) use(data []byte) {
	f.data, f.size, f.lazy = data, len(data), true
	f.fresh = make([]byte, f.sums/pageSize+2)
	for p := range pagesOf(f.sums) {
		f.fresh[p] = 1
	}
}

// part makes f the n bytes from off on of another file.
func (f *file) part(of *file, off, n int) {
	f.size = n
	if of.data != nil {
		f.data = of.data[off : off+n]
		return
	}
	f.from, f.base = of.from, of.base+off
}

// close releases what the file holds.
func (f *file) close() error {
	var err error
	if f.unmap != nil {
		err = f.unmap()
	}
	if f.owned {
		err = errors.Join(err, f.from.Close())
	}
	*f = file{fail: f.fail}
	return err
}

// whole returns a reader of all of f, also if it is a file of which a part was read so before.
func whole(f openFile, info os.FileInfo) io.Reader {
	if size := info.Size(); info.Mode().IsRegular() && size > 0 {
		return io.NewSectionReader(f, 0, size)
	}
	return f
}

// readAll reads what cannot be mapped, such as a pipe. If the first bytes are not those of a model
// it reads no further, so that an endless stream does no harm.
func readAll(f io.Reader) ([]byte, error) {
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if _, known := headBits[head[7]]; err != nil || string(head[:7]) != magic[:7] || !known {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = nil
		}
		return head[:n], err
	}
	rest, err := io.ReadAll(f)
	return append(head, rest...), err
}
