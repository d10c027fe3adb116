package network

import (
	"encoding/json"
	"strings"

	"horsepipe/pkg/post"
)

// A User is an account as a network describes it.
type User struct {
	ID    string
	Name  string // in the account's own spelling, without @
	Posts int    // how many posts it has, -1 if the network does not say
}

// Is reports whether the account with a name and a number, each possibly "", is this one. Where both
// numbers are known they decide, since they stay and names do not.
func (u User) Is(name, id string) bool {
	if u.ID != "" && id != "" {
		return u.ID == id
	}
	return u.Name != "" && strings.EqualFold(u.Name, name)
}

// authorField is the field of a record that holds its author's account number.
const authorField = "author_id"

// AuthorID returns the account number of a record's author, "" if it has none.
func AuthorID(p *post.Post) (id string) {
	if v, ok := p.Extra(authorField); ok {
		_ = json.Unmarshal(v, &id)
	}
	return id
}

// SetAuthorID writes the account number of a record's author, or removes the field if it is "".
func SetAuthorID(p *post.Post, id string) {
	if id == "" {
		p.SetExtra(authorField, nil)
	} else {
		p.SetExtra(authorField, id)
	}
}

// ByAge orders posts of X, the oldest first; see [CompareID].
func ByAge(a, b *post.Post) int { return CompareID(a.ID, b.ID) }

// A Query asks for a part of an account's posts.
type Query struct {
	User  User
	Since string // only posts newer than this id; "" for no limit
	Until string // only posts older than this id; "" for no limit
	Token string // [Page.Next] of the page before; "" for the first page
	Max   int    // how many posts a page may have; 0 for as many as the network gives
	Raw   bool   // keep the network's own object in [post.Post.Raw]
}

// A Page is one answer to a [Query].
type Page struct {
	Posts    []*post.Post // newest first
	Referred int          // other posts that came along to complete these, and may be billed
	Users    int          // accounts that came along, and may be billed
	Next     string       // the token of the next page, "" if this is the last
	Open     bool         // the network does not say whether there is a next page
}

// Usage counts what a client has done, as it is billed: failures do not count, except as Requests.
type Usage struct {
	Requests int // answered or not
	Posts    int // read
	Referred int // read along with them
	Users    int // looked up
	Created  int // posts made
	Links    int // of those, the ones with a link
	Answers  int // of those without, the ones that answer a mention
	AltTexts int // set for files that go with posts
}

// Make counts a post that was made, or would be; link says whether it has a link.
func (u *Usage) Make(p *post.Post, link bool) {
	u.Created++
	if _, answers, _ := AnswerOf(p); link {
		u.Links++
	} else if answers {
		u.Answers++
	}
}

// Limits are the most that a network gives.
type Limits struct {
	Page, MinPage int // most and fewest posts a page
	Cap           int // posts of an account in all, the newest ones; 0 for no limit
}

// Reached reports whether n posts may be all that the network gives. A cap also counts posts that are not
// handed out, so a little less than the cap is suspicious already.
func (l Limits) Reached(n int) bool { return l.Cap > 0 && n >= l.Cap-l.Cap/16 }
