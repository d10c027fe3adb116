package model

import (
	"encoding/binary"
	"math/bits"
	"sort"
)

// keyText is the stream as the sort of its suffixes reads it: no gaps, and the tokens in
// codes that are compared byte by byte as their ids are. So a suffix is a string of bytes,
// eight of which hold the next five tokens or so, and the sort decodes nothing.
//
// A key code is as long as the stream's code of the same number. Numbers below 2^7 are
// themselves; longer codes begin with bytes from 128, 192, 224, 241 on, for 2 to 5 bytes, and
// go on with digits to the base 255 that are never 0: a zero byte is a mark.
type keyText struct {
	text  []byte // with 8 bytes of slack
	gaps  gapIndex
	parts []keyPart  // which the text consists of
	pairs [][]uint32 // by worker: how many codes begin with each pair of bytes
	array []uint32   // the places of all codes, by their suffixes
}

// keyPart is a part of the key text that begins with a mark.
type keyPart struct {
	begin, end uint32
	worker     int // who has counted its pairs
}

func newKeyText(size int64) *keyText {
	return &keyText{text: make([]byte, size+8), gaps: newGapIndex(int(size))}
}

// codeLengths has the length of a code by its first byte.
var codeLengths = func() (t [256]byte) {
	for i := range t {
		for _, first := range []int{0, 128, 192, 224, 241} {
			if i >= first {
				t[i]++
			}
		}
	}
	return t
}()

// keyCode is the key code of a number, its first byte lowest.
func keyCode(id uint32) uint64 {
	var digits uint64
	put := func(n uint32, first uint64) uint64 {
		for ; n > 0; n-- {
			digits = digits<<8 | uint64(1+id%255)
			id /= 255
		}
		return digits<<8 | first + uint64(id)
	}
	switch {
	case id < 1<<7:
		return uint64(id)
	case id < 1<<14:
		id -= 1 << 7
		return put(1, 128)
	case id < 1<<21:
		id -= 1 << 14
		return put(2, 192)
	case id < 1<<28:
		id -= 1 << 21
		return put(3, 224)
	}
	id -= 1 << 28
	return put(4, 241)
}

// keyID is the number whose key code text begins with.
func keyID(text []byte) uint32 {
	id := uint32(text[0])
	if id < 128 {
		return id
	}
	n := codeLengths[text[0]]
	base := [...]struct{ first, id uint32 }{2: {128, 1 << 7}, 3: {192, 1 << 14}, 4: {224, 1 << 21}, 5: {241, 1 << 28}}[n]
	id -= base.first
	for _, c := range text[1:n] {
		id = id*255 + uint32(c-1)
	}
	return id + base.id
}

// suffix is the codes of a suffix, without the mark that ends it.
func (t *keyText) suffix(at uint32) []byte {
	end := at
	for n := 0; n < Depth; n++ {
		if t.text[end] == 0 && n > 0 {
			break
		}
		end += uint32(codeLengths[t.text[end]])
	}
	return t.text[at:end]
}

// load is part of sortable. The strings are the suffixes: from a token, given by its offset, to the next mark, but
// at most Depth tokens.
func (t *keyText) load(keys []uint64, items []uint32, depth int) {
	if depth+8 > Depth {
		t.loadDeep(keys, items, depth)
		return
	}
	for i, at := range items {
		keys[i] = cutAtZero(binary.LittleEndian.Uint64(t.text[int(at)+depth:]))
	}
}

// cutAtZero turns 8 bytes of text, the first lowest, into a key: what follows the first zero byte becomes
// zero, and the first byte the highest.
func cutAtZero(x uint64) uint64 {
	zero := (x - 0x0101010101010101) &^ x & 0x8080808080808080
	return bits.ReverseBytes64(x & (zero&-zero>>7 - 1))
}

// loadDeep is load where the depth may be reached. Since the items share their first depth bytes, the
// tokens in them are counted once.
func (t *keyText) loadDeep(keys []uint64, items []uint32, depth int) {
	skip, tokens := 0, 0
	for tokens < Depth {
		n := int(codeLengths[t.text[int(items[0])+skip]])
		if skip+n > depth {
			break
		}
		skip, tokens = skip+n, tokens+1
	}
	for i, at := range items {
		end, limit := int(at)+skip, int(at)+depth+8
		for n := tokens; n < Depth && end < limit; n++ {
			end += int(codeLengths[t.text[end]])
		}
		key := cutAtZero(binary.LittleEndian.Uint64(t.text[limit-8:]))
		if end < limit {
			key &^= 1<<(8*min(limit-end, 8)) - 1
		}
		keys[i] = key
	}
}

// gapIndex tells how many bytes of gaps stand in the stream before a place of the key text.
type gapIndex struct {
	blocks []gapBlock
	wide   []uint32 // places after gaps of more than one byte, once for each byte more
	odd    []uint64 // one bit a block: some of wide are in it
}

// gapBlock is about 32 bytes of key text.
type gapBlock struct {
	gaps   uint32 // a bit for each byte that follows a gap
	before uint32 // bytes of gaps in the blocks before
}

func newGapIndex(size int) gapIndex {
	blocks := size/32 + 1
	return gapIndex{blocks: make([]gapBlock, blocks), odd: make([]uint64, blocks/64+1)}
}

// add notes a gap of n bytes before the token at place at. Places are to come in order.
func (g *gapIndex) add(at uint32, n int) {
	g.blocks[at/32].gaps |= 1 << (at % 32)
	for ; n > 1; n-- {
		g.wide = append(g.wide, at)
		g.odd[at/32/64] |= 1 << (at / 32 % 64)
	}
}

// addAll notes the gaps of a piece that begins at base.
func (g *gapIndex) addAll(base uint32, places []uint32) {
	for i := 0; i < len(places); {
		n := 1
		for i+n < len(places) && places[i+n] == places[i] {
			n++
		}
		g.add(base+places[i], n)
		i += n
	}
}

// close makes the index ready for use.
func (g *gapIndex) close() {
	sum, wide := uint32(0), g.wide
	for i := range g.blocks {
		b := &g.blocks[i]
		b.before = sum
		sum += uint32(bits.OnesCount32(b.gaps))
		for len(wide) > 0 && int(wide[0]/32) == i {
			sum, wide = sum+1, wide[1:]
		}
	}
}

// stream is the offset in the stream of the token at a place of the key text.
func (g *gapIndex) stream(at uint32) uint32 {
	block := at / 32
	b := g.blocks[block]
	sum := at + b.before + uint32(bits.OnesCount32(b.gaps&(2<<(at%32)-1)))
	if g.odd[block/64]>>(block%64)&1 != 0 {
		lo := sort.Search(len(g.wide), func(i int) bool { return g.wide[i] >= block*32 })
		for ; lo < len(g.wide) && g.wide[lo] <= at; lo++ {
			sum++
		}
	}
	return sum
}
