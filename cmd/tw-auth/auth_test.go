package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/ledger"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-auth": func() { tool.Main(program()) }})
}

// Scripts have one more command: "serve [FAULT...]" starts a local X and sets the environment for bot
// and its app.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": func(ts *testscript.TestScript, _ bool, args []string) {
				base, keys := serve(args...)
				ts.Defer(base.Close)
				for line := range strings.Lines(keys.Shell(base.URL)) {
					name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
					ts.Setenv(name, value)
				}
			},
		},
	})
}

// serve starts a local X with an account named bot. Faults that do not parse are a mistake in the test.
func serve(faults ...string) (*httptest.Server, sandbox.Keys) {
	opt := sandbox.Options{Now: time.Now, Secret: []byte("auth")}
	for _, spec := range faults {
		f, err := sandbox.ParseFault(spec)
		if err != nil {
			panic(err)
		}
		opt.Faults = append(opt.Faults, f)
	}
	sb, err := sandbox.New(opt)
	if err != nil {
		panic(err)
	}
	keys, err := sb.Keys("bot")
	if err != nil {
		panic(err)
	}
	return httptest.NewServer(sb), keys
}

// desk is a person who runs tw-auth and has a browser.
type desk struct {
	*testing.T
	env    map[string]string
	secret []string
}

func newDesk(t *testing.T, faults ...string) *desk {
	web, keys := serve(faults...)
	t.Cleanup(web.Close)
	return &desk{t, map[string]string{"HOME": t.TempDir(), "TW_API_BASE": web.URL + "/",
		"TW_CONSUMER_KEY": keys.ConsumerKey, "TW_CONSUMER_SECRET": keys.ConsumerSecret,
		"TW_CLIENT_ID": keys.ClientID, "TW_CLIENT_SECRET": keys.ClientSecret},
		[]string{keys.ConsumerSecret, keys.ClientSecret}}
}

var address = regexp.MustCompile(`https?://\S+`)

// run runs tw-auth. When it has printed an address, answer opens it as newton and returns what to type.
func (d *desk) run(answer func(page string) string, args ...string) (code int, stderr string) {
	d.Helper()
	in, typed := io.Pipe()
	out, said := io.Pipe()
	var heard strings.Builder
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			heard.WriteString(lines.Text() + "\n")
			if page := address.FindString(lines.Text()); answer != nil && page != "" && strings.Contains(lines.Text(), "open ") {
				go io.WriteString(typed, answer(page+"&as=newton")+"\n")
			}
		}
	}()
	code = tool.Run(d.Context(), program(), args, in, io.Discard, said, func(name string) string { return d.env[name] })
	said.Close()
	<-done
	for _, s := range d.secret {
		if strings.Contains(heard.String(), s) {
			d.Errorf("a secret was printed: %s", heard.String())
		}
	}
	return code, heard.String()
}

// browse opens a page, follows no redirect, and returns the page and where it leads.
func (d *desk) browse(page string) (body, location string) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(page)
	if err != nil {
		d.Error(err)
		return "", ""
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	return string(data), resp.Header.Get("Location")
}

// byPIN opens the page and types the number that it shows.
func (d *desk) byPIN(page string) string {
	body, _ := d.browse(page)
	return regexp.MustCompile(`\d{7}`).FindString(body)
}

// kept loads the file that was written.
func (d *desk) kept(account string) *credential.Keys {
	d.Helper()
	k, err := credential.Load(filepath.Join(d.env["HOME"], ".config", "horsepipe", "x-"+account+".json"))
	if err != nil {
		d.Fatal(err)
	}
	return k
}

func TestLoginByPIN(t *testing.T) {
	d := newDesk(t)
	d.env[ledger.Variable] = filepath.Join(d.env["HOME"], "cost.jsonl")
	code, stderr := d.run(d.byPIN)
	if cost, err := os.ReadFile(d.env[ledger.Variable]); err != nil || !strings.Contains(string(cost), `"users_read":1,"posted":0,"cost":0.01}`) {
		t.Errorf("written down: %s, %v", cost, err)
	}
	if k := d.kept("newton"); code != 0 || k.Method() != credential.OAuth1 || k.Account != "newton" || k.UserID == "" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	if !strings.Contains(stderr, "tw-auth: the keys of @newton are in ") {
		t.Errorf("stderr: %s", stderr)
	}
	delete(d.env, "TW_CONSUMER_KEY")
	delete(d.env, "TW_CONSUMER_SECRET")
	if code, stderr := d.run(nil, "--check"); code != 0 || !strings.HasPrefix(stderr, "tw-auth: accounts read: 1,") || strings.Count(stderr, "\n") > 1 {
		t.Errorf("check: code %d, %s", code, stderr)
	}
}

func TestLoginByPaste(t *testing.T) {
	d := newDesk(t)
	code, stderr := d.run(func(page string) string {
		_, location := d.browse(page)
		return location
	}, "--pkce", "--paste")
	if k := d.kept("newton"); code != 0 || k.Method() != credential.OAuth2 || k.RefreshToken.Empty() {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	if code, _ := d.run(nil, "--check", "--as", "newton"); code != 0 {
		t.Errorf("check: code %d", code)
	}
}

func TestLoginByLoopback(t *testing.T) {
	d := newDesk(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	redirect := "http://" + l.Addr().String() + "/callback"
	l.Close()
	code, stderr := d.run(func(page string) string {
		_, location := d.browse(page)
		resp, err := http.Get(location)
		if err != nil {
			t.Error(err)
			return ""
		}
		resp.Body.Close()
		return ""
	}, "--pkce", "--redirect", redirect)
	if k := d.kept("newton"); code != 0 || k.Account != "newton" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
}

// TestLoginAtABusyPort has another program at the address: nobody is sent there.
func TestLoginAtABusyPort(t *testing.T) {
	d := newDesk(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	code, stderr := d.run(func(string) string { t.Error("a person was asked"); return "" },
		"--pkce", "--redirect", "http://"+l.Addr().String()+"/callback")
	if code != 4 || !strings.Contains(stderr, "cannot wait for the browser at "+l.Addr().String()) {
		t.Errorf("code %d, %s", code, stderr)
	}
}

func TestLoginFails(t *testing.T) {
	tests := []struct {
		name   string
		set    func(env map[string]string)
		answer func(*desk, string) string
		args   []string
		code   int
		says   string
	}{
		{name: "wrong app", code: 4, says: "error: the app's keys are refused (401)", set: func(e map[string]string) { e["TW_CONSUMER_SECRET"] = "wrong" }},
		{name: "no app", code: 4, says: "TW_CONSUMER_KEY and TW_CONSUMER_SECRET are needed", set: func(e map[string]string) { delete(e, "TW_CONSUMER_KEY") }},
		{name: "wrong PIN", code: 4, says: "error: the PIN is refused (401)", answer: func(*desk, string) string { return "1234567" }},
		{name: "nothing typed", code: 1, says: "tw-auth: error: nothing was typed\n", answer: func(*desk, string) string { return "" }},
		{name: "no", code: 4, args: []string{"--pkce", "--paste"}, says: `X says no: "access_denied"`, answer: func(d *desk, page string) string {
			_, location := d.browse(page + "&deny")
			return location
		}},
		{name: "usage", args: []string{"--paste"}, code: 2, says: "go with --pkce"},
		{name: "usage of an address", args: []string{"--redirect", "http://127.0.0.1:8723/"}, code: 2, says: "go with --pkce"},
		{name: "argument", args: []string{"newton"}, code: 2, says: "unexpected argument newton"},
		{name: "odd account", args: []string{"--as", "../etc"}, code: 2, says: "not an account of X"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			if tt.set != nil {
				tt.set(d.env)
			}
			code, stderr := d.run(func(page string) string { return tt.answer(d, page) }, tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.says) {
				t.Errorf("code %d, %s", code, stderr)
			}
			if files, _ := filepath.Glob(filepath.Join(d.env["HOME"], ".config", "*", "*")); len(files) > 0 {
				t.Errorf("left: %v", files)
			}
		})
	}
}

// TestLoginWithoutInput has nobody to type, as under cron.
func TestLoginWithoutInput(t *testing.T) {
	d := newDesk(t)
	var stderr strings.Builder
	code := tool.Run(t.Context(), program(), nil, strings.NewReader(""), io.Discard, &stderr, func(name string) string { return d.env[name] })
	if _, last, _ := strings.Cut(stderr.String(), "then type the PIN:\n"); code != 1 || last != "tw-auth: error: nothing was typed\n" {
		t.Errorf("code %d, %s", code, stderr.String())
	}
}

// TestLoginIsKept has an X that does not say whose the keys are: with OAuth 1.0a it gave the name along
// with the token, with OAuth 2.0 it did not.
func TestLoginIsKept(t *testing.T) {
	d := newDesk(t, "GET /2/users/me:402")
	code, stderr := d.run(d.byPIN)
	if k := d.kept("newton"); code != 0 || k.Account != "newton" || k.UserID == "" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	for _, says := range []string{"tw-auth: the keys of @newton are in ", "tw-auth: warning: what the keys may do is not known: ", "out of credit"} {
		if !strings.Contains(stderr, says) {
			t.Errorf("no %q in %s", says, stderr)
		}
	}
	d = newDesk(t, "GET /2/users/me:402")
	code, stderr = d.run(func(page string) string {
		_, location := d.browse(page)
		return location
	}, "--pkce", "--paste")
	if k := d.kept("unnamed"); code != 0 || k.Account != "" || k.Method() != credential.OAuth2 {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	if !strings.Contains(stderr, "x-unnamed.json") || !strings.Contains(stderr, "hint: X did not say whose they are") {
		t.Errorf("stderr: %s", stderr)
	}
}

// TestLoginUnderAStrangeName has an X that gives the account a name leading out of the folder, in which is
// a character that a terminal obeys.
func TestLoginUnderAStrangeName(t *testing.T) {
	d := newDesk(t)
	x, err := url.Parse(d.env["TW_API_BASE"])
	if err != nil {
		t.Fatal(err)
	}
	front := httputil.NewSingleHostReverseProxy(x)
	strange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2/users/me" {
			io.WriteString(w, `{"data":{"id":"42","username":"/../../newton\u009b"}}`)
			return
		}
		front.ServeHTTP(w, r)
	}))
	defer strange.Close()
	d.env["TW_API_BASE"] = strange.URL
	code, stderr := d.run(d.byPIN)
	if k := d.kept("unnamed"); code != 0 || k.Account != "" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	var out strings.Builder
	code = tool.Run(t.Context(), program(), []string{"--check", "--as", "unnamed"}, nil, &out, io.Discard, func(name string) string { return d.env[name] })
	if code != 0 || !strings.HasPrefix(out.String(), `{"account":"/../../newton\u009b",`) {
		t.Errorf("code %d, %q", code, out.String())
	}
}

// TestLoginIntoAFile names the file; other programs read it whatever its name.
func TestLoginIntoAFile(t *testing.T) {
	d := newDesk(t)
	keys := filepath.Join(d.env["HOME"], "keys")
	if err := os.WriteFile(keys, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d.env["TW_CREDENTIALS"] = keys
	code, stderr := d.run(d.byPIN)
	if k, err := credential.Load(keys); code != 0 || err != nil || k.Account != "newton" {
		t.Errorf("code %d, %s, keys %v, %v", code, stderr, k, err)
	}
}

// TestLoginIsNotBegun has nowhere to keep the keys: no page is opened.
func TestLoginIsNotBegun(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(d.env["HOME"], "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.env["TW_CREDENTIALS"] = filepath.Join(file, "folder")
	code, stderr := d.run(func(string) string { t.Error("a person was asked"); return "" })
	if code != 4 || !strings.Contains(stderr, "not a directory") {
		t.Errorf("code %d, %s", code, stderr)
	}
}

// TestLoginIsNotKept has a file that cannot be written any more once the login has begun: asking X whose
// the keys are has cost money all the same.
func TestLoginIsNotKept(t *testing.T) {
	d := newDesk(t)
	d.env[ledger.Variable] = filepath.Join(d.env["HOME"], "cost.jsonl")
	code, stderr := d.run(func(page string) string {
		if err := os.MkdirAll(filepath.Join(d.env["HOME"], ".config", "horsepipe", "x-newton.json", "folder"), 0o700); err != nil {
			t.Error(err)
		}
		return d.byPIN(page)
	})
	if code != 4 || !strings.Contains(stderr, "error: credentials cannot be written: open ") || !strings.Contains(stderr, "hint: the keys that X gave are lost: run tw-auth to log in again\n") {
		t.Errorf("code %d, %s", code, stderr)
	}
	if cost, err := os.ReadFile(d.env[ledger.Variable]); err != nil || !strings.Contains(string(cost), `"users_read":1,"posted":0,"cost":0.01}`) {
		t.Errorf("written down: %s, %v", cost, err)
	}
}

func TestLoginWithoutAsking(t *testing.T) {
	d := newDesk(t, "GET /2/users/me:402")
	code, stderr := d.run(d.byPIN, "--as", "@Newton")
	if k := d.kept("newton"); code != 0 || k.Account != "Newton" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
	info, err := os.Stat(filepath.Join(d.env["HOME"], ".config", "horsepipe", "x-newton.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

// The account that is logged in to the browser may not be the one that is meant.
func TestLoginAsAnother(t *testing.T) {
	d := newDesk(t)
	code, stderr := d.run(d.byPIN, "--as", "my_ebooks")
	if code != tool.Refused || !strings.Contains(stderr, "tw-auth: error: it was @newton who allowed the app, not @my_ebooks") {
		t.Errorf("code %d, %s", code, stderr)
	}
	if files, err := filepath.Glob(filepath.Join(d.env["HOME"], ".config", "horsepipe", "*")); err != nil || len(files) > 0 {
		t.Errorf("kept: %v, %v", files, err)
	}
}

// OAuth 2.0 does not tell whose the keys are: --as does.
func TestLoginByPasteWithoutAsking(t *testing.T) {
	d := newDesk(t, "GET /2/users/me:402")
	code, stderr := d.run(func(page string) string {
		_, location := d.browse(page)
		return location
	}, "--pkce", "--paste", "--as", "newton")
	if k := d.kept("newton"); code != 0 || k.Method() != credential.OAuth2 || k.Account != "newton" {
		t.Errorf("code %d, %s, keys %v", code, stderr, k)
	}
}

// Keys that may only read are told from those that may post, at the login and later.
func TestReadOnly(t *testing.T) {
	d := newDesk(t)
	x, err := url.Parse(d.env["TW_API_BASE"])
	if err != nil {
		t.Fatal(err)
	}
	front := httputil.NewSingleHostReverseProxy(x)
	front.ModifyResponse = func(r *http.Response) error {
		r.Header.Set("X-Access-Level", "read")
		return nil
	}
	web := httptest.NewServer(front)
	defer web.Close()
	d.env["TW_API_BASE"] = web.URL
	for _, args := range [][]string{nil, {"--check", "--as", "newton"}} {
		code, stderr := d.run(d.byPIN, args...)
		if code != 0 || !strings.Contains(stderr, "warning: these keys may read and not post\ntw-auth: hint: give the app Read and Write") {
			t.Errorf("%v: code %d, %s", args, code, stderr)
		}
	}
}

// TestCheckBlames has an X that says by itself what is wrong, and one whose words fit another status.
func TestCheckBlames(t *testing.T) {
	for _, c := range []struct {
		status     int
		body, hint string
	}{
		{401, `{"errors":[{"code":416,"message":"Invalid / suspended application"}]}`, "console.x.com: they say what has to be done"},
		{403, `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`, "the bearer token is wrong or was revoked"},
	} {
		x := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		}))
		d := newDesk(t)
		d.env["TW_API_BASE"], d.env["TW_BEARER_TOKEN"] = x.URL, "kanarienvogel"
		if code, stderr := d.run(nil, "--check"); code != 4 || !strings.Contains(stderr, c.hint) {
			t.Errorf("%s: code %d, %s", c.body, code, stderr)
		}
		x.Close()
	}
}

func TestLoginInterrupted(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	env := func(name string) string { return d.env[name] }
	if code := tool.Run(ctx, program(), []string{"--pkce", "--redirect", "http://127.0.0.1:0/"}, strings.NewReader(""), io.Discard, io.Discard, env); code == 0 {
		t.Error("a login that was interrupted went well")
	}
}

// cancels is a standard error that stops the run when it asks something.
type cancels struct {
	strings.Builder
	stop context.CancelFunc
}

func (c *cancels) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("then type")) {
		c.stop()
	}
	return c.Builder.Write(p)
}

func TestLoginStoppedAtAQuestion(t *testing.T) {
	d := newDesk(t)
	for _, args := range [][]string{nil, {"--pkce", "--paste"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		defer w.Close()
		defer time.AfterFunc(5*time.Second, func() { w.Close() }).Stop()
		ctx, cancel := context.WithCancel(t.Context())
		said := &cancels{stop: cancel}
		env := func(name string) string { return d.env[name] }
		if code := tool.Run(ctx, program(), args, r, io.Discard, said, env); code == 0 || !strings.Contains(said.String(), "context canceled") {
			t.Errorf("code %d, %s", code, said.String())
		}
	}
}
