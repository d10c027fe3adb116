package model

import (
	"math/bits"
	"slices"
)

// sortable is what a sorter sorts: byte strings that are referred to by number. Each ends with a
// zero byte and contains no other.
type sortable interface {
	// load sets a key for each item of each span in turn: the 8 bytes from the span's depth on, the
	// first one highest, with zeros after the end. No branch should depend on a byte of a string
	// before all strings are read, so that the reads overlap.
	load(keys []uint64, items []uint32, spans []span)
	// after is the position after n more bytes, the first n of key.
	after(p position, key uint64, n int) position
}

// position is how far a string was read.
type position struct {
	depth  int32 // bytes
	tokens uint8 // codes begun, in a keyText
	skip   uint8 // bytes of the last of these that are still to come
}

// span is a range of items whose strings are equal up to a position.
type span struct {
	lo, hi uint32
	position
}

func (r span) size() int { return int(r.hi - r.lo) }

// sorter sorts strings by their bytes, and equal strings by number.
//
// It loads several bytes of each string at once into a key, with the index of the item in the
// lowest bits, and sorts the keys by radix: so items stay in place, keys are small, and nothing is
// read twice. Strings with equal keys are sorted again by the bytes that follow: these are many
// small ranges, so the keys of many are loaded together. Ranges too large for the memory set aside
// are first divided in place, byte by byte. The work is bounded by the bytes of the strings.
type sorter struct {
	strings sortable
	largest int // size of a range that is sorted by keys, which take 28 bytes an item
	todo    []span
	now     []span   // the ranges whose keys are loaded
	keys    []uint64 // of the items of now
	full    []uint64 // whole keys of the range that is being refined
	spare   []uint64
	items   []uint32
}

// sorterRange is the default size of the largest range that is sorted by keys.
const sorterRange = 1 << 19

// together is the number of items whose keys are loaded at a time, unless one range is larger.
const together = 1 << 12

func newSorters(n int, s sortable, largest int) []*sorter {
	list := make([]*sorter, n)
	for i := range list {
		list[i] = &sorter{strings: s, largest: largest}
	}
	return list
}

// add notes a range of items, equal up to p, for sort.
func (s *sorter) add(lo, hi int, p position) {
	if hi-lo > 1 {
		s.todo = append(s.todo, span{uint32(lo), uint32(hi), p})
	}
}

// addKeyed is add for a range whose keys are known. It puts keys in order, unless the range is too
// large.
func (s *sorter) addKeyed(items []uint32, keys []uint64, lo, hi int, p position) {
	r := span{uint32(lo), uint32(hi), p}
	switch {
	case r.size() < 2:
	case r.size() > s.largest:
		s.todo = append(s.todo, r)
	default:
		s.refine(items[lo:hi], keys, r)
	}
}

// sort sorts the ranges of items that were added.
func (s *sorter) sort(items []uint32) {
	for len(s.todo) > 0 {
		first, n := len(s.todo)-1, s.todo[len(s.todo)-1].size()
		if n > s.largest {
			r := s.todo[first]
			s.todo = s.todo[:first]
			s.divide(items[r.lo:r.hi], r)
			continue
		}
		for first > 0 && n+s.todo[first-1].size() <= together {
			first--
			n += s.todo[first].size()
		}
		s.now = append(s.now[:0], s.todo[first:]...)
		s.todo = s.todo[:first]
		s.keys = extend(s.keys, n)
		s.strings.load(s.keys[:n], items, s.now)
		n = 0
		for _, r := range s.now {
			s.refine(items[r.lo:r.hi], s.keys[n:n+r.size()], r)
			n += r.size()
		}
	}
}

// refine sorts part, the items of r, and their keys: first by as many bytes as leave room for the
// index, then, where these are equal, by the rest of the key.
func (s *sorter) refine(part []uint32, keys []uint64, r span) {
	if len(part) <= few {
		s.refineFew(part, keys, r)
		return
	}
	low := uint(bits.Len(uint(len(part)-1))+7) &^ 7 // bits for the index
	s.full = append(s.full[:0], keys...)
	for i, k := range keys {
		keys[i] = k>>low<<low | uint64(i)
	}
	s.arrange(part, keys, low)
	for i, j := 0, 0; i < len(keys); i = j {
		if j = endOfRun(keys, i, low); j == i+1 {
			keys[i] = s.full[keys[i]&(1<<low-1)]
			continue
		}
		top, rest := keys[i]>>low<<low, keys[i:j]
		for k, key := range rest {
			rest[k] = s.full[key&(1<<low-1)]<<(64-low) | uint64(k)
		}
		s.arrange(part[i:j], rest, 64-low)
		for k := range rest {
			rest[k] = top | rest[k]>>(64-low)
		}
		s.ties(part[i:j], rest, r, int(r.lo)+i)
	}
}

// few is the largest number of items that are sorted by moving them together with their keys.
const few = 12

// refineFew is refine for a few items, as most ranges have.
func (s *sorter) refineFew(part []uint32, keys []uint64, r span) {
	for i := 1; i < len(keys); i++ {
		k, item, j := keys[i], part[i], i
		for ; j > 0 && keys[j-1] > k; j-- {
			keys[j], part[j] = keys[j-1], part[j-1]
		}
		keys[j], part[j] = k, item
	}
	s.ties(part, keys, r, int(r.lo))
}

// ties looks for items of equal keys; lo is the index of the first item. If the strings end there
// it sorts them by number, otherwise it adds them to be sorted by the bytes that follow.
func (s *sorter) ties(part []uint32, keys []uint64, r span, lo int) {
	for i, j := 0, 0; i < len(keys); i = j {
		for j = i + 1; j < len(keys) && keys[j] == keys[i]; {
			j++
		}
		switch {
		case j == i+1:
		case keys[i]&0xff == 0:
			slices.Sort(part[i:j])
		default:
			s.add(lo+i, lo+j, s.strings.after(r.position, keys[i], 8))
		}
	}
}

// arrange sorts part by keys whose lowest bits are the index.
func (s *sorter) arrange(part []uint32, keys []uint64, low uint) {
	first, differ := keys[0], uint64(0)
	for _, k := range keys {
		differ |= k ^ first
	}
	if differ>>low == 0 {
		return
	}
	s.spare = extend(s.spare, len(part))
	sortKeys(keys, s.spare, uint(bits.Len64(differ)-1)&^7, low)
	s.items = append(s.items[:0], part...)
	for i, k := range keys {
		part[i] = s.items[k&(1<<low-1)]
	}
}

// endOfRun is the end of the run of keys, from the i-th on, that are equal to it in the bits from
// low on.
func endOfRun(keys []uint64, i int, low uint) int {
	for key := keys[i] >> low; i < len(keys) && keys[i]>>low == key; {
		i++
	}
	return i
}

// sortKeys sorts keys by the bytes from bit shift down to bit low. The bytes above are equal, and
// keys that are equal in these bytes are already in order.
func sortKeys(keys, spare []uint64, shift, low uint) {
	if len(keys) <= 24 {
		insertKeys(keys)
		return
	}
	var ends [256]uint32
	for _, k := range keys {
		ends[byte(k>>shift)]++
	}
	sum := uint32(0)
	for b, n := range ends {
		ends[b] = sum
		sum += n
	}
	spare = spare[:len(keys)]
	for _, k := range keys {
		b := byte(k >> shift)
		spare[ends[b]] = k
		ends[b]++
	}
	copy(keys, spare)
	if shift == low {
		return
	}
	begin := uint32(0)
	for _, end := range ends {
		if end > begin+1 {
			sortKeys(keys[begin:end], spare, shift-8, low)
		}
		begin = end
	}
}

func insertKeys(keys []uint64) {
	for i := 1; i < len(keys); i++ {
		k, j := keys[i], i
		for ; j > 0 && keys[j-1] > k; j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = k
	}
}

// divide divides the items of r, too many for keys, by the first byte in which they differ, in
// place (McIlroy, Bostic, McIlroy, Engineering Radix Sort, 1993). It holds that byte of each item
// in memory.
func (s *sorter) divide(part []uint32, r span) {
	first, differ := uint64(0), uint64(0)
	s.eachKey(part, r.position, func(i int, key uint64) {
		if i == 0 {
			first = key
		}
		differ |= key ^ first
	})
	if differ == 0 && first&0xff == 0 {
		slices.Sort(part)
		return
	}
	if differ == 0 {
		s.add(int(r.lo), int(r.hi), s.strings.after(r.position, first, 8))
		return
	}
	skip := bits.LeadingZeros64(differ) / 8
	digits := make([]byte, len(part))
	s.eachKey(part, r.position, func(i int, key uint64) { digits[i] = byte(key >> (56 - 8*skip)) })
	begin := 0
	for digit, end := range permute(part, digits) {
		if digit == 0 {
			slices.Sort(part[:end])
		} else {
			key := first&^(1<<(64-8*skip)-1) | uint64(digit)<<(56-8*skip)
			s.add(int(r.lo)+begin, int(r.lo)+end, s.strings.after(r.position, key, skip+1))
		}
		begin = end
	}
}

// eachKey calls f with the key of each item of part, loading as many at a time as fit.
func (s *sorter) eachKey(part []uint32, p position, f func(i int, key uint64)) {
	s.keys = extend(s.keys, s.largest)
	for done := 0; done < len(part); {
		keys := s.keys[:min(s.largest, len(part)-done)]
		s.strings.load(keys, part, []span{{uint32(done), uint32(done + len(keys)), p}})
		for i, k := range keys {
			f(done+i, k)
		}
		done += len(keys)
	}
}

// permute sorts items by their digits, and returns where the items of each digit end.
func permute(items []uint32, digits []byte) (ends [256]int) {
	for _, d := range digits {
		ends[d]++
	}
	var next [256]int
	sum := 0
	for d, n := range ends {
		next[d] = sum
		sum += n
		ends[d] = sum
	}
	for d := range next {
		for i := next[d]; i < ends[d]; i = next[d] {
			to := digits[i]
			j := next[to]
			items[i], items[j] = items[j], items[i]
			digits[i], digits[j] = digits[j], digits[i]
			next[to]++
		}
	}
	return ends
}
