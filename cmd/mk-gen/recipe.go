package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// made is the field of a draft that says how it was made.
const made = "made"

// write turns p into the draft, with the recipe for its kind.
func write(p *post.Post, r markov.Recipe, d *markov.Draft) *post.Post {
	r.Draft, r.Take, r.Aim, r.Runs = d.N, d.Take, d.Aim, d.Runs
	p.Text = d.Text
	p.SetExtra(made, r)
	return p
}

// replay makes the drafts of a file again.
func replay(ctx context.Context, c *tool.Call, name string, sources []markov.Source, now *markov.Recipe, list *text.WordList) error {
	f, err := c.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in, out := post.NewReader(f, tool.InputName(name)), post.NewWriter(c.Out())
	for p, err := range in.All(c.Skip) {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		said := p.Text
		again, err := remake(p, sources, now, list, c.Bool("trace"))
		if err != nil {
			return fmt.Errorf("%s:%d: %q: %w", tool.InputName(name), in.Line(), said, err)
		}
		if again.Text != said {
			c.Skip(fmt.Errorf("%s:%d: %q: its text is not what was made", tool.InputName(name), in.Line(), said))
		}
		if err := out.Write(again); err != nil {
			return err
		}
	}
	return nil
}

// remake makes one draft again, if it was made from the models and the word list at hand.
func remake(p *post.Post, sources []markov.Source, now *markov.Recipe, list *text.WordList, trace bool) (*post.Post, error) {
	var r markov.Recipe
	b, ok := p.Extra(made)
	if !ok {
		return nil, fmt.Errorf("the draft has no field %q", made)
	}
	err := json.Unmarshal(b, &r)
	opt, bad := r.Options()
	if err = cmp.Or(err, bad); err != nil {
		return nil, fmt.Errorf("the field %q can't be read: %w", made, err)
	}
	sources, ok = inOrder(r.Models, sources, now.Models)
	if !ok {
		return nil, fmt.Errorf("it was made from other models: %s, not %s", mixture(r.Models), mixture(now.Models))
	}
	if r.Reject != now.Reject {
		return nil, errors.New("it was made with another --reject list")
	}
	opt.Reject, opt.Trace = list, trace || len(r.Runs) > 0
	g, err := markov.New(sources, opt)
	if err != nil {
		return nil, err
	}
	d, err := g.Replay(r.Draft, r.Take, r.Aim)
	if err != nil {
		return nil, err
	}
	return write(p, r, d), nil
}

// inOrder returns the sources in the order of what a draft was made of, on which its text depends. It
// fails if they are not the same models with the same weights.
func inOrder(made []markov.Ingredient, sources []markov.Source, given []markov.Ingredient) ([]markov.Source, bool) {
	sources, given = slices.Clone(sources), slices.Clone(given)
	var sorted []markov.Source
	for _, m := range made {
		at := slices.Index(given, m)
		if at < 0 {
			return nil, false
		}
		sorted = append(sorted, sources[at])
		sources, given = slices.Delete(sources, at, at+1), slices.Delete(given, at, at+1)
	}
	return sorted, len(given) == 0
}

// mixture writes models as arguments of mk-gen are, with their checksums for names.
func mixture(models []markov.Ingredient) string {
	var all []string
	for _, m := range models {
		all = append(all, fmt.Sprintf("%s:%v", m.Sum, m.Weight))
	}
	return strings.Join(all, " ")
}
