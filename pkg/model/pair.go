package model

// # Pairs
//
// The search that a walk makes most often, once for each token that it adds, is the one for the
// second token of a suffix. Each look at a second token reads the stream at a place far from the
// last one, and most looks are for the ends of the result. So the array tells of each entry whether
// it heads a pair: whether it is the first one with its first two tokens. Once one entry of a pair
// is known, the others are found by these bits, which are next to each other, and by the samples in
// seconds. This makes 1.1 to 1.3 times as many drafts a second of a model of 17 million tokens, for
// one bit an entry: 2 % of the file. Skipping whole pairs also at each step of the search for that
// first known entry gained nothing.

// heads tells whether an entry heads a pair.
func (m *Model) heads(entry int) bool { return m.packed(secArray, entry, m.bits.entry)&1 != 0 }

// pairAt is the token or mark at a place, and the one after it.
func (m *Model) pairAt(place int) (pair [2]int) {
	pair[0], _ = m.code(place)
	pair[1], _ = m.After(place)
	return pair
}

// pair is those entries of iv that have the same first two tokens as the given one, id being the
// second.
func (m *Model) pair(iv Interval, entry, id int) Interval {
	return Interval{m.pairBegin(iv.Lo, entry, id), m.pairEnd(entry, iv.Hi, id)}
}

// pairBegin is the first entry of the same pair, but not before lo. id is the second token of the
// pair.
func (m *Model) pairBegin(lo, entry, id int) int {
	for range pairSteps {
		if entry <= lo || m.heads(entry) {
			return max(entry, lo)
		}
		if entry%secondStep == 0 { // a sample of this pair: go on from the first one
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

// pairEnd is the end of the same pair, but at most hi. id is the second token of the pair.
func (m *Model) pairEnd(entry, hi, id int) int {
	for range pairSteps {
		if entry++; entry >= hi || m.heads(entry) {
			return min(entry, hi)
		}
		if entry%secondStep == 0 { // a sample of this pair: go on from the last one
			after, _ := m.sample(entry, hi, id+1)
			entry = max(entry, after-1)
		}
	}
	m.damage(secArray, 0, "a pair without an end")
	return entry
}

// pairSteps is more steps than it takes to get to a sample, past all samples of the pair, and on to
// its end.
const pairSteps = 3 * secondStep
