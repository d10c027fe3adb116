package slot

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, n)) }

func TestParse(t *testing.T) {
	const m = time.Minute
	delays := map[string]Delay{
		"": {}, "0": {}, "25m": {25 * m, 25 * m}, "0-25m": {0, 25 * m}, "5-25m": {5 * m, 25 * m}, "30s-1h30m": {m / 2, 90 * m}, "1.5-2h": {90 * m, 120 * m},
		"24h": {longest, longest},
	}
	for s, want := range delays {
		if got, err := parseDelay(s); err != nil || got != want {
			t.Errorf("delay %q: got %v, %v", s, got, err)
		}
	}
	for s, want := range map[string]Odds{"": {}, "1/8": {1, 8}, "3/3": {3, 3}} {
		if got, err := parseOdds(s); err != nil || got != want {
			t.Errorf("odds %q: got %v, %v", s, got, err)
		}
	}
	for s, want := range map[string]Hours{"": {}, "23-7": {23 * 60, 7 * 60}, "22:30-6:45": {22*60 + 30, 6*60 + 45}, "7:59-24:00": {8*60 - 1, 24 * 60}, "0-24": {0, 24 * 60}} {
		if got, err := parseHours(s); err != nil || got != want {
			t.Errorf("hours %q: got %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"x", "-", "5", "25m-5m", "-5m", "0-", "5m-x", "1h-2m", "25h", "0-9999999h9999999h"} {
		if got, err := parseDelay(s); err == nil {
			t.Errorf("delay %q: got %v", s, got)
		}
	}
	for _, s := range []string{"1", "0/8", "9/8", "1/0", "a/b", "-1/8", "1/8/8", "1/99999999999"} {
		if got, err := parseOdds(s); err == nil {
			t.Errorf("odds %q: got %v", s, got)
		}
	}
	for _, s := range []string{"7", "7-7", "25-3", "1:60-3", "24:01-3", "-", "a-b", "1-2-3", "1:2:3-4"} {
		if got, err := parseHours(s); err == nil {
			t.Errorf("hours %q: got %v", s, got)
		}
	}
}

func TestHours(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	tests := []struct {
		hours string
		utc   string // Paris is an hour ahead in winter, two in summer
		quiet bool
	}{
		{"23-7", "2026-11-22T21:59:59Z", false}, {"23-7", "2026-11-22T22:00:00Z", true}, {"23-7", "2026-11-23T05:59:00Z", true},
		{"23-7", "2026-11-23T06:00:00Z", false}, {"23-7", "2026-07-22T21:00:00Z", true}, {"23-7", "2026-07-22T05:00:00Z", false},
		{"9-17:30", "2026-11-22T16:29:00Z", true}, {"9-17:30", "2026-11-22T16:30:00Z", false}, {"9-17:30", "2026-11-22T07:59:00Z", false}, {"9-17:30", "2026-11-22T08:00:00Z", true},
		{"", "2026-11-22T00:00:00Z", false}, {"0-24", "2026-11-22T12:00:00Z", true},
	}
	for _, tt := range tests {
		h, err := parseHours(tt.hours)
		at, _ := time.Parse(time.RFC3339, tt.utc)
		if err != nil || h.At(at.In(paris)) != tt.quiet {
			t.Errorf("%s at %s: got %v, %v", tt.hours, tt.utc, !tt.quiet, err)
		}
		wait, why := (&Plan{Quiet: h, Zone: paris}).Next(at, seeded(1))
		if (why != "") != tt.quiet || wait != 0 || tt.quiet && why != at.In(paris).Format("not at 15:04 MST: quiet hours") {
			t.Errorf("%s at %s: %v, %q", tt.hours, tt.utc, wait, why)
		}
	}
}

func TestOddsAreWhatTheySay(t *testing.T) {
	const n = 80_000
	for odds, want := range map[Odds]float64{{}: 1, {1, 8}: 0.125, {3, 8}: 0.375, {8, 8}: 1} {
		plan, random, spoken, waits := Plan{Delay: Delay{1, 3}, Odds: odds}, seeded(1), 0, map[time.Duration]int{}
		for range n {
			wait, why := plan.Next(time.Time{}, random)
			if why == "" {
				spoken++
				waits[wait]++
			} else if wait != 0 || why != fmt.Sprintf("not this time, at odds of %d/8", odds.N) {
				t.Fatal(wait, why)
			}
		}
		if got := float64(spoken) / n; math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/n) { // five standard deviations
			t.Errorf("%v: got %v", odds, got)
		}
		if min(waits[1], waits[2], waits[3]) < spoken*3/10 {
			t.Errorf("%v: not all delays come as often: %v", odds, waits)
		}
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := Wait(ctx, time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		if err := Wait(ctx, 2*time.Hour); err == nil || time.Since(start) != time.Hour {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		for range 20 { // both the time and the context are over: either may be seen first
			if err := Wait(ctx, 0); err == nil {
				t.Error("it went on")
			}
		}
	})
}

func TestPlan(t *testing.T) {
	p, err := Parse("0-25m", "1/8", "23-7", "Europe/Paris")
	if err != nil || p.Delay.Max != 25*time.Minute || p.Odds.Of != 8 || p.Quiet.From != 23*60 || p.Zone.String() != "Europe/Paris" {
		t.Errorf("got %+v, %v", p, err)
	}
	for i := range 4 {
		parts := make([]string, 4)
		parts[i] = "bad"
		if _, err := Parse(parts[0], parts[1], parts[2], parts[3]); err == nil {
			t.Errorf("%q: no error", parts)
		}
	}
	if _, err := Parse("soon", "often", "", "Nowhere/Else"); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v", err)
	}
}

func TestNext(t *testing.T) {
	now := time.Date(2026, 11, 22, 22, 50, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		min := time.Duration(rapid.IntRange(0, 60).Draw(rt, "min")) * time.Minute
		plan := Plan{Delay: Delay{min, min + time.Duration(rapid.IntRange(0, 60).Draw(rt, "more"))*time.Minute}, Quiet: Hours{23 * 60, 7 * 60}}
		seed := rapid.Uint64().Draw(rt, "seed")
		wait, why := plan.Next(now, seeded(seed))
		again, _ := plan.Next(now, seeded(seed))
		if wait != again || wait < 0 || why == "" && (wait < plan.Delay.Min || wait > plan.Delay.Max) {
			rt.Errorf("got %v and %v of %v", wait, again, plan.Delay)
		}
		if why == "" && plan.Quiet.At(now.Add(wait)) || why != "" && wait != 0 {
			rt.Errorf("waits %v, %q", wait, why)
		}
	})
}
