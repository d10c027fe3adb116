package model

import (
	"encoding/binary"
	"sync"
	"unicode/utf8"
)

// Worker takes posts, token by token, for a [Builder]. Several workers may run at the same time,
// each used by one goroutine:
//
//	w.Begin(post); w.Token(nil, []byte("Bonjour")); w.Token([]byte(" "), []byte("!")); w.End()
type Worker struct {
	pool    *sync.Pool // of batches that the builder is done with
	words   int        // words and gaps from which on a new dialect is begun
	dialect *dialect
	batch   *Batch
}

// Batch is a run of posts on its way from a worker to its builder.
type Batch struct {
	dialect     *dialect
	words, gaps texts    // of the dialect, as of the end of this batch
	tokens      []uint32 // of all posts: (word+1)<<1, plus 1 after a single space; see otherGap
	posts       []batchPost
	ids         []byte // of the posts whose ids are no numbers
}

type batchPost struct {
	facts
	end   uint32 // in tokens
	idEnd uint32 // in ids
}

// dialect is the vocabulary that the batches of a worker share. A worker starts a new one when it
// has grown large, since the table of a whole corpus would not stay in a core's cache. The builder
// translates each word of a dialect only once, so that it looks up its own large table once for
// hundreds of tokens.
type dialect struct {
	words, gaps     table
	wordIDs, gapIDs []uint32        // the builder's translation of the words and gaps so far
	segment         *segment        // whose ids these are
	short           [1 << 17]uint32 // by shortKey: id+1 of a short word, or 0
	recent          [1 << recentBits]recentWord
}

// recentWord is a word of 3 to 8 bytes that was looked up lately.
type recentWord struct {
	text uint64 // see packed
	size uint32 // in bytes
	id   uint32
}

// recentBits is the number of bits of the hash by which recent words are found: their memory should
// stay in a core's cache.
const recentBits = 13

// word is the id of a word. Most words are short, and found without the table: those of a character
// by their key, which saves up to 8 % of the time of a build, in Japanese, and those of up to 8 bytes
// by comparing one integer, which saves 2 % for posts in many languages. Doing the same for up to 16
// bytes saves no more.
func (d *dialect) word(text []byte) uint32 {
	if key := shortKey(text); key != 0 {
		p := &d.short[key]
		if *p == 0 {
			*p = d.words.intern(text) + 1
		}
		return *p - 1
	}
	n := len(text)
	if n < 3 || n > 8 {
		return d.words.intern(text)
	}
	key := packed(text)
	p := &d.recent[(key^uint64(n))*0x9e3779b97f4a7c15>>(64-recentBits)]
	if p.text != key || int(p.size) != n {
		*p = recentWord{key, uint32(n), d.words.intern(text)}
	}
	return p.id
}

// packed is 3 to 8 bytes in an integer, distinct among texts of the same size.
func packed(s []byte) uint64 {
	if len(s) == 3 {
		return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16
	}
	first, last := binary.LittleEndian.Uint32(s), binary.LittleEndian.Uint32(s[len(s)-4:])
	return uint64(first) | uint64(last)<<32
}

// shortKey is a distinct number for one or two bytes, or for a character of three bytes; 0 for
// anything else.
func shortKey(s []byte) uint32 {
	switch len(s) {
	case 1:
		return uint32(s[0])
	case 2:
		if s[0] != 0 {
			return uint32(s[0])<<8 | uint32(s[1])
		}
	case 3:
		if s[0]&0xf0 == 0xe0 && s[1]&0xc0 == 0x80 && s[2]&0xc0 == 0x80 {
			return 1<<16 | uint32(s[0]&0xf)<<12 | uint32(s[1]&0x3f)<<6 | uint32(s[2]&0x3f)
		}
	}
	return 0
}

// dialectWords is the default for the largest number of words in a dialect. From 2^13 to 2^17 a
// build takes the same time: the builder gains what a larger table costs the worker.
const dialectWords = 1 << 15

// otherGap comes before a token whose gap is neither empty nor a single space, followed by the
// number of that gap.
const otherGap = 1

// Begin starts a post. It copies what it needs of p.
func (w *Worker) Begin(p Post) {
	if w.batch == nil {
		w.batch = w.newBatch()
	}
	b := w.batch
	f, name := factsOf(p)
	b.ids = append(b.ids, name...)
	b.posts = append(b.posts, batchPost{facts: f, end: uint32(len(b.tokens)), idEnd: uint32(len(b.ids))})
}

func (w *Worker) newBatch() *Batch {
	d := w.dialect
	if d == nil || d.words.len()+d.gaps.len() > w.words || len(d.words.text)+len(d.gaps.text) > 16*w.words {
		w.dialect = new(dialect)
	}
	b, _ := w.pool.Get().(*Batch)
	if b == nil {
		b = new(Batch)
	}
	*b = Batch{dialect: w.dialect, tokens: b.tokens[:0], posts: b.posts[:0], ids: b.ids[:0]}
	return b
}

// Token adds a token and the gap before it to the post, copying both. The gap of a post's first
// token is ignored. A token of more than [MaxWord] bytes is cut into several without gaps between
// them; a gap of more is truncated.
func (w *Worker) Token(gap, text []byte) {
	for len(text) > MaxWord {
		n := MaxWord
		for n > MaxWord-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		w.Token(gap, text[:n])
		gap, text = nil, text[n:]
	}
	b := w.batch
	code := (b.dialect.word(text) + 1) << 1
	switch {
	case len(gap) == 0 || int(b.posts[len(b.posts)-1].end) == len(b.tokens):
	case len(gap) == 1 && gap[0] == ' ':
		code++
	default:
		b.tokens = append(b.tokens, otherGap, b.dialect.gaps.intern(gap[:min(len(gap), MaxWord)]))
	}
	b.tokens = append(b.tokens, code)
}

// End completes the post.
func (w *Worker) End() {
	b := w.batch
	b.posts[len(b.posts)-1].end = uint32(len(b.tokens))
}

// Take returns the posts since the last Take, all of them completed, for Append, which must get
// batches in the order of the input.
func (w *Worker) Take() *Batch {
	if w.batch == nil {
		return w.newBatch()
	}
	b := w.batch
	b.words, b.gaps = b.dialect.words.texts, b.dialect.gaps.texts
	w.batch = nil
	return b
}

// post is the tokens of the i-th post.
func (b *Batch) post(i int) []uint32 {
	begin := uint32(0)
	if i > 0 {
		begin = b.posts[i-1].end
	}
	return b.tokens[begin:b.posts[i].end]
}

// id is the id of the i-th post, if it is no number; otherwise empty.
func (b *Batch) id(i int) []byte {
	begin := uint32(0)
	if i > 0 {
		begin = b.posts[i-1].idEnd
	}
	return b.ids[begin:b.posts[i].idEnd]
}
