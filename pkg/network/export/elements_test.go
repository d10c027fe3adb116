package export

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"horsepipe/pkg/post"
	"horsepipe/pkg/scratch"
	"horsepipe/pkg/scratch/faulty"
)

// split returns all elements of a file, however the reader hands it out.
func split(r io.Reader) (list []string, err error) {
	e := newElements(r)
	for {
		b, err := e.next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, string(b))
	}
}

func TestElements(t *testing.T) {
	tests := []struct {
		in   string
		want []string
		err  error
	}{
		{"a.b = [ ]", nil, nil},
		{"a.b=[{}];", []string{"{}"}, nil},
		{`[{"a":"]}"},{"b":"\\"},{"c":"\"}"}]`, []string{`{"a":"]}"}`, `{"b":"\\"}`, `{"c":"\"}"}`}, nil},
		{`[1, -2.5e3 ,true,null,"x, y",[[],[1]] ]`, []string{"1", "-2.5e3", "true", "null", `"x, y"`, "[[],[1]]"}, nil},
		{`var user = {"a":{"b":[1]}}`, []string{`{"a":{"b":[1]}}`}, nil},
		{"\xef\xbb\xbfa = [1]\n;\xef\xbb\xbfb = [2]", []string{"1", "2"}, nil},
		{"", nil, errEmpty}, {" \n", nil, errEmpty}, {"a =", nil, errEmpty},
		{"[", nil, errCut}, {"[1", nil, errCut}, {`["a`, nil, errCut}, {`["a\`, nil, errCut},
		{`[{"a":1}`, []string{`{"a":1}`}, errCut}, {`{"a":1`, nil, errCut},
		{"a b", nil, errNotJSON}, {"[]]", nil, errNotJSON}, {"<html>", nil, errNotJSON},
	}
	for _, test := range tests {
		for _, r := range []io.Reader{
			strings.NewReader(test.in), iotest.OneByteReader(strings.NewReader(test.in)), iotest.DataErrReader(strings.NewReader(test.in)),
		} {
			if got, err := split(r); err != test.err || !slices.Equal(got, test.want) {
				t.Errorf("%q: got %q, %v, want %q, %v", test.in, got, err, test.want, test.err)
			}
		}
	}
}

// TestElementsOfAnyArray: whatever encoding/json takes for an array is split into its elements.
func TestElementsOfAnyArray(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) any {
		return map[string]any{rapid.String().Draw(t, "name"): rapid.SliceOf(rapid.String()).Draw(t, "list")}
	})
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(value).Draw(t, "array")
		raw, _ := json.MarshalIndent(want, "", rapid.StringOf(rapid.RuneFrom([]rune(" \t"))).Draw(t, "indent"))
		got, err := split(iotest.HalfReader(bytes.NewReader(raw)))
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d elements, error %v", raw, len(got), err)
		}
		for i, g := range got {
			w, _ := json.Marshal(want[i])
			var b bytes.Buffer
			if err := json.Compact(&b, []byte(g)); err != nil || !bytes.Equal(b.Bytes(), w) {
				t.Fatalf("element %d is %s, want %s: %v", i, g, w, err)
			}
		}
	})
}

// TestSorter holds it to a stable sort in memory, with so little of it that there are many runs.
func TestSorter(t *testing.T) {
	type pair struct {
		key uint64
		rec string
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := sorter{temp: scratch.File{Dir: t.TempDir()}, limit: rapid.IntRange(1, 500).Draw(rt, "limit")}
		defer s.temp.Close()
		var want, got []pair
		for i, key := range rapid.SliceOf(rapid.Uint64Range(0, 9)).Draw(rt, "keys") {
			p := pair{key, strings.Repeat("x", int(key)) + strconv.Itoa(i)}
			want = append(want, p)
			if err := s.add(key, []byte(p.rec)); err != nil {
				rt.Fatal(err)
			}
		}
		slices.SortStableFunc(want, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
		err := s.each(func(key uint64, rec []byte) error {
			got = append(got, pair{key, string(rec)})
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v, error %v", got, want, err)
		}
	})
}

// TestSorterWithoutRoom has a disk that fails after ever more reads and writes, until it does not.
func TestSorterWithoutRoom(t *testing.T) {
	const n = 100
	for after := 0; ; after++ {
		s := sorter{temp: scratch.File{Dir: t.TempDir(), Create: faulty.NewDisk(after).Create}, limit: 200}
		defer s.temp.Close()
		var err error
		for i := uint64(0); i < n && err == nil; i++ {
			err = s.add(i, []byte("0123456789"))
		}
		got := uint64(0)
		if err == nil {
			err = s.each(func(key uint64, _ []byte) error {
				if key != got {
					t.Errorf("after %d: got %d, want %d", after, key, got)
				}
				got++
				return nil
			})
		}
		if err == nil {
			if after < 2 || got != n {
				t.Errorf("after %d: %d of %d, and no error", after, got, n)
			}
			return
		}
		if !errors.Is(err, faulty.ErrFull) || !strings.HasPrefix(err.Error(), "temporary file in "+s.temp.Dir) {
			t.Errorf("after %d: %v", after, err)
		}
	}
}

func TestRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := record{id: 5, mark: mark(rapid.Byte().Draw(t, "mark")), form: formRow, sec: rapid.Int64().Draw(t, "sec")}
		for _, s := range r.strings() {
			*s = rapid.String().Draw(t, "field")
		}
		if got := decode(5, r.append(nil)); got != r {
			t.Errorf("got %+v, want %+v", got, r)
		}
	})
}

// FuzzTweetsJS reads any bytes as tweets.js: nothing may panic, and what comes out is sorted,
// unique and JSON. What encoding/json reads as an array has as many elements here.
func FuzzTweetsJS(f *testing.F) {
	f.Add(ytd("tweets", tweet("5", june, "a"), tweet("6", june, `R&amp;D \ud83d\ude00 https://t.co/a`)))
	f.Add("[" + unwrapped(tweet("7", "", "RT @bob: x…", `"edit_info" : { "edit" : { "initialTweetId" : "6" } }`)) + "]")
	f.Add(grailbird("2014_01", oldTweet("8", "2014-01-06 02:39:50 +0000", "b", `, "retweeted_status" : { "id_str" : "4", "text" : "b" }`)))
	f.Add("\xef\xbb\xbfwindow.YTD.tweets.part0 = [ ];")
	f.Fuzz(func(t *testing.T, in string) {
		var array []json.RawMessage
		if json.Unmarshal([]byte(in), &array) == nil && strings.HasPrefix(in, "[") {
			if list, err := split(strings.NewReader(in)); err != nil || len(list) != len(array) {
				t.Errorf("%d elements, want %d, error %v", len(list), len(array), err)
			}
		}
		src := newSource("x", maxTotal, nil)
		src.openFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(in)), nil }
		fuzzed(t, src, src.add("tweets.js"))
	})
}

// FuzzZip opens any bytes as a ZIP.
func FuzzZip(f *testing.F) {
	f.Add(zipBytes(f, files{"data/tweets.js": ytd("tweets", tweet("5", june, "a")), "data/account.js": annJS}))
	f.Add(zipBytes(f, files{"tweets.csv": header2012 + `"5","","","","","","","a",""`, "data/js/tweet_index.js": "var tweet_index = []"}))
	f.Add(zipBytes(f, files{"data/note-tweet.js": ytd("note_tweet", noteOf("9", "", "b")), "data/manifest.js": "{}", "x.zip": "PK"}))
	f.Add(claim(zipBytes(f, files{"data/tweets.js": "[]"}), 1<<60))
	f.Fuzz(func(t *testing.T, in []byte) {
		src := newSource("x.zip", 1<<24, nil)
		fuzzed(t, src, src.fromZip(bytes.NewReader(in), int64(len(in))))
	})
}

func fuzzed(t *testing.T, src *source, err error) {
	if err != nil {
		return
	}
	r := newReader(Options{})
	r.sort.temp.Dir, r.sort.limit = t.TempDir(), 1<<16
	defer r.sort.temp.Close()
	if _, err := r.source(context.Background(), src); err != nil {
		return
	}
	last, network := uint64(0), ""
	err = r.give(context.Background(), func(p *post.Post) error {
		if p.Network > network { // the Fediverse comes after X, and counts anew
			last, network = 0, p.Network
		}
		id, err := strconv.ParseUint(p.ID, 10, 63)
		if line := p.AppendJSON(nil); err != nil || id <= last || !json.Valid(line) {
			t.Errorf("after %d: %s", last, line)
		}
		last = id
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkRead(b *testing.B) {
	var list []string
	for i := range 2000 {
		list = append(list, tweet(strconv.Itoa(9000-i), june, "some words of an ordinary length, &amp; a link https://t.co/a", `"lang" : "en"`))
	}
	dir := files{"data/tweets.js": ytd("tweets", list...)}.folder(b)
	b.SetBytes(int64(len(ytd("tweets", list...))))
	for b.Loop() {
		if _, err := Read(context.Background(), []string{dir}, Options{}, func(*post.Post) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
