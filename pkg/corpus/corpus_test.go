package corpus

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/post"
	"horsepipe/pkg/scratch/faulty"
	"horsepipe/pkg/text"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// long is a text of 140 characters that X has cut.
var long = "RT @you: " + strings.Repeat("so many words ", 20)[:130] + "…"

func view(line string) *post.View {
	var p post.Parser
	var v post.View
	if err := p.Parse([]byte(line), &v); err != nil {
		panic(err)
	}
	return &v
}

func TestSift(t *testing.T) {
	for _, c := range []struct {
		name   string
		filter Filter
		line   string
		reason Reason
		text   string
	}{
		{"plain", Filter{}, `{"text":" one &amp; two "}`, Kept, "one & two"},
		{"repost by field", Filter{}, `{"text":"one two","repost_of":"1"}`, Repost, ""},
		{"repost by flag", Filter{}, `{"text":"one two","retweet":true}`, Repost, ""},
		{"repost by text", Filter{}, `{"text":"RT @you: one two"}`, Repost, ""},
		{"without colon", Filter{}, `{"text":"rt @you one two"}`, Repost, ""},
		{"colon first", Filter{}, `{"text":"RT: @you one two"}`, Repost, ""},
		{"name with a digit", Filter{}, `{"text":"RT @9you one two"}`, Repost, ""},
		{"name with an underscore", Filter{}, `{"text":"RT @_you one two"}`, Repost, ""},
		{"almost RT", Filter{}, `{"text":"XT @you one two"}`, Kept, "XT @you one two"},
		{"almost RT, too", Filter{}, `{"text":"RX @you one two"}`, Kept, "RX @you one two"},
		{"RT and half a name", Filter{}, `{"text":"RT : @"}`, Kept, "RT : @"},
		{"RT and no name", Filter{}, `{"text":"RT @! one two"}`, Kept, "RT @! one two"},
		{"RT in a word", Filter{}, `{"text":"START @you one two"}`, Kept, "START @you one two"},
		{"comment", Filter{}, `{"text":"so true! RT @you: one two RT @me: three"}`, Kept, "so true!"},
		{"comment with a colon", Filter{}, `{"text":"so true: RT: @you one two"}`, Kept, "so true"},
		{"comment with a link", Filter{}, `{"text":"so true https://t.co/a\nRT @you: one two https://t.co/b"}`, Kept, "so true"},
		{"comment before a quotation", Filter{}, `{"text":"so \"true\" “RT @you: one two”"}`, Kept, `so "true"`},
		{"comment before a plain quotation", Filter{}, `{"text":"so true 'RT @you: one two'"}`, Kept, "so true"},
		{"comment before a bracket", Filter{}, `{"text":"so true (RT @you one two)"}`, Kept, "so true"},
		{"no comment, but a quotation", Filter{}, `{"text":"\"RT @you: one two\""}`, Repost, ""},
		{"comment of a name", Filter{}, `{"text":"@them RT @you: one two"}`, Repost, ""},
		{"comment of signs", Filter{}, `{"text":"^^ 👍 RT @you: one two"}`, Repost, ""},
		{"comment of too few words", Filter{MinWords: 2}, `{"text":"true! RT @you: one two"}`, Repost, ""},
		{"kept with its comment", Filter{KeepReposts: true}, `{"text":"so true RT @you: one two"}`, Kept, "so true RT @you: one two"},
		{"RT later in a word", Filter{}, `{"text":"we START @home, at the MART @two"}`, Kept, "we START @home, at the MART @two"},
		{"RT later without a name", Filter{}, `{"text":"please RT and RT this @you"}`, Kept, "please RT and RT this @you"},
		{"rt later", Filter{}, `{"text":"the art of rt @you"}`, Kept, "the art of rt @you"},
		{"RT as a word", Filter{}, `{"text":"RT is a TV station @home"}`, Kept, "RT is a TV station @home"},
		{"RT and mail", Filter{}, `{"text":"rt@example.org is my address"}`, Kept, "rt@example.org is my address"},
		{"cut repost", Filter{}, `{"text":"` + long + `"}`, CutRepost, ""},
		{"cut repost of a kept kind", Filter{KeepReposts: true}, `{"text":"` + long + `"}`, CutRepost, ""},
		{"cut repost before white space", Filter{}, `{"text":"` + long + ` \n"}`, CutRepost, ""},
		{"cut repost with full stops", Filter{}, `{"text":"` + strings.TrimSuffix(long, "…") + `..."}`, CutRepost, ""},
		{"long repost", Filter{}, `{"text":"` + strings.TrimSuffix(long, "…") + `"}`, Repost, ""},
		{"kept repost", Filter{KeepReposts: true, NoReplies: true}, `{"text":"RT @you1999@example.org: one two..."}`, Kept, "one two..."},
		{"kept repost of few characters in many bytes", Filter{KeepReposts: true}, `{"text":"RT @you: ` + strings.Repeat("日", 60) + `…"}`, Kept, strings.Repeat("日", 60) + "…"},
		{"own", Filter{Own: []string{"@Bot"}}, `{"text":"one two","author":"bOT"}`, Own, ""},
		{"not own", Filter{Own: []string{"bot", ""}}, `{"text":"one two","author":""}`, Kept, "one two"},
		{"somebody's", Filter{Own: []string{"bot"}}, `{"text":"one two","author":"tob"}`, Kept, "one two"},
		{"unwanted", Filter{Without: map[string]bool{"7": true}}, `{"id":"7","text":"one two"}`, Unwanted, ""},
		{"for followers", Filter{KeepReposts: true}, `{"text":"one two","visibility":"private","repost":true}`, Private, ""},
		{"for one", Filter{}, `{"content":"one two","visibility":"direct"}`, Private, ""},
		{"for whom is unknown", Filter{}, `{"text":"one two","visibility":"followers"}`, Private, ""},
		{"not in lists, as Misskey says it", Filter{}, `{"text":"one two","visibility":"home"}`, Kept, "one two"},
		{"not in lists, but for all", Filter{}, `{"content":"one two","visibility":"unlisted"}`, Kept, "one two"},
		{"language", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"en"}`, Language, ""},
		{"language of a region", Filter{Langs: []string{"fr", "EN"}}, `{"text":"one two","lang":"en-GB"}`, Kept, "one two"},
		{"any language", Filter{}, `{"text":"one two","lang":"en"}`, Kept, "one two"},
		{"language of a region, in an old form", Filter{Langs: []string{"en"}}, `{"text":"one two","lang":"en_GB"}`, Kept, "one two"},
		{"language of three letters", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"eng"}`, Language, ""},
		{"Quechua", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"qu"}`, Language, ""},
		{"Cusco Quechua", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"quz"}`, Language, ""},
		{"old code of Yiddish", Filter{Langs: []string{"yi"}}, `{"text":"one two","lang":"ji"}`, Kept, "one two"},
		{"Norwegian", Filter{Langs: []string{"no"}}, `{"text":"one two","lang":"nb"}`, Kept, "one two"},
		{"old code", Filter{Langs: []string{"id"}}, `{"text":"one two","lang":"in"}`, Kept, "one two"},
		{"old code, wanted", Filter{Langs: []string{"IW"}}, `{"text":"one two","lang":"iw"}`, Kept, "one two"},
		{"old code in capitals", Filter{Langs: []string{"he"}}, `{"text":"one two","lang":"IW-il"}`, Kept, "one two"},
		{"no language in capitals", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"UND"}`, Kept, "one two"},
		{"no language", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"und"}`, Kept, "one two"},
		{"language not given", Filter{Langs: []string{"fr"}}, `{"text":"one two"}`, Kept, "one two"},
		{"only a hashtag", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"qht"}`, Kept, "one two"},
		{"several languages", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"mul"}`, Kept, "one two"},
		{"a language without code", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"mis"}`, Kept, "one two"},
		{"not a language", Filter{Langs: []string{"fr"}}, `{"text":"one two","lang":"zxx"}`, Kept, "one two"},
		{"reply", Filter{}, `{"text":"@a @b_1: one two @c"}`, Kept, "one two @c"},
		{"reply by field", Filter{NoReplies: true}, `{"text":"one two","reply_to":"1"}`, Reply, ""},
		{"reply by name", Filter{NoReplies: true}, `{"text":"@a one two"}`, Reply, ""},
		{"name in a sentence", Filter{NoReplies: true}, `{"text":"@a's one two"}`, Kept, "@a's one two"},
		{"name and comma", Filter{}, `{"text":"@a, one two"}`, Kept, "one two"},
		{"names and a colon by itself", Filter{}, `{"text":"@a : @b , one two"}`, Kept, "one two"},
		{"name and a face", Filter{}, `{"text":"@a :) one two"}`, Kept, ":) one two"},
		{"name and a wide face", Filter{}, `{"text":"@a : ) one two"}`, Kept, ": ) one two"},
		{"name and a wide sad face", Filter{}, `{"text":"@a : ( one two"}`, Kept, ": ( one two"},
		{"name and a list", Filter{}, `{"text":"@a - one two"}`, Kept, "- one two"},
		{"no name", Filter{}, `{"text":"@ one two"}`, Kept, "@ one two"},
		{"name with a particle", Filter{}, `{"text":"@a @b님의 one two"}`, Kept, "@b님의 one two"},
		{"nothing but names", Filter{}, `{"text":"@a @b"}`, Short, ""},
		{"nothing but a name and a colon", Filter{}, `{"text":"@a:"}`, Short, ""},
		{"links", Filter{}, `{"text":"one two https://t.co/a\nhttps://t.co/b"}`, Kept, "one two"},
		{"glued links", Filter{}, `{"text":"one two` + strings.Repeat("https://t.co/a", 20_000) + `"}`, Kept, "one two"}, // in linear time
		{"links that stay", Filter{KeepLinks: true}, `{"text":"one two https://t.co/a"}`, Kept, "one two https://t.co/a"},
		{"link inside", Filter{}, `{"text":"one https://t.co/a two"}`, Kept, "one https://t.co/a two"},
		{"no link", Filter{}, `{"text":"one and/or"}`, Kept, "one and/or"},
		{"no link, but one token", Filter{}, `{"text":"open 24/7"}`, Kept, "open 24/7"},
		{"link in brackets", Filter{}, `{"text":"one two (https://t.co/a)"}`, Kept, "one two (https://t.co/a)"},
		{"glued link", Filter{}, `{"text":"日本語https://t.co/a"}`, Kept, "日本語"},
		{"colon before a link", Filter{}, `{"text":"Photo: https://t.co/a"}`, Kept, "Photo"},
		{"wide colon before a link", Filter{}, `{"text":"写真：https://t.co/a"}`, Kept, "写真"},
		{"dash before a link", Filter{}, `{"text":"one two - https://t.co/a"}`, Kept, "one two"},
		{"long dashes before a link", Filter{}, `{"text":"one – two — https://t.co/a"}`, Kept, "one – two"},
		{"two dashes before a link", Filter{}, `{"text":"one two -- https://t.co/a"}`, Kept, "one two"},
		{"colon, line and dash before a link", Filter{}, `{"text":"one two:\n- https://t.co/a"}`, Kept, "one two"},
		{"bars before links", Filter{}, `{"text":"one (two) | https://t.co/a | https://t.co/b"}`, Kept, "one (two)"},
		{"colon after a bracket", Filter{}, `{"text":"one (two): https://t.co/a"}`, Kept, "one (two)"},
		{"colon after quotes", Filter{}, `{"text":"“one” \"two\": https://t.co/a"}`, Kept, `“one” "two"`},
		{"colon after plain quotes", Filter{}, `{"text":"one 'two': https://t.co/a"}`, Kept, "one 'two'"},
		{"colon by itself before a link", Filter{}, `{"text":"one two : https://t.co/a"}`, Kept, "one two"},
		{"nothing but a colon before a link", Filter{}, `{"text":": https://t.co/a"}`, Short, ""},
		{"comma before a link", Filter{}, `{"text":"one two, https://t.co/a"}`, Kept, "one two"},
		{"Arabic comma before a link", Filter{}, `{"text":"واحد اثنان، https://t.co/a"}`, Kept, "واحد اثنان"},
		{"arrow before a link", Filter{}, `{"text":"one two → https://t.co/a"}`, Kept, "one two"},
		{"arrow after a word", Filter{}, `{"text":"사과▶https://t.co/a"}`, Kept, "사과"},
		{"arrows on a line of their own", Filter{}, `{"text":"one two\n\n➡️➡️ https://t.co/a"}`, Kept, "one two"},
		{"colon and hands before a link", Filter{}, `{"text":"one two: 👉🏽👉🏽 https://t.co/a"}`, Kept, "one two"},
		{"heart before a link", Filter{}, `{"text":"one two ❤️ https://t.co/a"}`, Kept, "one two ❤️"},
		{"comma after a mark", Filter{}, `{"text":"one two!, https://t.co/a"}`, Kept, "one two!,"},
		{"arrow without a link", Filter{}, `{"text":"one two →"}`, Kept, "one two →"},
		{"nothing but a dash before a link", Filter{}, `{"text":"- https://t.co/a"}`, Short, ""},
		{"colon without a link", Filter{}, `{"text":"one two:"}`, Kept, "one two:"},
		{"colon before a link that stays", Filter{KeepLinks: true}, `{"text":"one: https://t.co/a"}`, Kept, "one: https://t.co/a"},
		{"face before a link", Filter{}, `{"text":"one two :| https://t.co/a"}`, Kept, "one two :|"},
		{"colon after a number", Filter{}, `{"text":"one 2: https://t.co/a"}`, Kept, "one 2"},
		{"dashes around a word before a link", Filter{}, `{"text":"one -two- https://t.co/a"}`, Kept, "one -two-"},
		{"named emoji before a link", Filter{}, `{"text":"one :two: https://t.co/a"}`, Kept, "one :two:"},
		{"half a face before a link", Filter{}, `{"text":"one two :- https://t.co/a"}`, Kept, "one two :-"},
		{"face of a letter before a link", Filter{}, `{"text":"one two D: https://t.co/a"}`, Kept, "one two D:"},
		{"face of a bracket before a link", Filter{}, `{"text":"one two ): https://t.co/a"}`, Kept, "one two ):"},
		{"eyes before a link", Filter{}, `{"text":"one two =| https://t.co/a"}`, Kept, "one two =|"},
		{"colon after a mark", Filter{}, `{"text":"one two!: https://t.co/a"}`, Kept, "one two!:"},
		{"mail address", Filter{}, `{"text":"one two me@example.org"}`, Kept, "one two me@example.org"},
		{"one word", Filter{MinWords: 2}, `{"text":"one! :-)"}`, Short, ""},
		{"one word is enough", Filter{}, `{"text":"one!"}`, Kept, "one!"},
		{"tags, numbers and names are words", Filter{MinWords: 4}, `{"text":"#one 2 $THREE @four"}`, Kept, "#one 2 $THREE @four"},
		{"no word", Filter{}, `{"text":"!? https://t.co/a"}`, Short, ""},
		{"rejected", Filter{Reject: []string{"Two"}}, `{"text":"one TWO"}`, Rejected, ""},
		{"rejected tag", Filter{Reject: []string{"cat"}}, `{"text":"one two #Cat"}`, Rejected, ""},
		{"rejected in a tag", Filter{Reject: []string{"horse"}}, `{"text":"one two #BigHorseShow"}`, Rejected, ""},
		{"rejected phrase", Filter{Reject: []string{"two  Three"}}, `{"text":"one two three"}`, Rejected, ""},
		{"not rejected in a word", Filter{Reject: []string{"horse"}}, `{"text":"one horseshoe"}`, Kept, "one horseshoe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.filter.NewSieve()
			it, reason := s.Sift(view(c.line))
			if reason != c.reason || reason == Kept && string(it.Text) != c.text {
				t.Errorf("got %q, %v; want %q, %v", it.Text, reason, c.text, c.reason)
			}
			if whole := text.Normalise(string(view(c.line).Text)); (reason == Repost || reason == CutRepost) && string(it.Text) != whole {
				t.Errorf("a repost is known as %q, want %q", it.Text, whole)
			}
		})
	}
}

// What was cut off the ends of a text is reported, except names and links: somebody else's words, and
// what pointed at a name, at these words or at a link. A post that says nothing else is a repost, with
// its whole text.
func TestWhole(t *testing.T) {
	for in, want := range map[string]Item{
		`{"text":"so true - RT @you: one two"}`:              {Text: []byte("so true"), Whole: []byte("so true - RT @you: one two")},
		`{"text":"@me so true \"RT @you: one two\""}`:        {Text: []byte("so true"), Whole: []byte(`@me so true "RT @you: one two"`), Names: 1},
		`{"text":"@them -- RT @you: one two"}`:               {Text: []byte("@them -- RT @you: one two")},
		`{"text":"A title - https://t.co/a"}`:                {Text: []byte("A title"), Whole: []byte("A title - https://t.co/a"), Links: 1},
		`{"text":"A title https://t.co/a - https://t.co/b"}`: {Text: []byte("A title"), Whole: []byte("A title https://t.co/a - https://t.co/b"), Links: 2},
		`{"text":"A title https://t.co/a"}`:                  {Text: []byte("A title"), Links: 1},
		`{"text":"one and/or https://t.co/a"}`:               {Text: []byte("one and/or"), Links: 1},
		`{"text":"open 24/7 - https://t.co/a"}`:              {Text: []byte("open 24/7"), Whole: []byte("open 24/7 - https://t.co/a"), Links: 1},
		`{"text":"Photo: https://t.co/a https://t.co/b"}`:    {Text: []byte("Photo"), Links: 2},
		`{"text":"Photo: - https://t.co/a"}`:                 {Text: []byte("Photo"), Whole: []byte("Photo: - https://t.co/a"), Links: 1},
		`{"text":"so D: https://t.co/a"}`:                    {Text: []byte("so D:"), Links: 1},
		`{"text":"so D: - https://t.co/a"}`:                  {Text: []byte("so D:"), Whole: []byte("so D: - https://t.co/a"), Links: 1},
		`{"text":"写真: https://t.co/a"}`:                      {Text: []byte("写真"), Whole: []byte("写真: https://t.co/a"), Links: 1},
		`{"text":"A title 👉🏽 https://t.co/a"}`:               {Text: []byte("A title"), Whole: []byte("A title 👉🏽 https://t.co/a"), Links: 1},
		`{"text":"A title, https://t.co/a"}`:                 {Text: []byte("A title"), Links: 1},
		`{"text":"@me : so true"}`:                           {Text: []byte("so true"), Whole: []byte("@me : so true"), Names: 1},
		`{"text":"@me: so true"}`:                            {Text: []byte("so true"), Names: 1},
		`{"text":"so true"}`:                                 {Text: []byte("so true")},
	} {
		it, _ := new(Filter).NewSieve().Sift(view(in))
		if it.Hash, it.Reply = 0, false; !reflect.DeepEqual(it, want) {
			t.Errorf("%s: got %q of %q, %d names, %d links", in, it.Text, it.Whole, it.Names, it.Links)
		}
	}
	if it, _ := (Filter{KeepReposts: true}).NewSieve().Sift(view(`{"text":"so true RT @you: one two"}`)); it.Whole != nil {
		t.Errorf("nothing was cut off, but the whole is %q", it.Whole)
	}
}

func TestSiftAllocatesNothing(t *testing.T) {
	s := Filter{Own: []string{"bot"}, Langs: []string{"pt-BR", "en"}}.NewSieve()
	v := view(`{"text":"@you one two Été: https://t.co/a RT @them: three","author":"me","lang":"en-GB"}`)
	if n := testing.AllocsPerRun(100, func() { s.Sift(v) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSiftAnything(t *testing.T) {
	s := Filter{MinWords: 1}.NewSieve()
	piece := rapid.SampledFrom([]string{"@a", "@b:", "RT", "RT @c ", "“", " ", "\n", "https://t.co/x", "/", "word", "é", "#tag", "…", "\u202f", ".", ":", "-", "|"})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "") + rapid.String().Draw(t, "end")
		it, reason := s.Sift(&post.View{Text: []byte(in)})
		if reason != Kept {
			return
		}
		first := string(it.Text)
		if first == "" || text.Normalise(first) != first || !strings.Contains(text.Normalise(in), first) {
			t.Fatalf("%q became %q", in, first)
		}
		again, reason := s.Sift(&post.View{Text: []byte(first)})
		if reason == Kept && (string(again.Text) != first || again.Names+again.Links > 0) {
			t.Fatalf("%q became %q and then %q", in, first, again.Text)
		}
	})
}

func TestDuplicates(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"One two", "one\n  TWO", true},
		{"Été là", "éTÉ LÀ", true},
		{"one two", "onetwo", false},
		{"one two", "one two!", false},
		{"12345678", "1234567", false},
		{"12345678", "12345678\x00", false},
		{"one two three", "one two seven", false},
	} {
		a, key := hashFolded([]byte(c.a), nil)
		b, _ := hashFolded([]byte(c.b), key)
		if (a == b) != c.same {
			t.Errorf("%q, %q: %x, %x", c.a, c.b, a, b)
		}
	}
	var d Dedup
	if d.Seen(1) || d.Seen(2) || !d.Seen(1) {
		t.Error("the set forgets")
	}
}

func TestFoldingEightBytesAtOnce(t *testing.T) {
	piece := rapid.SampledFrom([]string{"A", "Z", "@", "[", "a", " ", "  ", "\n", "\t", "!", "é", "É", "日", "\u3000", "\x7f", "~", "Word", "longer", "ÿ", "Ÿ", "Þ", "ß", "×", "Σ", "ع", "Ａ", "Ꙗ"})
	rapid.Check(t, func(t *rapid.T) {
		for _, pieces := range rapid.SliceOfN(rapid.SliceOf(piece), 50, 50).Draw(t, "pieces") {
			in := text.Normalise(strings.Join(pieces, ""))
			_, got := hashFolded([]byte(in), nil)
			if want := strings.Join(strings.Fields(strings.ToLower(in)), " "); string(got) != want {
				t.Fatalf("%q: got %q, want %q", in, got, want)
			}
		}
	})
}

func TestHashesDiffer(t *testing.T) {
	var d Dedup
	var key []byte
	for i := range 200_000 {
		var h uint64
		if h, key = hashFolded(fmt.Appendf(nil, "post number %d of many", i), key); d.Seen(h) {
			t.Fatalf("number %d collides", i)
		}
	}
}

func TestTally(t *testing.T) {
	var sum Tally
	for range 2 {
		one := Tally{Bad: 1}
		one.Add(&Item{Names: 2, Links: 1, Reply: true}, Kept)
		one.Add(&Item{Names: 9}, Duplicate)
		one.Add(&Item{}, Repost)
		sum.Merge(&one)
	}
	want := "8 read, 2 learned (2 replies); left out: 2 reposts, 2 duplicates, 2 bad lines; dropped: 4 names, 2 links"
	if got := sum.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var all Tally
	for i := range all.Count {
		all.Count[i] = i
	}
	want = "55 read, 0 learned; left out: 1 by their ids, 2 not public, 3 reposts, 4 reposts that are cut off, 5 own posts, 6 in other languages, " +
		"7 replies, 8 too short, 9 with rejected words, 10 duplicates"
	if got := all.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := new(Tally).String(), "0 read, 0 learned"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// number is a hash like those of texts.
func number(i uint64) uint64 { return hash(binary.LittleEndian.AppendUint64(nil, i)) }

func TestDedupAgreesWithAMap(t *testing.T) {
	for _, memory := range []int64{0, 1, 3 << 10, 1 << 20, 1 << 24} {
		var d Dedup
		d.Bound(memory, t.TempDir())
		defer d.Close()
		seen := map[uint64]bool{}
		hash, posts := uint64(0), min(200_000, 500+uint64(memory)*4)
		if memory == 0 {
			posts = 200_000
		}
		for i := range posts {
			hash = number(i % (posts * 9 / 20))
			if i%1000 == 0 {
				hash = i % 3 // 0 too
			}
			if got := d.Seen(hash); got != seen[hash] {
				t.Fatalf("hash %d: seen %v, want %v", hash, got, seen[hash])
			}
			seen[hash] = true
		}
		if err := d.Err(); err != nil {
			t.Error(err)
		}
		held := 0
		for i := range d.tables {
			held += d.tables[i].n
		}
		if memory > 0 && held > d.most {
			t.Errorf("%d hashes in the tables, which may hold %d", held, d.most)
		}
		if runs := len(d.file.runs); runs > 4*fanIn {
			t.Errorf("%d runs of %d posts", runs, posts)
		}
	}
}

// However large a bound is, it takes memory only for posts that come.
func TestDedupBounds(t *testing.T) {
	for _, memory := range []int64{1, 1 << 40, math.MaxInt64} {
		var d Dedup
		d.Bound(memory, t.TempDir())
		for i := range uint64(100) {
			if d.Seen(number(i)) || !d.Seen(number(i)) || d.Err() != nil {
				t.Fatalf("%d bytes: post %d, %v", memory, i, d.Err())
			}
		}
		d.Close()
	}
}

// Wherever the disk fails, the error must be reported, and no file be left.
func TestDedupDiskFull(t *testing.T) {
	dir := t.TempDir()
	for after := 0; ; after += 1 + after/4 {
		var d Dedup
		d.Bound(8<<10, dir)
		d.file.temp.Create = faulty.NewDisk(after).Create
		for i := range uint64(8000) {
			d.Seen(number(i % 5000))
		}
		err := d.Err()
		if e := d.Close(); e != nil {
			t.Fatal(e)
		}
		if list, _ := os.ReadDir(dir); len(list) > 0 {
			t.Fatalf("%s is left", list[0])
		}
		if err == nil {
			t.Logf("%d reads and writes", after)
			return
		}
		if !errors.Is(err, faulty.ErrFull) || !strings.Contains(err.Error(), dir) {
			t.Fatalf("after %d reads and writes: %v", after, err)
		}
	}
}

// writeSkewed writes a run whose hashes are far from where they are expected: all those of a table
// are at its beginning or at its end. There are n of each kind, and others between them are absent.
func writeSkewed(f *hashFile, n uint64) (there, absent []uint64) {
	const tables = 1 << dedupBits
	at := [tables][]uint64{}
	for i := range n {
		low, high := uint64(3)<<(64-dedupBits)+2*i, uint64(5)<<(64-dedupBits)-2-2*i
		at[3], at[4] = append(at[3], low), append(at[4], high)
		there, absent = append(there, low, high), append(absent, low+1, high+1)
	}
	f.write(0, func(table int, part []uint64) []uint64 { return append(part, at[table]...) })
	return there, absent
}

func TestHashesFarFromTheirPlace(t *testing.T) {
	var f hashFile
	f.temp.Dir = t.TempDir()
	defer f.temp.Close()
	there, absent := writeSkewed(&f, 3*window)
	for i := range there {
		if !f.find(&f.runs[0], there[i]) || f.find(&f.runs[0], absent[i]) {
			t.Fatalf("%#x or %#x", there[i], absent[i])
		}
	}
	if err := f.temp.Err(); err != nil {
		t.Error(err)
	}
}

func TestHashFileThatCannotBeRead(t *testing.T) {
	var f hashFile
	f.temp.Dir = t.TempDir()
	f.temp.Create = faulty.NewDisk(1 << dedupBits).Create // enough for the run
	defer f.temp.Close()
	there, _ := writeSkewed(&f, 3*window) // more than is read at once
	if err := f.temp.Err(); err != nil {
		t.Fatal(err)
	}
	if f.find(&f.runs[0], there[0]) || !errors.Is(f.temp.Err(), faulty.ErrFull) {
		t.Errorf("%v", f.temp.Err())
	}
}

// A write that fails is an error, even if what it lost is never read.
func TestHashFileThatCannotBeWritten(t *testing.T) {
	var f hashFile
	f.temp.Dir = t.TempDir()
	f.temp.Create = faulty.NewDisk(1<<dedupBits - 1).Create
	defer f.temp.Close()
	if writeSkewed(&f, 1); !errors.Is(f.temp.Err(), faulty.ErrFull) {
		t.Errorf("%v", f.temp.Err())
	}
}

// Two million posts, a tenth of them duplicates of any age, within the given bytes a post; 0 means
// no bound.
func BenchmarkDedup(b *testing.B) {
	const posts = 2_000_000
	for _, bytes := range []float64{0, 2, 1, 0.5} {
		b.Run(fmt.Sprintf("bytes=%g", bytes), func(b *testing.B) {
			for b.Loop() {
				var d Dedup
				d.Bound(int64(bytes*posts), b.TempDir())
				for i := range uint64(posts) {
					if i%10 == 9 {
						i = number(i) % i
					}
					d.Seen(number(i))
				}
				if err := errors.Join(d.Err(), d.Close()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/posts, "ns/post")
		})
	}
}
