package sandbox

import (
	"slices"
	"strings"
)

// way is a manner of authentication; each endpoint accepts some of them.
type way uint8

const (
	user1   way = 1 << iota // OAuth 1.0a, an account's token
	user2                   // OAuth 2.0, an account's token
	appOnly                 // Bearer token of an app

	byUser = user1 | user2
	byAny  = user1 | user2 | appOnly
)

// String returns the name that X's error messages use.
func (w way) String() string {
	switch w {
	case user1:
		return "OAuth 1.0a User Context"
	case user2:
		return "OAuth 2.0 User Context"
	default:
		return "OAuth 2.0 Application-Only"
	}
}

// caller is who made a request.
type caller struct {
	way    way
	app    *app
	user   *account // nil for an app on its own
	scopes []string
}

// may reports whether the caller's token has all the scopes; only OAuth 2.0 tokens have scopes.
func (w caller) may(scopes []string) bool {
	return w.way != user2 || covers(w.scopes, scopes)
}

// covers reports whether a list of scopes has all those that are wanted.
func covers(list, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(s string) bool { return !slices.Contains(list, s) })
}

// level is the value of X's x-access-level header.
func (w caller) level() string {
	if w.way == appOnly || w.way == user2 && !slices.Contains(w.scopes, "tweet.write") {
		return "read"
	}
	return "read-write"
}

// authenticate finds out who calls, from the Authorization header alone: X's v2
// takes no credentials in the query.
func (c *call) authenticate() (caller, bool) {
	scheme, rest, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "oauth":
		g, ok := c.verifySigned(func(token string) *grant { return c.keys.tokens[token] })
		if !ok {
			return caller{}, false
		}
		return caller{way: user1, app: g.app, user: g.user}, true
	case "bearer":
		return c.bearer(strings.TrimSpace(rest))
	}
	return caller{}, false
}

// bearer returns what a token stands for: an app, or an account by OAuth 2.0,
// whose tokens expire.
func (c *call) bearer(token string) (caller, bool) {
	g := c.keys.bearers[token]
	if g == nil || !g.expires.IsZero() && !c.now().Before(g.expires) {
		return caller{}, false
	}
	if g.user == nil {
		return caller{way: appOnly, app: g.app}, true
	}
	return caller{way: user2, app: g.app, user: g.user, scopes: g.scopes}, true
}
