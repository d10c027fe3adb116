// Package markov makes drafts in the voice of one or several corpora: it walks
// over their models ([horsepipe/pkg/model]) under constraints.
//
//	g, err := markov.New([]markov.Source{{Model: m}}, markov.Defaults())
//	draft, err := g.Draft(0)
//
// # The walk
//
// Each step looks up the longest context, of at most Options.Order tokens, that still leaves a
// choice (two different next tokens, from two different posts), draws one of its occurrences at
// random and appends the token that follows there, with the white space before it. So, among the
// tokens that the rules allow, each is drawn with exactly the probability that it has in the corpus
// after that context.
//
// Four cases differ. Where no context leaves a choice, the walk follows the only way on. Where only
// ends of posts have followed the longest context, the draft ends (ends.go). Where the draft is off
// its aim, the walk draws twice and takes one of the two tokens (steer.go). And when a bracket is due
// to be closed, the token that closes it comes next (pairs.go).
//
// # The rules
//
// See [Rule]. No rule mends a text: a token that breaks one isn't drawn, or the walk goes back.
// The bound on copied runs is exact: before a token is appended, the run that would become too long
// is looked up in the corpora (runs.go; for the problem see Papadopoulos, Roy, Pachet, Avoiding
// Plagiarism in Markov Sequence Generation, AAAI 2014). Words that a post may have as other tokens
// are looked up again in those forms (seams.go). The bound also holds for posts that are only known;
// for these, a run that stands in none of them is refused now and then (see model.Known).
//
// # More
//
// steer.go describes how drafts are led to an aim, score.go the choice among candidates, bridge.go
// how several wanted texts are joined, and pairs.go, sign.go, ends.go and gaps.go the treatment of
// brackets, of signs that may be brackets, of ends and of marks; tag.go is about hashtags, face.go about
// faces, joint.go about words of two parts, jamo.go about the laughter of Korean, series.go about 。。。.
package markov

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// Source is a model with its weight in a mixture.
type Source struct {
	Model  *model.Model
	Known  *model.Known // posts that are neither to be copied nor drawn from; may be nil
	Weight float64      // of each of its tokens, more than 0; 0 stands for 1
}

// Options are the constraints of a walk. The zero value is not useful: begin with [Defaults].
type Options struct {
	Order     int              // tokens, 1 to model.Depth-1: the longest context
	MaxCopy   int              // words, 1 to model.Depth-2: the longest run that a draft may share with a post
	Limit     int              // the longest draft, in the unit of Count; at least 1
	Count     func(string) int // the length of a whole text: text.WeighParts, text.Graphemes or another count
	MinWords  int              // the shortest draft, in words as MaxCopy counts them
	BestOf    int              // candidates for each draft, 1 to 2^20
	Seed      uint64
	Weirdness float64       // nats per token by which drafts are to be more surprising than the account; less if negative
	HalfLife  time.Duration // age at which a post counts half as much as the newest one; 0 or less: all count alike
	Start     string        // what a draft begins with, contains, ends with
	Contain   string
	End       string
	Reject    *text.WordList // what it must not say, kept by the generator; may be nil
	Memory    *text.Memory   // what it must not say again, kept by the generator; may be nil
	Mentions  bool           // let @names through
	Links     bool           // let links through
	Cashtags  bool           // let $TAGs through
	Trace     bool           // fill in Draft.Runs
}

// Defaults returns the options with which drafts were measured; see steer.go.
func Defaults() Options {
	return Options{Order: 2, MaxCopy: 8, Limit: text.MaxWeight, Count: text.WeighParts, MinWords: 3, BestOf: 1}
}

// ErrNothing is returned when no draft satisfies all constraints. [Generator.Tally] tells why.
var ErrNothing = errors.New("no draft satisfies all constraints")

// Generator makes drafts. It is not safe for concurrent use, and neither is a model that it reads.
type Generator struct {
	opt      Options
	trail    trail
	human    human
	steps    []step
	rng      *rand.Rand
	pcg      *rand.PCG
	weight   []float64
	posts    span    // all posts of each model
	total    float64 // tokens and posts of all models
	oldest   float64 // date of their oldest post, in seconds since 1970
	tally    Tally
	pivots   pivots  // the wanted texts
	ahead    pivots  // those of them that the draft lacks so far
	way      []step  // tokens that lead to ahead[0], grown from it to the left; see bridge.go
	fixed    int     // tokens at the head of the draft that a walk may not take back
	returned int     // how often the walk has gone back from a refused end
	aim      float64 // surprise in nats per token that drafts are led to, see steer.go; 0: they are left alone
	former   bool    // words are judged as release 1.0 judged them, see lead
	split    text.Units
	text     []byte // buffers of reads
	normal   []byte

	readings map[sided][]reading // see readingsOf
	hangul   *bool               // see korean
}

// step is a token of the draft and how it came there.
type step struct {
	*word
	drawing
	gap      string
	after    int       // the place of the token to the right, if this one was drawn to the left
	length   int       // before push: what the gap adds; then: of the draft up to here, a sum of weights
	units    int       // words of the draft up to here
	role     bracket   // what it is in its post: that of the word, or what a sign is there
	pair     pair      // of an opening bracket: how its post closes it
	open     []opening // brackets that are open after it, the innermost last
	tag      tag       // the hashtag that it is part of
	surprise float64   // of the draft up to here, see Generator.surprise

	misplaced bool // its place in the corpus does not suit this one, see misplaces
}

// New prepares a generator. It fails without a model, if an option or a weight is out of its range,
// with an [*AbsentError] if no draft can have a wanted text, and with the damage if it meets any. The
// models have to stay open while the generator is used. New reads hardly more of them than the tokens
// of the wanted texts.
func New(sources []Source, opt Options) (*Generator, error) {
	if len(sources) == 0 {
		return nil, errors.New("no model")
	}
	if err := opt.check(); err != nil {
		return nil, err
	}
	g := &Generator{opt: opt, pcg: rand.NewPCG(0, 0), readings: map[sided][]reading{}}
	g.rng = rand.New(g.pcg)
	models := make([]*model.Model, len(sources))
	for i, s := range sources {
		models[i] = s.Model
		if !(s.Weight >= 0 && s.Weight <= math.MaxFloat64) {
			return nil, fmt.Errorf("weight %g: must be a number, more than 0", s.Weight)
		}
		g.weight = append(g.weight, cmp.Or(s.Weight, 1))
	}
	g.oldest = oldest(models)
	l := newLexicon(models, g.judge)
	for _, m := range models {
		g.posts = append(g.posts, m.Token(model.Mark))
		g.total += float64(m.Tokens() + m.Posts())
	}
	depth := max(opt.Order, leastDepth)
	if opt.Trace {
		depth = model.Depth
	}
	g.trail = trail{lexicon: l, depth: depth}
	for _, s := range sources {
		if s.Known != nil {
			g.trail.known = append(g.trail.known, s.Known)
		}
	}
	g.trail.guards = make([]guard, len(models)+len(g.trail.known))
	g.human.trail = trail{lexicon: l, depth: leastDepth}
	var err error
	g.pivots, err = g.newPivots()
	if damage := g.trail.err(); damage != nil {
		return nil, damage // in a damaged model a word may seem absent
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

// check returns an error for the first option that is out of its range.
func (o *Options) check() error {
	const mostOf = 1 << 20 // nobody waits for more
	switch {
	case o.Order < 1 || o.Order >= model.Depth:
		return fmt.Errorf("order %d: must be 1 to %d", o.Order, model.Depth-1)
	case o.MaxCopy < 1 || o.MaxCopy > model.Depth-2:
		return fmt.Errorf("max-copy %d: must be 1 to %d", o.MaxCopy, model.Depth-2)
	case o.Limit < 1:
		return fmt.Errorf("limit %d: must be at least 1", o.Limit)
	case o.MinWords < 0:
		return fmt.Errorf("min-words %d: must be at least 0", o.MinWords)
	case o.BestOf < 1 || o.BestOf > mostOf:
		return fmt.Errorf("best-of %d: must be 1 to %d", o.BestOf, mostOf)
	case math.IsNaN(o.Weirdness) || math.IsInf(o.Weirdness, 0):
		return fmt.Errorf("weirdness %g: must be a number", o.Weirdness)
	}
	return nil
}

// Tally counts what the rules have refused since the generator was made.
func (g *Generator) Tally() Tally { return g.tally }
