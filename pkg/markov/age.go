package markov

import (
	"math"

	"horsepipe/pkg/model"
)

// weighed is how many occurrences of a context are weighed against each other by their age. A
// context with no more is drawn from exactly; from others so many are drawn at random first (importance
// resampling, Rubin 1987).
const weighed = 16

// entry draws an occurrence of a context in one model: all alike, or with a half-life
// those in newer posts more often. That needs no second array: the posts' dates are read.
func (g *Generator) entry(m *model.Model, iv model.Interval) int {
	if g.opt.HalfLife <= 0 {
		return iv.Lo + g.rng.IntN(iv.Len())
	}
	n := min(iv.Len(), weighed)
	var entries [weighed]int
	var weights [weighed]float64 // ages at first
	youngest := math.Inf(1)
	for i := range n {
		e := iv.Lo + i
		if iv.Len() > n {
			e = iv.Lo + g.rng.IntN(iv.Len())
		}
		entries[i], weights[i] = e, g.age(m, e)
		youngest = min(youngest, weights[i])
	}
	total := 0.0
	for i := range n {
		weights[i] = math.Exp2(youngest - weights[i])
		total += weights[i]
	}
	at := g.rng.Float64() * total
	for i := range n - 1 {
		if at -= weights[i]; at < 0 {
			return entries[i]
		}
	}
	return entries[n-1]
}

// age is how old the post of an entry is beside the newest one of its model, in
// half-lives. A post without a date counts as the oldest.
func (g *Generator) age(m *model.Model, entry int) float64 {
	earliest, latest := m.Dates()
	at := m.Post(m.PostAt(m.Place(entry))).Time
	if at == 0 {
		at = earliest.Unix()
	}
	return float64(latest.Unix()-at) / g.opt.HalfLife.Seconds()
}
