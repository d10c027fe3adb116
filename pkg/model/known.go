package model

import (
	"fmt"

	"horsepipe/pkg/bloom"
)

// # Posts that are known and not learned
//
// A draft should copy nothing from a repost, either. For that it is enough to know whether a run of
// tokens occurs in one, and the answer may be a false yes now and then: the draft then goes another
// way. So these posts are not kept as text, but as a filter of hashes of their shingles (runs of a
// fixed number of tokens; Broder, On the resemblance and containment of documents, 1997). Compared
// with a model of them, which version 1 has, the filter takes less than a quarter of the bytes, and
// a run costs one or two reads instead of a search: with 139,000 reposts among 958,000 posts,
// training takes five sixths of the time, and drafts three quarters. In a hundred drafts of an
// account in English or Arabic, with a bound of six words, three tokens are refused that would copy
// nothing; in Korean, fourteen.

// The lengths of shingles, in tokens. Runs of up to five tokens are looked up by their short
// shingles, longer ones by their long shingles. Nearly all runs that are asked for have one word
// more than markov.Options.MaxCopy: 9 by default.
const (
	shortShingle = 3
	longShingle  = 6
)

const (
	filterBits  = 6 // bits of the filter for each shingle, counting repeated ones each time
	knownHeader = 8 // bytes before the filter in section known
)

// KnownToken is a token prepared for look-up in [Known].
type KnownToken struct {
	text string
	hash uint32
}

// NewKnownToken makes a KnownToken of a token's text.
func NewKnownToken(text string) KnownToken { return KnownToken{text, hashToken(text)} }

// hashToken is the hash of a token in shingles: 32-bit FNV-1a (Fowler, Noll, Vo; as in hash/fnv),
// with 1 instead of 0. Two tokens with the same hash do no harm unless the other tokens of their
// shingles agree, too.
func hashToken[T string | []byte](token T) uint32 {
	h := uint32(2166136261)
	for i := range len(token) {
		h = (h ^ uint32(token[i])) * 16777619
	}
	return max(h, 1)
}

// addToken extends the hash of a shingle by a token. The hash starts as the number of tokens in the
// shingle.
func addToken(shingle uint64, token uint32) uint64 {
	shingle = (shingle ^ uint64(token)) * 0x9e3779b97f4a7c15
	return shingle ^ shingle>>32
}

// hashTokens is the hash of a shingle.
func hashTokens(tokens []uint32) uint64 {
	shingle := uint64(len(tokens))
	for _, token := range tokens {
		shingle = addToken(shingle, token)
	}
	return shingle
}

// Known tells which runs of tokens occur in posts that were read but not learned from, such as
// reposts: a draft should not copy from them. It reads its model, so the rules for that hold: only
// one goroutine at a time, and not after the model is closed.
type Known struct {
	posts  int
	blocks int            // of the filter
	model  *Model         // whose section known holds it
	old    *Model         // the model of the posts that an early model has instead of a filter
	ids    map[string]int // cache: ids in old of the tokens asked for; 0 if it lacks them
}

// Posts is the number of these posts.
func (k *Known) Posts() int { return k.posts }

// Absent tells whether some part of a run certainly occurs in none of the posts. If so, from is the
// index in run of the first token of such a part, the last one that was found. Otherwise the whole
// run may occur in a post, but need not: its shingles may occur in different places, and one in 15
// of the shingles that occur nowhere is taken for one that does (fewer if the reposts repeat each
// other). Nothing is known of runs of one or two tokens, so they are never absent.
//
// Each shingle costs one read of 64 bytes; most runs that occur nowhere need only one. In an early
// model the answer is exact, for runs of up to Depth tokens, and costs two searches.
func (k *Known) Absent(run []KnownToken) (from int, absent bool) {
	if k.old != nil {
		return k.absentIn(run)
	}
	n := longShingle
	if len(run) < n {
		n = shortShingle
	}
	for i := len(run) - n; i >= 0; i-- {
		shingle := uint64(n)
		for _, token := range run[i : i+n] {
			shingle = addToken(shingle, token.hash)
		}
		block, bits := bloom.Place(shingle, k.blocks)
		if b := bloom.FromBytes(k.block(block)); !b.Has(bits) {
			return i, true
		}
	}
	return 0, false
}

// block is the i-th block of the filter.
func (k *Known) block(i int) []byte {
	return k.model.file.bytes(k.model.start[secKnown]+knownHeader+bloom.Size*i, bloom.Size)
}

// absentIn is Absent for an early model. It looks up the end of the run before the whole run, since
// the end mostly shows that the run occurs nowhere.
func (k *Known) absentIn(run []KnownToken) (from int, absent bool) {
	for _, from := range [2]int{max(0, len(run)-shortShingle), 0} {
		var iv Interval
		for i, token := range run[from:] {
			switch id := k.idIn(token); {
			case id == 0:
				return from + i, true
			case i == 0:
				iv = k.old.Token(id)
			default:
				iv = k.old.Narrow(iv, i, id)
			}
			if iv.Len() == 0 {
				return from, true
			}
		}
	}
	return 0, false
}

// idIn is the id of a token in an early model, or 0.
func (k *Known) idIn(token KnownToken) int {
	id, asked := k.ids[token.text]
	if !asked {
		id = k.old.Lookup([]byte(token.text))
		k.ids[token.text] = id
	}
	return id
}

// Err is the first damage that reading has met, or nil.
func (k *Known) Err() error {
	if k.old != nil && k.old.err != nil {
		return k.model.named(fmt.Errorf("known posts: %w", k.old.err))
	}
	return k.model.Err()
}

// knownModel opens the model of known posts that an early model contains, once; nil if the section is
// empty or a filter.
func (m *Model) knownModel() (*Model, error) {
	n := m.length(secKnown)
	if m.old != nil {
		return m.old, nil
	}
	if n < len(magic) || string(m.file.bytes(m.start[secKnown], 7)) != magic[:7] { // as a count of posts it would be beyond 2^32
		return nil, m.err
	}
	k := newModel()
	k.file.part(&m.file, m.start[secKnown], n)
	if err := k.begin(); err != nil {
		return nil, fmt.Errorf("known posts: %w", err)
	}
	m.old = k
	return k, nil
}

// Known returns what the model knows of the posts that were not learned from; nil if there are
// none. The error is that of a damaged section.
func (m *Model) Known() (*Known, error) {
	k, err := m.known()
	return k, m.named(err)
}

func (m *Model) known() (*Known, error) {
	n := m.length(secKnown)
	if n == 0 {
		return nil, nil
	}
	old, err := m.knownModel()
	if err != nil {
		return nil, err
	}
	if old != nil {
		return &Known{posts: old.posts, model: m, old: old, ids: make(map[string]int)}, nil
	}
	if n < knownHeader+bloom.Size || (n-knownHeader)%bloom.Size != 0 {
		return nil, m.damage(secKnown, 0, "no filter")
	}
	posts := m.file.load(m.start[secKnown])
	if m.err == nil && (posts > 1<<32-1 || int(posts) <= 0) {
		m.damage(secKnown, 0, "absurd count")
	}
	if m.err != nil {
		return nil, m.err
	}
	return &Known{posts: int(posts), blocks: (n - knownHeader) / bloom.Size, model: m}, nil
}
