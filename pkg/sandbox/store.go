package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"horsepipe/pkg/post"
)

// status is one post as the sandbox holds it, with its text as a reader sees it.
type status struct {
	id       uint64
	author   *account
	text     string // of a repost: the record's text; the original's is shown
	at       time.Time
	lang     string
	replyTo  uint64   // post answered, 0 if none
	replyWho *account // its author
	quoteOf  uint64
	repostOf uint64
	media    []*medium
}

// store holds the posts and the accounts. It has no lock of its own.
type store struct {
	byID     map[uint64]*status
	byUser   map[uint64]*account
	byName   map[string]*account  // lower case
	mentions map[string][]*status // lower-case name to the posts that have it, by id
	last     uint64               // the greatest id given to a new post
	undated  int                  // seeds so far that had neither date nor id
	enrol    func(*account)       // called with each new account
}

func newStore(enrol func(*account)) *store {
	return &store{
		byID:     map[uint64]*status{},
		byUser:   map[uint64]*account{},
		byName:   map[string]*account{},
		mentions: map[string][]*status{},
		enrol:    enrol,
	}
}

// nextID returns an identifier for a post made at t, greater than all before it.
func (s *store) nextID(t time.Time) uint64 {
	s.last = max(idAt(t), s.last+1)
	return s.last
}

// add puts a post into all lists in which it is looked up.
func (s *store) add(st *status) {
	s.byID[st.id] = st
	s.last = max(s.last, st.id)
	st.author.posts = insert(st.author.posts, st)
	for name := range st.mentions() {
		if !sameName(st.author.name, name) {
			s.mentions[name] = insert(s.mentions[name], st)
		}
	}
}

// remove removes a post. Reposts of it and answers to it stay, and refer to nothing.
func (s *store) remove(st *status) {
	delete(s.byID, st.id)
	st.author.posts = without(st.author.posts, st)
	for name := range st.mentions() {
		s.mentions[name] = without(s.mentions[name], st)
	}
}

// all returns every post, oldest first.
func (s *store) all() []*status {
	return slices.SortedFunc(maps.Values(s.byID), byID)
}

func byID(a, b *status) int { return cmp.Compare(a.id, b.id) }

// insert keeps a list ordered by id; most posts belong at its end.
func insert(list []*status, st *status) []*status {
	i, _ := slices.BinarySearchFunc(list, st, byID)
	return slices.Insert(list, i, st)
}

// without returns a new list, because pages may hold a part of the old one.
func without(list []*status, st *status) []*status {
	if i, found := slices.BinarySearchFunc(list, st, byID); found {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return list
}

// record returns the post in the form that the other programs of the project use.
func (st *status) record() *post.Post {
	p := &post.Post{
		ID:        itoa(st.id),
		Text:      st.text,
		CreatedAt: st.at,
		Author:    st.author.name,
		Lang:      st.lang,
		URL:       "https://x.com/" + st.author.name + "/status/" + itoa(st.id),
		ReplyTo:   optional(st.replyTo),
		RepostOf:  optional(st.repostOf),
		QuoteOf:   optional(st.quoteOf),
		Network:   "x",
	}
	if len(st.media) > 0 {
		var files []fileRecord
		for _, m := range st.media {
			files = append(files, fileRecord{itoa(m.id), m.kind, m.size, m.alt})
		}
		p.SetExtra("media", files)
	}
	return p
}

// fileRecord is what a record keeps of a file that was uploaded with a post.
type fileRecord struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Size int64  `json:"size"` // bytes
	Alt  string `json:"alt,omitempty"`
}

func itoa(id uint64) string { return strconv.FormatUint(id, 10) }

// optional formats a reference; 0 is none.
func optional(id uint64) string {
	if id == 0 {
		return ""
	}
	return itoa(id)
}

// parseID reads an identifier; it returns false for anything that X's pattern refuses.
func parseID(s string) (uint64, bool) {
	if len(s) > 19 || strings.TrimLeft(s, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseUint(s, 10, 64)
	return id, err == nil && id > 0
}

// mentions returns whom a post names, in lower case. A repost mentions nobody, since
// it only repeats.
func (st *status) mentions() map[string]bool {
	if st.repostOf != 0 {
		return nil
	}
	return mentioned(st.text)
}
