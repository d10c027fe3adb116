package manners

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/text"
)

// StopNote marks a line of the log that says that a person does not want to be answered. Its author
// and author_id are the person's, and its reply_to is the mention that says so. Its text is empty,
// since only the bot's own words belong in the log. Removing the line from the log takes the stop
// back.
const StopNote journal.State = "stop"

// Past is what a log tells of the answers that were given.
type Past struct {
	answers  []given         // oldest first
	threads  map[string]int  // number of answers in a conversation
	answered map[string]bool // ids of mentions
	posted   map[string]bool // ids of the bot's own posts
	inVain   map[string]int  // how often an answer to a mention was refused
	stopped  people
	newest   string // id of the newest answered mention
	self     string
	names    map[string]string // of the accounts that posted, by their numbers
}

// given is an answer that was posted, may have been, or is about to be.
type given struct {
	network.Answer
	at time.Time
}

// Recall reads a log. Unsettled answers count as given, since they may have been posted.
func Recall(l *journal.Log) *Past {
	p := &Past{threads: map[string]int{}, answered: map[string]bool{}, posted: map[string]bool{}, inVain: map[string]int{}, stopped: people{}, names: map[string]string{}}
	for _, e := range l.Entries() {
		switch e.State {
		case StopNote:
			p.stopped.add(e.Author, network.AuthorID(e.Post))
		case journal.Sent:
			p.self, p.posted[e.ID] = cmp.Or(e.Author, p.self), true
			if id := network.AuthorID(e.Post); id != "" {
				p.names[id] = e.Author
			}
			p.note(l, e)
		case journal.Unsent:
			if refused(e.Why) {
				p.inVain[e.ReplyTo]++
			}
		}
	}
	for _, e := range l.Unsettled() {
		p.note(l, e)
	}
	return p
}

// refused reports whether an answer was not posted because of itself, and not because of a limit or
// of a server that was down.
func refused(why string) bool {
	return slices.ContainsFunc([]network.Kind{network.Policy, network.Duplicate, network.TooLong}, func(kind network.Kind) bool {
		return strings.Contains(why, ": "+kind.String())
	})
}

// note counts one post if it answers somebody else's.
func (p *Past) note(l *journal.Log, e *journal.Entry) {
	if e.ReplyTo == "" || l.HasPost(e.ReplyTo) {
		return
	}
	p.answered[e.ReplyTo] = true
	answer, ok, _ := network.AnswerOf(e.Post) // what cannot be read was written by hand, and is an answer all the same
	if ok && network.CompareID(e.ReplyTo, p.newest) > 0 {
		p.newest = e.ReplyTo
	}
	at := e.CreatedAt
	if at.IsZero() || e.State != journal.Sent {
		at = e.At
	}
	p.add(given{answer, at})
}

// add counts an answer, and keeps the answers in order; most come in order.
func (p *Past) add(g given) {
	p.answers = slices.Insert(p.answers, len(p.answers)-len(p.recent(g.at)), g)
	p.threads[g.Conversation]++
}

// Newest is the id of the newest mention that was answered, "" if none was. Since mentions are answered
// in order, no older one waits for an answer, unless the network shows it late.
func (p *Past) Newest() string { return p.newest }

// Self is the name under which the account with a number posted what is in the log, "" if it did not. If
// either does not tell its number, it is the name of the newest post.
func (p *Past) Self(id string) string {
	if id == "" || len(p.names) == 0 {
		return p.self
	}
	return p.names[id]
}

// Stopped reports whether a person said stop. Either name or number may be "".
func (p *Past) Stopped(name, id string) bool { return p.stopped.has(name, id) }

// recent returns the answers after a time, oldest first.
func (p *Past) recent(after time.Time) []given {
	i, _ := slices.BinarySearchFunc(p.answers, after, func(g given, t time.Time) int {
		if g.at.After(t) {
			return 1
		}
		return -1
	})
	return p.answers[i:]
}

// to returns the answers to a person, in their order.
func to(name, id string, answers []given) (some []given) {
	for _, g := range answers {
		if same(g.To, g.ToID, name, id) {
			some = append(some, g)
		}
	}
	return some
}

// same reports whether two accounts are one.
func same(name, id, otherName, otherID string) bool {
	return network.User{ID: id, Name: name}.Is(otherName, otherID)
}

// people are accounts, by their names and by their numbers.
type people map[string]bool

func (s people) add(name, id string) {
	for _, key := range [...]string{"@" + text.Fold(name), id} {
		if key != "@" && key != "" {
			s[key] = true
		}
	}
}

func (s people) has(name, id string) bool { return s["@"+text.Fold(name)] || s[id] }
