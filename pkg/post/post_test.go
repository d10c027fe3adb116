package post

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// shapes are records of every accepted kind, and what is read from them.
var shapes = []struct {
	name, line string
	want       []string // as they are written again
}{
	{"text", `{"text":"a"}`, []string{`{"text":"a"}`}},
	{"native", `{"network":"x","quote_of":"3","repost_of":"2","reply_to":"1","url":"u","lang":"fr","author":"me",` +
		`"created_at":"2021-03-21T19:07:34.5+01:00","text":"a &amp; b","id":"9","raw":{"a": [1]}}`,
		[]string{`{"id":"9","text":"a &amp; b","created_at":"2021-03-21T18:07:34.5Z","author":"me","lang":"fr","url":"u",` +
			`"reply_to":"1","repost_of":"2","quote_of":"3","network":"x","raw":{"a": [1]}}`}},
	{"native with a stranger's names", `{"text":"a","author":"me","language":"French","entities":5,"full_text":"b"}`,
		[]string{`{"text":"a","author":"me","language":"French","entities":5,"full_text":"b"}`}},
	{"unknown fields", `{"z": 1.50, "t\u0065xt":"a","\u0061":{"b" : "<&>"},"n":null}`,
		[]string{`{"text":"a","z":1.50,"\u0061":{"b" : "<&>"},"n":null}`}},
	{"controls that a terminal obeys and JSON allows", "{\"text\":\"\x7f\u0080\u009b31m\u009f\u00a0é\",\"author\":\"\\u009b\"}",
		[]string{`{"text":"\u007f\u0080\u009b31m\u009f` + "\u00a0é" + `","author":"\u009b"}`}},
	{"the same in fields that no one knows", "{\"text\":\"a\",\"raw\":{\"é\":\"\u009f\u00a0\"},\"x\u0080\":[\"\x7f\",\"\u009b31m\"]}",
		[]string{`{"text":"a","raw":{"é":"\u009f` + "\u00a0" + `"},"x\u0080":["\u007f","\u009b31m"]}`}},
	{"escapes", `{"text":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d\u0000\u000f\u001f<é>"}`,
		[]string{`{"text":"\"\\/\u0008\u000c\n\r\té😀` + "\uFFFD" + `\u0000\u000f\u001f<é>"}`}},
	{"id as a number", `{"id":9007199254740993,"text":"a"}`, []string{`{"id":"9007199254740993","text":"a"}`}},
	{"unreadable date", `{"created_at":"yesterday","text":"a"}`, []string{`{"text":"a","created_at":"yesterday"}`}},
	{"odd types", `{"id":1.5,"lang":["en"],"url":null,"text":"a"}`, []string{`{"text":"a","id":1.5,"lang":["en"],"url":null}`}},
	{"doubled", `{"text":"a","text":"b","x":1,"x":2}`, []string{`{"text":"b","x":1,"x":2}`}},
	{"doubled, then empty", `{"text":"a","text":""}`, []string{`{"text":""}`}},
	{"half a pair and what looks like the other", `{"text":"\ud83dxxde00 \ud83d\nde00"}`, []string{`{"text":"` + "\uFFFD" + `xxde00 ` + "\uFFFD" + `\nde00"}`}},
	{"user name", `{"text":"a","user":"me"}`, []string{`{"text":"a","author":"me"}`}},
	{"user object", `{"text":"a","user":{"username":"me"}}`, []string{`{"text":"a","author":"me"}`}},
	{"repost flag", `{"text":"a","retweet":true}`, []string{`{"text":"a","repost":true}`}},
	{"no repost", `{"text":"a","retweet":false}`, []string{`{"text":"a","retweet":false}`}},
	{"X v1.1", `{"id":1,"id_str":"1","full_text":"a &amp; &lt;b&gt; https://t.co/x1, https://t.co/x https://t.co/p",` +
		`"created_at":"Fri Nov 16 03:26:13 +0000 2012","user":{"id":7,"screen_name":"me"},"lang":"en","truncated":false,"display_text_range":[0,3],` +
		`"in_reply_to_status_id":5,"in_reply_to_status_id_str":"5","entities":{"urls":[{"url":"https://t.co/x","expanded_url":` +
		`"https://example.org/?a=1&b=2"},{"url":"https://t.co/x1","expanded_url":"https://example.org/1"}]},` +
		`"extended_entities":{"media":[{"url":"https://t.co/p","expanded_url":"https://x.com/me/status/1/photo/1"}]},"source":"s"}`,
		[]string{`{"id":"1","text":"a & <b> https://example.org/1, https://example.org/?a=1&b=2","created_at":"2012-11-16T03:26:13Z",` +
			`"author":"me","lang":"en","reply_to":"5","network":"x","source":"s"}`}},
	{"picture only", `{"id_str":"1","full_text":"https://t.co/p","entities":{"media":[{"url":"https://t.co/p"}]}}`,
		[]string{`{"id":"1","text":"","network":"x"}`}},
	{"X v1.1 extended", `{"id_str":"1","text":"cut…","extended_tweet":{"full_text":"whole https://t.co/x","entities":{"urls":` +
		`[{"url":"https://t.co/x","expanded_url":"https://example.org"}]}}}`,
		[]string{`{"id":"1","text":"whole https://example.org","network":"x"}`}},
	{"X v1.1 repost", `{"id_str":"2","text":"RT @you: one &amp;…","retweeted_status":{"id_str":"1","full_text":"one &amp; all"}}`,
		[]string{`{"id":"2","text":"RT @you: one & all","repost_of":"1","network":"x"}`}},
	{"X v1.1 repost of another form", `{"id_str":"2","text":"see: one…","retweeted_status":{"id_str":"1","full_text":"one, all"}}`,
		[]string{`{"id":"2","text":"one, all","repost_of":"1","network":"x"}`}},
	{"X v1.1 repost without a name", `{"id_str":"2","text":"RT @you said: one…","retweeted_status":{"id_str":"1","full_text":"one, all"}}`,
		[]string{`{"id":"2","text":"one, all","repost_of":"1","network":"x"}`}},
	{"X v1.1 quote", `{"id_str":"1","full_text":"a","quoted_status_id":3,"quoted_status_id_str":"3"}`,
		[]string{`{"id":"1","text":"a","quote_of":"3","network":"x"}`}},
	{"X v1.1 with ids as numbers only", `{"id":1,"full_text":"a","quoted_status_id":3,"in_reply_to_status_id":5}`,
		[]string{`{"id":"1","text":"a","reply_to":"5","quote_of":"3","network":"x"}`}},
	{"X v1.1 extended, with a picture", `{"id_str":"1","text":"cut…","extended_tweet":{"full_text":"whole\nhttps://t.co/p","extended_entities":{"media":` +
		`[{"url":"https://t.co/p"}]}}}`, []string{`{"id":"1","text":"whole","network":"x"}`}},
	{"X with odd entities", `{"id_str":"1","full_text":"R&D &eacute; https://t.co/z https://t.co/y","entities":{"urls":[5,{"expanded_url":"https://example.org"},` +
		`{"url":"https://t.co/y"}],"media":{"url":"https://t.co/z"}},"user":[1],"author":""}`,
		[]string{`{"id":"1","text":"R&D &eacute; https://t.co/z https://t.co/y","network":"x","user":[1],"author":""}`}},
	{"X with odd references", `{"id":"1","text":"a","referenced_tweets":{"type":"quoted","id":"6"},"author_id":"7"}`,
		[]string{`{"id":"1","text":"a","author":"7","network":"x","referenced_tweets":{"type":"quoted","id":"6"}}`}},
	{"X with an odd reference", `{"id":"1","text":"a","referenced_tweets":[5,{"type":"quoted","id":"6"}]}`,
		[]string{`{"id":"1","text":"a","quote_of":"6","network":"x"}`}},
	{"X by its history", `{"id":"1","text":"a &amp; b","edit_history_tweet_ids":["1"]}`,
		[]string{`{"id":"1","text":"a & b","network":"x","edit_history_tweet_ids":["1"]}`}},
	{"X by its history, 2026", `{"id":"1","text":"&lt;3 b","edit_history_post_ids":["1"]}`,
		[]string{`{"id":"1","text":"<3 b","network":"x","edit_history_post_ids":["1"]}`}},
	{"X v2", `{"id":"1","text":"cut…","author_id":"7","edit_history_tweet_ids":["1"],"note_tweet":{"text":"whole"},` +
		`"created_at":"2021-03-21T18:07:34.000Z","referenced_tweets":[{"type":"replied_to","id":"5"},{"type":"quoted","id":"6"}]}`,
		[]string{`{"id":"1","text":"whole","created_at":"2021-03-21T18:07:34Z","author":"7","reply_to":"5","quote_of":"6",` +
			`"network":"x","edit_history_tweet_ids":["1"]}`}},
	{"X v2, 2026", `{"id":"1","text":"cut","note_post":{"text":"a https://t.co/x","entities":{"urls":[{"url":"https://t.co/x",` +
		`"expanded_url":"https://x.com/i/1","display_url":"pic.x.com/1"}]}},"referenced_posts":[{"type":"reposted","id":"5"}]}`,
		[]string{`{"id":"1","text":"a","repost_of":"5","network":"x"}`}},
	{"page", `{"data":[{"id":"2","text":"RT @you: cut…","author_id":"7","referenced_tweets":[{"type":"retweeted","id":"1"}]},` +
		`{"id":"3","text":"a &gt; b","z":1}],"includes":{"users":[{"id":"7","username":"me"}],"tweets":[{"id":"1","text":"not cut",` +
		`"note_tweet":{"text":"whole"}}]},"meta":{"result_count":2},"__twarc":{}}`,
		[]string{`{"id":"2","text":"RT @you: whole","author":"me","repost_of":"1","network":"x"}`, `{"id":"3","text":"a > b","network":"x","z":1}`}},
	{"page, 2026", `{"data":[{"id":"2","text":"RT @you: cut…","referenced_posts":[{"type":"reposted","id":"1"}]}],"includes":{"posts":[{"id":"1","text":"whole"}]}}`,
		[]string{`{"id":"2","text":"RT @you: whole","repost_of":"1","network":"x"}`}},
	{"page with odd includes", `{"data":[{"id":"3","text":"a","author_id":"7"}],"includes":{"users":[5],"tweets":{"id":"1"}}}`,
		[]string{`{"id":"3","text":"a","author":"7","network":"x"}`}},
	{"page of twarc's of none", `{"__twarc":{}}`, nil},
	{"page of one", `{"data":{"id":"3","text":"a"}}`, []string{`{"id":"3","text":"a","network":"x"}`}},
	{"page of none", `{"meta":{"result_count":0}}`, nil},
	{"flattened", `{"id":"2","text":"RT @you: cut…","author":{"id":"7","username":"me"},"author_id":"7",` +
		`"referenced_tweets":[{"type":"retweeted","id":"1","text":"whole"}]}`,
		[]string{`{"id":"2","text":"RT @you: whole","author":"me","repost_of":"1","network":"x"}`}},
	{"Mastodon", `{"id":"1","content":"<p>Hi <span>@<b>you</b></span><br/>a &lt; b</p><p>bye</p>","account":{"acct":"me@example.org"},` +
		`"language":"en","in_reply_to_id":"5","url":"https://example.org/1","created_at":"2021-03-21T18:07:34.000Z"}`,
		[]string{`{"id":"1","text":"Hi @you\na < b\n\nbye","created_at":"2021-03-21T18:07:34Z","author":"me@example.org","lang":"en",` +
			`"url":"https://example.org/1","reply_to":"5","network":"fediverse"}`}},
	{"Mastodon with a name of ours", `{"content":"a","account":{"acct":"me"},"lang":"en","repost":true,"retweet":true}`,
		[]string{`{"text":"a","author":"me","lang":"en","network":"fediverse","repost":true}`}},
	{"X with names of ours", `{"id_str":"1","full_text":"a","z":1,"url":"u","raw":{},"reply_to":5}`,
		[]string{`{"id":"1","text":"a","url":"u","reply_to":"5","network":"x","raw":{},"z":1}`}},
	{"empty is none", `{"z":1,"text":"a","author":"","lang":"","user":"me"}`, []string{`{"text":"a","author":"me","z":1,"lang":""}`}},
	{"a relative of Mastodon", `{"id":"3","content":"<h1>Why</h1><ul><li>one</li><li>two<br>or so</li></ul><blockquote>he said</blockquote>so be it"}`,
		[]string{`{"id":"3","text":"Why\n\none\ntwo\nor so\n\nhe said\n\nso be it","network":"fediverse"}`}},
	{"blocks in blocks", `{"content":"<blockquote><p>a</p><p>b</p></blockquote><p>c</p><ul><li><p>d</p></li><li>e</li></ul><p>f</p>"}`,
		[]string{`{"text":"a\n\nb\n\nc\n\nd\n\ne\n\nf","network":"fediverse"}`}},
	{"every block", `{"content":"<ol><li>a</li></ol><pre>b</pre><div>c</div><h2>d</h2><h3>e</h3><h4>f</h4><h5>g</h5><h6>h</h6>i"}`,
		[]string{`{"text":"a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng\n\nh\n\ni","network":"fediverse"}`}},
	{"a quotation", `{"content":"<p class=\"quote-inline\">RE: <a href=\"b\">b</a></p><p>a</p>"}`, []string{`{"text":"a","network":"fediverse"}`}},
	{"half a quotation", `{"content":"<p>a</p><p class=\"quote-inline\">RE: "}`, []string{`{"text":"a","network":"fediverse"}`}},
	{"half a tag", `{"content":"a <b"}`, []string{`{"text":"a <b","network":"fediverse"}`}},
	{"end of a tag", `{"content":"a > b"}`, []string{`{"text":"a > b","network":"fediverse"}`}},
	{"native with content", `{"text":"a","content":"b"}`, []string{`{"text":"a","content":"b"}`}},
	{"boost of nothing", `{"content":"a","reblog":{"id":"1"}}`, []string{`{"text":"a","repost_of":"1","network":"fediverse"}`}},
	{"boost", `{"id":"2","content":"","reblog":{"id":"1","content":"<p>a</p>"}}`,
		[]string{`{"id":"2","text":"a","repost_of":"1","network":"fediverse"}`}},
	{"an activity of another type, for followers", `{"id":"5","content":"a","type":["Note"],"to":"https://a.example/users/me/followers"}`,
		[]string{`{"id":"5","text":"a","network":"fediverse","visibility":"private","type":["Note"],"to":"https://a.example/users/me/followers"}`}},
	{"one for all", `{"id":"5","content":"a","type":"Page","cc":["as:Public"]}`,
		[]string{`{"id":"5","text":"a","network":"fediverse","type":"Page","cc":["as:Public"]}`}},
	{"Mastodon, for followers", `{"content":"a","visibility":"private","spoiler_text":"b"}`,
		[]string{`{"text":"a","network":"fediverse","visibility":"private","spoiler_text":"b"}`}},
	{"Create", `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://a.example/users/me/statuses/12/activity","type":"Create",` +
		`"actor":"https://a.example/users/me","published":"2021-03-21T18:07:34Z","to":["https:\/\/www.w3.org\/ns\/activitystreams#Public"],"cc":[],"object":` + note + `}`,
		[]string{`{"id":"12","text":"@you a < b","created_at":"2021-03-21T18:07:34Z","author":"me@a.example","lang":"en","url":"https://a.example/@me/12",` +
			`"reply_to":"11","quote_of":"https://b.example/objects/3f","network":"fediverse","type":"Note","summary":"c",` +
			`"attributedTo":"https://a.example/users/9","to":"as:Public","tag":[]}`}},
	{"a note for followers", `{"type":"Note","id":"https://a.example/objects/7f","content":"<p>a</p>","contentMap":{"en":"a","fr":"b"},"inReplyTo":{},"url":[],` +
		`"attributedTo":"https://a.example/users/me","to":["https://a.example/users/me/followers"],"published":"once"}`,
		[]string{`{"id":"https://a.example/objects/7f","text":"a","author":"me@a.example","network":"fediverse","visibility":"private","type":"Note",` +
			`"contentMap":{"en":"a","fr":"b"},"inReplyTo":{},"url":[],"attributedTo":"https://a.example/users/me",` +
			`"to":["https://a.example/users/me/followers"],"published":"once"}`}},
	{"a note for a number", `{"type":"Note","content":"a","to":5,"cc":{}}`,
		[]string{`{"text":"a","network":"fediverse","visibility":"private","type":"Note","to":5,"cc":{}}`}},
	{"a note for all in an activity for some", `{"type":"Create","to":[5,["as:Public"]],"cc":"https://a.example/users/you","object":{"content":"","cc":["Public"]}}`,
		[]string{`{"text":"","network":"fediverse","visibility":"private","cc":["Public"]}`}},
	{"a language with a region", `{"type":"Note","content":"a","to":"Public","contentMap":{"zhCn":"a"}}`,
		[]string{`{"text":"a","lang":"zh-CN","network":"fediverse","type":"Note","to":"Public"}`}},
	{"a language with a script", `{"type":"Note","content":"a","to":"Public","contentMap":{"zhHant":"a"}}`,
		[]string{`{"text":"a","lang":"zh-Hant","network":"fediverse","type":"Note","to":"Public"}`}},
	{"a language as it should be", `{"type":"Note","content":"a","to":"Public","contentMap":{"pt-BR":"a"}}`,
		[]string{`{"text":"a","lang":"pt-BR","network":"fediverse","type":"Note","to":"Public"}`}},
	{"an address of no account", `{"type":"Note","content":"a","to":"Public","attributedTo":"https://a.example/users/me?b"}`,
		[]string{`{"text":"a","network":"fediverse","type":"Note","to":"Public","attributedTo":"https://a.example/users/me?b"}`}},
	{"a question that says nothing of its readers", `{"type":"Question","id":5,"content":"a"}`,
		[]string{`{"id":"5","text":"a","network":"fediverse","visibility":"private","type":"Question"}`}},
	{"Announce", `{"type":"Announce","id":"https://a.example/users/me/statuses/13/activity","actor":"https://a.example/users/me","to":"Public",` +
		`"object":"https://b.example/users/you/statuses/4"}`,
		[]string{`{"id":"13","text":"","author":"me@a.example","repost_of":"https://b.example/users/you/statuses/4","network":"fediverse","type":"Announce",` +
			`"actor":"https://a.example/users/me","to":"Public"}`}},
	{"Announce of one's own", `{"type":"Announce","id":"https://a.example/users/me/statuses/13/activity","to":"Public","object":{"id":` +
		`"https://a.example/users/me/statuses/4","content":"<p>a</p>","to":"https://a.example/users/me/followers"}}`,
		[]string{`{"id":"13","text":"a","repost_of":"4","network":"fediverse","visibility":"private","type":"Announce","to":"Public"}`}},
	{"Announce of something", `{"type":"Announce","object":[]}`,
		[]string{`{"text":"","network":"fediverse","visibility":"private","repost":true,"type":"Announce","object":[]}`}},
	{"a status of an unknown type", `{"type":"post","content":"a"}`, []string{`{"text":"a","network":"fediverse","type":"post"}`}},
	{"native of a known type", `{"type":"Note","text":"a","content":"b"}`, []string{`{"text":"a","type":"Note","content":"b"}`}},
	{"collection", `{"orderedItems":[{"type":"Note","content":"a","to":"Public"},5,{"type":"Like","object":"b"},` + note + `]}`,
		[]string{`{"text":"a","network":"fediverse","type":"Note","to":"Public"}`, "in:1: not a JSON object", "in:1: the record has no text",
			`{"id":"12","text":"@you a < b","created_at":"2021-03-21T18:07:34Z","author":"me@a.example","lang":"en","url":"https://a.example/@me/12",` +
				`"reply_to":"11","quote_of":"https://b.example/objects/3f","network":"fediverse","type":"Note","summary":"c",` +
				`"attributedTo":"https://a.example/users/9","to":"as:Public","tag":[]}`}},
	{"collection of none", `{"type":"OrderedCollection","orderedItems":[]}`, nil},
}

// note is a note as Mastodon writes it, in short.
const note = `{"id":"https://a.example/ap/users/9/statuses/12","type":"Note","summary":"c","inReplyTo":"https://a.example/users/you/statuses/11",` +
	`"published":"2021-03-21T18:07:34Z","url":"https://a.example/@me/12","attributedTo":"https://a.example/users/9","to":"as:Public",` +
	`"content":"<p><span class=\"h-card\"><a href=\"https://b.example/@you\" class=\"u-url mention\">@<span>you</span></a></span> a &lt; b</p>",` +
	`"contentMap":{"en":"a"},"quote":"https://b.example/objects/3f","tag":[]}`

// readAll returns the records of an input as lines, or the errors.
func readAll(t rapid.TB, in string, opt ...Option) (out []string) {
	t.Helper()
	for p, err := range NewReader(strings.NewReader(in), "in", opt...).All(func(bad error) { out = append(out, bad.Error()) }) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(p.AppendJSON(nil)))
	}
	return out
}

func TestShapes(t *testing.T) {
	for _, c := range shapes {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(t, c.line)
			if !reflect.DeepEqual(got, c.want) {
				t.Fatalf("got  %s\nwant %s", got, c.want)
			}
			got = slices.DeleteFunc(got, func(line string) bool { return strings.HasPrefix(line, "in:") })
			if again := readAll(t, strings.Join(got, "\n")); !slices.Equal(again, got) {
				t.Errorf("read again it is %s\nbefore it was    %s", again, got)
			}
		})
	}
}

// TestReadAgain draws records that have the names of all shapes at once, some twice, with values that
// fit and others: what was written is read again as the same.
func TestReadAgain(t *testing.T) {
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(names)))
	value := rapid.SampledFrom([]string{`"a"`, `"b"`, `""`, "null", "true", "false", "5", "1.5", "{}", "[]", `{"screen_name":"me"}`, `{"username":""}`,
		`{"text":"c","id":"6"}`, `{"full_text":"d","content":"e"}`, `[{"type":"quoted","id":"7"}]`, `[{"type":"retweeted","text":"f"}]`,
		`"Create"`, `"Announce"`, `"Public"`, `"https://a.example/@me/1"`, `{"id":"https://a.example/2","content":"h"}`, `{"en":"i"}`,
		`"2021-03-21T18:07:34Z"`, `{"urls":[{"url":"https://t.co/x","expanded_url":"https://example.org"}]}`, `"https://t.co/x <p>g</p>"`})
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return `"` + name.Draw(t, "name") + `":` + value.Draw(t, "value")
		}), 1, 8).Draw(t, "members")
		line := "{" + strings.Join(members, ",") + "}"
		once := readAll(t, line)
		if len(once) == 0 || strings.HasPrefix(once[0], "in:") {
			return // no record
		}
		if twice := readAll(t, strings.Join(once, "\n")); !slices.Equal(once, twice) {
			t.Fatalf("%s\nonce  %s\ntwice %s", line, once, twice)
		}
	})
}

// TestHostilePages checks that the posts of a line have at most 2*MaxLine bytes more than the line.
func TestHostilePages(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	item := `{"id":"2","text":"RT @you: cut…","author_id":"7","referenced_tweets":[{"type":"retweeted","id":"1"},{"type":"retweeted","id":"1"}]},`
	for name, line := range map[string]string{
		"a long original": `{"data":[` + strings.Repeat(item, 2000) + `{"id":"3","text":"a"}],"includes":{"tweets":[{"id":"1","text":"` + big + `"}]}}`,
		"a long name":     `{"data":[` + strings.Repeat(item, 2000) + `{"id":"3","text":"a"}],"includes":{"users":[{"id":"7","username":"` + big + `"}]}}`,
		"a long link": `{"id_str":"1","full_text":"` + strings.Repeat("http://a ", 1<<15) + `","entities":{"urls":[{"url":"http://a","expanded_url":"http://` +
			big + `"}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var p Parser
			var bytes int
			for v, err := range p.Posts([]byte(line)) {
				if err != nil {
					t.Fatal(err)
				}
				bytes += len(v.Text) + len(v.Author)
			}
			if most := 2*MaxLine + len(line); bytes > most {
				t.Errorf("%d bytes became %d", len(line), bytes)
			}
		})
	}
}

// TestManyBadItems checks that a line does not become a million errors.
func TestManyBadItems(t *testing.T) {
	for _, name := range []string{"data", "orderedItems"} {
		got := readAll(t, `{"`+name+`":[`+strings.Repeat("1,", 1000)+`{"type":"Note","text":"a"},`+strings.Repeat("1,", 1000)+`{"text":"b"}]}`)
		if len(got) != 1002 || !strings.HasPrefix(got[1000], `{"text":"a"`) || got[1001] != "in:1: "+errBadPage.Error() {
			t.Errorf("%s: got %d results, %q", name, len(got), got[len(got)-1])
		}
	}
}

func TestBadLines(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"text", `not json`, "not a JSON object"},
		{"list", `[{"text":"a"}]`, "it is a JSON array: jq -c '.[]' makes lines of it"},
		{"list of nothing", `[ ]`, "not a JSON object"},
		{"no text", `{"id":"1"}`, "the record has no text"},
		{"null text", `{"text":null}`, "the record has no text"},
		{"odd text", `{"text":5}`, "the record has no text"},
		{"odd content", `{"content":5}`, "the record has no text"},
		{"links without text", `{"id_str":"1","entities":{"urls":[{"url":"https://t.co/x"}]}}`, "the record has no text"},
		{"gzip", "\x1f\x8b\b", "it is packed by gzip, as zcat unpacks it"},
		{"ZIP", "PK\x03\x04", "it is a ZIP: tw-archive --export reads one that X or Mastodon made"},
		{"part of an archive", `window.YTD.tweets.part0 = [`, "it is a part of an archive that X made: tw-archive --export reads it"},
		{"UTF-16, low byte first", "\xff\xfe{\x00", "it is in UTF-16, and not in UTF-8"},
		{"UTF-16", "\xfe\xff\x00{", "it is in UTF-16, and not in UTF-8"},
		{"cut", `{"text":"a`, "the line ends too early at column 11"},
		{"cut escape", `{"text":"a\`, "the line ends too early at column 12"},
		{"trailing", `{"text":"a"} x`, "something follows the record at column 14"},
		{"two", `{"text":"a"}{"text":"b"}`, "something follows the record at column 13"},
		{"bad UTF-8", "{\"text\":\"é\xff\"}", "invalid UTF-8 at column 12"},
		{"bad UTF-8 after U+FFFD", "{\"text\":\"\ufffd\xff\"}", "invalid UTF-8 at column 13"},
		{"surrogate in UTF-8", "{\"text\":\"\xed\xa0\x80\"}", "invalid UTF-8 at column 10"},
		{"control", "{\"text\":\"a\x00\"}", "a control character stands in a string at column 11"},
		{"escape", `{"text":"\x"}`, "an unknown escape stands in a string at column 10"},
		{"hex", `{"text":"\u00g0"}`, "a hexadecimal digit is missing at column 14"},
		{"skipped value", `{"a":[1,{"b":01}],"text":"a"}`, "no JSON value at column 14"},
		{"half a word", `{"text":"a","b":tru}`, "no JSON value at column 17"},
		{"decimals", `{"text":"a","b":1.x}`, "a digit is missing at column 19"},
		{"exponent", `{"text":"a","b":1ex}`, "a digit is missing at column 19"},
		{"comma in a list", `{"text":"a","b":[1 2]}`, "a comma or ] is missing at column 20"},
		{"name", `{"text":"a",1}`, "a field's name is missing at column 13"},
		{"colon", `{"text" "a"}`, "a colon is missing at column 9"},
		{"comma", `{"text":"a" "b":1}`, "a comma or } is missing at column 13"},
		{"depth", `{"text":"a","b":` + strings.Repeat("[", 20000), "too deep a nesting at column 10016"},
		{"depth of objects", `{"text":"a","b":` + strings.Repeat(`{"b":`, 20000), "too deep a nesting at column 50012"},
		{"number in a page", `{"data":[5]}`, "not a JSON object"},
		{"in a page", `{"data":[{"id":"1"}]}`, "the record has no text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(t, "\n"+c.line+"\n{\"text\":\"next\"}")
			if want := []string{"in:2: " + c.want, `{"text":"next"}`}; !reflect.DeepEqual(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	got := readAll(t, "\uFEFFone {\r\n\r\n \t\n two \n\x00a\n\xff", Plain())
	want := []string{`{"text":"one {"}`, `{"text":" two "}`, "in:5: the line has a NUL byte", "in:6: invalid UTF-8 at column 1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestExtra(t *testing.T) {
	p := &Post{Text: "a"}
	p.SetExtra("one", json.RawMessage("{\n\"a\": 1}"))
	p.SetExtra("two", 2)
	p.SetExtra("one", json.RawMessage(`"<é>"`))
	if got, want := string(p.AppendJSON(nil)), `{"text":"a","one":"<é>","two":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.SetExtra("one", nil)
	if v, ok := p.Extra("two"); string(v) != "2" || !ok {
		t.Errorf("got %s, %v", v, ok)
	}
	if _, ok := p.Extra("one"); ok {
		t.Error("a field that was taken away is there")
	}
	defer func() {
		if recover() == nil {
			t.Error("what is not JSON was taken")
		}
	}()
	p.SetExtra("one", json.RawMessage(`{`))
}

// A field that could not be read is written until the record says something in its place, and a date
// that cannot be written is not.
func TestUnreadableFields(t *testing.T) {
	line := `{"text":"a","created_at":"yesterday","lang":["en"],"raw":null,"repost":false,"z":1}`
	p, err := NewReader(strings.NewReader(line), "in").Next()
	if err != nil {
		t.Fatal(err)
	}
	p.CreatedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := string(p.AppendJSON(nil)); got != line {
		t.Errorf("got %s, want %s", got, line)
	}
	p.CreatedAt = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := string(p.AppendJSON(nil)); got != line {
		t.Errorf("got %s, want %s", got, line)
	}
	p.CreatedAt, p.Lang, p.Raw, p.Repost = time.Unix(0, 0), "en", json.RawMessage(`{}`), true
	want := `{"text":"a","created_at":"1970-01-01T00:00:00Z","lang":"en","repost":true,"raw":{},"z":1}`
	if got := string(p.AppendJSON(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What belongs to one line does not get into the next one: neither the accounts of a page nor the
// links of a post.
func TestLinesAreApart(t *testing.T) {
	page := `{"data":[{"id":"1","text":"https://t.co/x","author_id":"7","entities":{"urls":[{"url":"https://t.co/x","expanded_url":"https://example.org"}]}}],` +
		`"includes":{"users":[{"id":"7","username":"me"}]}}`
	got := readAll(t, page+"\n"+`{"id":"2","text":"https://t.co/x","author_id":"7"}`)
	want := []string{`{"id":"1","text":"https://example.org","author":"me","network":"x"}`, `{"id":"2","text":"https://t.co/x","author":"7","network":"x"}`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Whoever appends to a field of a view, or to a line, does not write into what follows it.
func TestAppendingToAView(t *testing.T) {
	const in = `{"id":1,"text":"a","lang":"en","raw":{"b":2},"author":"me"}` + "\nplain\r\nmore"
	data := []byte(in)
	var v View
	for no, line := range (Chunk{Data: data, First: 1}).Lines() {
		if err := (&Parser{Plain: no > 1}).Parse(line, &v); err != nil {
			t.Fatal(err)
		}
		for _, field := range [][]byte{v.ID, v.Text, v.Lang, v.Raw, v.Author, line} {
			_ = append(field, "XX"...)
		}
	}
	if string(data) != in {
		t.Errorf("the lines became %q", data)
	}
}

func TestParse(t *testing.T) {
	for line, want := range map[string]error{`{"text":"a"}`: nil, `{"id":"1"}`: ErrNoText, `{"meta":{}}`: ErrNoText, `1`: ErrNotObject} {
		var p Parser
		if err := p.Parse([]byte(line), new(View)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", line, err, want)
		}
	}
	if _, err := NewReader(strings.NewReader(`{"id":"1"}`), "in").Next(); !errors.Is(err, ErrNoText) {
		t.Errorf("got %v, want %v", err, ErrNoText)
	}
}

// drawPost draws any post that can be written.
func drawPost(t *rapid.T) *Post {
	s := rapid.String()
	p := &Post{Text: s.Draw(t, "text"), Repost: rapid.Bool().Draw(t, "repost")}
	for _, f := range []*string{&p.ID, &p.Author, &p.Lang, &p.URL, &p.ReplyTo, &p.RepostOf, &p.QuoteOf, &p.Network, &p.Visibility} {
		*f = s.Draw(t, "field")
	}
	p.Repost = p.Repost || p.RepostOf != ""
	if p.Author == "" && p.Network == "" && p.ReplyTo == "" && p.RepostOf == "" && p.QuoteOf == "" {
		p.Network = "x" // else an unknown field could make it another shape
	}
	if rapid.Bool().Draw(t, "dated") {
		p.CreatedAt = time.Unix(rapid.Int64Range(-62135596799, 253402300799).Draw(t, "sec"), rapid.Int64Range(0, 999999999).Draw(t, "nanos")).UTC()
	}
	for name := range rapid.MapOf(rapid.StringMatching(`_[a-z]*|entities|full_text`), rapid.Just(0)).Draw(t, "names") {
		p.SetExtra(name, s.Draw(t, "value"))
	}
	return p
}

func TestReadWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawPost(t)
		line := want.AppendJSON(nil)
		if !json.Valid(line) || strings.ContainsRune(string(line), '\n') {
			t.Fatalf("%q is no line of JSON", line)
		}
		got, err := NewReader(strings.NewReader(string(line)), "").Next()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\ngot  %#v %v\nwant %#v", line, got, err, want)
		}
	})
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestWriter(t *testing.T) {
	var b strings.Builder
	w := NewWriter(&b)
	for _, text := range []string{"one", "two\n"} {
		if err := w.Write(&Post{Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if err := NewWriter(bufio.NewWriterSize(&b, 1)).Write(&Post{Text: "at once"}); err != nil || b.String() != "{\"text\":\"at once\"}\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
	broken := errors.New("broken")
	full := NewWriter(bufio.NewWriterSize(failing{broken}, 16))
	if err := full.Write(&Post{Text: "a"}); err != nil {
		t.Errorf("got %v before there was a reason", err)
	}
	if err := full.Flush(); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if err := full.Write(&Post{Text: "b"}); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	b.Reset()
	if err := w.Flush(); err != nil || b.String() != "{\"text\":\"one\"}\n{\"text\":\"two\\n\"}\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	var p Parser
	var v View
	for name, line := range benchLines {
		data := []byte(line)
		if n := testing.AllocsPerRun(100, func() {
			if err := p.Parse(data, &v); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
