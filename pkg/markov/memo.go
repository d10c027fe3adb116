package markov

import "horsepipe/pkg/model"

// A memo has room for a first few findings, of 16 bytes, so that who wants one draft touches little memory; and then for
// as many as it is asked to keep, up to so many.
const (
	memoFirst = 1 << 10
	memoMost  = 1 << 18
)

// memo remembers what was found in a model. An account's posts begin alike and go on alike, and so do the
// drafts: for 20,000 of an account seven searches in ten have been made before, for as many of a million posts of 32 accounts nearly half. Each
// is some reads at random places.
type memo struct {
	model *model.Model
	found []finding // a power of two
	kept  int       // since it grew
}

func newMemo(m *model.Model) memo { return memo{model: m, found: make([]finding, memoFirst)} }

// finding is what a token leaves of a context's interval. The context is known by its length and where its interval begins.
type finding struct {
	lo, id uint32 // of the context, and the token
	from   uint32
	size   uint32 // of what was found; below it, in choiceBits, whether that branches; below that the context's length, which is not 0
}

// interval is what was found.
func (f finding) interval() model.Interval {
	return model.Interval{Lo: int(f.from), Hi: int(f.from + f.size>>(lengthBits+choiceBits))}
}

// What is known of whether an interval branches: nothing, at first.
const (
	leavesNone = 1 << lengthBits
	leavesSome = 2 << lengthBits
	choice     = leavesNone | leavesSome
)

const (
	lengthBits = 5
	choiceBits = 2
	maxSize    = 1<<(32-lengthBits-choiceBits) - 1
	branching  = 1<<32 - 1 // stands for the token where the question is whether the context branches
	direct     = 4         // entries: intervals that are smaller are searched as fast as remembered
)

// slot is where a finding is, or would be.
func (m *memo) slot(lo, length int, id uint32) (at *finding, known bool) {
	h := (uint64(lo)<<32 | uint64(id)) * 0x9e3779b97f4a7c15
	h = (h ^ h>>29 ^ uint64(length)) * 0xbf58476d1ce4e5b9
	at = &m.found[h>>40&uint64(len(m.found)-1)]
	return at, at.lo == uint32(lo) && at.id == id && at.size&(1<<lengthBits-1) == uint32(length)
}

// narrow is model.NarrowTo, or model.Around if an entry is known (not -1).
func (m *memo) narrow(iv model.Interval, length, id, entry, most int) model.Interval {
	most = min(most, iv.Len())
	if iv.Len() < direct {
		return m.search(iv, length, id, entry, most)
	}
	at, known := m.slot(iv.Lo, length, uint32(id))
	found := at.interval()
	if known && found.Hi <= iv.Hi { // of a damaged model, other intervals of that length may begin there
		return found
	}
	found = m.search(iv, length, id, entry, most)
	if found.Len() <= maxSize {
		m.keep(at, finding{uint32(iv.Lo), uint32(id), uint32(found.Lo), uint32(found.Len()<<(lengthBits+choiceBits) | length)})
	}
	return found
}

// search is narrow for what is not remembered.
func (m *memo) search(iv model.Interval, length, id, entry, most int) model.Interval {
	if entry >= 0 {
		return m.model.Around(iv, length, id, entry, most)
	}
	return m.model.NarrowTo(iv, length, id, most)
}

// leaves tells whether an interval branches that narrow gave for these arguments. Where narrow remembers it, so does this, in the same
// place, which is at hand.
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

// keep puts a finding at its slot, and makes room for more if half of it might be taken.
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
