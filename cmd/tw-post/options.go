package main

import (
	"context"
	"io"
	"math/rand/v2"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/outbox"
	"horsepipe/pkg/post"
	"horsepipe/pkg/slot"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// options reads the flags.
func options(c *tool.Call, now func() time.Time) (*runner, error) {
	switch v := c.String("api"); {
	case v != "v1" && v != "v2":
		return nil, tool.Usagef("--api is v1 or v2, not %q", v)
	case c.String("log") == "" && (c.Int("take") > 0 || c.Int("per-day") > 0):
		return nil, tool.Usagef("--take and --per-day need a log: give --log FILE")
	case c.Int("take") > 0 && (c.Args().Len() != 1 || c.Args().First() == "-" || c.Bool("thread")):
		return nil, tool.Usagef("--take takes from one FILE, and not a --thread")
	}
	for _, name := range []string{"take", "max", "per-day", "near"} {
		if c.Int(name) < 0 || name != "near" && c.IsSet(name) && c.Int(name) == 0 {
			return nil, tool.Usagef("--%s %d is no number of posts", name, c.Int(name))
		}
	}
	zone, err := time.LoadLocation(c.String("time-zone"))
	if err != nil {
		return nil, tool.Usagef("--time-zone: %v", err)
	}
	r := &runner{call: c, now: func() time.Time { return now().In(zone) }}
	if r.prices, err = x.LoadPrices(c.String("prices")); err != nil {
		return nil, err
	}
	r.gates, err = r.readGates()
	return r, err
}

// readGates makes what drafts have to pass.
func (r *runner) readGates() ([]outbox.Gate, error) {
	c := r.call
	words, err := c.Lines(c.StringSlice("reject"))
	if err != nil {
		return nil, err
	}
	deny, err := network.LoadAccounts(c.String("deny"))
	if err != nil {
		return nil, err
	}
	allow := x.Allow{Mentions: c.Bool("allow-mentions"), Links: c.Bool("allow-links"), Cashtags: c.Bool("allow-cashtags")}
	check := func(draft *post.Post) error { return x.Check(draft, allow, r.prices) }
	return []outbox.Gate{check, outbox.Words(text.NewWordList(words)), outbox.Alone(deny.Has, "is on the --deny list"), r.altText}, nil
}

// altText warns of pictures that say nothing to who cannot see them.
func (r *runner) altText(draft *post.Post) error {
	files, err := x.Media(draft)
	for _, m := range files {
		if m.Alt == "" {
			r.call.Warn("%s: no alt text", m.Path)
		}
	}
	return err
}

// await waits for the run's slot, and tells whether there is one. Without one the input is read to the end, or what
// writes it would fail.
func await(ctx context.Context, c *tool.Call, now func() time.Time) (bool, error) {
	plan, err := planOf(c)
	if err != nil || c.Bool("dry-run") {
		return true, err
	}
	seed := c.Uint64("seed")
	if !c.IsSet("seed") {
		seed = rand.Uint64()
	}
	wait, why := plan.Next(now(), rand.New(rand.NewPCG(seed, seed)))
	if why == "" {
		return true, sleep(ctx, wait)
	}
	c.Report("%s", why)
	if name := c.Inputs()[0]; name == "-" && !tool.Terminal(c.Stdin) {
		_, err = io.Copy(io.Discard, c.Stdin)
	}
	return false, err
}

// planOf reads the flags about time.
func planOf(c *tool.Call) (plan slot.Plan, err error) {
	if plan.Delay, err = slot.ParseDelay(c.String("delay")); err != nil {
		return plan, tool.Usagef("--delay: %w", err)
	}
	if plan.Odds, err = slot.ParseOdds(c.String("odds")); err != nil {
		return plan, tool.Usagef("--odds: %w", err)
	}
	if plan.Quiet, err = slot.ParseHours(c.String("quiet-hours")); err != nil {
		return plan, tool.Usagef("--quiet-hours: %w", err)
	}
	if plan.Zone, err = time.LoadLocation(c.String("time-zone")); err != nil {
		return plan, tool.Usagef("--time-zone: %v", err)
	}
	return plan, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
