package sandbox

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/dghubble/oauth1"
)

// Signatures that others have published: RFC 5849, section 1.2,
// and X's page "Creating a signature".
func TestSignaturePublished(t *testing.T) {
	for _, tt := range []struct {
		name, method, address string
		params                []pair
		consumer, token, want string
	}{
		{"RFC 5849 photos", "GET", "http://photos.example.net/photos", []pair{
			{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "nnch734d00sl2jdk"},
			{"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "137131202"}, {"oauth_nonce", "chapoH"},
			{"file", "vacation.jpg"}, {"size", "original"},
		}, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I="},
		{"X", "post", "https://api.twitter.com/1.1/statuses/update.json", []pair{
			{"status", "Hello Ladies + Gentlemen, a signed OAuth request!"}, {"include_entities", "true"},
			{"oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"}, {"oauth_version", "1.0"},
			{"oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"},
			{"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "1318622958"},
			{"oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"},
		}, "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
			"hCtSmYh+iHYCEqBWrE7C7hYmtUk="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := sign(baseString(tt.method, tt.address, tt.params), tt.consumer, tt.token); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The base string of RFC 5849 3.4.1.1: names that come twice, or are empty, or
// hold reserved characters.
func TestBaseString(t *testing.T) {
	got := baseString("POST", "http://example.com/request", []pair{
		{"b5", "=%3D"}, {"a3", "a"}, {"c@", ""}, {"a2", "r b"}, {"oauth_consumer_key", "9djdj82h48djs9d2"},
		{"oauth_token", "kkk9d7dh3k39sjv7"}, {"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", "137131201"}, {"oauth_nonce", "7d8f3e4a"}, {"c2", ""}, {"a3", "2 q"},
	})
	const want = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26" +
		"c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26" +
		"oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

var headers = []struct {
	name, header string
	want         map[string]string // nil: an error
}{
	{"two", `OAuth a="1", b="2"`, map[string]string{"a": "1", "b": "2"}},
	{"no space", `OAuth a="1",b="2"`, map[string]string{"a": "1", "b": "2"}},
	{"scheme in any case", `oauth a="1"`, map[string]string{"a": "1"}},
	{"encoded", `OAuth a%5F="%2B%20/"`, map[string]string{"a_": "+ /"}},
	{"plus is a plus", `OAuth a="1+1"`, map[string]string{"a": "1+1"}},
	{"empty value", `OAuth a=""`, map[string]string{"a": ""}},
	{"realm left out", `OAuth realm="X, Y", a="1"`, map[string]string{"a": "1"}},
	{"other scheme", `Bearer a="1"`, nil},
	{"nothing", ``, nil},
	{"scheme alone", `OAuth`, nil},
	{"twice", `OAuth a="1", a="1"`, nil},
	{"no quotes", `OAuth a=1`, nil},
	{"open quote", `OAuth a="1`, nil},
	{"no comma", `OAuth a="1" b="2"`, nil},
	{"comma at the end", `OAuth a="1",`, nil},
	{"no name", `OAuth ="1"`, nil},
	{"bad escape", `OAuth a="%zz"`, nil},
	{"bad escape in name", `OAuth a%="1"`, nil},
}

func TestParseAuthorization(t *testing.T) {
	for _, tt := range headers {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseAuthorization(tt.header)
			if (err == nil) != (tt.want != nil) || !maps.Equal(got, tt.want) {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

// A header that is read can be written and read again, and means the same.
func FuzzAuthorization(f *testing.F) {
	for _, tt := range headers {
		f.Add(tt.header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		first, err := parseAuthorization(header)
		if err != nil || len(first) == 0 {
			return
		}
		again := "OAuth "
		for name, value := range first {
			if again != "OAuth " {
				again += ", "
			}
			again += fmt.Sprintf(`%s="%s"`, percent(name), percent(value))
		}
		second, err := parseAuthorization(again)
		if err != nil && first[""] == "" || err == nil && !maps.Equal(first, second) {
			t.Errorf("%q: %v, then %v, %v", header, first, second, err)
		}
	})
}

// Another library signs, and this one verifies: with and without a query, with
// JSON, with characters that are encoded, and for X's own address.
func TestOtherLibrary(t *testing.T) {
	b := start(t, func(o *Options) { o.Now = time.Now })
	b.seed(`{"text":"one"}`)
	k := must(b.Keys("newton"))(t)
	sign := func(secret string) *http.Client {
		config := oauth1.NewConfig(k.ConsumerKey, k.ConsumerSecret)
		return config.Client(context.Background(), oauth1.NewToken(k.AccessToken, secret))
	}
	good, bad := sign(k.AccessSecret), sign("wrong")
	b.get(good, "/2/users/me").want(t, 200, "data.username", "newton")
	b.get(good, "/2/users/"+b.idOf("newton")+"/tweets", "tweet.fields", "created_at,author_id", "exclude", "replies").
		want(t, 200, "data.0.text", "one")
	b.post(good, "/2/tweets", `{"text":"l'été & <more> ~ 100%"}`).want(t, 201, "data.text", "l'été &amp; &lt;more&gt; ~ 100%")
	b.get(bad, "/2/users/me").want(t, 401, "title", "Unauthorized", "status", "401")
	b.post(bad, "/2/tweets", `{"text":"no"}`).want(t, 401)
}

// A client whose base URL is fixed is redirected to the sandbox below its signer.
func TestSignedForX(t *testing.T) {
	b := start(t)
	k := must(b.Keys("newton"))(t)
	for _, host := range []string{"api.x.com", "api.twitter.com", "example.com"} {
		r := request("GET", "https://"+host+"/2/users/me", "", "")
		r.Header.Set("Authorization", authorization(r, k, began, host))
		r.URL.Scheme, r.URL.Host, r.Host = "http", b.http.Listener.Addr().String(), ""
		want := 200
		if host == "example.com" {
			want = 401
		}
		b.do(http.DefaultClient, r).want(t, want)
	}
}

func TestReplayAndClock(t *testing.T) {
	b := start(t)
	k := must(b.Keys("newton"))(t)
	for _, tt := range []struct {
		name  string
		at    time.Duration
		nonce string
		want  int
	}{
		{"first use", 0, "a", 200},
		{"same nonce", 0, "a", 401},
		{"same nonce, other second", time.Second, "a", 200},
		{"five minutes late", -300 * time.Second, "b", 200},
		{"more than that", -301 * time.Second, "c", 401},
		{"early", 301 * time.Second, "d", 401},
		{"no nonce", 0, "", 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request("GET", b.http.URL+"/2/users/me", "", "")
			r.Header.Set("Authorization", authorization(r, k, began.Add(tt.at), tt.nonce))
			b.do(http.DefaultClient, r).want(t, tt.want)
		})
	}
}
