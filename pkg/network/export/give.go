package export

import (
	"context"

	"horsepipe/pkg/post"
)

// give takes the records in order, merges those of each post, and hands out the posts. Oldest first
// means by id, since dates of the old form know only the day, and an update of a corpus goes by the
// newest id in it.
func (r *reader) give(ctx context.Context, emit func(*post.Post) error) error {
	var cur record
	err := r.sort.each(func(id uint64, b []byte) error {
		next := decode(id, b)
		if id != cur.id {
			if err := r.one(ctx, &cur, emit); err != nil {
				return err
			}
			cur = next
			return nil
		}
		if cur.is(live) && next.is(live) {
			r.report.Repeated++
		}
		cur.absorb(next)
		return nil
	})
	if err == nil {
		err = r.one(ctx, &cur, emit)
	}
	if err == nil {
		r.summarise()
	}
	return err
}

// one decides about one post, of which rec is all that is known. It also joins notes to posts that
// are left out, so that no other post can get them.
func (r *reader) one(ctx context.Context, rec *record, emit func(*post.Post) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !rec.is(live | gone | communal | hidden) {
		return nil // a version of an edited post that is in no file
	}
	joined := r.notes.join(rec)
	c := &r.report
	switch {
	case rec.is(hidden):
		c.Private++
		return nil
	case rec.is(gone):
		c.Deleted++
		return nil
	case !rec.is(live):
		c.Community++
		return nil
	case rec.is(superseded):
		c.Edits++
		return nil
	}
	c.count(rec, joined)
	return emit(rec.post())
}

// count counts a post that is handed out.
func (r *Report) count(rec *record, joined bool) {
	r.Posts++
	if rec.is(shareOfOther) {
		r.Reposts++
	} else if rec.is(cutShort) {
		r.Cut++
	}
	if rec.replyTo != "" {
		r.Replies++
	}
	if joined {
		r.Notes++
	}
}

// summarise warns of what the counts alone do not show.
func (r *reader) summarise() {
	if r.report.Cut > 0 {
		r.report.warn("%d posts were cut already when the export was made; they have \"truncated\": true", r.report.Cut)
	}
	alone := 0
	for i := range r.notes.all {
		if !r.notes.all[i].used {
			alone++
		}
	}
	if alone > 0 {
		r.report.warn("%d note posts belong to no post that is there, and were left out", alone)
	}
}
