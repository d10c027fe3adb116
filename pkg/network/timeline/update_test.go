package timeline

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// world is a folder with a corpus in it.
type world struct {
	*testing.T
	path string
}

func newWorld(t *testing.T) *world { return &world{t, filepath.Join(t.TempDir(), "newton.jsonl")} }

func (w *world) set(name, content string) {
	w.Helper()
	if content == "" {
		os.Remove(name)
		return
	}
	check(w.T, os.WriteFile(name, []byte(content), 0o644))
}

func (w *world) get(name string) string {
	w.Helper()
	data, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		w.Fatal(err)
	}
	return string(data)
}

func (w *world) update(f *fake) Result {
	w.Helper()
	r, err := Update(context.Background(), f, "newton", w.path, options)
	check(w.T, err)
	return r
}

// same fails unless the corpus holds the posts and nothing is left beside it.
func (w *world) same(posts []*post.Post) {
	w.Helper()
	if got, want := w.get(w.path), lines(posts); got != want {
		w.Fatalf("got\n%swant\n%s", got, want)
	}
	if rest := w.get(w.path + partial); rest != "" {
		w.Fatalf("%s is left:\n%s", partial, rest)
	}
}

func TestUpdateAsksForTheLeast(t *testing.T) {
	tests := []struct {
		had, fresh        int
		requests, lookups int
	}{
		{0, 0, 1, 1}, {0, 1, 1, 1}, {0, 10, 1, 1}, {0, 11, 2, 1}, {0, 320, 32, 1},
		{20, 0, 1, 0}, {20, 1, 1, 0}, {20, 9, 1, 0}, {20, 10, 1, 0}, {20, 11, 2, 0},
	}
	for _, tt := range tests {
		w, f := newWorld(t), newFake(tt.had+tt.fresh)
		w.set(w.path, lines(f.posts[:tt.had]))
		r := w.update(f)
		w.same(f.posts)
		if r.Added != tt.fresh || f.read != tt.fresh {
			t.Errorf("%d then %d: added %d, read %d", tt.had, tt.fresh, r.Added, f.read)
		}
		if len(f.queries) != tt.requests || f.lookups != tt.lookups {
			t.Errorf("%d then %d: %d requests, %d lookups, want %d, %d", tt.had, tt.fresh, len(f.queries), f.lookups, tt.requests, tt.lookups)
		}
	}
}

// TestUpdateFromEveryCrash sets up the states of the disk that a kill can leave, and updates from
// each. They follow the protocol: FILE.partial growing, or enlarged to see whether there is room;
// FILE growing; FILE.partial still there; cut between two lines, at their first and last byte, and
// in many places between.
func TestUpdateFromEveryCrash(t *testing.T) {
	const fresh = 13
	for _, had := range []int{0, 7} {
		f := newFake(had + fresh)
		before, all := lines(f.posts[:had]), lines(f.posts)
		spool := lines(f.window(network.Query{Since: idOf(f.posts[:had])}))
		var states [][2]string
		for _, i := range cuts(spool, 0) {
			states = append(states, [2]string{before, spool[:i]})
			if whole := spool[:i]; whole == "" || strings.HasSuffix(whole, "\n") {
				states = append(states, [2]string{before, whole + strings.Repeat("\x00", 3*block)}) // killed while it looked for room
			}
		}
		for _, i := range cuts(all, len(before)) {
			states = append(states, [2]string{all[:i], spool})
		}
		for _, state := range states {
			w, f := newWorld(t), newFake(had+fresh)
			w.set(w.path, state[0])
			w.set(w.path+partial, state[1])
			if r := w.update(f); r.User.ID != "77" || r.User.Name != "Newton" {
				t.Fatalf("took the account for %+v", r.User)
			}
			w.same(f.posts)
			if whole := strings.Count(state[1], "\n"); f.read+whole > fresh {
				t.Fatalf("paid for %d posts again", f.read+whole-fresh)
			}
			for _, q := range f.queries { // there is nothing between
				if q.Until != "" && network.CompareID(q.Since, q.Until) >= 0 {
					t.Fatalf("asked for posts newer than %s and older than %s", q.Since, q.Until)
				}
			}
			if state[0]+state[1] != "" && strings.Contains(state[0]+state[1], "\n") && f.lookups > 0 {
				t.Fatalf("looked the account up although its number is in the files")
			}
		}
	}
}

// cuts are places in a file of lines, from one on.
func cuts(s string, from int) (at []int) {
	for i := from; i <= len(s); i++ {
		around := s[max(i-2, 0):min(i+1, len(s))]
		if strings.Contains(around, "\n") || i == from || i == len(s) || i%41 == 0 {
			at = append(at, i)
		}
	}
	return at
}

func idOf(posts []*post.Post) string {
	if len(posts) == 0 {
		return ""
	}
	return posts[len(posts)-1].ID
}

func TestUpdateGoesOn(t *testing.T) {
	w, f := newWorld(t), newFake(95)
	for _, n := range []int{4, 9} {
		f.fail[n] = errDown
		r, err := Update(context.Background(), f, "newton", w.path, options)
		if !errors.Is(err, errDown) || r.Waiting == 0 || w.get(w.path) != "" {
			t.Fatalf("got %+v, %v", r, err)
		}
		f.add(2000 + n) // life goes on
	}
	w.update(f)
	w.same(f.posts)
	if f.read != 97 || f.lookups != 1+0 {
		t.Errorf("read %d posts for 97, %d lookups", f.read, f.lookups)
	}
}

// The number is in what waits, if the corpus is of an export that had none: nobody pays for it twice.
func TestUpdateAsksOnceForTheNumber(t *testing.T) {
	w, f := newWorld(t), newFake(25)
	before := `{"id":"5","text":"a","author":"newton"}` + "\n"
	w.set(w.path, before)
	f.fail[2] = errDown
	if _, err := Update(context.Background(), f, "newton", w.path, options); !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	w.update(f)
	if got := w.get(w.path); got != before+lines(f.posts) || f.lookups != 1 {
		t.Errorf("%d lookups, got\n%s", f.lookups, got)
	}
}

func TestUpdateInPortions(t *testing.T) {
	w, f, opt := newWorld(t), newFake(95), options
	opt.Max, opt.Raw = 30, true
	for i := range 3 {
		r, err := Update(context.Background(), f, "newton", w.path, opt)
		if err != ErrMax || r.Waiting != 30*(i+1) || f.read != r.Waiting {
			t.Fatalf("run %d: got %+v, %v, read %d", i, r, err, f.read)
		}
	}
	_, err := Update(context.Background(), f, "newton", w.path, opt)
	check(t, err)
	w.same(f.posts)
	if slices.ContainsFunc(f.queries, func(q network.Query) bool { return !q.Raw }) {
		t.Error("the network's own objects were not asked for")
	}
}

// What finishes an earlier run and what is new since then share one limit.
func TestUpdateMaxOfBoth(t *testing.T) {
	w, f, opt := newWorld(t), newFake(45), options
	w.set(w.path+partial, lines(f.window(network.Query{Until: f.posts[30].ID})[:10])) // 20 older posts and 15 newer ones are to come
	opt.Max = 30
	r, err := Update(context.Background(), f, "newton", w.path, opt)
	if err != ErrMax || f.read != opt.Max || r.Added != 30 || r.Waiting != 10 {
		t.Errorf("got %+v, %v, read %d", r, err, f.read)
	}
	w.update(f)
	w.same(f.posts)

	w, f = newWorld(t), newFake(45)
	w.set(w.path+partial, lines(f.window(network.Query{Until: f.posts[30].ID})[:10]))
	opt.Max = 20 // nothing is left of it for the newer ones
	if r, err := Update(context.Background(), f, "newton", w.path, opt); err != ErrMax || f.read != opt.Max || r.Added != 30 {
		t.Errorf("got %+v, %v, read %d", r, err, f.read)
	}
}

// A post that the network gives twice, on one page or on two, is in the file once.
func TestUpdateTwice(t *testing.T) {
	w, f := newWorld(t), newFake(25)
	once := slices.Clone(f.posts)
	for _, i := range []int{24, 15, 3} { // the second one begins the second page
		f.posts = slices.Insert(f.posts, i, f.posts[i])
	}
	w.update(f)
	w.same(once)
}

func TestUpdateInterrupted(t *testing.T) {
	w, f := newWorld(t), newFake(5)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Update(ctx, f, "newton", w.path, options); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	w.update(f)
	w.same(f.posts)
}

func TestUpdateSaysWhenTheCapWasReached(t *testing.T) {
	for _, tt := range []struct {
		fresh int
		want  bool
	}{{250, false}, {320, true}, {400, true}} {
		w, f := newWorld(t), newFake(10)
		w.update(f)
		for i := range tt.fresh {
			f.add(5000 + i)
		}
		f.cap = limits.Cap
		if r := w.update(f); r.Capped != tt.want || r.Added != min(tt.fresh, 320) || r.Since != "1009" {
			t.Errorf("%d new: got %+v", tt.fresh, r)
		}
	}
	// What is new since the posts that waited does not hide that older ones may be missing.
	w, f := newWorld(t), newFake(400)
	f.cap, f.fail[20] = limits.Cap, errDown
	if _, err := Update(context.Background(), f, "newton", w.path, options); !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	f.add(9000)
	f.cap++
	if r := w.update(f); !r.Capped || r.Added != limits.Cap+1 {
		t.Errorf("got %+v", r)
	}
	// Nor do posts that are left out.
	w, f = newWorld(t), newFake(400)
	f.cap = limits.Cap
	opt := options
	opt.Drop = func(p *post.Post) bool { return strings.HasSuffix(p.ID, "5") }
	if r, err := Update(context.Background(), f, "newton", w.path, opt); !r.Capped || r.Added != limits.Cap*9/10 || err != nil {
		t.Errorf("got %+v, %v", r, err)
	}
}

// Posts that are left out are read once, too.
func TestUpdateReadsNothingTwice(t *testing.T) {
	w, f := newWorld(t), newFake(3)
	opt := options
	opt.Drop = func(*post.Post) bool { return true }
	for _, more := range []int{3, 0, 2, 0} {
		f.read = 0
		r, err := Update(context.Background(), f, "newton", w.path, opt)
		if err != nil || f.read != more || r.Added != 0 {
			t.Errorf("read %d of %d: %+v, %v", f.read, more, r, err)
		}
		if more == 0 {
			f.add(2000)
			f.add(2001)
		}
	}
}

func TestUpdateIsBounded(t *testing.T) {
	w, f := newWorld(t), newFake(95)
	w.set(w.path, lines(f.posts))
	f.deaf = true
	r := w.update(f)
	w.same(f.posts)
	if !errors.Is(r.Over, ErrOver) || f.read != limits.Page {
		t.Errorf("read %d, %+v", f.read, r)
	}
	w, f = newWorld(t), newFake(5*limits.Cap)
	opt := options
	opt.Max = limits.Cap - limits.Page // the posts that wait count
	if _, err := Update(context.Background(), f, "newton", w.path, opt); err != ErrMax {
		t.Error(err)
	}
	r = w.update(f)
	w.same(f.posts[len(f.posts)-limits.Cap-limits.Page:])
	if !errors.Is(r.Over, ErrOver) || !r.Capped || r.Waiting > 0 || len(f.queries) != limits.Cap/limits.Page+1 {
		t.Errorf("%d requests, %+v", len(f.queries), r)
	}
}

func TestUpdateLocks(t *testing.T) {
	w, f := newWorld(t), newFake(3)
	held, err := lock.Open(context.Background(), w.path, mode, 0)
	check(t, err)
	_, err = Update(context.Background(), f, "newton", w.path, options)
	if !errors.Is(err, lock.ErrBusy) || len(f.queries)+f.lookups > 0 {
		t.Errorf("got %v", err)
	}
	check(t, held.Close())
	w.update(f)
	w.same(f.posts)
}

func TestUpdateNeedsTheRightFile(t *testing.T) {
	record := func(id, author, rest string) string {
		return `{"id":"` + id + `","text":"a","author":"` + author + `"` + rest + "}\n"
	}
	tests := []struct {
		name, file string
		since      string // "" if refused
		lookups    int
	}{
		{"another account", record("5", "leibniz", ""), "", 1},
		{"several accounts", record("5", "NEWTON", "") + record("9", "leibniz", ""), "5", 1},
		{"its number is known", record("5", "newton", `,"author_id":"77"`), "5", 0},
		{"its name changed", record("5", "isaac", `,"author_id":"77"`), "5", 1},
		{"out of order", record("9", "newton", "") + record("5", "newton", ""), "9", 1},
		{"its name changed and changed back", record("9", "isaac", `,"author_id":"77"`) + record("5", "newton", `,"author_id":"77"`), "9", 0},
		{"its number in the place of its name", record("5", "77", ""), "5", 1},
		{"no author", `{"id":"5","text":"a"}` + "\n", "5", 1},
		{"another network", record("5", "newton", `,"network":"fediverse"`), "0", 1},
		{"a log of tw-post", `{"text":"a","author":"newton","key":"k","log":"intent"}` + "\n" + record("5", "newton", `,"author_id":"77","key":"k","log":"sent"`), "5", 0},
		{"an id that X has not given", record("5", "newton", "") + record("by-hand", "newton", ""), "5", 1},
		{"a bad line between", record("5", "newton", "") + "oops\n" + record("7", "newton", ""), "7", 1},
		{"a plain file", "Dear diary", "", 0},
		{"notes", "# Notes\n\nbuy milk\n", "", 0},
		{"notes, and a line that looks torn", "# Notes\n{", "", 0},
		{"an array", "[" + strings.Trim(record("5", "newton", ""), "\n") + "]\n", "", 0},
		{"made pretty", "[\n  {\n    \"id\": \"5\",\n    \"text\": \"a\"\n  }\n]\n", "", 0},
		{"JSON of something else", `{"a":1}`, "", 0},
		{"UTF-16", wide("\ufeff" + record("5", "newton", "")), "", 0},
		{"UTF-16 without an end", wide(strings.Trim(record("5", "newton", ""), "\n")), "", 0},
		{"nothing but white space", "\n \n", "0", 1},
		{"a torn record alone", `{"id":"5","te`, "0", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, f := newWorld(t), newFake(1)
			w.set(w.path, tt.file)
			r, err := Update(context.Background(), f, "newton", w.path, options)
			if (err != nil) != (tt.since == "") {
				t.Fatalf("got %v", err)
			}
			if err != nil && w.get(w.path) != tt.file {
				t.Errorf("the file was changed")
			}
			if err == nil && r.Since != strings.Trim(tt.since, "0") || f.lookups != tt.lookups {
				t.Errorf("since %q, %d lookups", r.Since, f.lookups)
			}
		})
	}
	// What waits for the account beside a file does not make the file its own.
	w, f := newWorld(t), newFake(1)
	w.set(w.path, tests[0].file)
	w.set(w.path+partial, lines(f.posts))
	if _, err := Update(context.Background(), f, "newton", w.path, options); err == nil || w.get(w.path) != tests[0].file {
		t.Errorf("got %v and\n%s", err, w.get(w.path))
	}
}

// wide encodes a text in UTF-16, little end first, as some shells write redirected output.
func wide(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return string(b)
}

func TestUpdateNeedsAFile(t *testing.T) {
	for _, path := range []string{t.TempDir(), os.DevNull} {
		f := newFake(3)
		if _, err := Update(context.Background(), f, "newton", path, options); err == nil || len(f.queries)+f.lookups > 0 {
			t.Errorf("%s: %d requests, %d lookups, %v", path, len(f.queries), f.lookups, err)
		}
	}
}

// nowhere makes FILE.partial what not even root can write.
func (w *world) nowhere() {
	w.Helper()
	os.Remove(w.path + partial)
	if err := os.Symlink(filepath.Join("nowhere", "file"), w.path+partial); err != nil {
		w.Skip(err)
	}
}

func TestUpdateNeedsRoomForPages(t *testing.T) {
	w, f := newWorld(t), newFake(3)
	w.nowhere()
	if _, err := Update(context.Background(), f, "newton", w.path, options); err == nil || len(f.queries)+f.lookups > 0 {
		t.Errorf("%d requests, %d lookups, %v", len(f.queries), f.lookups, err)
	}
}

func TestUpdateCountsWhatIsOnTheDisk(t *testing.T) {
	w, f := newWorld(t), newFake(45)
	f.before = func(n int) {
		if n == 3 {
			w.set(w.path+partial, lines(f.window(network.Query{})[:4])+`{"id":"10`) // as if the disk had taken no more
			f.fail[n] = errDown
		}
		if n == 6 {
			w.nowhere()
		}
	}
	for _, want := range []int{4, 0} {
		if r, err := Update(context.Background(), f, "newton", w.path, options); err == nil || r.Waiting != want {
			t.Errorf("got %+v, %v, want %d waiting", r, err, want)
		}
	}
}

// Posts that could not be appended to the corpus are not removed from beside it.
func TestUpdateKeepsWhatItCannotAppend(t *testing.T) {
	w, f := newWorld(t), newFake(3)
	f.before = func(int) {
		os.Remove(w.path)
		if err := os.Symlink(filepath.Join("nowhere", "file"), w.path); err != nil {
			t.Skip(err)
		}
	}
	r, err := Update(context.Background(), f, "newton", w.path, options)
	if err == nil || r.Waiting != 3 || r.Added != 0 || w.get(w.path+partial) != lines(f.window(network.Query{})) {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestRoomLeavesNothing(t *testing.T) {
	w := newWorld(t)
	for _, content := range []string{"", "{}\n"} {
		w.set(w.path, content)
		check(t, room(w.path))
		if _, err := os.Stat(w.path); w.get(w.path) != content || (err == nil) != (content != "") {
			t.Errorf("%q became %q, %v", content, w.get(w.path), err)
		}
	}
}

// A page was paid for, so it has to be on the disk before the next one is asked for. The null device takes
// what is written, and cannot be synced.
func TestUnsyncedIsAnError(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems may answer otherwise")
	}
	if err := appendTo(os.DevNull, newFake(1).posts); err == nil {
		t.Error("no error")
	}
}

func TestUpdateLeavesAStrangePartialAlone(t *testing.T) {
	record := func(author string) string {
		return `{"id":"5","text":"a","author":"` + author + `","author_id":"1"}` + "\n"
	}
	for _, other := range []string{record("leibniz"), record("newton") + "oops\n"} {
		w, f := newWorld(t), newFake(3)
		w.set(w.path+partial, other)
		for _, corpus := range []string{"", lines(f.posts[:1])} {
			w.set(w.path, corpus)
			if _, err := Update(context.Background(), f, "newton", w.path, options); err == nil || w.get(w.path+partial) != other || w.get(w.path) != corpus {
				t.Errorf("%s: got %v", other, err)
			}
		}
	}
}

func TestRepair(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"whole", "{}\n{}\n", "{}\n{}\n"},
		{"no newline", "{}\n{\"a\":1}", "{}\n{\"a\":1}\n"},
		{"torn", "{}\n{\"a\":", "{}\n"},
		{"torn first line", "{\"a\"", ""},
		{"zeros", "{}\n\x00\x00\x00", "{}\n"},
		{"torn just behind the beginning of a block", "{\"b\":1}\n{\"a\":\"" + strings.Repeat("x", block-1-len("{\"a\":\"")), "{\"b\":1}\n"},
		{"torn and long", "{}\n{\"a\":\"" + strings.Repeat("x", 3*block), "{}\n"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		check(t, os.WriteFile(w.path, []byte(tt.in), 0o644))
		cut, err := repair(w.path)
		if got := w.get(w.path); err != nil || got != tt.want || cut != max(0, len(tt.in)-len(tt.want)) {
			t.Errorf("%s: got %q, cut %d, %v", tt.name, got, cut, err)
		}
	}
}

func TestRepairCutsNothingElse(t *testing.T) {
	for _, in := range []string{"{}\nmore", "{}\n]", wide("{}\n{")} {
		w := newWorld(t)
		w.set(w.path, in)
		if cut, err := repair(w.path); err == nil || cut != 0 || w.get(w.path) != in {
			t.Errorf("%q became %q, cut %d, %v", in, w.get(w.path), cut, err)
		}
	}
}

func TestAuthorsNameThemselves(t *testing.T) {
	as := authors{}
	for _, name := range []string{"b", "a"} {
		as.note(&post.Post{ID: "1", Author: name})
	}
	if got := as.String(); got != "@a, @b" || slices.Contains([]string{""}, got) {
		t.Error(got)
	}
}

// Posts of others, those without a date and those of long ago do not show how often an account posts.
func TestForecast(t *testing.T) {
	w, f := newWorld(t), newFake(5) // a post a second, from second 1000 on
	f.posts[3].Author = "leibniz"
	f.posts[4].CreatedAt = time.Time{}
	old := &post.Post{ID: "1", Text: "a", Author: "Newton", CreatedAt: time.Unix(1, 0).UTC()}
	many := append(slices.Clone(newFake(recent).posts), old) // not in order
	for _, tt := range []struct {
		name string
		file string
		now  int64
		n    int
	}{
		{"a post a second", lines(f.posts), 1002 + 10, 10},
		{"none for long, and then one a second", lines(many), 1000 + recent - 1 + 10, 10},
		{"one post", lines(f.posts[:1]), 1012, -1},
		{"one moment", lines([]*post.Post{f.posts[0], f.posts[0]}), 1012, -1},
		{"no file", "", 1012, -1},
	} {
		w.set(w.path, tt.file)
		if _, n, err := Forecast(w.path, "newton", time.Unix(tt.now, 0)); n != tt.n || err != nil {
			t.Errorf("%s: got %d, %v", tt.name, n, err)
		}
	}
	w.set(w.path, "# Notes\n")
	if _, _, err := Forecast(w.path, "newton", time.Unix(1012, 0)); err == nil {
		t.Error("notes are no corpus")
	}
}
