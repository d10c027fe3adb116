// Package outbox posts drafts, each of them once.
//
// Call [Outbox.Settle] first: it finds out what became of the drafts that an earlier run was about to
// post. Then [Outbox.Post] posts one draft after the other. All that an outbox knows comes from the log
// (package journal); with a log that is kept only in memory, its promises hold within one run.
//
// # Why nothing is posted twice, and nothing is lost
//
// The networks have no idempotency keys that would make it harmless to send a post again, and an answer
// can be lost. So:
//
//  1. Before a draft is sent, the intent is on the disk. Before anything else is sent, so is the
//     outcome.
//  2. If the outcome is unknown (no answer, half an answer, a server in trouble, a kill), the account's
//     newest posts are read, and read again after the time that a network may take to show a post. If
//     the draft is among them, the log gets its receipt; if not, the log gets a line that says so.
//  3. Even that may have been too early. So before a draft with the same key is sent, the missing
//     one is looked for once more, whatever the text of the new one: each new answer to a mention
//     has another text. And if the network refuses a text as a duplicate that was tried before,
//     that is a reason to look, too.
//  4. While the newest posts cannot be read, or there are too many of them, nothing is sent.
//
// A draft that was not posted is sent again only if it comes again: from a file that is given twice, or
// from a [Queue]. A draft from a pipe is lost, and nothing makes up for its slot.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// API is what an outbox needs of a network.
type API interface {
	// Me returns the account that the keys belong to, with its name and number.
	Me(ctx context.Context) (network.User, error)
	// Posts returns a page of an account's posts, newest first.
	Posts(ctx context.Context, q network.Query) (network.Page, error)
	// Attach uploads the files of a draft. Doing that twice, or for no post, does no harm.
	Attach(ctx context.Context, draft *post.Post) (media []string, err error)
	// Create makes a post and returns the draft with what became of it. Unless it knows that there is
	// no post, its error is of kind [network.UnknownOutcome]: after any other, the draft may be sent again.
	Create(ctx context.Context, draft *post.Post, author string, media ...string) (*post.Post, error)
}

// Outbox posts drafts as one account. It is not safe for concurrent use.
type Outbox struct {
	API      API // nil only for [Outbox.Rehearse]
	Log      *journal.Log
	Network  string                                     // its name, as in records
	Author   network.User                               // the account; its name and number as far as they are known without asking
	Same     func(draft, made *post.Post) bool          // reports whether a post of a timeline is what became of a draft
	Gates    []Gate                                     // all of them have to let a draft through
	Said     *Said                                      // what is not to be repeated; may be nil
	Budget   Budget                                     // how much may be posted
	Patience time.Duration                              // how long a post may take to show in its account's timeline
	Sleep    func(context.Context, time.Duration) error // waits, or fails as the context does
	Notice   func(format string, a ...any)              // called with what a person should know

	me      network.User
	sent    int             // in this run
	planned map[string]bool // keys of a rehearsal
	failed  map[string]bool // keys of drafts that were refused
}

// ErrKnown says that a draft has been posted already.
var ErrKnown = errors.New("posted already")

// ErrKeyTaken says that another text has been posted with the draft's key. A draft's own key says that
// both are the same draft; and a mention is answered once, whatever the second answer says.
var ErrKeyTaken = errors.New("left out")

// Post posts a draft and returns its receipt, the line of the log. It fails with [ErrKnown] for a
// draft that has been posted, with [ErrKeyTaken] for another text with its key, with [ErrFull] for
// one that the budget leaves out, and with an error of a kind that concerns the draft alone
// ([network.Kind.OfDraft]) for one that is refused. Any other error would meet the next draft, too.
func (o *Outbox) Post(ctx context.Context, draft *post.Post) (*journal.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	key, ready, err := o.ready(draft)
	if err == nil {
		err = o.identify(ctx, false)
	}
	if err != nil {
		return nil, err
	}
	receipt, err := o.send(ctx, key, ready)
	if err != nil {
		o.fail(key)
		return nil, err
	}
	o.sent++
	return receipt, nil
}

// Rehearse does with a draft what can be done without sending it, and counts it as if it were
// posted. An error is what Post would return before sending.
func (o *Outbox) Rehearse(draft *post.Post) error {
	key, ready, err := o.ready(draft)
	if err != nil {
		return err
	}
	if o.planned == nil {
		o.planned = map[string]bool{}
	}
	o.planned[key] = true
	o.sent++
	o.Said.add(&journal.Entry{Post: ready, Key: key})
	return nil
}

// ready checks a draft and returns it as it is to be sent, with a post's id as reply_to.
func (o *Outbox) ready(draft *post.Post) (key string, ready *post.Post, err error) {
	key = journal.Key(draft)
	if e := o.Log.Find(key); e != nil && e.State == journal.Sent {
		if e.Text != draft.Text {
			return key, nil, fmt.Errorf("%w: its key, %s, is that of %q", ErrKeyTaken, key, e.Text)
		}
		return key, nil, ErrKnown
	} else if o.planned[key] {
		return key, nil, ErrKnown
	}
	if err := o.Budget.room(o.Log, o.sent, len(o.planned)); err != nil {
		return key, nil, err
	}
	copied := *draft
	if copied.ReplyTo, err = o.answered(draft.ReplyTo); err == nil {
		err = o.pass(copied)
	}
	if err != nil {
		o.fail(key)
	}
	return key, &copied, err
}

func (o *Outbox) fail(key string) {
	if o.failed == nil {
		o.failed = map[string]bool{}
	}
	o.failed[key] = true
}

// margin is how many bytes a line of the log may have more than its draft.
const margin = 64 << 10

// pass checks a draft against the gates and Said. A draft that continues a thread of the account's own
// answers no other person, so to the gates it is no answer, which might begin with a name.
func (o *Outbox) pass(draft post.Post) error {
	if len(draft.AppendJSON(nil)) > post.MaxLine-margin { // nobody could read the log any more
		return refuse("with its receipt, it would be longer than a line may be: %d bytes", post.MaxLine)
	}
	if o.Log.HasPost(draft.ReplyTo) || o.planned[draft.ReplyTo] {
		draft.ReplyTo = ""
	}
	for _, gate := range o.Gates {
		if err := gate(&draft); err != nil {
			return err
		}
	}
	return o.Said.check(&draft)
}

// answered returns the id of the post that a draft answers. Its reply_to may be the key of a draft that
// was posted before.
func (o *Outbox) answered(replyTo string) (id string, err error) {
	e := o.Log.Find(replyTo)
	switch {
	case replyTo == "" || o.planned[replyTo]:
		return replyTo, nil
	case e != nil && e.State == journal.Sent:
		return e.ID, nil
	case e != nil || o.failed[replyTo]:
		return "", refuse("the draft that it answers, %s, was not posted", replyTo)
	case strings.Trim(replyTo, "0123456789") != "":
		return "", refuse("reply_to is neither a post's id nor the key of a draft before it or in the log: %s", replyTo)
	}
	return replyTo, nil
}

func refuse(format string, a ...any) error {
	return &network.Error{Kind: network.Policy, Detail: fmt.Sprintf(format, a...)}
}

// identify finds out who posts, and the account's number if that is needed. It asks the network
// only for what is missing, since a look-up costs most of what a post does.
func (o *Outbox) identify(ctx context.Context, number bool) (err error) {
	if o.me == (network.User{}) {
		o.me = o.Author
	}
	if o.me.Name == "" || number && o.me.ID == "" {
		o.me, err = o.API.Me(ctx)
	}
	if e := (*network.Error)(nil); errors.As(err, &e) && e.Kind.OfDraft() { // it would meet each draft
		err = &network.Error{Kind: network.Unauthorised, Err: e, Advice: e.Advice}
	}
	return err
}

// send does the steps from intent to receipt, unless it finds that a post has been made with the key.
func (o *Outbox) send(ctx context.Context, key string, draft *post.Post) (*journal.Entry, error) {
	if receipt, err := o.late(ctx, key); receipt != nil || err != nil {
		return receipt, err
	}
	media, err := o.API.Attach(ctx, draft)
	if err != nil {
		return nil, err
	}
	draft.Author, draft.Network = o.me.Name, o.Network
	network.SetAuthorID(draft, o.me.ID)
	intent, err := o.Log.Intend(key, draft)
	if err != nil {
		return nil, err
	}
	made, err := o.API.Create(ctx, draft, o.me.Name, media...)
	if err == nil {
		return o.receipt(intent, made)
	}
	kind := network.KindOf(err)
	if kind == network.UnknownOutcome || kind == network.Duplicate && o.Log.Tries(key) > 1 {
		return o.sought(ctx, intent, err)
	}
	_, failed := o.Log.Withdraw(intent, err.Error())
	return nil, errors.Join(err, failed)
}

// receipt records that an intent became a post.
func (o *Outbox) receipt(intent *journal.Entry, made *post.Post) (*journal.Entry, error) {
	record := *intent.Post
	record.ID, record.URL, record.CreatedAt, record.Author, record.Network = made.ID, made.URL, made.CreatedAt, made.Author, made.Network
	network.SetAuthorID(&record, o.me.ID)
	e, err := o.Log.Receipt(intent.Key, &record)
	if err != nil {
		return nil, fmt.Errorf("posted as %s, but that could not be written down: %w", made.URL, err)
	}
	o.Said.add(e)
	return e, nil
}
