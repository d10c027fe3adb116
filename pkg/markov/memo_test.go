package markov

import (
	"testing"

	"horsepipe/pkg/model"
)

// What is remembered is what would be found, before the memo grows, while it does, and after.
func TestMemo(t *testing.T) {
	m := learn(t, number(crowd(7, 600)))
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
