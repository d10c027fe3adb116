package model

import (
	"encoding/binary"
	"strconv"
)

// facts is what section posts stores for a post, except for an id that is no number.
type facts struct {
	number uint64
	date   int64
	flags  byte
}

// factsOf splits p into its facts and its id, which is empty if the id is a number.
func factsOf(p Post) (f facts, name string) {
	f.date = p.Time
	if p.Time != 0 {
		f.flags |= flagDate
	}
	if p.Reply {
		f.flags |= flagReply
	}
	if p.ID != "" {
		f.flags |= flagID
		var ok bool
		if f.number, ok = parseNumber(p.ID); !ok {
			return f, p.ID
		}
		f.flags |= flagNumber
	}
	return f, ""
}

// parseNumber reads an id, not empty, that is a number below 2^64, written as strconv would write
// it.
func parseNumber(id string) (uint64, bool) {
	if len(id) > 20 || id[0] < '0' || id[0] > '9' || id[0] == '0' && len(id) > 1 {
		return 0, false
	}
	n, err := strconv.ParseUint(id, 10, 64)
	return n, err == nil
}

// period is the time of some posts.
type period struct{ earliest, latest int64 } // dates; both 0 if no post has one

// add adds the date of a post; 0 if it has none.
func (p *period) add(date int64) {
	if date == 0 {
		return
	}
	if p.earliest == 0 || date < p.earliest {
		p.earliest = date
	}
	if p.latest == 0 || date > p.latest {
		p.latest = date
	}
}

// factsWriter writes the facts of posts to a tape, in the form of section posts; see format.go.
type factsWriter struct {
	tape   tape
	dst    []byte  // the bytes of the current post
	blocks []int64 // offset in the tape of each block of posts
	posts  int
	number uint64 // the last in this block
	name   []byte // the last id in this block that is no number
	date   int64  // the last in this block
	period period // of all posts
}

func (w *factsWriter) add(f facts, name []byte) {
	if w.posts%postBlock == 0 {
		w.blocks = append(w.blocks, w.tape.size)
		w.number, w.name, w.date = 0, w.name[:0], 0
	}
	w.posts++
	w.dst = append(w.dst[:0], f.flags)
	base := w.date
	switch {
	case f.flags&flagID == 0:
	case f.flags&flagNumber != 0:
		w.dst = binary.AppendUvarint(w.dst, zigzag(int64(f.number-w.number)))
		w.number = f.number
		if s := snowflake(f.number); s != 0 {
			base = s
		}
	default:
		w.dst = appendFront(w.dst, w.name, name)
		w.name = append(w.name[:0], name...)
	}
	if f.flags&flagDate != 0 {
		w.dst = binary.AppendUvarint(w.dst, zigzag(f.date-base))
		w.date = f.date
		w.period.add(f.date)
	}
	w.tape.Write(w.dst)
}

// appendFront appends s, front-coded against the string before it.
func appendFront(dst, before, s []byte) []byte {
	shared := commonPrefix(before, s)
	dst = binary.AppendUvarint(dst, uint64(shared))
	dst = binary.AppendUvarint(dst, uint64(len(s)-shared))
	return append(dst, s[shared:]...)
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
