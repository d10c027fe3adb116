package markov

import "horsepipe/pkg/model"

// A memo begins with room for memoFirst findings of 16 bytes, so that making one draft touches little
// memory. It grows as it fills, up to memoMost.
const (
	memoFirst = 1 << 10
	memoMost  = 1 << 18
)

// memo remembers what was found in a model. An account's posts begin alike and go on alike, and so do
// its drafts: of the searches for 20,000 drafts of one account seven in ten have been made before, of
// those for as many drafts of a million posts of 32 accounts nearly half. Each search is several reads
// at random places.
type memo struct {
	model *model.Model
	found []finding // a hash table; its length is a power of two
	kept  int       // findings put in since it grew
}

func newMemo(m *model.Model) memo { return memo{model: m, found: make([]finding, memoFirst)} }

// finding is what a token leaves of a context's interval. The context is identified by its length and
// the beginning of its interval.
type finding struct {
	lo, id uint32 // beginning of the context's interval, and the token
	from   uint32 // beginning of what was found
	size   uint32 // from the top: length of what was found; choiceBits: whether it branches; lengthBits: the context's length, not 0
}

// interval returns what was found.
func (f finding) interval() model.Interval {
	return model.Interval{Lo: int(f.from), Hi: int(f.from + f.size>>(lengthBits+choiceBits))}
}

// Whether the interval that was found branches; neither bit is set as long as nobody has asked.
const (
	leavesNone = 1 << lengthBits
	leavesSome = 2 << lengthBits
	choice     = leavesNone | leavesSome
)

const (
	lengthBits = 5
	choiceBits = 2
	maxSize    = 1<<(32-lengthBits-choiceBits) - 1
	branching  = 1<<32 - 1 // instead of a token, if the question is whether the context branches
	direct     = 4         // entries: shorter intervals are searched as fast as they are remembered
)

// slot returns where a finding is, or would be.
func (m *memo) slot(lo, length int, id uint32) (at *finding, known bool) {
	h := (uint64(lo)<<32 | uint64(id)) * 0x9e3779b97f4a7c15
	h = (h ^ h>>29 ^ uint64(length)) * 0xbf58476d1ce4e5b9
	at = &m.found[h>>40&uint64(len(m.found)-1)]
	return at, at.lo == uint32(lo) && at.id == id && at.size&(1<<lengthBits-1) == uint32(length)
}

// narrow is model.NarrowTo, or model.Around if an entry where the token comes next is known (not -1).
func (m *memo) narrow(iv model.Interval, length, id, entry, most int) model.Interval {
	most = min(most, iv.Len())
	if iv.Len() < direct {
		return m.search(iv, length, id, entry, most)
	}
	at, known := m.slot(iv.Lo, length, uint32(id))
	found := at.interval()
	if known && found.Hi <= iv.Hi { // in a damaged model, several intervals of one length may begin at iv.Lo
		return found
	}
	found = m.search(iv, length, id, entry, most)
	if found.Len() <= maxSize {
		m.keep(at, finding{uint32(iv.Lo), uint32(id), uint32(found.Lo), uint32(found.Len()<<(lengthBits+choiceBits) | length)})
	}
	return found
}

// search does what narrow does, without remembering it.
func (m *memo) search(iv model.Interval, length, id, entry, most int) model.Interval {
	if entry >= 0 {
		return m.model.Around(iv, length, id, entry, most)
	}
	return m.model.NarrowTo(iv, length, id, most)
}

// leaves reports whether found, which narrow returned for these arguments, branches. The answer is
// remembered beside what narrow remembered, which is at hand.
func (m *memo) leaves(found, iv model.Interval, length, id int) bool {
	at, known := m.slot(iv.Lo, length, uint32(id))
	if !known || at.interval() != found {
		return m.branches(found, length+1)
	}
	if at.size&choice == 0 {
		leaves := uint32(leavesNone)
		if m.model.Branches(found, length+1) {
			leaves = leavesSome
		}
		at.size |= leaves
	}
	return at.size&leavesSome != 0
}

// branches is model.Branches.
func (m *memo) branches(iv model.Interval, length int) bool {
	if iv.Len() < direct {
		return m.model.Branches(iv, length)
	}
	at, known := m.slot(iv.Lo, length, branching)
	if known {
		return at.from == 1
	}
	f := finding{uint32(iv.Lo), branching, 0, uint32(length)}
	if m.model.Branches(iv, length) {
		f.from = 1
	}
	m.keep(at, f)
	return f.from == 1
}

// keep puts a finding in its slot, and enlarges the table once half of it may be taken.
func (m *memo) keep(at *finding, f finding) {
	*at = f
	m.kept++
	if m.kept <= len(m.found)/2 || len(m.found) == memoMost {
		return
	}
	before := m.found
	m.found, m.kept = make([]finding, 4*len(before)), 0
	for _, f := range before {
		if length := int(f.size & (1<<lengthBits - 1)); length > 0 {
			at, _ := m.slot(int(f.lo), length, f.id)
			*at = f
		}
	}
}
