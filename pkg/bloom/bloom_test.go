package bloom

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// What was added is found, even after conversion to bytes and back; of the rest, as much passes as
// the documentation says.
func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		bits      int // for a hash
		low, high float64
	}{{12, 1. / 240, 1. / 160}, {10, 1. / 115, 1. / 85}, {8, 1. / 47, 1. / 39}, {6, 1. / 17, 1. / 13}} {
		const n = 100_000
		r := rand.New(rand.NewPCG(1, uint64(tt.bits)))
		blocks := make([]Block, n*tt.bits/512)
		hashes := make([]uint64, n)
		for j := range hashes {
			hashes[j] = r.Uint64()
			i, bits := Place(hashes[j], len(blocks))
			blocks[i].Set(bits)
		}
		var file []byte
		for i := range blocks {
			file = blocks[i].Append(file)
		}
		has := func(hash uint64) bool {
			i, bits := Place(hash, len(blocks))
			read := FromBytes(file[i*Size:])
			if read != blocks[i] {
				t.Fatal("a block is not what was written")
			}
			return read.Has(bits)
		}
		for _, hash := range hashes {
			if !has(hash) {
				t.Fatalf("%#x is not there", hash)
			}
		}
		passed := 0
		for range n {
			if has(r.Uint64()) {
				passed++
			}
		}
		if share := float64(passed) / n; share < tt.low || share > tt.high {
			t.Errorf("%d bits: one in %.0f passes", tt.bits, 1/share)
		}
	}
}

// Setting several at once equals setting one after the other.
func TestSetAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	one, all := make([]Block, 7), make([]Block, 7)
	for range 50 {
		var blocks []*Block
		var bits []uint64
		for range r.IntN(20) {
			i, b := Place(r.Uint64(), len(all))
			one[i].Set(b)
			blocks, bits = append(blocks, &all[i]), append(bits, b)
		}
		SetAll(blocks, bits)
		if !slices.Equal(one, all) {
			t.Fatal("not the same")
		}
	}
}

// What is behind the bytes is not read.
func TestFromTooFewBytes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a block was read from too few bytes")
		}
	}()
	FromBytes(make([]byte, Size-1, Size))
}
