package model

import (
	"bytes"
	"hash/maphash"
)

// texts is a list of byte strings in one piece of memory. Strings may be appended while others read
// a copy of the struct.
type texts struct {
	text []byte
	ends []uint32 // string i is text[ends[i-1]:ends[i]], and the first begins at 0
}

func (t *texts) len() int { return len(t.ends) }

// bounds is where string i is in text.
func (t *texts) bounds(i uint32) (begin, end uint32) {
	if i > 0 {
		begin = t.ends[i-1]
	}
	return begin, t.ends[i]
}

// at is string i; it must not be changed.
func (t *texts) at(i uint32) []byte {
	begin, end := t.bounds(i)
	return t.text[begin:end:end]
}

// table gives byte strings consecutive ids, from 0 on, in order of first appearance. It is a hash
// table with open addressing, whose slots contain the hash, so that a search compares no string in
// vain and growing reads none.
//
// Slots that contain short strings themselves, so that texts need not be read, were measured and
// are no faster: the branches on the length cost what they save.
type table struct {
	texts
	slots []slot // their number is a power of two; at most two thirds are full
}

type slot struct{ hash, next uint32 } // next is id+1; 0 if the slot is free

// seed makes collisions unpredictable. No id and no byte of a model depends on it.
var seed = maphash.MakeSeed()

// intern returns the id of s.
func (t *table) intern(s []byte) uint32 {
	h := uint32(maphash.Bytes(seed, s))
	mask := uint32(len(t.slots) - 1)
	for i := h; len(t.slots) > 0; i++ {
		p := &t.slots[i&mask]
		if p.next == 0 {
			break
		}
		if p.hash == h && bytes.Equal(t.at(p.next-1), s) {
			return p.next - 1
		}
	}
	return t.add(s, h)
}

// internAll appends to ids the ids of the strings of a list from the i-th on. It takes several
// strings at a time through each step of the search, so that their reads of a large table, which
// mostly miss the caches, overlap. That is twice as fast as one string after the other.
func (t *table) internAll(ids []uint32, list *texts, i int) []uint32 {
	const block = 64
	var hashes [block]uint32
	var found [block]slot
	var begins, ends [block]uint32
	for n := list.len(); i < n; {
		k := min(block, n-i)
		for j := range k {
			hashes[j] = uint32(maphash.Bytes(seed, list.at(uint32(i+j))))
		}
		for j, h := range hashes[:k] {
			if len(t.slots) > 0 {
				found[j] = t.slots[h&uint32(len(t.slots)-1)]
			}
		}
		for j, f := range found[:k] {
			if f.next != 0 {
				begins[j], ends[j] = t.bounds(f.next - 1)
			}
		}
		for j, f := range found[:k] {
			s := list.at(uint32(i + j))
			if f.hash == hashes[j] && f.next != 0 && bytes.Equal(t.text[begins[j]:ends[j]], s) {
				ids = append(ids, f.next-1)
			} else {
				ids = append(ids, t.intern(s))
			}
		}
		i += k
	}
	return ids
}

// add gives an id to s, which is not yet in the table.
func (t *table) add(s []byte, h uint32) uint32 {
	if 3*len(t.ends) >= 2*len(t.slots) {
		t.grow()
	}
	t.text = append(t.text, s...)
	t.ends = append(t.ends, uint32(len(t.text)))
	place(t.slots, slot{h, uint32(len(t.ends))})
	return uint32(len(t.ends) - 1)
}

func (t *table) grow() {
	old := t.slots
	t.slots = zeros[slot](max(64, 2*len(old)))
	for _, s := range old {
		if s.next != 0 {
			place(t.slots, s)
		}
	}
}

// zeros is n zero values in memory that was written, not only reserved. Where a page of reserved
// memory is read before it is written, as a hash table does, the system first lends one page of
// zeros to all, and takes it back with an interrupt to each core: 9,000 of these in a build from 300
// MB of posts, and 1,900 with this function.
func zeros[T any](n int) []T {
	s := make([]T, n)
	clear(s)
	return s
}

// reuse makes t an empty table in the memory of old.
func (t *table) reuse(old *table) {
	*t = table{texts{old.text[:0], old.ends[:0]}, old.slots}
	clear(t.slots)
}

// place puts s into the first free slot.
func place(slots []slot, s slot) {
	mask := uint32(len(slots) - 1)
	i := s.hash & mask
	for slots[i].next != 0 {
		i = (i + 1) & mask
	}
	slots[i] = s
}
