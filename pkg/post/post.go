// Package post is the record that goes through the whole pipe: one post a line, as JSON.
//
// [NewReader] reads records one after the other and [NewWriter] writes them; a
// [Post] is a plain value between the two. A filter keeps what it does not know:
//
//	r, w := post.NewReader(os.Stdin, "<stdin>"), post.NewWriter(os.Stdout)
//	for {
//		p, err := r.Next()
//		…
//		p.Lang = "fr"
//		w.Write(p)
//	}
//
// Training reads hundreds of megabytes, and takes the fast road: [NewChunks] cuts a stream into
// pieces of whole lines, which several goroutines read with a [Parser] each, as [View]s into the line.
// Both roads are one parser.
//
// # What is accepted
//
// Native records (below), objects of X's API v1.1 and v2 and of its downloaded export, twarc's pages (many posts
// on a line), statuses of Mastodon, {"text": "…"} and, if asked for, plain lines of text. The mapping is one table, names. A
// record that says author, reply_to, repost_of, quote_of or network is native whatever else it has,
// and its text is taken as it is; what is read from another shape gets its network, so that it is native when
// it is written, and reading it again changes nothing.
//
// Fields that a record does not know, and known ones that cannot be read (a date in words), are kept byte for byte, in
// their order, behind the known ones.
package post

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
)

// Post is one record: a post, a draft (a post without ID) or a receipt. Only Text is required; an
// empty string and a zero time mean that a thing is not known.
type Post struct {
	ID        string    // id, in the network's spelling
	Text      string    // text: what a reader sees
	CreatedAt time.Time // created_at, in UTC
	Author    string    // author: handle without @, or the network's number for it
	Lang      string    // lang: BCP 47, or what the network makes of it ("und")
	URL       string    // url
	ReplyTo   string    // reply_to: id of the post that this one answers
	RepostOf  string    // repost_of: id of the original
	QuoteOf   string    // quote_of: id of the post shown inside this one
	Network   string    // network: "x", "fediverse", …

	// Repost is true for every repost. It is written, as repost, only where RepostOf is
	// empty: some archives have no more than such a flag.
	Repost bool

	Raw json.RawMessage // raw: the network's own object, if it was asked for

	extra []extra
}

// extra is an unknown field, both parts as they stood in the line.
type extra struct{ key, val []byte }

// Extra gives the value of an unknown field, as JSON.
func (p *Post) Extra(name string) (json.RawMessage, bool) {
	for i := range p.extra {
		if p.extra[i].named(name) {
			return p.extra[i].val, true
		}
	}
	return nil, false
}

// SetExtra sets an unknown field, in its old place if it has one; a nil value takes it away. The value must be valid
// JSON, as json.Marshal gives it, and the name none of the record's own: SetExtra panics at bad JSON.
func (p *Post) SetExtra(name string, v json.RawMessage) {
	e := extra{key: appendString(nil, name), val: oneLine(v)}
	kept := p.extra[:0:0]
	for _, old := range p.extra {
		if !old.named(name) {
			kept = append(kept, old)
		} else if e.val != nil {
			kept = append(kept, e)
			e.val = nil
		}
	}
	if e.val != nil {
		kept = append(kept, e)
	}
	p.extra = kept
}

// oneLine gives a copy of some JSON, without line breaks.
func oneLine(v json.RawMessage) []byte {
	if v == nil || bytes.IndexByte(v, '\n') < 0 && json.Valid(v) {
		return bytes.Clone(v)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, v); err != nil {
		panic("post: not JSON: " + err.Error())
	}
	return b.Bytes()
}

// name is the field's name without its quotes and escapes.
func (e *extra) name() []byte { return unescape(nil, e.key[1:len(e.key)-1]) }

func (e *extra) named(name string) bool { return string(e.name()) == name }

// member is one field of the record as it is written.
type member struct{ name, value string }

// members gives the record's own fields of text, in the order in which they are written.
func (p *Post) members() [10]member {
	date := ""
	if y := p.CreatedAt.UTC().Year(); !p.CreatedAt.IsZero() && y >= 0 && y <= 9999 {
		date = p.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	return [10]member{
		{"id", p.ID}, {"text", p.Text}, {"created_at", date}, {"author", p.Author}, {"lang", p.Lang}, {"url", p.URL},
		{"reply_to", p.ReplyTo}, {"repost_of", p.RepostOf}, {"quote_of", p.QuoteOf}, {"network", p.Network},
	}
}

// AppendJSON appends the record as one line without its end: the known fields that are set, in the order of
// [Post], then the unknown ones. Nothing is escaped that JSON does not ask for; bytes that are
// not UTF-8 become U+FFFD. A date outside the years 0 to 9999 is left out.
func (p *Post) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	start := len(dst)
	members := p.members()
	for _, m := range members {
		if m.value != "" || m.name == "text" {
			dst = appendString(appendName(dst, start, m.name), m.value)
		}
	}
	if p.Repost && p.RepostOf == "" {
		dst = append(dst, `,"repost":true`...)
	}
	if len(p.Raw) > 0 {
		dst = append(append(dst, `,"raw":`...), oneLine(p.Raw)...)
	}
	for i := range p.extra {
		if e := &p.extra[i]; !p.says(members[:], e.name()) {
			dst = append(append(dst, ','), e.key...)
			dst = append(append(dst, ':'), e.val...)
		}
	}
	return append(dst, '}')
}

// says tells whether AppendJSON writes a field of that name without looking at the unknown ones.
func (p *Post) says(members []member, name []byte) bool {
	for _, m := range members {
		if m.name == string(name) {
			return m.value != "" || m.name == "text"
		}
	}
	return string(name) == "raw" && len(p.Raw) > 0 || string(name) == "repost" && p.Repost && p.RepostOf == ""
}

// appendName appends a field's name, and a comma before it unless it is the first since start.
func appendName(dst []byte, start int, name string) []byte {
	if len(dst) > start {
		dst = append(dst, ',')
	}
	return append(append(append(dst, '"'), name...), `":`...)
}

// appendString appends s as a JSON string.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		i++
	}
	return append(dst, '"')
}
