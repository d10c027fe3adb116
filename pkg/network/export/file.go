package export

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io"
)

// file reads the records of one file, and returns how many it held. An error ends the whole
// reading; a single bad record is only reported and skipped.
func (r *reader) file(ctx context.Context, src *source, f *file, a *account) (int, error) {
	in, err := src.open(f)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	next, err := records(in, f.kind)
	if err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		body, err := next()
		if err == nil {
			err = r.element(f.kind, unwrap(body), a)
		} else if err == io.EOF {
			return n, ctx.Err()
		} else if line := (*csv.ParseError)(nil); !errors.As(err, &line) {
			return n, err
		}
		if err != nil {
			if errors.Is(err, ErrHostile) || r.sort.temp.Err() != nil {
				return n, err
			}
			r.report.Skipped++
			r.report.warn("%s: %s: record %d: %v", src.name, f.name, n+1, err)
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
}

// records returns the function that returns the records of a file, one after the other.
func records(in io.Reader, k kind) (func() ([]byte, error), error) {
	switch k {
	case outbox:
		return newElements(&items{r: in}).next, nil
	case rows:
		t, err := newTable(in)
		if err != nil {
			return nil, err
		}
		return t.next, nil
	}
	return newElements(in).next, nil
}

// element reads one record of a file of some kind.
func (r *reader) element(k kind, body []byte, a *account) error {
	switch k {
	case notePosts:
		return r.notes.add(body)
	case outbox:
		rec, err := r.tweets.activity(body)
		if err != nil {
			return err
		}
		return r.put(&rec)
	}
	rec, err := r.tweets.read(body)
	if err != nil {
		return err
	}
	origin := origins[k]
	rec.mark |= origin.mark
	rec.form = origin.form
	rec.author, rec.number = cmp.Or(a.author, rec.author), a.number
	if first := firstVersion(body); first != 0 {
		if err := r.edited(rec.id, first); err != nil {
			return err
		}
	}
	return r.put(&rec)
}

// origins tells what a kind of file means for the posts in it.
var origins = map[kind]struct {
	mark mark
	form form
}{
	posts:     {live, formToday},
	months:    {live, formMonth},
	rows:      {live, formRow},
	deleted:   {gone, formToday},
	community: {communal, formToday},
}
