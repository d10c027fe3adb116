package sandbox

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/post"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// target is an address for an endpoint, with an id that nobody has.
func target(e *endpoint) (method, path string) {
	method, path, _ = strings.Cut(e.name, " ")
	return method, strings.NewReplacer("{id}", "99", "{username}", "newton").Replace(path)
}

// Every endpoint holds to its table: credentials, kinds of token, scopes, limits.
func TestEveryEndpoint(t *testing.T) {
	b := start(t, func(o *Options) { o.V1 = true })
	must(b.Keys("newton"))(t)
	noScopes := "a token without scopes"
	b.Server.keys.bearers[noScopes] = &grant{app: b.store.named("newton").app, user: b.store.named("newton")}
	for _, e := range b.endpoints() {
		if e.auth == 0 {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			method, path := target(e)
			send := func(c *http.Client) reply {
				return b.do(c, request(method, b.http.URL+path, "application/json", "{}"))
			}
			send(http.DefaultClient).want(t, 401)
			send(withToken("wrong")).want(t, 401)
			if got := send(b.appOf("newton")).status; (got == 403) != (e.auth&appOnly == 0) {
				t.Errorf("app: got %d", got)
			}
			send(withToken(noScopes)).want(t, 403)
			r := send(b.signedBy("newton"))
			if r.status == 401 || r.status == 403 && e.scopes != nil {
				t.Errorf("signed: got %d %s", r.status, r.body)
			}
			limit := b.rates.limits[e.name]
			if e.name == "DELETE /2/tweets/{id}" && len(limit) != 1 || len(limit) > 0 && r.header.Get("X-Rate-Limit-Limit") != fmt.Sprint(limit[0].User) {
				t.Errorf("limit: got %q, want %v", r.header.Get("X-Rate-Limit-Limit"), limit)
			}
			if got := r.header.Get("Date"); got != began.Format(http.TimeFormat) {
				t.Errorf("date: got %s", got)
			}
		})
	}
}

// Every fault on every endpoint ends in an answer or in a broken connection.
func TestEveryFault(t *testing.T) {
	b := start(t, func(o *Options) { o.V1 = true })
	b.seed(`{"id":"99","text":"one"}`)
	client := b.signedBy("newton")
	for _, k := range faultKinds {
		if k.name == "time-out" || k.name == "slow-answer" {
			continue // they cost a client's patience: see TestRoad
		}
		fault := strings.Replace(k.name, "slow", "slow=1ms", 1)
		for _, e := range b.endpoints() {
			method, path := target(e)
			body := strings.NewReader(`{"text":"` + k.name + ` at ` + e.name + `"}`)
			r := must(http.NewRequest(method, b.http.URL+path, body))(t)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(faultHeader, fault)
			res, err := client.Do(r)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			breaks := slices.Contains([]string{"lost-answer", "drop", "cut"}, k.name)
			if err != nil && !breaks {
				t.Errorf("%s at %s: %v", k.name, e.name, err)
			}
		}
		b.Advance(quarter)
	}
	b.get(b.signedBy("newton"), "/2/users/me").want(t, 200)
}

// What a state file holds is what was there, whatever was done before.
func TestStateProperty(t *testing.T) {
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		path := filepath.Join(dir, fmt.Sprint(round))
		open := func() *Server {
			s, err := New(Options{Now: func() time.Time { return began }, Secret: []byte("x"), State: path})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := open()
		who, err := s.store.account("newton")
		if err != nil {
			t.Fatal(err)
		}
		c := &call{Server: s, who: caller{user: who, app: who.app}}
		for _, step := range rapid.SliceOfN(rapid.SampledFrom([]string{"post", "answer", "delete", "restart"}), 1, 12).Draw(t, "steps") {
			last := len(who.posts) - 1
			switch {
			case step == "restart":
				before := texts(s)
				s.Close()
				s = open()
				if after := texts(s); !slices.Equal(before, after) {
					t.Fatalf("before %q, after %q", before, after)
				}
				who, _ = s.store.account("newton")
				c = &call{Server: s, who: caller{user: who, app: who.app}}
			case step == "delete" && last >= 0:
				if err := s.keepDeleted(who.posts[last], began); err != nil {
					t.Fatal(err)
				}
				s.store.remove(who.posts[last])
			default:
				d := &draft{text: rapid.StringN(1, 20, -1).Draw(t, "text")}
				if step == "answer" && last >= 0 {
					d.replyTo = who.posts[0]
				}
				if _, err := c.publish(d); err != nil {
					t.Fatal(err)
				}
			}
		}
		s.Close()
		os.Remove(path)
	})
}

// texts is every post of a server, as it would be written.
func texts(s *Server) (out []string) {
	for _, p := range s.Posts("") {
		out = append(out, string(p.AppendJSON(nil)))
	}
	return out
}

// Seeds of any shape get ids that nobody else has, in the order of their dates.
func TestSeedProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStore(func(*account) {})
		var list []*post.Post
		n := rapid.IntRange(0, 20).Draw(t, "posts")
		id := rapid.SampledFrom([]string{"", "1", "2", "x", "y", "0", "1212092628029698048", "99999999999999999999"})
		for i := range n {
			p := &post.Post{ID: id.Draw(t, "id"), Text: fmt.Sprint("RT @b: ", i), ReplyTo: id.Draw(t, "reply"), RepostOf: id.Draw(t, "repost")}
			if rapid.Bool().Draw(t, "dated") {
				p.CreatedAt = began.Add(-time.Duration(rapid.IntRange(0, 3).Draw(t, "age")) * time.Hour)
			}
			list = append(list, p)
		}
		added, err := s.seed("a", list)
		if err != nil || added > n {
			t.Fatal(added, err)
		}
		all := s.all()
		if len(all) < added || len(s.byUser) != len(s.byName) {
			t.Fatalf("%d posts of %d", len(all), added)
		}
		for i, st := range all {
			if st.id == 0 || st.at.IsZero() || st.author == nil || i > 0 && st.id <= all[i-1].id {
				t.Fatalf("post %d: %+v", i, st)
			}
			if st.replyTo != 0 && st.replyWho == nil || st.repostOf != 0 && s.byID[st.repostOf] == nil {
				t.Fatalf("post %d refers to nobody: %+v", i, st)
			}
		}
	})
}
