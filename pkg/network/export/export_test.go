package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/post"
)

// one is the line of a post of account ann made at june.
func one(id, text, more string) string {
	return fmt.Sprintf(`{"id":"%s","text":"%s","created_at":"2023-06-01T10:00:00Z","author":"ann",`+
		`"url":"https://x.com/ann/status/%s"%s,"network":"x"}`, id, text, id, more)
}

// TestPitfalls is section 9 of the facts about X, item by item.
func TestPitfalls(t *testing.T) {
	link := `"entities" : { "urls" : [ { "url" : "https://t.co/a", "expanded_url" : "https://example.org/long?a=1,2&b", "indices" : ["0","5"] } ] }`
	picture := `"entities" : { "media" : [ { "url" : "https://t.co/p", "expanded_url" : "https://twitter.com/ann/status/5/photo/1" } ] }`
	tests := []struct {
		name, file, content string
		want                []string
	}{
		{"plain", "tweets.js", ytd("tweets", tweet("5", june, "hello")), []string{one("5", "hello", "")}},
		{"semicolon", "tweets.js", ytd("tweets", tweet("5", june, "hello")) + ";\n", []string{one("5", "hello", "")}},
		{"BOM and CRLF", "tweets.js", "\xef\xbb\xbf" + strings.ReplaceAll(ytd("tweets", tweet("5", june, "hello"), tweet("6", june, "you")), "\n", "\r\n"),
			[]string{one("5", "hello", ""), one("6", "you", "")}},
		{"empty", "tweets.js", "window.YTD.tweets.part0 = [ ]", nil},
		{"empty without spaces", "tweets.js", "window.YTD.tweets.part0=[];", nil},
		{"no variable", "tweets.js", "[" + tweet("5", june, "hello") + "]", []string{one("5", "hello", "")}},
		{"renamed variable", "tweets.js", "module.exports = [" + tweet("5", june, "hello") + "]", []string{one("5", "hello", "")}},
		{"another part", "tweets-part12.js", "window.YTD.tweets.part12 = [" + tweet("5", june, "hello") + "]", []string{one("5", "hello", "")}},
		{"two parts in one file", "tweets.js", ytd("tweets", tweet("5", june, "a")) + ytd("tweets", tweet("6", june, "b")),
			[]string{one("5", "a", ""), one("6", "b", "")}},
		{"old name", "tweet.js", ytd("tweet", tweet("5", june, "hello")), []string{one("5", "hello", "")}},
		{"no wrapper", "tweet.js", ytd("tweet", unwrapped(tweet("5", june, "hello"))), []string{one("5", "hello", "")}},
		{"file renamed", "my old ones.js", ytd("tweets", tweet("5", june, "hello")), []string{one("5", "hello", "")}},
		{"copied file", "tweets (2).js", "[" + tweet("5", june, "hello") + "]", []string{one("5", "hello", "")}},
		{"no order", "tweets.js", ytd("tweets", tweet("6", june, "b"), tweet("10", june, "c"), tweet("5", june, "a")),
			[]string{one("5", "a", ""), one("6", "b", ""), one("10", "c", "")}},
		{"twice", "tweets.js", ytd("tweets", tweet("5", june, "a"), tweet("5", june, "a")), []string{one("5", "a", "")}},
		{"entities", "tweets.js", ytd("tweets", tweet("5", june, "R&amp;D &lt;3 &gt; &quot;x&quot; isn&#39;t &amp;#39; &amp;amp;")),
			[]string{one("5", `R&D <3 > \"x\" isn't &#39; &amp;`, "")}},
		{"NUL", "tweets.js", ytd("tweets", tweet("5", june, `a\u0000b`)), []string{one("5", "ab", "")}},
		{"bare control character", "tweets.js", ytd("tweets", tweet("5", june, "a\x00b\xff")), []string{one("5", "a b\ufffd", "")}},
		{"link", "tweets.js", ytd("tweets", tweet("5", june, "see https://t.co/a.", link)),
			[]string{one("5", "see https://example.org/long?a=1,2&b.", "")}},
		{"unknown link", "tweets.js", ytd("tweets", tweet("5", june, "see https://t.co/ab", link)),
			[]string{one("5", "see https://t.co/ab", "")}},
		{"plain address", "tweets.js", ytd("tweets", tweet("5", june, "see http://is.gd/x")), []string{one("5", "see http://is.gd/x", "")}},
		{"picture", "tweets.js", ytd("tweets", tweet("5", june, "look https://t.co/p", picture)), []string{one("5", "look", "")}},
		{"picture alone", "tweets.js", ytd("tweets", tweet("5", june, "https://t.co/p", picture)), []string{one("5", "", "")}},
		{"strings for numbers", "tweets.js", ytd("tweets", tweet("5", june, "a", `"favorite_count" : "3"`, `"display_text_range" : ["0","1"]`, `"id" : "5"`)),
			[]string{one("5", "a", "")}},
		{"reply without a name", "tweets.js", ytd("tweets", tweet("5", june, "@bob a", `"in_reply_to_status_id_str" : "4"`, `"lang" : "en"`)),
			[]string{strings.Replace(one("5", "@bob a", `,"reply_to":"4"`), `"url"`, `"lang":"en","url"`, 1)}},
		{"repost", "tweets.js", ytd("tweets", tweet("5", june, "RT @bob: all of it", `"retweeted" : false`)),
			[]string{strings.Replace(one("5", "RT @bob: all of it", ""), `"x"}`, `"x","repost":true}`, 1)}},
		{"cut repost", "tweets.js", ytd("tweets", tweet("5", june, "RT @bob: most https://t.co/Zy…")),
			[]string{strings.Replace(one("5", "RT @bob: most…", ""), `"x"}`, `"x","repost":true,"truncated":true}`, 1)}},
		{"RT in the middle", "tweets.js", ytd("tweets", tweet("5", june, "SMTP RT @bob: no")), []string{one("5", "SMTP RT @bob: no", "")}},
		{"quotation", "tweets.js", ytd("tweets", tweet("5", june, "so https://t.co/q",
			`"entities" : { "urls" : [ { "url" : "https://t.co/q", "expanded_url" : "https://twitter.com/bob/status/4?s=20" } ] }`)),
			[]string{one("5", "so https://twitter.com/bob/status/4?s=20", `,"quote_of":"4"`)}},
		{"cut by the API", "tweets.js", ytd("tweets", tweet("5", june, "so long… https://t.co/s",
			`"entities" : { "urls" : [ { "url" : "https://t.co/s", "expanded_url" : "https://twitter.com/i/web/status/5" } ] }`)),
			[]string{strings.Replace(one("5", "so long…", ""), `"x"}`, `"x","truncated":true}`, 1)}},
		{"only id and text", "tweets.js", `[{"id":5,"text":"a &amp; b","created_at":"` + june + `"}]`, []string{one("5", "a & b", "")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fs := files{"data/" + test.file: test.content, "data/account.js": annJS}
			zipped, rep := read(t, fs.zip(t))
			diff(t, zipped, test.want)
			if rep.Skipped > 0 {
				t.Error(rep.Warnings)
			}
			unpacked, _ := read(t, fs.folder(t))
			diff(t, unpacked, zipped)
		})
	}
}

func unwrapped(element string) string {
	return string(unwrap([]byte(element)))
}

func TestDateFromID(t *testing.T) {
	id := at(1500)
	lines, _ := read(t, files{"tweets.js": ytd("tweets", tweet(id, "", "no date"), tweet("77", "", "too old"))}.zip(t))
	diff(t, lines, []string{
		`{"id":"77","text":"too old","url":"https://x.com/i/status/77","network":"x"}`,
		`{"id":"` + id + `","text":"no date","created_at":"2023-06-01T10:00:01Z","url":"https://x.com/i/status/` + id + `","network":"x"}`,
	})
}

func TestUnreadableRecords(t *testing.T) {
	lines, rep := read(t, files{"data/tweets.js": ytd("tweets",
		`null`, tweet("5", june, "a"), `{"tweet":{"full_text":"no id"}}`, `{"tweet":{"id_str":"9"}}`, `"word"`, `12`, tweet("6", june, "b"))}.zip(t))
	diff(t, texts(t, lines), []string{"5 a", "6 b"})
	if rep.Skipped != 5 || len(rep.Warnings) != 5 || !strings.Contains(rep.Warnings[0], "export.zip: data/tweets.js: record 1: ") {
		t.Errorf("%+v", rep)
	}
}

func TestWarningsAreBounded(t *testing.T) {
	_, rep := read(t, files{"data/tweets.js": "[" + strings.Repeat("null,", 1000) + "]"}.zip(t))
	if rep.Skipped != 1000 || len(rep.Warnings) != maxWarnings+1 {
		t.Errorf("%d skipped, %d warnings", rep.Skipped, len(rep.Warnings))
	}
}

func TestEdits(t *testing.T) {
	versions := func(ids ...string) string {
		return `"edit_info" : { "initial" : { "editTweetIds" : ["` + strings.Join(ids, `", "`) + `"], "editsRemaining" : "5" } }`
	}
	edit := func(first string, ids ...string) string {
		return `"edit_info" : { "edit" : { "initialTweetId" : "` + first + `", "editControlInitial" : { "editTweetIds" : ["` + strings.Join(ids, `", "`) + `"] } } }`
	}
	tests := []struct {
		name   string
		tweets []string
		want   []string
		edits  int
	}{
		{"none", []string{tweet("5", june, "a", versions("5"))}, []string{"5 a"}, 0},
		{"each lists all", []string{tweet("5", june, "a", versions("5", "6", "7")), tweet("6", june, "b", versions("5", "6", "7")),
			tweet("7", june, "c", versions("5", "6", "7"))}, []string{"7 c"}, 2},
		{"newest first", []string{tweet("7", june, "c", edit("5", "5", "6", "7")), tweet("6", june, "b", edit("5", "5", "6")),
			tweet("5", june, "a", versions("5", "6", "7"))}, []string{"7 c"}, 2},
		{"no lists", []string{tweet("6", june, "b", edit("5")), tweet("5", june, "a"), tweet("7", june, "c", edit("5"))}, []string{"7 c"}, 2},
		{"newest not there", []string{tweet("5", june, "a", versions("5", "6", "7")), tweet("6", june, "b", edit("5", "5", "6"))}, []string{"6 b"}, 1},
		{"older not there", []string{tweet("7", june, "c", edit("5", "5", "6", "7"))}, []string{"7 c"}, 0},
		{"named in the text", []string{tweet("5", june, `\"edit_info\" : { \"edit\" : { \"initialTweetId\" : \"4\"`), tweet("4", june, "edit_info")},
			[]string{"4 edit_info", `5 "edit_info" : { "edit" : { "initialTweetId" : "4"`}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, rep := read(t, files{"data/tweets.js": ytd("tweets", test.tweets...)}.zip(t))
			diff(t, texts(t, lines), test.want)
			if rep.Edits != test.edits {
				t.Errorf("%d edits, want %d", rep.Edits, test.edits)
			}
		})
	}
}

func TestLeftAlone(t *testing.T) {
	older := files{"data/tweets.js": ytd("tweets", tweet("5", june, "a"), tweet("6", june, "b"))}
	newer := files{
		"data/tweets.js":                ytd("tweets", tweet("6", june, "b"), tweet("7", june, "c")),
		"data/deleted-tweets.js":        ytd("deleted_tweets", tweet("5", june, "a"), tweet("8", june, "d")),
		"data/community-tweet.js":       ytd("community_tweet", tweet("9", june, "e")),
		"data/tweet-headers.js":         ytd("tweet_headers", `{"tweet":{"tweet_id":"10","user_id":"7","created_at":"`+june+`"}}`),
		"data/deleted-tweet-headers.js": ytd("deleted_tweet_headers", `{"tweet":{"tweet_id":"5"}}`),
		"data/deleted-note-tweet.js":    ytd("deleted_note_tweet", noteOf("1", june, "gone")),
		"data/like.js":                  ytd("like", `{"like":{"tweetId":"11","fullText":"liked"}}`),
		"data/tweetdeck.js":             ytd("tweetdeck", `{}`),
	}
	lines, rep := read(t, newer.zip(t), older.folder(t))
	diff(t, texts(t, lines), []string{"6 b", "7 c"})
	if rep.Deleted != 2 || rep.Community != 1 || rep.Repeated != 1 || len(rep.Warnings) > 0 {
		t.Errorf("%+v", rep)
	}
}

func TestSeveralInOneFolder(t *testing.T) {
	dir := files{
		"2019/tweet.js":                     ytd("tweet", tweet("5", june, "a")),
		"2019/account.js":                   ytd("account", `{"account":{"username":"old_ann"}}`),
		"2023/data/tweets.js":               ytd("tweets", tweet("6", june, "b")),
		"2023/data/account.js":              annJS,
		"2023/data/tweets_media/tweets.js":  ytd("tweets", tweet("1", june, "not a post")),
		"2023/assets/js/main.1a2b.js":       `!function(e){var t={};e.exports=t}([]);`,
		"__MACOSX/2023/data/._tweets.js":    "\x00\x05\x16\x07",
		"a/b/c/d/e/f/g/h/i/j/k/l/tweets.js": ytd("tweets", tweet("2", june, "too deep")),
		"._holiday.zip":                     "\x00\x05\x16\x07",
		"holiday.zip":                       string(zipBytes(t, files{"beach.jpg": "…"})),
		"another.zip":                       string(zipBytes(t, files{"x/data/tweets.js": ytd("tweets", tweet("7", june, "c"))})),
	}.folder(t)
	lines, rep := read(t, dir)
	diff(t, texts(t, lines), []string{"5 a", "6 b", "7 c"})
	if !strings.Contains(lines[0], "/old_ann/") || !strings.Contains(lines[1], "/ann/") || len(rep.Warnings) != 1 {
		t.Error(lines, rep.Warnings)
	}
	lines, _ = read(t, filepath.Join(dir, "2023", "data"), filepath.Join(dir, "2019", "tweet.js"))
	diff(t, texts(t, lines), []string{"5 a", "6 b"})
}

func TestManifest(t *testing.T) {
	const config = `window.__THAR_CONFIG = { "userInfo" : { "userName" : "ann" }, "dataTypes" : {
		"tweets" : { "mediaDirectory" : "data/tweets_media", "files" : [
			{ "fileName" : "data/fresh.js", "globalName" : "YTD.tweets.part0", "count" : "2" },
			{ "fileName" : "data/tweets-part1.js", "globalName" : "YTD.tweets.part1", "count" : "4" },
			{ "fileName" : "data/more.js", "count" : "1" } ] },
		"noteTweet" : { "files" : [ { "fileName" : "data/note-tweet.js", "count" : "0" }, { "fileName" : "data/note-tweet-part1.js", "count" : "1" } ] },
		"tweetsMedia" : { "mediaDirectory" : "data/tweets_media" }, "like" : 3 } }`
	lines, rep := read(t, files{"data/manifest.js": config, "data/fresh.js": "[" + tweet("5", june, "a") + "]",
		"data/more.js": "[" + tweet("6", june, "b") + "," + tweet("7", june, "c") + "]"}.zip(t))
	diff(t, lines, []string{one("5", "a", ""), one("6", "b", ""), one("7", "c", "")})
	const absent = "the manifest lists data/%s-part1.js, which is not there"
	want := []string{"data/fresh.js has 1 posts, the manifest says 2", fmt.Sprintf(absent, "note-tweet"), fmt.Sprintf(absent, "tweets")}
	if rep.Missing != 1+1+4 || !slices.EqualFunc(rep.Warnings, want, strings.HasSuffix) {
		t.Error(rep.Warnings)
	}
	lines, rep = read(t, files{"data/manifest.js": `window.__THAR_CONFIG = { "dataTypes" : 3 }`, "data/tweets.js": "[" + tweet("5", june, "a") + "]"}.zip(t))
	diff(t, texts(t, lines), []string{"5 a"})
	if len(rep.Warnings) != 1 || rep.Missing != 0 {
		t.Error(rep.Warnings)
	}
}

func TestRawAndErrors(t *testing.T) {
	zip := files{"data/tweets.js": ytd("tweets", tweet("5", june, "a"), tweet("6", june, "b"))}.zip(t)
	lines, _, err := tryRead(t, Options{Raw: true}, zip)
	if err != nil || !strings.HasSuffix(lines[0], `"raw":{"id_str":"5","created_at":"`+june+`","full_text":"a"}}`) {
		t.Error(lines, err)
	}
	stop := errors.New("enough")
	n := 0
	rep, err := Read(context.Background(), []string{zip}, Options{}, func(*post.Post) error { n++; return stop })
	if err != stop || n != 1 || rep.Posts != 1 {
		t.Errorf("%v after %d posts: %+v", err, n, rep)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, []string{zip}, Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := Read(ctx, []string{filepath.Join(t.TempDir(), "none.zip")}, Options{}, nil); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "none.zip") != 1 {
		t.Error(err)
	}
}
