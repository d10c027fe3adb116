// Package manners decides which mentions a bot answers, so that it is pleasant company: it answers
// whoever speaks to it, but not too often; it calls nobody else; it leaves other bots alone, and, for
// good, whoever asks for that.
//
// [Recall] reads from the log, the only memory there is, what was answered. [Rules.Decide] gives a
// [Verdict] on each new mention. It depends on nothing but the mentions, the log, the rules and the
// time that it is given, and asks no network.
//
// # Rules
//
// A mention is answered at most once, however often it is edited, and only if it calls the bot or
// quotes it: X allows no other answers. Mentions are answered in their order. Answers count, with
// those in the log, against three budgets: to one person in a day, in one conversation ever, and to
// everybody in an hour. A mention over one of the first two is passed over. A mention over the third
// waits, and so do all newer ones, until the hour is over or it is too old.
//
// X adds to an answer the names of all whom the mention names. So a verdict lists their numbers, to be
// excluded by the answer. A mention that names somebody without a number is not answered.
//
// # Bots
//
// An author counts as a bot who is said to be one (network.Mention.Automated), whose name looks
// like one ([Rules.BotNames]), or whose posts come like a machine's: three times in a row within
// ten seconds of an answer, or five times at the same second of the minute. With a bot that none of
// this detects, the budgets end the conversation.
//
// # Stop
//
// [StopWords] describes what a stop is. Whoever says stop is not answered from then on, whatever
// else they say in the same breath or said before, and the stop itself is not answered either. The
// caller has to write it into the log (see [StopNote]).
package manners

import (
	"cmp"
	"path"
	"slices"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

const (
	day  = 24 * time.Hour
	week = 7 * day // how far back answers count for a bot's pace
	hour = time.Hour

	maxInVain = 3 // answers that X may refuse before a mention is given up
)

// Rules are what a bot's owner decides. A budget of 0 allows no answer.
type Rules struct {
	PerPerson int               // answers to a person in 24 hours
	PerThread int               // answers in a conversation
	PerHour   int               // answers in all in an hour
	MaxAge    time.Duration     // of a mention; 0 for any
	Deny      *network.Accounts // whom never to answer; nil is nobody
	BotNames  []string          // patterns of [path.Match] for the names of bots, in lower case
	Stop      *StopWords        // nil takes nothing for a stop
}

// Defaults are rules for a bot that few people know.
func Defaults() Rules {
	return Rules{PerPerson: 6, PerThread: 4, PerHour: 12, MaxAge: 2 * day, Stop: NewStopWords(nil),
		BotNames: []string{"*bot", "*_bot_*", "bot_*", "*ebooks", "*_ebooks_*"}}
}

// A Reason says why a mention is not answered. It is worded for a message: "left alone: 3 REASON".
type Reason string

// The reasons, in the order in which they are looked for.
const (
	Answer     Reason = "" // none: it is to be answered
	Own        Reason = "by the bot itself"
	NotForUs   Reason = "not addressed to the bot"
	SaidStop   Reason = "by somebody who said stop"
	Denied     Reason = "by somebody on the list of --deny"
	Done       Reason = "answered already"
	GivenUp    Reason = "with answers that were refused"
	TooOld     Reason = "too old"
	Bot        Reason = "by another bot"
	Bystanders Reason = "naming people who cannot be left out of an answer"
	ThreadOver Reason = "in a conversation that is over"
	PersonFull Reason = "by somebody who was answered often enough today"
	HourFull   Reason = "waiting until the hour is over"
)

// A Verdict says what to do about a mention.
type Verdict struct {
	Post   *post.Post
	Why    Reason         // [Answer] if it is to be answered
	Stop   bool           // it is a stop that is not in the log yet
	Answer network.Answer // what the answer has to carry, if it is to be answered
}

// Decide returns a verdict on each mention, oldest first. Self is the bot; its number must be
// known. The past then includes the new stops, and the answers as if they had been given.
func (r Rules) Decide(self network.User, mentions []*post.Post, past *Past, now time.Time) []Verdict {
	ordered := slices.Clone(mentions)
	slices.SortStableFunc(ordered, network.ByAge)
	d := decision{Rules: r, self: self, past: past, now: now}
	verdicts := make([]Verdict, len(ordered))
	for i, p := range ordered {
		m, err := network.MentionOf(p)
		q := question{Post: p, Mention: m, broken: err != nil}
		d.questions = append(d.questions, q)
		verdicts[i] = Verdict{Post: p, Stop: d.stops(q)}
	}
	for i, q := range d.questions {
		if verdicts[i].Why = d.why(q); verdicts[i].Why == Answer {
			verdicts[i].Answer = d.grant(q)
		}
	}
	return verdicts
}

// decision is one run of [Rules.Decide].
type decision struct {
	Rules
	self      network.User
	questions []question
	past      *Past
	now       time.Time
}

// question is a mention that has been read.
type question struct {
	*post.Post
	network.Mention
	broken bool // its fields cannot be read
}

// thread is the id of the conversation, or the best substitute.
func (q *question) thread() string { return cmp.Or(q.Conversation, q.ReplyTo, q.ID) }

// stops records a stop, and reports whether it is a new one.
func (d *decision) stops(q question) bool {
	if d.own(q) || !d.forUs(q) || d.past.Stopped(q.Author, q.AuthorID) || !d.Stop.Said(q.Text) {
		return false
	}
	d.past.stopped.add(q.Author, q.AuthorID)
	return true
}

// answered reports whether a mention was answered, in any of its versions.
func (d *decision) answered(q question) bool {
	return d.past.answered[q.ID] || slices.ContainsFunc(q.Versions, func(id string) bool { return d.past.answered[id] })
}

func (d *decision) own(q question) bool { return same(q.Author, q.AuthorID, d.self.Name, d.self.ID) }

// forUs reports whether a post calls or quotes the bot, as X demands of what the bot answers, and names
// its author and itself.
func (d *decision) forUs(q question) bool {
	if q.Author == "" || q.ID == "" || q.Repost || q.RepostOf != "" {
		return false
	}
	return q.broken || slices.ContainsFunc(q.Named, func(n network.Named) bool { return same(n.Name, n.ID, d.self.Name, d.self.ID) }) ||
		d.past.posted[q.QuoteOf]
}

func (d *decision) why(q question) Reason {
	switch {
	case d.own(q):
		return Own
	case !d.forUs(q):
		return NotForUs
	case d.past.Stopped(q.Author, q.AuthorID):
		return SaidStop
	case d.Deny.Has(q.Author, q.AuthorID):
		return Denied
	case d.answered(q):
		return Done
	case d.past.inVain[q.ID] >= maxInVain:
		return GivenUp
	case d.MaxAge > 0 && d.now.Sub(q.CreatedAt) > d.MaxAge:
		return TooOld
	case d.bot(q):
		return Bot
	case q.broken || slices.ContainsFunc(d.others(q), func(n network.Named) bool { return n.ID == "" }):
		return Bystanders
	}
	return d.budget(q)
}

// others returns all besides the bot and the author whom an answer would call unless it excludes them.
func (d *decision) others(q question) (others []network.Named) {
	for _, n := range append(slices.Clone(q.Named), network.Named{ID: q.RepliedID}) {
		if n != (network.Named{}) && !same(n.Name, n.ID, d.self.Name, d.self.ID) && !same(n.Name, n.ID, q.Author, q.AuthorID) {
			others = append(others, n)
		}
	}
	return others
}

// budget returns the budget that is used up, or Answer.
func (d *decision) budget(q question) Reason {
	switch {
	case d.past.threads[q.thread()] >= d.PerThread:
		return ThreadOver
	case len(to(q.Author, q.AuthorID, d.past.recent(d.asked(q).Add(-day)))) >= d.PerPerson:
		return PersonFull
	case len(d.past.recent(d.now.Add(-hour))) >= d.PerHour:
		return HourFull // as for all that follow: time stands still meanwhile
	}
	return Answer
}

// asked returns when a mention was made, or now if that is not known or later. The day of a person's
// budget ends then, or what is passed over would be answered a day late.
func (d *decision) asked(q question) time.Time {
	if q.CreatedAt.IsZero() || q.CreatedAt.After(d.now) {
		return d.now
	}
	return q.CreatedAt
}

// grant counts an answer, and returns what it has to carry.
func (d *decision) grant(q question) network.Answer {
	a := network.Answer{To: q.Author, ToID: q.AuthorID, Conversation: q.thread(), AskedAt: q.CreatedAt}
	for _, n := range d.others(q) {
		if !slices.Contains(a.Exclude, n.ID) {
			a.Exclude = append(a.Exclude, n.ID)
		}
	}
	d.past.answered[q.ID] = true
	d.past.add(given{a, d.now})
	return a
}

// bot reports whether the author counts as a bot.
func (d *decision) bot(q question) bool {
	if q.Automated || slices.ContainsFunc(d.BotNames, func(pattern string) bool {
		ok, _ := path.Match(pattern, text.Fold(q.Author))
		return ok
	}) {
		return true
	}
	var asked []time.Time
	for _, other := range d.questions {
		if !d.answered(other) && same(other.Author, other.AuthorID, q.Author, q.AuthorID) {
			asked = append(asked, other.CreatedAt)
		}
	}
	return mechanical(asked, to(q.Author, q.AuthorID, d.past.recent(d.now.Add(-week))))
}
