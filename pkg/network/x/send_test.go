package x

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

var (
	draft    = &post.Post{Text: "a"}
	noServer = &url.Error{Op: "Post", URL: "https://api.x.com", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	hungUp   = &url.Error{Op: "Post", URL: "https://api.x.com", Err: &net.OpError{Op: "read", Err: errors.New("connection reset")}}
)

// answers are failures as X and what stands before it give them, with what they mean for a read and
// a post.
var answers = []struct {
	name       string
	reply      reply
	get, post  network.Kind
	says, hint string
}{
	{"bad signature", reply{status: 401, body: `{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}`},
		network.Unauthorised, network.Unauthorised, "Unauthorized", "tw-auth --check"},
	{"bad signature, v1.1", reply{status: 403, body: `{"errors":[{"code":32,"message":"Could not authenticate you."}]}`},
		network.Unauthorised, network.Unauthorised, "Could not authenticate you.", "tw-auth"},
	{"wrong clock", reply{status: 401, header: map[string]string{"Date": "Sun, 22 Nov 2026 11:00:00 GMT"}},
		network.Unauthorised, network.Unauthorised, "401", "clock is 1h0m0s ahead of X's"},
	{"wrong clock, the other way", reply{status: 401, header: map[string]string{"Date": "Sun, 22 Nov 2026 13:00:00 GMT"}},
		network.Unauthorised, network.Unauthorised, "401", "clock is 1h0m0s behind X's"},
	{"wrong clock, v1.1", reply{status: 403, body: `{"errors":[{"code":135,"message":"Timestamp out of bounds."}]}`, header: map[string]string{"Date": "Sun, 22 Nov 2026 13:00:00 GMT"}},
		network.Unauthorised, network.Unauthorised, "Timestamp out of bounds.", "behind X's"},
	{"revoked token, v1.1", reply{status: 403, body: `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`},
		network.Unauthorised, network.Unauthorised, "expired token", "tw-auth --check"},
	{"no signature, v1.1", reply{status: 400, body: `{"errors":[{"code":215,"message":"Bad Authentication data."}]}`},
		network.Unauthorised, network.Unauthorised, "Bad Authentication data.", "tw-auth --check"},
	{"no credit, and no word", reply{status: 402}, network.OutOfCredit, network.OutOfCredit, "402 Payment Required", "console.x.com"},
	{"no credit", reply{status: 402, body: `{"account_id":2056915467785113600,"title":"CreditsDepleted","detail":"Your enrolled account [2056915467785113600] does not have any credits to fulfill this request.","type":"https://api.twitter.com/2/problems/credits"}`},
		network.OutOfCredit, network.OutOfCredit, "does not have any credits", "console.x.com"},
	{"spending cap", reply{status: 403, body: `{"title":"SpendCapReached","detail":"Your enrolled account has reached its billing cycle spend cap."}`},
		network.OutOfCredit, network.OutOfCredit, "spend cap", "console.x.com"},
	{"account suspended", reply{status: 403, body: `{"detail":"Your account is suspended and is not permitted to access this feature.","type":"about:blank","title":"Forbidden","status":403}`},
		network.Unauthorised, network.Unauthorised, "is suspended", "as the account"},
	{"account locked, v1.1", reply{status: 403, body: `{"errors":[{"code":326,"message":"To protect our users from spam and other malicious activity, this account is temporarily locked."}]}`},
		network.Unauthorised, network.Unauthorised, "locked", "as the account"},
	{"app suspended, v1.1", reply{status: 403, body: `{"errors":[{"code":416,"message":"Invalid / suspended application"}]}`},
		network.Unauthorised, network.Unauthorised, "suspended application", "console.x.com"},
	{"another suspended, v1.1", reply{status: 403, body: `{"errors":[{"code":63,"message":"User has been suspended."}]}`},
		network.Policy, network.Policy, "suspended", ""},
	{"month's cap", reply{status: 429, body: `{"title":"UsageCapExceeded","detail":"Usage cap exceeded: Monthly product cap","type":"https://api.twitter.com/2/problems/usage-capped"}`},
		network.OutOfCredit, network.OutOfCredit, "Monthly", "console.x.com"},
	{"duplicate", reply{status: 403, body: `{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank","title":"Forbidden","status":403}`},
		network.Duplicate, network.Duplicate, "duplicate content", ""},
	{"duplicate, v1.1", reply{status: 403, body: `{"errors":[{"code":187,"message":"Status is a duplicate."}]}`},
		network.Duplicate, network.Duplicate, "Status is a duplicate.", ""},
	{"too long, v1.1", reply{status: 403, body: `{"errors":[{"code":186,"message":"Tweet needs to be a bit shorter."}]}`},
		network.TooLong, network.TooLong, "shorter", ""},
	{"v1.1 is closed", reply{status: 403, body: `{"errors":[{"message":"You currently have access to a subset of X API V2 endpoints","code":453}]}`},
		network.Policy, network.Policy, "subset", "--api v1"},
	{"read-only token", reply{status: 403, body: `{"title":"Forbidden","detail":"Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.","type":"https://api.twitter.com/2/problems/oauth1-permissions"}`},
		network.Unauthorised, network.Unauthorised, "oauth1 app permissions", "Read and Write"},
	{"app without project", reply{status: 403, body: `{"reason":"client-not-enrolled","title":"Client Forbidden","detail":"When authenticating requests, you must use keys from an app attached to a Project.","type":"https://api.twitter.com/2/problems/client-forbidden"}`},
		network.Policy, network.Policy, "Project", "project"},
	{"not summoned", reply{status: 403, body: `{"detail":"Reply to this conversation is not allowed because you have not been mentioned.","title":"Forbidden","status":403}`},
		network.Policy, network.Policy, "not been mentioned", ""},
	{"turned away before X", reply{status: 403, body: "<html>Just a moment...</html>"}, network.Failed, network.Failed, "403 Forbidden", "another address"},
	{"turned away by a proxy", reply{status: 400, body: "<html>Bad Request</html>"}, network.Failed, network.Failed, "400 Bad Request", "another address"},
	{"refused without a word", reply{status: 403}, network.Policy, network.Policy, "403 Forbidden", ""},
	{"unknown path", reply{status: 404, body: "<html>Not Found</html>"}, network.NotFound, network.NotFound, "404 Not Found", ""},
	{"bad request", reply{status: 400, body: `{"title":"Invalid Request","detail":"One or more parameters to your request was invalid."}`},
		network.Failed, network.Policy, "parameters", ""},
	{"redirect", reply{status: 302, header: map[string]string{"Location": "https://elsewhere.example"}},
		network.Failed, network.Failed, "302", "TW_API_BASE"},
	{"limit without headers", reply{status: 429, body: `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`},
		network.RateLimited, network.RateLimited, "until 2026-11-22T12:15:00Z: Rate limit exceeded", ""},
	{"limit, empty body", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "1795350000", "x-rate-limit-remaining": "0"}},
		network.RateLimited, network.RateLimited, "until 2026-11-22T12:20:00Z", ""},
	{"limit of the day", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "1795350000", "x-rate-limit-remaining": "9",
		"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "1795392000"}},
		network.RateLimited, network.RateLimited, "until 2026-11-23T00:00:00Z", ""},
	{"limit of the app's day", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "1795350000", "x-rate-limit-remaining": "9",
		"x-user-limit-24hour-remaining": "3", "x-user-limit-24hour-reset": "1795350000",
		"x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": "1795392000"}},
		network.RateLimited, network.RateLimited, "until 2026-11-23T00:00:00Z", ""},
	{"limit of a proxy", reply{status: 429, header: map[string]string{"Retry-After": "60"}, body: "<html>slow down</html>"},
		network.RateLimited, network.RateLimited, "until 2026-11-22T12:01:00Z", ""},
	{"limit that is past", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "1"}, body: `{"title":"Too Many Requests"}`},
		network.RateLimited, network.RateLimited, "rate limited: Too Many Requests", "--wait 1m0s"},
	{"limit of no seconds", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "0", "Retry-After": "0"}, body: `{"title":"Too Many Requests"}`},
		network.RateLimited, network.RateLimited, "rate limited: Too Many Requests", "--wait 1m0s"},
	{"limit that would take a date back", reply{status: 429, header: map[string]string{"Retry-After": "9300000000"}},
		network.RateLimited, network.RateLimited, "until 2299-02-05T00:56:32Z", "--wait"},
	{"limit beyond the calendar", reply{status: 429, header: map[string]string{"x-rate-limit-reset": "9223372036854775807"}},
		network.RateLimited, network.RateLimited, "until 2242-03-16T12:56:32Z", "--wait"},
	{"server error", reply{status: 500, body: `{"title":"Internal \u001b[31mError"}`}, network.Unavailable, network.UnknownOutcome, "Internal [31mError", ""},
	{"server down, HTML", reply{status: 503, body: "<html>over capacity</html>"}, network.Unavailable, network.UnknownOutcome, "503 Service Unavailable", ""},
	{"success that is not JSON", ok("<html>welcome to our hotel</html>"), network.Unavailable, network.UnknownOutcome, "not JSON", ""},
	{"success that is cut", ok(`{"data":{"id":"1"`), network.Unavailable, network.UnknownOutcome, "not JSON", ""},
	{"accepted", reply{status: 202, body: `{"data":{"id":"1"}}`}, network.Unavailable, network.UnknownOutcome, "202 Accepted", ""},
	{"time-out of a proxy", reply{status: 408, body: "<html>Request timeout"}, network.Unavailable, network.UnknownOutcome, "408 Request Timeout", ""},
	{"an echo of the keys", reply{status: 400, body: `{"detail":"bad header Authorization: Bearer kanarienvogel, oauth_token=\"kanarienvogel\", access_token: kanarienvogel"}`},
		network.Failed, network.Policy, `Bearer [redacted], oauth_token=[redacted], access_token: [redacted]`, ""},
	{"another's certificate", reply{err: &url.Error{Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}}},
		network.Failed, network.Failed, "unknown authority", ""},
	{"a token that cannot be renewed now", reply{err: &url.Error{Op: "Post", URL: "https://api.x.com", Err: later{}}},
		network.Unavailable, network.Unavailable, ": come back later", ""},
	{"connection refused", reply{err: noServer}, network.Unavailable, network.Unavailable, "connection refused", ""},
	{"connection lost", reply{err: hungUp}, network.Unavailable, network.UnknownOutcome, "connection reset", ""},
}

// later is how credentials fail that are good another time.
type later struct{}

func (later) Error() string { return "come back later" }
func (later) ExitCode() int { return 75 }

// none is how credentials fail that are good no more.
type none struct{ error }

func (none) ExitCode() int { return 4 }

func TestClassify(t *testing.T) {
	for _, tt := range answers {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s, _ := fakeClient(tt.reply)
				_, err := c.User(context.Background(), "newton")
				wantError(t, err, tt.get, tt.says, tt.hint)
				if repeated := len(s.got) == 1+tries; repeated != (tt.get == network.Unavailable) {
					t.Errorf("%d requests to read", len(s.got))
				}
				c, s, _ = fakeClient(tt.reply)
				_, err = c.Create(context.Background(), draft, "newton")
				wantError(t, err, tt.post, tt.says, tt.hint)
				if repeated := len(s.got) > 1; repeated != (tt.post == network.Unavailable) {
					t.Errorf("%d requests to post", len(s.got))
				}
			})
		})
	}
}

func wantError(t *testing.T, err error, kind network.Kind, says, hint string) {
	t.Helper()
	wantKind(t, err, kind)
	var e *network.Error
	if !errors.As(err, &e) || !strings.Contains(err.Error(), says) || !strings.Contains(e.Hint(), hint) {
		t.Errorf("got %v (%s), want %s (%s)", err, e.Hint(), says, hint)
	}
}

// TestHide has servers that repeat a key: within what is shown of their words, across its end, and
// in an answer that cannot be read.
func TestHide(t *testing.T) {
	const canary = "kanarienvogel"
	hide := func(s string) string { return strings.ReplaceAll(s, canary, "[redacted]") }
	long := strings.Repeat("a ", maxDetail/2-2)
	for _, tt := range []struct {
		reply reply
		says  string
	}{
		{reply{status: 403, body: `{"detail":"the token kanarienvogel is not allowed"}`}, "the token [redacted] is not allowed"},
		{reply{status: 403, body: `{"detail":"` + long + canary + `"}`}, "[red…"},
		{ok(`{"errors":[{"detail":"the token kanarienvogel is not allowed"}]}`), "the token [redacted] is not allowed"},
	} {
		c, _, _ := fakeClient(tt.reply)
		c.Hide = hide
		_, user := c.User(context.Background(), "newton")
		_, page := c.Posts(context.Background(), network.Query{User: newton})
		_, post := c.Create(context.Background(), draft, "newton")
		for _, err := range []error{user, page, post} {
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), canary[:4]) {
				t.Errorf("got %v", err)
			}
		}
	}
}

func TestRepeatUntilItGoesWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		me := ok(`{"data":{"id":"42","username":"Newton"}}`)
		c, s, notes := fakeClient(reply{status: 503}, reply{err: hungUp}, reply{status: 502, body: "<html>"}, ok("<html>"), me)
		u, err := c.Me(context.Background())
		if err != nil || u.ID != "42" || u.Posts != -1 || len(s.got) != 5 || len(*notes) != 4 {
			t.Errorf("got %+v, %v after %d requests, notes %q", u, err, len(s.got), *notes)
		}
		if took := time.Since(start); took < 3*time.Second || took > 12*time.Second {
			t.Errorf("waited %v", took)
		}
	})
}

func TestWaitForLimits(t *testing.T) {
	in := func(seconds string, date string) reply {
		return reply{status: 429, header: map[string]string{"x-rate-limit-remaining": "0", "x-rate-limit-reset": seconds, "Date": date}}
	}
	const noon, oneLater = "Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 13:00:00 GMT"
	tests := []struct {
		name    string
		wait    time.Duration
		replies []reply
		took    time.Duration
		waited  bool
	}{
		{"no", 0, []reply{in("1795349100", noon)}, 0, false},
		{"too long", 4 * time.Minute, []reply{in("1795349100", noon)}, 0, false},
		{"long enough", 5 * time.Minute, []reply{in("1795349100", noon)}, 5 * time.Minute, true},
		{"twice", 10 * time.Minute, []reply{in("1795349100", noon), in("1795349100", noon)}, 10 * time.Minute, true},
		{"twice is too long", 9 * time.Minute, []reply{in("1795349100", noon), in("1795349100", noon)}, 5 * time.Minute, false},
		{"after a wait, one for ever", 10 * time.Minute, []reply{in("1795349100", noon), in("9000000000000000", noon)}, 5 * time.Minute, false},
		{"by X's clock, which is an hour ahead of ours", 5 * time.Minute, []reply{in("1795352700", oneLater)}, 5 * time.Minute, true},
		{"a reset that is past", time.Minute, []reply{in("1795340000", noon)}, leastWait, true},
		{"resets that are past, ever more slowly", time.Minute, []reply{in("1795340000", noon), in("1795340000", noon), in("1795340000", noon)}, 7 * leastWait, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				c, _, notes := fakeClient(append(tt.replies, ok(`{"data":{"id":"42","username":"N"}}`))...)
				c.Wait = tt.wait
				_, err := c.Me(context.Background())
				if (err == nil) != tt.waited || time.Since(start) != tt.took {
					t.Errorf("got %v after %v, notes %q", err, time.Since(start), *notes)
				}
				if tt.waited && !strings.Contains((*notes)[0], "waiting") {
					t.Errorf("notes %q", *notes)
				}
			})
		})
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		c, s, _ := fakeClient(reply{status: 429})
		c.Wait = time.Hour
		if _, err := c.Me(ctx); !errors.Is(err, context.DeadlineExceeded) || len(s.got) != 1 {
			t.Errorf("got %v after %d requests", err, len(s.got))
		}
	})
}

func TestAnswerTooLong(t *testing.T) {
	c, _, _ := fakeClient(ok(`{"data":{"id":"1"},"x":"` + strings.Repeat("x", maxAnswer) + `"}`))
	_, err := c.Create(context.Background(), draft, "newton")
	wantKind(t, err, network.UnknownOutcome)
}

func TestNoAddress(t *testing.T) {
	for _, base := range []string{"example.org", "localhost:80", "ftp://example.org", "https://", "https://exam ple.org"} {
		c, s, _ := fakeClient(ok(`{}`))
		c.Base = base
		if _, err := c.Me(context.Background()); network.KindOf(err) != network.Failed || len(s.got) > 0 {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestCredentialsBelow(t *testing.T) {
	for _, own := range []error{&network.Error{Kind: network.Unauthorised, Detail: "the refresh token is spent"}, none{errors.New("it is spent")}} {
		conf := Config{Base: base, Now: time.Now, HTTP: &http.Client{Transport: &script{replies: []reply{{err: own}}}}}
		for _, c := range []client{New(conf), NewV1(conf)} {
			_, err := c.Create(context.Background(), draft, "newton")
			var coded interface{ ExitCode() int }
			if !errors.As(err, &coded) || coded.ExitCode() != 4 || !errors.Is(err, own) {
				t.Errorf("got %v", err)
			}
		}
	}
}
