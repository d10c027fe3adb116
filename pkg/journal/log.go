package journal

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"time"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/post"
)

// Log is a log in memory, and the file that it is written to, if there is one. After a line could not be
// written, every method that writes fails, since no line may follow half a line. A Log is not safe for
// concurrent use.
type Log struct {
	file    *file // nil: nothing is kept
	now     func() time.Time
	mended  int // bytes of a torn line that Open removed
	entries []*Entry
	newest  map[string]*Entry // by the key of drafts: the receipt, or else the newest line
	posts   map[string]bool   // ids of receipts: does one of them say of which draft it is?
	tries   map[string]int    // number of intents by key
}

// New returns a log that is kept only in memory, for a run without a file.
func New(now func() time.Time) *Log {
	return &Log{now: now, newest: map[string]*Entry{}, posts: map[string]bool{}, tries: map[string]int{}}
}

// Read reads a log without locking it; another program may be writing to it. A file that does not
// exist is an empty log, if its folder does. A last line without its end, which is still being written,
// is ignored; any other that is none of a log is a [post.LineError]. The Log cannot be written to.
func Read(path string) (*Log, error) {
	if err := lock.Regular(path); err != nil {
		return nil, err
	}
	l := New(nil)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if _, folder := os.Stat(filepath.Dir(path)); folder == nil {
			return l, nil
		}
	}
	if err != nil {
		return nil, err
	}
	whole, _ := split(data)
	return l, l.load(whole, path)
}

// load reads whole lines. A line that is not one of a log is an error with its number: it might
// stand for a post, which would then be sent twice.
func (l *Log) load(data []byte, name string) error {
	r := post.NewReader(bytes.NewReader(data), name)
	for p, err := range r.All(nil) {
		if err != nil {
			return damage{err}
		}
		e, err := entryOf(p)
		if err != nil {
			return damage{&post.LineError{Name: name, Line: r.Line(), Err: err}}
		}
		l.add(e)
	}
	return nil
}

// damage is an error about a line that a person has to look at.
type damage struct{ error }

// Hint says what to do.
func (damage) Hint() string {
	return "is it a log? Then mend the line, or take it out if it is about no post of the bot and no stop"
}

// Unwrap returns the error itself.
func (d damage) Unwrap() error { return d.error }

func (l *Log) add(e *Entry) {
	l.entries = append(l.entries, e)
	switch e.State {
	case Sent:
		l.posts[e.ID] = l.posts[e.ID] || word(e.Post, fieldLog) != "" || word(e.Post, fieldKey) != ""
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

// Mended is the number of bytes of a torn last line that Open removed.
func (l *Log) Mended() int { return l.mended }

// Entries are all lines, oldest first. The list is the log's own, and not to be changed.
func (l *Log) Entries() []*Entry { return l.entries }

// Sent are the receipts, oldest first. Like Unsettled and SentSince, it goes through the whole log.
func (l *Log) Sent() []*Entry {
	return l.those(func(e *Entry) bool { return e.State == Sent })
}

// Unsettled returns the intents whose outcome is unknown, oldest first.
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

// SentSince counts the posts made at or after t, by the network's clock. Unsettled intents do not
// count.
func (l *Log) SentSince(t time.Time) (n int) {
	for _, e := range l.Sent() {
		if at := cmp.Or(e.CreatedAt, e.At); !at.Before(t) {
			n++
		}
	}
	return n
}

// Find returns the receipt of a key or, if there is none, the newest line with it; nil if the key is
// unknown.
func (l *Log) Find(key string) *Entry { return l.newest[key] }

// HasPost reports whether the receipt of the post with that id is here.
func (l *Log) HasPost(id string) bool {
	_, has := l.posts[id]
	return has
}

// IsOfDraft reports whether a receipt says of which draft the post with that id is. One that tw-archive has appended,
// after a log was lost in part, does not: it may be of a draft whose intent is in the log.
func (l *Log) IsOfDraft(id string) bool { return l.posts[id] }

// Tries is how many times a draft was about to be sent: the number of its intents.
func (l *Log) Tries(key string) int { return l.tries[key] }

// Intend records that a draft is about to be sent, as its author and on its network.
func (l *Log) Intend(key string, draft *post.Post) (*Entry, error) {
	return l.write(Intent, key, "", draft)
}

// Receipt records that an intent became a post.
func (l *Log) Receipt(key string, receipt *post.Post) (*Entry, error) {
	return l.write(Sent, key, "", receipt)
}

// Withdraw records that an intent did not become a post, and why.
func (l *Log) Withdraw(intent *Entry, why string) (*Entry, error) {
	return l.write(Unsent, intent.Key, why, intent.Post)
}

// Note writes a line of another program's, which is about no draft. Word must not be one of the states.
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

// Rewrite lets put replace what is in the file by the lines of these entries. The log must be one of
// [Open]; after it, it can only be closed.
func (l *Log) Rewrite(entries []*Entry, put func(data []byte) error) error {
	var lines []byte
	for _, e := range entries {
		lines = append(e.AppendJSON(lines), '\n')
	}
	if err := l.file.Release(); err != nil {
		return err
	}
	return put(lines)
}

// Close closes the file and releases its lock.
func (l *Log) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
