package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"horsepipe/pkg/model"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

func run(ctx context.Context, c *tool.Call) error {
	if c.Args().Len() != 1 {
		return tool.Usagef("one model is needed, not %d", c.Args().Len())
	}
	asked := 0
	for _, flag := range []string{"json", "check", "dump", "forget"} {
		if c.IsSet(flag) {
			asked++
		}
	}
	if asked > 1 {
		return tool.Usagef("only one of --json, --check, --dump and --forget at a time")
	}
	if c.IsSet("o") && !c.IsSet("forget") {
		return tool.Usagef("-o goes with --forget")
	}
	in, err := c.Open(c.Args().First())
	if err != nil {
		return err
	}
	m, err := model.Read(in, tool.InputName(c.Args().First()))
	if err != nil {
		return err
	}
	defer m.Close()
	switch {
	case c.Bool("check"):
		return m.Check()
	case c.Bool("dump"):
		return dump(ctx, c, m)
	case c.IsSet("forget"):
		return forget(ctx, c, m)
	}
	return tell(c, m)
}

// mostText is more bytes than the text of any post has that mk-train reads. Only a model that somebody
// changed has longer ones.
const mostText = 4 * post.MaxLine

// dump writes the posts that were learned from, as far as the model has them.
func dump(ctx context.Context, c *tool.Call, m *model.Model) error {
	w := post.NewWriter(c.Out())
	for i := 0; i < m.Posts() && ctx.Err() == nil; i++ {
		facts, text := m.Post(i), strings.Builder{}
		m.Read(i, func(gap, token []byte) {
			if text.Len() <= mostText {
				text.Write(gap)
				text.Write(token)
			}
		})
		if err := m.Err(); err != nil {
			return err
		}
		if text.Len() > mostText {
			return fmt.Errorf("post %d is longer than any that mk-train reads", i)
		}
		p := post.Post{ID: facts.ID, Text: text.String()}
		if facts.Time != 0 {
			p.CreatedAt = time.Unix(facts.Time, 0).UTC()
		}
		if err := w.Write(&p); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// forget makes a model of all posts except those listed.
func forget(ctx context.Context, c *tool.Call, m *model.Model) error {
	out, err := c.CreateBinary(c.String("o"), c.String("forget")) // which may replace the model
	if err != nil {
		return err
	}
	defer out.Close()
	lines, err := c.Lines([]string{c.String("forget")})
	if err != nil {
		return err
	}
	ids := make(map[string]bool, len(lines)) // whether a post has it
	for _, id := range lines {
		ids[id] = false
	}
	b := model.NewBuilder(model.Options{TempDir: c.Env("TMPDIR"), Note: append([]byte(nil), m.Note()...)})
	defer b.Close()
	forgotten, err := copyPosts(ctx, b, m, ids)
	if err != nil {
		return err
	}
	known, err := m.Known()
	if err != nil {
		return err
	}
	b.Keep(known)
	c.Report("%d posts forgotten", forgotten)
	if missing := absent(ids); missing > 0 {
		c.Warn("%d ids belong to no post in the model, which has no ids of reposts", missing)
	}
	return write(ctx, out, b)
}

// absent counts the ids that belong to no post.
func absent(ids map[string]bool) (n int) {
	for _, met := range ids {
		if !met {
			n++
		}
	}
	return n
}

// write writes the model to where -o says.
func write(ctx context.Context, out *tool.File, b *model.Builder) error {
	if _, err := b.WriteTo(out.Until(ctx)); errors.Is(err, model.ErrEmpty) {
		return errors.New("no post would be left")
	} else if err != nil {
		return err
	}
	return out.Commit()
}

// copied is how many posts the builder gets at a time.
const copied = 1 << 12

// copyPosts gives the builder all posts of a model except those with certain ids. It counts the
// latter, and notes which ids it has met.
func copyPosts(ctx context.Context, b *model.Builder, m *model.Model, without map[string]bool) (forgotten int, err error) {
	w := b.Worker()
	for i := range m.Posts() {
		p := m.Post(i)
		if _, unwanted := without[p.ID]; unwanted {
			without[p.ID] = true
			forgotten++
		} else {
			w.Begin(p)
			m.Read(i, w.Token)
			w.End()
		}
		if (i+1)%copied == 0 || i+1 == m.Posts() {
			if err := errors.Join(m.Err(), ctx.Err()); err != nil {
				return forgotten, err
			}
			if err := b.Append(w.Take(), nil); err != nil {
				return forgotten, err
			}
		}
	}
	return forgotten, nil
}
