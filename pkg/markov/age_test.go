package markov

import (
	"testing"
	"time"
)

func TestParseAge(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"180d": 180 * day, "1.5w": 252 * time.Hour, "2y": 730 * day, "90m": 90 * time.Minute, "292y": 292 * 365 * day,
		"": 0, "d": 0, "soon": 0, "0d": 0, "-1d": 0, "NaNd": 0, "infy": 0, "293y": 0, "1000y": 0, "9999999999h": 0, "1 d": 0,
	} {
		if got, err := parseAge(s); got != want || (err != nil) != (want == 0) {
			t.Errorf("%q is %v, %v, want %v", s, got, err, want)
		}
	}
}
