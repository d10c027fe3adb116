package model

// # Pairs
//
// The search for the second token of a suffix is the one that a walk makes most: for each token that it adds. Each look at a
// second token is a read of the stream at a place far from the last, and most are for the ends of what was found. So the array tells of each
// entry whether it heads a pair: whether it is the first with its first two tokens. Where one entry of a pair is known the
// others are found by these bits, which stand beside each other, and by the samples in seconds. That makes 1.1 to 1.3
// times as many drafts a second of a model of 17 million tokens, for one bit an entry: 2 % of the file. To pass the
// whole pair at each step of the search that finds the first entry, too, made none more.

// heads tells whether an entry heads a pair.
func (m *Model) heads(entry int) bool { return m.packed(secArray, entry, m.bits.entry)&1 != 0 }

// pairAt is the token at a place, or a mark, and the one after it.
func (m *Model) pairAt(place int) (pair [2]int) {
	pair[0], _ = m.code(place)
	pair[1], _ = m.After(place)
	return pair
}

// pair is the entries of iv around one of them that have the same first two tokens, the second of which is id.
func (m *Model) pair(iv Interval, entry, id int) Interval {
	return Interval{m.pairBegin(iv.Lo, entry, id), m.pairEnd(entry, iv.Hi, id)}
}

// pairBegin is the first entry, not before lo, of the pair that an entry is of, with second token id.
func (m *Model) pairBegin(lo, entry, id int) int {
	for range pairSteps {
		if entry <= lo || m.heads(entry) {
			return max(entry, lo)
		}
		if entry%secondStep == 0 { // a sample of this pair: go to the first one
			if _, first := m.sample(lo, entry, id); first < entry {
				entry = first
				continue
			}
		}
		entry--
	}
	m.damage(secArray, 0, "a pair without a head")
	return entry
}

// pairEnd is the end, not behind hi, of the pair that an entry is of, with second token id.
func (m *Model) pairEnd(entry, hi, id int) int {
	for range pairSteps {
		if entry++; entry >= hi || m.heads(entry) {
			return min(entry, hi)
		}
		if entry%secondStep == 0 { // a sample of this pair: go to the last one
			after, _ := m.sample(entry, hi, id+1)
			entry = max(entry, after-1)
		}
	}
	m.damage(secArray, 0, "a pair without an end")
	return entry
}

// pairSteps is more than it takes to get from one sample to another, past all those between them, and to the end of the pair.
const pairSteps = 3 * secondStep
