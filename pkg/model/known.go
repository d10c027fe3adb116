package model

import (
	"encoding/binary"
	"fmt"

	"horsepipe/pkg/bloom"
)

// # Posts that are known and not learned
//
// A draft should copy nothing from a repost, either. All that has to be known for that is whether a run of tokens stands in one, and
// it may be said of a few that they do, though they don't: then the draft goes another way. So these posts are kept as a filter of
// hashes of their shingles (runs of a fixed number of tokens; Broder, On the resemblance and containment of documents, 1997),
// from which none of their words can be read. Beside a model of them, which version 1 had, it takes less than a quarter of the
// bytes and of the time to make, and a run costs one or two reads instead of a search: with 139,000 reposts among 942,000 posts the whole
// training takes five sixths of the time, and drafts three quarters. Of the drafts of an account, some three in a hundred are led another way.

// The lengths of shingles, in tokens. A run of up to five tokens is looked up by its short ones, a longer one by its long ones: nearly all
// runs that are asked for are those of markov.Options.MaxCopy words and one more, 7 by default.
const (
	ShortShingle = 3
	longShingle  = 6
)

const (
	filterBits  = 6 // for each shingle, repeated ones included
	knownHeader = 8 // bytes of section known before the filter
)

// HashToken is the hash of a token's bytes by which shingles are known: FNV-1a of 32 bits (Fowler, Noll, Vo; hash/fnv has it, too), but 1
// instead of 0. Others in the same shingle have to be taken for others, too, before two tokens of the same hash do harm.
func HashToken[T string | []byte](token T) uint32 {
	h := uint32(2166136261)
	for i := range len(token) {
		h = (h ^ uint32(token[i])) * 16777619
	}
	return max(h, 1)
}

// hashShingle is the hash of a run of tokens.
func hashShingle(tokens []uint32) uint64 {
	h := uint64(len(tokens))
	for _, t := range tokens {
		h = (h ^ uint64(t)) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	return h
}

// Known tells which runs of tokens stand in posts that were read but not learned from, such as reposts: a draft should not copy from
// them.
type Known struct {
	posts  int
	blocks int
	block  func(i int) []byte // of the filter
}

// Posts is how many there are.
func (k *Known) Posts() int { return k.posts }

// write writes the section again.
func (k *Known) write(f *fileWriter) {
	w := newFilterFile(f, k.posts)
	for i := range k.blocks {
		w.Write(k.block(i))
	}
	w.Flush()
}

// Absent is the index in run, hashes of tokens, of a token with which a part of the run begins that stands in none of the posts, the
// last that is found; or -1 where there is none, so that the whole run may stand in one. It does if all its shingles do in the same
// place; one shingle in 40 or fewer is said to stand there though it doesn't. Of runs shorter than ShortShingle nothing is known.
//
// It costs one read of 64 bytes for each shingle, and for most runs that stand nowhere one.
func (k *Known) Absent(run []uint32) int {
	n := longShingle
	if len(run) < n {
		n = ShortShingle
	}
	for i := len(run) - n; i >= 0; i-- {
		block, bits := bloom.Place(hashShingle(run[i:i+n]), k.blocks)
		if b := bloom.FromBytes(k.block(block)); !b.Has(bits) {
			return i
		}
	}
	return -1
}

// Known is what is known of the posts that were not learned from; nil if there are none. It reads m, and is good for as long. From
// version 1, which has a model of them, it takes some 0.15 µs for each of their tokens.
func (m *Model) Known() (*Known, error) {
	n := m.length(secKnown)
	if n == 0 {
		return nil, nil
	}
	begin := m.start[secKnown]
	if n < knownHeader+bloom.Size {
		return nil, m.damage(secKnown, 0, "cut")
	}
	head := m.file.bytes(begin, knownHeader)
	if m.err != nil {
		return nil, m.err
	}
	if string(head[:7]) == magic[:7] {
		return m.readKnown()
	}
	posts, size := binary.LittleEndian.Uint64(head), n-knownHeader
	if posts == 0 || posts > 1<<32-1 || size%bloom.Size != 0 {
		return nil, m.damage(secKnown, 0, "no filter")
	}
	return &Known{int(posts), size / bloom.Size, func(i int) []byte {
		return m.file.bytes(begin+knownHeader+bloom.Size*i, bloom.Size)
	}}, nil
}

// readKnown makes a filter of the model that version 1 has of known posts.
func (m *Model) readKnown() (*Known, error) {
	old, err := m.knownModel()
	if err != nil {
		return nil, err
	}
	defer old.Close()
	var w knownWriter
	var posts KnownPosts
	hashes := make([]uint32, old.words) // 0 where it is not computed
	for i, at := 0, 0; i < old.posts && old.err == nil; i++ {
		var id int
		for id, at = old.After(at); id != Mark; id, at = old.After(at) {
			if hashes[id] == 0 {
				hashes[id] = HashToken(old.Text(id))
			}
			posts.add(hashes[id])
		}
		posts.End()
		w.add(&posts)
	}
	if old.err != nil {
		return nil, fmt.Errorf("known posts: %w", old.err)
	}
	w.tape.end()
	filter := w.filter(0, w.blocks())
	return &Known{w.posts, len(filter), func(i int) []byte { return filter[i].Append(nil) }}, nil
}

// knownModel opens the model that version 1 has of known posts.
func (m *Model) knownModel() (*Model, error) {
	k := newModel()
	k.file.part(&m.file, m.start[secKnown], m.length(secKnown))
	if err := k.begin(); err != nil {
		return nil, fmt.Errorf("known posts: %w", err)
	}
	return k, nil
}
