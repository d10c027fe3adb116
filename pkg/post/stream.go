package post

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"time"
)

// An Option changes how a [Reader] reads.
type Option func(*Reader)

// Plain takes each line as the text of a post.
func Plain() Option { return func(r *Reader) { r.parser.Plain = true } }

// Limit takes lines of up to n bytes instead of [MaxLine].
func Limit(n int) Option { return func(r *Reader) { r.limit = n } }

// Reader reads posts one after the other. It returns all posts that it has before it reads more of
// its input, so that a person who types gets an answer to every line. Only one goroutine may use it
// at a time.
type Reader struct {
	limit  int
	parser Parser
	chunks *Chunks
	chunk  Chunk
	rest   []byte // rest of the chunk
	line   int
	queue  []result // posts of the current line that Next has not yet returned
}

type result struct {
	post *Post
	err  error
}

// NewReader returns a Reader of r, which errors call name.
func NewReader(r io.Reader, name string, opt ...Option) *Reader {
	rd := &Reader{limit: MaxLine}
	for _, o := range opt {
		o(rd)
	}
	rd.chunks = newChunks(r, name, 1, 1<<16, rd.limit)
	return rd
}

// Next returns the next post, which is the caller's. The error is io.EOF at the end; a [*LineError]
// for a bad line, after which Next can go on; or that of the input. Blank lines are skipped.
func (r *Reader) Next() (*Post, error) {
	for len(r.queue) == 0 {
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
	first := r.queue[0]
	r.queue = r.queue[1:]
	return first.post, first.err
}

// All yields the posts that Next returns, up to the end. An error of the input comes last. The errors
// of bad lines go to bad, and reading goes on; if bad is nil, the first one comes last, too.
func (r *Reader) All(bad func(error)) iter.Seq2[*Post, error] {
	return func(yield func(*Post, error) bool) {
		for {
			p, err := r.Next()
			var line *LineError
			switch {
			case err == io.EOF:
				return
			case bad != nil && errors.As(err, &line):
				bad(err)
			case !yield(p, err) || err != nil:
				return
			}
		}
	}
}

// Line is the number of the line, from 1, that Next or All has reached.
func (r *Reader) Line() int { return r.line }

// fill reads one line, when the queue is empty.
func (r *Reader) fill() error {
	if len(r.rest) == 0 {
		r.chunk.Release()
		c, err := r.chunks.Next()
		if r.chunk = c; err != nil {
			if long := (*LineError)(nil); errors.As(err, &long) {
				r.line = long.Line
			}
			return err
		}
		r.rest, r.line = c.Data, c.First-1
	}
	r.line++
	var line []byte
	if line, r.rest = cutLine(r.rest); len(line) == 0 {
		return nil
	}
	for _, err := range r.parser.Posts(line) {
		if err != nil {
			r.queue = append(r.queue, result{err: &LineError{r.chunks.name, r.line, err}})
		} else {
			r.queue = append(r.queue, result{post: r.parser.record()})
		}
	}
	return nil
}

// record turns the view into a Post, adding all that the view leaves out.
func (p *Parser) record() *Post {
	v := &p.view
	post := &Post{
		ID: string(v.ID), Text: string(v.Text), Author: string(v.Author), Lang: string(v.Lang), URL: string(v.URL),
		ReplyTo: string(v.ReplyTo), RepostOf: string(v.RepostOf), QuoteOf: string(v.QuoteOf),
		Network: string(v.Network), Visibility: string(v.Visibility), Repost: v.Repost, Raw: bytes.Clone(v.Raw),
	}
	if v.dated {
		post.CreatedAt = time.Unix(v.CreatedAt, int64(v.nanos)).UTC()
	}
	if p.top == nil {
		return post
	}
	for _, f := range p.top.fields {
		if !f.used {
			b := p.scan.b
			post.extra = append(post.extra, extra{AppendEscaped(nil, b[f.key.from:f.key.to]), AppendEscaped(nil, b[f.val.from:f.val.to])})
		}
	}
	return post
}

// Writer writes posts, one a line. It is buffered: call Flush at the end. Only one goroutine may use it
// at a time.
type Writer struct {
	w    *bufio.Writer
	line []byte
}

// NewWriter returns a Writer to w. A [bufio.Writer] is used as it is, however small its buffer.
func NewWriter(w io.Writer) *Writer {
	b, ok := w.(*bufio.Writer)
	if !ok {
		b = bufio.NewWriter(w)
	}
	return &Writer{w: b}
}

// Write writes one post, with a single write to the buffer. The error is the first one of the
// underlying writer, perhaps of an earlier post. It panics if p.Raw is not JSON.
func (w *Writer) Write(p *Post) error {
	w.line = append(p.AppendJSON(w.line[:0]), '\n')
	_, err := w.w.Write(w.line)
	return err
}

// Flush writes out what is buffered. The error is as of Write.
func (w *Writer) Flush() error { return w.w.Flush() }
