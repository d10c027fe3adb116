package corpus

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"horsepipe/pkg/bloom"
)

// Dedup remembers what was learned, by 64-bit hashes: among a hundred million different posts, the
// probability that any is mistaken for a duplicate is 0.0003. A post costs 10 to 13 bytes. The zero
// value is empty and unbounded. Only one goroutine may use it at a time.
//
// It has many small tables rather than one: each grows by itself, so that growing takes hardly any
// extra memory, whereas a map would need half as much again.
type Dedup struct {
	tables [1 << dedupBits]dedupTable
	held   int // hashes in the tables
	most   int // hashes that the tables may hold; 0 means no bound
	file   hashFile
}

const dedupBits = 10 // bits of the hash that choose the table

// dedupTable is open addressing with linear probing; 0 is an empty slot.
type dedupTable struct {
	slots []uint64
	n     int
}

// What Bound takes of its memory at most, however much that is.
const (
	dedupPost   = 16      // bytes of the tables for a hash: tables of some hundred hashes are filled unevenly
	dedupMost   = 1 << 28 // hashes in the tables: a run in the file can have at most 2^32
	dedupFilter = 1 << 30 // bytes of the filter: enough for 700 million posts
)

// Bound limits an empty d to about memory bytes, 0 for no bound: a quarter for the tables, the rest
// for the filter of a hashFile. What does not fit goes to a temporary file in dir, "" for
// os.TempDir(), so d must be closed.
//
// With two bytes of memory a post, the file is read for hardly more than the duplicates; with half
// a byte, for most posts. BenchmarkDedup, where a tenth are duplicates, took 1.5 and 3.9 µs a post,
// and 0.4 without a bound.
func (d *Dedup) Bound(memory int64, dir string) {
	if memory == 0 {
		return
	}
	d.most = int(min(max(memory/4/dedupPost, 1), dedupMost))
	d.file.blocks = max(min(memory/4*3, dedupFilter)/bloom.Size, 1)
	d.file.temp.Dir = dir
}

// Close removes the temporary file, if there is one.
func (d *Dedup) Close() error { return d.file.temp.Close() }

// Err is the first error of the temporary file. After it, Seen may be wrong.
func (d *Dedup) Err() error { return d.file.temp.Err() }

// Seen tells whether the hash was given before, and remembers it. A hash that is found in the file
// returns to the tables, since what was repeated lately is likely to be repeated soon.
func (d *Dedup) Seen(hash uint64) bool {
	if hash *= 0x9e3779b97f4a7c15; hash == 0 { // so that the high bits, which choose the place, depend on all
		hash = 1
	}
	if d.tables[hash>>(64-dedupBits)].seen(hash) {
		return true
	}
	seen := d.file.has(hash)
	if d.held++; d.most > 0 && d.held >= d.most {
		d.file.add(&d.tables)
		for i := range d.tables {
			d.tables[i].clear()
		}
		d.held = 0
	}
	return seen
}

func (t *dedupTable) seen(hash uint64) bool {
	if t.n >= len(t.slots)*4/5 {
		old := t.slots
		t.slots = make([]uint64, len(old)*5/4+16)
		for _, h := range old {
			if h != 0 {
				t.slots[t.find(h)] = h
			}
		}
	}
	i := t.find(hash)
	if t.slots[i] == hash {
		return true
	}
	t.slots[i] = hash
	t.n++
	return false
}

// clear empties the table and keeps its memory.
func (t *dedupTable) clear() {
	clear(t.slots)
	t.n = 0
}

// find is the slot of a hash, or the empty one where it belongs.
func (t *dedupTable) find(hash uint64) int {
	i, _ := bits.Mul64(hash<<dedupBits, uint64(len(t.slots)))
	for at := int(i); ; at++ {
		if at == len(t.slots) {
			at = 0
		}
		if h := t.slots[at]; h == hash || h == 0 {
			return at
		}
	}
}

// hashFolded returns a hash that ignores case and the kind and width of gaps. It is the same on
// every machine, so that the same posts are learned. t is in normal form; key is scratch space,
// which is returned for reuse.
func hashFolded(t, key []byte) (uint64, []byte) {
	key = key[:0]
	for i := 0; i < len(t); {
		gap := len(key) > 0 && key[len(key)-1] == ' '
		if i+8 <= len(t) {
			if w, ok := lower8(binary.LittleEndian.Uint64(t[i:]), gap); ok {
				key = binary.LittleEndian.AppendUint64(key, w)
				i += 8
				continue
			}
		}
		n := 1
		if t[i] >= utf8.RuneSelf {
			key, n = foldRune(key, t[i:], gap)
		} else if c := t[i]; c > ' ' {
			key = append(key, lowerByte(c))
		} else if !gap {
			key = append(key, ' ')
		}
		i += n
	}
	return hash(key), key
}

func lowerByte(c byte) byte {
	if c-'A' < 26 {
		c |= 0x20
	}
	return c
}

// foldRune folds the character at the start of t, which is not ASCII, and returns its length. It
// does not decode the characters that most Western, Chinese and Japanese text consists of.
func foldRune(key, t []byte, gap bool) ([]byte, int) {
	switch {
	case t[0] == 0xC3: // U+00C0 to U+00FF, capitals first, with × and ß among them
		low := t[1]
		if low < 0x9F && low != 0x97 {
			low |= 0x20
		}
		return append(key, 0xC3, low), 2
	case t[0] >= 0xD8 && t[0] <= 0xDB: // Arabic, without case
		return append(key, t[:2]...), 2
	case t[0] >= 0xE4 && t[0] <= 0xED && t[0] != 0xEA, t[0] == 0xE3 && t[1] > 0x80: // U+3040 to U+9FFF and U+B000 on, without case
		return append(key, t[:3]...), 3
	}
	r, n := utf8.DecodeRune(t)
	switch {
	case !unicode.IsSpace(r):
		key = utf8.AppendRune(key, unicode.ToLower(r))
	case !gap:
		key = append(key, ' ')
	}
	return key, n
}

// lower8 folds eight bytes at once, if they are ASCII without control characters and contain no
// second gap in a row, also counting the gap before them. It may refuse others, too.
func lower8(w uint64, gap bool) (uint64, bool) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	blank := w ^ ones*' '
	blank = (blank - ones) &^ blank & high
	if w&high != 0 || (w-ones*' ')&^w&high != 0 || blank&(blank<<8) != 0 || gap && blank&0x80 != 0 {
		return 0, false
	}
	fromA, beyondZ := w+ones*(0x80-'A'), w+ones*(0x7F-'Z')
	return w | (fromA&^beyondZ&high)>>2, true
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
