package export

import (
	"fmt"
	"strings"
	"testing"

	"horsepipe/pkg/sharedtest"
)

// grailbird is a file of the old form.
func grailbird(month string, elements ...string) string {
	return "Grailbird.data.tweets_" + month + " = \n [ " + strings.Join(elements, ", ") + " ]"
}

func oldTweet(id, date, text, more string) string {
	return fmt.Sprintf(`{ "source" : "web", "entities" : { "user_mentions" : [ ], "urls" : [ ] }, "geo" : { }, "id_str" : %q, "id" : %s, `+
		`"text" : "%s", "created_at" : %q, "user" : { "screen_name" : "ann" }%s }`, id, id, text, date, more)
}

const (
	header2017 = `"tweet_id","in_reply_to_status_id","in_reply_to_user_id","timestamp","source","text","retweeted_status_id","retweeted_status_user_id","retweeted_status_timestamp","expanded_urls"` + "\n"
	header2012 = `"tweet_id","in_reply_to_status_id","in_reply_to_user_id","retweeted_status_id","retweeted_status_user_id","timestamp","source","text","expanded_urls"` + "\n"
)

func TestMonths(t *testing.T) {
	lines, rep := read(t, files{
		"data/js/user_details.js": `var user_details = { "screen_name" : "ann", "id" : "7" }`,
		"data/js/tweet_index.js": `var tweet_index =  [ { "file_name" : "data\/js\/tweets\/2014_01.js", "var_name" : "tweets_2014_01", "tweet_count" : 2 },
			{ "file_name" : "data\/js\/tweets\/2014_02.js", "tweet_count" : 9 } ]`,
		"data/js/payload_details.js": `var payload_details = { "tweets" : 2 }`,
		"data/js/tweets/2014_01.js": grailbird("2014_01",
			oldTweet("420000000000000002", "2014-01-06 02:39:50 +0000", "RT @bob: the first hundred and fo ...", `, "retweeted_status" : { "id_str" : "41", "text" : "the first hundred and forty, all of it", "entities" : { } }`),
			oldTweet("420000000000000001", "2014-01-06 02:39:50 +0000", "@bob yes", `, "in_reply_to_status_id_str" : "40", "in_reply_to_user_id" : 3`)),
		"lib/hogan/hogan-2.0.0.js": "var Hogan = {}; (function (Hogan) { Hogan.Template = 1 })(Hogan);",
	}.zip(t))
	diff(t, lines, []string{
		`{"id":"420000000000000001","text":"@bob yes","created_at":"2014-01-06T02:39:50Z","author":"ann","url":"https://x.com/ann/status/420000000000000001","reply_to":"40","network":"x","author_id":"7"}`,
		`{"id":"420000000000000002","text":"RT @bob: the first hundred and forty, all of it","created_at":"2014-01-06T02:39:50Z","author":"ann","url":"https://x.com/ann/status/420000000000000002","repost_of":"41","network":"x","author_id":"7"}`,
	})
	if rep.Reposts != 1 || rep.Replies != 1 || len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0], "2014_02.js, which is not there") {
		t.Errorf("%+v", rep)
	}
}

func TestRows(t *testing.T) {
	const date = "2014-01-06 02:39:50 +0000"
	line := func(id, text, more string) string {
		return fmt.Sprintf(`{"id":"%s","text":"%s","created_at":"2014-01-06T02:39:50Z","url":"https://x.com/i/status/%s"%s,"network":"x"}`, id, text, id, more)
	}
	tests := []struct{ name, content, want string }{
		{"2017", header2017 + `"5","","","` + date + `","web","two` + "\n" + `lines, ""quoted"" &amp; more","","","",""`, line("5", `two\nlines, \"quoted\" & more`, "")},
		{"2012", header2012 + `"5","4","3","","","` + date + `","web","@bob yes",""` + "\r\n", line("5", "@bob yes", `,"reply_to":"4"`)},
		{"BOM", "\xef\xbb\xbf" + header2017 + `"5","","","` + date + `","web","a","","","",""`, line("5", "a", "")},
		{"repost", header2012 + `"5","","","4","3","` + date + `","web","RT @bob: http://t.co/a","http://example.org/1,http://example.org/1"`,
			line("5", "RT @bob: http://example.org/1", `,"repost_of":"4"`)},
		{"links in order", header2017 + `"5","","","` + date + `","web","http://t.co/a and http://t.co/b, again http://t.co/a","","","","http://example.org/1,2?q=http,https://example.org/3"`,
			line("5", "http://example.org/1,2?q=http and https://example.org/3, again http://example.org/1,2?q=http", "")},
		{"picture", header2017 + `"5","","","` + date + `","web","look https://t.co/p","","","","https://twitter.com/ann/status/5/photo/1,https://twitter.com/ann/status/5/photo/1"`,
			line("5", "look", "")},
		{"too few links", header2017 + `"5","","","` + date + `","web","http://t.co/a http://t.co/b","","","","http://example.org/1"`, line("5", "http://t.co/a http://t.co/b", "")},
		{"columns missing", "text,tweet_id\n" + `a "word,5` + "\n", ""},
		{"short row", header2017 + `"5","","","` + date + `","web","a"`, line("5", "a", "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, rep := read(t, files{"tweets.csv": test.content}.zip(t))
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
			if (rep.Skipped > 0) != (test.want == "") {
				t.Errorf("%+v", rep)
			}
		})
	}
}

// TestFormsTogether: the CSV, the old JS and today's form of the same posts make each post once, of
// the best parts.
func TestFormsTogether(t *testing.T) {
	const id = "420000000000000002"
	old := files{
		"tweets.csv": header2017 + `"` + id + `","","","2014-01-06 02:39:50 +0000","web","RT @bob: cut…","41","3","2014-01-06 02:39:50 +0000",""` + "\n" +
			`"31","","","2009-01-06 00:00:00 +0000","web","day only","","","",""` + "\n" + `"32","","","2009-01-07 00:00:00 +0000","web","in the table alone","","","",""`,
		"data/js/tweets/2014_01.js": grailbird("2014_01", oldTweet(id, "2014-01-06 02:39:50 +0000", "RT @bob: cut…", `, "retweeted_status" : { "id_str" : "41", "text" : "cut no more" }`)),
		"data/js/tweets/2009_01.js": grailbird("2009_01", oldTweet("31", "2009-01-06 00:00:00 +0000", "day only", "")),
		"data/js/user_details.js":   `var user_details = { "screen_name" : "ann" }`,
	}.zip(t)
	today := files{"data/account.js": annJS, "data/tweets.js": ytd("tweets",
		tweet(id, "Mon Jan 06 02:39:50 +0000 2014", "RT @bob: cut…", `"lang" : "en"`),
		tweet("31", "Tue Jan 06 17:01:02 +0000 2009", "day only", `"lang" : "de"`))}.zip(t)
	want := []string{
		`{"id":"31","text":"day only","created_at":"2009-01-06T17:01:02Z","author":"ann","lang":"de","url":"https://x.com/ann/status/31","network":"x"}`,
		`{"id":"32","text":"in the table alone","created_at":"2009-01-07T00:00:00Z","author":"ann","url":"https://x.com/ann/status/32","network":"x"}`,
		`{"id":"` + id + `","text":"RT @bob: cut no more","created_at":"2014-01-06T02:39:50Z","author":"ann","lang":"en","url":"https://x.com/ann/status/` + id + `","repost_of":"41","network":"x"}`,
	}
	for _, order := range [][]string{{old, today}, {today, old}, {old, today, old}} {
		lines, _ := read(t, order...)
		diff(t, lines, want)
	}
}

// TestRealExports counts what a Python program, which shares no code with this one, found in the
// same files.
func TestRealExports(t *testing.T) {
	tests := []struct {
		file string
		want Report
	}{
		{"modern-milahu104.zip", Report{Posts: 2045, Reposts: 239, Replies: 1780, Community: 3}},
		{"legacy-lildude.zip", Report{Posts: 5873, Reposts: 1252, Replies: 991, Repeated: 4827, Cut: 291}},
		{"legacy-congressedits.zip", Report{Posts: 2313, Reposts: 23, Replies: 5, Repeated: 2313}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			lines, rep := read(t, sharedtest.Files(t, "exports/"+test.file)[0])
			rep.Warnings = nil
			if fmt.Sprint(rep) != fmt.Sprint(test.want) {
				t.Errorf("got %+v, want %+v", rep, test.want)
			}
			for _, l := range lines {
				if strings.Contains(l, "t.co/") || strings.Contains(l, `"created_at":"0001`) || !strings.Contains(l, `"author":"`) {
					t.Error(l)
				}
			}
		})
	}
}
