package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/corpus"
	"horsepipe/pkg/model"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// gcPercent keeps the garbage small compared to what a build holds: on 350 MB of posts 377 MB resident
// instead of 483, in the same time.
const gcPercent = 40

func run(ctx context.Context, c *tool.Call) error {
	debug.SetGCPercent(gcPercent)
	out, err := c.CreateBinary(c.String("o"), slices.Concat(c.Inputs(), c.StringSlice("reject"), c.StringSlice("without"))...)
	if err != nil {
		return err
	}
	defer out.Close()
	filter, err := filter(c)
	if err != nil {
		return err
	}
	memory, err := size(c.String("memory"))
	if err != nil {
		return tool.Usagef("--memory %s: %w", c.String("memory"), err)
	}
	if memory > 0 {
		debug.SetMemoryLimit(memory - image)
	}
	note, err := json.Marshal(filter)
	if err != nil {
		return err
	}
	share := divide(memory)
	b := model.NewBuilder(model.Options{Memory: share.builder, TempDir: c.Env("TMPDIR"), Note: note})
	defer b.Close()
	if err := read(ctx, c, b, filter, share.hashes); err != nil {
		return err
	}
	return write(ctx, out, b)
}

// tagCharacters are those that occur in language tags: BCP 47, and the pt_BR of some networks.
const tagCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// filter is what the flags say about what to learn from.
func filter(c *tool.Call) (corpus.Filter, error) {
	f := corpus.Filter{
		Own: c.StringSlice("own"), Langs: c.StringSlice("lang"), NoReplies: c.Bool("no-replies"),
		KeepReposts: c.Bool("keep-reposts"), KeepLinks: c.Bool("keep-links"), MinWords: c.Int("min-words"),
	}
	if f.MinWords < 1 {
		return f, tool.Usagef("--min-words %d: must be at least 1", f.MinWords)
	}
	for _, tag := range f.Langs { // a list such as "en,fr" would match only posts that name no language
		if strings.Trim(tag, tagCharacters) != "" {
			return f, tool.Usagef("--lang %q: must be one tag such as pt or pt-BR; another goes into another --lang", tag)
		}
	}
	var err error
	if f.Reject, err = c.Lines(c.StringSlice("reject")); err != nil {
		return f, err
	}
	ids, err := c.Lines(c.StringSlice("without"))
	f.Without = make(map[string]bool, len(ids))
	for _, id := range ids {
		f.Without[id] = true
	}
	return f, err
}

// read learns from the inputs. The hashes that detect duplicates may take so many bytes; 0 means no
// bound.
func read(ctx context.Context, c *tool.Call, b *model.Builder, f corpus.Filter, hashes int64) error {
	progress := c.Progress("posts", c.InputSize(), time.Now)
	defer progress.Done()
	pipe := corpus.Pipe[batch]{
		Filter: f, Plain: c.Bool("plain"), Progress: progress.Add,
		NewLearner: func() corpus.Learner[batch] {
			return &learner{worker: b.Worker(), known: new(model.KnownPosts)}
		},
		Append: func(got batch, keep func(int) bool) error {
			return cmp.Or(b.Append(got.learned, keep), b.Know(got.known))
		},
		Bad: func(err *post.LineError) error {
			if c.Bool("strict") {
				return err
			}
			c.Skip(err)
			return nil
		},
	}
	pipe.Dedup.Bound(hashes, c.Env("TMPDIR"))
	defer pipe.Dedup.Close()
	for _, name := range c.Inputs() {
		in, err := c.Open(name)
		if err != nil {
			return err
		}
		err = pipe.Read(ctx, in, tool.InputName(name))
		in.Close()
		if err != nil {
			return err
		}
	}
	c.Report("%s", pipe.Tally.String())
	if missing := pipe.Missing(); missing > 0 {
		c.Warn("%d ids of --without belong to no post that was read", missing)
	}
	return nil
}

// write writes the model to where -o says.
func write(ctx context.Context, out *tool.File, b *model.Builder) error {
	stop := context.AfterFunc(ctx, func() { b.Close() }) // a bounded build may not write for minutes
	defer stop()
	_, err := b.WriteTo(out.Until(ctx))
	if err := cmp.Or(ctx.Err(), err); err != nil {
		if errors.Is(err, model.ErrEmpty) {
			return tool.WithHint(err, "what was left out is told above; posts are JSON Lines, an object with a text each; --plain reads lines of text")
		}
		return err
	}
	return out.Commit()
}

// batch is what a learner has made of some posts.
type batch struct {
	learned *model.Batch
	known   *model.KnownPosts
}

// learner gives the tokens of posts to the builder.
type learner struct {
	worker *model.Worker
	known  *model.KnownPosts
	split  text.Units
}

func (l *learner) Learn(v *post.View, it corpus.Item) {
	l.worker.Begin(model.Post{ID: string(v.ID), Time: v.CreatedAt, Reply: it.Reply})
	l.split.Reset(it.Text)
	for gap, tok, ok := l.split.Next(); ok; gap, tok, ok = l.split.Next() {
		l.worker.Token(gap, tok)
	}
	l.worker.End()
}

func (l *learner) Know(others []byte) {
	l.split.Reset(others)
	for _, tok, ok := l.split.Next(); ok; _, tok, ok = l.split.Next() {
		l.known.Token(tok)
	}
	l.known.End()
}

func (l *learner) Take() batch {
	b := batch{l.worker.Take(), l.known}
	l.known = new(model.KnownPosts)
	return b
}
