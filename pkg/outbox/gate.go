package outbox

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// A Gate refuses a draft by an error of a kind that concerns that draft alone ([network.Kind.OfDraft]).
type Gate func(draft *post.Post) error

// Words refuses drafts that hold a word or phrase of a list.
func Words(list *text.WordList) Gate {
	return func(draft *post.Post) error {
		if list.Has(draft.Text) {
			return refuse("it has a word of the --reject list")
		}
		return nil
	}
}

// Alone refuses drafts that answer or name somebody who is to be left alone. Has reports who that
// is, by name or number, either of which may be ""; why completes the message "@name, who …".
func Alone(has func(name, id string) bool, why string) Gate {
	return func(draft *post.Post) error {
		answer, _, err := network.AnswerOf(draft)
		if err != nil {
			return refuse("%v", err)
		}
		if has(answer.To, answer.ToID) {
			return refuse("it answers @%s, who %s", answer.To, why)
		}
		for _, t := range text.Split(draft.Text) {
			if name := strings.TrimLeft(t.Text, "@＠"); text.KindOf([]byte(t.Text)) == text.Mention && has(name, "") {
				return refuse("it names @%s, who %s", name, why)
			}
		}
		return nil
	}
}

// Said remembers the newest posts, so that they are not repeated. A nil Said remembers nothing.
type Said struct {
	memory  *text.Memory
	entries []*journal.Entry
}

// NewSaid remembers the last n receipts of a log, and what is posted from then on. It returns nil if n
// is not positive.
func NewSaid(log *journal.Log, n int) *Said {
	if n <= 0 {
		return nil
	}
	s := &Said{memory: text.NewMemory()}
	sent := log.Sent()
	for _, e := range sent[max(0, len(sent)-n):] {
		s.add(e)
	}
	return s
}

func (s *Said) add(e *journal.Entry) {
	if s != nil {
		s.memory.Add(e.Text)
		s.entries = append(s.entries, e)
	}
}

// clone returns a copy that is independent of s.
func (s *Said) clone() *Said {
	if s == nil {
		return nil
	}
	c := &Said{memory: text.NewMemory()}
	for _, e := range s.entries {
		c.add(e)
	}
	return c
}

// check refuses a draft that is equal or nearly equal to a post that is remembered. A draft without
// text, such as a picture alone, passes.
func (s *Said) check(draft *post.Post) error {
	if s == nil || draft.Text == "" {
		return nil
	}
	n, near := s.memory.Find(draft.Text)
	if !near {
		return nil
	}
	before := s.entries[n]
	return refuse("it says nearly what %s says, “%s”; --near 0 lets it through", cmp.Or(before.URL, before.Key), before.Text)
}

// Budget limits how many posts may be made; 0 is no limit.
type Budget struct {
	Run int              // in this run
	Day int              // on a calendar day of Now's zone, by the log
	Now func() time.Time // the clock, in the zone whose days count
}

// ErrFull says that the budget is used up.
var ErrFull = errors.New("left out")

// room returns ErrFull unless one more post may be made: after the log's, those sent in this run, and
// those that a rehearsal has planned.
func (b *Budget) room(log *journal.Log, sent, planned int) error {
	if b.Run > 0 && sent >= b.Run {
		return fmt.Errorf("%w: --max %d", ErrFull, b.Run)
	}
	if b.Day <= 0 {
		return nil
	}
	now := b.Now()
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if midnight.Day() != now.Day() { // where clocks are put on at midnight, as in Chile, the day begins at one
		midnight = midnight.Add(time.Hour)
	}
	n := log.SentSince(midnight)
	switch {
	case n+planned < b.Day:
		return nil
	case planned > 0:
		return fmt.Errorf("%w: --per-day %d, and %d were posted today or would be before it", ErrFull, b.Day, n+planned)
	}
	return fmt.Errorf("%w: --per-day %d, and %d were posted today", ErrFull, b.Day, n)
}
