// Package outbox posts drafts, each of them once.
//
// [Outbox.Settle] comes first: it finds out what became of what an earlier run was about to post. Then [Outbox.Post] takes
// one draft after the other. What it knows it knows from the log, package journal; with a log that is kept in
// memory all holds within one run.
//
// # Why nothing is posted twice, and nothing is lost
//
// A network has no key that would make it harmless to send a post again, and an answer can be lost. So:
//
//  1. that a draft will be sent is on the disk before it is sent, and what became of it before anything else is sent;
//  2. where nobody knows what became of it (no answer, half an answer, a server in trouble, a kill) the account's newest posts
//     are read, and read once more after the time that a network may take to show a post. The draft is among them, and
//     the log gets its receipt; or it is not, and the log gets a line that says so;
//  3. that may have been too early after all. So what was not there is looked for once more before a draft with the same key is sent,
//     whatever that one says: a mention gets another answer each time. And if the network refuses a text as a duplicate that was tried before,
//     that is taken for a reason to look again;
//  4. while the newest posts cannot be read, or there are too many, nothing is sent.
//
// A draft that was not posted is sent again only if it comes again: a file that is given twice, or a [Queue]. A draft out of a
// pipe is gone, and its slot is not made up for.
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
	Me(ctx context.Context) (network.User, error)
	Posts(ctx context.Context, q network.Query) (network.Page, error)
	Attach(ctx context.Context, draft *post.Post) (media []string, err error)
	Create(ctx context.Context, draft *post.Post, author string, media ...string) (*post.Post, error)
}

// Outbox posts drafts as one account. It is not for several goroutines at once.
type Outbox struct {
	API      API // nil only for [Outbox.Rehearse]
	Log      *journal.Log
	Network  string                                     // its name, as records have it
	Author   network.User                               // the account, as far as its name and number are known without asking
	Same     func(draft, made *post.Post) bool          // tells whether a post of a timeline is what became of a draft
	Gates    []Gate                                     // all of them have to let a draft through
	Said     *Said                                      // what is not to be said again; nil remembers nothing
	Budget   Budget                                     // how much may be posted
	Patience time.Duration                              // how long a post may take to show in its account's timeline
	Sleep    func(context.Context, time.Duration) error // waits, or fails as the context does
	Notice   func(format string, a ...any)              // told of what a person should know

	me      network.User
	sent    int             // in this run
	planned map[string]bool // keys, of a rehearsal
	failed  map[string]bool // keys of drafts that were refused
}

// ErrKnown says that a draft was posted already.
var ErrKnown = errors.New("posted already")

// ErrKeyTaken says that another text was posted as the same draft: a key of its own says which of them is which, and a
// mention is answered once, whatever the second answer is.
var ErrKeyTaken = errors.New("left out")

// Post posts a draft and gives its receipt, the line of the log. It fails with [ErrKnown] for a draft that was posted before, with
// [ErrKeyTaken] for another text with its key, with [ErrFull] for one that the budget leaves out, with an error of the draft's own ([network.Kind.OfDraft]) if it is
// refused; any other error would meet the next draft, too.
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

// Rehearse does with a draft what can be done without sending it: an error is what Post would say before sending.
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

// ready gives a draft as it is to be sent: reply_to is a post's id.
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

// pass holds a draft against the gates. One that goes on with a thread of the account's own answers nobody, who could be named in it.
func (o *Outbox) pass(draft post.Post) error {
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

// answered makes a post's id of reply_to, which may be the key of a draft that was posted before this one.
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

// identify finds out who posts, with the account's number if that is needed. The network is asked only for what is missing: that
// costs as much as most of a post.
func (o *Outbox) identify(ctx context.Context, number bool) (err error) {
	if o.me == (network.User{}) {
		o.me = o.Author
	}
	if o.me.Name == "" || number && o.me.ID == "" {
		o.me, err = o.API.Me(ctx)
	}
	return err
}

// send does the steps from intent to receipt, unless something shows that was sent before with the same key.
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

// receipt writes down that an intent became a post.
func (o *Outbox) receipt(intent *journal.Entry, made *post.Post) (*journal.Entry, error) {
	record := *intent.Post
	record.ID, record.URL, record.CreatedAt, record.Author, record.Network = made.ID, made.URL, made.CreatedAt, made.Author, made.Network
	if o.me.ID != "" {
		network.SetAuthorID(&record, o.me.ID)
	}
	e, err := o.Log.Receipt(intent.Key, &record)
	if err != nil {
		return nil, fmt.Errorf("posted as %s, but that could not be written down: %w", made.URL, err)
	}
	o.Said.add(e)
	return e, nil
}
