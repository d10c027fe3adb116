package model

import "unicode/utf8"

// Worker takes posts, token by token, for a [Builder]. Several workers may run at the same time,
// each used by one goroutine.
type Worker struct {
	batch *Batch
}

// Batch is a run of posts on its way from a worker to its builder.
type Batch struct {
	words, gaps table
	tokens      []uint32 // of all posts: (word+1)<<1, plus 1 after a single space; see otherGap
	posts       []batchPost
}

type batchPost struct {
	Post
	end int // in tokens
}

// otherGap stands before a token, followed by the number of its gap, where the gap is neither empty nor a
// single space.
const otherGap = 1

// Begin starts a post.
func (w *Worker) Begin(p Post) {
	if w.batch == nil {
		w.batch = new(Batch)
	}
	w.batch.posts = append(w.batch.posts, batchPost{Post: p})
}

// Token adds a token and the gap before it to the post. The gap of a post's first token is
// ignored. The bytes are copied. A token of more than [MaxWord] bytes is cut into
// several without gaps, and a gap after as many.
func (w *Worker) Token(gap, text []byte) {
	b := w.batch
	for len(text) > MaxWord {
		n := MaxWord
		for n > MaxWord-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		w.Token(gap, text[:n])
		gap, text = nil, text[n:]
	}
	code := (b.words.intern(text, hash(text)) + 1) << 1
	switch {
	case len(gap) == 0 || b.atBegin():
	case len(gap) == 1 && gap[0] == ' ':
		code++
	default:
		gap = gap[:min(len(gap), MaxWord)]
		b.tokens = append(b.tokens, otherGap, b.gaps.intern(gap, hash(gap)))
	}
	b.tokens = append(b.tokens, code)
}

// atBegin tells whether the post that was begun has no token yet.
func (b *Batch) atBegin() bool {
	n := len(b.posts)
	return len(b.tokens) == 0 || n > 1 && b.posts[n-2].end == len(b.tokens)
}

// End completes the post.
func (w *Worker) End() {
	b := w.batch
	b.posts[len(b.posts)-1].end = len(b.tokens)
}

// Take returns what was added since the last Take.
func (w *Worker) Take() *Batch {
	b := w.batch
	w.batch = nil
	return b
}

// Len is the number of posts, those without tokens included.
func (b *Batch) Len() int {
	if b == nil {
		return 0
	}
	return len(b.posts)
}

// post is the tokens of the i-th post.
func (b *Batch) post(i int) []uint32 {
	begin := 0
	if i > 0 {
		begin = b.posts[i-1].end
	}
	return b.tokens[begin:b.posts[i].end]
}
