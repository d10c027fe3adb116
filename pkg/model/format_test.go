package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"strings"
	"testing"
)

// spelledOut is a whole model of two posts, in either version, whose trailer tells its name or does not:
//
//	"a b a"  id 20, of 1970-01-01T00:01:00Z
//	"b  a"   id x1, a reply without a date
//
// Token a stands once after a single space and once after two, so that its usual gap is none; b stands after a
// single space, which is its usual gap.
func spelledOut(version byte, named bool) []byte {
	slack, shift := make([]byte, 8), uint64(0)
	array := []byte{ // offsets in stream; 4 bits each, since stream has 10 bytes
		0 | 5<<4, // the marks: before "a b a", before "b a"
		4 | 8<<4, // "a" and the end of its post, twice
		1 | 2<<4, // "a b a"; "b a"
		6,        // "b a" again, at a greater offset
	}
	if version == '2' { // with a bit below: 1 unless the first two tokens are those of the entry before
		array = binary.LittleEndian.AppendUint64(nil, (0<<1|1)|(5<<1|1)<<5|(4<<1|1)<<10|(8<<1)<<15|(1<<1|1)<<20|(2<<1|1)<<25|(6<<1)<<30)[:5]
		shift = 1
	}
	file := bytes.Join([][]byte{
		// header
		append([]byte("horseMK"), version),

		// words: id 0 is the mark; the gaps are those that have to be written
		{0, 0},      // 0: the mark
		{0, 1, ' '}, // 1: a space, written once (before the second a)
		{1, 1, ' '}, // 2: two spaces, one of them in common with the word before
		{0, 1, 'a'}, // 3: three times
		{0, 1, 'b'}, // 4: twice

		// blocks: the only block begins at 0, and words ends at 14; 4 bits each, since 14 needs 4
		{0 | 14<<4}, slack,

		// spaced: b alone
		{1 << 4},

		// classes: first id, count, first entry of the array; the entries before are the marks
		{3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0},
		{4, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0},

		// sorted: a, b; 3 bits each, since there are 5 words
		{3 | 4<<3}, slack,

		// posts
		{1 | 2 | 4, 40, 120},    // it has an id, a number, and a date; 20 and 60 as svarints
		{1 | 8, 0, 2, 'x', '1'}, // it has an id, and is a reply; nothing in common, two bytes

		// places: of the only block in posts and in stream, and the ends; 4 bits each
		{0 | 0<<4, 8 | 9<<4}, slack,

		// stream: the top bit marks the last byte of each code, so all of these
		{0x80},                   // 0: mark
		{0x83, 0x84, 0x81, 0x83}, // 1: a; b after its usual gap; a after a space
		{0x80},                   // 5: mark
		{0x84, 0x82, 0x83},       // 6: b; a after two spaces
		{0x80},                   // 9: mark

		array, slack,

		// seconds: the second token of entry 0 is a; 3 bits
		{3}, slack,

		// known: nothing

		// note
		[]byte(`{"by":"hand"}`),
	}, nil)

	sums := binary.LittleEndian.AppendUint32(nil, crc32.Checksum(file, crc32.MakeTable(crc32.Castagnoli)))
	var trailer []byte
	for _, n := range []uint64{
		5, 3, 2, 5, 4, // words, gaps (with the mark), posts, tokens, bytes of the longest post
		60, 60, // earliest and latest date
		8, 22, 31, 32, 56, 65, 73, 83, 93, 105 + shift, 114 + shift, 114 + shift, 127 + shift, 131 + shift, // ends of the sections
	} {
		trailer = binary.LittleEndian.AppendUint64(trailer, n)
	}
	size := byte(21*8 + 4 + 4 + 8)
	if named {
		name := sha256.Sum256(append(sums, trailer...))
		trailer = append(trailer, name[:8]...)
		size += 8
	}
	trailer = binary.LittleEndian.AppendUint32(trailer, crc32.Checksum(trailer, crc32.MakeTable(crc32.Castagnoli)))
	trailer = append(trailer, size, 0, 0, 0)
	trailer = append(trailer, "1KMesroh"...)
	return bytes.Join([][]byte{file, sums, trailer}, nil)
}

func TestFormat(t *testing.T) {
	posts := splitPosts("a b a", "b  a")
	posts[0].Post = Post{ID: "20", Time: 60}
	posts[1].Post = Post{ID: "x1", Reply: true}
	got := buildWith(t, Options{Note: []byte(`{"by":"hand"}`)}, posts, 1, 2)
	if want := spelledOut('2', true); !bytes.Equal(got, want) {
		t.Errorf("got\n%x\nwant\n%x", got, want)
	}
}

// Models of version 1, and of version 2 without a name in the trailer, are read like current ones.
func TestEarlier(t *testing.T) {
	var said []string
	for _, version := range []byte("122") {
		named := len(said) == 2
		data := spelledOut(version, named)
		m, err := Load(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Check(); err != nil || m.headed != uint(version-'1') {
			t.Errorf("version %c: %v, %d bits for heads", version, err, m.headed)
		}
		hashed := data[m.start[secSums] : len(data)-12]
		if named {
			hashed = hashed[:len(hashed)-4-nameSize]
		}
		if sum := sha256.Sum256(hashed); m.Name() != hex.EncodeToString(sum[:8]) {
			t.Errorf("version %c, %v: its name is %s", version, named, m.Name())
		}
		said = append(said, account(m))
	}
	if said[0] != said[1] || said[1] != said[2] {
		t.Errorf("they say\n%s", strings.Join(said, "\n"))
	}
}

// Check finds a name that is not that of the model.
func TestCheckName(t *testing.T) {
	data := spelledOut('2', true)
	trailer := data[len(data)-trailerSize:]
	trailer[trailerSize-17] ^= 1
	binary.LittleEndian.PutUint32(trailer[trailerSize-16:], crc32.Checksum(trailer[:trailerSize-16], castagnoli))
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err == nil || !strings.Contains(err.Error(), "not the name of this model") {
		t.Errorf("%v", err)
	}
}
