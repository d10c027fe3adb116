package x

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"horsepipe/pkg/network"
)

// pages are answers and the records that they mean, as lines.
var pages = []struct {
	name, body string
	next       string
	want       []string
	notes      int
}{
	{name: "absent data", body: `{"meta":{"result_count":0}}`},
	{name: "empty page with a token", body: `{"meta":{"result_count":0,"next_token":"b26v"}}`, next: "b26v"},
	{name: "plain", body: `{"data":[{"id":"10","text":"caf\u00e9 &amp; th&#233;","created_at":"2026-01-02T03:04:05.000Z","lang":"fr","author_id":"42",
		"edit_history_tweet_ids":["10"]}],"meta":{"next_token":"t"}}`, next: "t", want: []string{
		`"id":"10","text":"café & th&#233;","created_at":"2026-01-02T03:04:05Z","author":"Newton","lang":"fr","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "nothing but id and text", body: `{"data":[{"id":"10","text":"a &lt; b &amp;lt; c"}]}`, want: []string{
		`"id":"10","text":"a < b &lt; c","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "links", body: `{"data":[{"id":"10","text":"see https://t.co/a &amp; https://t.co/ab","entities":{"urls":[
		{"url":"https://t.co/a","expanded_url":"https://example.org/?q=1&lt=2"},{"url":"https://t.co/ab","expanded_url":"https://example.org/2"}]}}]}`, want: []string{
		`"id":"10","text":"see https://example.org/?q=1&lt=2 & https://example.org/2","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "note, old spelling", body: `{"data":[{"id":"10","text":"cut…","note_tweet":{"text":"cut no more https://t.co/a","entities":{"urls":[
		{"url":"https://t.co/a","expanded_url":"https://example.org"}]}}}]}`, want: []string{
		`"id":"10","text":"cut no more https://example.org","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "note, new spelling", body: `{"data":[{"id":"10","text":"cut…","note_post":{"text":"cut no more"}}]}`, want: []string{
		`"id":"10","text":"cut no more","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "repost, answer and quote", body: `{"data":[
		{"id":"12","text":"RT @hooke: it was me wh…","referenced_tweets":[{"type":"retweeted","id":"5"}]},
		{"id":"11","text":"@hooke no","referenced_posts":[{"type":"replied_to","id":"6"}],"in_reply_to_user_id":"9"},
		{"id":"10","text":"look","referenced_tweets":[{"type":"quoted","id":"7"}]}],
		"includes":{"tweets":[{"id":"5","text":"it was me who saw it first &amp; said so"}],"users":[]}}`, want: []string{
		`"id":"12","text":"RT @hooke: it was me who saw it first & said so","author":"Newton","url":"https://x.com/Newton/status/12","repost_of":"5","network":"x","author_id":"42"`,
		`"id":"11","text":"@hooke no","author":"Newton","url":"https://x.com/Newton/status/11","reply_to":"6","network":"x","author_id":"42"`,
		`"id":"10","text":"look","author":"Newton","url":"https://x.com/Newton/status/10","quote_of":"7","network":"x","author_id":"42"`}},
	{name: "partial errors", body: `{"data":[{"id":"10","text":"a"}],"errors":[{"title":"Not Found Error","resource_type":"tweet","resource_id":"5"}]}`, want: []string{
		`"id":"10","text":"a","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "an author who is gone", body: `{"data":[{"id":"10","text":"a"}],"errors":[{"title":"Forbidden","resource_type":"user","resource_id":"5"}]}`, want: []string{
		`"id":"10","text":"a","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "errors about posts only", body: `{"errors":[{"title":"Not Found Error","resource_type":"post"},{"title":"Not Found Error","resource_type":"tweet"}],"meta":{"result_count":0}}`},
	{name: "indented, with bytes that are not UTF-8", body: "{\n\"data\" : [\n{\n\"id\":\"10\",\n\"text\":\"a\xff\"\n}\n]\n}", want: []string{
		`"id":"10","text":"a` + "\uFFFD" + `","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
	{name: "what is no post is named", body: `{"data":[{"id":"11"},7,{},{"id":"10","text":"a"}]}`, notes: 3, want: []string{
		`"id":"10","text":"a","author":"Newton","url":"https://x.com/Newton/status/10","network":"x","author_id":"42"`}},
}

func TestPosts(t *testing.T) {
	for _, tt := range pages {
		t.Run(tt.name, func(t *testing.T) {
			c, _, notes := fakeClient(ok(tt.body))
			page, err := c.Posts(context.Background(), network.Query{User: newton})
			if err != nil {
				t.Fatal(err)
			}
			if page.Next != tt.next || len(page.Posts) != len(tt.want) || len(*notes) != tt.notes {
				t.Fatalf("got %d posts, next %q, notes %q", len(page.Posts), page.Next, *notes)
			}
			for i, p := range page.Posts {
				if got, want := string(p.AppendJSON(nil)), "{"+tt.want[i]+"}"; got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
}

// A page that is not what it should be is not taken for the last one.
func TestPostsThatAreNoPage(t *testing.T) {
	for _, body := range []string{`[]`, `7`, `{"data":{"id":"10","text":"a"},"meta":{}}`, `{"data":[{"id":"10","text":"a"}],"meta":{"next_token":7}}`} {
		c, _, _ := fakeClient(ok(body))
		page, err := c.Posts(context.Background(), network.Query{User: newton})
		if network.KindOf(err) != network.Unavailable || c.Usage().Posts > 0 {
			t.Errorf("%s: got %+v, %v", body, page, err)
		}
	}
}

func TestPostsLeftOut(t *testing.T) {
	c, _, notes := fakeClient(ok(`{"data":[{"id":"11"},{"id":"10","text":"a"}]}`))
	var bad []error
	c.Skip = func(err error) { bad = append(bad, err) }
	if _, err := c.Posts(context.Background(), network.Query{User: newton}); err != nil || len(bad) != 1 || len(*notes) > 0 {
		t.Errorf("%v, left out %v, notes %q", err, bad, *notes)
	}
}

func TestPostsRaw(t *testing.T) {
	object := `{"id":"10", "text":"a", "odd":[1, 2]}`
	c, _, _ := fakeClient(ok(`{"data":[{"id":"11"},` + object + `]}`))
	page, err := c.Posts(context.Background(), network.Query{User: newton, Raw: true})
	if err != nil || string(page.Posts[0].Raw) != object {
		t.Errorf("got %s, %v", page.Posts[0].Raw, err)
	}
}

func TestPostsAsks(t *testing.T) {
	c, s, _ := fakeClient(ok(`{}`))
	for _, tt := range []struct {
		q    network.Query
		want string
	}{
		{network.Query{}, "expansions=referenced_tweets.id&max_results=100&tweet.fields=" +
			"author_id,created_at,entities,in_reply_to_user_id,lang,note_tweet,referenced_tweets"},
		{network.Query{Since: "5", Until: "9", Token: "t", Max: 7}, "expansions=referenced_tweets.id&max_results=7&pagination_token=t&since_id=5&tweet.fields=" +
			tweetFields + "&until_id=9"},
		{network.Query{Max: 2}, "expansions=referenced_tweets.id&max_results=5&tweet.fields=" + tweetFields},
		{network.Query{Max: 500}, "expansions=referenced_tweets.id&max_results=100&tweet.fields=" + tweetFields},
	} {
		tt.q.User = newton
		if _, err := c.Posts(context.Background(), tt.q); err != nil {
			t.Fatal(err)
		}
		url := s.got[len(s.got)-1].URL
		if got := strings.ReplaceAll(url.RawQuery, "%2C", ","); got != tt.want || url.Path != "/2/users/42/tweets" || url.Host != "api.x.com" {
			t.Errorf("got %s %s, want %s", url, got, tt.want)
		}
	}
}

func TestPostsOfNobody(t *testing.T) {
	problem := func(detail, kind string) string {
		return `{"errors":[{"detail":"` + detail + `","title":"t","resource_type":"user","type":"https://api.twitter.com/2/problems/` + kind + `"}]}`
	}
	seen := map[string]bool{}
	for _, tt := range []struct {
		body string
		kind network.Kind
		want string
	}{
		{problem("Could not find user with id: [42].", "resource-not-found"), network.NotFound, "no such account"},
		{problem("User has been suspended: [42].", "resource-not-found"), network.Policy, "suspended"},
		{problem("Sorry, you are not authorized to see the user with id: [42].", "not-authorized-for-resource"), network.Policy, "protected"},
		{problem("Something else.", "other"), network.Failed, "Something else."},
	} {
		c, _, _ := fakeClient(ok(tt.body))
		_, err := c.Posts(context.Background(), network.Query{User: newton})
		wantKind(t, err, tt.kind)
		if seen[err.Error()] || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "@Newton") {
			t.Errorf("got %v, want %s", err, tt.want)
		}
		seen[err.Error()] = true
		c, _, _ = fakeClient(ok(tt.body))
		_, err = c.User(context.Background(), "newton")
		wantKind(t, err, tt.kind)
	}
}

func TestPostsRespells(t *testing.T) {
	refuse := func(name string) reply {
		return reply{status: 400, body: `{"errors":[{"parameters":{"` + name + `":["x"]},"message":"The query parameter [` + name + `] is not one of [id]"}],
			"title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"}`}
	}
	page := ok(`{"data":[{"id":"1","text":"a"}]}`)
	tests := []struct {
		name    string
		fields  string
		replies []reply
		last    string // query of the last request
		fails   bool
	}{
		{"not at all", "", []reply{page}, "tweet.fields=" + tweetFields + "&expansions=referenced_tweets.id", false},
		{"new names", "", []reply{refuse("tweet.fields"), page}, "post.fields=" + postFields + "&expansions=referenced_posts", false},
		{"no expansions", "", []reply{refuse("expansions"), refuse("expansions"), page}, "tweet.fields=" + tweetFields, false},
		{"new names, no expansions", "", []reply{refuse("tweet.fields"), refuse("expansions"), refuse("tweet.fields"), page},
			"post.fields=" + postFields, false},
		{"nothing suits", "", []reply{refuse("tweet.fields")}, "post.fields=" + postFields, true},
		{"chosen, and it suits", "post", []reply{page}, "post.fields=" + postFields + "&expansions=referenced_posts", false},
		{"chosen", "post", []reply{refuse("post.fields")}, "post.fields=" + postFields, true},
		{"another reason", "", []reply{refuse("until_id")}, "tweet.fields=" + tweetFields + "&expansions=referenced_tweets.id", true},
	}
	for _, tt := range tests {
		c, s, notes := fakeClient(tt.replies...)
		c = New(Config{Base: base, HTTP: c.HTTP, Now: c.Now, Notice: c.Notice, Fields: tt.fields})
		for range 2 { // the second one goes on with what was found
			if _, err := c.Posts(context.Background(), network.Query{User: newton}); (err != nil) != tt.fails {
				t.Fatalf("%s: %v", tt.name, err)
			}
		}
		want, _ := url.ParseQuery(tt.last + "&max_results=100")
		for _, n := range []int{1, 2} { // the last request of each
			if got := s.query(len(s.got) - n); got.Encode() != want.Encode() {
				t.Errorf("%s: got %v, want %v", tt.name, got, want)
			}
		}
		if warned := strings.Contains(strings.Join(*notes, ""), "reposts are cut"); !tt.fails && warned == want.Has("expansions") {
			t.Errorf("%s: notes %q", tt.name, *notes)
		}
		if spoke := len(*notes) > 0; !tt.fails && (spoke != (len(tt.replies) > 1) || len(s.got) != len(tt.replies)+1) {
			t.Errorf("%s: %d requests, notes %q", tt.name, len(s.got), *notes)
		}
	}
}

func TestPostsMayBeCut(t *testing.T) {
	long := strings.Repeat("mot ", 68) + "et…"
	for body, want := range map[string]int{
		`{"id":"1","text":"` + long + `"}`:                                                            1,
		`{"id":"1","text":"` + long + ` https://t.co/a"}`:                                             1,
		`{"id":"1","text":"` + long + `","note_tweet":{"text":"` + long + `"}}`:                       0,
		`{"id":"1","text":"RT @a: ` + long + `","referenced_tweets":[{"type":"retweeted","id":"5"}]}`: 0,
		`{"id":"1","text":"` + long + `mot"}`:                                                         0,
		`{"id":"1","text":"et…"}`:                                                                     0,
	} {
		c, _, notes := fakeClient(ok(`{"data":[` + body + `]}`))
		if _, err := c.Posts(context.Background(), network.Query{User: newton}); err != nil || len(*notes) != want {
			t.Errorf("%.60s: got %q, %v", body, *notes, err)
		}
	}
}

func TestUsage(t *testing.T) {
	c, _, _ := fakeClient(ok(`{"data":{"id":"42","username":"Newton","public_metrics":{"tweet_count":7}}}`),
		ok(`{"data":[{"id":"2","text":"a"},{"id":"1","text":"b"}],"includes":{"tweets":[{"id":"0","text":"c"}]}}`),
		reply{status: 402, body: `{"title":"CreditsDepleted"}`})
	u, err := c.User(context.Background(), "newton")
	if err != nil || u != (network.User{ID: "42", Name: "Newton", Posts: 7}) {
		t.Errorf("got %+v, %v", u, err)
	}
	for range 2 {
		c.Posts(context.Background(), network.Query{User: newton})
	}
	if got, want := c.Usage(), (network.Usage{Requests: 3, Posts: 2, Referred: 1, Users: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := fmt.Sprintf("%.3f", Published.Cost(c.Usage(), false)); got != "0.025" {
		t.Errorf("cost %s", got)
	}
}

// FuzzWire feeds anything to the decoder of pages. Whatever it returns is a record that survives being
// written and read.
func FuzzWire(f *testing.F) {
	for _, tt := range pages {
		f.Add(tt.body)
	}
	for _, tt := range asked {
		f.Add(tt.body)
	}
	f.Add(`{"data":[null,"",[],{"id":1e9,"text":null}],"includes":[],"meta":{"next_token":7}}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, list := range []listing{timelineOf(newton), mentionsOf(newton)} {
			page, notes, _, err := New(Config{}).decode([]byte(body), list, true)
			var w wire
			if json.Unmarshal([]byte(strings.ToValidUTF8(body, "\uFFFD")), &w) == nil && err == nil && len(page.Posts) > len(w.Data) {
				t.Errorf("%d records of %d posts, notes %q", len(page.Posts), len(w.Data), notes)
			}
			for _, p := range page.Posts {
				if line := p.AppendJSON(nil); !json.Valid(line) || strings.ContainsAny(string(line), "\n") {
					t.Errorf("record is not a line of JSON: %s", line)
				}
			}
		}
	})
}
