package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

const (
	lookBack  = 15 * time.Minute // by how much the clocks of the two sides may differ
	lookPosts = 20               // posts of the first page, which mostly suffices: each costs money
	morePosts = 100              // posts of each further page
	lookPages = 10               // pages at most
	longAgo   = 24 * time.Hour   // a post that is so much older than an intent is another one with the same text

	notThere = "it is not among the account's posts" // in the log: why a draft was withdrawn whose post may still show late
)

// Settle finds out what became of the drafts that an earlier run was about to post, and records it.
// It returns the receipts of those that were posted; with an error, of those that it has found. Then
// the others may have been posted, too. If there is no such draft it asks the network nothing.
func (o *Outbox) Settle(ctx context.Context) (receipts []*journal.Entry, err error) {
	open := o.Log.Unsettled()
	if len(open) == 0 {
		return nil, nil
	}
	missing := open
	if err = o.whose(ctx, open); err == nil {
		receipts, missing, err = o.look(ctx, open, 0, o.Patience)
	}
	for _, e := range receipts {
		o.Notice("an earlier run did not learn that it had posted %s", e.URL)
	}
	if err != nil {
		return receipts, fmt.Errorf("what became of %s is not known yet: %w", names(missing), err)
	}
	for _, e := range missing {
		o.Notice("an earlier run did not get to post %s: %s", e.Key, e.Text)
		_, failed := o.Log.Withdraw(e, notThere)
		err = errors.Join(err, failed)
	}
	return receipts, err
}

// whose returns an error if an intent is another account's. An intent in an old log has no number; then
// the network has to say what the account's name is now.
func (o *Outbox) whose(ctx context.Context, open []*journal.Entry) error {
	if slices.ContainsFunc(open, func(e *journal.Entry) bool { return network.AuthorID(e.Post) == "" }) {
		o.Author = network.User{}
	}
	if err := o.identify(ctx, true); err != nil {
		return err
	}
	for _, e := range open {
		id, keys := network.AuthorID(e.Post), "@"+o.me.Name
		if id != "" {
			keys = "account " + o.me.ID // the name may be that of the log
		}
		if (e.Author != "" || id != "") && !o.me.Is(e.Author, id) {
			return &network.Error{Kind: network.Failed, Op: "post",
				Detail: fmt.Sprintf("@%s was about to post %s, and these are the keys of %s", e.Author, e.Key, keys),
				Advice: "give each account a log of its own"}
		}
	}
	return nil
}

// sought looks for a draft whose sending failed so that it may have been posted or not.
func (o *Outbox) sought(ctx context.Context, intent *journal.Entry, why error) (*journal.Entry, error) {
	receipts, missing, err := o.look(ctx, []*journal.Entry{intent}, 0, o.Patience)
	switch {
	case len(receipts) > 0:
		o.Notice("%v; it was posted all the same", why)
		return receipts[0], err
	case err != nil:
		return nil, &network.Error{Kind: network.UnknownOutcome, Err: errors.Join(why, err),
			Advice: "what became of " + names(missing) + " is looked up before anything else is posted, if --log is given"}
	}
	_, err = o.Log.Withdraw(intent, why.Error()+"; "+notThere)
	if network.KindOf(why) == network.UnknownOutcome {
		why = &network.Error{Kind: network.Unavailable, Detail: "it was not posted", Err: why}
	}
	return nil, errors.Join(why, err)
}

// late looks once more, without waiting, for drafts that were sent with a key and were then not there.
func (o *Outbox) late(ctx context.Context, key string) (*journal.Entry, error) {
	open := o.vanished(key)
	if len(open) == 0 {
		return nil, nil
	}
	receipts, _, err := o.look(ctx, open, 0)
	for _, e := range receipts {
		o.Notice("%s shows late: it was posted all the same", e.URL)
	}
	switch {
	case len(receipts) > 0:
		return receipts[0], nil
	case err != nil:
		return nil, &network.Error{Kind: network.UnknownOutcome, Detail: "whether " + key + " was posted after all is not known yet", Err: err}
	}
	return nil, nil
}

// vanished returns the intents with a key that were withdrawn because their posts were not there.
func (o *Outbox) vanished(key string) (intents []*journal.Entry) {
	if o.Log.Tries(key) == 0 {
		return nil
	}
	var last *journal.Entry
	for _, e := range o.Log.Entries() {
		switch {
		case e.Key != key:
		case e.State == journal.Intent:
			last = e
		case e.State == journal.Unsent && last != nil && strings.Contains(e.Why, notThere):
			intents = append(intents, last)
		}
	}
	return intents
}

// names lists the keys of some drafts, for a message.
func names(entries []*journal.Entry) string {
	var keys []string
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return strings.Join(keys, ", ")
}

// look searches the account's newest posts for what became of intents, after each of the pauses until
// all are found. It records the receipts of those that are there.
func (o *Outbox) look(ctx context.Context, open []*journal.Entry, pauses ...time.Duration) (receipts, missing []*journal.Entry, err error) {
	missing = open
	if err := o.identify(ctx, true); err != nil {
		return nil, missing, err
	}
	since, until := o.around(open)
	for _, pause := range pauses {
		if pause > 0 {
			if err := o.Sleep(ctx, pause); err != nil {
				return receipts, missing, err
			}
		}
		made, whole, err := o.newest(ctx, open[0].At, since, until)
		if err != nil {
			return receipts, missing, err
		}
		found, left, err := o.match(missing, made, since != "")
		receipts, missing = append(receipts, found...), left
		switch {
		case err != nil || len(missing) == 0:
			return receipts, missing, err
		case !whole:
			return receipts, missing, &network.Error{Kind: network.UnknownOutcome, Op: "posts of @" + o.me.Name,
				Detail: fmt.Sprintf("none of the newest %d is it, and there are more", len(made)),
				Advice: `look whether it was posted: if not, take its line, "log": "intent", out of the log; if so, give that line its "id" and "sent" for "intent"`}
		}
	}
	return receipts, missing, nil
}

// match records the receipts of the intents whose posts are among those made. Newer says that all of these
// follow a receipt that precedes the intents. Only otherwise do dates tell an old post, since an intent
// has its date from this machine, whose clock may have been ahead by days.
func (o *Outbox) match(open []*journal.Entry, made []*post.Post, newer bool) (receipts, missing []*journal.Entry, err error) {
	for _, e := range open {
		var found *post.Post
		for _, p := range made {
			old := !newer && !p.CreatedAt.IsZero() && p.CreatedAt.Before(e.At.Add(-longAgo))
			if !old && !o.Log.IsOfDraft(p.ID) && o.Same(e.Post, p) {
				found = p
			}
		}
		var receipt *journal.Entry
		if found != nil && err == nil {
			receipt, err = o.receipt(e, found)
		}
		if receipt == nil {
			missing = append(missing, e)
			continue
		}
		receipts = append(receipts, receipt)
	}
	return receipts, missing, err
}

// newest reads the account's posts between the ids since and until, as around returns them, but none from
// long before the time of the first intent. If there are too many, whole is false.
func (o *Outbox) newest(ctx context.Context, begin time.Time, since, until string) (posts []*post.Post, whole bool, err error) {
	q := network.Query{User: o.me, Max: lookPosts, Since: since, Until: until}
	for range lookPages {
		page, err := o.API.Posts(ctx, q)
		if err != nil {
			return nil, false, err
		}
		posts = append(posts, page.Posts...)
		if q.Token, q.Max = page.Next, morePosts; q.Token == "" {
			return posts, true, nil
		}
		if n := len(posts); n > 0 && !posts[n-1].CreatedAt.IsZero() && posts[n-1].CreatedAt.Before(begin.Add(-lookBack)) {
			return posts, true, nil
		}
	}
	return posts, false, nil
}

// around returns the ids of the last post whose receipt precedes some intents, and of the first one
// that was made a while after them; "" if there is none.
func (o *Outbox) around(intents []*journal.Entry) (before, after string) {
	begun, end := false, intents[len(intents)-1].At.Add(lookBack)
	for _, e := range o.Log.Entries() {
		begun = begun || e == intents[0]
		switch {
		case e.State != journal.Sent || !o.me.Is(e.Author, network.AuthorID(e.Post)) || strings.Trim(e.ID, "0123456789") != "":
		case !begun:
			before = e.ID
		case after == "" && e.CreatedAt.After(end):
			after = e.ID
		}
	}
	return before, after
}
