package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"horsepipe/pkg/post"
)

// chunkSize is how many bytes a worker takes at a time: enough to make the hand-over cheap, and few
// enough for some chunks to stay in the cache.
const chunkSize = 1 << 20

// Learner takes posts and returns them in batches. Only one goroutine uses it.
type Learner[B any] interface {
	// Learn adds a post to the batch. The view and the texts of the item are valid only during the call.
	Learn(v *post.View, it Item)
	// Know adds to the batch a text that is not learned from, but must not be passed off as one's
	// own either: a repost, or a whole post of which the end was cut off. The text is valid only
	// during the call.
	Know(text []byte)
	// Take returns the batch and begins the next one.
	Take() B
}

// Pipe reads inputs with several goroutines, filters them, and hands on what is to be learned:
//
//	input → chunks of lines → workers: parse, sift, Learner.Learn → in the order of the input: Dedup, Append
//
// The number of workers affects only the time: batches come in the order of the input. Set the
// fields, call Read for each input and look at Tally. NewLearner, Append, Bad and Progress are called
// from the goroutine of Read.
type Pipe[B any] struct {
	Filter  Filter
	Plain   bool // each line is a text, not a record
	Workers int  // 0 means one for each processor

	// NewLearner returns the learner of one worker.
	NewLearner func() Learner[B]
	// Append takes a batch. keep tells whether its i-th post, in the order of Learn, is to stay.
	Append func(batch B, keep func(i int) bool) error
	// Bad, if set, is called for each line that is no record, in order. An error stops the reading.
	Bad func(*post.LineError) error
	// Progress, if set, is called after each chunk with the number of its records and bytes.
	Progress func(records int, bytes int64)

	Tally Tally // what became of the records so far
	Dedup Dedup // what was learned so far; to be closed if it has a bound

	unwanted map[string]bool // the ids of Filter.Without that were met
	workers  []*worker[B]
}

// worker is what belongs to one goroutine.
type worker[B any] struct {
	parser  post.Parser
	sieve   *Sieve
	learner Learner[B]
	items   int // of the last chunk
}

// job is a chunk on its way; done receives its result.
type job[B any] struct {
	chunk post.Chunk
	done  chan result[B]
}

// result is what became of a chunk, or the error that came in its place.
type result[B any] struct {
	batch    B
	taken    bool     // there is a batch; a line that is too long has none
	items    []Item   // of the batch, without their texts
	unwanted []string // ids of posts that were left out by id
	bad      []*post.LineError
	tally    Tally
	bytes    int64
	err      error // of the input
}

// Read reads one input, which errors call name. Call it again for the next one. It returns the
// first error of the input, of Append, Bad or Dedup, or that of ctx; then the Pipe is of no further
// use, and a read of r may still be under way. Bad lines are not errors.
func (p *Pipe[B]) Read(ctx context.Context, r io.Reader, name string) error {
	p.start()
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	todo := make(chan job[B])
	order := make(chan job[B], 2*len(p.workers)) // its size bounds the chunks in memory
	for _, w := range p.workers {
		running.Go(func() { w.run(ctx, todo, name) })
	}
	go feed(ctx, post.NewChunks(r, name, chunkSize), todo, order) // not waited for: a terminal may never answer
	for {
		j, more := receive(ctx, order)
		if !more {
			return ctx.Err()
		}
		res, done := receive(ctx, j.done)
		if !done {
			return ctx.Err()
		}
		if res.err != nil {
			return fmt.Errorf("%s: %w", name, res.err)
		}
		if err := p.finish(&res); err != nil {
			return err
		}
	}
}

// Missing is the number of ids of Filter.Without that no post has had so far.
func (p *Pipe[B]) Missing() int { return len(p.Filter.Without) - len(p.unwanted) }

// start makes the workers.
func (p *Pipe[B]) start() {
	if p.unwanted == nil {
		p.unwanted = map[string]bool{}
	}
	n := p.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	for len(p.workers) < n {
		p.workers = append(p.workers, &worker[B]{parser: post.Parser{Plain: p.Plain}, sieve: p.Filter.NewSieve(), learner: p.NewLearner()})
	}
}

// receive returns false if the channel is closed or the context ends first.
func receive[T any](ctx context.Context, from <-chan T) (v T, ok bool) {
	select {
	case v, ok = <-from:
	case <-ctx.Done():
	}
	return v, ok
}

// send returns false if the context ends first.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// feed cuts the input into chunks, and sends each of them to Read, in order, and to a worker.
func feed[B any](ctx context.Context, chunks *post.Chunks, todo, order chan<- job[B]) {
	defer close(order)
	defer close(todo)
	for {
		chunk, err := chunks.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		j := job[B]{chunk, make(chan result[B], 1)}
		var long *post.LineError
		switch {
		case errors.As(err, &long):
			j.done <- result[B]{bad: []*post.LineError{long}, tally: Tally{Bad: 1}}
		case err != nil:
			j.done <- result[B]{err: err}
			send(ctx, order, j)
			return
		}
		if !send(ctx, order, j) || err == nil && !send(ctx, todo, j) {
			return
		}
	}
}

// run learns chunks until there are no more.
func (w *worker[B]) run(ctx context.Context, todo <-chan job[B], name string) {
	for {
		j, more := receive(ctx, todo)
		if !more {
			return
		}
		j.done <- w.learn(j.chunk, name)
		j.chunk.Release()
	}
}

// learn parses and sifts one chunk.
func (w *worker[B]) learn(chunk post.Chunk, name string) (res result[B]) {
	res.items = make([]Item, 0, w.items)
	for no, line := range chunk.Lines() {
		for v, err := range w.parser.Posts(line) {
			if err != nil {
				res.bad = append(res.bad, &post.LineError{Name: name, Line: no, Err: err})
				res.tally.Bad++
				continue
			}
			w.sift(v, &res)
		}
	}
	w.items = len(res.items)
	res.batch, res.taken, res.bytes = w.learner.Take(), true, int64(len(chunk.Data))
	return res
}

// sift gives a post to the learner, or counts why not.
func (w *worker[B]) sift(v *post.View, res *result[B]) {
	it, reason := w.sieve.Sift(v)
	switch reason {
	case Kept:
		w.learner.Learn(v, it)
		if len(it.Whole) > 0 {
			w.learner.Know(it.Whole)
		}
		it.Text, it.Whole = nil, nil
		res.items = append(res.items, it)
		return // finish counts it: it may be a duplicate
	case Repost, CutRepost:
		w.learner.Know(it.Text)
	case Unwanted:
		res.unwanted = append(res.unwanted, string(v.ID))
	}
	res.tally.Add(&it, reason)
}

// finish counts a result and hands on its batch. It is called in the order of the input.
func (p *Pipe[B]) finish(res *result[B]) error {
	keep := make([]bool, len(res.items))
	for i := range res.items {
		reason := Kept
		if p.Dedup.Seen(res.items[i].Hash) {
			reason = Duplicate
		}
		keep[i] = reason == Kept
		res.tally.Add(&res.items[i], reason)
	}
	if err := p.Dedup.Err(); err != nil {
		return err
	}
	p.Tally.Merge(&res.tally)
	for _, id := range res.unwanted {
		p.unwanted[id] = true
	}
	for _, bad := range res.bad {
		if p.Bad == nil {
			break
		}
		if err := p.Bad(bad); err != nil {
			return err
		}
	}
	if p.Progress != nil {
		p.Progress(res.tally.Read(), res.bytes)
	}
	if !res.taken {
		return nil
	}
	return p.Append(res.batch, func(i int) bool { return keep[i] })
}
