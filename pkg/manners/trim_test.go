package manners

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// A log that was trimmed tells the same of who was answered, how often and where, and of who said stop.
func TestRecallAfterTrim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		now := func() time.Time { return at }
		l := journal.New(now)
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			at = at.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "days")) * day)
			converse(t, l, at)
		}
		kept, _ := l.Trim(at.Add(-time.Duration(rapid.IntRange(0, 120).Draw(t, "age")) * day))
		after := journal.New(now)
		for _, e := range kept {
			if err := copied(after, e, &at); err != nil {
				t.Fatal(err)
			}
		}
		got, want := Recall(after), Recall(l)
		got.inVain, want.inVain = nil, nil // of old mentions, which are too old to be answered
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// converse writes one answer, or a stop.
func converse(t *rapid.T, l *journal.Log, at time.Time) {
	who := rapid.SampledFrom([]string{"alice", "bob"}).Draw(t, "who")
	mention := rapid.SampledFrom([]string{"5", "6", "70"}).Draw(t, "mention")
	p := &post.Post{Text: "yes", Author: "bot", ReplyTo: mention}
	network.Answer{To: who, ToID: who, Conversation: mention}.Set(p)
	p.SetExtra("made", map[string]int{"seed": 1})
	key := "answer-" + mention
	if rapid.IntRange(0, 4).Draw(t, "stop") == 0 {
		check(t)(l.Note(StopNote, &post.Post{Author: who, ReplyTo: mention}))
		return
	}
	intent := check(t)(l.Intend(key, p))
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 0:
		p.ID, p.CreatedAt = "9"+mention, at
		check(t)(l.Receipt(key, p))
	case 1:
		check(t)(l.Withdraw(intent, "post: refused"))
	}
}

// copied writes an entry of one log into another, at its own time.
func copied(l *journal.Log, e *journal.Entry, at *time.Time) (err error) {
	*at = e.At
	switch e.State {
	case journal.Intent:
		_, err = l.Intend(e.Key, e.Post)
	case journal.Sent:
		_, err = l.Receipt(e.Key, e.Post)
	case journal.Unsent:
		_, err = l.Withdraw(e, e.Why)
	default:
		_, err = l.Note(e.State, e.Post)
	}
	return err
}

func check(t *rapid.T) func(*journal.Entry, error) *journal.Entry {
	return func(e *journal.Entry, err error) *journal.Entry {
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}
