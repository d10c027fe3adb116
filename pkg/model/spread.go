package model

import "math"

// spreadParts is the number of parts of the corpus, in its order, among which a token's occurrences
// are compared.
const spreadParts = 32

// Spread tells how unevenly a token is spread over the corpus, in nats per occurrence: near 0 for
// one that stands everywhere alike, as function words do in any language, up to ln 32 for one that belongs to a
// single time. It is what an occurrence tells about the part that it stands in, less what chance alone
// would (Montemurro, Zanette, Towards the Quantification of the Semantic Information Encoded in Written
// Language, 2010, https://arxiv.org/abs/0907.1558). It reads the token's entries of the array.
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
