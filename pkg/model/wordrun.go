package model

import (
	"bytes"
	"encoding/binary"
)

// wordRun is a tape of words in byte order, front-coded, each with its number in a segment and its
// tally.
type wordRun struct {
	tape
	count int   // of words
	bytes int64 // of all words
	last  []byte
	buf   []byte
}

func (r *wordRun) add(text []byte, number uint32, t tally) {
	r.buf = appendFront(r.buf[:0], r.last, text)
	for _, n := range [...]uint32{number, t.total, t.after[0], t.after[1], t.after[2]} {
		r.buf = binary.AppendUvarint(r.buf, uint64(n))
	}
	r.last = append(r.last[:0], text...)
	r.Write(r.buf)
	r.count++
	r.bytes += int64(len(text))
}

// wordCursor reads a wordRun.
type wordCursor struct {
	r      tapeReader
	ok     bool // there is a current word: the fields below
	text   []byte
	number uint32
	tally  tally
}

func (r *wordRun) open() *wordCursor {
	c := &wordCursor{r: tapeReader{tape: &r.tape}}
	c.next()
	return c
}

// next advances to the next word.
func (c *wordCursor) next() {
	const numbers = 7 * binary.MaxVarintLen32
	p := c.r.peek(numbers)
	if c.ok = len(p) > 0; !c.ok {
		return
	}
	at := 0
	number := func() uint32 {
		n, size := binary.Uvarint(p[at:])
		at += size
		return uint32(n)
	}
	shared, size := number(), int(number())
	if p = c.r.peek(at + size + numbers); len(p) < at+size {
		c.ok = false // the spool has failed
		return
	}
	c.text = append(c.text[:shared], p[at:at+size]...)
	at += size
	c.number = number()
	c.tally.total = number()
	for i := range c.tally.after {
		c.tally.after[i] = number()
	}
	c.r.skip(at)
}

// mergeWords calls f for each different word of the runs, in byte order, with the sum of its
// tallies.
func mergeWords(runs []*wordRun, f func(text []byte, t tally)) {
	cursors := make([]*wordCursor, len(runs))
	for i, r := range runs {
		cursors[i] = r.open()
	}
	c := newContest(len(runs), func(i, j int) bool {
		a, b := cursors[i], cursors[j]
		return a.ok && (!b.ok || bytes.Compare(a.text, b.text) < 0)
	})
	var text []byte
	for first := cursors[c.winner()]; first.ok; first = cursors[c.winner()] {
		text = append(text[:0], first.text...)
		var sum tally
		for ; first.ok && bytes.Equal(first.text, text); first = cursors[c.winner()] {
			sum.add(first.tally)
			first.next()
			c.replay()
		}
		f(text, sum)
	}
}

// mergeFan is the number of runs that are merged at once. Each takes two blocks of memory.
const mergeFan = 64

// mergeAllWords is mergeWords for any number of runs. It erases none of them.
func mergeAllWords(runs []*wordRun, f func(text []byte, t tally)) {
	var made []*wordRun
	for len(runs) > mergeFan {
		n := min(mergeFan, len(runs)-mergeFan+1)
		r := &wordRun{tape: tape{spool: runs[0].spool}}
		mergeWords(runs[:n], func(text []byte, t tally) { r.add(text, 0, t) })
		r.end()
		runs, made = append(runs[n:len(runs):len(runs)], r), append(made, r)
	}
	mergeWords(runs, f)
	for _, r := range made {
		r.erase()
	}
}
