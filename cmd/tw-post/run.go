package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/ledger"
	"horsepipe/pkg/manners"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/outbox"
	"horsepipe/pkg/post"
	"horsepipe/pkg/slot"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

func runAt(now func() time.Time) func(context.Context, *tool.Call) error {
	return func(ctx context.Context, c *tool.Call) error {
		if c.IsSet("trim") {
			return trim(ctx, c, now)
		}
		r := &runner{call: c, now: now}
		if err := r.prepare(); err != nil {
			return err
		}
		if speak, err := r.await(ctx); !speak || err != nil {
			return err
		}
		return errors.Join(r.post(ctx), r.end())
	}
}

// runner is one run.
type runner struct {
	call   *tool.Call
	now    func() time.Time
	plan   slot.Plan
	prices x.Prices
	gates  []outbox.Gate
	api    *session // nil for a dry run
	alts   int      // alt texts that a dry run would set
	batch  *outbox.Batch
}

// prepare reads the flags and finds the keys.
func (r *runner) prepare() (err error) {
	c := r.call
	if err := usage(c); err != nil {
		return err
	}
	if r.plan, err = slot.Parse(c.String("delay"), c.String("odds"), c.String("quiet-hours"), c.String("time-zone")); err != nil {
		return tool.Usagef("%w", err)
	}
	if err = local(c); err != nil {
		return err
	}
	if r.prices, err = tool.Load(c, "prices", x.Published, x.ReadPrices); err != nil {
		return err
	}
	if err = r.setGates(); err != nil {
		return err
	}
	if !c.Bool("dry-run") {
		r.api, err = connect(c, r.now)
	}
	r.batch = &outbox.Batch{Open: r.open, Print: r.print, Voice: c, Dry: r.api == nil, Plain: c.Bool("plain"), Strict: c.Bool("strict")}
	return err
}

// usage refuses options that do not go together.
func usage(c *tool.Call) error {
	switch {
	case c.String("log") == "" && (c.Int("take") > 0 || c.Int("per-day") > 0):
		return tool.Usagef("--take and --per-day need a log: give --log FILE")
	case c.Int("take") > 0 && (c.Args().Len() != 1 || c.Args().First() == "-" || c.Bool("thread")):
		return tool.Usagef("--take goes with one FILE, and not with --thread")
	}
	for _, name := range []string{"take", "max", "per-day"} {
		if c.IsSet(name) && c.Int(name) == 0 {
			return tool.Usagef("--%s must be at least 1", name)
		}
	}
	return nil
}

// local refuses an unknown time zone in the environment if one is needed: Go would use UTC instead, and
// quiet hours would be at another time.
func local(c *tool.Call) error {
	name := strings.TrimPrefix(c.Env("TZ"), ":")
	if c.String("time-zone") != "Local" || filepath.IsAbs(name) || c.String("quiet-hours") == "" && !c.IsSet("per-day") {
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil {
		return tool.WithHint(tool.Usagef("TZ: %w", err), "--time-zone Europe/Paris, or TZ=Europe/Paris, names a zone")
	}
	return nil
}

// setGates sets up the checks that drafts have to pass.
func (r *runner) setGates() error {
	c := r.call
	words, err := c.Lines(c.StringSlice("reject"))
	if err != nil {
		return err
	}
	deny, err := tool.Load(c, "deny", nil, network.ReadAccounts)
	if err != nil {
		return err
	}
	allow := x.Allow{Mentions: c.Bool("allow-mentions"), Links: c.Bool("allow-links"), Cashtags: c.Bool("allow-cashtags")}
	check := func(draft *post.Post) error { return x.Check(draft, allow, r.prices) }
	r.gates = []outbox.Gate{check, outbox.Words(text.NewWordList(words)), outbox.Alone(deny.Has, "is on the --deny list"), r.altText}
	return nil
}

// altText warns of pictures that say nothing to those who cannot see them.
func (r *runner) altText(draft *post.Post) error {
	files, err := x.Media(draft)
	for _, m := range files {
		if m.Alt == "" {
			r.call.Warn("%s: no alt text", m.Path)
		}
	}
	return err
}

// await waits for the run's slot, and tells whether there is one. Without one it reads the input to the
// end; otherwise the program that writes it would fail.
func (r *runner) await(ctx context.Context) (speak bool, err error) {
	c := r.call
	if c.Bool("dry-run") {
		return true, nil
	}
	seed := c.Uint64("seed")
	if !c.IsSet("seed") {
		seed = rand.Uint64()
	}
	wait, why := r.plan.Next(r.now(), rand.New(rand.NewPCG(seed, seed)))
	if why == "" {
		if err := slot.Wait(ctx, wait); err != nil {
			return false, err
		}
		why = r.plan.Hush(r.now())
	}
	if why == "" {
		return true, nil
	}
	c.Report("%s", why)
	if slices.Contains(c.Inputs(), "-") && !tool.Terminal(c.Stdin) {
		_, err = io.Copy(io.Discard, c.Input())
	}
	return false, err
}

// post goes through the inputs. It settles what an earlier run left open even if there is no draft.
func (r *runner) post(ctx context.Context) error {
	c, th := r.call, new(outbox.Thread)
	if n := c.Int("take"); n > 0 {
		name := c.Args().First()
		replace := func(data []byte) error { return c.Replace(name, data) }
		return r.batch.Take(ctx, &outbox.Queue{Path: name, Replace: replace}, n)
	}
	for _, name := range c.Inputs() {
		f, err := c.Open(name)
		if err != nil {
			return err
		}
		if c.Bool("thread") {
			err = r.batch.Collect(th, f, tool.InputName(name))
		} else {
			err = r.batch.Post(ctx, f, tool.InputName(name))
		}
		if f.Close(); err != nil {
			return err
		}
	}
	switch {
	case c.Bool("thread"):
		return r.batch.PostThread(ctx, th)
	case c.String("log") != "":
		return r.batch.Start(ctx)
	}
	return nil
}

// open opens and locks the log.
func (r *runner) open(ctx context.Context) (box *outbox.Outbox, err error) {
	c, path, log := r.call, r.call.String("log"), journal.New(r.now)
	if path != "" {
		log, err = openLog(ctx, path, r.api == nil, c.Duration("wait"), r.now)
	}
	if err != nil {
		return nil, err
	}
	if n := log.Mended(); n > 0 {
		c.Warn("%s: removed a last line that was cut off, of %d bytes", path, n)
	}
	past := manners.Recall(log)
	stopped := outbox.Alone(past.Stopped, "has said stop")
	box = &outbox.Outbox{Log: log, Network: network.X, Same: x.Same, Gates: append(r.gates, stopped), Said: outbox.NewSaid(log, c.Int("near")),
		Budget:   outbox.Budget{Run: c.Int("max"), Day: c.Int("per-day"), Now: func() time.Time { return r.now().In(r.plan.Zone) }},
		Patience: c.Duration("look-again"), Sleep: slot.Wait, Notice: c.Warn}
	if r.api != nil {
		box.API, box.Author = r.api, r.api.author
		box.Author.Name = cmp.Or(box.Author.Name, past.Self(box.Author.ID)) // asking X costs most of what a post does
	}
	return box, nil
}

// openLog opens and locks the log or, for a dry run, only reads it.
func openLog(ctx context.Context, path string, dry bool, wait time.Duration, now func() time.Time) (*journal.Log, error) {
	if dry {
		return journal.Read(path)
	}
	return journal.Open(ctx, path, wait, now)
}

// print prints a record at once: what it reports has happened, whatever comes next.
func (r *runner) print(p *post.Post) error {
	if r.api == nil {
		files, _ := x.Media(p) // the gates have seen them
		for _, m := range files {
			r.alts += min(len(m.Alt), 1)
		}
	}
	w := post.NewWriter(r.call.Out())
	return errors.Join(w.Write(p), w.Flush())
}

// end releases the log, says what was done, and records what it cost.
func (r *runner) end() error {
	c, t := r.call, r.batch.Tally
	usage, what, known := t.Posted, "would be posted", ""
	usage.AltTexts = r.alts
	if r.api != nil {
		usage, what = r.api.Usage(), "posted"
		usage.Created, usage.Links, usage.Answers = t.Posted.Created, t.Posted.Links, t.Posted.Answers // including those whose answer was lost
	}
	if t.Known > 0 {
		known = fmt.Sprintf(", posted before: %d", t.Known)
	}
	if t.Settled.Created > 0 {
		known += fmt.Sprintf(", posted by an earlier run: %d", t.Settled.Created)
	}
	cost := r.prices.Cost(usage, true) + r.prices.Cost(t.Settled, true)
	usage.Created += t.Settled.Created
	free := c.String("api") == "v1" // servers that speak v1 charge nothing
	if !free {
		known += fmt.Sprintf(", cost: $%.3f (X's prices of %s)", cost, r.prices.AsOf)
	}
	if usage != (network.Usage{}) || t.Known > 0 {
		c.Report("drafts: %d, %s: %d%s", t.Drafts, what, t.Posted.Created, known)
	}
	err := r.batch.Close()
	if r.api != nil && !free {
		err = errors.Join(err, ledger.Note(c.Env, "tw-post", r.now(), usage, cost))
	}
	if t.Refused > 0 {
		err = errors.Join(err, tool.WithCode(tool.Refused, fmt.Errorf("%d of %d drafts were refused", t.Refused, t.Drafts)))
	}
	return err
}
