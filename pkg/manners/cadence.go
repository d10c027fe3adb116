package manners

import (
	"slices"
	"time"
)

// A sign of a machine is the pace of posts, which X dates to the second. A person may reach the
// limit of the first sign in jest, but hardly three times in a row; five posts of a person fall
// within the same five seconds of the minute once in four thousand times.
const (
	quick      = 10 * time.Second // from our answer to the next mention
	quickTimes = 3                // answers in a row
	cycle      = time.Minute      // the shortest interval of cron
	phase      = 5 * time.Second  // part of a cycle into which a program's posts fall
	apart      = 50 * time.Second // posts closer to each other belong to one start of a program
	cycleTimes = 5                // starts
)

// mechanical reports whether an author's mentions, those of now and those that were answered, come at a
// machine's pace. The answers are in the order in which they were given.
func mechanical(asked []time.Time, answers []given) bool {
	asked = slices.Clone(asked)
	for _, g := range answers {
		asked = append(asked, g.AskedAt)
	}
	asked = slices.DeleteFunc(asked, time.Time.IsZero)
	slices.SortFunc(asked, time.Time.Compare)
	return atOnce(asked, answers) || clockwork(asked)
}

// atOnce reports whether each of the last answers met a reaction before a person could have read it.
// Of several answers that were given at once, a reaction is to one.
func atOnce(asked []time.Time, answers []given) bool {
	swift := 0
	for _, g := range answers {
		next := slices.IndexFunc(asked, func(t time.Time) bool { return t.After(g.at) })
		if next < 0 {
			break // no reaction, so far
		}
		if asked[next].Sub(g.at) > quick {
			swift = 0
			continue
		}
		swift++
		asked = asked[next+1:]
	}
	return swift >= quickTimes
}

// clockwork reports whether the last mentions came at the same second of a minute.
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
	for _, first := range starts { // if they did, one of them is the first within the cycle
		if !slices.ContainsFunc(starts, func(t time.Time) bool { return ((t.Sub(first)%cycle)+cycle)%cycle > phase }) {
			return true
		}
	}
	return false
}
