package export

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"horsepipe/pkg/post"
	"pgregory.net/rapid"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// drawn is a post as the property test imagines it.
type drawn struct {
	id             uint64
	text           string
	first          uint64 // of an edited post
	deleted, other bool   // other: in a community
	note           bool
	months         bool // written in the old form
}

// drawPosts draws some posts of one account, in no order. Each text names its post, so that no two
// are the same.
func drawPosts(t *rapid.T) []drawn {
	var list []drawn
	n := rapid.IntRange(1, 30).Draw(t, "posts")
	for i := range n {
		d := drawn{id: 1_600_000_000_000_000_000 + uint64(i)<<30}
		d.text = fmt.Sprintf("post %d says: %s", i, rapid.StringMatching(`[a-z&<>"\n]{0,20}`).Draw(t, "text"))
		switch rapid.IntRange(0, 7).Draw(t, "sort") {
		case 0:
			d.deleted = true
		case 1:
			d.other = true
		case 2:
			d.note = true
		case 3:
			d.months = true
		case 4:
			if i > 0 && list[i-1].first == 0 && !list[i-1].months {
				list[i-1].first = list[i-1].id
			}
			if i > 0 && !list[i-1].months {
				d.first = list[i-1].first
			}
		}
		d.text = strings.TrimSpace(d.text)
		list = append(list, d)
	}
	return list
}

// want returns what of them has to be handed out, worked out the slow way.
func want(list []drawn) []string {
	newest := map[uint64]uint64{}
	for _, d := range list {
		newest[d.first] = max(newest[d.first], d.id)
	}
	var lines []string
	for _, d := range list {
		if d.deleted || d.other || d.first != 0 && newest[d.first] != d.id {
			continue
		}
		text := d.text
		if d.note {
			text += long
		}
		lines = append(lines, fmt.Sprintf("%d %s", d.id, text))
	}
	return lines
}

// long is what only the notes have.
var long = " and so on " + strings.Repeat("for ever ", 40) + "after."

// write returns the elements of the files that a post stands in.
func (d drawn) write(add func(file, element string)) {
	sec, _ := snowflake(d.id)
	quoted := func(s string) string { q := strconv.Quote(s); return q[1 : len(q)-1] }
	text := escape.Replace(d.text)
	more := fmt.Sprintf(`"edit_info" : { "edit" : { "initialTweetId" : "%d" } }`, d.first)
	if d.first == 0 || d.first == d.id {
		more = fmt.Sprintf(`"edit_info" : { "initial" : { "editTweetIds" : [ "%d" ] } }`, d.id)
	}
	if d.note {
		text += escape.Replace(long[:200]) + "…"
		add("data/note-tweet.js", noteOf(fmt.Sprint(d.id-5), unix(sec).Format("2006-01-02T15:04:05.000Z"), quoted(d.text+long)))
	}
	el := tweet(fmt.Sprint(d.id), unix(sec).Format("Mon Jan 02 15:04:05 -0700 2006"), quoted(text), more)
	switch {
	case d.deleted:
		add("data/deleted-tweets.js", el)
	case d.other:
		add("data/community-tweet.js", el)
	case d.months:
		add("data/js/tweets/2022_01.js", oldTweet(fmt.Sprint(d.id), unix(sec).Format("2006-01-02 15:04:05 -0700"), quoted(text), ""))
	default:
		add("data/tweets.js", el)
	}
}

// TestAnyOrder: however posts are spread over exports, whatever the order in the files and how
// often they are repeated, and with however little memory, the same ones come out, each once,
// oldest first.
func TestAnyOrder(t *testing.T) {
	root := t.TempDir()
	tries := 0
	rapid.Check(t, func(t *rapid.T) {
		list := drawPosts(t)
		wanted := want(list)
		tries++
		var paths []string
		for e := range rapid.IntRange(1, 3).Draw(t, "exports") {
			part := list
			if e > 0 {
				part = rapid.Permutation(list).Draw(t, "order")[:rapid.IntRange(0, len(list)).Draw(t, "size")]
			}
			paths = append(paths, filepath.Join(root, fmt.Sprint(tries, "-", e)))
			writeDrawn(t, paths[e], rapid.Permutation(part).Draw(t, "order in the files"))
		}
		r := newReader(Options{})
		r.sort.temp.Dir, r.sort.limit = root, rapid.SampledFrom([]int{1, 1000, 1 << 16}).Draw(t, "memory")
		defer r.sort.temp.Close()
		var got []string
		for _, p := range rapid.Permutation(paths).Draw(t, "order of exports") {
			if err := r.path(context.Background(), p); err != nil {
				t.Fatal(err)
			}
		}
		err := r.give(context.Background(), func(p *post.Post) error {
			got = append(got, p.ID+" "+p.Text)
			return nil
		})
		if err != nil || !slices.Equal(got, wanted) || len(r.report.Warnings) > 0 {
			t.Fatalf("got:\n%q\nwant:\n%q\n%v %v", got, wanted, err, r.report.Warnings)
		}
	})
}

// writeDrawn writes an unpacked export, which has a tweets.js even if it is empty.
func writeDrawn(t *rapid.T, dir string, list []drawn) {
	fs := map[string][]string{"data/tweets.js": nil}
	for _, d := range list {
		d.write(func(file, element string) { fs[file] = append(fs[file], element) })
	}
	for name, elements := range fs {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("["+strings.Join(elements, ",")+"]"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
