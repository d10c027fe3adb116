package post

import (
	"bytes"
	"html"
	"slices"
	"strings"
)

// networkFediverse is the Network of the View of a status.
var networkFediverse = []byte("fediverse")

// mastodon reads a status of Mastodon's API; a boost has the text of the original.
func (p *Parser) mastodon(o *object) error {
	v := &p.view
	if content := p.str(o, slotHTML); content != nil {
		v.Text = p.fromHTML(content)
	}
	v.Author = p.handle(o, slotAccount)
	v.Lang = p.str(o, slotLanguage)
	v.ReplyTo = p.id(o, slotReplyStr)
	v.Network = networkFediverse
	_, to := o.get(slotTo)
	_, cc := o.get(slotCc)
	if (to || cc) && !p.forAll(o, nil) { // it is of a type that isActivity does not know
		v.Visibility = visibilityPrivate
	}
	if original := p.open(o.get(slotOriginal)); original != nil {
		v.RepostOf = p.id(original, slotID)
		if t := p.str(original, slotHTML); t != nil {
			v.Text = p.fromHTML(t)
		}
		o.use(slotOriginal)
		p.close()
	}
	return p.own(o)
}

// blocks are the tags that end what stands on lines of its own.
var blocks = []string{"/p", "/ul", "/ol", "/blockquote", "/pre", "/div", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6"}

// quoteLink begins the paragraph with the address of a quoted post, "RE: https://…", which is for readers to whom
// the quoted post itself is not shown.
var quoteLink = []byte(`<p class="quote-inline">`)

// fromHTML returns the text of the simple HTML that statuses consist of: paragraphs, line breaks,
// links whose text is their address and, from Mastodon's relatives, lists, quotations and headings.
func (p *Parser) fromHTML(src []byte) []byte {
	start := len(p.buf)
	for len(src) > 0 {
		open := bytes.IndexByte(src, '<')
		length := bytes.IndexByte(src[max(open, 0):], '>')
		if open < 0 || length < 0 {
			p.buf = append(p.buf, src...)
			break
		}
		p.buf = append(p.buf, src[:open]...)
		if bytes.HasPrefix(src[open:], quoteLink) {
			_, src, _ = bytes.Cut(src[open:], []byte("</p>"))
			continue
		}
		switch tag := string(src[open+1 : open+length]); {
		case strings.HasPrefix(tag, "br"), tag == "/li" && !bytes.HasSuffix(p.buf[start:], []byte("\n")):
			p.buf = append(p.buf, '\n')
		case slices.Contains(blocks, tag): // after another one there is an empty line already
			p.buf = append(p.buf[:start+len(bytes.TrimRight(p.buf[start:], "\n"))], "\n\n"...)
		}
		src = src[open+length+1:]
	}
	return []byte(strings.TrimSpace(html.UnescapeString(string(p.buf[start:]))))
}
