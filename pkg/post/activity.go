package post

import (
	"bytes"
	"slices"
	"unicode"
)

// activity reads what servers of the Fediverse send each other and give to the owner of an account, in outbox.json:
// a note, the activity Create around one, or Announce, a repost. The facts are from
//
//   - https://www.w3.org/TR/activitystreams-vocabulary/: Note, Question, Article, Create, Announce and their fields;
//   - https://www.w3.org/TR/activitypub/#public-addressing: who may read what;
//   - https://docs.joinmastodon.org/spec/activitypub/: what Mastodon makes of both.
//
// The result is what Mastodon's API says of the same post: its id is the number at the end of the address, and
// so is that of another post on the same server; posts of other servers keep their addresses. A repost has no
// text, unless the original is in it.
func (p *Parser) activity(o *object) error {
	inner := p.open(o.get(slotObject))
	switch kind := string(p.peek(o, slotType)); {
	case kind == "Announce":
		return p.announce(o, inner)
	case kind == "Create" && inner != nil:
		p.top = inner // as with a page, what is around the post is left out
		return p.fediNote(inner, o)
	}
	return p.fediNote(o, nil)
}

// isActivity tells an activity from a status of Mastodon's API, which has no type.
func (p *Parser) isActivity(o *object) bool {
	switch string(p.peek(o, slotType)) {
	case "Note", "Question", "Article", "Create", "Announce":
		return true
	}
	return false
}

// fediNote reads a note, and whom the activity around it is for.
func (p *Parser) fediNote(o, around *object) error {
	v := &p.view
	content := p.str(o, slotHTML)
	if content == nil {
		return ErrNoText
	}
	v.Text = p.fromHTML(content)
	v.Author = p.actor(o)
	v.Lang = p.onlyLanguage(o)
	v.ReplyTo = p.other(o, slotInReplyTo)
	v.QuoteOf = p.other(o, slotQuote)
	return p.federated(o, p.forAll(o, around))
}

// announce reads a repost. Mastodon includes the original only if it is a post of the same account that not
// everybody may read.
func (p *Parser) announce(o, original *object) error {
	v := &p.view
	v.Author = p.actor(o)
	v.Repost = true
	v.Text = []byte{}
	if original == nil {
		v.RepostOf = p.other(o, slotObject)
		return p.federated(o, p.forAll(o, nil))
	}
	v.RepostOf = nearby(p.peek(original, slotID), p.peek(o, slotID))
	v.Text = p.fromHTML(p.peek(original, slotHTML))
	o.use(slotObject)
	return p.federated(o, p.forAll(o, original))
}

// federated reads what notes and reposts have in common.
func (p *Parser) federated(o *object, forAll bool) error {
	v := &p.view
	v.ID = statusNumber(p.str(o, slotID))
	v.Network = networkFediverse
	if !forAll {
		v.Visibility = visibilityPrivate
	}
	p.date(o, slotPublished)
	return p.own(o)
}

// forAll tells whether everybody may read a post: each object that names its readers, and at least one, must
// name the public.
func (p *Parser) forAll(o, other *object) bool {
	public := false
	for _, o := range [...]*object{o, other} {
		if o == nil {
			continue
		}
		to, named := o.get(slotTo)
		cc, copied := o.get(slotCc)
		switch {
		case named && p.public(to) || copied && p.public(cc):
			public = true
		case named || copied:
			return false
		}
	}
	return public
}

// public tells whether the public is among the addresses of a field: a string or a list of them.
func (p *Parser) public(v span) bool {
	if p.scan.b[v.from] != '[' {
		return p.isPublic(v)
	}
	for e := range p.scan.elements(v) {
		if p.isPublic(e) {
			return true
		}
	}
	return false
}

// isPublic tells whether an address is that of the public.
func (p *Parser) isPublic(v span) bool {
	if p.scan.b[v.from] != '"' {
		return false
	}
	switch string(p.text(v)) {
	case "https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public":
		return true
	}
	return false
}

// actor returns the author as NAME@HOST, from an address that has the name: https://HOST/@NAME/1 of a note, or else
// https://HOST/users/NAME; nil if neither does. Newer servers have numbers in the latter.
func (p *Parser) actor(o *object) []byte {
	if name := p.nameIn(p.peek(o, slotURL), "/@"); name != nil {
		return name
	}
	return p.nameIn(p.peek(o, slotActor), "/users/")
}

// nameIn returns NAME@HOST from an address whose path begins with before and the name.
func (p *Parser) nameIn(address []byte, before string) []byte {
	host := server(address)
	name, ok := bytes.CutPrefix(address[len(host):], []byte(before))
	if end := bytes.IndexByte(name, '/'); end >= 0 {
		name = name[:end]
	}
	host = host[bytes.LastIndexByte(host, '/')+1:]
	if !ok || !isName(name) || !isName(host) {
		return nil
	}
	start := len(p.buf)
	p.buf = append(append(append(p.buf, name...), '@'), host...)
	return p.buf[start:len(p.buf):len(p.buf)]
}

// isName tells whether b consists of what names of accounts and hosts do.
func isName(b []byte) bool {
	for _, c := range b {
		if !alnum(c) && bytes.IndexByte([]byte("_-.:"), c) < 0 {
			return false
		}
	}
	return len(b) > 0
}

// onlyLanguage returns the language of a note that has one: {"en": "<p>…"}. Mastodon writes zh-CN as zhCn there.
func (p *Parser) onlyLanguage(o *object) []byte {
	texts := p.open(o.get(slotContentMap))
	if texts == nil {
		return nil
	}
	defer p.close()
	if len(texts.fields) != 1 {
		return nil
	}
	o.use(slotContentMap)
	tag := p.text(texts.fields[0].key)
	i := bytes.IndexFunc(tag, unicode.IsUpper)
	if i <= 0 || bytes.IndexByte(tag, '-') >= 0 {
		return tag
	}
	region := tag[i:]
	if len(region) == len("CN") {
		region = bytes.ToUpper(region)
	}
	return slices.Concat(tag[:i], []byte("-"), region)
}

// other returns the id of another post.
func (p *Parser) other(o *object, s slot) []byte {
	return nearby(p.str(o, s), p.peek(o, slotID))
}

// nearby returns the number of a post that is on the same server as the post at the address own, or else its
// address.
func nearby(address, own []byte) []byte {
	if !bytes.Equal(server(address), server(own)) {
		return address
	}
	return statusNumber(address)
}

// server returns the beginning of an address, up to the path; empty if it is no address.
func server(address []byte) []byte {
	from := bytes.Index(address, []byte("://")) + len("://")
	if from < len("://") {
		return nil
	}
	if end := bytes.IndexByte(address[from:], '/'); end >= 0 {
		return address[:from+end]
	}
	return address
}

// statusNumber returns the number that the address of a post ends with, before "/activity" in that of a repost;
// without a number it returns the address.
func statusNumber(address []byte) []byte {
	id := bytes.TrimSuffix(address, []byte("/activity"))
	id = id[bytes.LastIndexByte(id, '/')+1:]
	for _, c := range id {
		if c-'0' > 9 {
			return address
		}
	}
	if len(id) == 0 {
		return address
	}
	return id[:len(id):len(id)]
}
