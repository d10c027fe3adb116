package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// outboxOf is an outbox.json as Mastodon writes it, in one line.
func outboxOf(activities ...string) string {
	return `{"@context":["https://www.w3.org/ns/activitystreams",{"orderedItems":["\"orderedItems\":["]}],"id":"outbox.json",` +
		`"type":"OrderedCollection","totalItems":1,"orderedItems":[` + strings.Join(activities, ",") + `],"summary":"orderedItems","first":[{}]}`
}

// toot is an activity with a post; more is what stands behind its text.
func toot(id, to, text, more string) string {
	return `{"id":"https://a.example/users/ann/statuses/` + id + `/activity","type":"Create","to":["` + to + `"],"object":{"id":"https://a.example/users/ann/statuses/` +
		id + `","type":"Note","published":"2023-06-01T10:00:00Z","url":"https://a.example/@ann/` + id + `","to":["` + to + `"],"content":"<p>` + text + `</p>"` + more + `}}`
}

const (
	everybody = "https://www.w3.org/ns/activitystreams#Public"
	followers = "https://a.example/users/ann/followers"
	boost     = `{"id":"https://a.example/users/ann/statuses/7/activity","type":"Announce","actor":"https://a.example/users/ann",` +
		`"published":"2023-06-01T10:00:00Z","to":["` + everybody + `"],"object":"https://b.example/users/bob/statuses/3"}`
)

// fedi is the line of a post that toot made.
func fedi(id, text, more string) string {
	return `{"id":"` + id + `","text":"` + text + `","created_at":"2023-06-01T10:00:00Z","author":"ann@a.example","url":"https://a.example/@ann/` +
		id + `"` + more + `,"network":"fediverse"}`
}

const boosted = `{"id":"7","text":"","created_at":"2023-06-01T10:00:00Z","author":"ann@a.example","repost_of":"https://b.example/users/bob/statuses/3","network":"fediverse"}`

func TestOutbox(t *testing.T) {
	whole := files{"archive/outbox.json": outboxOf(toot("10", everybody, "&quot;c&quot;", `,"inReplyTo":"https://a.example/users/ann/statuses/5"`), boost,
		toot("6", followers, "secret", ""), toot("5", everybody, "a", `,"contentMap":{"en":"a"}`)),
		"archive/actor.json": `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://a.example/users/ann"}`,
		"archive/likes.json": `{"@context":"https://www.w3.org/ns/activitystreams","orderedItems":["https://b.example/1"]}`}
	spread := strings.NewReplacer(`,"`, ",\n  \"", `[`, " [ ", `}`, "\n}\n").Replace(outboxOf(toot("5", everybody, "a", "")))
	tarred := tarBytes(t, whole)
	packed := writeFile(t, filepath.Join(t.TempDir(), "archive-2022.tar.gz"), gzipBytes(t, tarred))
	three := []string{strings.Replace(fedi("5", "a", ""), `,"url"`, `,"lang":"en","url"`, 1), boosted, fedi("10", `\"c\"`, `,"reply_to":"5"`)}
	for _, test := range []struct {
		name  string
		paths []string
		want  []string
		rep   Report
	}{
		{"a folder and a ZIP", []string{whole.folder(t), whole.zip(t)},
			three, Report{Posts: 3, Reposts: 1, Replies: 1, Private: 1, Repeated: 3}},
		{"a .tar.gz and a tar", []string{packed, writeFile(t, filepath.Join(t.TempDir(), "archive"), tarred)}, three, Report{Posts: 3, Reposts: 1, Replies: 1, Private: 1, Repeated: 3}},
		{"a .tar.gz in a folder", []string{filepath.Dir(packed)}, three, Report{Posts: 3, Reposts: 1, Replies: 1, Private: 1}},
		{"several lines", []string{files{"outbox.json": "\xef\xbb\xbf" + spread}.folder(t) + "/outbox.json"}, []string{fedi("5", "a", "")}, Report{Posts: 1}},
		{"no posts", []string{files{"outbox.json": outboxOf()}.folder(t)}, nil, Report{}},
		{"for followers in one of two", []string{files{"outbox.json": outboxOf(toot("5", followers, "a", "")), "outbox-2.json": outboxOf(toot("5", everybody, "a", ""))}.folder(t)},
			nil, Report{Private: 1}},
		{"beside posts of X", []string{files{"outbox.json": outboxOf(toot("5", everybody, "a", "")), "tweets.js": ytd("tweets", tweet("5", june, "b"), tweet("9", june, "RT @bob: c")),
			"note-tweet.js": ytd("note_tweet", noteOf("5", "2023-06-01T10:00:00.000Z", "bc"))}.folder(t)},
			[]string{`{"id":"5","text":"bc","created_at":"2023-06-01T10:00:00Z","url":"https://x.com/i/status/5","network":"x"}`,
				`{"id":"9","text":"RT @bob: c","created_at":"2023-06-01T10:00:00Z","url":"https://x.com/i/status/9","network":"x","repost":true}`,
				fedi("5", "a", "")}, Report{Posts: 3, Reposts: 1, Notes: 1}},
		{"an outbox of something else", []string{files{"outbox.json": `{"mails":[]}`, "tweets.js": "[]"}.folder(t)}, nil, Report{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines, rep := read(t, test.paths...)
			diff(t, lines, test.want)
			test.rep.Warnings = rep.Warnings
			if got, want := mustJSON(t, rep), mustJSON(t, test.rep); got != want || len(rep.Warnings) > 0 {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func mustJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBadOutbox(t *testing.T) {
	good := outboxOf(toot("5", everybody, "a", ""))
	for name, test := range map[string]struct{ content, want string }{
		"cut in a post":       {good[:strings.Index(good, "Note")], "outbox.json: damaged: the file ends in the middle"},
		"cut after the posts": {good[:strings.LastIndex(good, "]")], "outbox.json: damaged: the file ends in the middle"},
		"followed by another": {good + "<p>", "outbox.json: damaged: neither JSON nor a variable with JSON"},
		"closed twice":        {good + "}", "outbox.json: damaged: neither JSON nor a variable with JSON"},
		"quoted at the end":   {good + `"a"`, "outbox.json: damaged: neither JSON nor a variable with JSON"},
		"only its first page": {`{"@context":"https://www.w3.org/ns/activitystreams","first":"https://a.example/1"}`, "outbox.json: damaged: it has no list orderedItems"},
		"another list":        {strings.ReplaceAll(good, `"orderedItems":[{`, `"orderedItemsOf":[{`), "outbox.json: damaged: it has no list orderedItems"},
		"a post without end":  {strings.ReplaceAll(good, "<p>", "<p>"+strings.Repeat("x", maxRecord)), "outbox.json: refused: a record of more than 4 MiB"},
	} {
		lines, rep, err := tryRead(t, Options{}, files{"outbox.json": test.content}.folder(t))
		if err == nil || !strings.HasSuffix(err.Error(), test.want) || len(lines) > 0 || rep.Skipped > 0 {
			t.Errorf("%s: got %v, %+v", name, err, rep)
		}
	}
	_, rep := read(t, files{"outbox.json": outboxOf(`"https://a.example/1"`, `{"type":"Like"}`, `{"text":"a","network":"x"}`, toot("x", everybody, "a", ""), toot("0", everybody, "a", ""))}.folder(t))
	if len(rep.Warnings) != 5 || rep.Skipped != 5 || !strings.HasSuffix(rep.Warnings[3], "record 4: a post without an id that is a number") {
		t.Errorf("got %q", rep.Warnings)
	}
}

func TestBadTar(t *testing.T) {
	outbox := outboxOf(toot("5", everybody, strings.Repeat("a", 5000), ""))
	whole := tarBytes(t, files{"outbox.json": outbox})
	packed := gzipBytes(t, whole)
	flipped := bytes.Clone(packed)
	flipped[len(flipped)-5]++
	const unpack = "no posts of an export of X or Mastodon in it: unpack it and name the file or folder"
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"cut off":            {packed[:len(packed)-1], "damaged: the file ends in the middle"},
		"cut in the outbox":  {whole[:len(whole)-3000], "damaged: the file ends in the middle"},
		"wrong checksum":     {flipped, "damaged: its checksum is wrong"},
		"damaged in between": {append(bytes.Clone(whole[:2048]), bytes.Repeat([]byte("x"), 1024)...), "damaged: archive/tar: invalid tar header"},
		"no tar inside":      {gzipBytes(t, []byte(outbox)), unpack},
		"posts of X":         {gzipBytes(t, tarBytes(t, files{"data/tweets.js": ytd("tweets", tweet("5", june, "b"))})), unpack},
		"no outbox":          {tarBytes(t, files{"my-outbox.json": outbox, "outbox.json.txt": outbox}), unpack},
		"damaged outbox":     {gzipBytes(t, tarBytes(t, files{"outbox.json": outbox[:4000]})), "outbox.json: damaged: the file ends in the middle"},
		"path upwards":       {tarBytes(t, files{"../outbox.json": outbox}), `refused: a file named "../outbox.json" is in it`},
		"one name twice":     {tarBytes(t, files{"outbox.json": outbox, "./outbox.json": outbox}), `refused: "outbox.json" is in it twice`},
		"bomb":               {gzipBytes(t, tarBytes(t, files{"a": strings.Repeat("a", 32<<20)})), "refused: unpacked, it is far too large"},
	} {
		lines, rep, err := tryRead(t, Options{}, writeFile(t, filepath.Join(t.TempDir(), "archive.tar.gz"), test.content))
		if err == nil || !strings.HasSuffix(err.Error(), "archive.tar.gz: "+test.want) || len(lines) > 0 || len(rep.Warnings) > 0 {
			t.Errorf("%s: got %v, %+v", name, err, rep)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := openPath(ctx, writeFile(t, filepath.Join(t.TempDir(), "archive.tar"), whole)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; a large tar would be read to its end", err)
	}
}

// FuzzTar reads any bytes as a tar, packed or not, as FuzzZip does.
func FuzzTar(f *testing.F) {
	whole := tarBytes(f, files{"outbox.json": outboxOf(toot("5", everybody, "a", ""), boost), "likes.json": "{}"})
	f.Add(whole)
	f.Add(gzipBytes(f, whole))
	f.Fuzz(func(t *testing.T, in []byte) {
		src := newSource("x.tar", 1<<20, nil)
		_, packed := isTar(in)
		fuzzed(t, src, src.fromTar(context.Background(), bytes.NewReader(in), int64(len(in)), packed))
	})
}

// TestItems: the pieces in which a file is read do not matter.
func TestItems(t *testing.T) {
	const file = ` {"a\"":"\\","orderedItems":[{"b":"]\"}"},[],"orderedItems"],"c":{"orderedItems":[1]},"orderedItems":{"orderedItems":[2]},"d":[3]}` + "\n"
	const want = `[{"b":"]\"}"},[],"orderedItems"]`
	for _, r := range []io.Reader{strings.NewReader(file), iotest.OneByteReader(strings.NewReader(file)), iotest.DataErrReader(strings.NewReader(file))} {
		if got, err := io.ReadAll(&items{r: r}); string(got) != want || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
	}
	broken := errors.New("broken")
	if _, err := io.ReadAll(&items{r: io.MultiReader(strings.NewReader(file[:9]), iotest.ErrReader(broken))}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// FuzzOutbox reads any bytes as outbox.json, as FuzzTweetsJS does. What encoding/json finds in the list is found
// here, too.
func FuzzOutbox(f *testing.F) {
	f.Add(outboxOf(toot("5", everybody, "a", ""), boost))
	f.Add(`{"orderedItems":[` + toot("6", followers, "b", `,"quote":"c","contentMap":{"zhCn":"b"}`) + `, 5, ""],"a":[]}`)
	f.Fuzz(func(t *testing.T, in string) {
		var object map[string]json.RawMessage
		var list []json.RawMessage
		if strings.Count(in, itemsName) == 1 && json.Unmarshal([]byte(in), &object) == nil && json.Unmarshal(object[itemsName], &list) == nil && list != nil {
			if got, err := split(&items{r: strings.NewReader(in)}); err != nil || len(got) != len(list) {
				t.Errorf("%d elements, want %d, error %v", len(got), len(list), err)
			}
		}
		src := newSource("x", maxTotal, nil)
		src.openFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(in)), nil }
		err := src.add("outbox.json")
		src.files[0].kind = outbox // whatever the first lines are
		fuzzed(t, src, err)
	})
}
