package sandbox

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dghubble/oauth1"
)

func (b *bench) pinConfig(name string) *oauth1.Config {
	k := must(b.Keys(name))(b.t)
	config := oauth1.NewConfig(k.ConsumerKey, k.ConsumerSecret)
	config.CallbackURL = "oob"
	config.Endpoint = oauth1.Endpoint{
		RequestTokenURL: b.http.URL + "/oauth/request_token",
		AuthorizeURL:    b.http.URL + "/oauth/authorize",
		AccessTokenURL:  b.http.URL + "/oauth/access_token",
	}
	return config
}

// The whole flow, as another library goes through it.
func TestPINFlow(t *testing.T) {
	b := start(t, func(o *Options) { o.Now = time.Now })
	config := b.pinConfig("owner")
	token, secret, err := config.RequestToken()
	if err != nil {
		t.Fatal(err)
	}
	page := must(config.AuthorizationURL(token))(t).String()
	if r := b.visit(page); !strings.Contains(r.body, `value="`+token+`"`) || !strings.Contains(r.body, "@owner") {
		t.Errorf("got %s", r.body)
	}
	if _, _, err := config.AccessToken(token, secret, "1234567"); err == nil {
		t.Error("a PIN is accepted before there is one")
	}
	pin := regexp.MustCompile(`<code>(\d{7})</code>`).FindStringSubmatch(b.visit(page + "&as=bot").body)[1]
	if _, _, err := config.AccessToken(token, secret, "1234567"); err == nil {
		t.Error("a wrong PIN is accepted")
	}
	access, accessSecret, err := config.AccessToken(token, secret, pin)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := config.AccessToken(token, secret, pin); err == nil {
		t.Error("a PIN is accepted twice")
	}
	client := config.Client(context.Background(), oauth1.NewToken(access, accessSecret))
	b.get(client, "/2/users/me").want(t, 200, "data.username", "bot")
	b.post(client, "/2/tweets", `{"text":"by PIN"}`).want(t, 201)
}

func TestPINRefused(t *testing.T) {
	b := start(t, func(o *Options) { o.Now = time.Now })
	config := b.pinConfig("owner")
	config.CallbackURL = "http://127.0.0.1:1/"
	if _, _, err := config.RequestToken(); err == nil || !strings.Contains(err.Error(), `"code":415`) {
		t.Errorf("another callback than oob: got %v", err)
	}
	config = b.pinConfig("owner")
	config.ConsumerSecret = "wrong"
	if _, _, err := config.RequestToken(); err == nil || !strings.Contains(err.Error(), `"code":32`) {
		t.Errorf("wrong secret: got %v", err)
	}
	config = b.pinConfig("owner")
	token, secret, _ := config.RequestToken()
	b.Advance(requestLife)
	page := must(config.AuthorizationURL(token))(t).String() + "&as=bot"
	if r := b.visit(page); r.status != 400 {
		t.Errorf("late: got %d", r.status)
	}
	if _, _, err := config.AccessToken(token, secret, "1"); err == nil {
		t.Error("a late PIN is accepted")
	}
	if r := b.visit(b.http.URL + "/oauth/authorize?oauth_token=x&as=bot"); r.status != 400 {
		t.Errorf("unknown token: got %d", r.status)
	}
}

// For the owner of an app, the flow gives the token that the owner has already.
func TestPINOfTheOwner(t *testing.T) {
	b := start(t, func(o *Options) { o.Now = time.Now })
	config, k := b.pinConfig("owner"), must(b.Keys("owner"))(t)
	token, secret, _ := config.RequestToken()
	page := must(config.AuthorizationURL(token))(t).String() + "&as=owner"
	pin := regexp.MustCompile(`\d{7}`).FindString(b.visit(page).body)
	access, accessSecret, err := config.AccessToken(token, secret, pin)
	if err != nil || access != k.AccessToken || accessSecret != k.AccessSecret {
		t.Errorf("got %s, %s, %v", access, accessSecret, err)
	}
}
