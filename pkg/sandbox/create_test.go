package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

func TestCreate(t *testing.T) {
	b := start(t)
	c := b.signedBy("bot")
	r := b.post(c, "/2/tweets", `{"text":" If I have seen further & <so> on "}`)
	r.want(t, 201, "data.text", "If I have seen further &amp; &lt;so&gt; on", "data.edit_history_tweet_ids.0", r.at("data.id"))
	if id, _ := parseID(r.at("data.id")); !timeOf(id).Equal(began) {
		t.Errorf("id %d is of %v, want %v", id, timeOf(id), began)
	}
	second := b.post(c, "/2/tweets", `{"text":"second"}`)
	b.get(c, "/2/users/"+b.idOf("bot")+"/tweets", "tweet.fields", "created_at").want(t, 200,
		"data.0.id", second.at("data.id"), "data.1.id", r.at("data.id"), "data.1.created_at", "2026-11-22T08:30:00.000Z")
}

func TestCreateRefused(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","author":"hooke","text":"nothing to you"}`)
	c := b.signedBy("bot")
	b.post(c, "/2/tweets", `{"text":"said"}`).want(t, 201)
	for _, tt := range []struct {
		name, body string
		status     int
		path, want string
	}{
		{"too long", `{"text":"` + strings.Repeat("x", 281) + `"}`, 400, "errors.0.message",
			"Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text."},
		{"too heavy", `{"text":"` + strings.Repeat("日", 141) + `"}`, 400, "title", "Invalid Request"},
		{"duplicate", `{"text":"said "}`, 403, "detail", "You are not allowed to create a Tweet with duplicate content."},
		{"empty", `{"text":" "}`, 400, "title", "Invalid Request"},
		{"two cashtags", `{"text":"$A and $B"}`, 403, "detail", "Posts are limited to a maximum of one cashtag."},
		{"not summoned", `{"text":"hi","reply":{"in_reply_to_tweet_id":"1"}}`, 403, "detail",
			"Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to."},
		{"answer to nothing", `{"text":"hi","reply":{"in_reply_to_tweet_id":"2"}}`, 403, "detail",
			"You attempted to reply to a Tweet that is deleted or not visible to you."},
		{"answer without id", `{"text":"hi","reply":{}}`, 400, "errors.0.message",
			"$.reply.in_reply_to_tweet_id: does not match the regex pattern ^[0-9]{1,19}$"},
		{"quote", `{"text":"hi","quote_tweet_id":"1"}`, 403, "title", "Forbidden"},
		{"unknown property", `{"text":"hi","foo":1}`, 400, "errors.0.message",
			"$.foo: is not defined in the schema and the schema does not allow additional properties"},
		{"unknown inner property", `{"text":"hi","reply":{"to":"1"}}`, 400, "title", "Invalid Request"},
		{"wrong type", `{"text":1}`, 400, "errors.0.message", "$.text: number found, string expected"},
		{"no JSON", `text=hi`, 400, "title", "Invalid Request"},
		{"more than one", `{"text":"hi"}{}`, 400, "title", "Invalid Request"},
		{"enumeration", `{"text":"hi","reply_settings":"nobody"}`, 400, "title", "Invalid Request"},
		{"poll", `{"text":"hi","poll":{"options":["a"],"duration_minutes":5}}`, 400, "title", "Invalid Request"},
		{"unknown media", `{"text":"hi","media":{"media_ids":["5"]}}`, 400, "errors.0.message", "Your media IDs are invalid."},
		{"no media", `{"text":"hi","media":{"media_ids":[]}}`, 400, "title", "Invalid Request"},
	} {
		t.Run(tt.name, func(t *testing.T) { b.post(c, "/2/tweets", tt.body).want(t, tt.status, tt.path, tt.want) })
	}
	b.do(c, request("POST", b.http.URL+"/2/tweets", "text/plain", `{"text":"hi"}`)).want(t, 400,
		"errors.0.message", "Requests with bodies must have content-type of application/json.")
	b.post(c, "/2/tweets?foo=1", `{"text":"hi"}`).want(t, 400)
	b.post(b.appOf("bot"), "/2/tweets", `{"text":"hi"}`).want(t, 403, "title", "Unsupported Authentication")
	if got := len(b.Posts("bot")); got != 1 {
		t.Errorf("got %d posts, want 1", got)
	}
}

func TestAnswers(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","author":"hooke","text":"what is light, @bot? ask @halley and @nobody2, @Halley"}`,
		`{"id":"2","author":"bot","text":"colours"}`, `{"id":"3","author":"boyle","text":"ha","quote_of":"2"}`,
		`{"id":"4","author":"halley","text":"here","quote_of":"1"}`)
	c := b.signedBy("bot")
	reply := func(to, text, more string) reply {
		return b.post(c, "/2/tweets", fmt.Sprintf(`{"text":%q,"reply":{"in_reply_to_tweet_id":%q%s}}`, text, to, more))
	}
	reply("1", "rays", "").want(t, 201, "data.text", "@hooke @halley rays")
	reply("1", "rays", "").want(t, 403)
	reply("1", "again, @HOOKE", `,"exclude_reply_user_ids":["`+b.idOf("halley")+`"]`).want(t, 201, "data.text", "again, @HOOKE")
	reply("3", "quoted", "").want(t, 201, "data.text", "@boyle quoted")
	reply("2", "and a thread", "").want(t, 201, "data.text", "and a thread")
	reply("4", "not asked", "").want(t, 403)
	// the names that X adds do not count, so that nothing is cut
	reply("1", strings.Repeat("y", 280), "").want(t, 201, "data.text", "@hooke @halley "+strings.Repeat("y", 280))
	last := b.Posts("bot")
	if got := last[len(last)-1].ReplyTo; got != "1" {
		t.Errorf("reply_to: got %q, want 1", got)
	}
	b.get(b.appOf("bot"), "/2/users/"+b.idOf("halley")+"/mentions").want(t, 200, "meta.result_count", "3")
}

func TestDelete(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","text":"mine, @bot"}`)
	bot := b.signedBy("bot")
	id := b.post(bot, "/2/tweets", `{"text":"oops @newton"}`).at("data.id")
	remove := func(id string) reply { return b.do(bot, request("DELETE", b.http.URL+"/2/tweets/"+id, "", "")) }
	remove("1").want(t, 403, "detail", "You are not authorized to delete this Tweet.")
	remove("x").want(t, 400)
	remove(id).want(t, 200, "data.deleted", "true")
	remove(id).want(t, 200, "errors.0.title", "Not Found Error")
	b.get(bot, "/2/users/"+b.idOf("bot")+"/tweets").want(t, 200, "data", "")
	b.get(bot, "/2/users/"+b.idOf("newton")+"/mentions").want(t, 200, "data", "")
	b.post(bot, "/2/tweets", `{"text":"oops @newton"}`).want(t, 201)
}
