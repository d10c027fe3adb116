package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/model"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// gcPercent makes collections rare: a program that runs for some milliseconds has little garbage.
const gcPercent = 400

func run(ctx context.Context, c *tool.Call) error {
	debug.SetGCPercent(gcPercent)
	r, err := asked(c)
	if err != nil {
		return err
	}
	words, err := c.Lines(c.StringSlice("reject"))
	if err != nil {
		return err
	}
	r.Reject = markov.SumOf(words)
	list := text.NewWordList(words)
	sources, err := open(c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer closeAll(sources)
	for _, s := range sources {
		r.Models = append(r.Models, markov.Ingredient{Sum: s.Model.Name(), Weight: s.Weight})
	}
	if from := c.String("replay"); from != "" {
		return replay(ctx, c, from, sources, r, list)
	}
	opt, err := r.Options()
	if err != nil {
		return tool.Usagef("--%w", err)
	}
	opt.Reject, opt.Trace = list, c.Bool("trace")
	opt.BestOf, opt.Weirdness = c.Int("best-of"), c.Float64("weirdness")
	if opt.Memory, err = memory(c, c.StringSlice("not-in")); err != nil {
		return err
	}
	g, err := markov.New(sources, opt)
	if err != nil {
		return refused(err)
	}
	if c.Bool("reply") {
		return answer(ctx, c, g, r)
	}
	return generate(ctx, c, g, r)
}

// asked is the recipe that the flags ask for.
func asked(c *tool.Call) (*markov.Recipe, error) {
	r := &markov.Recipe{
		HalfLife: c.String("halflife"),
		Seed:     c.Uint64("seed"), Order: c.Int("order"), MaxCopy: c.Int("max-copy"), Limit: c.Int("limit"), Count: c.String("count"),
		MinWords: c.Int("min-words"), Start: c.String("start"), Contain: c.String("contain"), End: c.String("end"),
		Mentions: c.Bool("mentions"), Links: c.Bool("links"), Cashtags: c.Bool("cashtags"),
	}
	if c.Args().Len() == 0 {
		return nil, tool.Usagef("no model given")
	}
	if err := c.Only("replay", "makes drafts as they were made", "reject", "trace"); err != nil {
		return nil, err
	}
	switch {
	case !c.Bool("reply"):
	case r.Start+r.Contain+r.End != "":
		return nil, tool.Usagef("--reply chooses what a draft contains: not with --start, --contain, --end")
	case c.IsSet("n"):
		return nil, tool.Usagef("--reply makes a draft for each mention: not with -n")
	}
	if !c.IsSet("seed") {
		r.Seed = rand.Uint64() >> 11 // exact in JSON readers that know only doubles
	}
	return r, nil
}

// open opens the models of arguments PATH or PATH:WEIGHT.
func open(c *tool.Call, args []string) (sources []markov.Source, err error) {
	defer func() {
		if err != nil {
			closeAll(sources)
		}
	}()
	for _, arg := range args {
		path, weight := arg, 1.0
		if i := strings.LastIndexByte(arg, ':'); i > 0 {
			if w, err := strconv.ParseFloat(arg[i+1:], 64); err == nil {
				path, weight = arg[:i], w
			}
		}
		if !(weight > 0 && weight < 1e9) {
			return sources, tool.Usagef("%s: a weight must be more than 0 and less than 1e9", arg)
		}
		in, err := c.Open(path)
		if err != nil {
			return sources, unreadable(err)
		}
		m, err := model.Read(in, tool.InputName(path))
		if err != nil {
			return sources, unreadable(err)
		}
		sources = append(sources, markov.Source{Model: m, Weight: weight})
		known, err := m.Known()
		if err != nil {
			return sources, unreadable(err)
		}
		sources[len(sources)-1].Known = known
	}
	return sources, nil
}

func closeAll(sources []markov.Source) {
	for _, s := range sources {
		s.Model.Close()
	}
}

// unreadable adds what to do about a model that can't be opened.
func unreadable(err error) error {
	var damage *model.Damage
	switch {
	case errors.Is(err, os.ErrNotExist):
		return tool.WithHint(err, "mk-train -o user.model corpus.jsonl makes a model")
	case errors.Is(err, model.ErrNothing):
		return tool.WithHint(err, "the program that was to make the model failed, and has said why; mk-train -o FILE leaves a whole model or none")
	case errors.Is(err, model.ErrFormat):
		return tool.WithHint(err, "a model is what mk-train writes; it was given another file, or posts")
	case errors.As(err, &damage):
		return tool.WithHint(err, "train it again; mk-train -o FILE never leaves half a model")
	}
	return err
}

// memory reads the posts of files that need not exist yet: a bot's log begins with its first post.
func memory(c *tool.Call, files []string) (*text.Memory, error) {
	m := text.NewMemory()
	for _, name := range files {
		f, err := c.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			c.Warn("%s does not exist yet: nothing was said before", name)
			continue
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		for p, err := range post.NewReader(f, tool.InputName(name)).All(c.Skip) {
			if err != nil {
				return nil, err
			}
			m.Add(p.Text)
		}
	}
	return m, nil
}

// generate writes as many drafts as were asked for.
func generate(ctx context.Context, c *tool.Call, g *markov.Generator, r *markov.Recipe) error {
	out, variety, wanted := post.NewWriter(c.Out()), newVariety(), c.Uint64("n")
	for n := uint64(0); variety.written < wanted; n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d, err := g.Draft(n)
		if n >= wanted && errors.Is(err, markov.ErrNothing) && variety.passes() {
			continue
		}
		if err != nil {
			return explain(g, err)
		}
		if !variety.allows(d.Text) {
			continue
		}
		if err := out.Write(write(&post.Post{}, *r, d)); err != nil {
			return err
		}
	}
	if variety.repeats > 0 {
		c.Warn("%d of %d drafts repeat others: these posts and options allow hardly more", variety.repeats, variety.written)
	}
	tell(c, g)
	c.Verbose("left out: %d repeats", variety.left)
	return nil
}

// tell says, if that is wanted, what the rules have refused.
func tell(c *tool.Call, g *markov.Generator) {
	tally := g.Tally()
	c.Verbose("refused on the way: %s", tally.String())
}

// explain says why there is no draft, and what would help.
func explain(g *markov.Generator, err error) error {
	if !errors.Is(err, markov.ErrNothing) {
		return unreadable(err)
	}
	tally := g.Tally()
	err = fmt.Errorf("%w; refused on the way: %s", err, tally.String())
	return tool.WithHint(err, tally.Worst().Hint())
}

// refused says which wanted word is impossible, which model is damaged, or which option has a value
// that is not allowed.
func refused(err error) error {
	var absent *markov.AbsentError
	var damage *model.Damage
	switch {
	case errors.As(err, &absent):
		return tool.WithHint(err, absent.Rule.Hint())
	case errors.As(err, &damage):
		return unreadable(err)
	}
	return tool.Usagef("--%w", err)
}
