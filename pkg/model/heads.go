package model

import "encoding/binary"

// An entry of the array heads a pair if it is the first one with its first two tokens; see pair.go.

// entryOf is the entry of the array for the suffix at a place.
func entryOf(place uint64, heads bool) uint64 {
	if heads {
		return place<<1 | 1
	}
	return place << 1
}

// pairHeads tells of suffixes, given one by one in order, whether they head pairs. Its zero value, two
// marks, is no pair.
type pairHeads struct{ last [2]uint64 }

func (h *pairHeads) next(suffix []byte) bool {
	last := h.last
	h.last = firstTwo(suffix)
	return h.last != last
}

// firstTwo is the codes of a suffix's first two tokens, which are as distinct as their numbers.
func firstTwo(suffix []byte) (pair [2]uint64) {
	for i := range pair {
		x := binary.LittleEndian.Uint64(suffix)
		n := codeLengths[byte(x)]
		pair[i] = x & (1<<(8*n) - 1)
		for suffix = suffix[n:]; suffix[0] == gapByte; {
			suffix = suffix[1:]
		}
	}
	return pair
}

// markHeads notes which suffixes of a sorted bucket head pairs. Their keys suffice: together with
// the two bytes of the bucket they contain all of the first two tokens. Reading the text again for
// every suffix made training as a whole take 40 % longer; only the few buckets without keys need
// that.
func (s *suffixSorter) markHeads(k int) {
	lo, hi, bucket := s.starts[k], s.starts[k+1], s.first+k
	if lo == hi {
		return
	}
	heads := s.heads[lo:hi]
	clear(heads)
	heads[0] = true
	switch {
	case bucket&0xff == 0: // the post ends here, so all of them are one pair
	case s.keyed(k):
		keys := s.keys[lo:hi]
		for i := 1; i < len(keys); i++ {
			heads[i] = (keys[i]^keys[i-1])>>(64-8*pairKey(bucket, keys[i])) != 0
		}
	default:
		var h pairHeads
		for i, at := range s.items[lo:hi] {
			heads[i] = h.next(s.text[at:])
		}
	}
}

// pairKey is the number of bytes in the key of a suffix, in a given bucket, that belong to its
// first two tokens.
func pairKey(bucket int, key uint64) uint8 {
	n := codeLengths[bucket>>8]
	if n == 1 {
		return codeLengths[bucket&0xff] - 1
	}
	return n - 2 + codeLengths[byte(key>>(56-8*(n-2)))]
}
