package export

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"io"
	"slices"

	"horsepipe/pkg/scratch"
)

// sorter sorts records by a key in bounded memory. It holds up to limit bytes; when they are full
// it appends them, sorted, to a temporary file as one more run, and each merges the runs. Records
// with the same key come out in the order in which they went in.
//
//	run:    record*
//	record: key [8], length [4], bytes
type sorter struct {
	limit int // bytes held, including the places
	temp  scratch.File

	data   []byte
	places []place
	ends   []int64 // where the runs end in the temporary file
}

// place is where a record stands in data.
type place struct {
	key      uint64
	from, to int32
}

const placeSize = 16

// add adds a copy of rec.
func (s *sorter) add(key uint64, rec []byte) error {
	if len(s.places) > 0 && len(s.data)+len(rec)+placeSize*(len(s.places)+1) > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	if s.data == nil {
		s.data = make([]byte, 0, s.limit) // growing would need twice as much; memory that is not written to is not resident
	}
	from := len(s.data)
	s.data = append(s.data, rec...)
	s.places = append(s.places, place{key, int32(from), int32(len(s.data))})
	return nil
}

// order sorts what is held. Where keys are equal, the places tell which record was first.
func (s *sorter) order() {
	slices.SortFunc(s.places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.from, b.from))
	})
}

// spill writes what is held to the file, as a run.
func (s *sorter) spill() error {
	file, end := s.temp.Open(), int64(0)
	if file == nil {
		return s.temp.Err()
	}
	if n := len(s.ends); n > 0 {
		end = s.ends[n-1]
	}
	s.order()
	w := bufio.NewWriterSize(io.NewOffsetWriter(file, end), 1<<18)
	var head [12]byte
	for _, p := range s.places {
		binary.LittleEndian.PutUint64(head[:], p.key)
		binary.LittleEndian.PutUint32(head[8:], uint32(p.to-p.from))
		_, _ = w.Write(head[:]) // the error sticks until Flush
		_, _ = w.Write(s.data[p.from:p.to])
		end += int64(len(head)) + int64(p.to-p.from)
	}
	s.ends = append(s.ends, end)
	s.data, s.places = s.data[:0], s.places[:0]
	s.temp.Fail(w.Flush())
	return s.temp.Err()
}

// each calls f with all records in order; rec is valid until the next call. Nothing can be added
// afterwards.
func (s *sorter) each(f func(key uint64, rec []byte) error) error {
	var h cursors
	from := int64(0)
	for i, end := range s.ends {
		section := io.NewSectionReader(s.temp.Open(), from, end-from)
		h = append(h, &cursor{run: i, file: bufio.NewReaderSize(section, 1<<16)})
		from = end
	}
	s.order()
	h = append(h, &cursor{run: len(s.ends), held: s})
	for i := len(h) - 1; i >= 0; i-- {
		more, err := h[i].next()
		if s.temp.Fail(err); err != nil {
			return s.temp.Err()
		}
		if !more {
			h = slices.Delete(h, i, i+1)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		if err := f(h[0].key, h[0].rec); err != nil {
			return err
		}
		more, err := h[0].next()
		if s.temp.Fail(err); err != nil {
			return s.temp.Err()
		}
		if more {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

// cursor stands at a record of one run, in the file or held.
type cursor struct {
	run  int
	file *bufio.Reader
	held *sorter
	at   int

	key uint64
	rec []byte
}

// next moves to the following record and reports whether there is one.
func (c *cursor) next() (bool, error) {
	if c.held != nil {
		if c.at == len(c.held.places) {
			return false, nil
		}
		p := c.held.places[c.at]
		c.at++
		c.key, c.rec = p.key, c.held.data[p.from:p.to]
		return true, nil
	}
	var head [12]byte
	if _, err := io.ReadFull(c.file, head[:]); err == io.EOF {
		return false, nil
	} else if err != nil {
		return false, err
	}
	c.key = binary.LittleEndian.Uint64(head[:])
	size := int(binary.LittleEndian.Uint32(head[8:]))
	c.rec = slices.Grow(c.rec[:0], size)[:size]
	_, err := io.ReadFull(c.file, c.rec)
	return err == nil, err
}

// cursors is a heap by key, then by run, so that equal keys come out in the order in which they
// went in.
type cursors []*cursor

func (h cursors) Len() int { return len(h) }
func (h cursors) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].key, h[j].key), cmp.Compare(h[i].run, h[j].run)) < 0
}
func (h cursors) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *cursors) Push(x any)   { *h = append(*h, x.(*cursor)) }
func (h *cursors) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
