package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	//lint:ignore SA1019 unmaintained like the API that it speaks; see X's closing of v1.1 at V1
	"github.com/dghubble/go-twitter/twitter"
	"github.com/dghubble/oauth1"
)

func v1(o *Options) { o.V1, o.Now = true, time.Now }

// twitter is a client of another library, whose base URL is fixed: what it has
// signed for api.twitter.com is led to the sandbox.
func (b *bench) twitter(name string) *twitter.Client {
	k := must(b.Keys(name))(b.t)
	below := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		r.URL.Scheme, r.URL.Host, r.Host = "http", b.http.Listener.Addr().String(), ""
		return http.DefaultTransport.RoundTrip(r)
	})}
	ctx := context.WithValue(context.Background(), oauth1.HTTPClient, below)
	config := oauth1.NewConfig(k.ConsumerKey, k.ConsumerSecret)
	return twitter.NewClient(config.Client(ctx, oauth1.NewToken(k.AccessToken, k.AccessSecret)))
}

func TestVersion1(t *testing.T) {
	b := start(t, v1)
	long := strings.Repeat("long & ", 30) + "https://example.com/x"
	b.seed(`{"id":"1001","text":"one","created_at":"2020-02-03T04:05:06Z"}`, `{"id":"1002","text":"`+long+`"}`,
		`{"id":"1003","text":"@hooke two","reply_to":"900"}`, `{"id":"900","author":"hooke","text":"`+long+`"}`,
		`{"id":"1004","text":"RT","repost_of":"900"}`, `{"id":"1005","text":"look","quote_of":"900"}`)
	c := b.twitter("newton")
	list, _, err := c.Timelines.UserTimeline(&twitter.UserTimelineParams{ScreenName: "newton", Count: 200, TweetMode: "extended"})
	if err != nil || len(list) != 5 {
		t.Fatalf("got %d posts, %v", len(list), err)
	}
	quote, repost, reply, note, plain := list[0], list[1], list[2], list[3], list[4]
	for _, tt := range []struct{ name, got, want string }{
		{"date", plain.CreatedAt, "Mon Feb 03 04:05:06 +0000 2020"},
		{"text", plain.FullText, "one"},
		{"user", plain.User.ScreenName, "newton"},
		{"reply", reply.InReplyToScreenName + " " + reply.InReplyToStatusIDStr, "hooke 900"},
		{"answered", itoa(uint64(reply.InReplyToUserID)), b.idOf("hooke")},
		{"quote", quote.QuotedStatusIDStr, "900"},
		{"repost", repost.RetweetedStatus.User.ScreenName, "hooke"},
		{"escaped", note.FullText[:11], "long &amp; "},
		{"link", note.Entities.Urls[0].ExpandedURL, "https://example.com/x"},
		{"long text", note.FullText[len(note.FullText)-23:], note.Entities.Urls[0].URL},
		{"mention", reply.Entities.UserMentions[0].ScreenName, "hooke"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if got := b.Stats().Billed["newton"][Reads]; got != 5 {
		t.Errorf("billed %d posts, want 5", got)
	}
	if !strings.HasSuffix(repost.FullText, "…") || repost.Truncated || strings.HasSuffix(repost.RetweetedStatus.FullText, "…") {
		t.Errorf("repost: %q of %q", repost.FullText, repost.RetweetedStatus.FullText)
	}
	ids := func(p twitter.UserTimelineParams) (out []string) {
		p.ScreenName = "newton"
		list, _, err := c.Timelines.UserTimeline(&p)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			out = append(out, one.IDStr)
		}
		return out
	}
	no, yes := false, true
	for _, tt := range []struct {
		name string
		p    twitter.UserTimelineParams
		want string
	}{
		{"count", twitter.UserTimelineParams{Count: 2}, "1005 1004"},
		{"max_id is inclusive", twitter.UserTimelineParams{MaxID: 1002}, "1002 1001"},
		{"since_id is exclusive", twitter.UserTimelineParams{SinceID: 1003}, "1005 1004"},
		{"left out after counting", twitter.UserTimelineParams{Count: 2, IncludeRetweets: &no}, "1005"},
		{"without answers", twitter.UserTimelineParams{Count: 3, ExcludeReplies: &yes}, "1005 1004"},
	} {
		if got := strings.Join(ids(tt.p), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	short, _, _ := c.Timelines.UserTimeline(&twitter.UserTimelineParams{MaxID: 1002, Count: 1})
	if !short[0].Truncated || !strings.HasSuffix(short[0].Text, "…") {
		t.Errorf("not extended: got %+v", short[0])
	}
}

func TestVersion1Update(t *testing.T) {
	b := start(t, v1)
	b.seed(`{"id":"5","text":"yes, @bot?"}`)
	c := b.twitter("bot")
	if me, _, err := c.Accounts.VerifyCredentials(nil); err != nil || me.ScreenName != "bot" || b.Stats().Billed["bot"][UserReads] != 1 {
		t.Errorf("got %v, %v", me, err)
	}
	made, _, err := c.Statuses.Update("l'été & more", nil)
	if err != nil || made.Text != "l'été &amp; more" {
		t.Errorf("got %v, %v", made, err)
	}
	answer, _, err := c.Statuses.Update("no", &twitter.StatusUpdateParams{InReplyToStatusID: 5})
	if err != nil || answer.InReplyToStatusID != 5 || answer.Text != "@newton no" {
		t.Errorf("got %v, %v", answer, err)
	}
	for _, tt := range []struct {
		text string
		to   int64
		code int
	}{{"l'été & more", 0, 187}, {strings.Repeat("x", 281), 0, 186}, {"", 0, 170}, {"x", 6, 385}} {
		_, res, err := c.Statuses.Update(tt.text, &twitter.StatusUpdateParams{InReplyToStatusID: tt.to})
		failed, ok := err.(twitter.APIError)
		if !ok || failed.Errors[0].Code != tt.code || res.StatusCode != 403 {
			t.Errorf("%.20q: got %v, want code %d", tt.text, err, tt.code)
		}
	}
	_, res, err := b.twitter("bot").Timelines.UserTimeline(&twitter.UserTimelineParams{ScreenName: "nobody"})
	if failed, ok := err.(twitter.APIError); !ok || failed.Errors[0].Code != 34 || res.StatusCode != 404 {
		t.Errorf("nobody: got %v", err)
	}
}

func TestVersion1Errors(t *testing.T) {
	b := start(t, v1, limit(t, "GET /1.1/account/verify_credentials.json=1"))
	b.get(withToken("x"), "/1.1/account/verify_credentials.json").want(t, 401, "errors.0.code", "32")
	app := b.appOf("bot")
	r := request("POST", b.http.URL+"/1.1/statuses/update.json", "application/x-www-form-urlencoded", url.Values{"status": {"x"}}.Encode())
	b.do(app, r).want(t, 403, "errors.0.code", "220")
	c := b.twitter("bot")
	_, _, _ = c.Accounts.VerifyCredentials(nil)
	_, res, _ := c.Accounts.VerifyCredentials(nil)
	if res.StatusCode != 429 {
		t.Errorf("got %d, want 429", res.StatusCode)
	}
	closed := start(t)
	closed.get(closed.signedBy("bot"), "/1.1/account/verify_credentials.json").want(t, 403, "errors.0.code", "453")
}
