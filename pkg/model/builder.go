package model

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// Options say how a [Builder] works. None of them but Note and Known changes a byte of the model.
type Options struct {
	Memory  int64    // bytes that the build may hold; 0 is no bound
	TempDir string   // for what does not fit; "" is os.TempDir()
	Workers int      // cores for the sort; 0 is runtime.GOMAXPROCS(0)
	Note    []byte   // JSON object for the section note; nil is {}
	Known   *Builder // of posts that are known but not learned from; may be nil
}

// ErrEmpty is the error of [Builder.WriteTo] where there is no post.
var ErrEmpty = errors.New("no post to learn from")

// ErrTooLarge is the error of [Builder.Append] beyond the limits of the format.
var ErrTooLarge = errors.New("too large for one model, which holds 2^32 tokens and posts; train in shards")

// Builder makes a model of posts.
type Builder struct {
	opt    Options
	pool   sync.Pool // of batches
	plan   plan
	open   *segment // the posts that are still in memory
	parts  []*spilled
	spool  spool
	facts  factsWriter
	tokens int64
}

// NewBuilder returns a builder without posts. Close it.
func NewBuilder(opt Options) *Builder {
	if opt.Note == nil {
		opt.Note = []byte("{}")
	}
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	b := &Builder{opt: opt, plan: planFor(opt.Memory), open: new(segment)}
	b.spool.dir, b.spool.block = opt.TempDir, b.plan.block
	if opt.Memory > 0 {
		b.facts.tape.spool = &b.spool
	}
	return b
}

// Worker returns a new worker. It may be called by several goroutines.
func (b *Builder) Worker() *Worker {
	return &Worker{pool: &b.pool, words: min(dialectWords, b.plan.words/4)}
}

// Append adds the posts of a batch for which keep, if not nil, is true. The batches are to come in the order
// of the input, from one goroutine at a time. Posts without tokens are left out, but counted in i.
func (b *Builder) Append(batch *Batch, keep func(i int) bool) error {
	b.open.bind(batch)
	for i := range batch.posts {
		post := batch.post(i)
		if len(post) == 0 || keep != nil && !keep(i) {
			continue
		}
		b.tokens += int64(b.open.add(batch, post))
		b.facts.add(batch.posts[i].facts, batch.id(i))
		if b.tokens+int64(b.facts.posts) >= 1<<32 {
			return ErrTooLarge
		}
		if b.plan.full(b.open) {
			if err := b.spill(); err != nil {
				return err
			}
			b.open.bind(batch)
		}
	}
	b.pool.Put(batch)
	return nil
}

// Close removes temporary files. It may be called twice.
func (b *Builder) Close() error { return b.spool.close() }

// WriteTo writes the model, in one pass. It uses up the posts: it can be called once.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	if b.facts.posts == 0 {
		return 0, ErrEmpty
	}
	return b.assemble(w)
}
