package export

import (
	"encoding/binary"

	"horsepipe/pkg/post"
)

// mark is what the files say of a post. The marks of several records of one post are united.
type mark uint8

const (
	live         mark = 1 << iota
	gone              // in deleted-tweets.js
	communal          // in community-tweet.js
	superseded        // a newer version of it exists
	cutShort          // this record lacks the end of its text
	shareOfOther      // a repost
	hidden            // not for everybody to read
)

// form is the kind of file that a record came from, the better one higher.
type form uint8

const (
	formRow form = iota
	formMonth
	formToday
)

// record is one post as one file has it. It is smaller than X's object by an order of magnitude,
// and easily stored as bytes: all records go through the sorter, since the last file may decide
// about the first post.
type record struct {
	id   uint64 // sort key: ids grow with time; one of the Fediverse has the bit fediverse
	mark mark
	form form
	sec  int64 // creation, Unix seconds; 0 if unknown

	text, author, lang, number string
	replyTo, repostOf, quoteOf string
	raw, url                   string
}

func (r *record) is(m mark) bool { return r.mark&m != 0 }

// strings returns the fields in the order in which they are stored.
func (r *record) strings() [9]*string {
	return [...]*string{&r.text, &r.author, &r.number, &r.lang, &r.replyTo, &r.repostOf, &r.quoteOf, &r.raw, &r.url}
}

// append encodes all but the id: two bytes, the time, and each string after its length.
func (r *record) append(dst []byte) []byte {
	dst = binary.AppendVarint(append(dst, byte(r.mark), byte(r.form)), r.sec)
	for _, s := range r.strings() {
		dst = append(binary.AppendUvarint(dst, uint64(len(*s))), *s...)
	}
	return dst
}

// decode is the inverse of append. It must be given nothing but what append wrote.
func decode(id uint64, b []byte) record {
	r := record{id: id, mark: mark(b[0]), form: form(b[1])}
	sec, n := binary.Varint(b[2:])
	r.sec, b = sec, b[2+n:]
	for _, s := range r.strings() {
		size, n := binary.Uvarint(b)
		*s, b = string(b[n:n+int(size)]), b[n+int(size):]
	}
	return r
}

// absorb makes r the best of two records of one post: a whole text wins over a cut one, then the
// newer form, then the later record. What the winner lacks comes from the other. The old form knows
// only the day of posts before November 2010, so a midnight gives way to any other time.
func (r *record) absorb(o record) {
	if better(o, *r) {
		*r, o = o, *r
	}
	r.mark |= o.mark &^ cutShort
	if r.sec == 0 || (r.sec%day == 0 && o.sec%day != 0) {
		r.sec = o.sec
	}
	for i, s := range r.strings() {
		if i > 0 && *s == "" {
			*s = *o.strings()[i]
		}
	}
}

const day = 24 * 60 * 60

// better reports whether the text of a is preferred. A record without text only marks a post.
func better(a, b record) bool {
	if has := b.text == ""; has != (a.text == "") {
		return has
	}
	if a.is(cutShort) != b.is(cutShort) {
		return b.is(cutShort)
	}
	return a.form >= b.form
}

// post returns the record as it is handed out.
func (r *record) post() *post.Post {
	p := &post.Post{
		ID: decimal(r.id &^ fediverse), Text: r.text, Author: r.author, Lang: r.lang, URL: r.url,
		ReplyTo: r.replyTo, RepostOf: r.repostOf, QuoteOf: r.quoteOf,
		Network: "x", Repost: r.is(shareOfOther),
	}
	switch {
	case r.id&fediverse != 0:
		p.Network = "fediverse"
	case r.author == "":
		p.URL = "https://x.com/i/status/" + p.ID
	default:
		p.URL = "https://x.com/" + r.author + "/status/" + p.ID
	}
	if r.sec != 0 {
		p.CreatedAt = unix(r.sec)
	}
	if r.raw != "" {
		p.Raw = []byte(r.raw)
	}
	if r.number != "" { // an update of the corpus then need not look it up
		p.SetExtra("author_id", r.number)
	}
	if r.is(cutShort) {
		p.SetExtra("truncated", true)
	}
	return p
}
