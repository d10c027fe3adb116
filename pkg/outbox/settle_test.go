package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// intend puts intents into a log, whose keys are their texts.
func intend(t *testing.T, log *journal.Log, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if _, err := log.Intend(s, &post.Post{Text: s, Author: "bot"}); err != nil {
			t.Fatal(err)
		}
	}
}

// A person is told what became of each draft, and gets the receipts even if not all is settled.
func TestSettleSeveral(t *testing.T) {
	ctx, w, log := context.Background(), newWorld(), journal.New(newWorld().clock)
	intend(t, log, "a", "b", "c", "d")
	for i, text := range []string{"a", "b", "c"} {
		id := fmt.Sprint(1000 + i)
		w.posts = append(w.posts, &post.Post{ID: id, Text: text, URL: "https://x.com/bot/status/" + id, CreatedAt: noon})
	}
	w.shown = 2
	w.trouble = once("posts", "down", 2)
	receipts, err := w.outbox(log).Settle(ctx)
	if len(receipts) != 2 || network.KindOf(err) != network.Unavailable || !strings.HasPrefix(err.Error(), "what became of c, d is not known yet: ") {
		t.Errorf("got %v, %v", receipts, err)
	}
	w.shown = 3 // the first look finds one, and the second one looks for the other alone
	if receipts, err := w.outbox(log).Settle(ctx); err != nil || len(receipts) != 1 || len(log.Unsettled()) > 0 {
		t.Errorf("got %v, %v", receipts, err)
	}
	want := []string{"an earlier run did not learn that it had posted https://x.com/bot/status/1000",
		"an earlier run did not learn that it had posted https://x.com/bot/status/1001",
		"an earlier run did not learn that it had posted https://x.com/bot/status/1002", "an earlier run did not get to post d: d"}
	if got := strings.Join(w.notes, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("told\n%s", got)
	}
}

// An error while it waits, or while it writes, leaves the draft unsettled, and nobody is told that it is.
func TestSettleInVain(t *testing.T) {
	w := newWorld()
	log := openLog(t, w, logPath(t))
	intend(t, log, "a")
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // the wait for a post that does not show yet fails
	if _, err := w.outbox(log).Settle(ctx); !errors.Is(err, context.Canceled) || len(log.Unsettled()) != 1 {
		t.Errorf("got %v", err)
	}
	log.Close()
	if _, err := w.outbox(log).Settle(context.Background()); err == nil || len(log.Unsettled()) != 1 {
		t.Errorf("got %v", err)
	}
}

// A person gets the receipts that were written before the log failed.
func TestSettleHalf(t *testing.T) {
	ctx, w, lines := context.Background(), newWorld(), 0
	var log *journal.Log
	log, err := journal.Open(ctx, logPath(t), 0, func() time.Time {
		if lines++; lines == 4 { // after two intents and a receipt
			log.Close()
		}
		return noon
	})
	if err != nil {
		t.Fatal(err)
	}
	intend(t, log, "a", "b")
	w.posts = []*post.Post{{ID: "1000", Text: "a", CreatedAt: noon}, {ID: "1001", Text: "b", CreatedAt: noon}}
	w.shown = 2
	receipts, err := w.outbox(log).Settle(ctx)
	if len(receipts) != 1 || receipts[0].ID != "1000" || err == nil || !strings.Contains(err.Error(), "became of b is not known") {
		t.Errorf("got %v, %v", receipts, err)
	}
}

// One draft of another account is enough: the keys are the wrong ones.
func TestSettleForAnother(t *testing.T) {
	w, log := newWorld(), journal.New(newWorld().clock)
	intend(t, log, "a")
	if _, err := log.Intend("b", &post.Post{Text: "b", Author: "another"}); err != nil {
		t.Fatal(err)
	}
	_, err := w.outbox(log).Settle(context.Background())
	var failure *network.Error
	if !errors.As(err, &failure) || failure.Hint() != "give each account a log of its own" || len(log.Unsettled()) != 2 {
		t.Errorf("got %v", err)
	}
}

// Posts that were made well before a draft are not paged through: each costs money. One without a date
// may be of any time.
func TestOldPostsAreNotRead(t *testing.T) {
	const undated = 0
	for ago, want := range map[time.Duration]int{lookBack + time.Second: 2, lookBack: lookPages, undated: lookPages} { // 2: there are two looks
		w, log := newWorld(), journal.New(newWorld().clock)
		intend(t, log, "a")
		for i := range 2000 {
			w.posts = append(w.posts, &post.Post{ID: fmt.Sprint(10000 + i), Text: "old"})
			if ago != undated {
				w.posts[i].CreatedAt = noon.Add(-ago)
			}
		}
		w.shown = len(w.posts)
		_, err := w.outbox(log).Settle(context.Background())
		if len(w.sizes) != want || (err == nil) != (want == 2) {
			t.Errorf("%v old: got %v, asked for %v", ago, err, w.sizes)
		}
		log = journal.New(w.clock)
		intend(t, log, "b")
		w.posts[len(w.posts)-1].Text, w.sizes = "b", nil
		if receipts, err := w.outbox(log).Settle(context.Background()); err != nil || len(receipts) != 1 {
			t.Errorf("%v old, and it is the newest: got %v, %v, asked for %v", ago, receipts, err, w.sizes)
		}
	}
}

// What is looked for lies between the receipts around it.
func TestAround(t *testing.T) {
	now := noon
	log := journal.New(func() time.Time { return now })
	var intents []*journal.Entry
	o := &Outbox{Log: log, me: network.User{ID: "42", Name: "bot"}}
	for _, e := range []struct {
		minute     int
		id, author string
	}{
		{-180, "100", "bot"}, {-120, "200", "bot"}, {-119, "300", "another"}, {-118, "by-hand", "bot"}, {0, "", "bot"}, {1, "400", "bot"},
		{2, "", "bot"}, {2, "", "bot"}, {17, "500", "bot"}, {18, "550", "another"}, {19, "by-hand-again", "bot"}, {20, "600", "bot"}, {30, "700", "bot"},
	} {
		now = noon.Add(time.Duration(e.minute) * time.Minute)
		p := &post.Post{ID: e.id, Text: fmt.Sprint("at ", e.minute), Author: e.author, CreatedAt: now}
		write := log.Receipt
		if e.id == "" {
			write = log.Intend
		}
		entry, err := write(journal.Key(p), p)
		if err != nil {
			t.Fatal(err)
		}
		if e.id == "" {
			intents = append(intents, entry)
		}
	}
	if before, after := o.around(intents); before != "200" || after != "600" {
		t.Errorf("got %s and %s", before, after)
	}
	if before, after := o.around(intents[2:]); before != "400" || after != "600" {
		t.Errorf("the third alone: got %s and %s", before, after)
	}
	if before, after := o.around(intents[:1]); before != "200" || after != "500" {
		t.Errorf("the first alone: got %s and %s", before, after)
	}
}

// A post that shows late is found although the bot has posted since.
func TestLateAmongOthers(t *testing.T) {
	ctx, w := context.Background(), newWorld()
	log := journal.New(w.clock)
	w.late, w.lax = true, true
	say := func(s string) (*journal.Entry, error) { return w.outbox(log).Post(ctx, draft(t, s)) }
	for i, s := range []string{`{"text":"before"}`, `{"text":"yes","key":"answer-5"}`, `{"text":"behind"}`} {
		if i == 1 {
			w.trouble = once("made", "lag", 1)
		} else {
			w.trouble = newWorld().trouble
		}
		w.now = w.now.Add(time.Hour)
		if _, err := say(s); (err == nil) != (i != 1) {
			t.Fatal(s, err)
		}
	}
	if receipt, err := say(`{"text":"no","key":"answer-5"}`); err != nil || receipt.Text != "yes" || w.texts() != "before yes behind" {
		t.Errorf("got %+v, %v, posted %s", receipt, err, w.texts())
	}
}
