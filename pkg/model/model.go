// Package model keeps a tokenised corpus and its suffix array in one file that is mapped into
// memory and read in place. For any context of up to [Depth] tokens it answers which tokens follow,
// how often and in which posts:
//
//	m, err := model.Open("user.model")
//	iv := m.Token(id)                  // the suffixes that begin with a token
//	iv = m.Narrow(iv, 1, next)         // those that continue with another one
//	iv.Len()                           // how often the two occur together
//	m.Next(iv.Lo, 2)                   // a token that followed them, and its place
//
// Opening a model computes nothing and so costs the same for any size: a program that wants one
// post touches a few pages. Each page is checked against its sum when it is first touched.
//
// A [Builder] makes models. format.go describes the format byte by byte; later versions of this
// package can read the files of all earlier ones.
//
// To this package tokens are byte strings; horsepipe/pkg/text decides what a token is.
package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"time"
)

// Mark is the word between posts: as the first token of a context it stands for the beginning of a
// post, as what follows a context for the end of one.
const Mark = 0

// Model is an open model. Its methods read the file. None of them may be called after Close, nor by
// several goroutines at once: each goroutine should open the file for itself.
//
// A place is where a token or mark begins in the corpus: the offset in bytes of its code in section
// stream. Places come from Place, Next, Begin, At, After and Before.
//
// Reading a damaged file never panics and always ends. What is read where it is damaged means
// nothing, but the first damage is kept (see [Model.Err]), so that a walk may read freely and ask
// once, before it shows what it found.
type Model struct {
	file     file
	source   string                // what Read calls it
	name     []byte                // see Name; nil if the trailer has none
	start    [sectionCount + 1]int // where each section begins, and last the trailer
	err      error                 // the first damage met
	words    int                   // ids
	gaps     int                   // the first id of a token
	rareGaps int                   // gaps with ids from frequent on
	posts    int
	tokens   int  // in all posts
	entries  int  // of the array: tokens + posts
	longest  int  // bytes of the longest post in the stream
	headed   uint // bits of an entry of the array that tell whether it heads a pair: 1, or 0 in version 1
	period   period
	bits     struct{ block, word, place, entry uint }
	classes  []class
	rare     int // the first id that occurs only once; words if none does
	calendar calendar
	ahead    ahead
	old      *Model // of the posts that an early model knows, once Known has opened it
}

// ahead is the post after the one that was read last, and its place.
type ahead struct{ post, begin int }

// class is a run of tokens that occur equally often; see format.go.
type class struct{ first, count, start uint32 }

// ErrFormat is wrapped by the errors of Open, Read and Load for data that is not a model. A model
// of a later version has another error.
var ErrFormat = errors.New("not a model")

// ErrNothing wraps ErrFormat for empty data: whatever should have made the model failed.
var ErrNothing = fmt.Errorf("%w: it is empty", ErrFormat)

// versionError is the version of a model that this package cannot read, since it is too new.
type versionError byte

func (e versionError) Error() string {
	return fmt.Sprintf("not a model that this release reads: version %q, not %q or %q", byte(e), '1', magic[7])
}

// Hint tells the user what to do about it.
func (versionError) Hint() string {
	return "a later release made it: take that one, or make the model again of its posts"
}

// Damage is a place in a model that cannot be right: the file was cut or changed after it was
// written.
type Damage struct {
	Section string // as named in format.go
	Offset  int64  // bytes from the start of the model
	What    string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("damaged model: %s at byte %d: %s", d.Section, d.Offset, d.What)
}

// Err is the first damage that any read has met, as an error that wraps a *[Damage]; nil if there
// was none.
func (m *Model) Err() error { return m.named(m.err) }

// Posts is the number of posts.
func (m *Model) Posts() int { return m.posts }

// Tokens is the number of tokens in all posts.
func (m *Model) Tokens() int { return m.tokens }

// Words is the number of ids in use: the mark, the gaps and the tokens. Tokens have the ids from
// Gaps up to Words.
func (m *Model) Words() int { return m.words }

// Gaps is the first id of a token.
func (m *Model) Gaps() int { return m.gaps }

// Size is the size of the file in bytes.
func (m *Model) Size() int64 { return int64(m.file.size) }

// Dates are the dates of the earliest and the latest post, in UTC; zero times if no post has a
// date.
func (m *Model) Dates() (earliest, latest time.Time) {
	if m.period == (period{}) {
		return
	}
	return time.Unix(m.period.earliest, 0).UTC(), time.Unix(m.period.latest, 0).UTC()
}

// Note is the JSON object that the builder left: facts about how the model was made. It must not be
// changed, nor used after Close.
func (m *Model) Note() []byte {
	return m.file.bytes(m.start[secNote], m.length(secNote))
}

// Section is a part of the file, named as in format.go.
type Section struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Sections lists the parts of the file in order, the trailer last.
func (m *Model) Sections() []Section {
	list := make([]Section, 0, sectionCount+1)
	for i, name := range sectionNames[:sectionCount] {
		list = append(list, Section{name, int64(m.length(i))})
	}
	return append(list, Section{sectionNames[sectionCount], int64(m.file.size - m.start[sectionCount])})
}

// Name identifies the model by its content: 16 hexadecimal digits, the same for
// the same bytes and, but for a chance of 2^-64, for no others.
func (m *Model) Name() string {
	name := m.name
	if name == nil {
		name = m.nameOver(namelessSize - 12)
	}
	return hex.EncodeToString(name)
}

// nameOver computes the name from the sums and the first n bytes of the trailer.
func (m *Model) nameOver(n int) []byte {
	return nameOf(m.file.raw(m.start[secSums], m.length(secSums)), m.file.raw(m.start[sectionCount], n))
}

// nameOf computes the name of a model from its sums and the beginning of its trailer.
func nameOf(sums, trailer []byte) []byte {
	h := sha256.New()
	h.Write(sums)
	h.Write(trailer)
	return h.Sum(nil)[:nameSize]
}

// length is the size of a section in bytes.
func (m *Model) length(sec int) int { return m.start[sec+1] - m.start[sec] }

// readTrailer checks both ends of the file and finds the sections.
func (m *Model) readTrailer() error {
	n := m.file.size
	if n == 0 {
		return ErrNothing
	}
	head := m.file.raw(0, min(n, len(magic)))
	if head == nil {
		return m.err
	}
	if len(head) < len(magic) || string(head[:7]) != magic[:7] {
		return fmt.Errorf("%w: no %q at its start", ErrFormat, magic[:7])
	}
	var known bool
	if m.headed, known = headBits[head[7]]; !known {
		return versionError(head[7])
	}
	if n < len(magic)+trailerSize { // holds for a nameless trailer, too: any sections are longer than a name
		return &Damage{"trailer", int64(n), "the file is cut"}
	}
	t := m.file.raw(n-trailerSize, trailerSize)
	if t == nil {
		return m.err
	}
	named := binary.LittleEndian.Uint32(t[trailerSize-12:]) == trailerSize
	if !named {
		t = t[nameSize:]
	}
	size := len(t)
	if string(t[size-8:]) != cigam || binary.LittleEndian.Uint32(t[size-12:]) != uint32(size) {
		return &Damage{"trailer", int64(n - 8), "the file is cut"}
	}
	if binary.LittleEndian.Uint32(t[size-16:]) != crc32.Checksum(t[:size-16], castagnoli) {
		return &Damage{"trailer", int64(n - size), "wrong checksum"}
	}
	if named {
		m.name = slices.Clone(t[size-16-nameSize : size-16])
	}
	u := func(i int) uint64 { return binary.LittleEndian.Uint64(t[8*i:]) }
	for i, p := range []*int{&m.words, &m.gaps, &m.posts, &m.tokens, &m.longest} {
		if u(i) > 1<<32-1 || int(u(i)) < 0 {
			return &Damage{"trailer", int64(n - size + 8*i), "absurd count"}
		}
		*p = int(u(i))
	}
	m.period = period{int64(u(5)), int64(u(6))}
	return m.cut(n-size, u)
}

// cut finds the sections before the trailer, which begins at n; u(i) is its i-th number.
func (m *Model) cut(n int, u func(int) uint64) error {
	for i := range sectionCount {
		end := u(trailerNumbers + i)
		if end < uint64(m.start[i]) || end > uint64(n) {
			return &Damage{"trailer", int64(n + 8*(trailerNumbers+i)), "sections out of order"}
		}
		m.start[i+1] = int(end)
	}
	if m.start[sectionCount] != n || m.start[secWords] != len(magic) {
		return &Damage{"trailer", int64(n), "sections do not fill the file"}
	}
	return nil
}

// measure computes the widths of packed integers and checks the sizes of the sections against the
// counts.
func (m *Model) measure() error {
	m.entries = m.tokens + m.posts
	m.rareGaps = max(m.gaps-frequent, 0)
	m.bits.block = width(uint64(m.length(secWords)))
	m.bits.word = width(uint64(m.words))
	m.bits.place = width(uint64(max(m.length(secPosts), m.length(secStream))))
	m.bits.entry = width(uint64(m.length(secStream))) + m.headed
	for _, want := range [...]struct {
		sec  int
		size int64
	}{
		{secBlocks, packedSize((m.words+wordBlock-1)/wordBlock+1, m.bits.block)},
		{secSpaced, int64(m.words+7) / 8},
		{secPlaces, packedSize(2*m.postBlocks()+2, m.bits.place)},
		{secArray, packedSize(m.entries, m.bits.entry)},
		{secSeconds, packedSize((m.entries+secondStep-1)/secondStep, m.bits.word)},
		{secSums, 4 * int64(pagesOf(m.start[secSums]))},
	} {
		if int64(m.length(want.sec)) != want.size {
			return m.damage(want.sec, 0, "its size is not what the counts demand")
		}
	}
	if m.length(secClasses)%classSize != 0 || m.gaps < 1 || m.gaps >= m.words || m.posts < 1 || m.tokens < m.posts ||
		m.length(secStream) < m.entries+1 || m.longest > m.length(secStream) {
		return m.damage(secClasses, 0, "impossible counts")
	}
	return nil
}

// readClasses reads the table of counts: a few KiB, the only table that nearly every call needs.
func (m *Model) readClasses() {
	p := m.file.bytes(m.start[secClasses], m.length(secClasses))
	m.classes = make([]class, 0, len(p)/classSize)
	id, entry := uint64(m.gaps), uint64(m.posts)
	for off := 0; off < len(p); off += classSize {
		c := class{binary.LittleEndian.Uint32(p[off:]), binary.LittleEndian.Uint32(p[off+4:]), binary.LittleEndian.Uint32(p[off+8:])}
		if k := len(m.classes); k > 0 {
			before := m.classes[k-1]
			if c.first <= before.first || c.count >= before.count {
				m.damage(secClasses, off, "classes out of order")
				return
			}
			entry += uint64(c.first-before.first) * uint64(before.count)
			id = uint64(c.first)
		}
		if uint64(c.first) != id || c.count == 0 || uint64(c.start) != entry {
			m.damage(secClasses, off, "classes do not add up")
			return
		}
		m.classes = append(m.classes, c)
	}
	k := len(m.classes) - 1
	if k < 0 || uint64(m.words) <= id || entry+(uint64(m.words)-id)*uint64(m.classes[k].count) != uint64(m.entries) {
		m.damage(secClasses, len(p), "classes do not add up")
		return
	}
	if m.rare = m.words; m.classes[k].count == 1 {
		m.rare = int(m.classes[k].first)
	}
	if int64(m.length(secSorted)) != packedSize(m.rare-m.gaps, m.bits.word) {
		m.damage(secSorted, 0, "its size is not what the counts demand")
	}
}

// damage records and returns the damage at an offset in a section.
func (m *Model) damage(sec, off int, what string) error {
	d := &Damage{sectionNames[sec], int64(m.start[sec] + off), what}
	if m.err == nil {
		m.err = d
	}
	return d
}

// packed is the i-th integer of a packed section whose integers have w bits.
func (m *Model) packed(sec, i int, w uint) int {
	bit := uint64(i) * uint64(w)
	return int(m.file.load(m.start[sec]+int(bit>>3)) >> (bit & 7) & (1<<w - 1))
}
