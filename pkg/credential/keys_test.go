package credential

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// env makes an environment of pairs.
func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

var four = []string{"TW_CONSUMER_KEY", "ck", "TW_CONSUMER_SECRET", "cs", "TW_ACCESS_TOKEN", "42-at", "TW_ACCESS_SECRET", "as"}

func TestFromEnv(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("\uFEFFfrom a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		env   []string
		want  Method
		wrong string // part of the error
	}{
		{"nothing", nil, None, ""},
		{"four", four, OAuth1, ""},
		{"bearer", []string{"TW_BEARER_TOKEN", "b"}, Bearer, ""},
		{"both", append([]string{"TW_BEARER_TOKEN", "b"}, four...), OAuth1, ""},
		{"one of four", four[:2], None, "TW_CONSUMER_SECRET, TW_ACCESS_TOKEN, TW_ACCESS_SECRET missing"},
		{"three of four", four[:6], None, "TW_ACCESS_SECRET missing"},
		{"an app's alone", four[:4], None, ""},
		{"half an app's", four[2:4], None, "TW_CONSUMER_KEY, TW_ACCESS_TOKEN, TW_ACCESS_SECRET missing"},
		{"an app's and half an account's", append([]string{"TW_ACCESS_SECRET", "as"}, four[:4]...), None, "TW_ACCESS_TOKEN missing"},
		{"an app's and white space", append([]string{"TW_BEARER_TOKEN", " \n"}, four[:4]...), None, ""},
		{"three of four and a bearer", append([]string{"TW_BEARER_TOKEN", "b"}, four[:6]...), Bearer, ""},
		{"a file", append([]string{"TW_ACCESS_SECRET_FILE", file}, four[:6]...), OAuth1, ""},
		{"a missing file", append([]string{"TW_ACCESS_SECRET_FILE", file + "?"}, four[:6]...), None, "TW_ACCESS_SECRET_FILE: open "},
		{"both spellings", append([]string{"TW_ACCESS_SECRET_FILE", file}, four...), None, "TW_ACCESS_SECRET and TW_ACCESS_SECRET_FILE are both set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, err := FromEnv(env(tt.env...))
			if tt.wrong != "" {
				var coded interface{ ExitCode() int }
				if err == nil || !strings.Contains(err.Error(), tt.wrong) || !errors.As(err, &coded) || coded.ExitCode() != 4 {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || k.Method() != tt.want {
				t.Errorf("got %v, %v", k.Method(), err)
			}
		})
	}
	k, _ := FromEnv(env("TW_BEARER_TOKEN_FILE", file))
	if got := k.BearerToken.Reveal(); got != "from a file" || k.Network != "x" || k.Source() != "the environment" {
		t.Errorf("got %q from %s", got, k.Source())
	}
	if k, err := App(env("TW_CLIENT_ID_FILE", file+"?")); err == nil {
		t.Errorf("an app without its file: %v", k)
	}
}

func TestMethod(t *testing.T) {
	for _, tt := range []struct {
		keys Keys
		want string
		post bool
	}{
		{Keys{}, "none", false},
		{*sample(), "OAuth 1.0a", true},
		{Keys{Token: NewSecret("t"), BearerToken: NewSecret("b")}, "OAuth 2.0", true},
		{Keys{RefreshToken: NewSecret("r")}, "OAuth 2.0", true},
		{Keys{BearerToken: NewSecret("b")}, "bearer token", false},
	} {
		if got := tt.keys.Method().String(); got != tt.want || tt.keys.CanPost() != tt.post {
			t.Errorf("got %s, can post: %v, want %s", got, tt.keys.CanPost(), tt.want)
		}
	}
}

func TestSiteOf(t *testing.T) {
	for base, want := range map[string]string{"": "https://api.x.com", "http://127.0.0.1:8080/": "http://127.0.0.1:8080"} {
		if s := SiteOf(env("TW_API_BASE", base), time.Now); s.Base != want || s.HTTP.Timeout != patience || s.Now == nil {
			t.Errorf("%q: got %+v", base, s)
		}
	}
}

func TestOwnID(t *testing.T) {
	for token, want := range map[string]string{"42-abc": "42", "abc-42": "", "42": "", "": ""} {
		if got := (&Keys{AccessToken: NewSecret(token)}).OwnID(); got != want {
			t.Errorf("%s: got %q, want %q", token, got, want)
		}
	}
	if got := (&Keys{UserID: "7", AccessToken: NewSecret("42-a")}).OwnID(); got != "7" {
		t.Errorf("got %q", got)
	}
}

func sample() *Keys {
	return &Keys{Network: "x", Account: "Newton", UserID: "42", ConsumerKey: NewSecret("ck"), ConsumerSecret: NewSecret("cs"),
		AccessToken: NewSecret("at"), AccessSecret: NewSecret("as"), BearerToken: NewSecret("<b&t>"), ClientID: NewSecret("ci"),
		ClientSecret: NewSecret("cx"), Token: NewSecret("t"), RefreshToken: NewSecret("rt"), Expiry: time.Unix(1e9, 0).UTC()}
}

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "x-newton.json")
	k := sample()
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if folder, _ := os.Stat(filepath.Dir(path)); folder.Mode().Perm() != 0o700 {
		t.Errorf("folder's mode %v", folder.Mode())
	}
	want := `{
  "network": "x",
  "account": "Newton",
  "user_id": "42",
  "consumer_key": "ck",
  "consumer_secret": "cs",
  "access_token": "at",
  "access_secret": "as",
  "bearer_token": "<b&t>",
  "client_id": "ci",
  "client_secret": "cx",
  "oauth2_token": "t",
  "refresh_token": "rt",
  "expiry": "2001-09-09T01:46:40Z"
}
`
	if data, err := os.ReadFile(path); string(data) != want {
		t.Errorf("got %s, %v", data, err)
	}
	if err := os.WriteFile(path, []byte(mark+want), 0o600); err != nil { // as some editors do
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil || *got.stored() != *k.stored() || got.Source() != path || k.Source() != path {
		t.Errorf("got %+v from %s, %v", got.stored(), got.Source(), err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

func TestCannotSave(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, filepath.Join(file, "x.json"), filepath.Join(file, "in", "x.json")} {
		k := sample()
		if err := k.Save(path); err == nil || k.Source() != "the environment" {
			t.Errorf("%s: saved to %s", path, k.Source())
		}
	}
	if Ready(env("TW_CREDENTIALS", filepath.Join(file, "x.json"))) == nil {
		t.Error("ready, though nothing can be saved")
	}
	if err := Ready(env("TW_CREDENTIALS", filepath.Join(folder, "new"))); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Join(folder, "new"))
	if info, statErr := os.Stat(filepath.Join(folder, "new")); err != nil || statErr != nil || len(left) > 0 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("left %v, %v, %v", left, err, statErr)
	}
	if got := Path(env("TW_CREDENTIALS", filepath.Join(folder, "a.json")), "newton"); got != filepath.Join(folder, "a.json") {
		t.Errorf("a file that is to be made: got %s", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	folder := t.TempDir()
	tests := []struct {
		name, text string
		mode       os.FileMode
		want       string
	}{
		{"open to the group", `{"bearer_token":"` + canary + `"}`, 0o640, "mode 0640"},
		{"open to all", `{"bearer_token":"` + canary + `"}`, 0o604, "mode 0604"},
		{"writable by the group", `{"bearer_token":"` + canary + `"}`, 0o620, "mode 0620"},
		{"misspelt", `{"bearer_tokem":"` + canary + `"}`, 0o600, "bearer_tokem"},
		{"no JSON", canary, 0o600, "invalid character"},
		{"wrong type", `{"bearer_token":["` + canary + `"]}`, 0o600, "array"},
		{"two in one file", `{"bearer_token":"a"}{"bearer_token":"` + canary + `"}`, 0o600, "something follows"},
		{"a brace too many", `{"bearer_token":"` + canary + `"}}`, 0o600, "something follows"},
		{"incomplete", `{"consumer_key":"` + canary + `"}`, 0o600, "no complete set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && tt.mode != 0o600 {
				t.Skip("no modes here")
			}
			path := filepath.Join(folder, tt.name+".json")
			if err := errors.Join(os.WriteFile(path, []byte(tt.text), 0o600), os.Chmod(path, tt.mode)); err != nil { // the umask may be strict
				t.Fatal(err)
			}
			_, err := Load(path)
			if err == nil || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), canary) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			advice := "run tw-auth to write it anew"
			if tt.mode != 0o600 {
				advice = "chmod 600 " + path + ", and make new keys if others use this machine"
			}
			if e := (*Error)(nil); !errors.As(err, &e) || e.Hint() != advice {
				t.Errorf("got %v, want %s", err, advice)
			}
			if _, err := Open(env("TW_CREDENTIALS", path), ""); err == nil {
				t.Error("opened")
			}
		})
	}
	if _, err := Load(folder); err == nil || err.Error() != folder+" is a folder" {
		t.Errorf("got %v", err)
	}
}

func TestOpen(t *testing.T) {
	home := t.TempDir()
	settings := filepath.Join(home, ".config", "horsepipe")
	at := func(more ...string) func(string) string { return env(append([]string{"HOME", home}, more...)...) }
	for _, e := range []func(string) string{at(), at(four[:4]...)} {
		if _, err := Open(e, ""); err == nil || !strings.Contains(err.Error(), settings) {
			t.Errorf("nothing there: %v", err)
		}
	}
	_, err := Open(at(), "newton")
	if e := (*Error)(nil); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &e) || e.Hint() != "run tw-auth" {
		t.Errorf("nothing there: %v", err)
	}
	if err := sample().Save(Path(at(), "Newton")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(at(four[:2]...), ""); err == nil {
		t.Error("half of what the environment has to say is passed over")
	}
	for name, e := range map[string]func(string) string{
		"the only file":    at(),
		"XDG":              env("XDG_CONFIG_HOME", filepath.Join(home, ".config")),
		"Windows":          env("USERPROFILE", home),
		"a folder":         env("TW_CREDENTIALS", settings),
		"a file":           env("TW_CREDENTIALS", filepath.Join(settings, "x-newton.json")),
		"beside an app's":  at(four[:4]...),
		"the environment":  at(four...),
		"by name, despite": at(four...),
	} {
		account := ""
		if name == "by name, despite" {
			account = "@NEWTON"
		}
		k, err := Open(e, account)
		if err != nil || k.Method() != OAuth1 || (k.Account == "") != (name == "the environment") {
			t.Errorf("%s: got %v, %v", name, k, err)
		}
	}
	t.Chdir(home) // where the keys would be found by a relative path
	for _, account := range []string{"", "newton"} {
		if _, err := Open(env(), account); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
			t.Errorf("no home, account %q: %v", account, err)
		}
	}
	if err := Ready(env()); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Errorf("no home: %v", err)
	}
	if k, err := Open(env(four...), ""); err != nil || k.Method() != OAuth1 {
		t.Errorf("no home, and none needed: %v", err)
	}
	keys := filepath.Join(home, "keys")
	if err := sample().Save(keys); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{"", "newton"} {
		if k, err := Open(env("TW_CREDENTIALS", keys), account); err != nil || k.path != keys {
			t.Errorf("a file of any name, account %q: %v", account, err)
		}
	}
	if _, err := Open(env("TW_CREDENTIALS", keys), "leibniz"); err == nil || !strings.Contains(err.Error(), "not of @leibniz") {
		t.Errorf("a file of another account: %v", err)
	}
	nameless := sample()
	nameless.Account = ""
	if err := nameless.Save(keys); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(env("TW_CREDENTIALS", keys), "leibniz"); err != nil {
		t.Errorf("a file of nobody knows whom: %v", err)
	}
	odd, plain := filepath.Join(home, "bot[a]"), filepath.Join(home, "bota")
	if err := errors.Join(sample().Save(filepath.Join(odd, "x-newton.json")), sample().Save(filepath.Join(plain, "x-leibniz.json"))); err != nil {
		t.Fatal(err)
	}
	if k, err := Open(env("TW_CREDENTIALS", odd), ""); err != nil || k.path != filepath.Join(odd, "x-newton.json") {
		t.Errorf("a folder whose name is a pattern: %v, %v", k, err)
	}
	bad := filepath.Join(home, "bad")
	if err := errors.Join(os.Mkdir(bad, 0o700), os.WriteFile(filepath.Join(bad, "x-newton.json"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(env("TW_CREDENTIALS", bad), ""); err == nil {
		t.Error("the only file is empty")
	}
	if err := sample().Save(Path(at(), "leibniz")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(at(), ""); err == nil || !strings.Contains(err.Error(), "leibniz, newton") {
		t.Errorf("two accounts: %v", err)
	}
	if k, err := Open(at(), "leibniz"); err != nil || k.path != Path(at(), "leibniz") {
		t.Errorf("by name: %v", err)
	}
}

// carry is what carries requests.
type carry func(*http.Request) (*http.Response, error)

func (c carry) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func TestClientSigns(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/", http.StatusFound)
		}
	}))
	defer server.Close()
	tests := []struct {
		name string
		keys Keys
		want string
	}{
		{"none", Keys{}, ""},
		{"bearer", Keys{BearerToken: NewSecret("b")}, "Bearer b"},
		{"OAuth 1.0a", Keys{ConsumerKey: NewSecret("ck"), ConsumerSecret: NewSecret("cs"), AccessToken: NewSecret("at"),
			AccessSecret: NewSecret("as")}, `OAuth oauth_consumer_key="ck"`},
		{"OAuth 2.0", Keys{Token: NewSecret("t2")}, "Bearer t2"},
	}
	for _, tt := range tests {
		carried := 0
		client := tt.keys.Client(Site{Base: server.URL, Now: time.Now, HTTP: &http.Client{Timeout: time.Minute, Transport: carry(func(r *http.Request) (*http.Response, error) {
			carried++
			return http.DefaultTransport.RoundTrip(r)
		})}})
		req, err := http.NewRequest(http.MethodGet, server.URL+"/away", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if carried != 1 || client.Timeout != time.Minute || len(req.Header) > 0 {
			t.Errorf("%s: carried %d times, in %v; the request became %v", tt.name, carried, client.Timeout, req.Header)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: got %q", tt.name, got)
		}
		if resp.StatusCode != http.StatusFound {
			t.Errorf("%s: followed a redirect", tt.name)
		}
	}
}

// TestSignatureGoesOutOnce breaks a connection that was used before, behind a request: net/http
// would send it again.
func TestSignatureGoesOutOnce(t *testing.T) {
	var mu sync.Mutex // connections that were broken off end when they will
	seen := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.Header.Get("Authorization")]++
		if body, err := io.ReadAll(r.Body); len(body) > 0 || err != nil || r.ContentLength > 0 || len(r.TransferEncoding) > 0 {
			t.Errorf("a GET with a body: %q, %d, %v, %v", body, r.ContentLength, r.TransferEncoding, err)
		}
		if len(seen) == 2 {
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	k, _ := FromEnv(env(four...))
	client := k.Client(Site{Base: server.URL, Now: time.Now})
	for i := range 3 {
		resp, err := client.Get(server.URL)
		if (err != nil) != (i == 1) {
			t.Fatalf("request %d: %v", i, err)
		}
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for signature, n := range seen {
		if n > 1 || len(seen) != 3 {
			t.Errorf("%d times: %s", n, signature)
		}
	}
}
