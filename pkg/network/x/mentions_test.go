package x

import (
	"context"
	"net/url"
	"testing"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// asked are mentions as X sends them, and the records that they mean.
var asked = []struct {
	name, body, want string
}{
	{"everything", `{"data":[{"id":"10","text":"@newton @bob why &amp; how?","created_at":"2026-01-02T03:04:05.000Z","lang":"en","author_id":"7",
		"conversation_id":"3","in_reply_to_user_id":"42","referenced_tweets":[{"type":"replied_to","id":"5"}],
		"entities":{"mentions":[{"start":0,"end":7,"username":"newton","id":"42"},{"start":8,"end":12,"username":"bob","id":"8"}]}}],
		"includes":{"users":[{"id":"7","name":"A","username":"alice","description":"I love bots"}]}}`,
		`{"id":"10","text":"@newton @bob why & how?","created_at":"2026-01-02T03:04:05Z","author":"alice","lang":"en","url":"https://x.com/alice/status/10",` +
			`"reply_to":"5","network":"x","author_id":"7","conversation_id":"3","in_reply_to_user_id":"42",` +
			`"mentions":[{"id":"42","name":"newton"},{"id":"8","name":"bob"}]}`},
	{"an author without a name", `{"data":[{"id":"10","text":"@newton hi","author_id":"7"}]}`,
		`{"id":"10","text":"@newton hi","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"}]}`},
	{"a badge", `{"data":[{"id":"10","text":"hi","author_id":"7"}],"includes":{"users":[{"id":"7","username":"weather","affiliation":{"description":"Automated by @carol"}}]}}`,
		`{"id":"10","text":"hi","author":"weather","url":"https://x.com/weather/status/10","network":"x","author_id":"7","automated":true}`},
	{"a bio", `{"data":[{"id":"10","text":"hi","author_id":"7"}],"includes":{"users":[{"id":"7","username":"w","description":"Rain. I’m a bot by @carol","affiliation":[]}]}}`,
		`{"id":"10","text":"hi","author":"w","url":"https://x.com/w/status/10","network":"x","author_id":"7","automated":true}`},
	{"names in a note", `{"data":[{"id":"10","text":"@newton …","author_id":"7","entities":{"mentions":[{"username":"newton","id":"42"}]},
		"note_tweet":{"text":"@newton at length @bob","entities":{"mentions":[{"username":"newton","id":"42"},{"username":"bob","id":"8"}]}}}]}`,
		`{"id":"10","text":"@newton at length @bob","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7",` +
			`"mentions":[{"id":"42","name":"newton"},{"id":"8","name":"bob"}]}`},
	{"edited", `{"data":[{"id":"10","text":"@newton hi","author_id":"7","edit_history_tweet_ids":["9","10"]}]}`,
		`{"id":"10","text":"@newton hi","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"}],"versions":["9","10"]}`},
	{"edited, in the other spelling", `{"data":[{"id":"10","text":"@newton hi","author_id":"7","edit_history_post_ids":["9","10"]}]}`,
		`{"id":"10","text":"@newton hi","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"}],"versions":["9","10"]}`},
	{"edited, by ids that are none", `{"data":[{"id":"10","text":"@newton hi","author_id":"7","edit_history_tweet_ids":[9,10]}]}`,
		`{"id":"10","text":"@newton hi","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"}]}`},
	{"never edited", `{"data":[{"id":"10","text":"@newton hi","author_id":"7","edit_history_tweet_ids":["10"]}]}`,
		`{"id":"10","text":"@newton hi","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"}]}`},
	{"names without numbers", `{"data":[{"id":"10","text":"@newton @bob","author_id":"7","entities":{"mentions":[{"username":"newton"},{"username":"bob"}]}}]}`,
		`{"id":"10","text":"@newton @bob","author":"7","url":"https://x.com/7/status/10","network":"x","author_id":"7","mentions":[{"name":"newton"},{"name":"bob"}]}`},
}

func TestMentions(t *testing.T) {
	for _, tt := range asked {
		t.Run(tt.name, func(t *testing.T) {
			c, sent, _ := fakeClient(ok(tt.body))
			page, err := c.Mentions(context.Background(), network.Query{User: newton, Since: "9"})
			if err != nil || len(page.Posts) != 1 {
				t.Fatal(page, err)
			}
			if got := string(page.Posts[0].AppendJSON(nil)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if path := sent.got[0].URL.Path; path != "/2/users/42/mentions" || sent.query(0).Get("since_id") != "9" {
				t.Errorf("asked %s", sent.got[0].URL)
			}
			if c.Usage().Posts != 1 || c.Usage().Users != page.Users {
				t.Errorf("counted %+v", c.Usage())
			}
		})
	}
}

// What tells bots from people, and one conversation from another, has to be asked for; the posts that
// mentions refer to would cost money.
func TestMentionsAsks(t *testing.T) {
	refuse := reply{status: 400, body: `{"detail":"The query parameter [expansions] is not one of [id]"}`}
	c, s, _ := fakeClient(ok(`{}`), refuse, ok(`{}`), refuse, ok(`{}`))
	for _, want := range []string{
		"expansions=author_id&max_results=100&tweet.fields=" + tweetFields + ",conversation_id&user.fields=affiliation,description",
		"expansions=author_id&max_results=100&post.fields=" + postFields + ",conversation_id&user.fields=description",
		"max_results=100&tweet.fields=" + tweetFields + ",conversation_id",
	} {
		if _, err := c.Mentions(context.Background(), network.Query{User: newton}); err != nil {
			t.Fatal(err)
		}
		if got, _ := url.QueryUnescape(s.got[len(s.got)-1].URL.RawQuery); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// All ways to ask are understood by a server that is strict about them.
func TestMentionsOfSandbox(t *testing.T) {
	for _, fields := range []string{"tweet", "post"} {
		made, sb := local(t, func(c Config) client { c.Fields = fields; return New(c) }, nil)
		c := made.(*Client)
		me, err := c.Me(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sb.Seed("alice", []*post.Post{
			{ID: "30000000001", Text: "@newton @bot @nobody_here why?", CreatedAt: day},
			{ID: "30000000002", Text: "@newton not for the bot", CreatedAt: day},
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := sb.Keys("newton"); err != nil {
			t.Fatal(err)
		}
		page, err := c.Mentions(context.Background(), network.Query{User: me, Since: "30000000000"})
		if err != nil || len(page.Posts) != 1 || page.Next != "" || page.Users != 1 {
			t.Fatal(fields, page, err)
		}
		p := page.Posts[0]
		if m, err := network.MentionOf(p); p.Author != "alice" || m.Conversation != p.ID || len(m.Named) != 2 || err != nil {
			t.Errorf("%s: got %s, %v", fields, p.AppendJSON(nil), err)
		}
		if page, err = c.Mentions(context.Background(), network.Query{User: me, Since: "30000000001"}); err != nil || len(page.Posts) != 0 {
			t.Error(fields, page, err)
		}
	}
}

func TestIDAt(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	id := IDAt(at)
	if got := dated(id, at); !got.Equal(at) {
		t.Errorf("%s is of %v", id, got)
	}
	if later := IDAt(at.Add(time.Millisecond)); network.CompareID(id, later) >= 0 {
		t.Errorf("%s is not before %s", id, later)
	}
	if got := IDAt(time.Date(2006, 3, 21, 0, 0, 0, 0, time.UTC)); got != "" {
		t.Errorf("got %s before there were such ids", got)
	}
}
