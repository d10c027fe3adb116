// Package bloom is a Bloom filter in blocks of one cache line: a set of 64-bit hashes that may
// wrongly report a few others as members (Bloom, Space/time trade-offs in hash coding with
// allowable errors, CACM 1970; Putze, Sanders, Singler, Cache-, hash- and space-efficient Bloom
// filters, 2007). The filter itself is the caller's: a list of blocks, in memory or in a file.
//
//	i, bits := bloom.Place(hash, len(blocks))
//	blocks[i].Set(bits)
package bloom

import (
	"encoding/binary"
	"math/bits"
)

// A Block has six bits set for each hash that falls into it. Of the hashes that were not added, a
// filter of 12 bits a hash lets 1 in 200 through, of 10 bits 1 in 100, of 8 bits 1 in 43, and of 6
// bits 1 in 15.
type Block [8]uint64

// Size is the size of a block in bytes.
const Size = 64

const probes = 6

// Place returns which of so many blocks, at least one, a hash falls into, and its bits there, packed
// into set: nine for each of the six. Multiplying instead of dividing is as in Lemire, Fast random
// integer generation in an interval, 2019. The block depends on the upper bits of the hash most, so
// these should be as random as the lower ones.
func Place(hash uint64, blocks int) (block int, set uint64) {
	i, _ := bits.Mul64(hash, uint64(blocks))
	return int(i), hash * 0x9e3779b97f4a7c15 >> (64 - 9*probes)
}

// Set sets the bits of a hash, given as Place returns them.
func (b *Block) Set(bits uint64) {
	for range probes {
		b[bits>>6&7] |= 1 << (bits & 63)
		bits >>= 9
	}
}

// SetAll sets bits[i] in blocks[i], for each of the blocks, and overwrites bits. It sets one bit in
// each block, then the next, so that the reads of a filter larger than the caches overlap. That takes
// half the time.
func SetAll(blocks []*Block, bits []uint64) {
	bits = bits[:len(blocks)]
	for range probes {
		for i, b := range blocks {
			b[bits[i]>>6&7] |= 1 << (bits[i] & 63)
			bits[i] >>= 9
		}
	}
}

// Has tells whether all bits of a hash, given as Place returns them, are set.
func (b *Block) Has(bits uint64) bool {
	for range probes {
		if b[bits>>6&7]>>(bits&63)&1 == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}

// Append appends the block in the form that FromBytes reads: eight little-endian integers.
func (b *Block) Append(dst []byte) []byte {
	for _, w := range b {
		dst = binary.LittleEndian.AppendUint64(dst, w)
	}
	return dst
}

// FromBytes returns the block in the first Size bytes of p, in the form that Append writes. It
// panics if there are fewer.
func FromBytes(p []byte) (b Block) {
	for i := range b {
		b[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	return b
}
