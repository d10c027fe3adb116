package post

import "fmt"

// isPage tells a page, which has no text of its own, from a record.
func (p *Parser) isPage(o *object) bool {
	for _, s := range [...]slot{slotText, slotFullText, slotHTML} {
		if _, ok := o.get(s); ok {
			return false
		}
	}
	data, ok := o.get(slotData)
	if ok {
		c := p.scan.b[data.from]
		return c == '[' || c == '{'
	}
	if items, ok := o.get(slotItems); ok {
		return p.scan.b[items.from] == '['
	}
	return o.marks&pageShape != 0
}

// page yields the posts of a page: {"data": […], "includes": {"users": […], "tweets": […]}} of X's API, or
// {"orderedItems": […]}, a collection of activities.
func (p *Parser) page(top *object, yield func(*View, error) bool) {
	data, ok := top.get(slotData)
	if !ok {
		if items, ok := top.get(slotItems); ok && p.scan.b[items.from] == '[' {
			p.items(items, p.post, yield)
		}
		return
	}
	p.users, p.posts = map[string]span{}, map[string]span{}
	defer func() { p.users, p.posts = nil, nil }()
	if includes := p.open(top.get(slotIncludes)); includes != nil {
		p.index(p.users, includes, slotUsers)
		p.index(p.posts, includes, slotPosts)
		p.close()
	}
	if p.scan.b[data.from] == '{' {
		yield(&p.view, p.item(data, p.x))
		return
	}
	p.items(data, p.x, yield) // each is read as X's, whatever its fields
}

// maxBad bounds the errors of a line, since there is room for millions.
const maxBad = 1000

var errBadPage = fmt.Errorf("more than %d items of the page are no posts, and the rest of it is left out", maxBad)

// items yields the posts of a list.
func (p *Parser) items(list span, read func(*object) error, yield func(*View, error) bool) {
	bad := 0
	for e := range p.scan.elements(list) {
		err := p.item(e, read)
		if err != nil {
			bad++
		}
		if bad > maxBad {
			yield(&p.view, errBadPage)
			return
		}
		if !yield(&p.view, err) {
			return
		}
	}
}

// item reads one post of a page.
func (p *Parser) item(v span, read func(*object) error) error {
	p.view, p.buf, p.depth = View{}, p.buf[:0], 1
	o := p.open(v, true)
	if o == nil {
		return ErrNotObject
	}
	p.top = o
	return read(o)
}

// included opens an object of the page's includes, found by its id; nil if there is none.
func (p *Parser) included(m map[string]span, id []byte) *object {
	s, ok := m[string(id)]
	if !ok || !p.pay(s.to-s.from) {
		return nil
	}
	return p.open(s, true)
}

// pay bounds how much one line may repeat of itself: a hostile page could name one long post a
// million times. Beyond the bound, posts keep their truncated texts and short links.
func (p *Parser) pay(n int) bool {
	if n > MaxLine-p.spent {
		return false
	}
	p.spent += n
	return true
}

// index maps the ids of the objects in a list to the objects.
func (p *Parser) index(m map[string]span, o *object, s slot) {
	list, ok := o.get(s)
	if !ok || p.scan.b[list.from] != '[' {
		return
	}
	for e := range p.scan.elements(list) {
		if item := p.open(e, true); item != nil {
			m[string(p.id(item, slotID))] = e
			p.close()
		}
	}
}
