package model

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// Options say how a [Builder] works. None of them but Note changes a byte of the model.
type Options struct {
	Memory  int64  // bytes that the build may hold; 0 is no bound
	TempDir string // for what does not fit; "" is os.TempDir()
	Workers int    // cores for the sort; 0 is runtime.GOMAXPROCS(0)
	Note    []byte // JSON object for the section note; nil is {}
}

// ErrEmpty is the error of [Builder.WriteTo] where there is no post.
var ErrEmpty = errors.New("no post to learn from")

// ErrTooLarge is the error of [Builder.Append] beyond the limits of the format.
var ErrTooLarge = errors.New("too large for one model, which holds 2^32 tokens and posts; train in shards")

// Builder makes a model of posts.
type Builder struct {
	opt    Options
	pool   sync.Pool // of batches
	open   *segment  // the posts that are still in memory
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
	return &Builder{opt: opt, open: new(segment)}
}

// Worker returns a new worker. It may be called by several goroutines.
func (b *Builder) Worker() *Worker { return &Worker{pool: &b.pool, words: dialectWords} }

// Append adds the posts of a batch for which keep, if not nil, is true. The batches are to come in the order
// of the input, from one goroutine at a time. Posts without tokens are left out, but counted in i.
func (b *Builder) Append(batch *Batch, keep func(i int) bool) error {
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
	}
	b.pool.Put(batch)
	return nil
}

// Close removes temporary files. It may be called twice.
func (b *Builder) Close() error { return nil }

// WriteTo writes the model, in one pass. It uses up the posts: it can be called once.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	if b.facts.posts == 0 {
		return 0, ErrEmpty
	}
	f := &fileWriter{w: w}
	f.section([]byte(magic))
	codes, v := b.writeVocabulary(f)
	t, err := b.encode(f, codes, v)
	if err != nil {
		return f.n, err
	}
	array := newPacker(f, uint64(t.streamSize))
	var seconds []uint32
	err = t.sortSuffixes(t.pieces, t.pairs, sorterRange, func(lo, hi int) error {
		for i, at := range t.array[lo:hi] {
			array.add(uint64(t.gaps.stream(at)))
			if (lo+i)%secondStep == 0 {
				seconds = append(seconds, keyID(t.text[int(at)+int(codeLengths[t.text[at]]):]))
			}
		}
		return f.err
	})
	if err != nil {
		return f.n, err
	}
	array.close()
	f.end()
	p := newPacker(f, uint64(v.words.end()))
	for _, id := range seconds {
		p.add(uint64(id))
	}
	p.close()
	f.end()
	f.section(b.opt.Note)
	f.finish([trailerNumbers]int64{int64(v.words.end()), int64(v.words.first), int64(b.facts.posts), b.tokens,
		int64(t.longest), b.facts.earliest, b.facts.latest})
	return f.n, f.err
}

func (b *Builder) writeVocabulary(f *fileWriter) (*segmentCodes, *vocabulary) {
	s := b.open
	v := new(vocabulary)
	order := s.words.order(b.opt.Workers)
	v.words.counts = make([]uint32, 0, len(order))
	for _, id := range order {
		v.add(s.tallies[id])
	}
	var usual [2]uint32
	for i, text := range []string{"", " "} {
		if n := v.unusual[i]; n > 0 {
			usual[i], _ = s.gaps.intern([]byte(text))
			s.gapCounts = append(s.gapCounts, n)
		}
	}
	gapOrder := s.gaps.order(b.opt.Workers)
	for _, id := range gapOrder {
		v.gaps.counts = append(v.gaps.counts, s.gapCounts[id])
	}
	v.assign()
	byID := make([]uint32, v.words.end()-1)
	c := &segmentCodes{words: make([]wordCode, len(order)), gaps: make([]wordCode, len(gapOrder))}
	for rank, of := range gapOrder {
		byID[v.gaps.ids[rank]-1] = of
		c.gaps[of] = newWordCode(v.gaps.ids[rank], false)
	}
	for rank, of := range order {
		byID[v.words.ids[rank]-1] = of
		c.words[of] = newWordCode(v.words.ids[rank], v.isSpaced(rank))
	}
	for i := range usual {
		if v.unusual[i] > 0 {
			c.usual[i] = c.gaps[usual[i]]
		}
	}
	v.write(f, func(yield func([]byte) bool) {
		for i, of := range byID {
			t := &s.words
			if i < len(gapOrder) {
				t = &s.gaps
			}
			if !yield(t.at(of)) {
				return
			}
		}
	}, b.facts.posts)
	return c, v
}

type encoded struct {
	keyText
	pieces     []keyPiece
	pairs      [][]uint32
	longest    int
	streamSize int64
}

func (b *Builder) encode(f *fileWriter, codes *segmentCodes, v *vocabulary) (*encoded, error) {
	s := b.open
	e := &encoded{}
	size := v.keySize() + int64(s.posts)
	e.text = make([]byte, size+8)
	e.gaps = newGapIndex(int(size))
	n := b.opt.Workers
	encoders := make([]*encoder, n)
	for i := range encoders {
		encoders[i] = newEncoder(codes)
		e.pairs = append(e.pairs, encoders[i].pairs)
	}
	pieces := make([]*piece, len(s.chunks))
	by := make([]int, len(s.chunks))
	at, posts := 0, 0
	var streams [][]byte
	var places []int64
	inOrder(len(s.chunks), n, len(s.chunks), func(worker, i int) {
		pieces[i] = encoders[worker].encode(s.chunks[i])
		by[i] = worker
	}, func(i int) error {
		p := pieces[i]
		copy(e.text[at:], p.keys)
		for j, k := range p.gaps {
			if j > 0 && p.gaps[j-1] == k {
				continue
			}
			n := 1
			for j+n < len(p.gaps) && p.gaps[j+n] == k {
				n++
			}
			e.gaps.add(uint32(at)+k, n)
		}
		e.pieces = append(e.pieces, keyPiece{uint32(at), uint32(at + len(p.keys)), by[i]})
		at += len(p.keys)
		for _, m := range p.marks {
			if posts%postBlock == 0 {
				places = append(places, e.streamSize+int64(m))
			}
			posts++
		}
		e.longest = max(e.longest, p.longest)
		e.streamSize += int64(len(p.stream))
		streams = append(streams, p.stream)
		pieces[i] = nil
		return nil
	})
	e.streamSize++
	streams = append(streams, []byte{markByte})
	e.gaps.close()
	f.section(b.facts.dst)
	w := newPacker(f, uint64(max(int64(len(b.facts.dst)), e.streamSize)))
	for i, at := range places {
		w.add(uint64(b.facts.blocks[i]))
		w.add(uint64(at))
	}
	w.add(uint64(len(b.facts.dst)))
	w.add(uint64(e.streamSize - 1))
	w.close()
	f.end()
	for _, s := range streams {
		f.Write(s)
	}
	f.end()
	return e, f.err
}
