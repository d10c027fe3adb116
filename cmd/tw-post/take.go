package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/outbox"
	"horsepipe/pkg/post"
)

// errTaken ends the reading of a queue.
var errTaken = errors.New("as many as were asked for are taken")

// take posts the first drafts of a queue and takes each out of it when its receipt is in the log.
func (r *runner) take(ctx context.Context) error {
	name := r.call.Args().First()
	queue := &outbox.Queue{Path: name, Replace: func(data []byte) error { return r.replace(name, data) }}
	if err := r.open(ctx); err != nil {
		return err
	}
	lines, err := queue.Lines()
	if err != nil {
		return err
	}
	left := r.call.Int("take")
	err = r.read(bytes.NewReader(bytes.Join(lines, []byte("\n"))), name, func(line int, d *post.Post) error {
		if left == 0 {
			return errTaken
		}
		known, posted := r.known, r.posted.Created
		if err := r.draft(ctx, fmt.Sprintf("%s:%d", name, line), d); err != nil {
			return err
		}
		left -= r.posted.Created - posted
		if r.api == nil || r.known == known && r.posted.Created == posted {
			return nil // refused: it stays
		}
		return queue.Remove(lines[line-1])
	})
	if err == nil && left > 0 {
		r.call.Warn("%s has no more drafts to take", name)
	}
	if errors.Is(err, errTaken) {
		err = nil
	}
	return err
}

// replace puts a file in the place of another, whole or not at all.
func (r *runner) replace(name string, data []byte) error {
	f, err := r.call.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// whole posts a thread: all of the drafts, or none if one of them would be refused.
func (r *runner) whole(ctx context.Context) error {
	type place struct {
		where string
		draft *post.Post
	}
	var all []place
	before := ""
	for _, name := range r.call.Inputs() {
		err := r.file(name, func(where string, d *post.Post) error {
			if d.ReplyTo == "" {
				d.ReplyTo = before
			}
			before = journal.Key(d)
			all = append(all, place{where, d})
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	rehearsal := r.outbox(r.box.Log)
	rehearsal.Said = outbox.NewSaid(r.box.Log, r.call.Int("near"))
	for _, p := range all {
		err := rehearsal.Rehearse(p.draft)
		if network.KindOf(err).OfDraft() || errors.Is(err, outbox.ErrFull) {
			r.drafts = len(all)
			return r.failed(p.where, p.draft, fmt.Errorf("nothing of the thread is posted: %w", err))
		}
	}
	for _, p := range all {
		if err := r.draft(ctx, p.where, p.draft); err != nil {
			return err
		}
	}
	return nil
}
