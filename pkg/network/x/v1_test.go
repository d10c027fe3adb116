package x

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sharedtest"
)

func fakeV1(replies ...reply) (*V1, *script) {
	s := &script{replies: replies}
	return NewV1(Config{Base: base, HTTP: &http.Client{Transport: s}, Now: func() time.Time { return day }}), s
}

func TestV1Asks(t *testing.T) {
	v, s := fakeV1(ok(`[]`))
	v.Base = "https://example.org/x"
	for _, tt := range []struct {
		q    network.Query
		want string
	}{
		{network.Query{}, "count=200&include_rts=true&screen_name=Newton&tweet_mode=extended"},
		{network.Query{Since: "5", Until: "9", Max: 1}, "count=1&include_rts=true&max_id=8&screen_name=Newton&since_id=5&tweet_mode=extended"},
		{network.Query{Until: "9", Token: "7"}, "count=200&include_rts=true&max_id=6&screen_name=Newton&tweet_mode=extended"},
	} {
		tt.q.User = newton
		page, err := v.Posts(context.Background(), tt.q)
		if err != nil || page.Next != "" {
			t.Fatal(err)
		}
		u := s.got[len(s.got)-1].URL
		if u.RawQuery != tt.want || u.Host != "example.org" || u.Path != "/x/1.1/statuses/user_timeline.json" {
			t.Errorf("got %s, want %s", u, tt.want)
		}
	}
	if _, err := v.Posts(context.Background(), network.Query{User: newton, Since: "x"}); err == nil {
		t.Error("an id that is no number went through")
	}
}

func TestV1Reads(t *testing.T) {
	const body = `[{"id":12,"id_str":"12","created_at":"Wed Jan 06 18:40:40 +0000 2021","full_text":"a &amp; https://t.co/a","lang":"en",
		"entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org"}]},"user":{"id_str":"42","screen_name":"Newton"}},
		{"id":11,"id_str":"11","full_text":"RT @hooke: it was m…","retweeted_status":{"id_str":"5","full_text":"it was me &lt;3"},"user":{"id_str":"42","screen_name":"Newton"}},
		{"id":10,"id_str":"10","full_text":"by whoever was asked for"}]`
	v, _ := fakeV1(ok(body))
	page, err := v.Posts(context.Background(), network.Query{User: network.User{Name: "newton"}})
	if err != nil || page.Next != "10" || len(page.Posts) != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	for i, want := range []string{
		`{"id":"12","text":"a & https://example.org","created_at":"2021-01-06T18:40:40Z","author":"Newton","lang":"en","url":"https://x.com/Newton/status/12","network":"x","author_id":"42"}`,
		`{"id":"11","text":"RT @hooke: it was me <3","author":"Newton","url":"https://x.com/Newton/status/11","repost_of":"5","network":"x","author_id":"42"}`,
		`{"id":"10","text":"by whoever was asked for","author":"newton","url":"https://x.com/newton/status/10","network":"x"}`,
	} {
		if got := string(page.Posts[i].AppendJSON(nil)); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// A post with a link, or an answer, costs as much as by API v2.
func TestV1Counts(t *testing.T) {
	v, _ := fakeV1(ok(`{"id":12,"id_str":"12"}`))
	answer := &post.Post{Text: "no", ReplyTo: "9"}
	network.Answer{}.Set(answer)
	for _, d := range []*post.Post{{Text: "plain"}, {Text: "look: example.com"}, answer} {
		if _, err := v.Create(context.Background(), d, "newton"); err != nil {
			t.Fatal(err)
		}
	}
	if u := v.Usage(); u.Created != 3 || u.Links != 1 || u.Answers != 1 {
		t.Errorf("counted %+v", u)
	}
}

// A post that has to wait for a limit is sent whole.
func TestV1Again(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, s := fakeV1(reply{status: 429}, ok(`{"id":12,"id_str":"12"}`))
		v.Wait = window
		if _, err := v.Create(context.Background(), draft, "newton"); err != nil || s.bodies[0] == "" || s.bodies[1] != s.bodies[0] {
			t.Errorf("sent %q, %v", s.bodies, err)
		}
	})
}

// TestV1Shape has answers with status 200 that are not what they should be.
func TestV1Shape(t *testing.T) {
	for _, body := range []string{`{}`, `[7]`, `[{"id":"x"}]`, `{"errors":[{"code":34,"message":"Sorry"}]}`, `[{"id_str":"1"}]`, ``} {
		synctest.Test(t, func(t *testing.T) { // what is no JSON is asked for again
			v, _ := fakeV1(ok(body))
			if page, err := v.Posts(context.Background(), network.Query{User: newton}); err == nil {
				t.Errorf("%s: got %v", body, page)
			}
			v, _ = fakeV1(ok(body))
			_, err := v.Create(context.Background(), draft, "newton")
			wantKind(t, err, network.UnknownOutcome)
		})
	}
}

func TestV1Answers(t *testing.T) {
	v, s := fakeV1(ok(`{"id_str":"13","created_at":"Wed Jan 06 18:40:40 +0000 2021"}`))
	receipt, err := v.Create(context.Background(), &post.Post{Text: "a + b", ReplyTo: "12", QuoteOf: "7"}, "newton")
	if err != nil || string(receipt.AppendJSON(nil)) != `{"id":"13","text":"a + b","created_at":"2021-01-06T18:40:40Z","author":"newton",`+
		`"url":"https://x.com/newton/status/13","reply_to":"12","quote_of":"7","network":"x"}` {
		t.Errorf("got %v, %v", receipt, err)
	}
	if got := s.bodies[0]; !strings.Contains(got, "in_reply_to_status_id=12") || !strings.Contains(got, "status=a+%2B+b") ||
		!strings.Contains(got, "attachment_url=https%3A%2F%2Fx.com%2Fi%2Fstatus%2F7") {
		t.Errorf("sent %s", got)
	}
	if _, err := v.Create(context.Background(), draft, "newton"); err != nil || s.bodies[1] != "status=a&tweet_mode=extended" {
		t.Errorf("sent %s, %v", s.bodies[1], err)
	}
	if _, err := v.Create(context.Background(), &post.Post{Text: "a", ReplyTo: "urn:x"}, "newton"); network.KindOf(err) != network.Policy {
		t.Errorf("got %v", err)
	}
}

func TestV1RecordedTimelines(t *testing.T) {
	for _, body := range sharedtest.Answers(t, "user_timeline") {
		var want []struct {
			IDStr     string `json:"id_str"`
			CreatedAt string `json:"created_at"`
			Truncated bool
			User      struct {
				ScreenName string `json:"screen_name"`
			}
			Retweeted *struct{} `json:"retweeted_status"`
			ReplyTo   *string   `json:"in_reply_to_status_id_str"`
		}
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatal(err)
		}
		v, _ := fakeV1(ok(body))
		page, err := v.Posts(context.Background(), network.Query{User: newton, Raw: true})
		if err != nil || len(page.Posts) != len(want) || v.Usage().Posts != len(want) {
			t.Fatalf("got %d of %d posts, %v", len(page.Posts), len(want), err)
		}
		for i, p := range page.Posts {
			w := want[i]
			if at, _ := time.Parse(time.RubyDate, w.CreatedAt); p.ID != w.IDStr || !p.CreatedAt.Equal(at) || p.Author != w.User.ScreenName ||
				(p.RepostOf != "") != (w.Retweeted != nil) || (p.ReplyTo != "") != (w.ReplyTo != nil) || !json.Valid(p.Raw) {
				t.Errorf("post %d: got %s", i, p.AppendJSON(nil))
			}
			if strings.Contains(p.Text, "https://t.co/") && !w.Truncated && w.Retweeted == nil || strings.Contains(p.Text, "&amp;") {
				t.Errorf("post %d: %s", i, p.Text)
			}
		}
	}
}

func TestV1RecordedAnswers(t *testing.T) {
	for _, body := range sharedtest.Answers(t, "verify_credentials") {
		v, _ := fakeV1(ok(body))
		if u, err := v.Me(context.Background()); err != nil || u.ID == "" || u.Name == "" || u.Posts < 0 {
			t.Errorf("got %+v, %v", u, err)
		}
	}
	for _, body := range sharedtest.Answers(t, "update.json") {
		v, _ := fakeV1(ok(body))
		if p, err := v.Create(context.Background(), draft, "newton"); err != nil || p.ID == "" || p.CreatedAt.Year() != 2019 {
			t.Errorf("got %+v, %v", p, err)
		}
	}
}

// A signal while a post is under way does not make it count as unsent.
func TestV1AnswerAtTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	v, s := fakeV1(ok(`{"id":"x"}`))
	v.Now = func() time.Time { stop(); return day }
	_, err := v.Create(ctx, draft, "newton")
	wantKind(t, err, network.UnknownOutcome)
	if _, err = v.Create(ctx, draft, "newton"); !errors.Is(err, context.Canceled) || len(s.got) > 1 {
		t.Errorf("began after the end: %v", err)
	}
}
