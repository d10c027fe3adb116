package model

import (
	"fmt"

	"horsepipe/pkg/bloom"
)

// # Posts that are known and not learned
//
// A draft should copy nothing from a repost, either. All that has to be known for that is whether a run of tokens stands in one, and
// it may be said of a few that they do, though they don't: then the draft goes another way. So these posts are kept as a filter of
// hashes of their shingles (runs of a fixed number of tokens; Broder, On the resemblance and containment of documents, 1997), and
// not as text. Beside a model of them, which version 1 has, it takes less than a quarter of the
// bytes, and a run costs one or two reads instead of a search: with 139,000 reposts among 958,000 posts the whole
// training takes five sixths of the time, and drafts three quarters. For a hundred drafts of an account in English or Arabic three tokens are
// refused that would copy nothing, in Korean fourteen.

// The lengths of shingles, in tokens. A run of up to five tokens is looked up by its short ones, a longer one by its long ones: nearly all
// runs that are asked for are those of markov.Options.MaxCopy words and one more, 7 by default.
const (
	shortShingle = 3
	longShingle  = 6
)

const (
	filterBits  = 6 // for each shingle, repeated ones included
	knownHeader = 8 // bytes of section known before the filter
)

// KnownToken is a token as it is looked up in [Known].
type KnownToken struct {
	text string
	hash uint32
}

// NewKnownToken makes one of its text.
func NewKnownToken(text string) KnownToken { return KnownToken{text, hashToken(text)} }

// hashToken is the hash of a token's bytes by which shingles are known: FNV-1a of 32 bits (Fowler, Noll, Vo; hash/fnv has it, too), but 1
// instead of 0. Others in the same shingle have to be taken for others, too, before two tokens of the same hash do harm.
func hashToken[T string | []byte](token T) uint32 {
	h := uint32(2166136261)
	for i := range len(token) {
		h = (h ^ uint32(token[i])) * 16777619
	}
	return max(h, 1)
}

// addToken goes on from the hash of the tokens before in a shingle; it begins with their number.
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

// Known tells which runs of tokens stand in posts that were read but not learned from, such as reposts: a draft should not copy from
// them. It reads its model, and is good for as long.
type Known struct {
	posts  int
	blocks int            // of the filter
	model  *Model         // whose section known holds it
	old    *Model         // of the posts, instead of a filter, where an early model has that
	ids    map[string]int // of tokens in old, as far as they were asked for; 0 where it lacks them
}

// Posts is how many there are.
func (k *Known) Posts() int { return k.posts }

// Absent tells whether a part of a run certainly stands in none of the posts, and with which token one begins: the last such part that is
// found. Else the whole run may stand in one. It does if all its shingles stand in the same place; and of shingles that
// stand nowhere one in 15 is taken for one that does, of reposts that repeat each other fewer. Of runs of one or two tokens nothing is
// known, so that they may stand there.
//
// It costs one read of 64 bytes for each shingle, and for most runs that stand nowhere one. In an early model it is exact, and costs two
// searches.
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

// block is a block of the filter.
func (k *Known) block(i int) []byte {
	return k.model.file.bytes(k.model.start[secKnown]+knownHeader+bloom.Size*i, bloom.Size)
}

// absentIn is Absent for an early model. The end of a run is looked up before the whole, since it mostly shows that the run stands nowhere.
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

// Err is the first damage that reading met.
func (k *Known) Err() error {
	if k.old != nil && k.old.err != nil {
		return k.model.named(fmt.Errorf("known posts: %w", k.old.err))
	}
	return k.model.Err()
}

// knownModel opens the model that an early model has of known posts; nil if it has a filter of them.
func (m *Model) knownModel() (*Model, error) {
	n := m.length(secKnown)
	if n < len(magic) || string(m.file.bytes(m.start[secKnown], 7)) != magic[:7] { // as a count of posts it would be beyond 2^32
		return nil, m.err
	}
	k := newModel()
	k.file.part(&m.file, m.start[secKnown], n)
	if err := k.begin(); err != nil {
		return nil, fmt.Errorf("known posts: %w", err)
	}
	return k, nil
}

// Known is what is known of the posts that were not learned from; nil if there are none.
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
