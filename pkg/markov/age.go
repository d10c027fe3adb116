package markov

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"horsepipe/pkg/model"
)

// weighed is how many occurrences of a context are weighed against each other by age. A context with
// no more than that is drawn from exactly; from others, so many are first drawn at random (importance
// resampling, Rubin 1987).
const weighed = 16

// occurrence draws an occurrence of a context, each with the weight of its model. With a half-life,
// those in newer posts are drawn more often. That reads the dates of posts and needs no second array.
func (g *Generator) occurrence(context span) (source, entry int) {
	if g.opt.HalfLife <= 0 || g.alone() { // release 1.0 drew the model without regard to age
		source = g.pickSource(context)
		return source, g.entry(g.trail.models[source], context[source])
	}
	var s sample
	if context.Len() > weighed {
		for range weighed {
			source = g.pickSource(context)
			entry = g.anyOf(context[source])
			s.add(drawing{source: source, entry: entry}, 1, g.date(g.trail.models[source], entry))
		}
	} else {
		for source, iv := range context {
			for entry := iv.Lo; entry < iv.Hi; entry++ {
				s.add(drawing{source: source, entry: entry}, g.weight[source], g.date(g.trail.models[source], entry))
			}
		}
	}
	d := s.draw(g.opt.HalfLife.Seconds(), g.rng.Float64())
	return d.source, d.entry
}

// pickSource draws the model of an occurrence: each by its number of occurrences, times its weight.
func (g *Generator) pickSource(context span) int {
	if len(context) == 1 {
		return 0
	}
	total := 0.0
	for i, iv := range context {
		total += float64(iv.Len()) * g.weight[i]
	}
	at, last := g.rng.Float64()*total, 0
	for i, iv := range context {
		if iv.Len() > 0 {
			last = i
			if at -= float64(iv.Len()) * g.weight[i]; at < 0 {
				break
			}
		}
	}
	return last
}

// entry draws an occurrence of a context in one model in the same way.
func (g *Generator) entry(m *model.Model, iv model.Interval) int {
	if g.opt.HalfLife <= 0 {
		return g.anyOf(iv)
	}
	var s sample
	for i := range min(iv.Len(), weighed) {
		entry := iv.Lo + i
		if iv.Len() > weighed {
			entry = g.anyOf(iv)
		}
		s.add(drawing{entry: entry}, 1, g.date(m, entry))
	}
	return s.draw(g.opt.HalfLife.Seconds(), g.rng.Float64()).entry
}

// anyOf draws an entry, each with the same probability.
func (g *Generator) anyOf(iv model.Interval) int { return iv.Lo + g.rng.IntN(iv.Len()) }

// date returns that of an entry's post, in seconds since 1970. A post without a date counts as old as
// the oldest of all models.
func (g *Generator) date(m *model.Model, entry int) float64 {
	if at := m.DateAt(m.Place(entry)); at != 0 {
		return float64(at)
	}
	return g.oldest
}

// oldest returns the date of the oldest post, in seconds since 1970, or 0 if none has a date.
func oldest(models []*model.Model) (date float64) {
	for _, m := range models {
		if earliest, _ := m.Dates(); !earliest.IsZero() && (date == 0 || float64(earliest.Unix()) < date) {
			date = float64(earliest.Unix())
		}
	}
	return date
}

// sample is a set of occurrences that are weighed against each other.
type sample struct {
	n       int
	list    [weighed]drawing
	weights [weighed]float64
	dates   [weighed]float64
}

func (s *sample) add(d drawing, weight, date float64) {
	s.list[s.n], s.weights[s.n], s.dates[s.n] = d, weight, date
	s.n++
}

// draw draws one of the sample by a random number from 0 to 1. It uses up the weights.
func (s *sample) draw(halfLife, random float64) drawing {
	newest, total := slices.Max(s.dates[:s.n]), 0.0
	for i := range s.n {
		s.weights[i] *= math.Exp2((s.dates[i] - newest) / halfLife)
		total += s.weights[i]
	}
	at := random * total
	for i := range s.n - 1 {
		if at -= s.weights[i]; at < 0 {
			return s.list[i]
		}
	}
	return s.list[s.n-1]
}

// parseAge reads an age: a number with d for days, w for weeks or y for years of 365 days, or whatever
// time.ParseDuration reads. The age must be more than 0 and fit in a time.Duration (292 years).
func parseAge(s string) (time.Duration, error) {
	units := map[byte]time.Duration{'d': day, 'w': 7 * day, 'y': 365 * day}
	d, err := time.ParseDuration(s)
	if n := len(s) - 1; n > 0 && units[s[n]] > 0 {
		var number float64
		number, err = strconv.ParseFloat(s[:n], 64)
		if number *= float64(units[s[n]]); number < math.MaxInt64 {
			d = time.Duration(number)
		}
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q: must be an age such as 180d, of at most 292 years", s)
	}
	return d, nil
}

const day = 24 * time.Hour
