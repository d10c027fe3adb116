package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

func run(ctx context.Context, c *tool.Call) error {
	if v := c.String("api"); v != "v1" && v != "v2" {
		return tool.Usagef("--api is v1 or v2, not %q", v)
	}
	prices, err := x.LoadPrices(c.String("prices"))
	if err != nil {
		return err
	}
	r := &runner{call: c, prices: prices,
		allow: x.Allow{Mentions: c.Bool("allow-mentions"), Links: c.Bool("allow-links"), Cashtags: c.Bool("allow-cashtags")}}
	if !c.Bool("dry-run") {
		if r.api, err = connect(c); err != nil {
			return err
		}
	}
	for _, name := range c.Inputs() {
		if err == nil {
			err = r.file(ctx, name)
		}
	}
	return errors.Join(err, r.end())
}

// runner posts drafts one after the other.
type runner struct {
	call    *tool.Call
	api     *session // nil for a dry run
	allow   x.Allow
	prices  x.Prices
	usage   network.Usage // of a dry run
	drafts  int
	refused int
}

// file reads drafts to the end of one input.
func (r *runner) file(ctx context.Context, name string) error {
	f, err := r.call.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var options []post.Option
	if r.call.Bool("plain") {
		options = append(options, post.Plain())
	}
	drafts := post.NewReader(f, tool.InputName(name), options...)
	for {
		draft, err := drafts.Next()
		var bad *post.LineError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &bad) && !r.call.Bool("strict"):
			r.call.Skip(err)
			continue
		case err != nil:
			return err
		}
		if err := r.draft(ctx, draft); err != nil {
			err = fmt.Errorf("%s:%d: %w", tool.InputName(name), drafts.Line(), err)
			if !network.KindOf(err).OfDraft() || r.call.Bool("strict") {
				return err
			}
			r.refused++
			r.call.Error("%v", err)
		}
	}
}

// draft posts one draft, or shows it.
func (r *runner) draft(ctx context.Context, draft *post.Post) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.drafts++
	if err := x.Check(draft, r.allow, r.prices); err != nil {
		return err
	}
	if r.api == nil {
		return r.show(draft)
	}
	receipt, err := r.api.create(ctx, draft)
	if err != nil {
		return err
	}
	return r.print(receipt)
}

// show prints what would be sent.
func (r *runner) show(draft *post.Post) error {
	r.usage.Created++
	if text.HasLink(draft.Text) {
		r.usage.Links++
	}
	draft.SetExtra("weighted_length", json.RawMessage(strconv.Itoa(text.Weigh(draft.Text))))
	return r.print(draft)
}

// print prints a record at once: what it tells has happened, whatever comes after.
func (r *runner) print(p *post.Post) error {
	w := post.NewWriter(r.call.Out())
	return errors.Join(w.Write(p), w.Flush())
}

// end tells what was done.
func (r *runner) end() error {
	done := "would be posted"
	if r.api != nil {
		r.usage, done = r.api.Usage(), "posted"
	}
	if r.usage.Requests > 0 || r.usage.Created > 0 {
		r.call.Report("drafts: %d, %s: %d, cost: $%.3f (X's prices of %s)", r.drafts, done, r.usage.Created,
			r.prices.Cost(r.usage, true), r.prices.AsOf)
	}
	if r.refused > 0 {
		return tool.WithCode(tool.Refused, fmt.Errorf("%d of %d drafts were refused", r.refused, r.drafts))
	}
	return nil
}
