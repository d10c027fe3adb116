package journal

import "time"

// Trim gives what a log has to keep of itself, and the lines that go or get shorter, as they were; both oldest first.
// It changes nothing.
//
// Of lines that were written before a time these go: intents of which it is known what became of them, and drafts that were not
// posted. Receipts lose the field "made", which says how a draft was made and is more than half of them. All
// else stays, whatever its age: what was posted under which key and what it answered, so that it is neither posted nor answered
// again; its text, for mk-gen --not-in; stops and other notes; and intents that are unsettled. So a log grows by a
// line a post and not by two long ones. What gets lost is how often a draft was tried in vain.
func (l *Log) Trim(before time.Time) (kept, taken []*Entry) {
	for _, e := range l.entries {
		short := e
		if e.At.Before(before) {
			short = l.shorten(e)
		}
		if short != nil {
			kept = append(kept, short)
		}
		if short != e {
			taken = append(taken, e)
		}
	}
	return kept, taken
}

// shorten gives what is needed of an old line: itself, a shorter one, or nil.
func (l *Log) shorten(e *Entry) *Entry {
	switch e.State {
	case Intent:
		if l.newest[e.Key] != e {
			return nil
		}
	case Unsent:
		return nil
	case Sent:
		if _, long := e.Extra(fieldMade); long {
			short, record := *e, *e.Post
			record.SetExtra(fieldMade, nil)
			short.Post = &record
			return &short
		}
	}
	return e
}
