package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// quarter is the window of most of X's limits: a quarter of an hour.
const quarter = 15 * time.Minute

const day = 24 * time.Hour

// Limit is how many requests X accepts in a window, which begins with the first
// request in it. A number of 0 is no limit.
type Limit struct {
	Endpoint string        // as in "GET /2/users/{id}/tweets"
	Window   time.Duration // 15 minutes, or 24 hours
	User     int           // of one account
	App      int           // of one app: without an account or, in 24 hours, all together
}

// limits are X's (https://docs.x.com/x-api/fundamentals/rate-limits). That
// page has no limit per account for posts in 24 hours, although live answers
// carry headers for it; the app's limit is used instead.
var limits = []Limit{
	{"GET /2/users/by/username/{username}", quarter, 900, 300},
	{"GET /2/users/me", quarter, 75, 0},
	{"GET /2/users/{id}/tweets", quarter, 900, 10000},
	{"GET /2/users/{id}/mentions", quarter, 300, 450},
	{"GET /2/tweets", quarter, 5000, 3500},
	{"POST /2/tweets", quarter, 100, 0},
	{"POST /2/tweets", day, 10000, 10000},
	{"DELETE /2/tweets/{id}", quarter, 50, 0},
	{"POST /2/media/upload", quarter, 500, 0},
	{"POST /2/media/upload/initialize", quarter, 1875, 0},
	{"POST /2/media/upload/{id}/append", quarter, 1875, 0},
	{"POST /2/media/upload/{id}/finalize", quarter, 1875, 0},
	{"POST /2/media/metadata", quarter, 500, 0},
	{"GET /1.1/statuses/user_timeline.json", quarter, 900, 1500},
	{"GET /1.1/account/verify_credentials.json", quarter, 75, 0},
	{"POST /1.1/statuses/update.json", quarter, 100, 0},
}

// ParseLimit reads "ENDPOINT=N" or "ENDPOINT=N/24h", as in
// "POST /2/tweets=17/24h"; N holds for accounts and apps.
func ParseLimit(spec string) (Limit, error) {
	name, rest, ok := strings.Cut(spec, "=")
	number, length, given := strings.Cut(rest, "/")
	n, err := strconv.Atoi(number)
	window := quarter
	if given {
		window, _ = time.ParseDuration(length)
	}
	if !ok || err != nil || n < 0 || window != quarter && window != day {
		return Limit{}, fmt.Errorf("limit %q is not ENDPOINT=NUMBER or ENDPOINT=NUMBER/24h", spec)
	}
	return Limit{Endpoint: name, Window: window, User: n, App: n}, nil
}

// rates counts requests against limits.
type rates struct {
	limits  map[string][]Limit
	buckets map[bucketKey]*bucket
}

// bucketKey identifies a count: "user NAME" or "app NAME".
type bucketKey struct {
	endpoint string
	window   time.Duration
	who      string
}

type bucket struct {
	reset time.Time
	used  int
}

func newRates(instead []Limit) *rates {
	r := &rates{limits: map[string][]Limit{}, buckets: map[bucketKey]*bucket{}}
	for _, l := range slices.Concat(limits, instead) {
		r.set(l)
	}
	return r
}

// set replaces the limit for the same endpoint and window.
func (r *rates) set(l Limit) {
	list := r.limits[l.Endpoint]
	for i := range list {
		if list[i].Window == l.Window {
			list[i] = l
			return
		}
	}
	r.limits[l.Endpoint] = append(list, l)
}

// gauge is one limit that a request is counted against.
type gauge struct {
	*bucket
	limit  int
	header string // X-Rate-Limit, X-User-Limit-24hour, X-App-Limit-24hour
}

// take counts a request of c and sets the headers that tell of the limit. It answers
// 429 if the request is one too many; that one is not counted.
func (r *rates) take(c *call) *answer {
	counts := r.counts(c)
	full := false
	for _, n := range counts {
		full = full || n.used >= n.limit
	}
	for _, n := range counts {
		if !full {
			n.used++
		}
		c.header.Set(n.header+"-Limit", strconv.Itoa(n.limit))
		c.header.Set(n.header+"-Remaining", strconv.Itoa(n.limit-n.used))
		c.header.Set(n.header+"-Reset", strconv.FormatInt(n.reset.Add(c.skew).Unix(), 10))
	}
	switch {
	case full && c.e.v1:
		return v1Error(http.StatusTooManyRequests, 88, "Rate limit exceeded")
	case full:
		return tooMany()
	}
	return nil
}

// counts returns what a request is counted against: in 15 minutes the account, or
// the app if there is no account; in 24 hours both.
func (r *rates) counts(c *call) []gauge {
	var out []gauge
	add := func(l Limit, limit int, who, header string) {
		if limit > 0 {
			out = append(out, gauge{r.bucket(c.now(), bucketKey{l.Endpoint, l.Window, who}), limit, header})
		}
	}
	byApp := "app " + c.who.app.owner.name
	for _, l := range r.limits[c.e.name] {
		switch {
		case l.Window == day && c.who.user == nil:
			add(l, l.App, byApp, "X-App-Limit-24hour")
		case l.Window == day:
			add(l, l.User, "user "+c.who.user.name, "X-User-Limit-24hour")
			add(l, l.App, byApp, "X-App-Limit-24hour")
		case c.who.user == nil:
			add(l, l.App, byApp, "X-Rate-Limit")
		default:
			add(l, l.User, "user "+c.who.user.name, "X-Rate-Limit")
		}
	}
	return out
}

// bucket returns the count of the open window, or begins a new window.
func (r *rates) bucket(now time.Time, key bucketKey) *bucket {
	b := r.buckets[key]
	if b == nil || !now.Before(b.reset) {
		b = &bucket{reset: now.Add(key.window)}
		r.buckets[key] = b
	}
	return b
}
