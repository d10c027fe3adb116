package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Voice is how a batch talks to a person.
type Voice interface {
	Error(format string, a ...any)   // a draft was refused
	Hint(format string, a ...any)    // what to do about it
	Skip(err error)                  // a record was left out
	Warn(format string, a ...any)    // what a person should know
	Verbose(format string, a ...any) // what a person need not know
}

// Batch posts the drafts of one run, or shows what would be posted. It is not safe for concurrent use.
type Batch struct {
	Open   func(context.Context) (*Outbox, error) // called at the first draft, so that a run that still waits for one does not hold the log
	Print  func(*post.Post) error                 // called with each receipt at once
	Voice  Voice
	Dry    bool // post nothing, print the drafts
	Plain  bool // each line is the text of a draft
	Strict bool // stop at the first draft that is refused and the first line that is not a record
	Tally

	box     *Outbox
	settled bool // what an earlier run left open is known
	full    bool // a draft was left out, as would be all that follow
	vain    int  // drafts in a row that the network refused
}

// mostVain is how many drafts in a row a network may refuse. It refuses one draft in the same words as
// all that an account or an app may not post, and a queue may be long.
const mostVain = 10

// Tally counts drafts.
type Tally struct {
	Drafts  int
	Known   int           // posted before this run
	Refused int           // each of them reported as an error
	Posted  network.Usage // what was posted, or would be
	Settled network.Usage // what an earlier run had posted but ended too early to count
}

// Start opens the outbox, settles what an earlier run left open, and prints the receipts that this
// finds. The first draft does it; a caller who knows that no draft comes calls it directly. It may be
// called again, and then does what has failed.
func (b *Batch) Start(ctx context.Context) (err error) {
	if b.box == nil {
		if b.box, err = b.Open(ctx); err != nil {
			return err
		}
	}
	if b.Dry || b.settled {
		return nil
	}
	receipts, err := b.box.Settle(ctx)
	b.settled = err == nil
	for _, e := range receipts {
		b.Settled.Make(e.Post, text.HasLink(e.Text))
		err = errors.Join(err, b.Print(e.Post))
	}
	return err
}

// Close closes the log, if the outbox was opened.
func (b *Batch) Close() error {
	if b.box == nil {
		return nil
	}
	return b.box.Log.Close()
}

// Post posts the drafts of an input as they come. It returns the errors that end the run; what concerns
// one draft alone goes to the Voice.
func (b *Batch) Post(ctx context.Context, in io.Reader, name string) error {
	drafts := b.reader(in, name)
	for d, err := range drafts.All(b.bad()) {
		if err == nil {
			err = b.draft(ctx, where(name, drafts.Line()), d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func where(name string, line int) string { return fmt.Sprintf("%s:%d", name, line) }

func (b *Batch) reader(in io.Reader, name string) *post.Reader {
	if b.Plain {
		return post.NewReader(in, name, post.Plain())
	}
	return post.NewReader(in, name)
}

// bad returns what takes the lines that are no records, nil if such a line ends the run.
func (b *Batch) bad() func(error) {
	if b.Strict {
		return nil
	}
	return b.Voice.Skip
}

// draft posts one draft, or shows it if Dry is set.
func (b *Batch) draft(ctx context.Context, where string, draft *post.Post) error {
	b.Drafts++
	if err := b.Start(ctx); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if !b.Dry {
		receipt, err := b.box.Post(ctx, draft)
		if err != nil {
			return b.failed(where, draft, err)
		}
		return b.done(receipt.Post)
	}
	if err := b.box.Rehearse(draft); err != nil {
		return b.failed(where, draft, err)
	}
	draft.SetExtra("weighted_length", text.Weigh(draft.Text))
	return b.done(draft)
}

// done counts and prints a post that was made, or would be.
func (b *Batch) done(p *post.Post) error {
	b.vain = 0
	b.Posted.Make(p, text.HasLink(p.Text))
	return b.Print(p)
}

// failed reports why a draft was not posted, and returns the error if it ends the run.
func (b *Batch) failed(where string, draft *post.Post, err error) error {
	switch {
	case errors.Is(err, ErrKnown):
		b.Known++
		b.Voice.Verbose("%s: %v: %s", where, err, journal.Key(draft))
	case errors.Is(err, ErrFull) || errors.Is(err, ErrKeyTaken):
		b.full = errors.Is(err, ErrFull)
		b.Voice.Skip(fmt.Errorf("%s: %w", where, err))
	case network.KindOf(err).OfDraft() && !b.Strict:
		b.Refused++
		b.Voice.Error("%s: %v", where, err)
		if e := new(network.Error); errors.As(err, &e) && e.Advice != "" {
			b.Voice.Hint("%s", e.Advice)
		}
		return b.inVain(err)
	default:
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

// inVain counts a draft that was refused, and returns an error if the network, and not a gate, refused
// too many.
func (b *Batch) inVain(err error) error {
	var e *network.Error
	if errors.As(err, &e) && e.Kind == network.Policy && e.Status > 0 {
		b.vain++
	}
	if b.vain < mostVain {
		return nil
	}
	return &network.Error{Kind: network.Policy, Op: "post", Detail: fmt.Sprintf("%d drafts in a row; no other is tried", b.vain),
		Advice: "tw-auth --check tells what the keys may do, and x.com, logged in as the account, what the account may not"}
}

// Thread is a sequence of drafts, each an answer to the one before it unless it names another post.
type Thread struct {
	drafts []*post.Post
	where  []string
}

// Collect adds the drafts of an input to a thread. A line that is not a record is an error, since the
// thread would have a hole.
func (b *Batch) Collect(th *Thread, in io.Reader, name string) error {
	drafts := b.reader(in, name)
	for d, err := range drafts.All(nil) {
		if err != nil {
			return err
		}
		if n := len(th.drafts); n > 0 && d.ReplyTo == "" {
			d.ReplyTo = journal.Key(th.drafts[n-1])
		}
		th.drafts, th.where = append(th.drafts, d), append(th.where, where(name, drafts.Line()))
	}
	return nil
}

// PostThread posts a thread, or nothing of it if one of its drafts would be refused. It does not post
// again what an earlier run has posted of it.
func (b *Batch) PostThread(ctx context.Context, th *Thread) error {
	if err := b.Start(ctx); err != nil {
		return err
	}
	rehearsal := *b.box
	rehearsal.Said = b.box.Said.clone()
	for i, d := range th.drafts {
		if err := rehearsal.Rehearse(d); err != nil && !errors.Is(err, ErrKnown) {
			b.Drafts = len(th.drafts)
			return b.failed(th.where[i], d, fmt.Errorf("nothing of the thread is posted: %w", err))
		}
	}
	for i, d := range th.drafts {
		if err := b.draft(ctx, th.where[i], d); err != nil {
			return err
		}
	}
	return nil
}

// Take posts the first n drafts of a queue and removes each from it when its receipt is in the log. A
// line of several drafts, a page, is removed when all of them are posted.
func (b *Batch) Take(ctx context.Context, queue *Queue, n int) error {
	if err := b.Start(ctx); err != nil {
		return err
	}
	lines, err := queue.lines()
	if err != nil {
		return err
	}
	content := bytes.Join(lines, []byte("\n"))
	left := b.perLine(content)
	drafts := b.reader(bytes.NewReader(content), queue.Path)
	for d, err := range drafts.All(b.bad()) {
		if err != nil {
			return err
		}
		if n == 0 || b.full {
			return nil
		}
		line, known, posted := drafts.Line(), b.Known, b.Posted.Created
		if err := b.draft(ctx, where(queue.Path, line), d); err != nil {
			return err
		}
		n -= b.Posted.Created - posted
		if b.Dry || b.Known == known && b.Posted.Created == posted {
			continue // refused: it stays in the queue
		}
		if left[line]--; left[line] > 0 {
			continue
		}
		if err := queue.remove(lines[line-1]); err != nil {
			return err
		}
	}
	if n > 0 && !b.full {
		b.Voice.Warn("%s has no more drafts to take", queue.Path)
	}
	return nil
}

// perLine counts, for each line, the drafts and what cannot be read, which has to stay.
func (b *Batch) perLine(content []byte) map[int]int {
	count := map[int]int{}
	for drafts := b.reader(bytes.NewReader(content), ""); ; count[drafts.Line()]++ {
		if _, err := drafts.Next(); err == io.EOF {
			return count
		}
	}
}
