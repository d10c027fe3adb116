package timeline

import (
	"cmp"
	"slices"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// author is what a file says of one account.
type author struct {
	name   string // as in the newest record
	id     string // account number, from the field author_id; "" if no record has it
	newest string // id of its newest post
}

// authors are the accounts in a file, by name in lower case; "" has the records without one.
type authors map[string]*author

// note takes a record into account. A record whose id is not a number is not a post of X, and is
// ignored.
func (as authors) note(p *post.Post) {
	if p.ID == "" || strings.Trim(p.ID, "0123456789") != "" || p.Network != "" && p.Network != network.X {
		return
	}
	key := strings.ToLower(p.Author)
	a := as[key]
	if a == nil {
		a = &author{}
		as[key] = a
	}
	if network.CompareID(p.ID, a.newest) > 0 {
		a.name, a.newest = p.Author, p.ID
	}
	a.id = cmp.Or(network.AuthorID(p), a.id)
}

// find returns the account with a name, or with a number if that is not ""; it may have had another
// name before. Records without a name count as its own. It returns nil if the file has no post of
// the account.
func (as authors) find(name, id string) *author {
	var found *author
	for key, a := range as {
		mine := key == "" || key == strings.ToLower(name) || id != "" && (key == id || a.id == id)
		if !mine {
			continue
		}
		if found == nil {
			found = &author{name: a.name}
		}
		if network.CompareID(a.newest, found.newest) > 0 {
			found.newest, found.name = a.newest, a.name
		}
		found.id = cmp.Or(a.id, found.id)
	}
	return found
}

// String lists the names, for a message.
func (as authors) String() string {
	var names []string
	for _, a := range as {
		names = append(names, "@"+a.name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
