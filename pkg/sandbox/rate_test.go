package sandbox

import (
	"fmt"
	"testing"
	"time"
)

func limit(t *testing.T, spec string) func(*Options) {
	l := must(ParseLimit(spec))(t)
	return func(o *Options) { o.Limits = append(o.Limits, l) }
}

func TestRateLimit(t *testing.T) {
	b := start(t, limit(t, "GET /2/users/me=2"))
	newton, hooke := b.signedBy("newton"), b.signedBy("hooke")
	reset := fmt.Sprint(began.Add(15 * time.Minute).Unix())
	for i, want := range []struct{ status, remaining int }{{200, 1}, {200, 0}, {429, 0}, {429, 0}} {
		r := b.get(newton, "/2/users/me")
		got := r.header.Get("X-Rate-Limit-Limit") + " " + r.header.Get("X-Rate-Limit-Remaining") + " " + r.header.Get("X-Rate-Limit-Reset")
		if want := fmt.Sprintf("2 %d %s", want.remaining, reset); got != want {
			t.Errorf("request %d: got %s, want %s", i+1, got, want)
		}
		r.want(t, want.status)
	}
	b.get(newton, "/2/users/me").want(t, 429, "title", "Too Many Requests", "status", "429", "type", "about:blank")
	b.get(hooke, "/2/users/me").want(t, 200) // each account has its own
	b.Advance(15*time.Minute - time.Second)
	b.get(newton, "/2/users/me").want(t, 429)
	b.Advance(time.Second)
	b.get(newton, "/2/users/me").want(t, 200)
}

func TestAppAndUserLimits(t *testing.T) {
	b := start(t)
	path := "/2/users/by/username/newton"
	if got := b.get(b.appOf("newton"), path).header.Get("X-Rate-Limit-Limit"); got != "300" {
		t.Errorf("app: got %s, want 300", got)
	}
	if got := b.get(b.signedBy("newton"), path).header.Get("X-Rate-Limit-Limit"); got != "900" {
		t.Errorf("user: got %s, want 900", got)
	}
}

func TestDayLimit(t *testing.T) {
	b := start(t, limit(t, "POST /2/tweets=1/24h"))
	c := b.signedBy("bot")
	b.post(c, "/2/tweets", `{"text":"one"}`).want(t, 201)
	r := b.post(c, "/2/tweets", `{"text":"two"}`)
	r.want(t, 429)
	for name, want := range map[string]string{
		"X-Rate-Limit-Remaining":        "99",
		"X-User-Limit-24hour-Limit":     "1",
		"X-User-Limit-24hour-Remaining": "0",
		"X-App-Limit-24hour-Remaining":  "0",
		"X-User-Limit-24hour-Reset":     fmt.Sprint(began.Add(24 * time.Hour).Unix()),
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	b.Advance(24 * time.Hour)
	b.post(c, "/2/tweets", `{"text":"two"}`).want(t, 201)
	b = start(t, limit(t, "POST /2/tweets=1")) // in 15 minutes, whatever the day leaves
	c = b.signedBy("bot")
	b.post(c, "/2/tweets", `{"text":"one"}`).want(t, 201)
	b.post(c, "/2/tweets", `{"text":"two"}`).want(t, 429)
}

// An app on its own has no account, but still the app's limit of a day.
func TestDayLimitOfAnApp(t *testing.T) {
	path := "/2/users/by/username/newton"
	b := start(t, limit(t, "GET /2/users/by/username/{username}=1/24h"))
	r := b.get(b.appOf("newton"), path)
	r.want(t, 200)
	if got := r.header.Get("X-User-Limit-24hour-Limit") + r.header.Get("X-App-Limit-24hour-Limit"); got != "1" {
		t.Errorf("limits: got %q", got)
	}
	b.get(b.appOf("newton"), path).want(t, 429)
}

func TestParseLimit(t *testing.T) {
	for _, spec := range []string{"", "x", "x=", "x=-1", "x=1/1h", "x=1/"} {
		if _, err := ParseLimit(spec); err == nil {
			t.Errorf("%q is accepted", spec)
		}
	}
	if _, err := New(Options{Now: time.Now, Secret: []byte("x"), Limits: []Limit{{Endpoint: "GET /3"}}}); err == nil {
		t.Error("a limit of no endpoint is accepted")
	}
}

func TestBilling(t *testing.T) {
	b := start(t)
	b.seedMany(12)
	b.seed(`{"author":"hooke","text":"@newton hm","id":"5"}`, `{"author":"hooke","text":"@bot hm","id":"6"}`,
		`{"text":"well","id":"7","quote_of":"6"}`)
	path := "/2/users/" + b.idOf("newton") + "/tweets"
	newton, bot := b.signedBy("newton"), b.signedBy("bot")
	b.get(newton, path, "max_results", "100")
	b.get(newton, path, "max_results", "5") // the same again, on the same day
	b.get(newton, "/2/users/"+b.idOf("newton")+"/mentions")
	b.get(newton, path, "max_results", "4") // fails
	b.get(b.appOf("hooke"), path, "max_results", "5")
	b.get(b.appOf("newton"), path, "max_results", "5") // not with the token of the owner
	plain := b.post(bot, "/2/tweets", `{"text":"plain"}`).at("data.id")
	b.post(bot, "/2/tweets", `{"text":"an answer to itself","reply":{"in_reply_to_tweet_id":"`+plain+`"}}`)
	b.do(bot, request("DELETE", b.http.URL+"/2/tweets/"+plain, "", ""))
	b.post(bot, "/2/tweets", `{"text":"see example.com"}`)
	b.post(bot, "/2/tweets", `{"text":"well","reply":{"in_reply_to_tweet_id":"6"}}`)
	b.get(bot, "/2/users/by/username/hooke")
	b.get(b.appOf("halley"), "/2/tweets", "ids", "7", "expansions", "author_id,referenced_tweets.id")
	stats := b.Stats()
	for _, tt := range []struct {
		who, class       string
		billed, returned int
	}{
		{"newton", OwnedReads, 14, 19}, {"newton", Reads, 5, 5}, {"hooke", Reads, 5, 5},
		{"bot", Writes, 2, 2}, {"bot", Deletes, 1, 1}, {"bot", URLWrites, 1, 1}, {"bot", SummonedReplies, 1, 1}, {"bot", UserReads, 1, 1},
		{"halley", Reads, 2, 2}, {"halley", UserReads, 1, 1}, // with what the expansions bring
	} {
		if got := stats.Billed[tt.who][tt.class]; got != tt.billed {
			t.Errorf("%s %s: billed %d, want %d", tt.who, tt.class, got, tt.billed)
		}
		if got := stats.Returned[tt.who][tt.class]; got != tt.returned {
			t.Errorf("%s %s: returned %d, want %d", tt.who, tt.class, got, tt.returned)
		}
	}
	if got := stats.Requests["GET /2/users/{id}/tweets"]; got[200] != 4 || got[400] != 1 {
		t.Errorf("requests: got %v", got)
	}
	b.Advance(24 * time.Hour)
	b.get(newton, path, "max_results", "5")
	if got := b.Stats().Billed["newton"][OwnedReads]; got != 19 {
		t.Errorf("the day after: billed %d, want 19", got)
	}
}
