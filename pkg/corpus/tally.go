package corpus

import (
	"fmt"
	"strings"
)

// Tally counts what became of the records. Its zero value is ready.
type Tally struct {
	Count   [reasons]int // by Reason; Kept is the posts learned
	Bad     int          // lines that are no records
	Replies int          // replies among the posts learned
	Names   int          // names dropped at the beginning of posts learned
	Links   int          // links dropped at the end of posts learned
}

// Add counts one post.
func (t *Tally) Add(it *Item, r Reason) {
	t.Count[r]++
	if r != Kept {
		return
	}
	t.Names += it.Names
	t.Links += it.Links
	if it.Reply {
		t.Replies++
	}
}

// Merge adds the counts of other.
func (t *Tally) Merge(other *Tally) {
	for r, n := range other.Count {
		t.Count[r] += n
	}
	t.Bad += other.Bad
	t.Replies += other.Replies
	t.Names += other.Names
	t.Links += other.Links
}

// Read is the number of records, good and bad.
func (t *Tally) Read() int {
	n := t.Bad
	for _, c := range t.Count {
		n += c
	}
	return n
}

// String returns one line, with all counts that are not zero, in a fixed order:
//
//	18559 read, 12001 learned (4000 replies); left out: 3000 reposts, 1500 duplicates; dropped: 5000 names, 900 links
func (t *Tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d read, %d learned", t.Read(), t.Count[Kept])
	if t.Replies > 0 {
		fmt.Fprintf(&b, " (%d replies)", t.Replies)
	}
	var out list
	for r := Kept + 1; r < reasons; r++ {
		out.add(t.Count[r], r.String())
	}
	out.add(t.Bad, "bad lines")
	var dropped list
	dropped.add(t.Names, "names")
	dropped.add(t.Links, "links")
	return b.String() + out.after("; left out: ") + dropped.after("; dropped: ")
}

// list is an enumeration of counts.
type list []string

func (l *list) add(n int, what string) {
	if n > 0 {
		*l = append(*l, fmt.Sprintf("%d %s", n, what))
	}
}

func (l list) after(lead string) string {
	if len(l) == 0 {
		return ""
	}
	return lead + strings.Join(l, ", ")
}
