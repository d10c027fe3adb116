package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

// answer reads mentions and writes a draft for each.
func answer(ctx context.Context, c *tool.Call, g *markov.Generator, r *markov.Recipe) error {
	in, err := c.Open("-")
	if err != nil {
		return err
	}
	mentions, drafts := post.NewReader(in, tool.InputName("-")), post.NewWriter(c.Out())
	n := uint64(0) // of the draft; one is left out where there is no answer
	skip := func(err error) {
		c.Skip(err)
		n++
	}
	for m, err := range mentions.All(skip) {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if m.ID == "" {
			skip(fmt.Errorf("%s:%d: a mention without an id can't be answered", tool.InputName("-"), mentions.Line()))
			continue
		}
		d, word, err := g.Answer(n, m.Text)
		if errors.Is(err, markov.ErrNothing) {
			skip(fmt.Errorf("no answer to %s: %w", m.ID, explain(g, err)))
			continue
		}
		if err != nil {
			return explain(g, err)
		}
		if err := drafts.Write(reply(*r, g, m, d, word)); err != nil {
			return err
		}
		n++
	}
	tell(c, g)
	return nil
}

// reply adds to the draft its recipe and whom it answers; tw-post takes the rest from the fields
// answer and key.
func reply(r markov.Recipe, g *markov.Generator, mention *post.Post, d *markov.Draft, word string) *post.Post {
	r.Contain = word
	if d.Runs != nil {
		r.Shared = g.Shared(mention.Text)
	}
	p := &post.Post{ReplyTo: mention.ID, Network: mention.Network}
	for _, field := range []string{"answer", "key"} { // whom to mention, and what limits a mention to one answer
		if v, ok := mention.Extra(field); ok {
			p.SetExtra(field, v)
		}
	}
	return write(p, r, d)
}
