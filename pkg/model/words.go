package model

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// usualWord is room for all but the longest words.
const usualWord = 32

// Text is the bytes of word id: of a token or a gap; empty for the mark and for ids that no word
// has. The result is the caller's. It reads at most 16 words.
func (m *Model) Text(id int) []byte {
	return m.appendText(make([]byte, 0, usualWord), id)
}

// appendText appends the bytes of word id to dst[:0].
func (m *Model) appendText(dst []byte, id int) []byte {
	dst = dst[:0]
	if id < 0 || id >= m.words {
		return dst
	}
	block := id / wordBlock
	lo, hi := m.packed(secBlocks, block, m.bits.block), m.packed(secBlocks, block+1, m.bits.block)
	if lo > hi || hi > m.length(secWords) {
		m.damage(secBlocks, 0, "offset out of range")
		return dst
	}
	p := m.file.bytes(m.start[secWords]+lo, hi-lo)
	for i := block * wordBlock; i <= id; i++ {
		shared, length, n := wordHead(p)
		if n == 0 || shared > uint64(len(dst)) || length > uint64(len(p)-n) || shared+length > MaxWord {
			m.damage(secWords, hi-len(p), "a word that is too long or runs over its block")
			return dst[:0]
		}
		dst = append(dst[:shared], p[n:n+int(length)]...)
		p = p[n+int(length):]
	}
	return dst
}

// wordHead reads the two lengths before a word in a block: of what it shares with the word before it, and
// of the bytes that follow. They take n bytes, 0 if p does not begin with two numbers.
func wordHead(p []byte) (shared, length uint64, n int) {
	if len(p) >= 2 && p[0]|p[1] < 0x80 {
		return uint64(p[0]), uint64(p[1]), 2
	}
	shared, n = binary.Uvarint(p)
	length, k := binary.Uvarint(p[max(n, 0):])
	if n <= 0 || k <= 0 {
		return 0, 0, 0
	}
	return shared, length, n + k
}

// Lookup is the id of the token with these bytes, or 0 if the corpus does not contain it. It costs
// two binary searches over the vocabulary, which read up to 16 words at each step.
func (m *Model) Lookup(text []byte) int {
	var buf []byte
	find := func(n int, id func(int) int) int {
		i := sort.Search(n, func(i int) bool {
			buf = m.appendText(buf, id(i))
			return bytes.Compare(buf, text) >= 0
		})
		if i < n {
			if buf = m.appendText(buf, id(i)); bytes.Equal(buf, text) {
				return id(i)
			}
		}
		return 0
	}
	if id := find(m.rare-m.gaps, func(i int) int { return m.packed(secSorted, i, m.bits.word) }); id >= m.gaps {
		return id
	}
	return find(m.words-m.rare, func(i int) int { return m.rare + i })
}

// Count is how often token id occurs in the corpus; for the mark, the number of posts; 0 for a gap.
func (m *Model) Count(id int) int { return m.Token(id).Len() }

// spaced tells whether a single space is the usual gap of token id.
func (m *Model) spaced(id int) bool {
	return m.file.load(m.start[secSpaced]+id/8)>>(id%8)&1 == 1
}
