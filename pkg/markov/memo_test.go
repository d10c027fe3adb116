package markov

import (
	"slices"
	"testing"

	"horsepipe/pkg/model"
)

// A memo remembers what a search would find: before it grows, while it does, and after.
func TestMemo(t *testing.T) {
	m := learn(t, number(append(crowd(7, 600), slices.Repeat([]string{"x y z"}, 3*direct)...))) // after x there is no choice
	memo := newMemo(m)
	asked := 0
	var ask func(iv model.Interval, length int)
	ask = func(iv model.Interval, length int) {
		if got, want := memo.branches(iv, length), m.Branches(iv, length); got != want {
			t.Fatalf("context %v of %d: branches %v, remembered %v", iv, length, want, got)
		}
		for id := range m.Words() {
			if id == model.Mark {
				continue
			}
			asked++
			want := m.NarrowTo(iv, length, id, iv.Len())
			if got := memo.narrow(iv, length, id, -1, iv.Len()); got != want && want.Len()+got.Len() > 0 {
				t.Fatalf("context %v of %d, token %d: %v, remembered %v", iv, length, id, want, got)
			}
			if want.Len() > 0 {
				if got := memo.leaves(want, iv, length, id); got != m.Branches(want, length+1) {
					t.Fatalf("context %v of %d, token %d: branches %v", iv, length, id, got)
				}
			}
			if want.Len() > 0 && iv.Len() < direct {
				for entry := want.Lo; entry < want.Hi; entry++ {
					if got := memo.narrow(iv, length, id, entry, iv.Len()); got != want {
						t.Fatalf("context %v of %d, token %d at %d: %v, found %v", iv, length, id, entry, want, got)
					}
				}
			}
			if want.Len() > 0 && length < 3 {
				ask(want, length+1)
			}
		}
	}
	for round := range 2 {
		for id := range m.Words() {
			if id != model.Mark {
				ask(m.Token(id), 1)
			}
		}
		if len(memo.found) == memoFirst {
			t.Errorf("round %d: it has not grown, asked %d times", round, asked)
		}
	}
}

// A memo that grows forgets little, and grows no further than memoMost.
func TestMemoGrows(t *testing.T) {
	memo := newMemo(nil)
	for n := range 2 * memoMost {
		at, _ := memo.slot(n, 1, 7)
		memo.keep(at, finding{uint32(n), 7, uint32(n), 1<<lengthBits | 1})
		if n != memoFirst/2 {
			continue
		}
		known := 0
		for i := range n + 1 {
			at, ok := memo.slot(i, 1, 7)
			if ok && at.from == uint32(i) {
				known++
			}
		}
		if len(memo.found) != 4*memoFirst || known < n*3/4 {
			t.Errorf("grown to %d, %d known of %d", len(memo.found), known, n+1)
		}
	}
	if len(memo.found) != memoMost {
		t.Errorf("room for %d in the end, not %d", len(memo.found), memoMost)
	}
}

// In a damaged model intervals of one length may begin at one entry and end at two: what is found
// of the longer one is not taken for the shorter one.
func TestMemoOfDamage(t *testing.T) {
	m := learn(t, number([]string{"a b", "a b", "a b", "a b", "a b", "a c"}))
	memo, b := newMemo(m), m.Lookup([]byte("b"))
	all := m.Token(m.Lookup([]byte("a")))
	if got := memo.narrow(all, 1, b, -1, all.Len()); got.Len() != 5 {
		t.Fatalf("%v of %v", got, all)
	}
	part := model.Interval{Lo: all.Lo, Hi: all.Lo + direct}
	for range 2 {
		if got := memo.narrow(part, 1, b, -1, part.Len()); got != part {
			t.Errorf("%v of %v", got, part)
		}
		if got := memo.narrow(all, 1, b, -1, all.Len()); got.Len() != direct && got.Len() != 5 {
			t.Errorf("%v of %v", got, all)
		}
	}
}
