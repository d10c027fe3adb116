package model

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// Options say how a [Builder] works. Only Note changes the bytes of the model.
//
// Memory covers what the builder holds, but neither batches on their way nor garbage that is not
// yet collected: a program that needs a firm bound should also call debug.SetMemoryLimit. Memory
// should be at least 4 MB, and at least some 12 bytes for each different word.
type Options struct {
	Memory  int64  // bytes that the build may hold; 0 means no bound
	TempDir string // folder for what does not fit in Memory; "" means os.TempDir()
	Workers int    // goroutines that encode and sort at a time; 0 means runtime.GOMAXPROCS(0)
	Note    []byte // JSON object for the section note, kept until WriteTo returns; nil means {}
}

// ErrEmpty is the error of [Builder.WriteTo] if there is no post.
var ErrEmpty = errors.New("no post to learn from")

// ErrTooLarge is the error of [Builder.Append] if the posts exceed the limits of the format.
var ErrTooLarge = errors.New("too large for one model, which holds 2^32 tokens and posts; train in shards")

// Builder makes a model of posts:
//
//	b := model.NewBuilder(model.Options{})
//	defer b.Close()
//	w := b.Worker()                   // one for each goroutine that has posts
//	w.Begin(post); w.Token(gap, text) // ... and w.End()
//	b.Append(w.Take(), nil)           // in the order of the input
//	b.WriteTo(file)
//
// The same posts in the same order make the same bytes, however they are divided among workers and
// batches.
//
// The stages, and where they are:
//
//   - A worker numbers words as they come, in a vocabulary of its own called a dialect (worker.go,
//     table.go).
//   - Append translates these into the numbers of a segment, and counts (segment.go). A segment
//     that exceeds its share of the memory goes to a temporary file (spill.go, tape.go).
//   - WriteTo does the rest, in the order of inmemory.go or, if there are segments in files, of
//     inparts.go. It sorts the words of all segments by their bytes (spelling.go; wordrun.go if they
//     are in files), gives them ids by their counts (lexicon.go), and writes the sections of the
//     vocabulary (vocabulary.go).
//   - Each segment is turned into a part of the stream and, at the same time, into a key text,
//     which is easier to sort (encode.go, keytext.go).
//   - The suffixes of the key text are sorted (keysort.go, buckets.go, sort.go) and written as the
//     array (heads.go, assembly.go, write.go). If there are several segments, each becomes a sorted run
//     (suffixrun.go), and these are merged (merge.go).
//   - The posts that are only to be known are made into a filter (knownwriter.go).
//
// On two cores of a virtual machine (AMD EPYC), 791,000 posts of 16 million tokens, 452,000 of them
// different, take 3.7 s: 2.4 s while posts come in, 0.8 s for the sort. The process then holds 198
// MiB; the model has 106 MB. 13 million posts of 310 million tokens take 64 s and 2.1 GB for a model
// of 1.8 GB, or 113 s and 171 MiB if Memory is 100 MiB. scripts/doc/speed.md has more.
type Builder struct {
	opt    Options
	pool   sync.Pool // of batches
	plan   plan
	open   *segment // the posts that are still in memory
	parts  []*spilled
	spool  spool
	facts  factsWriter
	tokens int64
	known  knownWriter
	kept   *Known // if not nil, written instead of known
}

// NewBuilder returns a builder without posts. Close it, since it may have temporary files.
func NewBuilder(opt Options) *Builder {
	if opt.Note == nil {
		opt.Note = []byte("{}")
	}
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	b := &Builder{opt: opt, plan: planFor(opt.Memory), open: new(segment)}
	b.spool.Dir, b.spool.block = opt.TempDir, b.plan.block
	if opt.Memory > 0 {
		b.facts.tape.spool, b.known.tape.spool = &b.spool, &b.spool
	}
	return b
}

// Worker returns a new worker. It may be called by several goroutines at once.
func (b *Builder) Worker() *Worker {
	return &Worker{pool: &b.pool, words: min(dialectWords, b.plan.words/4)}
}

// errUsed is the error of calls after WriteTo.
var errUsed = errors.New("the model is written already")

// Append adds the posts of a batch, or only those whose index keep accepts if keep is not nil.
// Batches must come in the order of the input, from one goroutine at a time; the builder takes them
// over. Posts without tokens are left out, but counted by the index. The errors are ErrTooLarge and
// those of temporary files; after them the builder can only be closed. After WriteTo there is always
// an error.
func (b *Builder) Append(batch *Batch, keep func(i int) bool) error {
	if b.open == nil {
		return errUsed
	}
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
		if b.open.exceeds(&b.plan) {
			if err := b.spill(); err != nil {
				return err
			}
			b.open.bind(batch)
		}
	}
	b.pool.Put(batch)
	return nil
}

// Know adds posts that are to be known but not learned from, such as reposts, in any order, and
// empties k. It must not be called concurrently with itself or with Append. The error is that of a
// temporary file.
func (b *Builder) Know(k *KnownPosts) error {
	b.known.add(k)
	return b.spool.Err()
}

// Keep makes the new model know the same posts as k, instead of those given to Know. The model of k
// must stay open until WriteTo has returned; if it is damaged, WriteTo fails.
func (b *Builder) Keep(k *Known) { b.kept = k }

// Close removes temporary files. It may be called twice, and while WriteTo runs in another goroutine,
// which then fails with os.ErrClosed as soon as it needs one of them.
func (b *Builder) Close() error { return b.spool.Close() }

// WriteTo writes the model, in one pass, and returns the number of bytes written. The error is
// ErrEmpty, the first one of w or of a temporary file, or the damage of a model given to Keep. WriteTo
// uses up the posts, so it can be called only once. Close the builder afterwards.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	if b.facts.posts == 0 {
		return 0, ErrEmpty
	}
	if b.open == nil {
		return 0, errUsed
	}
	return b.assemble(w)
}
