package sandbox

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How far back a timeline goes, in posts. Asking for more is no error: the last
// page has no next_token, and requests for older posts return no data.
const (
	maxTimeline  = 3200
	maxNoReplies = 800 // with exclude=replies
	maxMentions  = 800
)

// userByName is users/by/username/{username}, in any case of letters.
func (c *call) userByName() *answer {
	name := c.r.PathValue("username")
	return c.user(c.store.named(name), "username", name)
}

// me is users/me, which an app on its own may not call.
func (c *call) me() *answer { return c.user(c.who.user, "", "") }

func (c *call) user(a *account, param, value string) *answer {
	if a == nil {
		return c.troubled(c.noSuchUser(param, value))
	}
	c.bill(UserReads, a.id)
	return &answer{status: 200, body: map[string]wireUser{"data": c.wireUser(a)}}
}

// troubled returns X's answer for a resource that is not available: 200, with errors
// instead of data.
func (c *call) troubled(errs ...trouble) *answer {
	return &answer{status: 200, body: &page{Errors: errs}}
}

// timeline is a user's posts. The cap applies before anything is excluded; with
// exclude=replies it is smaller, whatever the share of answers.
func (c *call) timeline() *answer {
	who, missing := c.pathUser()
	if who == nil {
		return missing
	}
	noReplies, noReposts := c.asks("exclude", "replies"), c.asks("exclude", "retweets")
	reach := maxTimeline
	if noReplies {
		reach = maxNoReplies
	}
	list := slices.DeleteFunc(slices.Clone(newest(who.posts, reach)), func(st *status) bool {
		return noReplies && st.replyTo != 0 || noReposts && st.repostOf != 0
	})
	return c.pageOf(list, who)
}

// mentions are the posts by others that name a user.
func (c *call) mentions() *answer {
	who, missing := c.pathUser()
	if who == nil {
		return missing
	}
	return c.pageOf(newest(c.store.mentions[strings.ToLower(who.name)], maxMentions), who)
}

// pathUser returns the user whose id is in the path, or the answer that there is none.
func (c *call) pathUser() (*account, *answer) {
	value := c.r.PathValue("id")
	id, _ := parseID(value) // check has seen it
	if who := c.store.byUser[id]; who != nil {
		return who, nil
	}
	return nil, c.troubled(c.noSuchUser("id", value))
}

// newest returns the end of a list: X forgets what is before.
func newest(list []*status, n int) []*status { return list[max(0, len(list)-n):] }

// pageOf answers with the part of a timeline that the parameters choose.
func (c *call) pageOf(list []*status, of *account) *answer {
	list = between(list, c.bounds())
	size := 10
	if v := c.query.Get("max_results"); v != "" {
		size, _ = strconv.Atoi(v) // check has seen it
	}
	start, end := max(0, len(list)-size), len(list)
	if t, ok := parseToken(c.query.Get("pagination_token")); ok {
		if t.newer {
			start = len(between(list, bounds{until: t.id + 1}))
			end = min(start+size, len(list))
		} else {
			end = len(between(list, bounds{until: t.id}))
			start = max(0, end-size)
		}
	}
	shown := slices.Clone(list[start:end])
	slices.Reverse(shown)
	class := Reads
	if c.who.user == of && c.who.app.owner == of {
		class = OwnedReads
	}
	p := c.show(shown, class)
	p.Meta = &meta{ResultCount: len(shown)}
	if len(shown) > 0 {
		p.Meta.NewestID, p.Meta.OldestID = p.Data[0].ID, p.Data[len(shown)-1].ID
		if start > 0 {
			p.Meta.NextToken = token{id: list[start].id}.String()
		}
		if end < len(list) {
			p.Meta.PreviousToken = token{id: list[end-1].id, newer: true}.String()
		}
	}
	return &answer{status: 200, body: p}
}

// bounds are the ids and times between which posts are asked for.
type bounds struct {
	since, until uint64    // both exclusive; 0: none
	from, to     time.Time // from inclusive, to exclusive; zero: none
}

// bounds reads the parameters; those of ids win over those of time.
func (c *call) bounds() (b bounds) {
	b.since, _ = parseID(c.query.Get("since_id"))
	b.until, _ = parseID(c.query.Get("until_id"))
	if b.since == 0 {
		b.from, _ = time.Parse(time.RFC3339, c.query.Get("start_time"))
	}
	if b.until == 0 {
		b.to, _ = time.Parse(time.RFC3339, c.query.Get("end_time"))
	}
	return b
}

// between returns the part of a list, which is ordered by id, within the bounds.
func between(list []*status, b bounds) []*status {
	start, _ := slices.BinarySearchFunc(list, b.since+1, idOrder)
	end := len(list)
	if b.until != 0 {
		end, _ = slices.BinarySearchFunc(list, b.until, idOrder)
	}
	list = list[min(start, end):end]
	if b.from.IsZero() && b.to.IsZero() {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(st *status) bool {
		return st.at.Before(b.from) || !b.to.IsZero() && !st.at.Before(b.to)
	})
}

func idOrder(st *status, id uint64) int { return cmp.Compare(st.id, id) }

// token is a place in a timeline: what is older than a post, or newer. Since it
// refers to a post and not to a number of posts, new posts do not shift the pages.
type token struct {
	id    uint64
	newer bool
}

// String formats a token to look like X's: base 36, with a checksum so that other strings are refused.
func (t token) String() string {
	n := t.id << 1
	if t.newer {
		n |= 1
	}
	s := strconv.FormatUint(n, 36)
	return s + tokenSum(s)
}

func parseToken(s string) (token, bool) {
	if len(s) <= 4 || tokenSum(s[:len(s)-4]) != s[len(s)-4:] {
		return token{}, false
	}
	n, err := strconv.ParseUint(s[:len(s)-4], 36, 64)
	return token{id: n >> 1, newer: n&1 == 1}, err == nil
}

// tokenSum returns four digits of base 36.
func tokenSum(s string) string {
	h := fnv.New32a()
	h.Write([]byte(s))
	const digits = 36 * 36 * 36
	return strconv.FormatUint(uint64(h.Sum32()%(35*digits))+digits, 36)
}

// lookup answers with posts by their ids, in the order of the request.
func (c *call) lookup() *answer {
	var found []*status
	var missing []trouble
	for s := range strings.SplitSeq(c.query.Get("ids"), ",") {
		id, _ := parseID(s) // check has seen it
		if st := c.store.byID[id]; st == nil {
			missing = append(missing, c.noSuchPost("ids", id))
		} else if !slices.Contains(found, st) {
			found = append(found, st)
		}
	}
	p := c.show(found, Reads)
	p.Errors = append(missing, p.Errors...)
	return &answer{status: 200, body: p}
}
