package model

import (
	"sync"
	"unicode/utf8"
)

// Worker takes posts, token by token, for a [Builder]. Several workers may run at the same
// time, each used by one goroutine:
//
//	w.Begin(post); w.Token(nil, []byte("Bonjour")); w.Token([]byte(" "), []byte("!")); w.End()
type Worker struct {
	pool    *sync.Pool // of batches that were appended
	words   int        // how many words a dialect may have
	dialect *dialect
	batch   *Batch
}

// Batch is a run of posts on its way from a worker to its builder.
type Batch struct {
	dialect     *dialect
	words, gaps texts    // of the dialect, as far as this batch uses them
	tokens      []uint32 // of all posts: (word+1)<<1, plus 1 after a single space; see otherGap
	posts       []batchPost
	ids         []byte // of posts; those that are no numbers
}

type batchPost struct {
	facts
	end   uint32 // in tokens
	idEnd uint32 // in ids
}

// dialect is the vocabulary that a worker's batches share. It is given up when it
// has grown large, since the table of a whole corpus would not stay in a core's
// cache; the builder translates each dialect only once, so that the large table is asked
// once for hundreds of tokens.
type dialect struct {
	words, gaps     table
	wordIDs, gapIDs []uint32        // the builder's translation, as far as it is known
	segment         *segment        // into whose ids it translates
	short           [1 << 17]uint32 // one more than the ids of words of up to three bytes, by shortKey
}

// word is the id of a word. Most are short, and found without a hash and a comparison: that is up to 8 % of the time of a build, of Japanese,
// and 2 % of posts in many languages.
func (d *dialect) word(text []byte) uint32 {
	key := shortKey(text)
	if key == 0 {
		id, _ := d.words.intern(text)
		return id
	}
	p := &d.short[key]
	if *p == 0 {
		id, _ := d.words.intern(text)
		*p = id + 1
	}
	return *p - 1
}

// shortKey is a number for one or two bytes, or a character of three; 0 for anything else.
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

// dialectWords is how many words a dialect may have by default. From 2^13 to 2^17 a build takes the same time:
// what a larger table costs the worker, the builder gains.
const dialectWords = 1 << 15

// otherGap stands before a token, followed by the number of its gap, where the gap is
// neither empty nor a single space.
const otherGap = 1

// Begin starts a post. It keeps no memory of p.
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

// Token adds a token and the gap before it to the post, copying both. The gap of a post's
// first token is ignored. A token of more than [MaxWord] bytes is cut into several without gaps; a
// gap loses what is beyond.
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
		id, _ := b.dialect.gaps.intern(gap[:min(len(gap), MaxWord)])
		b.tokens = append(b.tokens, otherGap, id)
	}
	b.tokens = append(b.tokens, code)
}

// End completes the post.
func (w *Worker) End() {
	b := w.batch
	b.posts[len(b.posts)-1].end = uint32(len(b.tokens))
}

// Take returns the posts that were completed since the last Take. They are to be given to
// Append in the order of the input.
func (w *Worker) Take() *Batch {
	if w.batch == nil {
		return w.newBatch()
	}
	b := w.batch
	b.words, b.gaps = b.dialect.words.texts, b.dialect.gaps.texts
	w.batch = nil
	return b
}

// Len is the number of posts, those without tokens included.
func (b *Batch) Len() int { return len(b.posts) }

// post is the tokens of the i-th post.
func (b *Batch) post(i int) []uint32 {
	begin := uint32(0)
	if i > 0 {
		begin = b.posts[i-1].end
	}
	return b.tokens[begin:b.posts[i].end]
}

// id is the i-th post's id, if it is no number.
func (b *Batch) id(i int) []byte {
	begin := uint32(0)
	if i > 0 {
		begin = b.posts[i-1].idEnd
	}
	return b.ids[begin:b.posts[i].idEnd]
}
