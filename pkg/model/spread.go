package model

import "math"

// spreadParts is the number of equal, consecutive parts of the stream among which Spread compares a
// token's occurrences.
const spreadParts = 32

// Spread tells how unevenly a token is spread over the corpus, in nats per occurrence: near 0 for
// one that occurs equally often everywhere, as function words do in any language, up to ln 32 for
// one that belongs to a single time. It is the information that an occurrence gives about the part
// that contains it, less what is expected by chance (Montemurro, Zanette, Towards the
// Quantification of the Semantic Information Encoded in Written Language, 2010,
// https://arxiv.org/abs/0907.1558). It reads all entries of the token in the array. A token that
// does not occur has 0.
func (m *Model) Spread(id int) float64 {
	iv := m.Token(id)
	if iv.Len() == 0 {
		return 0
	}
	var parts [spreadParts]float64
	size := m.length(secStream)
	for e := iv.Lo; e < iv.Hi; e++ {
		parts[uint64(m.Place(e))*spreadParts/uint64(size)]++
	}
	n, told := float64(iv.Len()), 0.0
	for _, k := range parts {
		if k > 0 {
			told += k * math.Log(k*spreadParts/n)
		}
	}
	return max(told-(spreadParts-1)/2.0, 0) / n
}
