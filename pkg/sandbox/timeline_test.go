package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestUsers(t *testing.T) {
	b := start(t)
	b.seed(`{"text":"one"}`)
	app, newton := b.appOf("newton"), b.signedBy("newton")
	id := b.idOf("newton")
	b.get(app, "/2/users/by/username/NEWTON").want(t, 200,
		"data.id", id, "data.username", "newton", "data.name", "newton", "data.created_at", "", "errors", "")
	b.get(app, "/2/users/by/username/newton", "user.fields", "created_at,public_metrics").want(t, 200,
		"data.created_at", "2010-11-04T01:42:54.000Z", "data.public_metrics.tweet_count", "1")
	b.get(app, "/2/users/by/username/leibniz").want(t, 200, "data", "",
		"errors.0.title", "Not Found Error", "errors.0.detail", "Could not find user with username: [leibniz].",
		"errors.0.type", "https://api.twitter.com/2/problems/resource-not-found")
	b.get(app, "/2/users/by/username/not-a-name").want(t, 400, "title", "Invalid Request",
		"errors.0.message", "The `username` query parameter value [not-a-name] does not match ^[A-Za-z0-9_]{1,15}$")
	b.get(newton, "/2/users/me").want(t, 200, "data.id", id)
	b.get(app, "/2/users/me").want(t, 403, "title", "Unsupported Authentication",
		"type", "https://api.twitter.com/2/problems/unsupported-authentication")
	b.get(withToken("wrong"), "/2/users/me").want(t, 401, "title", "Unauthorized", "type", "about:blank")
	b.get(app, "/2/users").want(t, 404, "status", "404")
}

// walk reads a timeline page by page, and gives the ids.
func (b *bench) walk(path string, query ...string) (ids []string, pages int) {
	b.t.Helper()
	for token := ""; ; {
		q := query
		if token != "" {
			q = append(slices.Clone(query), "pagination_token", token)
		}
		r := b.get(b.appOf("newton"), path, q...)
		if r.status != 200 {
			b.t.Fatal(r)
		}
		pages++
		for i := 0; r.at(fmt.Sprintf("data.%d.id", i)) != ""; i++ {
			ids = append(ids, r.at(fmt.Sprintf("data.%d.id", i)))
		}
		if token = r.at("meta.next_token"); token == "" {
			return ids, pages
		}
	}
}

func TestPages(t *testing.T) {
	b := start(t)
	b.seedMany(25)
	path := "/2/users/" + b.idOf("newton") + "/tweets"
	first := b.get(b.appOf("newton"), path)
	first.want(t, 200, "meta.result_count", "10", "data.0.text", "post 25", "data.9.text", "post 16",
		"meta.newest_id", first.at("data.0.id"), "meta.oldest_id", first.at("data.9.id"), "meta.previous_token", "")
	second := b.get(b.appOf("newton"), path, "pagination_token", first.at("meta.next_token"))
	second.want(t, 200, "data.0.text", "post 15", "data.9.text", "post 6")
	b.get(b.appOf("newton"), path, "pagination_token", second.at("meta.previous_token")).
		want(t, 200, "data.0.text", "post 25", "data.9.text", "post 16", "meta.previous_token", "")
	third := b.get(b.appOf("newton"), path, "pagination_token", second.at("meta.next_token"))
	b.get(b.appOf("newton"), path, "pagination_token", third.at("meta.previous_token")).
		want(t, 200, "data.0.text", "post 15", "data.9.text", "post 6")

	all, pages := b.walk(path)
	if len(all) != 25 || pages != 3 {
		t.Errorf("got %d posts on %d pages, want 25 on 3", len(all), pages)
	}
	if _, pages := b.walk(path, "max_results", "25"); pages != 1 {
		t.Errorf("got %d pages, want 1", pages)
	}
	for _, tt := range []struct {
		name  string
		query []string
		want  []string // of all, newest first
	}{
		{"since_id is exclusive", []string{"since_id", all[3]}, all[:3]},
		{"until_id is exclusive", []string{"until_id", all[20]}, all[21:]},
		{"both", []string{"since_id", all[9], "until_id", all[2]}, all[3:9]},
		{"none between", []string{"since_id", all[9], "until_id", all[8]}, nil},
		{"start_time is inclusive", []string{"start_time", "2015-01-01T00:22:00Z"}, all[:3]},
		{"end_time is exclusive", []string{"end_time", "2015-01-01T00:03:00Z"}, all[22:]},
		{"ids win over times", []string{"since_id", all[3], "start_time", "2015-01-01T00:23:00Z"}, all[:3]},
		{"nothing newer", []string{"since_id", all[0]}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := b.walk(path, tt.query...); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	if r := b.get(b.appOf("newton"), path, "since_id", all[0]); r.body != `{"meta":{"result_count":0}}` {
		t.Errorf("nothing new: got %s", r.body)
	}
}

func TestCaps(t *testing.T) {
	b := start(t)
	b.seedMany(3300)
	path := "/2/users/" + b.idOf("newton") + "/tweets"
	if ids, pages := b.walk(path, "max_results", "100"); len(ids) != 3200 || pages != 32 {
		t.Errorf("got %d posts on %d pages, want 3200 on 32", len(ids), pages)
	}
	if ids, _ := b.walk(path, "max_results", "100", "exclude", "replies"); len(ids) != 800 {
		t.Errorf("without replies: got %d posts, want 800", len(ids))
	}
	oldest := b.store.named("newton").posts[90].id
	b.get(b.appOf("newton"), path, "until_id", itoa(oldest)).want(t, 200, "data", "", "meta.result_count", "0")
}

func TestMentions(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","text":"hello @newton!","author":"hooke"}`, `{"id":"2","text":"I, @newton"}`,
		`{"id":"3","text":"a@newton.example","author":"hooke"}`, `{"id":"4","text":"(@NEWTON)","author":"halley"}`,
		`{"id":"5","text":"@newton_bot","author":"halley"}`, `{"id":"6","text":"RT @newton: apple","author":"halley","repost_of":"7"}`,
		`{"id":"8","text":"Why?","author":"Bentley"}`, `{"id":"9","text":"Since it falls, @bentley.","author":"hooke"}`)
	if got, _ := b.walk("/2/users/" + b.idOf("Bentley") + "/mentions"); strings.Join(got, " ") != "9" {
		t.Errorf("got %v, want 9", got)
	}
	path := "/2/users/" + b.idOf("newton") + "/mentions"
	if got, _ := b.walk(path); strings.Join(got, " ") != "4 1" {
		t.Errorf("got %v, want 4 and 1", got)
	}
	b.get(b.appOf("newton"), path, "exclude", "replies").want(t, 400)
}

func TestParameters(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"7","text":"one"}`)
	id := b.idOf("newton")
	for _, tt := range []struct{ name, path, query, message string }{
		{"unknown", "/2/users/me", "foo=1", "The query parameter [foo] is not one of [user.fields,expansions,tweet.fields]"},
		{"too few", "/2/users/" + id + "/tweets", "max_results=4", "The `max_results` query parameter value [4] is not between 5 and 100"},
		{"too many", "/2/users/" + id + "/tweets", "max_results=101", "The `max_results` query parameter value [101] is not between 5 and 100"},
		{"no number", "/2/users/" + id + "/tweets", "max_results=x", "The `max_results` query parameter value [x] is not between 5 and 100"},
		{"twice", "/2/users/" + id + "/tweets", "max_results=5&max_results=6", "Duplicate parameters are not allowed: the `max_results` query parameter"},
		{"empty", "/2/users/" + id + "/tweets", "since_id=", "The `since_id` query parameter can not be empty"},
		{"no id", "/2/users/" + id + "/tweets", "since_id=1x", "The `since_id` query parameter value [1x] is not valid"},
		{"long id", "/2/users/" + id + "/tweets", "until_id=12345678901234567890", "The `until_id` query parameter value [12345678901234567890] is not valid"},
		{"no user id", "/2/users/newton/tweets", "", "The `id` query parameter value [newton] is not valid"},
		{"no token", "/2/users/" + id + "/tweets", "pagination_token=abcdefgh", "The `pagination_token` query parameter value [abcdefgh] is not valid"},
		{"no time", "/2/users/" + id + "/tweets", "start_time=today", "The `start_time` query parameter value [today] is not a valid RFC3339 date-time"},
		{"early", "/2/users/" + id + "/tweets", "start_time=2006-01-01T00:00:00Z", "The `start_time` query parameter value [2006-01-01T00:00:00Z] must be on or after 2010-11-06T00:00:00Z"},
		{"other value", "/2/users/" + id + "/tweets", "exclude=quotes", "The `exclude` query parameter value [quotes] is not one of [replies,retweets]"},
		{"value twice", "/2/users/" + id + "/tweets", "exclude=replies,replies", "The `exclude` query parameter value [replies,replies] has duplicate values"},
		{"other spelling", "/2/users/me", "tweet.fields=note_post", ""},
		{"both spellings", "/2/users/me", "tweet.fields=text&post.fields=text", "The query parameter [tweet.fields] is not one of [user.fields,expansions,post.fields]"},
		{"no affiliation with posts", "/2/users/me", "post.fields=text&user.fields=affiliation", ""},
		{"no author_id with posts", "/2/tweets", "ids=7&post.fields=author_id", ""},
		{"no ids", "/2/tweets", "", "The `ids` query parameter can not be empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := b.do(b.signedBy("newton"), request("GET", b.http.URL+tt.path+"?"+tt.query, "", ""))
			r.want(t, 400, "title", "Invalid Request", "detail", "One or more parameters to your request was invalid.")
			if got := r.at("errors.0.message"); tt.message != "" && got != tt.message {
				t.Errorf("got %q, want %q", got, tt.message)
			}
		})
	}
	ids := strings.TrimSuffix(strings.Repeat("7,", 100), ",")
	b.get(b.appOf("newton"), "/2/tweets", "ids", ids).want(t, 200, "data.0.id", "7", "data.1", "")
	b.get(b.appOf("newton"), "/2/tweets", "ids", ids+",7").want(t, 400)
}

func TestLookup(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","text":"one"}`, `{"id":"2","text":"two"}`)
	b.get(b.appOf("newton"), "/2/tweets", "ids", "2,9,1,2").want(t, 200,
		"data.0.id", "2", "data.1.id", "1", "data.2", "", "errors.0.value", "9", "errors.0.parameter", "ids",
		"errors.0.detail", "Could not find tweet with ids: [9].", "meta", "")
	b.get(b.appOf("newton"), "/2/tweets", "ids", "9").want(t, 200, "data", "", "errors.0.resource_type", "tweet")
}
