package journal

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"

	"horsepipe/pkg/post"
)

// Log is a log in memory, and the file that it is written to, if there is one.
type Log struct {
	file    *file // nil: nothing is kept
	now     func() time.Time
	mended  int // bytes of a torn line that Open took away
	entries []*Entry
	newest  map[string]*Entry // by key, of drafts
	posts   map[string]bool   // ids of receipts
	tries   map[string]int    // intents, by key
}

// New makes a log that is kept in memory alone, for a run without a file.
func New(now func() time.Time) *Log {
	return &Log{now: now, newest: map[string]*Entry{}, posts: map[string]bool{}, tries: map[string]int{}}
}

// Read looks at a log without taking it: another program may be writing to it. A file that does not exist is an empty log,
// and a last line that is cut, since it is being written, is passed over. The Log cannot be written to.
func Read(path string) (*Log, error) {
	l := New(nil)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	whole, _ := split(data)
	return l, l.load(whole, path)
}

// load reads whole lines. A line that is none of a log's is an error, with its number: what it stood for may be a post that
// would be sent twice.
func (l *Log) load(data []byte, name string) error {
	r := post.NewReader(bytes.NewReader(data), name)
	for {
		p, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := entryOf(p)
		if err != nil {
			return &post.LineError{Name: name, Line: r.Line(), Err: err}
		}
		l.add(e)
	}
}

func (l *Log) add(e *Entry) {
	l.entries = append(l.entries, e)
	switch e.State {
	case Sent:
		l.posts[e.ID] = true
	case Intent:
		l.tries[e.Key]++
	case Unsent:
	default:
		return
	}
	if old := l.newest[e.Key]; old == nil || old.State != Sent {
		l.newest[e.Key] = e
	}
}

// Mended is the number of bytes of a torn last line that Open took away.
func (l *Log) Mended() int { return l.mended }

// Entries are all lines, oldest first.
func (l *Log) Entries() []*Entry { return l.entries }

// Sent are the receipts, oldest first.
func (l *Log) Sent() []*Entry {
	return l.those(func(e *Entry) bool { return e.State == Sent })
}

// Unsettled are the intents of which nobody knows what became of them, oldest first.
func (l *Log) Unsettled() []*Entry {
	return l.those(func(e *Entry) bool { return e.State == Intent && l.newest[e.Key] == e })
}

func (l *Log) those(wanted func(*Entry) bool) (some []*Entry) {
	for _, e := range l.entries {
		if wanted(e) {
			some = append(some, e)
		}
	}
	return some
}

// SentSince counts the posts made at or after t, by the network's clock. What is unsettled does not count.
func (l *Log) SentSince(t time.Time) (n int) {
	for _, e := range l.Sent() {
		at := e.CreatedAt
		if at.IsZero() {
			at = e.At
		}
		if !at.Before(t) {
			n++
		}
	}
	return n
}

// Find gives the receipt of a key or, if there is none, the newest line with it; nil if the key is unknown.
func (l *Log) Find(key string) *Entry { return l.newest[key] }

// HasPost tells whether a post with that id has its receipt here.
func (l *Log) HasPost(id string) bool { return l.posts[id] }

// Tries is how many times a draft was about to be sent.
func (l *Log) Tries(key string) int { return l.tries[key] }

// Intend writes down that a draft is about to be sent. Its author and network say as whom and where.
func (l *Log) Intend(key string, draft *post.Post) (*Entry, error) {
	return l.write(Intent, key, "", draft)
}

// Receipt writes down what became of an intent: a post.
func (l *Log) Receipt(key string, receipt *post.Post) (*Entry, error) {
	return l.write(Sent, key, "", receipt)
}

// Withdraw writes down that nothing became of an intent, and why.
func (l *Log) Withdraw(intent *Entry, why string) (*Entry, error) {
	return l.write(Unsent, intent.Key, why, intent.Post)
}

// Note writes a line of another program's, which says nothing of a draft. The word is none of the states.
func (l *Log) Note(word State, p *post.Post) (*Entry, error) { return l.write(word, "", "", p) }

// write appends a line, and returns when it is on the disk.
func (l *Log) write(state State, key, why string, p *post.Post) (*Entry, error) {
	if l.now == nil {
		return nil, errors.New("the log was opened to be read")
	}
	e := line(state, key, why, p, l.now())
	if l.file != nil {
		if err := l.file.append(append(e.AppendJSON(nil), '\n')); err != nil {
			return nil, err
		}
	}
	l.add(e)
	return e, nil
}

// Close gives the log back.
func (l *Log) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.close()
}
