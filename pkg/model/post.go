package model

import (
	"encoding/binary"
	"sort"
	"strconv"
)

// Post is what a model keeps of a post beside its tokens.
type Post struct {
	ID    string // as its network gave it; may be empty
	Time  int64  // seconds since 1970; 0 if unknown
	Reply bool   // it answers another post
}

// Post reads the facts of the i-th post, counted from 0 in the order in which posts were appended;
// a zero Post if there is no such post. It reads the facts of at most 32 posts.
func (m *Model) Post(i int) (p Post) {
	if i < 0 || i >= m.posts {
		return p
	}
	block := i / postBlock
	facts := m.block(block)
	var d postDecoder
	for n := block * postBlock; n <= i; n++ {
		if p = d.next(&facts); d.bad {
			m.damage(secPosts, 0, "facts of a post run over their block")
			return Post{}
		}
	}
	return p
}

// postBlocks is the number of blocks of posts.
func (m *Model) postBlocks() int { return (m.posts + postBlock - 1) / postBlock }

// block is the part of section posts that describes a block of posts.
func (m *Model) block(block int) []byte {
	lo, hi := m.packed(secPlaces, 2*block, m.bits.place), m.packed(secPlaces, 2*block+2, m.bits.place)
	if lo > hi || hi > m.length(secPosts) {
		m.damage(secPlaces, 0, "offset out of range")
		return nil
	}
	return m.file.bytes(m.start[secPosts]+lo, hi-lo)
}

// blockBegin is the place of the mark before the first post of a block.
func (m *Model) blockBegin(block int) int { return m.packed(secPlaces, 2*block+1, m.bits.place) }

// postDecoder reads the facts of the posts of one block; see format.go.
type postDecoder struct {
	number uint64
	name   []byte
	date   int64
	bad    bool
}

func (d *postDecoder) next(p *[]byte) (post Post) {
	if len(*p) == 0 {
		d.bad = true
		return
	}
	flags := (*p)[0]
	*p = (*p)[1:]
	post.Reply = flags&flagReply != 0
	base := d.date
	switch {
	case flags&flagID == 0:
	case flags&flagNumber != 0:
		d.number += uint64(unzigzag(d.uvarint(p)))
		post.ID = strconv.FormatUint(d.number, 10)
		if s := snowflake(d.number); s != 0 {
			base = s
		}
	default:
		shared, length := d.uvarint(p), d.uvarint(p)
		if d.bad = d.bad || shared > uint64(len(d.name)) || length > uint64(len(*p)); d.bad {
			return
		}
		d.name = append(d.name[:shared], (*p)[:length]...)
		*p = (*p)[length:]
		post.ID = string(d.name)
	}
	if flags&flagDate != 0 {
		post.Time = base + unzigzag(d.uvarint(p))
		d.date = post.Time
	}
	return post
}

func (d *postDecoder) uvarint(p *[]byte) uint64 {
	u, n := binary.Uvarint(*p)
	if n <= 0 {
		d.bad = true
		return 0
	}
	*p = (*p)[n:]
	return u
}

// PostAt is the number of the post that contains place p, or whose mark stands there. It costs a
// binary search and a scan of at most 32 posts.
func (m *Model) PostAt(p int) int {
	block := sort.Search(m.postBlocks(), func(b int) bool { return m.blockBegin(b) > p }) - 1
	if block < 0 {
		return 0
	}
	i, at := block*postBlock-1, m.blockBegin(block)
	for at <= p && i < m.posts {
		id, next := m.code(at)
		if id == Mark {
			i++
		}
		if next == at {
			break
		}
		at = next
	}
	return max(i, 0)
}

// Begin is the place of the mark before the i-th post; 0 if there is no such post. It scans at most
// 32 posts, and none after Read of the post before.
func (m *Model) Begin(i int) int {
	if i < 0 || i >= m.posts {
		return 0
	}
	if i == m.ahead.post && i > 0 {
		return m.ahead.begin
	}
	at := m.blockBegin(i / postBlock)
	for n := i / postBlock * postBlock; n < i; n++ {
		for id := -1; id != Mark; {
			id, at = m.After(at)
		}
	}
	return at
}

// Read calls f with the text of each token of the i-th post and the gap before it. i must be at
// least 0 and less than Posts. f must not change gap, and both are valid only during its call. One post
// after the other is read fastest.
func (m *Model) Read(i int, f func(gap, token []byte)) {
	token := make([]byte, 0, usualWord)
	id, at := m.After(m.Begin(i))
	for ; id != Mark; id, at = m.After(at) {
		token = m.appendText(token, id)
		f(m.Gap(id, at), token)
	}
	m.ahead.post, m.ahead.begin = i+1, at
}
