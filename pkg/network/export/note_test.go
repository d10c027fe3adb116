package export

import (
	"fmt"
	"strings"
	"testing"
)

// noteOf is an element of note-tweet.js; links are pairs of a short one and a long one.
func noteOf(id, date, text string, links ...string) string {
	var urls []string
	for i := 0; i < len(links); i += 2 {
		urls = append(urls, fmt.Sprintf(`{"shortUrl":%q,"expandedUrl":%q}`, links[i], links[i+1]))
	}
	return fmt.Sprintf(`{ "noteTweet" : { "noteTweetId" : %q, "createdAt" : %q, "lifecycle" : { "name" : "Active" }, "core" : { "text" : "%s", "urls" : [ %s ] } } }`,
		id, date, text, strings.Join(urls, ","))
}

func TestNotes(t *testing.T) {
	const (
		begin = "This is how a post begins that goes on and on"
		whole = begin + " until the very end."
		noon  = "2023-06-01T10:00:00.000Z"
		later = "2023-07-01T10:00:00.000Z"
	)
	url := func(short, long string) string {
		return fmt.Sprintf(`"entities" : { "urls" : [ { "url" : %q, "expanded_url" : %q } ] }`, short, long)
	}
	tests := []struct {
		name          string
		tweets, notes []string
		want          []string
		joined        int
	}{
		{"same second", []string{tweet("5", june, begin+"…")}, []string{noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
		{"a second beside", []string{tweet("5", june, begin+"…")}, []string{noteOf("900", "2023-06-01T10:00:01.002Z", whole)}, []string{"5 " + whole}, 1},
		{"by the time in the id", []string{tweet("5", june, begin+"…")}, []string{noteOf(at(400), "", whole)}, []string{"5 " + whole}, 1},
		{"no mark of a cut", []string{tweet("5", june, begin)}, []string{noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
		{"link to itself", []string{tweet("5", june, begin+"… https://t.co/s", url("https://t.co/s", "https://twitter.com/i/web/status/5"))},
			[]string{noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
		{"unknown link at the end", []string{tweet("5", june, begin+"… https://t.co/s")}, []string{noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
		{"reply, other short links", []string{tweet("5", june, "@bob @cy see https://t.co/old for…", url("https://t.co/old", "https://example.org/a"))},
			[]string{noteOf("900", noon, "see https://t.co/new for yourself", "https://t.co/new", "https://example.org/a")},
			[]string{"5 @bob @cy see https://example.org/a for yourself"}, 1},
		{"names in both", []string{tweet("5", june, "@bob "+begin+"…")}, []string{noteOf("900", noon, "@bob "+whole)}, []string{"5 @bob " + whole}, 1},
		{"escapes and white space", []string{tweet("5", june, `R&amp;D is\n\n`+begin+"…")}, []string{noteOf("900", noon, `R&amp;D  is\n`+whole)},
			[]string{"5 R&D  is\n" + whole}, 1},
		{"not escaped", []string{tweet("5", june, "a &gt;&gt; b. "+begin+"…")}, []string{noteOf("900", noon, "a >> b. "+whole+" <br> R&D &amp; so on")},
			[]string{"5 a >> b. " + whole + " <br> R&D &amp; so on"}, 1},
		{"quoted post and picture behind it", []string{tweet("5", june, begin+"… https://t.co/q https://t.co/p", url("https://t.co/q", "https://twitter.com/bob/status/4"))},
			[]string{noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
		{"whole and short, for its italics", []string{tweet("5", june, "Ship it! https://t.co/q", url("https://t.co/q", "https://twitter.com/bob/status/4"))},
			[]string{noteOf("900", noon, "Ship it!")}, []string{"5 Ship it!"}, 1},
		{"two in one second", []string{tweet("5", june, "One. "+begin+"…"), tweet("6", june, "Two. "+begin+"…")},
			[]string{noteOf("901", noon, "Two. "+whole), noteOf("900", noon, "One. "+whole)}, []string{"5 One. " + whole, "6 Two. " + whole}, 2},
		{"same beginning, nearest id", []string{tweet(at(0), june, begin+"…"), tweet(at(400), june, begin+"…")},
			[]string{noteOf(at(399), noon, whole+" B"), noteOf(at(1), noon, whole+" A")}, []string{at(0) + " " + whole + " A", at(400) + " " + whole + " B"}, 2},
		{"same second, another text", []string{tweet("5", june, "Short…")}, []string{noteOf("900", noon, whole)}, []string{"5 Short…"}, 0},
		{"short and whole", []string{tweet("5", june, "This")}, []string{noteOf("900", noon, whole)}, []string{"5 This"}, 0},
		{"scheduled", []string{tweet("5", june, begin+"…")}, []string{noteOf("900", later, whole)}, []string{"5 " + whole}, 1},
		{"another day, not cut", []string{tweet("5", june, begin)}, []string{noteOf("900", later, whole)}, []string{"5 " + begin}, 0},
		{"names its post", []string{tweet("5", june, "x")}, []string{`{"noteTweet":{"noteTweetId":"900","tweetId":"5","noteTweetResults":{"text":"` + whole + `"}}}`}, []string{"5 " + whole}, 1},
		{"id of its post", []string{tweet("5", june, "x")}, []string{noteOf("5", later, whole)}, []string{"5 " + whole}, 1},
		{"not for a repost", []string{tweet("5", june, "RT @ann: "+begin+"…")}, []string{noteOf("900", noon, "RT @ann: "+whole)}, []string{"5 RT @ann: " + begin + "…"}, 0},
		{"once", []string{tweet("5", june, begin+"…"), tweet("6", june, begin+"…")}, []string{noteOf("900", noon, whole)}, []string{"5 " + whole, "6 " + begin + "…"}, 1},
		{"repeated by another export", []string{tweet("5", june, begin+"…")}, []string{noteOf("900", noon, whole), noteOf("900", noon, whole)}, []string{"5 " + whole}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, rep := read(t, files{"data/tweets.js": ytd("tweets", test.tweets...), "data/note-tweet.js": ytd("note_tweet", test.notes...)}.zip(t))
			diff(t, texts(t, lines), test.want)
			alone := len(test.notes) > test.joined && test.name != "repeated by another export"
			if rep.Notes != test.joined || (len(rep.Warnings) > 0) != alone || rep.Cut > 0 {
				t.Errorf("%+v", rep)
			}
		})
	}
}

// TestNotesStayWithTheirs: posts that are left out keep their notes.
func TestNotesStayWithTheirs(t *testing.T) {
	const noon, begin = "2023-06-01T10:00:00.000Z", "The same words begin two posts, one of them in a community"
	lines, rep := read(t, files{
		"data/tweets.js":          ytd("tweets", tweet("6", "Fri Jun 02 10:00:00 +0000 2023", begin+" A…")),
		"data/community-tweet.js": ytd("community_tweet", tweet("5", june, begin+" A…")),
		"data/note-tweet.js":      ytd("note_tweet", noteOf("900", noon, begin+" A is for ants")),
	}.zip(t))
	diff(t, texts(t, lines), []string{"6 " + begin + " A…"})
	if rep.Notes != 0 || len(rep.Warnings) > 0 {
		t.Errorf("%+v", rep)
	}
}

// A post is compared with many notes, which may be long: none of them is read as a whole each time.
func TestNotesAreReadOnce(t *testing.T) {
	ns := &notes{}
	for i := range uint64(maxRivals) {
		if err := ns.index(note{id: i + 1, sec: 1, text: fmt.Sprintf("%d %s", i, strings.Repeat("long ", 200))}, 0); err != nil {
			t.Fatal(err)
		}
	}
	post := &record{id: 1 << 40, sec: 1, text: "not in any of them …"}
	if n := testing.AllocsPerRun(10, func() { ns.find(post) }); n > 20 {
		t.Errorf("%v allocations", n)
	}
}

// A long link that stands for a short one many times does not make a text of any size.
func TestNoteLinksAreBounded(t *testing.T) {
	const short = "https://t.co/a"
	long := "https://example.org/" + strings.Repeat("a", maxRecord/4)
	if got := expand(strings.Repeat(short+" ", 1000), map[string]string{short: long}); len(got) > 2*maxRecord || strings.Count(got, short) < 900 {
		t.Errorf("%d bytes", len(got))
	}
}
