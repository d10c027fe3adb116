package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Keys are the credentials of one account and of the developer app that it owns.
// Only a Server with the same Secret accepts them.
type Keys struct {
	ConsumerKey    string // OAuth 1.0a: the app
	ConsumerSecret string
	AccessToken    string // OAuth 1.0a: the account's own token for its app
	AccessSecret   string
	BearerToken    string // app-only: reading without an account
	ClientID       string // OAuth 2.0: the app
	ClientSecret   string
}

// Shell writes the keys, and the API's address, as lines that a shell can read
// with its . command; no value needs quotes.
func (k Keys) Shell(base string) string {
	var b strings.Builder
	for _, v := range [][2]string{
		{"CONSUMER_KEY", k.ConsumerKey}, {"CONSUMER_SECRET", k.ConsumerSecret},
		{"ACCESS_TOKEN", k.AccessToken}, {"ACCESS_SECRET", k.AccessSecret},
		{"BEARER_TOKEN", k.BearerToken},
		{"CLIENT_ID", k.ClientID}, {"CLIENT_SECRET", k.ClientSecret},
		{"API_BASE", base},
	} {
		fmt.Fprintf(&b, "TW_%s=%s\n", v[0], v[1])
	}
	return b.String()
}

// app is a developer app: each account owns one.
type app struct {
	owner *account
	keys  Keys
}

// grant is what a token stands for.
type grant struct {
	app     *app
	user    *account  // nil: app-only
	secret  string    // OAuth 1.0a
	scopes  []string  // OAuth 2.0
	expires time.Time // zero: never
}

// keyring knows every credential that was issued.
type keyring struct {
	secret   []byte
	count    int               // number of secrets drawn so far
	apps     map[string]*app   // by consumer key
	clients  map[string]*app   // by client id
	tokens   map[string]*grant // OAuth 1.0a, by access token
	bearers  map[string]*grant // app-only and OAuth 2.0
	nonces   map[string]int64  // used nonces, with their timestamps
	pruned   int64             // when old nonces were last removed
	requests map[string]*requestToken
	codes    map[string]*authCode
	refresh  map[string]*grant
}

func newKeyring(secret []byte) *keyring {
	return &keyring{
		secret:   secret,
		apps:     map[string]*app{},
		clients:  map[string]*app{},
		tokens:   map[string]*grant{},
		bearers:  map[string]*grant{},
		nonces:   map[string]int64{},
		requests: map[string]*requestToken{},
		codes:    map[string]*authCode{},
		refresh:  map[string]*grant{},
	}
}

// enrol gives an account its app and the tokens for it.
func (k *keyring) enrol(who *account) {
	a := &app{owner: who, keys: k.of(who)}
	who.app = a
	k.apps[a.keys.ConsumerKey] = a
	k.clients[a.keys.ClientID] = a
	k.tokens[a.keys.AccessToken] = &grant{app: a, user: who, secret: a.keys.AccessSecret}
	k.bearers[a.keys.BearerToken] = &grant{app: a}
}

// of derives the credentials of an account, with X's lengths and prefixes.
func (k *keyring) of(who *account) Keys {
	name := strings.ToLower(who.name)
	return Keys{
		ConsumerKey:    k.derive(25, "consumer key", name),
		ConsumerSecret: k.derive(50, "consumer secret", name),
		AccessToken:    itoa(who.id) + "-" + k.derive(40, "access token", name),
		AccessSecret:   k.derive(45, "access secret", name),
		BearerToken:    strings.Repeat("A", 21) + k.derive(88, "bearer", name),
		ClientID:       k.derive(34, "client id", name),
		ClientSecret:   k.derive(50, "client secret", name),
	}
}

// fresh returns a secret that was never issued before.
func (k *keyring) fresh(n int, what string) string {
	k.count++
	return k.derive(n, what, fmt.Sprint(k.count))
}

// derive returns n letters and digits derived from the secret and the words.
func (k *keyring) derive(n int, words ...string) string {
	var out strings.Builder
	for i := 0; out.Len() < n; i++ {
		sum := k.sum(fmt.Sprintf("%s/%d", strings.Join(words, "/"), i))
		out.WriteString(new(big.Int).SetBytes(sum[:]).Text(62))
	}
	return out.String()[:n]
}

// sum is HMAC-SHA256, from which all that looks random is derived.
func (k *keyring) sum(what string) (out [32]byte) {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(what))
	mac.Sum(out[:0])
	return out
}
