package post

import (
	"bytes"
	"errors"
	"iter"
	"strconv"
	"unicode/utf8"
)

// View is a post whose fields are parts of the line that it was read from: only what had escapes or
// links to replace is copied. It is valid until its [Parser] goes on to the next post or line, and as
// long as the line is not changed. The fields mean what those of [Post] mean.
type View struct {
	ID, Text, Author, Lang, URL         []byte
	ReplyTo, RepostOf, QuoteOf, Network []byte
	Visibility                          []byte
	Raw                                 []byte // the network's own object, as JSON
	CreatedAt                           int64  // seconds since 1970 in UTC; 0 if unknown
	Repost                              bool

	nanos int32
	dated bool // there is a date, even if CreatedAt is 0
}

// The errors of [Parser] for a line, or an item of a page, that is no object, and for an object without
// a text. For a line of what is obviously another kind of file, such as a ZIP, the error says which.
var (
	ErrNotObject = errors.New("not a JSON object")
	ErrNoText    = errors.New("the record has no text")
)

// errNUL is the error for a plain line that is not text.
var errNUL = errors.New("the line has a NUL byte")

// visibilityPrivate is the Visibility of a View that not everybody may read, if no more is known.
var visibilityPrivate = []byte("private")

// Private tells whether only some people may read the post, such as the account's followers or those that it names.
// Servers have many words for that, and so every one that is unknown means it.
func (v *View) Private() bool {
	switch string(v.Visibility) {
	case "", "public", "unlisted", "home": // home is what Misskey calls unlisted
		return false
	}
	return true
}

// Parser reads records from lines of JSON or, with Plain, from lines of text. It reuses its memory
// from line to line, so each goroutine needs a Parser of its own.
//
// A line must be valid UTF-8 and, unless Plain is set, one valid JSON object. Values that a record
// does not need are checked, too, so that a damaged file is noticed. If a name occurs twice, the
// last field counts. An escaped half of a surrogate pair is read as U+FFFD; \u0000 is kept.
type Parser struct {
	Plain bool // each line is the text of a post

	scan  scanner
	buf   []byte // parts of the views that are not in the line
	objs  []*object
	depth int     // number of objs in use
	top   *object // the record that view shows; nil for a plain line
	links []link
	users map[string]span // in a page: id to user
	posts map[string]span // in a page: id to included post
	spent int             // bytes of this line that were repeated; see pay
	view  View
}

// Parse reads the post of a line into v; from a page of posts, the first one (ErrNoText if it has
// none). It takes one pass over the line, and no allocation for native records.
func (p *Parser) Parse(line []byte, v *View) error {
	for w, err := range p.Posts(line) {
		*v = *w
		return err
	}
	return ErrNoText
}

// Posts yields the posts of a line: one, or all those of a page, which may be none. An
// error takes the place of one post, or after a thousand of them that of the rest of the page; if the line
// itself is bad, the error is all that is yielded.
// The view is reused from step to step.
func (p *Parser) Posts(line []byte) iter.Seq2[*View, error] {
	return func(yield func(*View, error) bool) {
		top, err := p.begin(line)
		switch {
		case err != nil || top == nil:
			yield(&p.view, err)
		case p.isPage(top):
			p.page(top, yield)
		default:
			yield(&p.view, p.post(top))
		}
	}
}

// begin checks a line and returns its fields; nil for a plain line, whose view is then complete.
func (p *Parser) begin(line []byte) (*object, error) {
	if p.buf == nil {
		p.buf = []byte{} // so that an empty part of it differs from nil, which means no text
	}
	p.view, p.buf, p.depth, p.top, p.spent = View{}, p.buf[:0], 0, nil, 0
	if !utf8.Valid(line) {
		return nil, mistaken(line, badUTF8(line))
	}
	if p.Plain {
		if bytes.IndexByte(line, 0) >= 0 {
			return nil, errNUL
		}
		p.view.Text = line
		return nil, nil
	}
	s := &p.scan
	*s = scanner{b: line}
	i := s.space(0)
	if !s.at(i, '{') {
		return nil, mistaken(line, ErrNotObject)
	}
	top := p.object()
	if i = s.object(i, 0, top); i < 0 {
		return nil, s.err
	}
	if i = s.space(i); i < len(line) {
		s.fail(i, "something follows the record")
		return nil, s.err
	}
	return top, nil
}

// others are files that people take for records by mistake, by their first bytes.
var others = []struct{ begin, are string }{
	{"\x1F\x8B", "packed by gzip, as zcat unpacks it"},
	{"PK\x03\x04", "a ZIP: tw-archive --export reads one that X or Mastodon made"},
	{"[{", "a JSON array: jq -c '.[]' makes lines of it"},
	{"window.YTD.", "a part of an archive that X made: tw-archive --export reads it"},
	{"\xFF\xFE", "in UTF-16, and not in UTF-8"},
	{"\xFE\xFF", "in UTF-16, and not in UTF-8"},
}

// mistaken words an error anew where it is plain what was taken for records.
func mistaken(line []byte, err error) error {
	for _, o := range others {
		if bytes.HasPrefix(line, []byte(o.begin)) {
			return errors.New("it is " + o.are)
		}
	}
	return err
}

func badUTF8(line []byte) error {
	rest := line
	for {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n <= 1 {
			return errors.New("invalid UTF-8 at column " + strconv.Itoa(len(line)-len(rest)+1))
		}
		rest = rest[n:]
	}
}

// object returns an empty object from objs.
func (p *Parser) object() *object {
	if p.depth == len(p.objs) {
		p.objs = append(p.objs, new(object))
	}
	o := p.objs[p.depth]
	o.reset()
	p.depth++
	return o
}

// open returns the fields of an object that was already checked; nil if the value is not an object.
func (p *Parser) open(v span, ok bool) *object {
	if !ok || p.scan.b[v.from] != '{' {
		return nil
	}
	o := p.object()
	p.scan.object(v.from, 0, o)
	return o
}

// post reads one record from its fields.
func (p *Parser) post(o *object) error {
	p.top = o
	_, plainText := o.get(slotText)
	_, html := o.get(slotHTML)
	switch {
	case o.marks&native != 0:
		return p.native(o)
	case o.marks&xShape != 0:
		return p.x(o)
	case !plainText && p.isActivity(o):
		return p.activity(o)
	case html && !plainText:
		return p.mastodon(o)
	}
	return p.native(o)
}

func (p *Parser) native(o *object) error {
	p.view.Text = p.str(o, slotText)
	return p.own(o)
}

// own is the last step for every shape: what the view still lacks is taken from fields with native
// names. If these were not read they would be written as unknown fields, and become known when the
// result is read again.
func (p *Parser) own(o *object) error {
	v := &p.view
	if v.Text == nil {
		return ErrNoText
	}
	p.date(o, slotDate)
	v.ID = p.orID(v.ID, o, slotID)
	v.Author = p.orStr(v.Author, o, slotAuthor)
	if v.Author == nil {
		v.Author = p.handle(o, slotUser)
	}
	v.Lang = p.orStr(v.Lang, o, slotLang)
	v.URL = p.orStr(v.URL, o, slotURL)
	v.ReplyTo = p.orID(v.ReplyTo, o, slotReplyTo)
	v.RepostOf = p.orID(v.RepostOf, o, slotRepostOf)
	v.QuoteOf = p.orID(v.QuoteOf, o, slotQuoteOf)
	v.Network = p.orStr(v.Network, o, slotNetwork)
	v.Visibility = p.orStr(v.Visibility, o, slotVisibility)
	if raw, ok := o.get(slotRaw); ok {
		v.Raw = p.scan.b[raw.from:raw.to:raw.to]
		o.use(slotRaw)
	}
	p.flag(o)
	return nil
}

// flag marks reposts: those with a target, and those that have only a flag.
func (p *Parser) flag(o *object) {
	for _, s := range [...]slot{slotRepost, slotRetweet} {
		if _, ok := o.get(s); ok {
			o.use(s)
			p.view.Repost = true
		}
	}
	p.view.Repost = p.view.Repost || len(p.view.RepostOf) > 0
}

func (p *Parser) date(o *object, s slot) {
	raw := p.peek(o, s)
	if sec, nanos, ok := parseDate(raw); ok {
		p.view.CreatedAt, p.view.nanos, p.view.dated = sec, nanos, true
		o.use(s)
	}
}

// str returns the string in a slot and marks it as used; nil if there is none.
func (p *Parser) str(o *object, s slot) []byte {
	b := p.peek(o, s)
	if b != nil {
		o.use(s)
	}
	return b
}

// peek returns the string in a slot; nil if there is none.
func (p *Parser) peek(o *object, s slot) []byte {
	v, ok := o.get(s)
	if !ok || p.scan.b[v.from] != '"' {
		return nil
	}
	return p.text(v)
}

// text returns what is in a string.
func (p *Parser) text(v span) []byte {
	in := p.scan.b[v.from+1 : v.to-1 : v.to-1]
	if bytes.IndexByte(in, '\\') < 0 {
		return in
	}
	start := len(p.buf)
	p.buf = unescape(p.buf, in)
	return p.buf[start:len(p.buf):len(p.buf)]
}

// id is [Parser.str] for ids, which some write as numbers: these are returned digit by digit.
func (p *Parser) id(o *object, s slot) []byte {
	v, ok := o.get(s)
	if !ok {
		return nil
	}
	b := p.scan.b[v.from:v.to:v.to]
	if p.scan.digits(v.from) < v.to {
		return p.str(o, s)
	}
	o.use(s)
	return b
}

// orStr returns have if it is not nil, otherwise what [Parser.str] does.
func (p *Parser) orStr(have []byte, o *object, s slot) []byte {
	if have != nil {
		return have
	}
	return p.str(o, s)
}

// orID returns have if it is not nil, otherwise what [Parser.id] does.
func (p *Parser) orID(have []byte, o *object, s slot) []byte {
	if have != nil {
		return have
	}
	return p.id(o, s)
}

// handle returns an account's name, which is in the slot itself or in an object there.
func (p *Parser) handle(o *object, s slot) []byte {
	if name := p.str(o, s); name != nil {
		return name
	}
	user := p.open(o.get(s))
	if user == nil {
		return nil
	}
	defer p.close()
	name := p.str(user, slotHandle)
	if name != nil {
		o.use(s)
	}
	return name
}

// close ends the use of the object that open returned last.
func (p *Parser) close() { p.depth-- }
