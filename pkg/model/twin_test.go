package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"hash/fnv"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// testPost is a post as a test gives it to a builder: gaps[i] is before tokens[i].
type testPost struct {
	Post
	gaps, tokens []string
}

// splitPosts makes posts of texts split at single spaces and line ends; more spaces in a row are one gap.
func splitPosts(texts ...string) []testPost {
	var posts []testPost
	for i, s := range texts {
		p := testPost{Post: Post{ID: strconv.Itoa(1000 + i), Time: int64(1000000 * i)}}
		for _, token := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' }) {
			at := strings.Index(s, token)
			p.gaps, p.tokens = append(p.gaps, s[:at]), append(p.tokens, token)
			s = s[at+len(token):]
		}
		posts = append(posts, p)
	}
	return posts
}

// twin is the naive twin of Builder.WriteTo: the format once more, with maps, sort.Slice and big
// integers, without regard to time or memory. It takes only posts with tokens.
func twin(posts []testPost, note string) []byte { return twinVersion(2, posts, nil, note) }

// version1Of is a model of version 1, as the first release made it.
func version1Of(t testing.TB, posts []testPost) *Model {
	t.Helper()
	m, err := Load(twinVersion(1, posts, nil, "{}"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// twinVersion is twin for either version of the format, and with posts that are only known.
func twinVersion(version int, posts, known []testPost, note string) []byte {
	switch {
	case len(known) == 0:
		return twinFile(version, posts, nil, note)
	case version == 1:
		return twinFile(version, posts, twinVersion(1, known, nil, "{}"), note)
	}
	return twinFile(version, posts, twinFilter(known), note)
}

// twinFile is twin with a section known.
func twinFile(version int, posts []testPost, known []byte, note string) []byte {
	return twinWords(posts).file(version, posts, known, note)
}

// file is twinFile with a given vocabulary.
func (t *twinVocabulary) file(version int, posts []testPost, known []byte, note string) []byte {
	stream, entries, marks, longest := t.stream(posts)
	facts, factBlocks, earliest, latest := twinFacts(posts)

	var sections [][]byte
	section := func(parts ...[]byte) { sections = append(sections, bytes.Join(parts, nil)) }
	section([]byte("horseMK" + strconv.Itoa(version)))
	words, blocks := t.words()
	section(words)
	section(twinPack(len(words), blocks))
	section(t.spacedBits())
	section(t.classes(len(posts)))
	section(twinPack(len(t.list), t.sorted()))
	section(facts)
	var places []int
	for i := 0; i < len(posts); i += 32 {
		places = append(places, factBlocks[i/32], marks[i])
	}
	section(twinPack(max(len(facts), len(stream)), append(places, len(facts), len(stream)-1)))
	section(stream)
	var array, seconds []int
	for i, e := range entries {
		if version > 1 {
			e.place *= 2
			if i == 0 || !slices.Equal(e.suffix[:2], entries[i-1].suffix[:2]) {
				e.place++
			}
		}
		array = append(array, e.place)
		if i%32 == 0 {
			seconds = append(seconds, e.suffix[1])
		}
	}
	section(twinPack(len(stream)<<(version-1), array))
	section(twinPack(len(t.list), seconds))
	section(known)
	section([]byte(note))

	file := bytes.Join(sections, nil)
	var sums []byte
	for page := file; len(page) > 0; page = page[min(4096, len(page)):] {
		sums = binary.LittleEndian.AppendUint32(sums, twinSum(page[:min(4096, len(page))]))
	}
	section(sums)
	tokens := len(entries) - len(posts)
	numbers := []int{len(t.list), t.gaps, len(posts), tokens, longest, earliest, latest}
	end := 0
	for _, s := range sections {
		end += len(s)
		numbers = append(numbers, end)
	}
	var trailer []byte
	for _, n := range numbers {
		trailer = binary.LittleEndian.AppendUint64(trailer, uint64(n))
	}
	if version > 1 {
		trailer = append(trailer, twinName(sums, trailer)...)
	}
	trailer = binary.LittleEndian.AppendUint32(trailer, twinSum(trailer))
	trailer = binary.LittleEndian.AppendUint32(trailer, uint32(len(trailer)+12))
	return bytes.Join([][]byte{file, sums, trailer, []byte("1KMesroh")}, nil)
}

// twinFilter is the section known.
func twinFilter(posts []testPost) []byte {
	var shingles []*big.Int
	golden, word := new(big.Int).SetUint64(0x9e3779b97f4a7c15), new(big.Int).Lsh(big.NewInt(1), 64)
	for _, p := range posts {
		for _, n := range []int{3, 6} {
			for i := 0; i+n <= len(p.tokens); i++ {
				h := big.NewInt(int64(n))
				for _, token := range p.tokens[i : i+n] {
					fnv := fnv.New32a()
					fnv.Write([]byte(token))
					h.Xor(h, big.NewInt(int64(max(1, fnv.Sum32()))))
					h.Mod(h.Mul(h, golden), word)
					h.Xor(h, new(big.Int).Rsh(h, 32))
				}
				shingles = append(shingles, h)
			}
		}
	}
	blocks := len(shingles)*6/512 + 1
	file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(posts))), make([]byte, 64*blocks)...)
	for _, h := range shingles {
		block := new(big.Int).Rsh(new(big.Int).Mul(h, big.NewInt(int64(blocks))), 64).Int64()
		bits := new(big.Int).Mod(new(big.Int).Mul(h, golden), word)
		for i := range uint(6) {
			at := new(big.Int).Rsh(bits, 10+9*i).Uint64() % 512
			file[8+64*block+int64(at/8)] |= 1 << (at % 8)
		}
	}
	return file
}

func twinName(sums, trailer []byte) []byte {
	sum := sha256.Sum256(append(slices.Clone(sums), trailer...))
	return sum[:8]
}

func twinSum(p []byte) uint32 { return crc32.Checksum(p, crc32.MakeTable(crc32.Castagnoli)) }

// twinPack packs integers up to limit by means of one very large integer.
func twinPack(limit int, list []int) []byte {
	bits := max(1, len(strconv.FormatInt(int64(limit), 2)))
	sum := new(big.Int)
	for i := len(list) - 1; i >= 0; i-- {
		sum.Lsh(sum, uint(bits)).Or(sum, big.NewInt(int64(list[i])))
	}
	out := make([]byte, (len(list)*bits+7)/8)
	sum.FillBytes(out)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return append(out, make([]byte, 8)...)
}

type twinWord struct {
	text          string
	count         int
	spaces, other int // after a single space, and after other gaps
}

type twinVocabulary struct {
	list []*twinWord // by id
	gaps int         // the first id of a token
	gap  map[string]int
	word map[string]int
}

func twinWords(posts []testPost) *twinVocabulary {
	words, gaps := map[string]*twinWord{}, map[string]*twinWord{}
	count := func(m map[string]*twinWord, s string) *twinWord {
		if m[s] == nil {
			m[s] = &twinWord{text: s}
		}
		m[s].count++
		return m[s]
	}
	for _, p := range posts {
		for i, s := range p.tokens {
			w := count(words, s)
			if i > 0 && p.gaps[i] == " " {
				w.spaces++
			} else if i > 0 {
				w.other++
			}
		}
	}
	for _, p := range posts {
		for i, s := range p.tokens {
			if i > 0 && p.gaps[i] != words[s].usual() {
				count(gaps, p.gaps[i])
			}
		}
	}
	v := &twinVocabulary{list: []*twinWord{{}}, gaps: 1 + len(gaps), gap: map[string]int{}, word: map[string]int{}}
	v.add(gaps, v.gap)
	v.add(words, v.word)
	return v
}

func (w *twinWord) usual() string {
	if w.spaces > w.other {
		return " "
	}
	return ""
}

func (v *twinVocabulary) add(words map[string]*twinWord, ids map[string]int) {
	var list []*twinWord
	for _, w := range words {
		list = append(list, w)
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].count > list[j].count || list[i].count == list[j].count && list[i].text < list[j].text
	})
	for _, w := range list {
		ids[w.text] = len(v.list)
		v.list = append(v.list, w)
	}
}

func (v *twinVocabulary) words() (words []byte, blocks []int) {
	for i, w := range v.list {
		shared := 0
		if i%16 == 0 {
			blocks = append(blocks, len(words))
		} else {
			for before := v.list[i-1].text; shared < min(len(before), len(w.text)) && before[shared] == w.text[shared]; {
				shared++
			}
		}
		words = binary.AppendUvarint(words, uint64(shared))
		words = binary.AppendUvarint(words, uint64(len(w.text)-shared))
		words = append(words, w.text[shared:]...)
	}
	return words, append(blocks, len(words))
}

func (v *twinVocabulary) spacedBits() []byte {
	bits := make([]byte, (len(v.list)+7)/8)
	for id, w := range v.list {
		if id >= v.gaps && w.usual() == " " {
			bits[id/8] |= 1 << (id % 8)
		}
	}
	return bits
}

func (v *twinVocabulary) classes(start int) (out []byte) {
	for id := v.gaps; id < len(v.list); id++ {
		if id == v.gaps || v.list[id].count < v.list[id-1].count {
			for _, n := range []int{id, v.list[id].count, start} {
				out = binary.LittleEndian.AppendUint32(out, uint32(n))
			}
		}
		start += v.list[id].count
	}
	return out
}

func (v *twinVocabulary) sorted() (ids []int) {
	for id := v.gaps; id < len(v.list); id++ {
		if v.list[id].count > 1 {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return v.list[ids[i]].text < v.list[ids[j]].text })
	return ids
}

// twinEntry is an entry of the array and the ids that it is sorted by.
type twinEntry struct {
	place  int
	suffix []int
}

func (v *twinVocabulary) stream(posts []testPost) (stream []byte, entries []twinEntry, marks []int, longest int) {
	put := func(id int) {
		if rare := v.gaps - 8; rare > 0 && id >= v.gaps {
			id -= rare
		} else if rare > 0 && id >= 8 {
			id += len(v.list) - v.gaps
		}
		stream = append(stream, twinCode(uint32(id))...)
	}
	for _, p := range posts {
		marks = append(marks, len(stream))
		ids, places := []int{0}, []int{len(stream)}
		put(0)
		for i, s := range p.tokens {
			id := v.word[s]
			if i > 0 && p.gaps[i] != v.list[id].usual() {
				put(v.gap[p.gaps[i]])
			}
			ids, places = append(ids, id), append(places, len(stream))
			put(id)
		}
		longest = max(longest, len(stream)-places[0]-1)
		ids = append(ids, 0)
		for i := range places {
			entries = append(entries, twinEntry{places[i], ids[i:min(i+32, len(ids))]})
		}
	}
	put(0)
	sort.Slice(entries, func(i, j int) bool {
		a, b := entries[i], entries[j]
		for k := range min(len(a.suffix), len(b.suffix)) {
			if a.suffix[k] != b.suffix[k] {
				return a.suffix[k] < b.suffix[k]
			}
		}
		return a.place < b.place
	})
	return stream, entries, marks, longest
}

// twinCode is a number as it stands in the stream.
func twinCode(n uint32) (code []byte) {
	for ; n > 0 || code == nil; n >>= 7 {
		code = append([]byte{byte(n & 127)}, code...)
	}
	code[len(code)-1] |= 128
	return code
}

func twinFacts(posts []testPost) (out []byte, blocks []int, earliest, latest int) {
	var number uint64
	var name string
	var date int64
	for i, p := range posts {
		if i%32 == 0 {
			blocks = append(blocks, len(out))
			number, name, date = 0, "", 0
		}
		at, base := len(out), date
		out = append(out, 0)
		if n, err := strconv.ParseUint(p.ID, 10, 64); err == nil && strconv.FormatUint(n, 10) == p.ID {
			out[at] |= 1 | 2
			out = binary.AppendVarint(out, int64(n-number))
			if number = n; n >= 1<<32 {
				base = (int64(n>>22) + 1288834974657) / 1000
			}
		} else if p.ID != "" {
			out[at] |= 1
			shared := 0
			for shared < min(len(name), len(p.ID)) && name[shared] == p.ID[shared] {
				shared++
			}
			out = binary.AppendUvarint(out, uint64(shared))
			out = binary.AppendUvarint(out, uint64(len(p.ID)-shared))
			out = append(out, p.ID[shared:]...)
			name = p.ID
		}
		if t := int(p.Time); t != 0 {
			out[at] |= 4
			out = binary.AppendVarint(out, p.Time-base)
			date = p.Time
			if earliest == 0 || t < earliest {
				earliest = t
			}
			if latest == 0 || t > latest {
				latest = t
			}
		}
		if p.Reply {
			out[at] |= 8
		}
	}
	return out, blocks, earliest, latest
}

// sameBytes fails the test if a file differs from its twin, and says in which section.
func sameBytes(t testing.TB, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	section := "trailer"
	for i := sectionCount - 1; i >= 0; i-- {
		ends := want[len(want)-trailerSize+8*(trailerNumbers+i):] // of a twin of the latest version
		if int(binary.LittleEndian.Uint64(ends)) > at {
			section = sectionNames[i]
		}
	}
	t.Fatalf("%d bytes, not the %d of the twin; they differ from byte %d on, in %s", len(got), len(want), at, section)
}
