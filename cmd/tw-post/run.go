package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/manners"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/outbox"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

func runAt(now func() time.Time) func(context.Context, *tool.Call) error {
	return func(ctx context.Context, c *tool.Call) error {
		r, err := options(c, now)
		if err != nil {
			return err
		}
		if !c.Bool("dry-run") {
			if r.api, err = connect(c); err != nil {
				return err
			}
		}
		if ok, err := await(ctx, c, now); !ok || err != nil {
			return err
		}
		return errors.Join(r.all(ctx), r.end())
	}
}

// runner posts drafts one after the other.
type runner struct {
	call   *tool.Call
	now    func() time.Time // in --time-zone
	prices x.Prices
	gates  []outbox.Gate
	api    *session       // nil for a dry run
	box    *outbox.Outbox // nil until the first draft has come

	posted  network.Usage // what was made, or would be
	drafts  int
	known   int
	refused int
}

// all goes through the inputs. What an earlier run left open is settled even if there is no draft.
func (r *runner) all(ctx context.Context) (err error) {
	switch {
	case r.call.Int("take") > 0:
		err = r.take(ctx)
	case r.call.Bool("thread"):
		err = r.whole(ctx)
	default:
		for _, name := range r.call.Inputs() {
			if err == nil {
				err = r.file(name, func(where string, d *post.Post) error { return r.draft(ctx, where, d) })
			}
		}
	}
	if err == nil && r.call.String("log") != "" {
		err = r.open(ctx)
	}
	return err
}

// file reads drafts to the end of one input, and gives each to do, with its place.
func (r *runner) file(name string, do func(where string, draft *post.Post) error) error {
	f, err := r.call.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.read(f, tool.InputName(name), func(line int, d *post.Post) error { return do(fmt.Sprintf("%s:%d", tool.InputName(name), line), d) })
}

func (r *runner) read(in io.Reader, name string, do func(line int, draft *post.Post) error) error {
	var options []post.Option
	if r.call.Bool("plain") {
		options = append(options, post.Plain())
	}
	drafts := post.NewReader(in, name, options...)
	for {
		draft, err := drafts.Next()
		var bad *post.LineError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &bad) && !r.call.Bool("strict") && !r.call.Bool("thread"):
			r.call.Skip(err)
			continue
		case err == nil:
			err = do(drafts.Line(), draft)
		}
		if err != nil {
			return err
		}
	}
}

// open takes the log and settles what an earlier run left open. It comes with the first draft: whoever is still
// thinking about it keeps the log from nobody.
func (r *runner) open(ctx context.Context) (err error) {
	if r.box != nil {
		return nil
	}
	log, err := r.log(ctx)
	if err != nil {
		return err
	}
	if n := log.Mended(); n > 0 {
		r.call.Warn("%s: the last line was cut, and %d bytes of it are taken away", r.call.String("log"), n)
	}
	r.box = r.outbox(log)
	if r.api != nil {
		var receipts []*journal.Entry
		receipts, err = r.box.Settle(ctx)
		for _, e := range receipts {
			err = errors.Join(err, r.print(e.Post))
		}
	}
	r.box.Said = outbox.NewSaid(log, r.call.Int("near"))
	return err
}

func (r *runner) log(ctx context.Context) (*journal.Log, error) {
	path := r.call.String("log")
	switch {
	case path == "":
		return journal.New(time.Now), nil
	case r.api == nil:
		return journal.Read(path)
	}
	return journal.Open(ctx, path, r.call.Duration("wait"), time.Now)
}

func (r *runner) outbox(log *journal.Log) *outbox.Outbox {
	stopped := outbox.Alone(manners.Recall(log).Stopped, "has said stop")
	box := &outbox.Outbox{Log: log, Same: x.Same, Gates: append(r.gates, stopped), Patience: r.call.Duration("look-again"), Sleep: sleep, Notice: r.call.Warn,
		Budget: outbox.Budget{Run: r.call.Int("max"), Day: r.call.Int("per-day"), Now: r.now}}
	if r.api != nil {
		box.API, box.Author = r.api, r.api.author
	}
	return box
}

// draft posts one draft, or shows it. An error ends the run.
func (r *runner) draft(ctx context.Context, where string, draft *post.Post) error {
	r.drafts++
	if err := r.open(ctx); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if r.api == nil {
		err := r.box.Rehearse(draft)
		if err == nil {
			draft.SetExtra("weighted_length", json.RawMessage(strconv.Itoa(text.Weigh(draft.Text))))
			return r.done(draft)
		}
		return r.failed(where, draft, err)
	}
	receipt, err := r.box.Post(ctx, draft)
	if err != nil {
		return r.failed(where, draft, err)
	}
	return r.done(receipt.Post)
}

// failed tells why a draft was not posted, and gives what ends the run.
func (r *runner) failed(where string, draft *post.Post, err error) error {
	switch {
	case errors.Is(err, outbox.ErrKnown):
		r.known++
		r.call.Verbose("%s: %v: %s", where, err, journal.Key(draft))
	case errors.Is(err, outbox.ErrFull):
		r.call.Skip(fmt.Errorf("%s: %w", where, err))
	case network.KindOf(err).OfDraft() && !r.call.Bool("strict"):
		r.refused++
		r.call.Error("%s: %v", where, err)
	default:
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

// done counts and prints what was posted, or would be.
func (r *runner) done(p *post.Post) error {
	r.posted.Created++
	if text.HasLink(p.Text) {
		r.posted.Links++
	}
	return r.print(p)
}

// print prints a record at once: what it tells has happened, whatever comes after.
func (r *runner) print(p *post.Post) error {
	w := post.NewWriter(r.call.Out())
	return errors.Join(w.Write(p), w.Flush())
}

// end gives the log back and tells what was done.
func (r *runner) end() (err error) {
	usage, what := r.posted, "would be posted"
	if r.api != nil {
		usage, what = r.api.Usage(), "posted"
		usage.Created, usage.Links = r.posted.Created, r.posted.Links // with those whose answer was lost
	}
	if r.box != nil {
		err = r.box.Log.Close()
	}
	known := ""
	if r.known > 0 {
		known = fmt.Sprintf(", posted before: %d", r.known)
	}
	if usage != (network.Usage{}) || r.known > 0 {
		r.call.Report("drafts: %d, %s: %d%s, cost: $%.3f (X's prices of %s)", r.drafts, what, usage.Created, known,
			r.prices.Cost(usage, true), r.prices.AsOf)
	}
	if r.refused > 0 {
		err = errors.Join(err, tool.WithCode(tool.Refused, fmt.Errorf("%d of %d drafts were refused", r.refused, r.drafts)))
	}
	return err
}
