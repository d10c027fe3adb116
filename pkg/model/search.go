package model

import "sort"

// An Interval is the entries of the suffix array from Lo up to, not including, Hi: the suffixes
// that begin with one context, sorted by what follows it.
type Interval struct{ Lo, Hi int }

// Len is the number of entries: how often the context occurs.
func (iv Interval) Len() int { return iv.Hi - iv.Lo }

// Token is the interval of the suffixes that begin with token id, or for the mark, of the
// beginnings of posts; empty if id is no token. It reads only the table of counts.
func (m *Model) Token(id int) Interval {
	if id == Mark {
		return Interval{0, m.posts}
	}
	if id < m.gaps || id >= m.words {
		return Interval{}
	}
	i := sort.Search(len(m.classes), func(i int) bool { return int(m.classes[i].first) > id }) - 1
	c := m.classes[i]
	lo := int(c.start) + (id-int(c.first))*int(c.count)
	return Interval{lo, lo + int(c.count)}
}

// All is the interval of all tokens, without the marks: that of the empty context.
func (m *Model) All() Interval { return Interval{m.posts, m.entries} }

// Place is where the suffix of an entry of the array begins.
func (m *Model) Place(entry int) int {
	if uint(entry) >= uint(m.entries) {
		m.damage(secArray, 0, "no such entry")
		return 0
	}
	p := int(uint(m.packed(secArray, entry, m.bits.entry)) >> m.headed)
	if p >= m.length(secStream)-1 {
		m.damage(secArray, 0, "offset out of range")
		return 0
	}
	return p
}

// Next is the token that follows a context of the given length at an entry of the array, and its
// place; the mark if the post ends there. Length is from 1 to Depth.
func (m *Model) Next(entry, length int) (id, place int) {
	return m.follow(m.Place(entry), length)
}

// follow is Next for the context at a place.
func (m *Model) follow(from, length int) (id, place int) {
	for place = from; length > 0; length-- {
		if id, place = m.After(place); id == Mark {
			break
		}
	}
	return id, place
}

// Branches tells whether an interval, of a context of the given length, from 1 to Depth-1, leaves a
// choice: two different next tokens, from two different posts. The ends of a sorted interval decide the
// former, and nearly always the latter: only if both are in one post are other entries looked at, at
// most one more than that post has. In a post of more than some thousand tokens, parts far from each
// other count as different posts.
func (m *Model) Branches(iv Interval, length int) bool {
	if iv.Len() < 2 {
		return false
	}
	at, other := m.Place(iv.Lo), m.Place(iv.Hi-1)
	first, _ := m.follow(at, length)
	last, _ := m.follow(other, length)
	if first == last {
		return false
	}
	if max(at, other)-min(at, other) > m.longest+1 {
		return true
	}
	lo, hi := m.around(at)
	for e := iv.Hi - 1; e > iv.Lo && m.err == nil; e-- {
		if p := m.Place(e); p < lo || p >= hi {
			return true
		}
	}
	return false
}

// token is Next without the place.
func (m *Model) token(entry, length int) int {
	if length == 1 && entry%secondStep == 0 {
		return m.packed(secSeconds, entry/secondStep, m.bits.word)
	}
	id, _ := m.Next(entry, length)
	return id
}

// Narrow is the part of iv, the interval of a context of the given length, from 1 to Depth-1, in which
// token id comes next; empty if it never does. It takes O(log iv.Len()) reads of the array. For length
// 1 the samples in seconds spare most of them, and the heads of pairs those for the ends (see pair.go).
func (m *Model) Narrow(iv Interval, length, id int) Interval {
	return m.NarrowTo(iv, length, id, iv.Len())
}

// NarrowTo is Narrow for a caller that knows a bound: the result has at most most entries, for
// instance as many as a shorter context that ends alike has with the token. It searches for both
// ends at once, and then near each other.
func (m *Model) NarrowTo(iv Interval, length, id, most int) Interval {
	lo, hi, end := iv.Lo, iv.Hi, iv.Hi // the first entry is from lo to hi, the last one is before end
	if length == 1 {
		lo, hi = m.sample(lo, hi, id)
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch next := m.token(mid, length); {
		case next < id:
			lo = mid + 1
		case next > id:
			hi, end = mid, mid
		default:
			return m.Around(Interval{lo, end}, length, id, mid, most)
		}
	}
	if lo < end && m.token(lo, length) == id {
		return m.Around(Interval{lo, end}, length, id, lo, most)
	}
	return Interval{lo, lo}
}

// Around is NarrowTo for a token that is known to come next at one entry of iv. It is in O(log n)
// for a result of n entries, however long iv is. After contexts of one token it does not use most,
// and is in O(log iv.Len()) if the result extends past a sample; see pair.go.
func (m *Model) Around(iv Interval, length, id, entry, most int) Interval {
	if length == 1 && m.headed != 0 {
		return m.pair(iv, entry, id)
	}
	step, hi := 1, entry
	first := max(iv.Lo, entry+1-most)
	for hi-step >= first && m.token(hi-step, length) == id {
		hi -= step
		step *= 2
	}
	lo := m.search(Interval{max(first, hi-step), hi}, length, id)
	return Interval{lo, m.gallop(Interval{entry + 1, min(iv.Hi, lo+most)}, length, id)}
}

// search is the first entry of iv whose context is followed by id or a greater token.
func (m *Model) search(iv Interval, length, id int) int {
	lo, hi := iv.Lo, iv.Hi
	if length == 1 { // in version 1
		lo, hi = m.sample(lo, hi, id)
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if m.token(mid, length) < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// sample narrows a search for second token id to the entries between two samples.
func (m *Model) sample(lo, hi, id int) (int, int) {
	first, last := (lo+secondStep-1)/secondStep, (hi-1)/secondStep // the samples inside
	for first <= last {
		mid := (first + last) >> 1
		if m.packed(secSeconds, mid, m.bits.word) < id {
			lo, first = mid*secondStep+1, mid+1
		} else {
			hi, last = mid*secondStep, mid-1
		}
	}
	return lo, hi
}

// gallop is the first entry of iv whose context is followed by another token than id; at the entry
// before iv it is followed by id. It is in O(log n) for a distance of n, since most runs are short.
func (m *Model) gallop(iv Interval, length, id int) int {
	step, lo := 1, iv.Lo
	for lo+step <= iv.Hi && m.token(lo+step-1, length) == id {
		lo += step
		if step *= 2; length == 1 && step > secondStep { // in version 1; the samples know more
			return m.search(Interval{lo, iv.Hi}, length, id+1)
		}
	}
	return m.search(Interval{lo, min(lo+step, iv.Hi)}, length, id+1)
}
