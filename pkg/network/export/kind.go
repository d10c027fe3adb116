package export

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// kind is what a file of an export holds.
type kind uint8

const (
	other kind = iota
	manifestJS
	indexJS // data/js/tweet_index.js, the manifest of the old form
	accountJS

	posts  // from here on, records
	months // posts in the form of 2012 to 2018
	rows   // tweets.csv
	notePosts
	deleted
	community
	outbox // of Mastodon
)

// kinds maps what X calls its files to what they hold: names of variables
// (window.YTD.note_tweet.part0), of the manifest (noteTweet) and of files (note-tweet.js) alike, in
// the form that plain gives them. X once renamed tweet to tweets, and calls them posts elsewhere. Mastodon's
// outbox.json has only that name.
var kinds = map[string]kind{
	"tharconfig": manifestJS, "manifest": manifestJS,
	"tweetindex": indexJS,
	"account":    accountJS, "userdetails": accountJS,
	"tweets": posts, "tweet": posts, "posts": posts, "post": posts,
	"notetweet": notePosts, "notetweets": notePosts, "notepost": notePosts, "noteposts": notePosts,
	"deletedtweets": deleted, "deletedtweet": deleted, "deletedposts": deleted, "deletedpost": deleted,
	"communitytweet": community, "communitytweets": community, "communitypost": community, "communityposts": community,
	"outbox": outbox,
}

// activityStreams stands in the first lines of all that Mastodon exports.
var activityStreams = []byte("//www.w3.org/ns/activitystreams")

// The variables of today's form and of the old one, the name of a file of the old one, and the
// numbering at the end of a name.
var (
	ytdName  = regexp.MustCompile(`\bYTD\.(\w+)\.part\d+$`)
	grail    = regexp.MustCompile(`\bGrailbird\.data\.tweets_\d+_\d+$`)
	month    = regexp.MustCompile(`(^|/)tweets/\d{4}_\d{2}\.js$`)
	numbered = regexp.MustCompile(`([-_ ]?part[-_ ]?\d+|[-_ ]\d+| ?\(\d+\))+$`) // tweets-part1, tweets (2)
	plain    = strings.NewReplacer("_", "", "-", "", " ", "")
)

// named looks up a name of any of the three sorts.
func named(s string) kind { return kinds[strings.ToLower(plain.Replace(s))] }

// kindOf returns what a file holds: by the variable in its first bytes if that is one of X's, else
// by the manifest, else by its name. People rename files, and some remove the variable to have
// plain JSON or replace it by their own.
func kindOf(head []byte, listed kind, name string) kind {
	if strings.EqualFold(path.Ext(name), ".csv") {
		if bytes.Contains(head, []byte("tweet_id")) {
			return rows
		}
		return other
	}
	variable, ok := assigned(head)
	if !ok {
		return other
	}
	if m := ytdName.FindStringSubmatch(variable); m != nil {
		return named(m[1])
	}
	if grail.MatchString(variable) {
		return months
	}
	if k := named(variable[strings.LastIndexAny(variable, ". ")+1:]); k != other && k != posts {
		return k
	}
	if listed != other {
		return listed
	}
	if month.MatchString(name) {
		return months
	}
	base := path.Base(name)
	k := named(numbered.ReplaceAllString(strings.TrimSuffix(base, path.Ext(base)), ""))
	if k == outbox && !bytes.Contains(head, activityStreams) {
		return other
	}
	return k
}

// assigned returns the variable before the first "=", or "" if the JSON begins at once. It returns
// false for what cannot be data, such as the programs that X puts beside it.
func assigned(head []byte) (string, bool) {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, bom))
	if len(head) == 0 || head[0] == '[' || head[0] == '{' {
		return "", true
	}
	before, after, _ := bytes.Cut(head, []byte("="))
	after = bytes.TrimSpace(after)
	data := len(after) == 0 || after[0] == '[' || after[0] == '{'
	return string(bytes.TrimSpace(before)), data && !bytes.ContainsAny(before, "(){};\"'")
}

// rootOf returns the folder of the export that a file belongs to. A folder or a ZIP may hold several
// exports, of several accounts.
func rootOf(name string) string {
	dir := path.Dir(name)
	for _, inner := range []string{"data/js/tweets", "data/js", "data"} {
		if dir == inner {
			return "."
		}
		if outer, ok := strings.CutSuffix(dir, "/"+inner); ok {
			return outer
		}
	}
	return dir
}
