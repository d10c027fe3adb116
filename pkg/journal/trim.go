package journal

import "time"

// Trim returns the lines that a log has to keep, and those that are dropped or shortened, as they were;
// both oldest first. It changes nothing.
//
// Of the lines written before a time, it drops intents with a known outcome and drafts that were
// not posted. From receipts it removes the field "made", which says how a draft was made and is
// more than half of them. All else stays, whatever its age: what was posted under which key and
// what it answered, so that it is neither posted nor answered again; its text, for mk-gen --not-in;
// stops and other notes; and unsettled intents. So a log grows by one line a post instead of two
// long ones. What is lost is how often a draft was tried in vain.
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

// shorten returns what is needed of an old line: the line itself, a shorter one, or nil.
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
