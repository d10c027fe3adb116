// Package slot decides when a bot speaks: at odds, after a random delay, and not at night. A
// program that runs at regular times asks [Plan.Next] about its slot. A slot that is skipped is
// gone; nothing makes up for it in a burst.
package slot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Plan says when to speak. The zero value always speaks at once.
type Plan struct {
	Delay Delay
	Odds  Odds
	Quiet Hours
	Zone  *time.Location // for Quiet; nil is UTC
}

// Parse reads the three parts of a plan, each of which may be "", and the name of a time zone, of which
// "" is UTC. It reports all errors at once.
func Parse(delay, odds, quiet, zone string) (p Plan, err error) {
	var errs [4]error
	p.Delay, errs[0] = parseDelay(delay)
	p.Odds, errs[1] = parseOdds(odds)
	p.Quiet, errs[2] = parseHours(quiet)
	if p.Zone, errs[3] = time.LoadLocation(zone); errs[3] != nil {
		errs[3] = fmt.Errorf("--time-zone: %w", errs[3])
	}
	return p, errors.Join(errs[:]...)
}

// Wait waits for d. It fails as ctx does if that ends before.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Next returns how long to wait from now, or why not to speak at all. It always draws twice, for
// the odds first, so that one seed gives one answer whatever the plan is.
func (p *Plan) Next(now time.Time, random *rand.Rand) (wait time.Duration, why string) {
	lucky := random.Uint64N(max(p.Odds.Of, 1)) < max(p.Odds.N, 1)
	wait = p.Delay.Min + time.Duration(random.Int64N(int64(p.Delay.Max-p.Delay.Min)+1))
	if !lucky {
		return 0, fmt.Sprintf("not this time, at odds of %d/%d", p.Odds.N, p.Odds.Of)
	}
	if why = p.Hush(now.Add(wait)); why != "" {
		return 0, why
	}
	return wait, ""
}

// Hush says why not to speak at a time; "" if nothing is against it. Ask again after waiting: a machine
// that slept meanwhile wakes at another hour.
func (p *Plan) Hush(at time.Time) (why string) {
	if at = at.In(cmp.Or(p.Zone, time.UTC)); p.Quiet.At(at) {
		return fmt.Sprintf("not at %s: quiet hours", at.Format("15:04 MST"))
	}
	return ""
}

// Delay is a range of waiting times, both ends included; Min is at most Max.
type Delay struct{ Min, Max time.Duration }

// longest is the longest delay; a run that waited longer would have missed its slot.
const longest = 24 * time.Hour

// parseDelay reads a range such as "5m-25m" or "0-25m", or a single time such as "25m". A number
// without a unit takes that of the other end.
func parseDelay(s string) (Delay, error) {
	if s == "" {
		return Delay{}, nil
	}
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	if n := strings.TrimLeft(to, "0123456789."); strings.Trim(from, "0123456789.") == "" {
		from += n
	}
	low, err1 := time.ParseDuration(from)
	high, err2 := time.ParseDuration(to)
	if err1 != nil || err2 != nil || high < low || high > longest {
		return Delay{}, fmt.Errorf("--delay takes a time such as 25m or a range such as 0-25m, not %q", s)
	}
	return Delay{low, high}, nil
}

// Odds are N times in Of. The zero value means always.
type Odds struct{ N, Of uint64 }

// parseOdds reads odds such as "1/8"; "" means always.
func parseOdds(s string) (Odds, error) {
	if s == "" {
		return Odds{}, nil
	}
	n, of, _ := strings.Cut(s, "/")
	a, err1 := strconv.ParseUint(n, 10, 32)
	b, err2 := strconv.ParseUint(of, 10, 32)
	if err1 != nil || err2 != nil || a == 0 || a > b {
		return Odds{}, fmt.Errorf("--odds takes odds such as 1/8, not %q", s)
	}
	return Odds{a, b}, nil
}

// Hours are a part of the day: from one minute of the day up to another one, which may belong to
// the next day. The zero value is no time at all.
type Hours struct{ From, To int }

// parseHours reads hours such as "23-7" or "22:30-6:45"; "" is no time at all.
func parseHours(s string) (Hours, error) {
	if s == "" {
		return Hours{}, nil
	}
	from, to, _ := strings.Cut(s, "-")
	a, ok1 := minute(from)
	b, ok2 := minute(to)
	if !ok1 || !ok2 || a == b {
		return Hours{}, fmt.Errorf("--quiet-hours takes hours such as 23-7 or 22:30-6:45, not %q", s)
	}
	return Hours{a, b}, nil
}

// minute reads a time of day as the minute of the day; 24:00 is its end.
func minute(s string) (int, bool) {
	h, m, exact := strings.Cut(s, ":")
	if !exact {
		m = "0"
	}
	hours, err1 := strconv.ParseUint(h, 10, 8)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	all := int(hours*60 + minutes)
	return all, err1 == nil && err2 == nil && minutes < 60 && all <= 24*60
}

// At reports whether a time is within the hours, by the clock of its own location.
func (h Hours) At(t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	if h.From <= h.To {
		return h.From <= now && now < h.To
	}
	return now >= h.From || now < h.To
}
