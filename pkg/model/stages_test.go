package model

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"sort"
	"strings"
	"sync/atomic"
	"testing"

	"horsepipe/pkg/scratch"
	"pgregory.net/rapid"
)

// inOrder must report each job once, in order, and never run more than the given number ahead.
func TestInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, workers := rapid.IntRange(0, 50).Draw(t, "jobs"), rapid.IntRange(1, 8).Draw(t, "workers")
		ahead := rapid.IntRange(0, 10).Draw(t, "ahead")
		var done atomic.Int64
		worked := make([]bool, n)
		err := inOrder(n, workers, ahead, func(worker, i int) {
			if worker >= workers || int64(i) > done.Load()+int64(ahead) {
				t.Errorf("worker %d of %d works on job %d when %d are done", worker, workers, i, done.Load())
			}
			worked[i] = true
		}, func(i int) error {
			if int64(i) != done.Add(1)-1 || !worked[i] {
				t.Errorf("job %d is the %d-th to be done", i, done.Load())
			}
			return nil
		})
		if err != nil || int(done.Load()) != n {
			t.Errorf("%d of %d jobs done, %v", done.Load(), n, err)
		}
	})
}

func TestInOrderStops(t *testing.T) {
	last := -1
	err := inOrder(1000, 3, 5, func(_, i int) {}, func(i int) error {
		if last = i; i == 10 {
			return io.ErrClosedPipe
		}
		return nil
	})
	if !errors.Is(err, io.ErrClosedPipe) || last != 10 {
		t.Errorf("got %v after job %d", err, last)
	}
}

// A contest must find the first of all players after each change of the one that was first.
func TestContest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.SliceOfN(rapid.SliceOf(rapid.IntRange(0, 20)), 1, 9).Draw(t, "lists")
		var want, got []int
		for _, list := range lists {
			slices.Sort(list)
			want = append(want, list...)
		}
		slices.Sort(want)
		c := newContest(len(lists), func(i, j int) bool {
			a, b := lists[i], lists[j]
			return len(a) > 0 && (len(b) == 0 || a[0] < b[0])
		})
		for ; len(lists[c.winner()]) > 0; c.replay() {
			list := &lists[c.winner()]
			got, *list = append(got, (*list)[0]), (*list)[1:]
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// Ids must be given out by falling count, then by rank, and the classes must agree.
func TestLexicon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.OneOf(rapid.Uint32Range(1, 5), rapid.SampledFrom([]uint32{4095, 4096, 4097, 1<<32 - 1}))
		l := lexicon{counts: rapid.SliceOf(count).Draw(t, "counts")}
		l.assign(7)
		byID := make([]int, len(l.counts))
		for rank, id := range l.ids {
			byID[id-7] = rank
		}
		if !sort.SliceIsSorted(byID, func(i, j int) bool {
			a, b := byID[i], byID[j]
			return l.counts[a] > l.counts[b] || l.counts[a] == l.counts[b] && a < b
		}) {
			t.Errorf("counts %v get ids %v", l.counts, l.ids)
		}
		for i, c := range l.classes {
			if c.count != l.counts[byID[c.first-7]] || c.first > 7 && l.counts[byID[c.first-8]] == c.count {
				t.Errorf("class %d is %v", i, c)
			}
		}
	})
}

// A table must know its strings, and give each of them the same id, in whatever order they come.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.SliceOfN(rapid.ByteRange('a', 'c'), 0, 12)).Draw(t, "words")
		var one, all table
		ids := map[string]uint32{}
		for _, w := range words {
			want, known := ids[string(w)]
			if !known {
				want = uint32(len(ids))
			}
			id := one.intern(w)
			if id != want || !bytes.Equal(one.at(id), w) {
				t.Fatalf("%q is %d, want %d", w, id, want)
			}
			ids[string(w)] = id
		}
		some := rapid.IntRange(0, one.len()).Draw(t, "some")
		for i := range some {
			all.intern(one.at(uint32(one.len() - 1 - i)))
		}
		for i, id := range all.internAll(nil, &one.texts, 0) {
			if !bytes.Equal(all.at(id), one.at(uint32(i))) {
				t.Fatalf("%q becomes %q", one.at(uint32(i)), all.at(id))
			}
		}
		if all.len() != one.len() {
			t.Fatalf("%d words become %d", one.len(), all.len())
		}
	})
}

// Words with the same hash, as there are in any large corpus, are still different words.
func TestTableCollision(t *testing.T) {
	words := new(texts)
	for _, w := range []string{"first", "second"} {
		words.text = append(words.text, w...)
		words.ends = append(words.ends, uint32(len(words.text)))
	}
	var one, all table
	for _, table := range []*table{&one, &all} {
		table.add(words.at(0), uint32(maphash.Bytes(seed, words.at(1))))
	}
	if id := one.intern(words.at(1)); id != 1 {
		t.Errorf("the second word is %d", id)
	}
	if ids := all.internAll(nil, words, 1); ids[0] != 1 {
		t.Errorf("of a list, the second word is %d", ids[0])
	}
}

// Runs of words must merge into their union, with the sums of the tallies, however many there are.
func TestMergeWords(t *testing.T) {
	s := &spool{File: scratch.File{Dir: t.TempDir()}, block: 100}
	defer s.Close()
	var runs []*wordRun
	want := map[string]uint32{}
	for i := range 2*mergeFan + 5 {
		r := &wordRun{tape: tape{spool: s}}
		for j := range 20 {
			word, n := fmt.Sprintf("word %03d", 7*j+i%7), uint32(1+i*j)<<15 // numbers of up to five bytes, of which blocks cut some
			want[word] += n
			r.add([]byte(word), uint32(j), tally{n, [3]uint32{n, 0, n}})
		}
		r.end()
		runs = append(runs, r)
	}
	var last string
	mergeAllWords(runs, func(text []byte, sum tally) {
		n := want[string(text)]
		if string(text) <= last || sum != (tally{n, [3]uint32{n, 0, n}}) {
			t.Errorf("%q after %q: %v, want %d", text, last, sum, n)
		}
		last = string(text)
		delete(want, last)
	})
	if len(want) > 0 || s.Err() != nil {
		t.Errorf("%d words are missing, %v", len(want), s.Err())
	}
}

// A run of suffixes must be readable from any pair of bytes on, the longest suffixes included.
func TestSuffixRun(t *testing.T) {
	s := &spool{File: scratch.File{Dir: t.TempDir()}, block: 64}
	defer s.Close()
	r := &suffixRun{tape: tape{spool: s}}
	var suffixes []suffixBytes
	for i := range 3 * entryBlock {
		var b suffixBytes
		b.size = copy(b.bytes[:maxSuffix], fmt.Sprintf("%05d%s", i, strings.Repeat("x", i%2*maxSuffix)))
		suffixes = append(suffixes, b)
		r.add(&b, uint64(i)<<20)
	}
	r.end()
	for _, from := range []int{0, 1, 999, 1000, entryBlock - 1, entryBlock, entryBlock + 900, 2*entryBlock + 7} {
		lo, hi := suffixes[from].pair(), suffixes[from].pair()+2
		first := slices.IndexFunc(suffixes, func(b suffixBytes) bool { return b.pair() >= lo })
		n := 0
		mergeSuffixes([]*suffixRun{r}, lo, hi, func(c *suffixCursor) {
			want := &suffixes[first+n]
			if n++; c.place != uint64(first+n-1)<<20 || !bytes.Equal(c.bytes[:c.size], want.bytes[:want.size]) {
				t.Fatalf("from pair %d: %q at %d", lo, c.bytes[:c.size], c.place)
			}
		})
		if end := first + n; end < len(suffixes) && suffixes[end].pair() < hi {
			t.Fatalf("from pair %d: only %d suffixes", lo, n)
		}
	}
}

// A suffix of one byte pairs it with the mark that follows, whatever an earlier suffix left there.
func TestPairOfShortSuffix(t *testing.T) {
	var b suffixBytes
	b.size = copy(b.bytes[:], "xy")
	if got := b.pair(); got != 'x'<<8|'y' {
		t.Errorf("%#x", got)
	}
	b.size = 1
	if got := b.pair(); got != 'x'<<8 {
		t.Errorf("%#x", got)
	}
}

// A dialect gives each text one id, including those of up to eight bytes, whatever these are, and longer
// ones that differ only in the middle.
func TestDialectWord(t *testing.T) {
	d, texts := new(dialect), map[string]bool{}
	var try func(s []byte)
	try = func(s []byte) {
		long, other := slices.Concat(s, []byte("x"), s), slices.Concat(s, []byte("y"), s)
		for _, w := range [][]byte{s, s, bytes.Repeat(s, 2), s, long, other} { // known from the second time on
			if id := d.word(w); !bytes.Equal(d.words.at(id), w) {
				t.Errorf("%q has the id of %q", w, d.words.at(id))
			}
			texts[string(w)] = true
		}
		if len(s) < 4 {
			for _, c := range []byte{0, 1, 'a', 0x81, 0xbf, 0xc3, 0xe0, 0xe3, 0xef, 0xff} {
				try(append(bytes.Clone(s), c))
			}
		}
	}
	try(nil)
	if len(texts) < 2<<recentBits || d.words.len() != len(texts) {
		t.Errorf("%d ids for %d texts", d.words.len(), len(texts))
	}
}
