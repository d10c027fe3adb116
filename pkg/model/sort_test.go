package model

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// lines are strings without zero bytes, as a sorter may have to sort them.
type lines [][]byte

func (l lines) load(keys []uint64, items []uint32, spans []span) {
	for _, r := range spans {
		for i, item := range items[r.lo:r.hi] {
			keys[i] = spell(l[item], int(r.depth))
		}
		keys = keys[r.size():]
	}
}

func (l lines) after(p position, _ uint64, n int) position {
	return position{depth: p.depth + int32(n)}
}

func TestSorter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.ByteRange('a', rapid.SampledFrom([]byte{'a', 'b', 0xff}).Draw(t, "last letter"))
		list := rapid.SliceOf(rapid.SliceOfN(letter, 0, 30)).Draw(t, "strings")
		n := rapid.OneOf(rapid.Just(257), rapid.IntRange(0, 2000)).Draw(t, "at least") // 256 is an index of two bytes
		for len(list) > 0 && len(list) < n {
			list = append(list, list...)
		}
		if n == 257 {
			list = list[:min(n, len(list))]
		}
		items := make([]uint32, len(list))
		for i := range items {
			items[i] = uint32(i)
		}
		want := slices.Clone(items)
		slices.SortFunc(want, func(a, b uint32) int {
			if c := bytes.Compare(list[a], list[b]); c != 0 {
				return c
			}
			return int(a) - int(b)
		})
		items = rapid.Permutation(items).Draw(t, "order")
		s := newSorters(1, lines(list), rapid.SampledFrom([]int{2, 10, 300, sorterRange}).Draw(t, "largest"))[0]
		s.add(0, len(items), position{})
		s.sort(items)
		if !slices.Equal(items, want) {
			t.Fatalf("got %v, want %v", items, want)
		}
	})
}

func TestSortKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 24, 25, 300, 5000} {
		for _, mask := range []uint64{0, 1 << 24, 0xff << 56, 0xffff << 40, ^uint64(0)} {
			keys := make([]uint64, n)
			for i := range keys {
				keys[i] = r.Uint64()&mask>>16<<16 | uint64(i)
			}
			want := slices.Sorted(slices.Values(keys))
			sortKeys(keys, make([]uint64, n), 56, 16)
			if !slices.Equal(keys, want) {
				t.Errorf("%d keys of %#x out of order", n, mask)
			}
		}
	}
}

func TestPermute(t *testing.T) {
	items, digits := []uint32{0, 1, 2, 3, 4, 5, 6}, []byte{7, 0, 255, 7, 0, 9, 7}
	ends := permute(items, digits)
	sorted := slices.Equal(digits, []byte{0, 0, 7, 7, 7, 9, 255})
	if !sorted || ends[0] != 2 || ends[6] != 2 || ends[7] != 5 || ends[255] != 7 {
		t.Errorf("digits %v, ends %v", digits, ends)
	}
	if slices.Sort(items); !slices.Equal(items, []uint32{0, 1, 2, 3, 4, 5, 6}) {
		t.Errorf("items %v", items)
	}
}

// The codes of keys must be as long as those of the stream, ordered as their numbers, and tell their
// length by the first byte.
func TestKeyCodes(t *testing.T) {
	var numbers []uint32
	for _, edge := range []uint32{0, 1 << 7, 1<<7 + 254, 1 << 14, 1<<14 + 254*254, 1 << 21, 1 << 28, 1<<32 - 3} {
		for n := uint64(max(edge, 3)) - 3; n <= min(uint64(edge)+2, 1<<32-1); n++ {
			numbers = append(numbers, uint32(n))
		}
	}
	var before []byte
	for i, n := range slices.Compact(slices.Sorted(slices.Values(numbers))) {
		inStream := appendCode(nil, n)
		if want := twinCode(n); !bytes.Equal(inStream, want) {
			t.Errorf("%d: code %x in the stream, want %x", n, inStream, want)
		}
		code, length := keyCode(n), len(inStream)
		var text []byte
		for range length {
			text, code = append(text, byte(code)), code>>8
		}
		if code != 0 || int(codeLengths[text[0]]) != length || keyNumber(text) != n {
			t.Errorf("%d: code %x, which reads as %d", n, text, keyNumber(text))
		}
		if i > 0 && bytes.Compare(before, text) >= 0 {
			t.Errorf("%d: code %x is not above %x", n, text, before)
		}
		if n > 0 && (bytes.ContainsAny(text, "\x00\x01")) {
			t.Errorf("%d: code %x looks like a mark or gap", n, text)
		}
		before = text
	}
}

// A key must have the same bytes as the suffix, whatever gaps are in it.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var kt keyText
		var places []uint32
		for range rapid.IntRange(1, 3).Draw(t, "posts") {
			places, kt.text = append(places, uint32(len(kt.text))), append(kt.text, 0)
			for i := range rapid.IntRange(1, 40).Draw(t, "tokens") {
				if i > 0 && rapid.IntRange(0, 3).Draw(t, "gap") == 0 {
					kt.text = append(kt.text, bytes.Repeat([]byte{gapByte}, rapid.IntRange(1, 5).Draw(t, "gap's length"))...)
				}
				n := rapid.SampledFrom([]uint32{1, 1, 2, 130, 70000, 3 << 21, 1 << 30}).Draw(t, "number")
				places = append(places, uint32(len(kt.text)))
				for code := keyCode(n); code > 0; code >>= 8 {
					kt.text = append(kt.text, byte(code))
				}
			}
		}
		kt.text = append(kt.text, make([]byte, 1+keySlack)...)
		for _, at := range places {
			var read suffixBytes
			read.read(kt.text[at:])
			suffix := read.bytes[:read.size]
			padded := append(slices.Clone(suffix), make([]byte, 8)...)
			p := kt.after(position{}, uint64(suffix[0])<<56|uint64(padded[1])<<48, 2)
			for int(p.depth) < len(suffix) {
				var got [1]uint64
				kt.load(got[:], []uint32{at}, []span{{0, 1, p}})
				if want := binary.BigEndian.Uint64(padded[p.depth:]); got[0] != want {
					t.Fatalf("key of %x for %v is %x, want %x", suffix, p, got[0], want)
				}
				p = kt.after(p, got[0], rapid.IntRange(1, 8).Draw(t, "bytes"))
			}
		}
	})
}

func TestSpelling(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, table *table, cores int) {
		order := table.order(cores)
		if len(order) != table.len() {
			t.Fatalf("%d of %d words", len(order), table.len())
		}
		for i := 1; i < len(order); i++ {
			if bytes.Compare(table.at(order[i-1]), table.at(order[i])) >= 0 {
				t.Fatalf("%q stands before %q", table.at(order[i-1]), table.at(order[i]))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.SampledFrom([]byte("\x00\x01\x02ab\xff"))
		if rapid.Bool().Draw(t, "plain") {
			letter = rapid.SampledFrom([]byte("\x02ab\xff"))
		}
		var table table
		for _, s := range rapid.SliceOf(rapid.SliceOfN(letter, 0, 20)).Draw(t, "words") {
			table.intern(s)
		}
		check(t, &table, rapid.IntRange(1, 3).Draw(t, "cores"))
	})
	r := rand.New(rand.NewPCG(3, 0)) // many words, of any bytes, divided into buckets
	for _, letters := range []string{"\x00\x01\x02ab\xff", "\x02ab\xfe\xff"} {
		var table table
		for table.len() < 2*smallList {
			word := make([]byte, r.IntN(9))
			for i := range word {
				word[i] = letters[r.IntN(len(letters))]
			}
			table.intern(word)
		}
		check(t, &table, 2)
	}
}
