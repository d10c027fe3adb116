package sandbox

import (
	"strings"
	"testing"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

func TestTextAsSent(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","text":"a < b & c > d"}`,
		`{"id":"2","text":"été & https://example.com/a?b=1 #tag by @newton $ABC"}`,
		`{"id":"3","text":"kept https://t.co/abcdefghij"}`)
	r := b.get(b.appOf("newton"), "/2/tweets", "ids", "1,2,3", "tweet.fields", "entities")
	short := r.at("data.1.entities.urls.0.url")
	r.want(t, 200,
		"data.0.text", "a &lt; b &amp; c &gt; d",
		"data.1.text", "été &amp; "+short+" #tag by @newton $ABC",
		"data.1.entities.urls.0.expanded_url", "https://example.com/a?b=1",
		"data.1.entities.urls.0.display_url", "example.com/a?b=1",
		"data.1.entities.urls.0.start", "10", "data.1.entities.urls.0.end", "33",
		"data.1.entities.hashtags.0.tag", "tag", "data.1.entities.hashtags.0.start", "34", "data.1.entities.hashtags.0.end", "38",
		"data.1.entities.mentions.0.username", "newton", "data.1.entities.mentions.0.id", b.idOf("newton"),
		"data.1.entities.cashtags.0.tag", "ABC",
		"data.2.text", "kept https://t.co/abcdefghij")
	if utf8.RuneCountInString(short) != 23 || !strings.HasPrefix(short, "https://t.co/") {
		t.Errorf("short link: %q", short)
	}
	b.seed(`{"id":"4","text":"$ABC"}`)
	b.get(b.appOf("newton"), "/2/tweets", "ids", "4", "tweet.fields", "entities").want(t, 200, "data.0.entities.cashtags.0.tag", "ABC")
	b.get(b.appOf("newton"), "/2/tweets", "ids", "2").want(t, 200, "data.0.entities", "", "data.0.created_at", "",
		"data.0.edit_history_tweet_ids.0", "2")
}

func TestNotes(t *testing.T) {
	b := start(t)
	long := strings.Repeat("The sun & the moon. ", 20) + "https://example.com/end"
	b.seed(`{"id":"1","text":"` + long + `"}`)
	plain := b.get(b.appOf("newton"), "/2/tweets", "ids", "1")
	plain.want(t, 200, "data.0.note_tweet", "")
	shown := strings.ReplaceAll(plain.at("data.0.text"), "&amp;", "&")
	if w := text.Weigh(shown); w > 280 || w < 270 || !strings.HasSuffix(shown, "…") || !strings.HasPrefix(long, strings.TrimSuffix(shown, "…")) {
		t.Errorf("weight %d of %q", w, shown)
	}
	note := b.get(b.appOf("newton"), "/2/tweets", "ids", "1", "tweet.fields", "note_tweet")
	note.want(t, 200, "data.0.text", plain.at("data.0.text"), "data.0.note_tweet.entities.urls.0.expanded_url", "https://example.com/end")
	if got := note.at("data.0.note_tweet.text"); strings.Count(got, "&amp; the moon.") != 20 {
		t.Errorf("note: %q", got)
	}
	post := b.get(b.appOf("newton"), "/2/tweets", "ids", "1", "post.fields", "note_post")
	post.want(t, 200, "data.0.note_tweet", "", "data.0.note_post.text", note.at("data.0.note_tweet.text"),
		"data.0.edit_history_tweet_ids", "", "data.0.edit_history_post_ids.0", "1")
	full := strings.Repeat("x", text.MaxWeight)
	b.seed(`{"id":"2","text":"@hooke @boyle `+full+`","reply_to":"1"}`, `{"id":"3","text":"@hooke @boyle `+full+`"}`)
	b.get(b.appOf("newton"), "/2/tweets", "ids", "2,3", "tweet.fields", "note_tweet").want(t, 200,
		"data.0.text", "@hooke @boyle "+full, "data.0.note_tweet", "", // the names at its head do not count
		"data.1.text", "@hooke @boyle "+full[:264]+"…", "data.1.note_tweet.text", "@hooke @boyle "+full)
}

func TestReposts(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"10","author":"hooke","text":"`+strings.Repeat("small things ", 15)+`"}`,
		`{"id":"11","text":"RT @hooke: whatever","repost_of":"10"}`,
		`{"id":"12","text":"RT @halley: a comet","repost_of":"9"}`)
	r := b.get(b.appOf("newton"), "/2/users/"+b.idOf("newton")+"/tweets", "tweet.fields", "author_id,referenced_tweets,note_tweet",
		"expansions", "referenced_tweets.id,referenced_tweets.id.author_id")
	r.want(t, 200, "data.1.referenced_tweets.0.type", "retweeted", "data.1.referenced_tweets.0.id", "10",
		"data.0.text", "RT @halley: a comet",
		"includes.tweets.0.id", "9", "includes.tweets.0.text", "a comet",
		"includes.tweets.1.id", "10", "includes.tweets.1.author_id", b.idOf("hooke"),
		"includes.tweets.1.text", strings.Repeat("small things ", 15)[:195],
		"includes.users.0.username", "halley", "includes.users.1.username", "hooke")
	shown := r.at("data.1.text")
	if utf8.RuneCountInString(shown) != 140 || !strings.HasPrefix(shown, "RT @hooke: small things") || !strings.HasSuffix(shown, "…") {
		t.Errorf("repost: %q", shown)
	}
	b.get(b.appOf("newton"), "/2/tweets", "ids", "11", "expansions", "referenced_posts").want(t, 200,
		"data.0.referenced_posts.0.id", "10", "data.0.referenced_tweets", "", "includes.posts.0.id", "10", "includes.tweets", "")
}

func TestReferences(t *testing.T) {
	b := start(t)
	b.seed(`{"id":"1","author":"hooke","text":"springs @newton?"}`, `{"id":"2","text":"@hooke no","reply_to":"1"}`,
		`{"id":"3","text":"again","reply_to":"2"}`, `{"id":"4","text":"look","quote_of":"1"}`, `{"id":"5","text":"@boyle lost","reply_to":"99"}`)
	r := b.get(b.appOf("newton"), "/2/tweets", "ids", "2,3,4,5", "expansions",
		"author_id,in_reply_to_user_id,entities.mentions.username,referenced_tweets.id",
		"tweet.fields", "conversation_id,created_at,lang,possibly_sensitive,public_metrics,reply_settings")
	r.want(t, 200,
		"data.0.author_id", b.idOf("newton"), "data.0.in_reply_to_user_id", b.idOf("hooke"), "data.0.conversation_id", "1",
		"data.1.conversation_id", "1", "data.1.in_reply_to_user_id", b.idOf("newton"),
		"data.2.referenced_tweets.0.type", "quoted", "data.2.in_reply_to_user_id", "",
		"data.3.conversation_id", "99", "data.3.in_reply_to_user_id", b.idOf("boyle"),
		"data.0.public_metrics.like_count", "0", "data.0.possibly_sensitive", "false", "data.0.reply_settings", "everyone",
		"includes.users.0.username", "newton", "includes.users.1.username", "hooke", "includes.users.2.username", "boyle",
		"includes.tweets.0.id", "1", "includes.tweets.1.id", "2", "includes.tweets.2", "",
		"errors.0.value", "99", "errors.0.parameter", "referenced_tweets.id")
	b.get(b.appOf("newton"), "/2/tweets", "ids", "2", "tweet.fields", "author_id,in_reply_to_user_id,referenced_tweets").want(t, 200,
		"data.0.author_id", b.idOf("newton"), "data.0.in_reply_to_user_id", b.idOf("hooke"), "data.0.referenced_tweets.0.id", "1", "includes", "")
	b.seed(`{"id":"6","text":"to @boyle","reply_to":"1"}`)
	for expansion, name := range map[string]string{"author_id": "newton", "in_reply_to_user_id": "hooke", "entities.mentions.username": "boyle"} {
		b.get(b.appOf("newton"), "/2/tweets", "ids", "6", "expansions", expansion).want(t, 200,
			"includes.users.0.username", name, "includes.users.1", "")
	}
	b.seed(`{"id":"7","text":"round","reply_to":"8"}`, `{"id":"8","text":"and round","reply_to":"7"}`)
	b.get(b.appOf("newton"), "/2/tweets", "ids", "7", "tweet.fields", "conversation_id").want(t, 200, "data.0.conversation_id", "7")
}
