package model

import (
	"bytes"
	"hash/maphash"
)

// table gives byte strings consecutive ids from 0 on, in the order of their first
// appearance. It is an open-addressing hash table over an arena of bytes.
type table struct {
	text   []byte
	ends   []uint32 // where each string ends in text
	hashes []uint32
	slots  []uint32 // id+1, or 0
}

// seed makes collisions unpredictable. No id and no byte of a model depends on it.
var seed = maphash.MakeSeed()

func hash(s []byte) uint32 { return uint32(maphash.Bytes(seed, s)) }

func (t *table) len() int { return len(t.ends) }

// at is the string with an id; it is valid until the next reset.
func (t *table) at(id uint32) []byte {
	begin := uint32(0)
	if id > 0 {
		begin = t.ends[id-1]
	}
	return t.text[begin:t.ends[id]:t.ends[id]]
}

// intern is the id of s, whose hash is h.
func (t *table) intern(s []byte, h uint32) uint32 {
	if 2*len(t.ends) >= len(t.slots) {
		t.grow()
	}
	mask := uint32(len(t.slots) - 1)
	i := h & mask
	for t.slots[i] != 0 {
		if id := t.slots[i] - 1; t.hashes[id] == h && bytes.Equal(t.at(id), s) {
			return id
		}
		i = (i + 1) & mask
	}
	t.text = append(t.text, s...)
	t.ends = append(t.ends, uint32(len(t.text)))
	t.hashes = append(t.hashes, h)
	t.slots[i] = uint32(len(t.ends))
	return uint32(len(t.ends) - 1)
}

func (t *table) grow() {
	t.slots = make([]uint32, max(64, 2*len(t.slots)))
	mask := uint32(len(t.slots) - 1)
	for id, h := range t.hashes {
		i := h & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(id + 1)
	}
}

// reset empties the table and keeps its memory.
func (t *table) reset() {
	t.text, t.ends, t.hashes = t.text[:0], t.ends[:0], t.hashes[:0]
	clear(t.slots)
}
