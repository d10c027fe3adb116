package export

import (
	"slices"
	"testing"
)

func TestKindOf(t *testing.T) {
	tests := []struct {
		head   string
		listed kind
		name   string
		want   kind
	}{
		{"window.YTD.tweets.part0 = [", other, "x.js", posts},
		{"window.YTD.tweet.part7 = [", other, "data/like.js", posts},
		{"window.YTD.note_tweet.part0 = [", other, "note-tweet.js", notePosts},
		{"window.YTD.deleted_tweets.part0 = [ ]", posts, "data/tweets.js", deleted},
		{"window.YTD.like.part0 = [", posts, "data/tweets.js", other},
		{"window.YTD.post.part0 = [", other, "post.js", posts},
		{"window.__THAR_CONFIG = {", other, "data/manifest.js", manifestJS},
		{"var user_details =  {", other, "data/js/user_details.js", accountJS},
		{"var tweet_index =  [", other, "data/js/tweet_index.js", indexJS},
		{"\xef\xbb\xbfGrailbird.data.tweets_2014_01 = \n [", other, "x.js", months},
		{"[", other, "data/js/tweets/2014_01.js", months},
		{"[", other, "2014_01.js", other},
		{"[", posts, "data/x.js", posts},
		{"[", other, "tweets-part1.js", posts},
		{"{", other, "tweets (3).json", posts},
		{"", other, "tweet.js", posts},
		{"module.exports = [", other, "tweet.js", posts},
		{"const tweets = [", other, "mine.js", other},
		{"const tweets = require('x')", other, "tweets.js", other},
		{"!function(){var a=[]}", other, "account.js", other},
		{"[", other, "tweet-headers.js", other},
		{"[", other, "tweetdeck.js", other},
		{"\"tweet_id\",\"text\"", other, "TWEETS.CSV", rows},
		{"id,name", other, "tweets.csv", other},
	}
	for _, test := range tests {
		if got := kindOf([]byte(test.head), test.listed, test.name); got != test.want {
			t.Errorf("%q of %s: kind %d, want %d", test.head, test.name, got, test.want)
		}
	}
}

func TestRootOf(t *testing.T) {
	for name, want := range map[string]string{
		"tweets.js": ".", "data/tweets.js": ".", "data/js/tweets/2014_01.js": ".", "data/js/user_details.js": ".",
		"a/tweets.csv": "a", "a/b/data/tweets.js": "a/b", "mydata/tweets.js": "mydata",
	} {
		if got := rootOf(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestStatusID(t *testing.T) {
	for word, want := range map[string]string{
		"https://twitter.com/bob/status/12":         "12",
		"http://x.com/i/web/status/12?s=20":         "12",
		"https://mobile.twitter.com/bob/status/12":  "12",
		"https://twitter.com/bob/status/12/photo/1": "",
		"https://twitter.com/bob/status/":           "",
		"https://twitter.com/bob":                   "",
		"https://example.com/bob/status/12":         "",
		"https://nottwitter.com/bob/status/12":      "",
		"twitter.com/bob/status/12":                 "",
		"word":                                      "",
		"":                                          "",
	} {
		if got := statusID(word); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestManualRepost(t *testing.T) {
	for text, want := range map[string]bool{
		"RT @bob: x": true, "RT @bob : x": true, "RT @bob:x": true,
		"RT @bob x": false, "RT @: x": false, "rt @bob: x": false, "ALERT @bob: x": false, "RT": false, "": false,
	} {
		if manualRepost(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}

func TestTextsOfNotes(t *testing.T) {
	for text, want := range map[string]string{
		"@a @b_1\n c": "@a @b_1\n |c", "@a": "@a|", "c @a": "|c @a", "": "|", "@": "@|", "@a@b c": "@a@b |c",
	} {
		if names, rest := leading(text); names+"|"+rest != want {
			t.Errorf("%q: %q and %q, want %q", text, names, rest, want)
		}
	}
	for text, want := range map[string]string{
		"a b…": "a b", "a b… https://t.co/x": "a b", "a…\nhttps://t.co/x http://t.co/y": "a",
		"a b": "", "a b https://t.co/x": "", "https://t.co/x": "", "": "",
	} {
		if got, cut := uncut(text); cut != (want != "") || cut && got != want {
			t.Errorf("%q: %q %v, want %q", text, got, cut, want)
		}
	}
	for text, want := range map[string]bool{"": true, "a": true, "a &amp; b &lt;": true, "a &amp;amp;": true, "&quot;": true, "a & b": false, "a &amp; b <": false, "&&amp;": false} {
		if escaped(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
	links := map[string]string{"https://t.co/a": "A", "http://t.co/b": "B"}
	if got := expand("https://t.co/a, http://t.co/b http://t.co/bb t.co/a ://t.co/a", links); got != "A, B http://t.co/bb t.co/a ://t.co/a" {
		t.Error(got)
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		column string
		want   []string
	}{
		{"", nil},
		{"http://a", []string{"http://a"}},
		{"http://a,https://b/?c,d,http://a", []string{"http://a", "https://b/?c,d"}},
	}
	for _, test := range tests {
		if got := addresses(test.column); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.column, got, test.want)
		}
	}
}

func TestAbsorb(t *testing.T) {
	const noon = 12 * 60 * 60
	today := record{id: 5, mark: live | cutShort, form: formToday, sec: noon, text: "RT @bob: cut…", lang: "en"}
	old := record{id: 5, mark: live, form: formMonth, text: "RT @bob: cut no more", repostOf: "4"}
	table := record{id: 5, mark: live, form: formRow, text: "RT @bob: cut no more", replyTo: "3"}
	tomb := record{id: 5, mark: superseded}
	whole := record{id: 5, mark: live, form: formMonth, sec: noon, text: "RT @bob: cut no more", lang: "en", repostOf: "4", replyTo: "3"}
	for _, order := range [][]record{{today, old, table}, {table, old, today}, {old, today, table}} {
		got := order[0]
		got.absorb(order[1])
		got.absorb(order[2])
		if got != whole {
			t.Errorf("got %+v, want %+v", got, whole)
		}
	}
	whole.mark |= superseded
	tomb.absorb(whole)
	if tomb != whole {
		t.Errorf("got %+v, want %+v", tomb, whole)
	}
}

func TestHandle(t *testing.T) {
	for name, want := range map[string]string{"Ann_1": "Ann_1", "": "", "a/b": "", "../x": "", "é": "", "a b": ""} {
		if got := handle([]byte(name)); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
