package x

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dghubble/oauth1"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
)

// client is what both versions of the API give.
type client interface {
	User(context.Context, string) (network.User, error)
	Me(context.Context) (network.User, error)
	Posts(context.Context, network.Query) (network.Page, error)
	Create(context.Context, *post.Post, string, ...string) (*post.Post, error)
	Usage() network.Usage
	Access() string
}

// clients are the ways to speak to X; the suite below holds for each.
var clients = []struct {
	name string
	make func(Config) client
	page int // posts
}{
	{"v2", func(c Config) client { return New(c) }, Limits.Page},
	{"v2, new spelling", func(c Config) client { c.Fields = "post"; return New(c) }, Limits.Page},
	{"v1.1", func(c Config) client { return NewV1(c) }, LimitsV1.Page},
}

// local is an X of the sandbox's reading, with newton's posts, and a client with the keys of bot.
func local(t *testing.T, make func(Config) client, posts []*post.Post, faults ...string) (client, *sandbox.Server) {
	t.Helper()
	opt := sandbox.Options{Now: time.Now, Secret: []byte("x"), V1: true}
	for _, spec := range faults {
		f, err := sandbox.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		opt.Faults = append(opt.Faults, f)
	}
	sb, err := sandbox.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sb.Seed("newton", posts); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(sb)
	t.Cleanup(web.Close)
	keys, err := sb.Keys("bot")
	if err != nil {
		t.Fatal(err)
	}
	signed := oauth1.NewConfig(keys.ConsumerKey, keys.ConsumerSecret).Client(context.Background(), oauth1.NewToken(keys.AccessToken, keys.AccessSecret))
	signed.Transport.(*oauth1.Transport).Base = web.Client().Transport
	signed.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return make(Config{Base: web.URL, HTTP: signed, Now: time.Now, Notice: t.Logf}), sb
}

// opus is a timeline with one of everything.
func opus() []*post.Post {
	texts := []string{"plain", "a < b & c &lt; d", "l'été « oui »\nand 👨‍👩‍👧", "long: " + fmt.Sprintf("%0400d", 7), "猫"}
	var posts []*post.Post
	for i := range 230 {
		posts = append(posts, &post.Post{ID: fmt.Sprint(30_000_000_000 + int64(i)), Text: texts[i%len(texts)], Lang: "en",
			CreatedAt: time.Date(2021, 2, 3, 4, i, 0, 0, time.UTC)})
	}
	posts[7].ReplyTo = posts[3].ID
	return posts
}

func TestSuite(t *testing.T) {
	ctx := context.Background()
	for _, way := range clients {
		t.Run(way.name, func(t *testing.T) {
			c, sb := local(t, way.make, opus())
			me, err := c.Me(ctx)
			if err != nil || me.Name != "bot" || c.Access() != "read-write" {
				t.Fatalf("me: %+v, %q, %v", me, c.Access(), err)
			}
			newton, err := c.User(ctx, "NEWTON")
			if v1 := way.page == LimitsV1.Page; err != nil || !v1 && (newton.Name != "newton" || newton.Posts != 230) {
				t.Fatalf("user: %+v, %v", newton, err)
			}
			all := suitePages(t, c, newton, way.page)
			want := sb.Posts("newton")
			if len(all) != len(want) {
				t.Fatalf("got %d posts, want %d", len(all), len(want))
			}
			for i, p := range all {
				suiteSame(t, p, want[len(want)-1-i])
			}
			if u := c.Usage(); u.Posts != 239 {
				t.Errorf("usage: %+v", u)
			}
			suiteCreate(t, c, sb)
		})
	}
}

// suitePages goes through a timeline by its tokens, and looks at a window of it.
func suitePages(t *testing.T, c client, u network.User, size int) (all []*post.Post) {
	t.Helper()
	for q := (network.Query{User: u}); ; {
		page, err := c.Posts(context.Background(), q)
		if err != nil || len(page.Posts) > size {
			t.Fatalf("%d posts, %v", len(page.Posts), err)
		}
		all = append(all, page.Posts...)
		if q.Token = page.Next; q.Token == "" {
			break
		}
	}
	q := network.Query{User: u, Since: all[20].ID, Until: all[10].ID, Max: 50, Raw: true}
	page, err := c.Posts(context.Background(), q)
	if err != nil || len(page.Posts) != 9 || page.Posts[0].ID != all[11].ID || len(page.Posts[0].Raw) == 0 {
		t.Errorf("a window of 9: got %d posts, %v", len(page.Posts), err)
	}
	return all[:len(all):len(all)]
}

func suiteSame(t *testing.T, got, want *post.Post) {
	t.Helper()
	if got.ID != want.ID || got.Text != want.Text || !got.CreatedAt.Equal(want.CreatedAt) || got.Author != "newton" ||
		got.ReplyTo != want.ReplyTo || got.Lang != want.Lang || got.Network != network.X || got.URL != address("newton", want.ID) {
		t.Errorf("got\n%s\nwant\n%s", got.AppendJSON(nil), want.AppendJSON(nil))
	}
}

func suiteCreate(t *testing.T, c client, sb *sandbox.Server) {
	t.Helper()
	ctx := context.Background()
	text := "a < b & \"c\" + 100% l'été 猫"
	receipt, err := c.Create(ctx, &post.Post{Text: text}, "bot")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Create(ctx, &post.Post{Text: "quite so", ReplyTo: receipt.ID}, "bot")
	if err != nil {
		t.Fatal(err)
	}
	made := sb.Posts("bot")
	if len(made) != 2 || made[0].Text != text || made[0].ID != receipt.ID || made[1].ReplyTo != receipt.ID || made[1].ID != answer.ID {
		t.Errorf("made %v", made)
	}
	if !receipt.CreatedAt.Equal(made[0].CreatedAt.Truncate(time.Second)) || receipt.Author != "bot" {
		t.Errorf("receipt %s, made at %v", receipt.AppendJSON(nil), made[0].CreatedAt)
	}
	_, err = c.Create(ctx, &post.Post{Text: text}, "bot")
	wantKind(t, err, network.Duplicate)
}

func TestSuiteFaults(t *testing.T) {
	tests := []struct {
		fault      string
		read, post network.Kind
	}{
		{"401", network.Unauthorised, network.Unauthorised},
		{"402", network.OutOfCredit, network.OutOfCredit},
		{"spend-cap", network.OutOfCredit, network.OutOfCredit},
		{"429", network.RateLimited, network.RateLimited},
		{"429-day", network.RateLimited, network.RateLimited},
		{"429-empty", network.RateLimited, network.RateLimited},
		{"429-bare", network.RateLimited, network.RateLimited},
		{"429-old", network.RateLimited, network.RateLimited},
		{"duplicate", network.Duplicate, network.Duplicate},
		{"read-only", network.Unauthorised, network.Unauthorised},
		{"403", network.Policy, network.Policy},
		{"skew=3h", network.Unauthorised, network.Unauthorised},
		{"lost-answer", network.Failed, network.UnknownOutcome}, // Failed: not tried, since reading is tried again for long
		{"503", network.Failed, network.UnknownOutcome},
		{"html=502", network.Failed, network.UnknownOutcome},
		{"not-json", network.Failed, network.UnknownOutcome},
		{"cut", network.Failed, network.UnknownOutcome},
	}
	for _, way := range clients {
		for _, tt := range tests {
			t.Run(way.name+"/"+tt.fault, func(t *testing.T) {
				c, _ := local(t, way.make, nil, "*:"+tt.fault)
				if tt.read != network.Failed {
					_, err := c.Me(context.Background())
					wantKind(t, err, tt.read)
					_, err = c.Posts(context.Background(), network.Query{User: newton})
					wantKind(t, err, tt.read)
				}
				_, err := c.Create(context.Background(), draft, "bot")
				wantKind(t, err, tt.post)
			})
		}
	}
}

func TestSuiteNobody(t *testing.T) {
	const v1 = "GET /1.1/statuses/user_timeline.json:"
	for _, way := range clients {
		for _, tt := range []struct {
			who    string
			faults []string
			kind   network.Kind
		}{
			{"leibniz", nil, network.NotFound},
			{"newton", []string{"GET /2/users/{id}/tweets:suspended", v1 + "403"}, network.Policy},
			{"newton", []string{"GET /2/users/{id}/tweets:protected", v1 + "401"}, network.Policy},
		} {
			c, _ := local(t, way.make, opus()[:1], tt.faults...)
			u, err := c.User(context.Background(), tt.who)
			if err == nil {
				_, err = c.Posts(context.Background(), network.Query{User: u})
			}
			if got := network.KindOf(err); got != tt.kind && (way.page != LimitsV1.Page || got != network.Unauthorised) {
				t.Errorf("%s, %s %v: got %v, want %v", way.name, tt.who, tt.faults, err, tt.kind)
			}
		}
	}
}
