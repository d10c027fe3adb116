package corpus

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// Dedup remembers what was learned, by 64-bit hashes: of a hundred million different posts, one is taken for a
// duplicate by mistake with a probability of 0.0003. A post costs about 20 bytes.
type Dedup struct {
	seen map[uint64]struct{}
}

// Seen tells whether the hash was there before, and remembers it.
func (d *Dedup) Seen(hash uint64) bool {
	if d.seen == nil {
		d.seen = map[uint64]struct{}{}
	}
	before := len(d.seen)
	d.seen[hash] = struct{}{}
	return len(d.seen) == before
}

// Len is how many different hashes there were.
func (d *Dedup) Len() int { return len(d.seen) }

// hashFolded gives a hash that does not depend on case and on the kind and width of gaps. It is the same on
// every machine, so that the same posts are learned. The key is working space.
func hashFolded(t, key []byte) (uint64, []byte) {
	key = key[:0]
	space := false
	for i := 0; i < len(t); {
		r, n := rune(t[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(t[i:])
			r = unicode.ToLower(r)
		} else if r-'A' < 26 && r >= 'A' {
			r |= 0x20
		}
		i += n
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case space:
			key = append(key, ' ')
			space = false
		}
		if r < utf8.RuneSelf {
			key = append(key, byte(r))
		} else {
			key = utf8.AppendRune(key, r)
		}
	}
	return hash(key), key
}

// hash multiplies and folds, eight bytes at a time (the core of wyhash, by Wang Yi).
func hash(b []byte) uint64 {
	const k0, k1 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db
	h := uint64(len(b)) ^ k0
	for ; len(b) >= 8; b = b[8:] {
		h = mix(h^binary.LittleEndian.Uint64(b), k1)
	}
	var tail [8]byte
	copy(tail[:], b)
	return mix(mix(h^binary.LittleEndian.Uint64(tail[:]), k1), k0)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
