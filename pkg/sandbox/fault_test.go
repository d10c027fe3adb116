package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func faults(t *testing.T, specs ...string) func(*Options) {
	var list []Fault
	for _, spec := range specs {
		list = append(list, must(ParseFault(spec))(t))
	}
	return func(o *Options) { o.Faults = list }
}

func TestParseFault(t *testing.T) {
	for _, spec := range []string{
		"*:503", "POST /2/tweets:lost-answer:1/3", "GET /2/users/{id}/tweets:deleted=3:#2", "*:skew=-1h:#2-", "*:slow=1ms:#1-5",
		"*:503:3/3", "*:503:0/2",
	} {
		if got := must(ParseFault(spec))(t).String(); got != spec {
			t.Errorf("got %q, want %q", got, spec)
		}
	}
	for _, spec := range []string{
		"", "*", "*:", "503", "*:nonsense", "*:503:", "*:503:x", "*:503:4/3", "*:503:0/0", "*:503:#0", "*:503:#3-2", "*:slow=x", "*:html=99",
		"*:deleted=-1", "*:503=1=2:3",
	} {
		if f, err := ParseFault(spec); err == nil {
			t.Errorf("%q is accepted as %+v", spec, f)
		}
	}
	for spec, want := range map[string]string{
		"*:503:4/3": `fault "*:503:4/3": 4/3 strikes more requests than there are`, "*:503:#3-2": `fault "*:503:#3-2": #3-2 strikes never`,
	} {
		if _, err := ParseFault(spec); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := New(Options{Now: time.Now, Secret: []byte("x"), Faults: []Fault{must(ParseFault("GET /3:503"))(t)}}); err == nil {
		t.Error("a fault of no endpoint is accepted")
	}
}

func TestWhen(t *testing.T) {
	for when, want := range map[string]string{
		"": "xxxxxx", ":#2": ".x....", ":#3-": "..xxxx", ":#2-4": ".xxx..", ":0/2": "......", ":2/2": "xxxxxx",
	} {
		b := start(t, faults(t, "GET /2/users/me:503"+when))
		got := ""
		for range 6 {
			got += map[int]string{200: ".", 503: "x"}[b.get(b.signedBy("a"), "/2/users/me").status]
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", when, got, want)
		}
	}
	b := start(t, faults(t, "GET /2/users/me:503:1/3"), limit(t, "GET /2/users/me=1000"))
	for range 300 {
		b.get(b.signedBy("a"), "/2/users/me")
	}
	if n := b.Stats().Faults["GET /2/users/me:503:1/3"]; n < 70 || n > 130 {
		t.Errorf("one in three struck %d of 300", n)
	}
}

// Faults that answer in the place of the endpoint: status, and what stands at
// some paths of the body.
func TestAnswersOfFaults(t *testing.T) {
	for _, tt := range []struct {
		fault  string
		status int
		paths  []string
	}{
		{"500", 500, []string{"title", "Internal Server Error", "status", "500"}},
		{"502", 502, []string{"title", "Bad Gateway"}},
		{"503", 503, []string{"title", "Service Unavailable", "detail", "Service Unavailable"}},
		{"504", 504, []string{"title", "Gateway Timeout"}},
		{"401", 401, []string{"title", "Unauthorized", "type", "about:blank"}},
		{"403", 403, []string{"title", "Forbidden"}},
		{"402", 402, []string{"title", "CreditsDepleted", "type", "https://api.twitter.com/2/problems/credits", "status", "",
			"detail", "Your enrolled account [2056915467785113600] does not have any credits to fulfill this request."}},
		{"spend-cap", 403, []string{"title", "SpendCapReached"}},
		{"duplicate", 403, []string{"detail", "You are not allowed to create a Tweet with duplicate content."}},
		{"read-only", 403, []string{"type", "https://api.twitter.com/2/problems/oauth1-permissions"}},
		{"429", 429, []string{"title", "Too Many Requests"}},
		{"429-old", 429, []string{"errors.0.code", "88", "errors.0.message", "Rate limit exceeded"}},
		{"not-found", 200, []string{"data", "", "errors.0.title", "Not Found Error", "errors.0.parameter", "username"}},
		{"suspended", 200, []string{"data", "", "errors.0.title", "Forbidden", "errors.0.detail", "User has been suspended: [newton]."}},
		{"protected", 200, []string{"data", "", "errors.0.title", "Authorization Error",
			"errors.0.type", "https://api.twitter.com/2/problems/not-authorized-for-resource"}},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			b := start(t, faults(t, "*:"+tt.fault))
			r := b.get(b.signedBy("newton"), "/2/users/by/username/newton")
			r.want(t, tt.status, tt.paths...)
			if bills := b.Stats().Billed; len(bills) > 0 {
				t.Errorf("billed: %v", bills)
			}
		})
	}
	b := start(t, faults(t, "*:402"))
	if r := b.get(b.signedBy("newton"), "/2/users/me"); !strings.Contains(r.body, `"account_id":2056915467785113600,`) {
		t.Errorf("the account is no bare number: %s", r.body)
	}
}

func TestLimitsOfFaults(t *testing.T) {
	const left, dayLeft, reset, dayReset = "X-Rate-Limit-Remaining", "X-User-Limit-24hour-Remaining", "X-Rate-Limit-Reset", "X-User-Limit-24hour-Reset"
	in := func(d time.Duration) string { return strconv.FormatInt(began.Add(d).Unix(), 10) }
	for fault, want := range map[string]map[string]string{
		"429=3m":    {left: "0", reset: in(3 * time.Minute), dayLeft: "9999"},
		"429-day":   {left: "99", dayLeft: "0", dayReset: in(24 * time.Hour)},
		"429-empty": {left: "0", "Content-Length": "0"},
		"429-bare":  {left: "", reset: "", dayLeft: "", "X-Access-Level": ""},
	} {
		b := start(t, faults(t, "*:"+fault))
		r := b.post(b.signedBy("bot"), "/2/tweets", `{"text":"x"}`)
		r.want(t, 429)
		for name, value := range want {
			if got := r.header.Get(name); got != value {
				t.Errorf("%s: %s: got %q, want %q", fault, name, got, value)
			}
		}
	}
}

func TestHTML(t *testing.T) {
	b := start(t, faults(t, "*:html:#1", "*:html=200:#2", "*:not-json:#3"))
	for i, want := range []struct {
		status int
		kind   string
	}{{503, "text/html; charset=utf-8"}, {200, "text/html; charset=utf-8"}, {200, "application/json; charset=utf-8"}} {
		r := b.get(b.signedBy("newton"), "/2/users/me")
		if kind := r.header.Get("Content-Type"); r.status != want.status || kind != want.kind || r.at("data") != "" {
			t.Errorf("request %d: got %d %s: %s", i+1, r.status, kind, r.body)
		}
	}
}

// Answers that break on the road, and whether the post was made all the same.
func TestRoad(t *testing.T) {
	for _, tt := range []struct {
		fault  string
		made   int
		status int // that Stats tells; 0: broken off
	}{
		{"lost-answer", 1, 201}, {"drop", 0, 0}, {"time-out", 0, 0}, {"slow-answer", 1, 0}, {"cut", 1, 201},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			b := start(t, faults(t, "POST /2/tweets:"+tt.fault))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if tt.fault == "time-out" || tt.fault == "slow-answer" {
				b.opt.Trace = func(string) { cancel() } // as a client that has waited enough
			}
			r := request("POST", b.http.URL+"/2/tweets", "application/json", `{"text":"x"}`).WithContext(ctx)
			res, err := b.signedBy("bot").Do(r)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("the answer came")
			}
			if tt.fault == "cut" && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v, want unexpected EOF", err)
			}
			if got := len(b.Posts("bot")); got != tt.made {
				t.Errorf("got %d posts, want %d", got, tt.made)
			}
			if got := b.Stats().Requests["POST /2/tweets"]; got[tt.status] != 1 {
				t.Errorf("requests: got %v, want one of %d", got, tt.status)
			}
			if got := b.Stats().Billed["bot"][Writes]; got != tt.made {
				t.Errorf("billed %d, want %d", got, tt.made)
			}
		})
	}
}

func TestSlow(t *testing.T) {
	b := start(t, faults(t, "*:slow=1ms"))
	b.get(b.signedBy("newton"), "/2/users/me").want(t, 200, "data.username", "newton")
}

func TestSkew(t *testing.T) {
	b := start(t, faults(t, "*:skew=1h:#1", "*:skew=-2m:#2", "*:strip:#3"))
	c := b.signedBy("newton")
	r := b.get(c, "/2/users/me")
	r.want(t, 401)
	if got, want := r.header.Get("Date"), began.Add(time.Hour).Format(http.TimeFormat); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r = b.get(c, "/2/users/me")
	r.want(t, 200)
	if got, want := r.header.Get("X-Rate-Limit-Reset"), fmt.Sprint(began.Add(13*time.Minute).Unix()); got != want {
		t.Errorf("reset: got %s, want %s", got, want)
	}
	r = b.get(c, "/2/users/me")
	r.want(t, 200)
	for name := range r.header {
		if strings.HasPrefix(name, "X-") {
			t.Errorf("%s is still there", name)
		}
	}
}

func TestSpellings(t *testing.T) {
	b := start(t, faults(t, "*:refuse-tweet:#1-3", "*:refuse-post:#4-6", "*:note-post:#7"))
	b.seed(`{"id":"1","text":"` + strings.Repeat("long ", 100) + `"}`)
	c := b.appOf("newton")
	for i, tt := range []struct {
		query  []string
		status int
	}{
		{[]string{"tweet.fields", "created_at"}, 400}, {[]string{"post.fields", "created_at"}, 200}, {nil, 200},
		{[]string{"post.fields", "created_at"}, 400}, {[]string{"tweet.fields", "created_at"}, 200},
		{[]string{"expansions", "referenced_posts"}, 400},
	} {
		r := b.get(c, "/2/tweets", append([]string{"ids", "1"}, tt.query...)...)
		if r.status != tt.status {
			t.Errorf("request %d: got %d, want %d: %s", i+1, r.status, tt.status, r.body)
		}
		if i == 0 && !strings.Contains(r.body, "The query parameter [tweet.fields] is not one of [ids,post.fields,") {
			t.Errorf("got %s", r.body)
		}
	}
	r := b.get(c, "/2/tweets", "ids", "1", "tweet.fields", "note_tweet")
	r.want(t, 200, "data.0.note_tweet", "")
	if r.at("data.0.note_post.text") == "" {
		t.Errorf("no note: %s", r.body)
	}
}

func TestPagesOfFaults(t *testing.T) {
	b := start(t, faults(t, "GET /2/users/{id}/tweets:empty-page:#1"))
	b.seedMany(12)
	path := "/2/users/" + b.idOf("newton") + "/tweets"
	r := b.get(b.appOf("newton"), path, "max_results", "10")
	r.want(t, 200, "data", "", "meta.result_count", "0", "meta.newest_id", "")
	if got := b.Stats().Billed["newton"][Reads]; got != 0 {
		t.Errorf("empty page: billed %d", got)
	}
	r = b.get(b.appOf("newton"), path, "max_results", "10", "pagination_token", r.at("meta.next_token"))
	r.want(t, 200, "data.0.text", "post 12", "meta.result_count", "10")

	set := func(specs ...string) {
		b.ClearFaults()
		for _, spec := range specs {
			if err := b.AddFaults(must(ParseFault(spec))(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	set("*:repeat-token")
	one := b.get(b.appOf("newton"), path)
	two := b.get(b.appOf("newton"), path, "pagination_token", one.at("meta.next_token"))
	if one.at("data.0.id") != two.at("data.0.id") || one.at("meta.next_token") != two.at("meta.next_token") {
		t.Errorf("got %s, then %s", one.body, two.body)
	}
	set("*:no-meta", "*:partial")
	b.get(b.appOf("newton"), path).want(t, 200, "data.0.text", "post 12", "meta", "", "errors.0.value", "20")
	set("*:deleted=2")
	b.get(b.appOf("newton"), path, "max_results", "5").want(t, 200, "data.0.text", "post 10", "meta.result_count", "3")
	b.get(b.appOf("newton"), "/2/tweets", "ids", r.at("data.0.id")+","+r.at("data.5.id")).want(t, 200,
		"data", "", "errors.0.value", r.at("data.0.id"), "errors.1.value", r.at("data.5.id"))
}

func TestFaultByHeader(t *testing.T) {
	b := start(t)
	ask := func(fault string) reply {
		r := request("GET", b.http.URL+"/2/users/me", "", "")
		r.Header.Set("X-Sandbox-Fault", fault)
		return b.do(b.signedBy("newton"), r)
	}
	ask("503").want(t, 503)
	ask("429=1m, strip").want(t, 429)
	ask("nonsense").want(t, 400, "errors.0.message", `no kind of fault is named "nonsense"`)
	b.get(b.signedBy("newton"), "/2/users/me").want(t, 200)
}

func TestControl(t *testing.T) {
	b := start(t)
	ask := func(method, path, body string) reply {
		return b.do(http.DefaultClient, request(method, b.http.URL+"/sandbox/"+path, "", body))
	}
	ask("POST", "posts?author=newton", `{"text":"one"}`+"\n"+`{"text":"two","author":"hooke"}`).want(t, 200)
	ask("POST", "posts", `{"text":"three"}`).want(t, 400)
	ask("POST", "posts", `nonsense`).want(t, 400)
	var texts []string
	for _, p := range records(t, ask("GET", "posts", "").body) {
		texts = append(texts, p.Author+": "+p.Text)
	}
	if want := []string{"newton: one", "hooke: two"}; !slices.Equal(texts, want) {
		t.Errorf("got %q, want %q", texts, want)
	}
	ask("POST", "faults", "*:503:#1\n\n*:strip\n").want(t, 200)
	ask("POST", "faults", "*:nonsense").want(t, 400)
	ask("POST", "faults", "GET /3:503").want(t, 400)
	if got := ask("GET", "faults", "").body; got != "*:503:#1\n*:strip\n" {
		t.Errorf("faults: got %q", got)
	}
	b.get(b.signedBy("newton"), "/2/users/me").want(t, 503)
	ask("GET", "stats", "").want(t, 200, "requests.GET /2/users/me.503", "1", "faults.*:503:#1", "1")
	ask("DELETE", "faults", "").want(t, 200)
	if got := ask("GET", "faults", "").body; got != "" {
		t.Errorf("faults: got %q", got)
	}
	if got, want := ask("GET", "keys?as=newton", "").body, must(b.Keys("newton"))(t).Shell(b.http.URL); got != want {
		t.Errorf("keys: got %q, want %q", got, want)
	}
	ask("GET", "keys?as=two+words", "").want(t, 400)
	ask("POST", "clock?advance=1h", "").want(t, 200)
	ask("POST", "clock?advance=-1h", "").want(t, 400)
	if got, want := b.get(b.signedBy("newton"), "/2/users/me").header.Get("Date"), began.Add(time.Hour).Format(http.TimeFormat); got != want {
		t.Errorf("clock: got %s, want %s", got, want)
	}
}
