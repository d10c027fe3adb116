package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// faultKind is one thing that can go wrong. Each of its functions is for one
// moment in the course of a request, and may be nil.
type faultKind struct {
	name  string
	arg   string            // the default of the argument, "" if there is none
	check func(string) bool // reports whether an argument is valid
	help  string

	instead func(c *call, arg string) *answer    // before the endpoint, and instead of it unless it returns nil
	after   func(c *call, a *answer, arg string) // changes a successful answer
	late    func(c *call, a *answer, arg string) // changes any answer
}

// faultKinds is the table of all kinds.
var faultKinds = slices.Concat(roadFaults, statusFaults, refusals, shapeFaults)

// roadFaults happen on the way between server and client.
var roadFaults = []faultKind{
	{name: "lost-answer", help: "done, but the connection breaks before the answer",
		after: func(_ *call, a *answer, _ string) { a.pace.lost = true }},
	{name: "drop", help: "nothing done, the connection breaks",
		instead: func(*call, string) *answer { return &answer{pace: pace{lost: true}} }},
	{name: "time-out", help: "nothing done, no answer until the client gives up",
		instead: func(*call, string) *answer { return &answer{pace: pace{stall: true}} }},
	{name: "slow-answer", help: "done, but no answer until the client gives up",
		after: func(_ *call, a *answer, _ string) { a.pace.stall = true }},
	{name: "cut", help: "the body ends before its Content-Length",
		late: func(_ *call, a *answer, _ string) { a.pace.cut = true }},
	{name: "slow", arg: "100ms", check: isDuration, help: "the body comes in ten parts, so far apart",
		late: func(_ *call, a *answer, arg string) { a.pace.slow, _ = time.ParseDuration(arg) }},
	{name: "skew", arg: "1h", check: isDuration, help: "the server's clock is off: Date, and timestamps of signatures"},
	{name: "strip", help: "a proxy took X's own headers away",
		late: func(c *call, _ *answer, _ string) { c.stripHeaders() }},
}

// statusFaults are answers that report trouble at X, or no credit.
var statusFaults = []faultKind{
	failing(500, "X is broken"),
	failing(502, "X is broken"),
	failing(503, "X is over capacity"),
	failing(504, "X is too slow for itself"),
	{name: "html", arg: "503", check: isStatus, help: "a page of HTML with this status", instead: htmlPage},
	{name: "not-json", help: "done, but the body is cut JSON with status 200",
		after: func(_ *call, a *answer, _ string) {
			*a = answer{status: 200, raw: []byte(`{"data":[{"id":`), kind: "application/json; charset=utf-8"}
		}},
	{name: "429", arg: "15m", check: isDuration, help: "rate limit, which ends after this time",
		instead: func(c *call, arg string) *answer { return c.limited("X-Rate-Limit", arg, tooMany()) }},
	{name: "429-day", arg: "24h", check: isDuration, help: "24-hour cap, while the rate limit has calls left",
		instead: func(c *call, arg string) *answer { return c.limited("X-User-Limit-24hour", arg, tooMany()) }},
	{name: "429-empty", help: "429 without a body",
		instead: func(c *call, _ string) *answer { return c.limited("X-Rate-Limit", "15m", &answer{status: 429}) }},
	{name: "429-bare", help: "429 without headers",
		instead: func(c *call, _ string) *answer { c.stripHeaders(); return tooMany() }},
	{name: "429-old", help: "429 with the body of API v1.1, as X's documentation shows it",
		instead: func(c *call, _ string) *answer {
			return c.limited("X-Rate-Limit", "15m", v1Error(429, 88, "Rate limit exceeded"))
		}},
	{name: "402", help: "CreditsDepleted",
		instead: func(c *call, _ string) *answer {
			return c.noCredit(402, "CreditsDepleted", "Your enrolled account [%d] does not have any credits to fulfill this request.")
		}},
	{name: "spend-cap", help: "403 SpendCapReached",
		instead: func(c *call, _ string) *answer {
			return c.noCredit(403, "SpendCapReached", "Your enrolled account [%d] has reached its billing cycle spend cap.")
		}},
}

// refusals are answers that refuse what is not allowed.
var refusals = []faultKind{
	failing(401, "the token is not valid (any more)"),
	failing(403, "forbidden, without a reason"),
	{name: "duplicate", help: "403: the text was posted before", instead: func(c *call, _ string) *answer { return c.refused(duplicate) }},
	{name: "read-only", help: "403: the app may not write", instead: func(c *call, _ string) *answer {
		return &answer{status: 403, body: problem{
			Title:  "Forbidden",
			Detail: "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
			Type:   c.problemType("oauth1-permissions"),
			Status: 403,
		}}
	}},
	{name: "not-found", help: "200 with errors: no such user", instead: userTrouble((*call).noSuchUser)},
	{name: "suspended", help: "200 with errors: the user is suspended", instead: userTrouble((*call).suspended)},
	{name: "protected", help: "200 with errors: the user's posts are protected", instead: userTrouble((*call).protected)},
	{name: "refuse-tweet", help: "400 for tweet.fields: only post.fields is known",
		instead: func(c *call, _ string) *answer { return c.refuseDialect(tweets, posts) }},
	{name: "refuse-post", help: "400 for post.fields: only tweet.fields is known",
		instead: func(c *call, _ string) *answer { return c.refuseDialect(posts, tweets) }},
}

// shapeFaults change pages of posts.
var shapeFaults = []faultKind{
	{name: "partial", help: "errors beside the data", after: onPage(func(c *call, p *page, _ string) {
		p.Errors = append(p.Errors, c.noSuchPost(c.dialect.referenced, 20))
	})},
	{name: "empty-page", help: "no data, and a next_token that leads to it", after: onPage(func(c *call, p *page, _ string) {
		if len(p.Data) > 0 && p.Meta != nil {
			again := p.again()
			*p = page{Meta: &meta{NextToken: again}}
			c.bills = nil
		}
	})},
	{name: "repeat-token", help: "a next_token that leads to the same page", after: onPage(func(_ *call, p *page, _ string) {
		if len(p.Data) > 0 && p.Meta != nil {
			p.Meta.NextToken = p.again()
		}
	})},
	{name: "no-meta", help: "meta is absent", after: onPage(func(_ *call, p *page, _ string) { p.Meta = nil })},
	{name: "note-post", help: "note_tweet is spelled note_post", after: onPage(func(_ *call, p *page, _ string) {
		for i := range p.Data {
			if p.Data[i].NoteTweet != nil {
				p.Data[i].NoteTweet, p.Data[i].NotePost = nil, p.Data[i].NoteTweet
			}
		}
	})},
	{name: "deleted", arg: "1", check: isNumber, help: "so many posts of the page were deleted", after: onPage(forgetPosts)},
}

func isDuration(s string) bool { _, err := time.ParseDuration(s); return err == nil }

func isNumber(s string) bool { n, err := strconv.Atoi(s); return err == nil && n >= 0 }

func isStatus(s string) bool { n, err := strconv.Atoi(s); return err == nil && n >= 200 && n <= 599 }

// failing returns a fault that answers with a status and X's plain words for it.
func failing(code int, help string) faultKind {
	return faultKind{name: strconv.Itoa(code), help: help,
		instead: func(*call, string) *answer { return plain(code, "") }}
}

// htmlPage is the answer of a proxy in front of X that cannot reach X.
func htmlPage(_ *call, arg string) *answer {
	code, _ := strconv.Atoi(arg) // isStatus has seen it
	page := "<!DOCTYPE html>\n<html><head><title>X / Error</title></head><body><h1>Something went wrong</h1></body></html>\n"
	return &answer{status: code, raw: []byte(page), kind: "text/html; charset=utf-8"}
}

// onPage returns a fault of answers that are pages of posts; it leaves others alone.
func onPage(f func(*call, *page, string)) func(*call, *answer, string) {
	return func(c *call, a *answer, arg string) {
		if p, ok := a.body.(*page); ok {
			f(c, p, arg)
		}
	}
}

// userTrouble returns a fault that answers an endpoint with a user in its path; it
// leaves others alone.
func userTrouble(tell func(c *call, param, value string) trouble) func(*call, string) *answer {
	return func(c *call, _ string) *answer {
		for _, param := range []string{"username", "id"} {
			if value := c.r.PathValue(param); value != "" && strings.Contains(c.e.name, "/users/") {
				return c.troubled(tell(c, param, value))
			}
		}
		return nil
	}
}

// limited sets headers that say that a limit is used up until after arg.
func (c *call) limited(header, arg string, a *answer) *answer {
	d, _ := time.ParseDuration(arg) // isDuration has seen it
	if c.header.Get(header+"-Limit") == "" {
		c.header.Set(header+"-Limit", "100")
	}
	c.header.Set(header+"-Remaining", "0")
	c.header.Set(header+"-Reset", strconv.FormatInt(c.now().Add(d+c.skew).Unix(), 10))
	return a
}

// stripHeaders removes all but HTTP's own headers, as a proxy may.
func (c *call) stripHeaders() {
	for name := range c.header {
		if strings.HasPrefix(name, "X-") || strings.HasPrefix(name, "Api-") {
			c.header.Del(name)
		}
	}
}

// noCredit has no status, and a bare number for the account, just as X's answer.
func (c *call) noCredit(status int, title, detail string) *answer {
	const enrolled uint64 = 2056915467785113600
	return &answer{status: status, body: problem{
		AccountID: enrolled,
		Title:     title,
		Detail:    fmt.Sprintf(detail, enrolled),
		Type:      "https://api.twitter.com/2/problems/credits",
	}}
}

// refuseDialect refuses a request in one spelling as X would if it only knew
// the other.
func (c *call) refuseDialect(refused, spoken *dialect) *answer {
	if c.e.params == nil || c.dialect != refused {
		return nil
	}
	c.dialect = spoken
	return c.check()
}

// again is a token for the same page.
func (p *page) again() string {
	id, _ := parseID(p.Data[0].ID)
	return token{id: id + 1}.String()
}

// forgetPosts removes the newest posts from a page, as X does with posts that were
// deleted after the page was put together: the page has fewer than asked for, though
// there are more. In a lookup by ids each of them is an error.
func forgetPosts(c *call, p *page, arg string) {
	n, _ := strconv.Atoi(arg) // isNumber has seen it
	n = min(n, len(p.Data))
	for _, w := range p.Data[:n] {
		id, _ := parseID(w.ID)
		c.bills = slices.DeleteFunc(c.bills, func(b bill) bool { return b.id == id })
		if p.Meta == nil {
			p.Errors = append(p.Errors, c.noSuchPost("ids", id))
		}
	}
	p.Data = p.Data[n:]
	if p.Meta != nil {
		p.Meta.ResultCount = len(p.Data)
	}
}
