// Package markov makes drafts in the voice of one or several corpora: walks
// over their models ([horsepipe/pkg/model]) under constraints.
//
//	g, err := markov.New([]markov.Source{{Model: m}}, markov.Defaults())
//	draft, err := g.Draft(0)
//
// # The walk
//
// At each step the longest context, up to Options.Order tokens, that still leaves a
// choice (two different next tokens, from two different posts) is looked up, one of its
// occurrences is drawn at random, and what stands there comes next: so each
// token is drawn with exactly the probability that it has in the corpus after that context,
// among those that the rules allow; where the draft is off its aim, of two such draws one is taken, and what closes a bracket comes when it is
// due (pairs.go). A draft ends where only ends have followed the longest context (ends.go). Where no context leaves a choice the only way on is followed.
// White space comes with the token, from the same occurrence.
//
// # The rules
//
// See [Rule]. None of them cuts or mends a text: what breaks a rule isn't drawn, or the walk goes back.
// The bound on copied runs is exact, since the trail of a walk knows the places of
// each run of the draft in the corpora (MaxOrder: Papadopoulos, Roy, Pachet, Avoiding
// Plagiarism in Markov Sequence Generation, AAAI 2014), and words that are other tokens in a post are looked up apart (seams.go). It holds for posts that are
// only known, too; of these, now and then a run is
// refused that stands in none (see model.Known).
//
// # Steering, and the choice among candidates
//
// See steer.go, score.go and, for several wanted texts, bridge.go, for what stands in brackets, at ends and beside marks, pairs.go, ends.go and gaps.go.
package markov

import (
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
	Known  *model.Known // posts that are not to be copied either, nor drawn from; may be nil
	Weight float64      // of each of its tokens, more than 0; 0 stands for 1
}

// Options are the constraints of a walk. The zero value is not useful: begin with [Defaults].
type Options struct {
	Order     int              // tokens, 1 to model.Depth-1: the longest context
	MaxCopy   int              // words, 1 to model.Depth-2: the longest run in common with a post
	Limit     int              // the longest draft, as Count counts
	Count     func(string) int // text.WeighParts, text.Graphemes or another count of a whole text
	MinWords  int              // words, as MaxCopy counts them: the shortest draft
	BestOf    int              // candidates for each draft, 1 to 2^20
	Seed      uint64
	Weirdness float64       // nats a token by which drafts are to be more surprising than the account, or less
	HalfLife  time.Duration // age at which a post counts half as much as the newest one; 0: all count alike
	Start     string        // what a draft begins with, contains, ends with
	Contain   string
	End       string
	Reject    *text.WordList // what it must not say; may be nil
	Memory    *text.Memory   // what it must not say again; may be nil
	Mentions  bool           // let @names through
	Links     bool           // let links through
	Cashtags  bool           // let $TAGs through
	Trace     bool           // tell what drafts are made of
}

// Defaults are the options that measured best on accounts in English and French; see steer.go.
func Defaults() Options {
	return Options{Order: 2, MaxCopy: 6, Limit: text.MaxWeight, Count: text.WeighParts, MinWords: 3, BestOf: 1}
}

// ErrNothing is returned when no draft satisfies all constraints. The tally of the generator tells why.
var ErrNothing = errors.New("no draft satisfies all constraints")

// Generator makes drafts. It is not safe for concurrent use.
type Generator struct {
	opt      Options
	trail    trail
	human    human
	steps    []step
	rng      *rand.Rand
	pcg      *rand.PCG
	weight   []float64
	posts    span    // all posts of each model
	total    float64 // entries of all models
	oldest   float64 // date of their oldest post, in seconds
	tally    Tally
	pivots   pivots  // what is wanted
	ahead    pivots  // of that, what the draft does not have yet
	way      []step  // what was grown from the first of these to the left
	fixed    int     // tokens of the draft that a walk may not go back behind
	returned int     // times that the walk went back from an end
	aim      float64 // surprise that drafts are led to, see steer.go; 0: they are left alone
	former   bool    // words are judged as by release 1.0, see lead
	split    text.Units
	text     []byte // what reads works on
	normal   []byte

	readings map[sided][]reading // see readingsOf
}

// step is a token of the draft with what came with it.
type step struct {
	*word
	drawing
	gap      string
	after    int       // of a token drawn to the left: where the one after it stood
	length   int       // of the draft up to here, by the sum of weights
	units    int       // words of the draft up to here
	pair     pair      // of a bracket
	open     []opening // of brackets, after it, the innermost last
	surprise float64   // of the draft up to here, see Generator.surprise

	misplaced bool // where it was drawn, see misplaces
}

// New prepares a generator. Of the models it reads no more than what is wanted in each draft.
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
		if s.Weight < 0 {
			return nil, fmt.Errorf("weight %g: must be more than 0", s.Weight)
		}
		if s.Weight == 0 {
			s.Weight = 1
		}
		g.weight = append(g.weight, s.Weight)
	}
	g.oldest = oldest(models)
	l := newLexicon(models, g.judge)
	for _, m := range models {
		g.posts = append(g.posts, m.Token(model.Mark))
		g.total += float64(m.Tokens() + m.Posts())
	}
	var err error
	g.trail = newTrail(l, max(opt.Order, leastDepth))
	if opt.Trace {
		g.trail = newTrail(l, model.Depth)
	}
	for _, s := range sources {
		if s.Known != nil {
			g.trail.known = append(g.trail.known, s.Known)
		}
	}
	g.trail.guards = make([]guard, len(models)+len(g.trail.known))
	g.human.trail = newTrail(l, leastDepth)
	g.pivots, err = g.newPivots()
	return g, err
}

// check tells which option is none of its values.
func (o *Options) check() error {
	const mostOf = 1 << 20 // for more nobody waits
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

// Tally counts what the rules refused since the generator was made.
func (g *Generator) Tally() Tally { return g.tally }
