package sandbox

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"horsepipe/pkg/post"
)

func Example() {
	sb, err := New(Options{
		Now:    func() time.Time { return time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC) },
		Secret: []byte("an example"),
	})
	if err != nil {
		panic(err)
	}
	defer sb.Close()
	if _, err := sb.Seed("newton", []*post.Post{{Text: "Light is refracted."}}); err != nil {
		panic(err)
	}
	keys, _ := sb.Keys("newton")

	r := httptest.NewRequest("GET", "/2/users/by/username/newton", nil)
	r.Header.Set("Authorization", "Bearer "+keys.BearerToken)
	w := httptest.NewRecorder()
	sb.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	fmt.Println(w.Header().Get("X-Rate-Limit-Remaining"), "of", w.Header().Get("X-Rate-Limit-Limit"))
	// Output:
	// 200 {"data":{"id":"5872459130","name":"newton","username":"newton"}}
	// 299 of 300
}

func TestOptions(t *testing.T) {
	for name, opt := range map[string]Options{
		"no clock": {Secret: []byte("x")}, "no secret": {Now: time.Now},
	} {
		if _, err := New(opt); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// The same requests at the same time get the same answers; another secret
// changes the credentials and nothing that a reader sees.
func TestDeterministic(t *testing.T) {
	run := func(secret string) (out []string, keys Keys) {
		b := start(t, func(o *Options) { o.Secret = []byte(secret) }, faults(t, "POST /2/tweets:503:1/2"))
		b.seedMany(8)
		for i := range 10 {
			r := b.post(b.signedBy("bot"), "/2/tweets", fmt.Sprintf(`{"text":"%d https://example.com/"}`, i))
			out = append(out, r.body)
		}
		out = append(out, b.get(b.appOf("bot"), "/2/users/"+b.idOf("newton")+"/tweets", "max_results", "5").body)
		return out, must(b.Keys("bot"))(t)
	}
	first, keys := run("one")
	again, sameKeys := run("one")
	other, otherKeys := run("two")
	if !slices.Equal(first, again) || keys != sameKeys {
		t.Errorf("got %q, then %q", first, again)
	}
	if slices.Equal(first[:10], other[:10]) || first[10] != other[10] || keys.AccessSecret == otherKeys.AccessSecret {
		t.Errorf("got %q with another secret, %q with the first", other, first)
	}
}

// Clients at the same time: no id twice, no post lost, a text made once.
func TestAtTheSameTime(t *testing.T) {
	b := start(t, limit(t, "POST /2/tweets=100000"), limit(t, "GET /2/users/{id}/tweets=100000"))
	client, reader, path := b.signedBy("bot"), b.appOf("bot"), "/2/users/"+b.idOf("bot")+"/tweets"
	const each, workers = 25, 4
	var wg sync.WaitGroup
	made := make(chan string, 2*each*workers)
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				for _, text := range []string{fmt.Sprintf("%d of %d", i, w), fmt.Sprintf("%d of all", i)} {
					if r := b.post(client, "/2/tweets", `{"text":"`+text+`"}`); r.status == 201 {
						made <- r.at("data.id")
					}
				}
				b.get(reader, path)
			}
		})
	}
	wg.Wait()
	close(made)
	var ids []string
	for id := range made {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if n := len(slices.Compact(slices.Clone(ids))); n != each*workers+each || n != len(ids) {
		t.Errorf("got %d ids, %d different, want %d", len(ids), n, each*workers+each)
	}
	if got := len(b.Posts("bot")); got != len(ids) {
		t.Errorf("got %d posts, want %d", got, len(ids))
	}
}

func TestKeys(t *testing.T) {
	b := start(t)
	k := must(b.Keys("@Newton"))(t)
	if again := must(b.Keys("newton"))(t); again != k {
		t.Errorf("got %v, then %v", k, again)
	}
	for _, tt := range []struct {
		name, value string
		length      int
	}{
		{"TW_CONSUMER_KEY", k.ConsumerKey, 25}, {"TW_CONSUMER_SECRET", k.ConsumerSecret, 50},
		{"TW_ACCESS_TOKEN", k.AccessToken, 51}, {"TW_ACCESS_SECRET", k.AccessSecret, 45},
		{"TW_BEARER_TOKEN", k.BearerToken, 109}, {"TW_CLIENT_ID", k.ClientID, 34}, {"TW_CLIENT_SECRET", k.ClientSecret, 50},
		{"TW_API_BASE", "http://127.0.0.1:1", 18},
	} {
		if len(tt.value) != tt.length {
			t.Errorf("%s has %d characters, want %d", tt.name, len(tt.value), tt.length)
		}
		if line := tt.name + "=" + tt.value + "\n"; !strings.Contains(k.Shell("http://127.0.0.1:1"), line) {
			t.Errorf("no line %s", line)
		}
	}
	if other := must(b.Keys("hooke"))(t); other.ConsumerKey == k.ConsumerKey {
		t.Error("two accounts have one app")
	}
	// a token of one app is none of another
	mixed := k
	mixed.ConsumerKey, mixed.ConsumerSecret = must(b.Keys("hooke"))(t).ConsumerKey, must(b.Keys("hooke"))(t).ConsumerSecret
	r := request("GET", b.http.URL+"/2/users/me", "", "")
	r.Header.Set("Authorization", authorization(r, mixed, began, "mixed"))
	b.do(http.DefaultClient, r).want(t, 401)
}

// What breaks a request before it is one.
func TestBrokenRequests(t *testing.T) {
	b := start(t)
	b.post(b.signedBy("bot"), "/2/tweets", `{"text":"`+strings.Repeat("x", maxBody)+`"}`).want(t, 413)
	b.do(b.appOf("bot"), request("GET", b.http.URL+"/2/users/by/username/bot?a;b", "", "")).want(t, 400)
	b.do(http.DefaultClient, request("PUT", b.http.URL+"/2/tweets", "", "")).want(t, 404)
	for _, header := range []string{"", "Basic eDp5", "Bearer", "OAuth", `OAuth oauth_consumer_key="x"`} {
		r := request("GET", b.http.URL+"/2/users/me", "", "")
		r.Header.Set("Authorization", header)
		b.do(http.DefaultClient, r).want(t, 401)
	}
}

func TestPolls(t *testing.T) {
	b := start(t)
	c := b.signedBy("bot")
	b.post(c, "/2/tweets", `{"text":"which?","poll":{"options":["this","that"],"duration_minutes":60}}`).want(t, 201)
	for name, poll := range map[string]string{
		"one option":   `{"options":["a"],"duration_minutes":60}`,
		"five options": `{"options":["a","b","c","d","e"],"duration_minutes":60}`,
		"empty option": `{"options":["a",""],"duration_minutes":60}`,
		"long option":  `{"options":["a","` + strings.Repeat("b", 26) + `"],"duration_minutes":60}`,
		"too short":    `{"options":["a","b"],"duration_minutes":4}`,
		"too long":     `{"options":["a","b"],"duration_minutes":10081}`,
	} {
		t.Run(name, func(t *testing.T) { b.post(c, "/2/tweets", `{"text":"`+name+`","poll":`+poll+`}`).want(t, 400) })
	}
}

func TestSnowflakes(t *testing.T) {
	for _, tt := range []struct {
		id   uint64
		want string
	}{
		{1212092628029698048, "2019-12-31T19:26:16Z"}, // X's documentation of snowflakes
		{20, "2010-11-04T01:42:54Z"},                  // counted, not timed
	} {
		if got := timeOf(tt.id).Format(time.RFC3339); got != tt.want {
			t.Errorf("%d: got %s, want %s", tt.id, got, tt.want)
		}
	}
	if got := idAt(time.Unix(0, 0)); got != 1 {
		t.Errorf("before the epoch: got %d", got)
	}
	s := newStore(nil)
	a, b := s.nextID(began), s.nextID(began)
	if b != a+1 || a != idAt(began) {
		t.Errorf("got %d, then %d", a, b)
	}
}
