package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// made is the field of a draft that tells how it was made.
const made = "made"

// A recipe is all that makes a draft again: the models' checksums, the seed, the
// number of the draft and of the candidate that it is, and the options that a walk obeys.
// Its JSON form is part of the record and does not change.
type recipe struct {
	Models   []modelName  `json:"models"`
	Seed     uint64       `json:"seed"`
	Draft    uint64       `json:"draft"`
	Take     int          `json:"take"`
	Order    int          `json:"order"`
	MaxCopy  int          `json:"max_copy"`
	Limit    int          `json:"limit"`
	Count    string       `json:"count"`
	MinWords int          `json:"min_words"`
	Start    string       `json:"start,omitempty"`
	Contain  string       `json:"contain,omitempty"`
	End      string       `json:"end,omitempty"`
	Mentions bool         `json:"mentions,omitempty"`
	Links    bool         `json:"links,omitempty"`
	Cashtags bool         `json:"cashtags,omitempty"`
	Reject   string       `json:"reject,omitempty"` // checksum of the list
	Runs     []markov.Run `json:"runs,omitempty"`   // with --trace
	// With --trace, of an answer: the words that it shares with the question, in the order in which they were tried.
	Shared []markov.Shared `json:"shared,omitempty"`
}

// modelName is a model by its checksum, with its weight in the mixture.
type modelName struct {
	Sum    string  `json:"sum"`
	Weight float64 `json:"weight"`
}

// counts are the ways to count the length of a draft, by their names.
var counts = map[string]func(string) int{
	"x": text.Weigh, "chars": utf8.RuneCountInString, "graphemes": text.Graphemes,
}

// options are what a walk obeys.
func (r *recipe) options() markov.Options {
	return markov.Options{
		Seed: r.Seed, Order: r.Order, MaxCopy: r.MaxCopy, Limit: r.Limit, Count: counts[r.Count], MinWords: r.MinWords, BestOf: 1,
		Start: r.Start, Contain: r.Contain, End: r.End, Mentions: r.Mentions, Links: r.Links, Cashtags: r.Cashtags,
	}
}

// write makes p the draft, with its recipe.
func (r recipe) write(p *post.Post, d *markov.Draft) *post.Post {
	r.Draft, r.Take, r.Runs = d.N, d.Take, d.Runs
	p.Text = d.Text
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // a recipe can always be written
	}
	p.SetExtra(made, b)
	return p
}

// sumOf is a short checksum of a word list.
func sumOf(entries []string) string {
	if len(entries) == 0 {
		return ""
	}
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintln(h, e)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// replay makes the drafts of a file again.
func replay(ctx context.Context, c *tool.Call, name string, sources []markov.Source, now *recipe, list *text.WordList) error {
	f, err := c.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	out := post.NewWriter(c.Out())
	for r := post.NewReader(f, tool.InputName(name)); ctx.Err() == nil; {
		p, err := r.Next()
		var bad *post.LineError
		switch {
		case err == io.EOF:
			return out.Flush()
		case errors.As(err, &bad):
			c.Skip(err)
			continue
		case err != nil:
			return err
		}
		again, err := remake(p, sources, now, list, c.Bool("trace"))
		if err != nil {
			return fmt.Errorf("%s: %q: %w", tool.InputName(name), p.Text, err)
		}
		if err := out.Write(again); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// remake makes one draft again, if it was made from the models and the word list at hand.
func remake(p *post.Post, sources []markov.Source, now *recipe, list *text.WordList, trace bool) (*post.Post, error) {
	var r recipe
	b, ok := p.Extra(made)
	if !ok {
		return nil, fmt.Errorf("the draft has no field %q", made)
	}
	if err := json.Unmarshal(b, &r); err != nil || counts[r.Count] == nil {
		return nil, fmt.Errorf("the field %q can't be read", made)
	}
	if !slices.Equal(r.Models, now.Models) {
		return nil, fmt.Errorf("it was made from other models: %v, not %v", r.Models, now.Models)
	}
	if r.Reject != now.Reject {
		return nil, errors.New("it was made with another --reject list")
	}
	opt := r.options()
	opt.Reject, opt.Trace = list, trace
	g, err := markov.New(sources, opt)
	if err != nil {
		return nil, err
	}
	d, err := g.Replay(r.Draft, r.Take)
	if err != nil {
		return nil, err
	}
	return r.write(p, d), nil
}
