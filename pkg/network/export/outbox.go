package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// What can be wrong with an outbox or with what is in it.
var (
	errNoItems   = fmt.Errorf("%w: it has no list orderedItems", ErrDamaged)
	errNoPost    = errors.New("neither a note nor a repost of the Fediverse")
	errNoDecimal = errors.New("a post without an id that is a number")
)

// itemsName is the field of an outbox that has the posts.
const itemsName = "orderedItems"

// items passes on the posts of an outbox, {"@context": …, "orderedItems": […], …}, and nothing else: a list that
// [elements] can split. Mastodon writes all of it in one line. Brackets are counted, and nothing else is checked.
type items struct {
	r io.Reader

	depth    int
	list     int // how deep the list is while it is passed on, otherwise 0
	found    bool
	any      bool
	inString bool
	escaped  bool
	name     []byte // the last string, or a beginning that is too long
	named    bool   // the value of orderedItems comes next
}

// Read reads what is left of the next piece of the file.
func (it *items) Read(b []byte) (int, error) {
	for {
		n, err := it.r.Read(b)
		n, bad := it.keep(b[:n])
		switch {
		case bad != nil:
			err = bad
		case err == io.EOF && it.depth > 0:
			err = errCut
		case err == io.EOF && it.any && !it.found:
			err = errNoItems
		}
		if n > 0 || err != nil || len(b) == 0 {
			return n, err
		}
	}
}

// keep moves what is to be passed on to the beginning of b, and returns how much that is.
func (it *items) keep(b []byte) (n int, err error) {
	for _, c := range b {
		if it.depth == 0 && matters[c] == 0 && gap([]byte{c}) == 0 && bytes.IndexByte(bom, c) < 0 {
			return n, errNotJSON
		}
		it.step(c)
		switch {
		case it.depth < 0 || it.depth == 0 && it.inString:
			return n, errNotJSON
		case it.list > 0:
			b[n] = c
			n++
		}
		if it.depth < it.list {
			it.list = 0
		}
	}
	return n, nil
}

// step takes the next byte into account.
func (it *items) step(c byte) {
	switch {
	case it.inString:
		it.inside(c)
	case c == '"':
		it.inString, it.name = true, it.name[:0]
	case c == ':':
		it.named = it.depth == 1 && string(it.name) == itemsName
	case c == '{' || c == '[':
		it.depth++
		it.any = true
		if c == '[' && it.depth == 2 && it.named {
			it.list, it.found = it.depth, true
		}
		it.named = false
	case c == '}' || c == ']':
		it.depth--
	}
}

// inside takes a byte of a string into account.
func (it *items) inside(c byte) {
	switch {
	case it.escaped:
		it.escaped = false
	case c == '\\':
		it.escaped = true
	case c == '"':
		it.inString = false
		return
	}
	if len(it.name) <= len(itemsName) {
		it.name = append(it.name, c)
	}
}

// fediverse is set in the keys of posts of the Fediverse, whose ids would else mix with those of X; these have 63 bits.
const fediverse = 1 << 63

// activity makes a record of one element of an outbox, without its form.
func (t *tweets) activity(body []byte) (record, error) {
	if err := t.parser.Parse(body, &t.view); err != nil {
		return record{}, err
	}
	v := &t.view
	if string(v.Network) != "fediverse" {
		return record{}, errNoPost
	}
	id, err := strconv.ParseUint(string(v.ID), 10, 63)
	if err != nil || id == 0 {
		return record{}, errNoDecimal
	}
	r := record{id: id | fediverse, mark: hidden}
	if v.Private() {
		return r, nil
	}
	r.mark, r.sec = live, v.CreatedAt
	r.text, r.author, r.lang, r.url = string(bytes.ReplaceAll(v.Text, []byte{0}, nil)), string(v.Author), string(v.Lang), string(v.URL)
	r.replyTo, r.repostOf, r.quoteOf = string(v.ReplyTo), string(v.RepostOf), string(v.QuoteOf)
	if v.Repost {
		r.mark |= shareOfOther
	}
	err = t.keepRaw(&r, body)
	return r, err
}
