package model

import (
	"encoding/binary"
	"errors"
	"io"
	"sort"
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
var ErrTooLarge = errors.New("too large for one model: 2^32 posts and tokens; train in shards")

// Builder makes a model of posts.
type Builder struct {
	opt    Options
	words  table
	gaps   table
	tally  []tally  // of words
	others []uint32 // counts of gaps
	tokens []uint32 // as in Batch, with 0 before each post
	facts  postEncoder
	count  int64 // of tokens
}

// tally counts what a word stands after.
type tally struct{ total, space, empty, other uint32 }

// spaced tells whether a single space is the usual gap.
func (t tally) spaced() bool { return t.space > t.empty+t.other }

// NewBuilder returns an empty builder. Close it.
func NewBuilder(opt Options) *Builder {
	if opt.Note == nil {
		opt.Note = []byte("{}")
	}
	b := &Builder{opt: opt}
	return b
}

// Worker returns a new worker.
func (b *Builder) Worker() *Worker { return new(Worker) }

// Append adds the posts of a batch for which keep, if not nil, is true. Batches are to be appended
// in the order of the input. Posts without tokens are dropped, but counted in i.
func (b *Builder) Append(batch *Batch, keep func(i int) bool) error {
	for i := 0; i < batch.Len(); i++ {
		if post := batch.post(i); len(post) > 0 && (keep == nil || keep(i)) {
			b.append(batch, post)
			b.facts.add(batch.posts[i].Post)
			if int64(b.facts.posts)+b.count >= 1<<32 {
				return ErrTooLarge
			}
		}
	}
	return nil
}

func (b *Builder) append(batch *Batch, post []uint32) {
	b.tokens = append(b.tokens, 0)
	gap := uint32(0)
	for i := 0; i < len(post); i++ {
		if post[i] == otherGap {
			i++
			g := batch.gaps.at(post[i])
			if gap = b.gaps.intern(g, hash(g)) + 1; int(gap) > len(b.others) {
				b.others = append(b.others, 0)
			}
			b.tokens = append(b.tokens, otherGap, gap-1)
			b.others[gap-1]++
			continue
		}
		w := batch.words.at(post[i]>>1 - 1)
		id := b.words.intern(w, hash(w))
		if int(id) == len(b.tally) {
			b.tally = append(b.tally, tally{})
		}
		t := &b.tally[id]
		t.total++
		switch {
		case i == 0:
		case gap > 0:
			t.other++
		case post[i]&1 == 1:
			t.space++
		default:
			t.empty++
		}
		gap = 0
		b.tokens = append(b.tokens, (id+1)<<1|post[i]&1)
		b.count++
	}
}

// Close removes temporary files.
func (b *Builder) Close() error { return nil }

type word struct {
	text  []byte
	count uint32
	from  uint32
}

func sortWords(ws []word) {
	sort.Slice(ws, func(i, j int) bool {
		if ws[i].count != ws[j].count {
			return ws[i].count > ws[j].count
		}
		return string(ws[i].text) < string(ws[j].text)
	})
}

// WriteTo writes the model, in one pass.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	if b.facts.posts == 0 {
		return 0, ErrEmpty
	}
	// Vocabulary.
	var gaps, words []word
	var space, empty word
	space.text, space.from, empty.from = []byte(" "), 1<<32-1, 1<<32-2
	for id, t := range b.tally {
		words = append(words, word{b.words.at(uint32(id)), t.total, uint32(id)})
		if t.spaced() {
			empty.count += t.empty
		} else {
			space.count += t.space
		}
	}
	for id, n := range b.others {
		gaps = append(gaps, word{b.gaps.at(uint32(id)), n, uint32(id)})
	}
	for _, g := range []word{space, empty} {
		if g.count > 0 {
			gaps = append(gaps, g)
		}
	}
	sortWords(gaps)
	sortWords(words)
	gapID := map[uint32]uint32{}
	for i, g := range gaps {
		gapID[g.from] = uint32(i + 1)
	}
	wordID := make([]uint32, len(words))
	first := uint32(len(gaps) + 1)
	for i, w := range words {
		wordID[w.from] = first + uint32(i)
	}
	// Stream.
	var stream []byte
	var ids []uint32   // without gaps
	var places []int64 // of ids
	var blocks []int64
	longest, begin := 0, 0
	posts := 0
	gap := uint32(0)
	for i := 0; i < len(b.tokens); i++ {
		switch t := b.tokens[i]; t {
		case 0:
			if posts > 0 {
				longest = max(longest, len(stream)-begin)
			}
			if posts%postBlock == 0 {
				blocks = append(blocks, int64(len(stream)))
			}
			posts++
			ids, places = append(ids, 0), append(places, int64(len(stream)))
			stream = append(stream, markByte)
			begin = len(stream)
		case otherGap:
			i++
			gap = gapID[b.tokens[i]]
		default:
			id := t>>1 - 1
			if spaced := b.tally[id].spaced(); gap == 0 && len(stream) > begin && spaced != (t&1 == 1) {
				gap = gapID[1<<32-2+t&1]
			}
			if gap > 0 {
				stream = appendCode(stream, gap)
				gap = 0
			}
			ids, places = append(ids, wordID[id]), append(places, int64(len(stream)))
			stream = appendCode(stream, wordID[id])
		}
	}
	longest = max(longest, len(stream)-begin)
	ids = append(ids, 0)
	stream = append(stream, markByte)
	array := make([]int, len(places))
	for i := range array {
		array[i] = i
	}
	sort.Slice(array, func(i, j int) bool {
		x, y := array[i], array[j]
		for n := 0; n < Depth; n++ {
			if ids[x+n] != ids[y+n] {
				return ids[x+n] < ids[y+n]
			}
			if n > 0 && ids[x+n] == 0 {
				break
			}
		}
		return x < y
	})

	f := &fileWriter{w: w}
	f.Write([]byte(magic))
	f.end()
	all := append(append([]word{{}}, gaps...), words...)
	var text []byte
	var ends []int64
	for i, w := range all {
		shared := 0
		if i%wordBlock == 0 {
			ends = append(ends, int64(len(text)))
		} else {
			shared = commonPrefix(all[i-1].text, w.text)
		}
		text = binary.AppendUvarint(text, uint64(shared))
		text = binary.AppendUvarint(text, uint64(len(w.text)-shared))
		text = append(text, w.text[shared:]...)
	}
	ends = append(ends, int64(len(text)))
	f.Write(text)
	f.end()
	pack := func(w uint, n int, at func(i int) uint64) {
		p := newPacker(f, w)
		for i := 0; i < n; i++ {
			p.add(at(i))
		}
		p.close()
		f.end()
	}
	pack(width(uint64(len(text))), len(ends), func(i int) uint64 { return uint64(ends[i]) })
	spaced := make([]byte, (len(all)+7)/8)
	for i, w := range words {
		if id := i + int(first); b.tally[w.from].spaced() {
			spaced[id/8] |= 1 << (id % 8)
		}
	}
	f.Write(spaced)
	f.end()
	start := uint32(posts)
	var sorted []uint32
	for i, w := range words {
		id := first + uint32(i)
		if i == 0 || words[i-1].count != w.count {
			c := binary.LittleEndian.AppendUint32(nil, id)
			c = binary.LittleEndian.AppendUint32(c, w.count)
			f.Write(binary.LittleEndian.AppendUint32(c, start))
		}
		start += w.count
		if w.count > 1 {
			sorted = append(sorted, id)
		}
	}
	f.end()
	sort.Slice(sorted, func(i, j int) bool { return string(all[sorted[i]].text) < string(all[sorted[j]].text) })
	ww := width(uint64(len(all)))
	pack(ww, len(sorted), func(i int) uint64 { return uint64(sorted[i]) })
	f.Write(b.facts.dst)
	f.end()
	pack(width(uint64(max(len(b.facts.dst), len(stream)))), 2*len(blocks)+2, func(i int) uint64 {
		switch {
		case i == 2*len(blocks):
			return uint64(len(b.facts.dst))
		case i > 2*len(blocks):
			return uint64(len(stream) - 1)
		case i%2 == 0:
			return uint64(b.facts.blocks[i/2])
		}
		return uint64(blocks[i/2])
	})
	f.Write(stream)
	f.end()
	pack(width(uint64(len(stream))), len(array), func(i int) uint64 { return uint64(places[array[i]]) })
	pack(ww, (len(array)+secondStep-1)/secondStep, func(i int) uint64 { return uint64(ids[array[i*secondStep]+1]) })
	f.Write(b.opt.Note)
	f.end()
	f.finish([trailerNumbers]int64{int64(len(all)), int64(first), int64(posts), b.count, int64(longest), b.facts.earliest, b.facts.latest})
	return f.n, f.err
}
