package model

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
)

// Check reads the whole model and compares its parts with each other: sums, vocabulary, counts,
// posts, the order of the suffix array, samples. It returns the first fault found, or nil. It takes
// time in proportion to the file, of which several cores share the array, and 8 bytes of memory for
// each word.
func (m *Model) Check() error { return m.named(m.check()) }

func (m *Model) check() error {
	m.verifyAll()
	for _, check := range []func() error{m.checkStream, m.checkWords, m.checkPosts, m.checkArray, m.checkName} {
		if m.err != nil {
			return m.err
		}
		if err := check(); err != nil {
			return cmp.Or(m.err, err) // reading a word, say, may have met damage before
		}
	}
	return cmp.Or(m.err, m.checkKnown())
}

// checkKnown checks the section known. A filter can be wrong only in its size and count.
func (m *Model) checkKnown() error {
	k, err := m.known()
	if k == nil || k.old == nil {
		return err
	}
	if k.old.length(secKnown) > 0 {
		return m.damage(secKnown, 0, "a model in a model in a model")
	}
	if err := k.old.Check(); err != nil {
		return fmt.Errorf("known posts: %w", err)
	}
	return nil
}

// verifyAll checks every page.
func (m *Model) verifyAll() {
	for off := 0; off < m.file.sums && m.err == nil; off += pageSize {
		m.file.load(off)
	}
}

// checkName checks the name in the trailer, if it has one.
func (m *Model) checkName() error {
	if n := trailerSize - 16 - nameSize; m.name != nil && !bytes.Equal(m.name, m.nameOver(n)) {
		return &Damage{"trailer", int64(m.start[sectionCount] + n), "not the name of this model"}
	}
	return nil
}

// checkStream reads every code and checks the counts of tokens and posts, and of each word.
func (m *Model) checkStream() error {
	counts, spaces := make([]uint32, m.words), make([]int32, m.words)
	space, empty := m.gapID(" "), m.gapID("")
	size, last, gap, longest, posts, begin := m.length(secStream), Mark, -1, 0, 0, 0
	for p := 0; p < size; {
		id, next := m.code(p)
		if next == p || byte(m.file.load(m.start[secStream]+p)) == 0 {
			return m.damage(secStream, p, "no code")
		}
		if p == 0 && id != Mark || p > 0 && id < m.gaps && last < m.gaps {
			return m.damage(secStream, p, "a mark or gap where a token must stand")
		}
		switch {
		case id == Mark:
			if p > 0 {
				longest, posts = max(longest, p-begin), posts+1
			}
			begin = next
		case id < m.gaps:
			gap = id
		case last != Mark:
			usual := m.spaced(id)
			if usual && gap == space || !usual && gap == empty {
				return m.damage(secStream, p, "a gap that goes without saying")
			}
			if spaces[id]--; gap == space || gap < 0 && usual {
				spaces[id] += 2
			}
			gap = -1
		}
		counts[id]++
		last, p = id, next
	}
	if last != Mark || posts != m.posts || longest != m.longest {
		return m.damage(secStream, size, "its posts are not those of the trailer")
	}
	return m.checkCounts(counts, spaces)
}

// gapID is the id of the gap with this text, or -2 if there is none.
func (m *Model) gapID(text string) int {
	for id := 1; id < m.gaps; id++ {
		if string(m.Text(id)) == text {
			return id
		}
	}
	return -2
}

func (m *Model) checkCounts(counts []uint32, spaces []int32) error {
	for id := 1; id < m.words; id++ {
		if id < m.gaps && counts[id] == 0 || id >= m.gaps && int(counts[id]) != m.Count(id) {
			return m.damage(secClasses, 0, fmt.Sprintf("word %d does not occur as often as told", id))
		}
		if id >= m.gaps && (spaces[id] > 0) != m.spaced(id) {
			return m.damage(secSpaced, id/8, "not the usual gap")
		}
		if id > 1 && id < m.gaps && counts[id] > counts[id-1] {
			return m.damage(secWords, 0, "gaps out of order")
		}
		if id > 1 && id != m.gaps && counts[id] == counts[id-1] && bytes.Compare(m.Text(id-1), m.Text(id)) >= 0 {
			return m.damage(secWords, 0, "words out of order")
		}
	}
	return nil
}

// checkWords compares the sorted ids with the words, and the words that occur once, which are in order,
// with those that occur more often: no word may be among both.
func (m *Model) checkWords() error {
	var before, text []byte
	once, lone := m.rare, m.Text(m.rare)
	for i := 0; i < m.rare-m.gaps; i++ {
		id := m.packed(secSorted, i, m.bits.word)
		text = m.appendText(text, id)
		if id < m.gaps || id >= m.rare || i > 0 && bytes.Compare(before, text) >= 0 {
			return m.damage(secSorted, 0, "words out of order")
		}
		for once < m.words && bytes.Compare(lone, text) < 0 {
			once++
			lone = m.appendText(lone, once)
		}
		if once < m.words && bytes.Equal(lone, text) {
			return m.damage(secWords, 0, "a word is there twice")
		}
		before, text = text, before
	}
	return nil
}

// checkPosts reads the facts of all posts, and checks that each block of them begins where places
// says.
func (m *Model) checkPosts() error {
	at, all := 0, period{}
	for b := range m.postBlocks() {
		if m.blockBegin(b) != at {
			return m.damage(secPlaces, 0, "a block of posts begins elsewhere")
		}
		facts := m.block(b)
		var d postDecoder
		for i := b * postBlock; i < min((b+1)*postBlock, m.posts); i++ {
			all.add(d.next(&facts).Time)
			for id := -1; id != Mark; {
				id, at = m.After(at)
			}
		}
		if d.bad || len(facts) > 0 {
			return m.damage(secPosts, 0, "facts of a post run over their block")
		}
	}
	if m.blockBegin(m.postBlocks()) != at {
		return m.damage(secPlaces, 0, "the last post ends elsewhere")
	}
	if all != m.period {
		return m.damage(secPosts, 0, "dates are not those of the trailer")
	}
	return nil
}

// checkedAtOnce is how many entries of the array make one job.
const checkedAtOnce = 1 << 16

// checkArray checks that every place occurs in the array once, in order, and that the samples are
// right. Several cores share the work.
func (m *Model) checkArray() error {
	views := m.views()
	faults := make([]error, (m.entries+checkedAtOnce-1)/checkedAtOnce)
	err := inOrder(len(faults), len(views), len(faults), func(worker, i int) {
		faults[i] = views[worker].checkEntries(i*checkedAtOnce, min((i+1)*checkedAtOnce, m.entries))
	}, func(i int) error { return faults[i] })
	m.err = cmp.Or(m.err, err)
	return err
}

// views returns a view of the model for each core. They can be read concurrently, since all pages are
// checked: anew those that were read before the file was mapped. A model that is read page by page
// from its file has only one view.
func (m *Model) views() []*Model {
	if m.file.data == nil {
		return []*Model{m}
	}
	m.file.verify(0, m.file.sums)
	views := make([]*Model, runtime.GOMAXPROCS(0))
	for i := range views {
		v := newModel()
		fail := v.file.fail
		*v = *m
		v.file.fail = fail
		views[i] = v
	}
	return views
}

// checkEntries checks the entries from lo up to hi, the first one also against the entry before. If
// each entry comes after the one before it, no place occurs twice.
func (m *Model) checkEntries(lo, hi int) error {
	before, pair := 0, [2]int{-1, -1}
	if lo > 0 {
		before = m.Place(lo - 1)
		pair = m.pairAt(before)
	}
	for e := lo; e < hi && m.err == nil; e++ {
		p, last := m.Place(e), pair
		pair = m.pairAt(p)
		switch id := pair[0]; {
		case e > 0 && !m.ordered(before, p):
			return m.damage(secArray, 0, fmt.Sprintf("entry %d out of order", e))
		case e < m.posts != (id == Mark) || id > 0 && id < m.gaps:
			return m.damage(secArray, 0, fmt.Sprintf("entry %d is no token", e))
		case e%secondStep == 0 && pair[1] != m.packed(secSeconds, e/secondStep, m.bits.word):
			return m.damage(secSeconds, 0, fmt.Sprintf("sample of entry %d", e))
		case m.headed != 0 && m.heads(e) != (pair != last):
			return m.damage(secArray, 0, fmt.Sprintf("head of a pair at entry %d", e))
		}
		before = p
	}
	return m.err
}

// ordered tells whether the suffix at p comes before the one at q: by at most Depth tokens, then by
// place. No suffix comes before itself.
func (m *Model) ordered(p, q int) bool {
	x, y := p, q
	a, _ := m.code(x)
	b, _ := m.code(y)
	for n := 1; a == b && n < Depth && (n == 1 || a != Mark); n++ {
		a, x = m.After(x)
		b, y = m.After(y)
	}
	if a != b {
		return a < b
	}
	return p < q
}
