package export

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// note is the whole text of a long post.
type note struct {
	id   uint64
	sec  int64
	text string
	seen string // its essence
	used bool
}

// notes finds the note of a post. Their ids differ, since X makes the note first and then the post,
// and only some exports say which post a note belongs to. From what others found to hold, a note
// belongs to a post if
//
//   - the note names the post, or has its id; else
//   - it was made in the same second, give or take one, by its date or its id, and its text goes on
//     where the post's was cut; else
//   - the post is visibly cut, and its text is the note's beginning (the note of a scheduled post
//     may be much older).
//
// Texts are compared as a reader sees them, whatever the white space, because the t.co links in the
// two differ. The @names at the head of a reply are left out, since the note does not have them;
// nor does it have the link to a quoted post at the end. In real exports a note is some 70 ms older
// than its post, which may well be in another second; threads have several notes in one second; and
// not every note is longer than 280 characters.
type notes struct {
	all    []note
	size   int
	known  map[uint64]bool    // ids of notes, which several exports repeat
	byPost map[uint64][]int32 // from a post's id to indexes of all
	bySec  map[int64][]int32  // by the second in which the note was made
	byHead map[string][]int32 // by the first bytes of the text
}

// noteFile is an element of note-tweet.js. Newer files have the text in core; somebody described
// another form, with noteTweetResults and the post's id.
type noteFile struct {
	ID        string `json:"noteTweetId"`
	Post      string `json:"tweetId"`
	CreatedAt string `json:"createdAt"`
	Core      struct {
		Text string `json:"text"`
		URLs []struct {
			Short string `json:"shortUrl"`
			Long  string `json:"expandedUrl"`
		} `json:"urls"`
	} `json:"core"`
	Results struct {
		Text   string `json:"text"`
		Result struct {
			Text string `json:"text"`
		} `json:"result"`
	} `json:"noteTweetResults"`
}

// add reads a note.
func (ns *notes) add(body []byte) error {
	var f noteFile
	if err := json.Unmarshal(body, &f); err != nil {
		return err
	}
	id, _ := strconv.ParseUint(f.ID, 10, 63)
	of, _ := strconv.ParseUint(f.Post, 10, 63)
	long := map[string]string{}
	for _, u := range f.Core.URLs {
		long[u.Short] = u.Long
	}
	text := cmp.Or(f.Core.Text, f.Results.Text, f.Results.Result.Text)
	if text == "" {
		return errors.New("a note without a text")
	}
	if escaped(text) {
		text = unescape.Replace(text)
	}
	n := note{id: id, text: strings.ReplaceAll(expand(text, long), "\x00", "")}
	if at, err := time.Parse(time.RFC3339, f.CreatedAt); err == nil {
		n.sec = at.Unix()
	}
	return ns.index(n, of)
}

// index stores a note unless it is there already. Of is the id of its post, or 0. The note's own id
// is also taken for one, since some tools that rewrite exports put the post's id there.
func (ns *notes) index(n note, of uint64) error {
	if ns.known == nil {
		ns.known, ns.byPost = map[uint64]bool{}, map[uint64][]int32{}
		ns.bySec, ns.byHead = map[int64][]int32{}, map[string][]int32{}
	}
	if ns.known[n.id] && n.id != 0 {
		return nil
	}
	const overhead = 400 // bytes of maps and headers
	if ns.size += len(n.text) + overhead; ns.size > maxNotes {
		return fmt.Errorf("%w: more than %d MiB of note posts", ErrHostile, maxNotes>>20)
	}
	n.seen = essence(n.text)
	i := int32(len(ns.all))
	ns.all = append(ns.all, n)
	ns.known[n.id] = true
	ns.byPost[n.id] = append(ns.byPost[n.id], i)
	if of != 0 {
		ns.byPost[of] = append(ns.byPost[of], i)
	}
	ns.bySec[n.sec] = append(ns.bySec[n.sec], i)
	if at, ok := snowflake(n.id); ok && at != n.sec {
		ns.bySec[at] = append(ns.bySec[at], i)
	}
	if h := head(n.seen); h != "" {
		ns.byHead[h] = append(ns.byHead[h], i)
	}
	return nil
}

// join gives a post the text of its note, and reports whether there was one. The @names at the
// post's head stay, as in other replies.
func (ns *notes) join(r *record) bool {
	if len(ns.all) == 0 || r.is(shareOfOther) || r.id&fediverse != 0 {
		return false
	}
	i := ns.find(r)
	if i < 0 {
		return false
	}
	n := &ns.all[i]
	n.used = true
	if names, _ := leading(r.text); !strings.HasPrefix(n.text, "@") {
		n.text = names + n.text
	}
	r.text = n.text
	r.mark &^= cutShort
	return true
}

// find returns the index of a post's note, or -1. Each note is for one post.
func (ns *notes) find(r *record) int32 {
	for _, i := range ns.byPost[r.id] {
		if !ns.all[i].used {
			return i
		}
	}
	seen, cut := uncut(r.text)
	cut = cut || r.is(cutShort)
	seen = essence(seen)
	best, common := int32(-1), 0
	for sec := r.sec - 1; sec <= r.sec+1; sec++ {
		best, common = ns.nearest(r.id, best, common, ns.bySec[sec], func(n string) int {
			return same(seen, n, cut)
		})
	}
	if best < 0 && cut {
		best, _ = ns.nearest(r.id, best, common, ns.byHead[head(seen)], func(n string) int {
			if strings.HasPrefix(n, seen) {
				return len(seen)
			}
			return 0
		})
	}
	return best
}

// nearest returns the note that has most in common with the post, and of several the one with the
// nearest id. It starts from the best one so far.
func (ns *notes) nearest(id uint64, best int32, common int, places []int32, measure func(string) int) (int32, int) {
	for _, i := range places[:min(len(places), maxRivals)] {
		n := &ns.all[i]
		if n.used {
			continue
		}
		m := measure(n.seen)
		if m > common || (m > 0 && m == common && distance(n.id, id) < distance(ns.all[best].id, id)) {
			best, common = i, m
		}
	}
	return best, common
}

func distance(a, b uint64) uint64 { return max(a, b) - min(a, b) }

// same returns how many bytes a post and a note of the same second have in common, or 0 if they do
// not belong together. The last quarter of a cut post may differ, since X may have cut within a
// link. A post that is not visibly cut must be the whole note (some notes are short, and exist for
// their italics) or a good beginning of it.
func same(post, note string, cut bool) int {
	n := 0
	for n < len(post) && n < len(note) && post[n] == note[n] {
		n++
	}
	whole := n == len(post) && (n == len(note) || n >= minHead)
	if n == 0 || !whole && (!cut || n*4 < len(post)*3) {
		return 0
	}
	return n
}

const (
	minHead   = 32  // bytes in common that are enough, by themselves, to take one text for the beginning of another
	maxRivals = 256 // notes that are compared with one post
)

// head returns the beginning by which texts are indexed, or "" if the text is too short.
func head(essence string) string {
	if len(essence) < minHead {
		return ""
	}
	return essence[:minHead]
}

// uncut removes what follows the text that a note begins with: links to a quoted post and to
// pictures, and before them the "…" of a cut. It reports whether there was a "…".
func uncut(text string) (string, bool) {
	for {
		i := strings.LastIndexAny(text, " \n")
		if i < 0 || !strings.HasPrefix(text[i+1:], "http") {
			return strings.CutSuffix(text, ellipsis)
		}
		text = strings.TrimRight(text[:i], " \n")
	}
}

// essence returns what is compared of a text: all but the white space and the names at its head.
func essence(text string) string {
	_, text = leading(text)
	return strings.Join(strings.Fields(text), "")
}

// leading splits a text after the @names that it begins with, with the spaces after them.
func leading(text string) (names, rest string) {
	i := 0
	for i < len(text) && text[i] == '@' {
		n := i + 1
		for n < len(text) && wordByte(text[n]) {
			n++
		}
		for n < len(text) && (text[n] == ' ' || text[n] == '\n') {
			n++
		}
		i = n
	}
	return text[:i], text[i:]
}
