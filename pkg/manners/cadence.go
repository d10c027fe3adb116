package manners

import (
	"slices"
	"time"
)

// When posts come like a machine's. X tells times to the second. A person reaches the first in jest, and hardly three times
// in a row; five posts of a person are within the same five seconds of the minute once in four thousand times.
const (
	quick      = 10 * time.Second // from our answer to the next mention
	quickTimes = 3                // answers in a row
	cycle      = time.Minute      // the least that cron knows
	phase      = 5 * time.Second  // of a cycle, into which a program's posts fall
	apart      = 50 * time.Second // posts that are closer than this are of one start of a program
	cycleTimes = 5                // starts
)

// mechanical tells whether somebody's mentions, of now and of those that the answers are to, come at a
// machine's pace. The answers are in order.
func mechanical(asked []time.Time, answers []given) bool {
	asked = slices.Clone(asked)
	for _, g := range answers {
		asked = append(asked, g.AskedAt)
	}
	asked = slices.DeleteFunc(asked, time.Time.IsZero)
	slices.SortFunc(asked, time.Time.Compare)
	asked = slices.Compact(asked)
	return atOnce(asked, answers) || clockwork(asked)
}

// atOnce tells whether to each of the last answers there was a reaction before a person had read it.
func atOnce(asked []time.Time, answers []given) bool {
	swift := 0
	for _, g := range answers {
		next := slices.IndexFunc(asked, func(t time.Time) bool { return t.After(g.at) })
		if next < 0 {
			break // no reaction, so far
		}
		if swift++; asked[next].Sub(g.at) > quick {
			swift = 0
		}
	}
	return swift >= quickTimes
}

// clockwork tells whether the last mentions came at the same second of a minute.
func clockwork(asked []time.Time) bool {
	var starts []time.Time
	for _, t := range asked {
		if n := len(starts); n == 0 || t.Sub(starts[n-1]) >= apart {
			starts = append(starts, t)
		}
	}
	if len(starts) < cycleTimes {
		return false
	}
	starts = starts[len(starts)-cycleTimes:]
	for _, first := range starts { // one of them is the earliest of the minute, if there is such a thing
		if !slices.ContainsFunc(starts, func(t time.Time) bool { return ((t.Sub(first)%cycle)+cycle)%cycle > phase }) {
			return true
		}
	}
	return false
}
