package markov

import "horsepipe/pkg/model"

// memoSize is the number of narrowings that are remembered for each model: 24 bytes each, and a
// page of them is touched only when it is used.
const memoSize = 1 << 17

// memo remembers narrowings. An account's posts begin alike and go on alike, and so do the
// drafts: four searches in five have been made before, and each is a dozen reads at random places.
type memo struct {
	model *model.Model
	found []narrowing
}

// narrowing is a context's interval, of some length, and what a token leaves of it. Entries are below 2^32.
type narrowing struct {
	lo, hi     uint32
	id, length uint32
	from, to   uint32
}

// narrow is model.Narrow, or model.Around if an entry is known (not -1).
func (m *memo) narrow(iv model.Interval, length, id, entry int) model.Interval {
	if iv.Len() < 4 {
		return m.model.Narrow(iv, length, id)
	}
	key := narrowing{lo: uint32(iv.Lo), hi: uint32(iv.Hi), id: uint32(id), length: uint32(length)}
	at := &m.found[key.hash()%memoSize]
	if at.lo != key.lo || at.hi != key.hi || at.id != key.id || at.length != key.length {
		found := model.Interval{}
		if entry >= 0 {
			found = m.model.Around(iv, length, id, entry)
		} else {
			found = m.model.Narrow(iv, length, id)
		}
		key.from, key.to = uint32(found.Lo), uint32(found.Hi)
		*at = key
	}
	return model.Interval{Lo: int(at.from), Hi: int(at.to)}
}

func (n *narrowing) hash() uint64 {
	h := (uint64(n.lo)<<32 | uint64(n.hi)) * 0x9e3779b97f4a7c15
	h ^= (uint64(n.length)<<32 | uint64(n.id)) * 0xc2b2ae3d27d4eb4f
	return (h ^ h>>29) * 0xbf58476d1ce4e5b9 >> 40
}
