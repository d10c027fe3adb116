// Package journal is the log of what a bot said: JSON Lines that a person reads with tail, grep and
// jq, the --not-in of mk-gen, and the only memory that a bot has.
//
// [Open] opens the log for writing, [Read] only for looking; [Log.Entries] are its lines. A draft is
// identified by its [Key]. Before a draft is sent, [Log.Intend] records that it will be. One of two
// lines follows: [Log.Receipt], it was posted, or [Log.Withdraw], it was not. Each is on the disk when
// the method returns. An intent that neither follows is unsettled: the program or the machine stopped
// at that moment, or the answer was lost, and the draft may have been posted. Package outbox finds out
// before it sends anything.
//
// # Lines
//
// Every line is a record of package post, in which these further fields say what the line is:
//
//	log        "intent", "sent" or "unsent"; any other word is a note of another program
//	key        which draft it is about
//	logged_at  when the line was written
//	log_why    of "unsent": why not
//
// Each line also holds the draft's own fields unchanged, except reply_to, which is always a post's
// id. A line that has an id and no "log" is a receipt: what tw-post >> FILE wrote before there was
// a log.
//
// An intent has the text of its draft, so mk-gen --not-in takes it for something that was said although
// it may never be. That is intended: at worst a draft is not made again.
//
// # Damage
//
// A line is written with one call and synced. What a loss of power leaves of the last line is removed
// when the log is opened the next time. Nothing is lost by that: if it was an intent, nothing had been
// sent; if it was a receipt, its intent stands before it.
//
// # Size
//
// A log is never started afresh, since it is memory. [Log.Trim] tells which parts nobody needs any
// more, and [Log.Rewrite] takes them out.
package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"horsepipe/pkg/post"
)

// State is what a line says of its draft.
type State string

// The states of a draft. Any other word marks a note, which is about no draft.
const (
	Intent State = "intent" // about to be sent
	Sent   State = "sent"   // posted: the line is the receipt
	Unsent State = "unsent" // not posted, and it may be sent again
)

// An Entry is a line of the log.
type Entry struct {
	*post.Post           // of Sent: the bot's post; its ReplyTo is the post that it answers
	State      State     // what the line says
	Key        string    // of the draft
	At         time.Time // when the line was written; if a receipt does not say, when it was posted
	Why        string    // of Unsent
}

// The fields of a line that are the journal's own.
const (
	fieldLog = "log"
	fieldKey = "key"
	fieldAt  = "logged_at"
	fieldWhy = "log_why"

	fieldMade = "made" // how mk-gen made the draft
)

// Key identifies a draft: drafts with the same key are one and the same. It is the draft's own
// field key, a string or a number, or else a hash of the text, reply_to, quote_of and the paths of
// the media. The draft's place in an input and all its other fields do not matter.
func Key(draft *post.Post) string {
	if own := word(draft, fieldKey); own != "" {
		return own
	}
	var media []struct{ Path string }
	if v, ok := draft.Extra("media"); ok {
		_ = json.Unmarshal(v, &media) // what is not a list of files is refused elsewhere
	}
	b, err := json.Marshal([]any{draft.Text, draft.ReplyTo, draft.QuoteOf, media})
	if err != nil {
		panic(err) // strings always marshal
	}
	sum := sha256.Sum256(b)
	return "k" + hex.EncodeToString(sum[:8]) // begins with a letter, so that it is not a post's id
}

// word returns a field that is a string or a number, "" if it is neither.
func word(p *post.Post, field string) string {
	v, ok := p.Extra(field)
	if !ok {
		return ""
	}
	var s string
	var n json.Number
	if json.Unmarshal(v, &s) != nil && json.Unmarshal(v, &n) == nil {
		s = n.String()
	}
	return s
}

// entryOf interprets a record as a line of a log.
func entryOf(p *post.Post) (*Entry, error) {
	e := &Entry{Post: p, State: State(word(p, fieldLog)), Why: word(p, fieldWhy)}
	if e.State == "" && p.ID != "" {
		e.State = Sent
	}
	if e.State == Sent || e.State == Intent || e.State == Unsent {
		e.Key = Key(p)
	}
	switch {
	case e.State == "":
		return nil, fmt.Errorf("neither a receipt nor another line of a log: it has no id and no field %q", fieldLog)
	case e.State == Sent && p.ID == "":
		return nil, fmt.Errorf("a receipt without an id")
	}
	at, err := time.Parse(time.RFC3339, word(p, fieldAt))
	if e.At = at.UTC(); err != nil {
		e.At = p.CreatedAt
	}
	return e, nil
}

// line returns an entry and the record that is its line.
func line(state State, key, why string, p *post.Post, at time.Time) *Entry {
	record := *p
	e := &Entry{Post: &record, State: state, Key: key, At: at.UTC().Truncate(time.Second), Why: why}
	for _, f := range []struct{ name, value string }{
		{fieldKey, key}, {fieldLog, string(state)}, {fieldAt, e.At.Format(time.RFC3339)}, {fieldWhy, why},
	} {
		if f.value == "" { // of an entry that the record was in before
			record.SetExtra(f.name, nil)
			continue
		}
		record.SetExtra(f.name, f.value)
	}
	return e
}
