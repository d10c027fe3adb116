package markov

import (
	"fmt"
	"math"
	"strconv"
	"time"

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

// ParseAge reads an age: a number with d for days, w for weeks or y for years of 365 days, or what time.ParseDuration
// reads. It is more than 0.
func ParseAge(s string) (time.Duration, error) {
	units := map[byte]time.Duration{'d': day, 'w': 7 * day, 'y': 365 * day}
	d, err := time.ParseDuration(s)
	if n := len(s) - 1; n > 0 && units[s[n]] > 0 {
		var number float64
		number, err = strconv.ParseFloat(s[:n], 64)
		d = time.Duration(number * float64(units[s[n]]))
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q: must be an age such as 180d", s)
	}
	return d, nil
}

const day = 24 * time.Hour

// age is how old the post of an entry is beside the newest one of its model, in
// half-lives. A post without a date counts as the oldest.
func (g *Generator) age(m *model.Model, entry int) float64 {
	earliest, latest := m.Dates()
	at := m.DateAt(m.Place(entry))
	if at == 0 {
		at = earliest.Unix()
	}
	return float64(latest.Unix()-at) / g.opt.HalfLife.Seconds()
}
