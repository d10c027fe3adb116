package model

import (
	"encoding/binary"
	"math/bits"
)

// keyText is the stream in the form in which its suffixes are sorted: every code has the same place
// and length, but codes compare byte by byte as their numbers do. So a suffix is a string of bytes,
// eight of which contain about five tokens; the sort decodes nothing; and a place in the text is
// one in the stream.
//
// The first byte of a code tells its length. The number 0, a mark, is the byte 0; a number up to
// 127 is one byte, greater by one. Codes of 2 to 5 bytes begin with bytes from 129, 193, 226 and
// 243 on, and continue with digits to the base 254, stored as bytes greater by 2. Gaps are filled
// with bytes of 1, which the sort skips. A text without gaps would be simpler to read, but finding
// the places in the stream again took a fifth of the whole build.
type keyText struct {
	text  []byte     // with slack
	parts []keyPart  // the parts of the text
	pairs [][]uint32 // by share: number of codes that begin with each pair of bytes; see encoder
}

// keyPart is a part of the key text that begins with a mark.
type keyPart struct {
	begin, end uint32
	share      int // the share in which its pairs are counted
}

const (
	gapByte  = 1
	keySlack = 48 // bytes that may be read after the end of a key text
)

// reset makes room for a text of size bytes, in the memory of the previous one.
func (t *keyText) reset(size, parts, shares int) {
	t.text = extend(t.text[:0], size+keySlack)
	clear(t.text[size:])
	t.parts = extend(t.parts[:0], parts)
	t.pairs = extend(t.pairs, shares)
	for i := range t.pairs {
		t.pairs[i] = extend(t.pairs[i], bucketCount)
		clear(t.pairs[i])
	}
}

// codeLengths is the length of a code, by its first byte.
var codeLengths = func() (t [256]byte) {
	for i := range t {
		for _, first := range []int{0, 129, 193, 226, 243} {
			if i >= first {
				t[i]++
			}
		}
	}
	return t
}()

// keyCode is the code of a number, its first byte lowest.
func keyCode(n uint32) uint64 {
	var digits uint64
	put := func(count int, first uint64) uint64 {
		for range count {
			digits = digits<<8 | uint64(2+n%254)
			n /= 254
		}
		return digits<<8 | first + uint64(n)
	}
	switch {
	case n == 0:
		return 0
	case n < 1<<7:
		return uint64(n + 1)
	case n < 1<<14:
		n -= 1 << 7
		return put(1, 129)
	case n < 1<<21:
		n -= 1 << 14
		return put(2, 193)
	case n < 1<<28:
		n -= 1 << 21
		return put(3, 226)
	}
	n -= 1 << 28
	return put(4, 243)
}

// keyNumber is the number whose code text begins with.
func keyNumber(text []byte) uint32 {
	n, size := uint32(text[0]), codeLengths[text[0]]
	if size == 1 {
		return max(n, 1) - 1
	}
	n -= [...]uint32{2: 129, 3: 193, 4: 226, 5: 243}[size]
	for _, c := range text[1:size] {
		n = n*254 + uint32(c-2)
	}
	return n + 1<<(7*(size-1))
}

// secondNumber is the number of the second token of a suffix; 0 for a mark.
func secondNumber(suffix []byte) uint32 {
	suffix = suffix[codeLengths[suffix[0]]:]
	for suffix[0] == gapByte {
		suffix = suffix[1:]
	}
	return keyNumber(suffix)
}

// suffixBytes are the codes of a suffix, without gaps and without the mark that ends it.
type suffixBytes struct {
	size  int
	bytes [maxSuffix + 8]byte // bytes from size on are undefined
}

// maxSuffix is the length of the longest suffix in bytes: Depth codes of 5 bytes.
const maxSuffix = 5 * Depth

// read reads the suffix at the beginning of text, and tells whether text contains all of it and 8
// bytes more.
func (s *suffixBytes) read(text []byte) (whole bool) {
	at := 0
	s.size = 0
	for tokens := 0; tokens < Depth && at+8 <= len(text); {
		c := text[at]
		if c == gapByte {
			at++
			continue
		}
		if c == 0 && tokens > 0 {
			break
		}
		binary.LittleEndian.PutUint64(s.bytes[s.size:], binary.LittleEndian.Uint64(text[at:]))
		n := int(codeLengths[c])
		at, s.size = at+n, s.size+n
		tokens++
	}
	return at+8 <= len(text)
}

// pair is the first two bytes of a suffix.
func (s *suffixBytes) pair() int {
	if s.size < 2 {
		return int(s.bytes[0]) << 8
	}
	return int(s.bytes[0])<<8 | int(s.bytes[1])
}

// pair is the first two bytes of the suffix at a place.
func (t *keyText) pair(at uint32) int {
	first, second := t.text[at], at+1
	for t.text[second] == gapByte {
		second++
	}
	return int(first)<<8 | int(t.text[second])
}

// shared is the length of the longest common prefix of s and t.
func (s *suffixBytes) shared(t *suffixBytes) int {
	n := min(s.size, t.size)
	for i := 0; i < n; i += 8 {
		if x := binary.LittleEndian.Uint64(s.bytes[i:]) ^ binary.LittleEndian.Uint64(t.bytes[i:]); x != 0 {
			return min(i+bits.TrailingZeros64(x)/8, n)
		}
	}
	return n
}

// load implements sortable. The strings are the suffixes without their gaps: from a token, given by
// its place, to the next mark, but at most Depth tokens.
func (t *keyText) load(keys []uint64, items []uint32, spans []span) {
	rest := keys
	for _, r := range spans {
		for i, at := range items[r.lo:r.hi] {
			rest[i] = t.key(t.text[at:], int(r.depth))
		}
		rest = rest[r.size():]
	}
	for _, r := range spans {
		part := keys[:r.size()]
		for i, at := range items[r.lo:r.hi] {
			if part[i] == 0 {
				part[i] = gappedKey(t.text[at:], int(r.depth))
			}
		}
		if r.tokens+8 > Depth {
			for i, key := range part {
				part[i] = r.limit(key)
			}
		}
		keys = keys[r.size():]
	}
}

// after implements sortable.
func (t *keyText) after(p position, key uint64, n int) position {
	i := int(p.skip)
	for ; i < n; p.tokens++ {
		i += int(codeLengths[byte(key>>(56-8*i))])
	}
	return position{p.depth + int32(n), p.tokens, uint8(i - n)}
}

// limit replaces what is beyond the Depth-th token of a suffix by zeros, in the key loaded for
// position p.
func (p position) limit(key uint64) uint64 {
	i := int(p.skip)
	for tokens := p.tokens; tokens < Depth && i < 8; tokens++ {
		i += int(codeLengths[byte(key>>(56-8*i))])
	}
	return key &^ (^uint64(0) >> (8 * i))
}

// key is the 8 bytes of a suffix from depth on, or 0 if there are gaps before or in them: then
// gappedKey must read them.
func (t *keyText) key(text []byte, depth int) uint64 {
	x := binary.LittleEndian.Uint64(text[depth:])
	gaps := zeroBytes(x ^ gapBytes)
	for k := 0; k < depth; k += 8 {
		gaps |= zeroBytes(binary.LittleEndian.Uint64(text[k:]) ^ gapBytes)
	}
	zero := zeroBytes(x)
	x = bits.ReverseBytes64(x & (zero&-zero>>7 - 1))
	return x &^ uint64(int64(gaps|-gaps)>>63)
}

// firstKey is the 8 bytes of a suffix from the third on.
func (t *keyText) firstKey(at uint32) uint64 {
	key := t.key(t.text[at:], 2)
	if key == 0 {
		key = gappedKey(t.text[at:], 2)
	}
	return key
}

const (
	gapBytes = 0x0101010101010101
	highBits = 0x8080808080808080
)

// zeroBytes is 0 if no byte of x is 0; otherwise its lowest bit is the highest of the lowest byte that is.
func zeroBytes(x uint64) uint64 { return (x - gapBytes) &^ x & highBits }

// gappedKey is key for any suffix, with gaps or not.
func gappedKey(text []byte, depth int) (key uint64) {
	n := -depth
	for i := 0; n < 8; i++ {
		c := text[i]
		if c == gapByte {
			continue
		}
		if n >= 0 {
			if c == 0 {
				return key << (64 - 8*n)
			}
			key = key<<8 | uint64(c)
		}
		n++
	}
	return key
}
