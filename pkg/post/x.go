package post

import "bytes"

// maxLinks bounds the links of one post, and with it the work on a hostile one.
const maxLinks = 256

// networkX is the Network of the View of a post of X.
var networkX = []byte("x")

// link is a short address that X put into a text, and the address that it stands for.
type link struct {
	short, long []byte
	picture     bool // it leads to the post's own media, and is not shown
}

// x reads an object of X, from either version of its API or from the downloaded export.
//
// Its text becomes what a reader sees: the whole text if there are several versions, with &amp;
// &lt; &gt; decoded, t.co links replaced by what they lead to, and those that only stand for a
// picture of the post removed together with the white space before them. A repost keeps X's "RT
// @name: ". After it comes the whole text of the original if that is included, since X truncates it
// at 140 characters.
func (p *Parser) x(o *object) error {
	v := &p.view
	v.ID = p.eitherID(o, slotIDStr, slotID)
	if v.Text = p.xText(o); v.Text == nil {
		return ErrNoText
	}
	v.Author = p.xAuthor(o)
	v.ReplyTo = p.eitherID(o, slotReplyStr, slotReplyNum)
	v.QuoteOf = p.eitherID(o, slotQuoteStr, slotQuoteNum)
	v.Network = networkX
	p.xRefs(o)
	if original := p.open(o.get(slotOriginal)); original != nil {
		v.RepostOf = p.eitherID(original, slotIDStr, slotID)
		p.reposted(p.xText(original))
		o.use(slotOriginal)
		p.close()
	}
	return p.own(o)
}

// eitherID returns the id of the first slot, or else of the second, and marks both as used.
func (p *Parser) eitherID(o *object, first, second slot) []byte {
	id, other := p.id(o, first), p.id(o, second)
	if id == nil {
		id = other
	}
	return id
}

// xAuthor returns the handle if it is known, otherwise the account's number.
func (p *Parser) xAuthor(o *object) []byte {
	id := p.id(o, slotAuthorID)
	for _, s := range [...]slot{slotAuthor, slotUser} {
		if name := p.handle(o, s); name != nil {
			return name
		}
	}
	if user := p.included(p.users, id); user != nil {
		defer p.close()
		if name := p.str(user, slotHandle); name != nil {
			return name
		}
	}
	return id
}

// xRefs reads the references of X v2 to other posts: [{"type": "replied_to", "id": "…"}, …].
func (p *Parser) xRefs(o *object) {
	refs, ok := o.get(slotRefs)
	if !ok || p.scan.b[refs.from] != '[' {
		return
	}
	o.use(slotRefs)
	for e := range p.scan.elements(refs) {
		ref := p.open(e, true)
		if ref == nil {
			continue
		}
		id := p.id(ref, slotID)
		switch string(p.peek(ref, slotType)) {
		case "replied_to":
			p.view.ReplyTo = id
		case "quoted":
			p.view.QuoteOf = id
		case "retweeted", "reposted":
			if p.view.RepostOf == nil {
				p.view.RepostOf = id
				p.reposted(p.original(ref, id))
			}
		}
		p.close()
	}
}

// original finds the text of a reposted post: in the reference itself, where twarc's flatten puts
// it, or in the page's includes.
func (p *Parser) original(ref *object, id []byte) []byte {
	if t := p.xText(ref); t != nil {
		return t
	}
	included := p.included(p.posts, id)
	if included == nil {
		return nil
	}
	defer p.close()
	return p.xText(included)
}

// reposted replaces the truncated text of a repost by the original's text, if that is known.
func (p *Parser) reposted(original []byte) {
	if original == nil {
		return
	}
	start := len(p.buf)
	p.buf = append(p.buf, repostPrefix(p.view.Text)...)
	p.buf = append(p.buf, original...)
	p.view.Text = p.buf[start:len(p.buf):len(p.buf)]
}

// repostPrefix is the "RT @name: " with which X begins a repost, or nil.
func repostPrefix(text []byte) []byte {
	if end := bytes.Index(text, []byte(": ")); end > 0 && bytes.HasPrefix(text, []byte("RT @")) &&
		bytes.IndexByte(text[4:end], ' ') < 0 {
		return text[:end+2]
	}
	return nil
}

// xText returns an object's text as a reader sees it; nil if there is none.
func (p *Parser) xText(o *object) []byte {
	p.links = p.links[:0]
	p.entities(o, slotEntities)
	p.entities(o, slotMoreEntities)
	o.use(slotTruncated)
	o.use(slotRange)
	text := p.str(o, slotText)
	if t := p.str(o, slotFullText); t != nil {
		text = t
	}
	if more := p.open(o.get(slotExtended)); more != nil {
		p.entities(more, slotEntities)
		p.entities(more, slotMoreEntities)
		for _, s := range [...]slot{slotText, slotFullText} {
			if t := p.str(more, s); t != nil {
				text = t
				o.use(slotExtended)
			}
		}
		p.close()
	}
	if text == nil {
		return nil
	}
	return p.visible(text)
}

// entities adds the links of {"urls": […], "media": […]} to p.links.
func (p *Parser) entities(o *object, s slot) {
	e := p.open(o.get(s))
	if e == nil {
		return
	}
	defer p.close()
	o.use(s)
	for _, list := range [...]slot{slotURLs, slotMedia} {
		v, ok := e.get(list)
		if !ok || p.scan.b[v.from] != '[' {
			continue
		}
		for item := range p.scan.elements(v) {
			if l := p.open(item, true); l != nil {
				p.note(l, list == slotMedia)
				p.close()
			}
		}
	}
}

func (p *Parser) note(o *object, picture bool) {
	l := link{short: p.peek(o, slotURL), long: p.peek(o, slotExpanded), picture: picture}
	if !bytes.HasPrefix(l.short, []byte("http")) || len(p.links) == maxLinks {
		return
	}
	if _, media := o.get(slotMediaKey); media || bytes.HasPrefix(p.peek(o, slotDisplay), []byte("pic.")) {
		l.picture = true
	}
	if len(l.long) == 0 {
		l.long = l.short
	}
	p.links = append(p.links, l)
}

// visible decodes X's escapes and replaces its links.
func (p *Parser) visible(text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 && len(p.links) == 0 {
		return text
	}
	start := len(p.buf)
	for i := 0; i < len(text); {
		if l := p.linkAt(text[i:]); l != nil {
			if l.picture {
				p.buf = append(p.buf[:start], bytes.TrimRight(p.buf[start:], " \n")...)
			} else {
				p.buf = append(p.buf, l.long...)
			}
			i += len(l.short)
			continue
		}
		c, n := xEscape(text[i:])
		p.buf = append(p.buf, c)
		i += n
	}
	return p.buf[start:len(p.buf):len(p.buf)]
}

// linkAt returns the link that text begins with as a whole, and pays for it; nil if there is none.
func (p *Parser) linkAt(text []byte) *link {
	if len(p.links) == 0 || !bytes.HasPrefix(text, []byte("http")) {
		return nil
	}
	for i := range p.links {
		l := &p.links[i]
		if bytes.HasPrefix(text, l.short) && (len(text) == len(l.short) || !alnum(text[len(l.short)])) && p.pay(len(l.long)) {
			return l
		}
	}
	return nil
}

func alnum(c byte) bool { return c-'0' <= 9 || c|0x20-'a' < 26 }

// xEscape decodes what X escapes and nothing else: a post about "&eacute;" keeps it.
func xEscape(text []byte) (c byte, n int) {
	if text[0] == '&' {
		switch {
		case bytes.HasPrefix(text, []byte("&amp;")):
			return '&', 5
		case bytes.HasPrefix(text, []byte("&lt;")):
			return '<', 4
		case bytes.HasPrefix(text, []byte("&gt;")):
			return '>', 4
		}
	}
	return text[0], 1
}
