package sandbox

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/post"
)

// serve is a sandbox without a listener.
func serve(t testing.TB) *Server {
	s, err := New(Options{Now: func() time.Time { return began }, Secret: []byte("test"), V1: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a request with an app's token, or, for other methods than GET, signed.
func ask(s *Server, method, target, body string) (*httptest.ResponseRecorder, error) {
	u, err := url.Parse("http://sandbox" + target)
	if err != nil {
		return nil, err
	}
	r := httptest.NewRequest(method, "http://sandbox/", strings.NewReader(body))
	r.URL, r.Host = u, "sandbox"
	k, err := s.Keys("newton")
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+k.BearerToken)
	if method != "GET" {
		r.Header.Set("Authorization", authorization(r, k, began, "nonce"))
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w, nil
}

// Any query is answered with a page or with a problem.
func FuzzQuery(f *testing.F) {
	s := serve(f)
	var posts []*post.Post
	for i := range 30 {
		posts = append(posts, &post.Post{Text: fmt.Sprint("post ", i)})
	}
	if _, err := s.Seed("newton", posts); err != nil {
		f.Fatal(err)
	}
	path := "/2/users/" + itoa(s.store.named("newton").id) + "/tweets?"
	for _, q := range []string{
		"", "max_results=5", "max_results=5&since_id=3&until_id=9", "exclude=replies,retweets", "pagination_token=" + token{id: 9}.String(),
		"tweet.fields=note_tweet,entities&expansions=author_id", "post.fields=text", "start_time=2015-01-01T00:05:00Z", "a=%zz", "a;b", "&&=",
		"end_time=2015-01-01T00:05:00Z&max_results=100", "until_id=0", "since_id=9999999999999999999",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		w, err := ask(s, "GET", path+query, "")
		if err != nil || w.Code == http.StatusTooManyRequests {
			s.Advance(quarter)
			return
		}
		var answer struct {
			Data []struct{ ID string }
			Meta struct {
				Count int `json:"result_count"`
			}
			Title string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%q: %v in %s", query, err, w.Body)
		}
		if w.Code == 200 && answer.Meta.Count != len(answer.Data) || w.Code == 400 && answer.Title != "Invalid Request" ||
			w.Code != 200 && w.Code != 400 {
			t.Errorf("%q: got %d %s", query, w.Code, w.Body)
		}
	})
}

// Any body makes a post that can be read, or is refused.
func FuzzCreate(f *testing.F) {
	for _, body := range []string{
		`{"text":"a"}`, `{"text":"a @b #c $d https://e.example/ f.com"}`, `{"text":"\u0000\ud800"}`, `{"text":"a","reply":{"in_reply_to_tweet_id":"7"}}`,
		`{"text":"a","media":{"media_ids":["1"]}}`, `{"text":"a","poll":{"options":["a","b"],"duration_minutes":5}}`, `[]`, `{"text":"…"`,
		`{"text":"&lt;&amp;amp; ＠x ＃y"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := serve(t)
		w, err := ask(s, "POST", "/2/tweets", body)
		if err != nil {
			t.Fatal(err)
		}
		switch w.Code {
		case 201:
			w, _ := ask(s, "GET", "/2/tweets?tweet.fields=entities&ids="+itoa(s.store.last), "")
			if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%q: reads as %d %s", body, w.Code, w.Body)
			}
		case 400, 403:
		default:
			t.Errorf("%q: got %d %s", body, w.Code, w.Body)
		}
	})
}

// Walking a timeline in pages of any size gives what a look at all posts gives.
func TestPagesProperty(t *testing.T) {
	s := serve(t)
	var all []*post.Post
	for i := range 60 {
		p := &post.Post{ID: fmt.Sprint(1000 + 7*i), Text: fmt.Sprint("post ", i), CreatedAt: began.Add(time.Duration(i-60) * time.Minute)}
		if i%3 == 0 {
			p.ReplyTo = fmt.Sprint(1000 + i)
		}
		if i%5 == 0 {
			p.RepostOf = "1"
		}
		all = append(all, p)
	}
	if _, err := s.Seed("newton", all); err != nil {
		t.Fatal(err)
	}
	path := "/2/users/" + itoa(s.store.named("newton").id) + "/tweets?"
	rapid.Check(t, func(t *rapid.T) {
		since, until := rapid.IntRange(990, 1430).Draw(t, "since"), rapid.IntRange(990, 1430).Draw(t, "until")
		exclude := rapid.SampledFrom([]string{"", "replies", "retweets", "replies,retweets"}).Draw(t, "exclude")
		q := url.Values{"max_results": {fmt.Sprint(rapid.IntRange(5, 100).Draw(t, "size"))}}
		q.Set("since_id", fmt.Sprint(since))
		q.Set("until_id", fmt.Sprint(until))
		if exclude != "" {
			q.Set("exclude", exclude)
		}
		var want []string
		for _, p := range slices.Backward(all) {
			var id int
			fmt.Sscan(p.ID, &id)
			if id > since && id < until && (p.ReplyTo == "" || !strings.Contains(exclude, "replies")) && (p.RepostOf == "" || !strings.Contains(exclude, "retweets")) {
				want = append(want, p.ID)
			}
		}
		if got := walkAll(t, s, path, q); !slices.Equal(got, want) {
			t.Errorf("%v: got %v, want %v", q, got, want)
		}
	})
}

func walkAll(t *rapid.T, s *Server, path string, q url.Values) (ids []string) {
	for {
		w, err := ask(s, "GET", path+q.Encode(), "")
		if err != nil || w.Code != 200 && w.Code != 429 {
			t.Fatal(w, err)
		}
		if w.Code == 429 {
			s.Advance(quarter)
			continue
		}
		var p struct {
			Data []struct{ ID string }
			Meta struct {
				Next string `json:"next_token"`
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		for _, one := range p.Data {
			ids = append(ids, one.ID)
		}
		if p.Meta.Next == "" {
			return ids
		}
		q.Set("pagination_token", p.Meta.Next)
	}
}

// What X shows, with its links led back and its escapes undone, is the text.
func TestPiecesProperty(t *testing.T) {
	parts := []string{"a", "été", " ", "\n", "&", "<b>", "&amp;", "@newton", "@a_very_long_name_indeed", "#tag", "#1", "$ABC", "$5",
		"https://example.com/a?b=1&c", "end.So", "example.com", "t.co/x", "https://t.co/abcdefghij", "日本", "👩‍🚀", "RT @x: ", ".", "@", "#"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "parts"), "")
		shown, marks := show(pieces(s, "salt"))
		runes := []rune(shown)
		back, at := "", 0
		for _, m := range marks {
			back += html.UnescapeString(string(runes[at:m.start]))
			at = m.end
			if got := html.UnescapeString(string(runes[m.start:m.end])); got != m.text {
				t.Fatalf("%q: at %d to %d is %q, not %q", shown, m.start, m.end, got, m.text)
			}
			back += original(m)
		}
		back += html.UnescapeString(string(runes[at:]))
		if strings.ReplaceAll(back, "http://", "") != strings.ReplaceAll(s, "http://", "") {
			t.Fatalf("got %q back from %q", back, s)
		}
	})
}

// original is what a piece stands for: of a link, where it leads, with the
// scheme that X adds to a bare domain.
func original(m placed) string {
	if m.kind == link {
		return m.what
	}
	return m.text
}
