package x

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

func TestCreate(t *testing.T) {
	id := strconv.FormatInt((day.UnixMilli()-epoch)<<dateBit, 10)
	made := reply{status: 201, body: `{"data":{"id":"` + id + `","text":"a","edit_history_tweet_ids":["` + id + `"]}}`}
	tests := []struct {
		name, draft, body, receipt string
	}{
		{"plain", `{"text":"a < b & \"c\"\n"}`, `{"text":"a < b & \"c\"\n"}`,
			`{"id":"ID","text":"a < b & \"c\"\n","created_at":"2026-11-22T12:00:00Z","author":"newton","url":"https://x.com/newton/status/ID","network":"x"}`},
		{"an answer with fields of its own", `{"seed":7,"text":"a","reply_to":"5","why":{"b":[1.0]}}`,
			`{"text":"a","reply":{"in_reply_to_tweet_id":"5"}}`,
			`{"id":"ID","text":"a","created_at":"2026-11-22T12:00:00Z","author":"newton","url":"https://x.com/newton/status/ID","reply_to":"5","network":"x","seed":7,"why":{"b":[1.0]}}`},
		{"an answer that calls nobody else", `{"text":"a","reply_to":"5","answer":{"to":"hooke","exclude_reply_user_ids":["7","8"]}}`,
			`{"text":"a","reply":{"in_reply_to_tweet_id":"5","exclude_reply_user_ids":["7","8"]}}`,
			`{"id":"ID","text":"a","created_at":"2026-11-22T12:00:00Z","author":"newton","url":"https://x.com/newton/status/ID","reply_to":"5","network":"x",` +
				`"answer":{"to":"hooke","exclude_reply_user_ids":["7","8"]}}`},
		{"a quote", `{"text":"a","quote_of":"5"}`, `{"text":"a","quote_tweet_id":"5"}`,
			`{"id":"ID","text":"a","created_at":"2026-11-22T12:00:00Z","author":"newton","url":"https://x.com/newton/status/ID","quote_of":"5","network":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := post.NewReader(strings.NewReader(tt.draft), "draft").Next()
			if err != nil {
				t.Fatal(err)
			}
			c, s, _ := fakeClient(made)
			receipt, err := c.Create(context.Background(), d, "newton")
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(tt.receipt, "ID", id); string(receipt.AppendJSON(nil)) != want {
				t.Errorf("got\n%s\nwant\n%s", receipt.AppendJSON(nil), want)
			}
			if !sameJSON(s.bodies[0], tt.body) || s.got[0].URL.Path != "/2/tweets" || s.got[0].Header.Get("Content-Type") != "application/json" {
				t.Errorf("sent %s to %s, want %s", s.bodies[0], s.got[0].URL, tt.body)
			}
			if d.ID != "" {
				t.Error("the draft was changed")
			}
		})
	}
}

// A draft whose field answer cannot be read is refused: nobody knows whom it would call.
func TestCreateRefusesUnreadableAnswers(t *testing.T) {
	d := &post.Post{Text: "a", ReplyTo: "5"}
	d.SetExtra("answer", json.RawMessage(`{"exclude_reply_user_ids":7}`))
	c, s, _ := fakeClient(ok(""))
	_, err := c.Create(context.Background(), d, "newton")
	if wantKind(t, err, network.Policy); len(s.got) > 0 {
		t.Error("it was sent")
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}

func TestCreateOutlivesCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c, s, _ := fakeClient(ok(`{"data":{"id":"1"}}`))
	cancel()
	if _, err := c.Create(ctx, draft, "newton"); err == nil || len(s.got) > 0 {
		t.Errorf("began after the end: %v", err)
	}
	for _, api := range []string{"v2", "v1.1"} {
		ctx, cancel := context.WithCancel(context.Background())
		s := &script{replies: []reply{ok(`{"data":{"id":"1"},"id_str":"1"}`)}, before: cancel}
		conf := Config{Base: base, HTTP: &http.Client{Transport: s}, Now: func() time.Time { return day }}
		var c client = New(conf)
		if api == "v1.1" {
			c = NewV1(conf)
		}
		if receipt, err := c.Create(ctx, draft, "newton"); err != nil || receipt.ID != "1" {
			t.Errorf("%s: cut short: %v", api, err)
		}
	}
}

func TestCreateWithoutAnID(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":{}}`, `{"data":{"id":7}}`, `{"data":[]}`, `{"errors":[{"title":"odd"}]}`} {
		c, _, _ := fakeClient(ok(body))
		_, err := c.Create(context.Background(), draft, "newton")
		wantKind(t, err, network.UnknownOutcome)
		if u, err := c.Me(context.Background()); err == nil {
			t.Errorf("%s: an account without a number: %+v", body, u)
		}
	}
}

// A post that was made was made, whatever date comes with it; what stands there is printed nowhere.
func TestCreateWithAnOddDate(t *testing.T) {
	for date, want := range map[string]time.Time{"Bearer kanarienvogel": day, "": day, "2026-11-22T11:59:58+01:00": day.Add(-time.Hour - 2*time.Second)} {
		c, _, _ := fakeClient(ok(`{"data":{"id":"1","created_at":"` + date + `"}}`))
		receipt, err := c.Create(context.Background(), draft, "newton")
		if err != nil || !receipt.CreatedAt.Equal(want) {
			t.Errorf("%s: got %v, %v", date, receipt, err)
		}
	}
}

func TestDated(t *testing.T) {
	for id, want := range map[string]time.Time{
		"1": day, "": day, "x": day, "1059873232": day, "9999999999999999999999": day,
		strconv.FormatInt((day.UnixMilli()-5000-epoch)<<dateBit|77, 10): day.Add(-5 * time.Second),
	} {
		if got := dated(id, day); !got.Equal(want) {
			t.Errorf("%s: got %v, want %v", id, got, want)
		}
	}
	if got := dated("1212092628029698048", time.Date(2019, 12, 31, 20, 0, 0, 0, time.UTC)); got.Format(time.RFC3339) != "2019-12-31T19:26:16Z" {
		t.Errorf("got %v", got)
	}
}

func TestCheck(t *testing.T) {
	all := Allow{true, true, true}
	tests := []struct {
		name  string
		draft post.Post
		allow Allow
		kind  network.Kind
		says  string // "" if it passes
	}{
		{"plain", post.Post{Text: "Bonjour ! L'été, c'est « oui » :)"}, Allow{}, 0, ""},
		{"full", post.Post{Text: strings.Repeat("a", 280)}, Allow{}, 0, ""},
		{"too long", post.Post{Text: strings.Repeat("a", 281)}, all, network.TooLong, "281 of at most 280"},
		{"full in Japanese", post.Post{Text: strings.Repeat("猫", 140)}, Allow{}, 0, ""},
		{"too long in Japanese", post.Post{Text: strings.Repeat("猫", 141)}, all, network.TooLong, "282"},
		{"empty", post.Post{}, all, network.Policy, "empty"},
		{"blank", post.Post{Text: " \n\u00a0"}, all, network.Policy, "empty"},
		{"posted already", post.Post{ID: "1", Text: "a"}, all, network.Policy, "has an id"},
		{"repost", post.Post{RepostOf: "1", Text: "a"}, all, network.Policy, "repost"},
		{"repost of nobody knows what", post.Post{Repost: true, Text: "a"}, all, network.Policy, "repost"},
		{"mention", post.Post{Text: "hello @hooke"}, Allow{Links: true, Cashtags: true}, network.Policy, "“@hooke”; --allow-mentions"},
		{"mention at the head of what is no answer", post.Post{Text: "@hooke hello"}, Allow{}, network.Policy, "“@hooke”"},
		{"wide mention", post.Post{Text: "(＠hooke)"}, Allow{}, network.Policy, "--allow-mentions"},
		{"mention let through", post.Post{Text: "hello @hooke"}, Allow{Mentions: true}, 0, ""},
		{"an answer names whom it answers", post.Post{Text: "@hooke no", ReplyTo: "1"}, Allow{}, 0, ""},
		{"an answer names nobody", post.Post{Text: "no", ReplyTo: "1"}, Allow{}, 0, ""},
		{"an answer names another", post.Post{Text: "@hooke ask @halley", ReplyTo: "1"}, Allow{}, network.Policy, "“@halley”"},
		{"an answer names somebody further on", post.Post{Text: "no @hooke", ReplyTo: "1"}, Allow{}, network.Policy, "“@hooke”"},
		{"a mention's answer names who asked", *answering("hooke", "@Hooke no"), Allow{}, 0, ""},
		{"a mention's answer names another", *answering("hooke", "@halley no"), Allow{}, network.Policy, "“@halley”"},
		{"address", post.Post{Text: "a@b"}, Allow{}, 0, ""},
		{"an old repost", post.Post{Text: "RT@hooke no"}, Allow{}, network.Policy, "“@hooke”; --allow-mentions"},
		{"two of them", post.Post{Text: "so (rt@hooke Rt:@halley"}, Allow{}, network.Policy, "“@hooke”, “@halley”"},
		{"an answer that is one", post.Post{Text: "RT@hooke no", ReplyTo: "1"}, Allow{}, network.Policy, "“@hooke”"},
		{"a word that ends in it", post.Post{Text: "art@b .rt@b"}, Allow{}, 0, ""},
		{"link", post.Post{Text: "see https://example.org/a"}, Allow{Mentions: true}, network.Policy, "$0.200 instead of $0.015 for the post; --allow-links"},
		{"accidental domain", post.Post{Text: "this is the end.So what"}, Allow{}, network.Policy, "“end.So”"},
		{"link let through", post.Post{Text: "see https://example.org/a"}, Allow{Links: true}, 0, ""},
		{"one cashtag", post.Post{Text: "$TSLA is up $5"}, Allow{}, 0, ""},
		{"two cashtags", post.Post{Text: "$TSLA or $BRK.A"}, Allow{}, network.Policy, "“$TSLA”, “$BRK.A”; --allow-cashtags"},
		{"two cashtags let through", post.Post{Text: "$TSLA or $BRK.A"}, all, 0, ""},
	}
	for _, tt := range tests {
		err := Check(&tt.draft, tt.allow, Published)
		if tt.says == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if network.KindOf(err) != tt.kind || network.KindOf(err).ExitCode() != 4 || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.says)
		}
	}
}

func answering(name, text string) *post.Post {
	p := &post.Post{Text: text, ReplyTo: "1"}
	network.Answer{To: name}.Set(p)
	return p
}

func TestPrices(t *testing.T) {
	p, err := ReadPrices(strings.NewReader(`{"post_read":0.002}`+"\n"), "prices.json")
	if err != nil || p.Read != 0.002 || p.Post != Published.Post || p.AsOf == Published.AsOf {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, bad := range []string{"", "7", `{"post_reed":1}`, `{"post":"cheap"}`, `{"post":-1}`, `{"answer":-0.01}`, `{"alt_text":-0.01}`, `{"post":1} {"answer":1}`, `{"post":1}}`, `{"post":1},"answer":1}`} {
		if _, err := ReadPrices(strings.NewReader(bad), "prices.json"); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	use := network.Usage{Posts: 3200, Referred: 10, Users: 1, Created: 4, Links: 1, Answers: 1}
	if got := fmt.Sprintf("%.4f %.4f", Published.Cost(use, true), Published.Cost(use, false)); got != "3.5000 16.3000" {
		t.Errorf("got %s", got)
	}
}
