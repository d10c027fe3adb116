package post

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
)

// MaxLine is the longest line that is read, in bytes without its line feed, unless an option says
// otherwise. A longer line is reported and skipped; it is never truncated.
const MaxLine = 1 << 24

// LineError says what is wrong with one line of an input. Reading can go on after it.
type LineError struct {
	Name string // the input, as given to the reader
	Line int    // counts from 1
	Err  error
}

// Error returns "name:line: what is wrong".
func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err) }

// Unwrap returns what is wrong.
func (e *LineError) Unwrap() error { return e.Err }

// Chunk is a piece of an input: whole lines, of which only the last line of the input may lack its
// line feed.
type Chunk struct {
	Data  []byte
	First int // the number of the first line, from 1

	pool *sync.Pool
}

// Lines yields the lines that are not blank, each with its number, without its end (\n or \r\n) and
// without a byte order mark before it. The lines are parts of Data.
func (c Chunk) Lines() iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		rest := c.Data
		for no := c.First; len(rest) > 0; no++ {
			var line []byte
			line, rest = cutLine(rest)
			if len(line) > 0 && !yield(no, line) {
				return
			}
		}
	}
}

// Release returns the memory of the chunk for reuse. Its lines are invalid from then on. It must not be
// called twice, nor for a copy of a chunk that was released.
func (c Chunk) Release() {
	if c.pool != nil {
		c.pool.Put(&c.Data)
	}
}

// cutLine splits off the first line; a blank one is returned as nil.
func cutLine(b []byte) (line, rest []byte) {
	line, rest = b, nil
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		line, rest = b[:end], b[end+1:]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) > 0 && line[0] == 0xEF {
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	}
	for _, c := range line {
		if c != ' ' && c != '\t' {
			return line[:len(line):len(line)], rest
		}
	}
	return nil, rest
}

// Chunks cuts a stream into pieces of whole lines, so that several goroutines can read them. It
// holds one piece at a time, and as much more as its longest line needs. Only one goroutine may use
// it at a time.
type Chunks struct {
	r    io.Reader
	name string
	size int    // bytes to read for a piece, at least
	room int    // bytes that a buffer starts with
	max  int    // bytes of a line at most
	line int    // number of the next line
	rest []byte // read but not yet returned
	err  error  // of r
	pool sync.Pool
}

// NewChunks returns Chunks of about size bytes from r. The name is for errors.
func NewChunks(r io.Reader, name string, size int) *Chunks {
	return newChunks(r, name, size, size, MaxLine)
}

func newChunks(r io.Reader, name string, size, room, max int) *Chunks {
	return &Chunks{r: r, name: name, size: min(size, max), room: min(room, max+1), max: max, line: 1}
}

// Next returns the next piece, which is the caller's until [Chunk.Release]. The error is io.EOF at
// the end; a [*LineError] for a line that is too long, after which Next can go on; or that of the
// input, once the whole lines before it were returned.
func (c *Chunks) Next() (Chunk, error) {
	buf := append(c.buffer(), c.rest...)
	c.rest = c.rest[:0]
	whole := bytes.IndexByte(buf, '\n') >= 0
	for c.err == nil && len(buf) <= c.max && (len(buf) < c.size || !whole) {
		old := len(buf)
		buf = c.read(buf)
		whole = whole || bytes.IndexByte(buf[old:], '\n') >= 0
	}
	end := bytes.LastIndexByte(buf, '\n') + 1
	switch {
	case end == 0 && len(buf) > c.max:
		return Chunk{}, c.drop(buf)
	case errors.Is(c.err, io.EOF):
		end = len(buf) // the last line counts even without its end
	}
	if end == 0 {
		return Chunk{}, c.err
	}
	c.rest = append(c.rest, buf[end:]...)
	piece := Chunk{Data: buf[:end], First: c.line, pool: &c.pool}
	c.line += bytes.Count(piece.Data, []byte{'\n'})
	return piece, nil
}

func (c *Chunks) buffer() []byte {
	if old, ok := c.pool.Get().(*[]byte); ok {
		return (*old)[:0]
	}
	return make([]byte, 0, c.room)
}

// read appends what one call of the input's Read returns.
func (c *Chunks) read(buf []byte) []byte {
	limit := c.max + 1 // a line and its end; since no more fits, no longer line gets through
	if len(buf) == cap(buf) {
		buf = append(make([]byte, 0, min(2*cap(buf), limit)), buf...)
	}
	n, err := c.r.Read(buf[len(buf):min(cap(buf), limit)])
	c.err = err
	return buf[:len(buf)+n]
}

// drop skips the rest of a line that is too long.
func (c *Chunks) drop(buf []byte) error {
	err := &LineError{Name: c.name, Line: c.line, Err: fmt.Errorf("the line is longer than %d bytes", c.max)}
	for c.err == nil {
		buf = c.read(buf[:0])
		if end := bytes.IndexByte(buf, '\n'); end >= 0 {
			c.rest = append(c.rest, buf[end+1:]...)
			c.line++
			break
		}
	}
	c.pool.Put(&buf)
	return err
}
