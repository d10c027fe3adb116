// Package post is the record that goes through the whole pipeline: one post a line, as JSON.
//
// [NewReader] reads records one after the other and [NewWriter] writes them; a [Post] is a plain
// value in between. A filter preserves what it does not know:
//
//	r, w := post.NewReader(os.Stdin, "<stdin>"), post.NewWriter(os.Stdout)
//	for p, err := range r.All(nil) {
//		…
//		p.Lang = "fr"
//		w.Write(p)
//	}
//
// Training reads hundreds of megabytes, and so takes a faster way: [NewChunks] cuts a stream into
// pieces of whole lines, which several goroutines read, each with a [Parser] of its own, as [View]s
// into the line. Both ways use the same parser.
//
// # What is accepted
//
// Native records (below), objects of X's API v1.1 and v2 and of its downloaded export, twarc's
// pages (many posts on a line), statuses of Mastodon, notes and activities of ActivityPub and collections of
// them, {"text": "…"} and, on request, plain lines of text. One table, names, maps their fields. A
// record that has author, reply_to, repost_of, quote_of or network is native, whatever else it has, and
// its text is taken as it is. Records read from another shape get their network, so that they are native
// once written, and reading them again changes nothing.
//
// Fields that a record does not know, and known ones that cannot be read (a date in words), are
// kept as they are, in their order, after the known ones; only their control characters are escaped.
package post

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
)

// Post is one record: a post, a draft (a post without ID) or a receipt. Only Text is required. An
// empty string and a zero time mean unknown.
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

	// Visibility is visibility, in the words of Mastodon's API: "private" is for followers only, "direct" for those
	// whom the post names.
	Visibility string

	// Repost is true for every repost. It is written, as repost, only if RepostOf is empty: some
	// archives have only such a flag.
	Repost bool

	Raw json.RawMessage // raw: the network's own object, if it was asked for

	extra []extra
}

// extra is an unknown field, its key and value as they are in the line, with control characters escaped.
type extra struct{ key, val []byte }

// Extra returns the value of an unknown field, as JSON. The caller must not change it.
func (p *Post) Extra(name string) (json.RawMessage, bool) {
	for i := range p.extra {
		if p.extra[i].named(name) {
			return p.extra[i].val, true
		}
	}
	return nil, false
}

// SetExtra sets an unknown field, in its old place if it has one; nil removes it. The value is written
// as by json.Marshal, but the bytes of a json.RawMessage stay as they are, without line breaks; control
// characters are escaped. SetExtra panics if v is nothing that JSON can hold. The name must not be one
// of the record's own.
func (p *Post) SetExtra(name string, v any) {
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

// oneLine returns v as JSON without line breaks, control characters escaped, nil for nil. It panics if v
// cannot be written so.
func oneLine(v any) []byte {
	raw, given := v.(json.RawMessage)
	var err error
	switch {
	case v == nil || given && raw == nil:
		return nil
	case !given:
		raw, err = json.Marshal(v)
	case bytes.IndexByte(raw, '\n') >= 0 || !json.Valid(raw):
		var b bytes.Buffer
		err = json.Compact(&b, raw)
		raw = b.Bytes()
	}
	if err != nil {
		panic("post: not JSON: " + err.Error())
	}
	return AppendEscaped(nil, raw)
}

// name is the field's name without its quotes and escapes.
func (e *extra) name() []byte { return unescape(nil, e.key[1:len(e.key)-1]) }

func (e *extra) named(name string) bool { return string(e.name()) == name }

// member is a field of the record as it is written.
type member struct{ name, value string }

// members returns the record's own string fields, in the order in which they are written.
func (p *Post) members() [11]member {
	date := ""
	if y := p.CreatedAt.UTC().Year(); !p.CreatedAt.IsZero() && y >= 0 && y <= 9999 {
		date = p.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	return [11]member{
		{"id", p.ID}, {"text", p.Text}, {"created_at", date}, {"author", p.Author}, {"lang", p.Lang}, {"url", p.URL},
		{"reply_to", p.ReplyTo}, {"repost_of", p.RepostOf}, {"quote_of", p.QuoteOf}, {"network", p.Network},
		{"visibility", p.Visibility},
	}
}

// AppendJSON appends the record as one line, without the line end: the known fields that are set,
// in the order of [Post], then the unknown ones. It escapes only what JSON requires, and all control
// characters; bytes that are not UTF-8 become U+FFFD. It omits a date outside the years 0 to 9999, and
// panics if Raw is not JSON.
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

// says tells whether AppendJSON writes a known field of that name, so that an unknown one must not
// be written.
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

const hex = "0123456789abcdef"

// AppendEscaped appends JSON, of which it escapes the control characters that JSON allows in strings,
// U+007F to U+009F: a terminal may obey them.
func AppendEscaped(dst, object []byte) []byte {
	if bytes.IndexByte(object, 0x7f) < 0 && bytes.IndexByte(object, 0xc2) < 0 { // as nearly always
		return append(dst, object...)
	}
	for i := 0; i < len(object); i++ {
		c := object[i]
		if c == 0xc2 && i+1 < len(object) && object[i+1]&^0x1f == 0x80 { // two bytes, of U+0080 to U+009F
			i++
			c = object[i]
		} else if c != 0x7f {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return dst
}

// appendString appends s as a JSON string. It escapes all control characters, also those that JSON
// allows: a terminal may obey them.
func appendString(dst []byte, s string) []byte {
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
		case c < 0x20 || c == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r < 0xa0 {
				dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
			} else {
				dst = utf8.AppendRune(dst, r)
			}
			i += n
			continue
		}
		i++
	}
	return append(dst, '"')
}
