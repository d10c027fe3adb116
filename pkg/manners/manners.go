// Package manners decides which mentions a bot answers, so that it is pleasant company: it answers whoever speaks to it, and
// not too often; it calls nobody else; it leaves other bots alone, and for good whoever asks for that.
//
// [Recall] reads what was answered from the log, the only memory there is. [Rules.Decide] gives a [Verdict] on each of the new
// mentions, from these three alone: the mentions, the log and the rules. No clock and no network are asked.
//
// # Rules
//
// A mention is answered at most once, and only if it calls the bot or quotes it: X lets nobody answer otherwise. Answers are given
// in the order of the mentions, and are counted, with those of the log, against three budgets: to one person in a day, in one conversation
// ever, and to everybody in an hour. A mention that is over the first two is passed over; one that is over the third
// waits, and so does all that is newer, until an hour is over or it is too old.
//
// X adds to an answer the names of all whom the mention names. Verdicts therefore list their numbers, to be sent along as those who are
// not to be called. A mention that names somebody without a number is not answered.
//
// # Bots
//
// An author is taken for a bot who is said to be one (network.Mention.Automated), whose name looks like one
// ([Rules.BotNames]), or whose posts come like a machine's: three times in a row within ten seconds of an answer, or five times at
// the same second of the minute. Two bots that are not found out like that stop by the budgets: the conversation ends.
//
// # Stop
//
// See [StopWords] for what is a stop. Who says it is not answered from then on, whatever else was said in the same breath or
// earlier, and the stop itself is not answered either. The caller has to write it into the log (see [StopNote]).
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
	week = 7 * day // is how long a bot's pace is remembered
	hour = time.Hour

	maxInVain = 3 // answers to a mention that X refuses, before nothing is tried any more
)

// Rules are what a bot's owner decides.
type Rules struct {
	PerPerson int               // answers to a person in 24 hours
	PerThread int               // answers in a conversation
	PerHour   int               // answers in all in an hour
	MaxAge    time.Duration     // of a mention; 0 for any
	Deny      *network.Accounts // whom never to answer
	BotNames  []string          // patterns of [path.Match] for the names of bots, in lower case
	Stop      *StopWords
}

// Defaults are rules for a bot that few people know.
func Defaults() Rules {
	return Rules{PerPerson: 6, PerThread: 4, PerHour: 12, MaxAge: 2 * day, Stop: NewStopWords(nil),
		BotNames: []string{"*bot", "*_bot_*", "bot_*", "*ebooks", "*_ebooks_*"}}
}

// A Reason says why a mention is not answered. They are worded for a message: "left alone: 3 REASON".
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

// A Verdict is what to do about a mention.
type Verdict struct {
	Post   *post.Post
	Why    Reason
	Stop   bool           // it is a stop that is not in the log yet
	Answer network.Answer // what goes with the answer, if there is to be one
}

// Decide gives a verdict on each mention, oldest first. Self is the bot, of which the number has to be known. The past then has
// the stops, and the answers as if they were given.
func (r Rules) Decide(self network.User, mentions []*post.Post, past *Past, now time.Time) []Verdict {
	ordered := slices.Clone(mentions)
	slices.SortStableFunc(ordered, func(a, b *post.Post) int { return network.CompareID(a.ID, b.ID) })
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
	full      bool // the hour's budget is used up
}

// question is a mention that has been read.
type question struct {
	*post.Post
	network.Mention
	broken bool // its fields cannot be read
}

// thread is the id of the conversation, or the best there is instead.
func (q *question) thread() string { return cmp.Or(q.Conversation, q.ReplyTo, q.ID) }

// stops notes a stop, and tells whether it is a new one.
func (d *decision) stops(q question) bool {
	if d.own(q) || !d.forUs(q) || d.past.Stopped(q.Author, q.AuthorID) || !d.Stop.Said(q.Text) {
		return false
	}
	d.past.stopped.add(q.Author, q.AuthorID)
	return true
}

func (d *decision) own(q question) bool { return same(q.Author, q.AuthorID, d.self.Name, d.self.ID) }

// forUs tells whether a post calls the bot, as X wants it before one answers, by somebody who can be told from others.
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
	case d.past.answered[q.ID]:
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

// others are those besides the bot whom X would call by an answer that does not exclude them.
func (d *decision) others(q question) (others []network.Named) {
	for _, n := range append(slices.Clone(q.Named), network.Named{ID: q.RepliedID}) {
		if n != (network.Named{}) && !same(n.Name, n.ID, d.self.Name, d.self.ID) && !same(n.Name, n.ID, q.Author, q.AuthorID) {
			others = append(others, n)
		}
	}
	return others
}

// budget tells which of the budgets is used up.
func (d *decision) budget(q question) Reason {
	switch {
	case d.past.threads[q.thread()] >= d.PerThread:
		return ThreadOver
	case len(to(q.Author, q.AuthorID, d.past.recent(d.now.Add(-day)))) >= d.PerPerson:
		return PersonFull
	case d.full || len(d.past.recent(d.now.Add(-hour))) >= d.PerHour:
		d.full = true // answers stay in order: what comes now is newer
		return HourFull
	}
	return Answer
}

// grant counts an answer, and tells what goes with it.
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

// bot tells whether the author is taken for one.
func (d *decision) bot(q question) bool {
	if q.Automated || slices.ContainsFunc(d.BotNames, func(pattern string) bool {
		ok, _ := path.Match(pattern, text.Fold(q.Author))
		return ok
	}) {
		return true
	}
	var asked []time.Time
	for _, other := range d.questions {
		if same(other.Author, other.AuthorID, q.Author, q.AuthorID) {
			asked = append(asked, other.CreatedAt)
		}
	}
	return mechanical(asked, to(q.Author, q.AuthorID, d.past.recent(d.now.Add(-week))))
}
