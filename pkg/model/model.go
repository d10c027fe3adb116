// Package model keeps a tokenised corpus and its suffix array in one file that
// is mapped into memory and read in place. It answers, for any context of up
// to [Depth] tokens, which tokens follow it, how often and in which posts:
//
//	m, err := model.Open("user.model")
//	iv := m.Token(id)                  // the suffixes that begin with a token
//	iv = m.Narrow(iv, 1, next)         // those that go on with another
//	iv.Len()                           // how often the two stand together
//	m.Next(iv.Lo, 2)                   // a token that stood after them, and where
//
// Nothing is computed when a model is opened, so that costs the same for any size: a program
// that wants one post touches a few pages. Each page is checked against its
// sum when it is first touched.
//
// A [Builder] makes models. The format is described in format.go, byte by
// byte; a file written by one version of this package can be read by all later ones.
//
// Tokens are byte strings to this package; what a token is, is decided in
// horsepipe/pkg/text.
package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"
)

// Mark is the word between posts: as the last token of a context, the beginning
// of a post; as what follows a context, its end.
const Mark = 0

// Model is an open model. Its methods read the mapped file; none of them may be called
// after Close, nor by several goroutines at once (Open it twice for that).
//
// Reading a damaged file never panics and always ends. The first damage met is
// kept (see [Model.Err]) and the reads that meet it return zero values, so that a walk may
// read freely and ask once, before it shows what it found.
type Model struct {
	data    []byte               // the whole file
	start   [sectionCount]int    // where each section begins
	sec     [sectionCount][]byte // the sections; packed ones with their slack
	fresh   []byte               // one for each page not yet checked against its sum
	lazy    bool                 // there may be such pages
	unmap   func() error         // nil if the data are the caller's
	err     error                // the first damage met
	words   int                  // ids
	gaps    int                  // the first id of a token
	posts   int                  //
	tokens  int                  // in all posts
	entries int                  // of the array: tokens + posts
	longest int                  // bytes of the longest post in the stream
	first   int64                // date of the earliest post, s
	last    int64                // of the latest
	bits    struct{ block, word, place, entry uint }
	classes []class
	rare    int // the first id that occurs only once; words if none does
}

// class is a run of tokens that occur equally often; see format.go.
type class struct{ first, count, start uint32 }

// small is the size in bytes up to which a model is checked as a whole when it is opened: that takes
// less than a millisecond, and each read is then spared a look.
const small = 4 << 20

// ErrFormat is wrapped by the errors of Open and Load for data that are no model, or one
// of a later version.
var ErrFormat = errors.New("not a model")

// Damage is a place in a model that can't be right: the file was cut or changed after
// it was written.
type Damage struct {
	Section string // as named in format.go
	Offset  int64  // bytes from the start of the file
	What    string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("damaged model: %s at byte %d: %s", d.Section, d.Offset, d.What)
}

// Open maps the file path and checks its ends. It costs the same for a file of any
// size. A model must not be written in place while it is open; replace the file instead (see
// horsepipe/pkg/tool).
func Open(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, unmap, err := mapFile(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m, err := Load(data)
	if err != nil {
		if unmap != nil {
			unmap()
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m.unmap = unmap
	return m, nil
}

// Load reads a model from bytes, which must not change while it is used.
func Load(data []byte) (*Model, error) {
	m := &Model{data: data}
	if err := m.readTrailer(); err != nil {
		return nil, err
	}
	if err := m.measure(); err != nil {
		return nil, err
	}
	m.fresh = make([]byte, m.start[secSums]/pageSize+2)
	for i := range m.fresh[:len(m.fresh)-1] {
		m.fresh[i] = 1
	}
	if m.lazy = len(data) > small; !m.lazy {
		m.verify(0, m.start[secSums])
	}
	m.readClasses()
	return m, m.err
}

// readFile reads what can't be mapped, such as a pipe; of an endless stream that is no model
// only the first bytes.
func readFile(f *os.File) ([]byte, error) {
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if err != nil || string(head) != magic {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = nil
		}
		return head[:n], err
	}
	rest, err := io.ReadAll(f)
	return append(head, rest...), err
}

// Close unmaps the file.
func (m *Model) Close() error {
	if m.unmap == nil {
		return nil
	}
	unmap := m.unmap
	m.unmap, m.data, m.sec = nil, nil, [sectionCount][]byte{}
	return unmap()
}

// Err is the first damage that reading met, as a *[Damage], or nil.
func (m *Model) Err() error { return m.err }

// Posts is the number of posts.
func (m *Model) Posts() int { return m.posts }

// Tokens is the number of tokens in all posts.
func (m *Model) Tokens() int { return m.tokens }

// Words is the number of ids in use: the mark, gaps and tokens. The ids of
// tokens are those from Gaps on.
func (m *Model) Words() int { return m.words }

// Gaps is the first id of a token.
func (m *Model) Gaps() int { return m.gaps }

// Size is the size of the file in bytes.
func (m *Model) Size() int64 { return int64(len(m.data)) }

// Dates are those of the earliest and the latest post; zero times if no post
// has a date.
func (m *Model) Dates() (earliest, latest time.Time) {
	if m.first == 0 && m.last == 0 {
		return
	}
	return time.Unix(m.first, 0).UTC(), time.Unix(m.last, 0).UTC()
}

// Note is the JSON object that the builder left: facts about the making.
func (m *Model) Note() []byte {
	m.verify(m.start[secNote], len(m.sec[secNote]))
	return m.sec[secNote]
}

// Section is a part of the file, by its name in format.go.
type Section struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Sections lists the parts of the file in their order.
func (m *Model) Sections() []Section {
	list := make([]Section, 0, sectionCount+1)
	for i, s := range m.sec {
		list = append(list, Section{sectionNames[i], int64(len(s))})
	}
	return append(list, Section{"trailer", trailerSize})
}

// Name identifies the model by its content: 16 hexadecimal digits, the same for
// the same bytes and, but for a chance of 2^-64, for no others.
func (m *Model) Name() string {
	h := sha256.New()
	h.Write(m.sec[secSums])
	h.Write(m.data[len(m.data)-trailerSize : len(m.data)-12])
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// readTrailer checks both ends of the file and finds the sections.
func (m *Model) readTrailer() error {
	n := len(m.data)
	if n < len(magic)+trailerSize || string(m.data[:7]) != magic[:7] {
		return fmt.Errorf("%w: no %q at its start", ErrFormat, magic[:7])
	}
	if m.data[7] != magic[7] {
		return fmt.Errorf("%w that this release reads: version %q, not %q", ErrFormat, m.data[7], magic[7])
	}
	t := m.data[n-trailerSize:]
	if string(t[trailerSize-8:]) != cigam || binary.LittleEndian.Uint32(t[trailerSize-12:]) != trailerSize {
		return &Damage{"trailer", int64(n - 8), "the file is cut"}
	}
	if binary.LittleEndian.Uint32(t[trailerSize-16:]) != crc32.Checksum(t[:trailerSize-16], castagnoli) {
		return &Damage{"trailer", int64(n - trailerSize), "wrong checksum"}
	}
	u := func(i int) uint64 { return binary.LittleEndian.Uint64(t[8*i:]) }
	for i, p := range []*int{&m.words, &m.gaps, &m.posts, &m.tokens, &m.longest} {
		if u(i) > 1<<32-1 || int(u(i)) < 0 {
			return &Damage{"trailer", int64(n - trailerSize + 8*i), "absurd count"}
		}
		*p = int(u(i))
	}
	m.first, m.last = int64(u(5)), int64(u(6))
	return m.cut(n, u)
}

// cut finds the sections; u is the i-th number of the trailer.
func (m *Model) cut(n int, u func(int) uint64) error {
	begin := 0
	for i := range m.sec {
		end := u(trailerNumbers + i)
		if end < uint64(begin) || end > uint64(n-trailerSize) {
			return &Damage{"trailer", int64(n - trailerSize + 8*(trailerNumbers+i)), "sections out of order"}
		}
		m.start[i], m.sec[i] = begin, m.data[begin:end:end]
		begin = int(end)
	}
	if begin != n-trailerSize || m.start[secWords] != len(magic) {
		return &Damage{"trailer", int64(n - trailerSize), "sections do not fill the file"}
	}
	return nil
}

// measure computes the widths of packed integers and compares the sizes of
// the sections with what the counts demand.
func (m *Model) measure() error {
	m.entries = m.tokens + m.posts
	m.bits.block = width(uint64(len(m.sec[secWords])))
	m.bits.word = width(uint64(m.words))
	m.bits.place = width(uint64(max(len(m.sec[secPosts]), len(m.sec[secStream]))))
	m.bits.entry = width(uint64(len(m.sec[secStream])))
	postBlocks := (m.posts + postBlock - 1) / postBlock
	sizes := map[int]int64{
		secBlocks:  packedSize((m.words+wordBlock-1)/wordBlock+1, m.bits.block),
		secSpaced:  int64(m.words+7) / 8,
		secPlaces:  packedSize(2*postBlocks+2, m.bits.place),
		secArray:   packedSize(m.entries, m.bits.entry),
		secSeconds: packedSize((m.entries+secondStep-1)/secondStep, m.bits.word),
		secSums:    4 * int64((m.start[secSums]+pageSize-1)/pageSize),
	}
	for sec, size := range sizes {
		if int64(len(m.sec[sec])) != size {
			return m.damage(sec, 0, "its size is not what the counts demand")
		}
	}
	if len(m.sec[secClasses])%classSize != 0 || m.gaps < 1 || m.gaps >= m.words || m.posts < 1 || m.tokens < m.posts ||
		len(m.sec[secStream]) < m.entries+1 || m.longest > len(m.sec[secStream]) {
		return m.damage(secClasses, 0, "impossible counts")
	}
	return nil
}

// readClasses reads the table of counts: a few KiB, and the one table that is
// needed by nearly every call.
func (m *Model) readClasses() {
	p := m.sec[secClasses]
	m.verify(m.start[secClasses], len(p))
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
	if int64(len(m.sec[secSorted])) != packedSize(m.rare-m.gaps, m.bits.word) {
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

// verify checks the pages of n bytes from offset off of the file that were not
// checked before.
func (m *Model) verify(off, n int) {
	for page := off / pageSize; page*pageSize < off+n; page++ {
		if page < len(m.fresh) && m.fresh[page] != 0 {
			m.verifyPage(page)
		}
	}
}

func (m *Model) verifyPage(page int) {
	m.fresh[page] = 0
	lo, hi := page*pageSize, min((page+1)*pageSize, m.start[secSums])
	if lo >= hi {
		return
	}
	if want := binary.LittleEndian.Uint32(m.sec[secSums][4*page:]); want != crc32.Checksum(m.data[lo:hi], castagnoli) {
		sec := secHeader
		for sec+1 < secSums && m.start[sec+1] <= lo {
			sec++
		}
		m.damage(sec, lo-m.start[sec], "wrong checksum")
	}
}

// load is the 8 bytes at offset off of the file, which must be at least 8
// before the sums: each packed section ends in slack.
func (m *Model) load(off int) uint64 {
	if m.lazy && m.fresh[off/pageSize]|m.fresh[(off+7)/pageSize] != 0 {
		m.verify(off, 8)
	}
	return binary.LittleEndian.Uint64(m.data[off:])
}

// packed is the i-th integer, of w bits, of a packed section.
func (m *Model) packed(sec, i int, w uint) int {
	bit := uint64(i) * uint64(w)
	return int(m.load(m.start[sec]+int(bit>>3)) >> (bit & 7) & (1<<w - 1))
}
