package journal

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/post"
)

const longAgo = 100 * 24 * time.Hour

func TestTrim(t *testing.T) {
	at := noon.Add(-longAgo)
	l := New(func() time.Time { return at })
	draft := func(text string) *post.Post { return parse(t, `{"text":"`+text+`","made":{"seed":1},"mood":"blue"}`) }
	posted := func(key, id string) {
		must(t)(l.Intend(key, draft(key)))
		p := draft(key)
		p.ID, p.CreatedAt = id, at
		must(t)(l.Receipt(key, p))
	}
	posted("a", "1")
	intent := must(t)(l.Intend("b", draft("b")))
	must(t)(l.Withdraw(intent, "no"))
	must(t)(l.Intend("lost", draft("lost")))
	must(t)(l.Note("stop", &post.Post{Author: "carol"}))
	at = noon
	posted("new", "2")

	kept, taken := l.Trim(noon.Add(-longAgo / 2))
	want := []string{"sent a", "intent lost", "stop ", "intent new", "sent new"}
	if got := summary(kept); !reflect.DeepEqual(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	want = []string{"intent a", "sent a", "intent b", "unsent b"}
	if got := summary(taken); !reflect.DeepEqual(got, want) {
		t.Errorf("took %q, want %q", got, want)
	}
	line := `{"id":"1","text":"a","created_at":"2026-08-14T12:00:00Z","mood":"blue","key":"a","log":"sent","logged_at":"2026-08-14T12:00:00Z"}`
	if got := string(kept[0].AppendJSON(nil)); got != line {
		t.Errorf("got %s, want %s", got, line)
	}
	if got := string(taken[1].AppendJSON(nil)); !strings.Contains(got, `"made":{"seed":1}`) {
		t.Errorf("what was taken was changed: %s", got)
	}
}

func summary(entries []*Entry) (all []string) {
	for _, e := range entries {
		all = append(all, string(e.State)+" "+e.Key)
	}
	return all
}

// Whatever a log holds, the programs know the same of what was said and what is unsettled after it
// was trimmed, and trimming it again changes nothing.
func TestTrimKeepsWhatIsNeeded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		before := noon.Add(-time.Duration(rapid.IntRange(0, 200).Draw(t, "age")) * 24 * time.Hour)
		kept, taken := l.Trim(before)
		after := written(t, path, kept)
		if got, want := needed(after), needed(l); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		if again, more := after.Trim(before); len(more) > 0 || len(again) != len(kept) {
			t.Fatalf("trimmed again: %q", summary(more))
		}
		for _, e := range taken {
			if !e.At.Before(before) {
				t.Fatalf("took a line of %s", e.At)
			}
		}
	})
}

// anyLog is a log of lines that were written day after day.
func anyLog(t *rapid.T) *Log {
	at := noon.Add(-2 * longAgo)
	l := New(func() time.Time { return at })
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "days")) * 24 * time.Hour)
		key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key")
		p := &post.Post{Text: key, Author: "bot", ReplyTo: rapid.SampledFrom([]string{"", "5"}).Draw(t, "reply_to")}
		p.SetExtra("made", map[string]int{"seed": 1})
		var err error
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			_, err = l.Intend(key, p)
		case 1:
			p.ID = rapid.SampledFrom([]string{"7", "8"}).Draw(t, "id")
			_, err = l.Receipt(key, p)
		case 2:
			_, err = l.Withdraw(&Entry{Post: p, Key: key}, "no")
		case 3:
			_, err = l.Note("stop", p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// written is a log of these lines, read from a file.
func written(t *rapid.T, path string, entries []*Entry) *Log {
	var data []byte
	for _, e := range entries {
		data = append(e.AppendJSON(data), '\n')
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// needed is what programs ask of a log, whatever the age of its lines.
func needed(l *Log) (all []string) {
	for _, e := range append(l.Sent(), l.Unsettled()...) {
		all = append(all, strings.Join([]string{string(e.State), e.Key, e.ID, e.Text, e.ReplyTo, e.At.String()}, " "))
	}
	for _, e := range l.Entries() {
		if e.State == "stop" {
			all = append(all, "stop "+e.Author)
		}
	}
	for _, key := range []string{"a", "b", "c"} {
		if e := l.Find(key); e != nil && e.State != Unsent {
			all = append(all, string(e.State)+" "+key)
		}
	}
	return all
}
