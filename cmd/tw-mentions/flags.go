package main

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"horsepipe/pkg/manners"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/tool"
)

// rules reads the flags about whom to answer.
func rules(c *tool.Call) (r manners.Rules, err error) {
	if c.Args().Len() > 0 {
		return r, tool.Usagef("unexpected argument %s", c.Args().First())
	}
	r = manners.Defaults()
	r.PerPerson, r.PerThread, r.PerHour = c.Int("per-person"), c.Int("per-thread"), c.Int("per-hour")
	if r.MaxAge, err = age(c.String("max-age")); err != nil {
		return r, err
	}
	if c.IsSet("bot-name") {
		if r.BotNames, err = patterns(c.StringSlice("bot-name")); err != nil {
			return r, err
		}
	}
	if r.Deny, err = tool.Load(c, "deny", nil, network.ReadAccounts); err != nil {
		return r, err
	}
	phrases, err := c.Lines(c.StringSlice("stop-words"))
	r.Stop = manners.NewStopWords(phrases)
	return r, err
}

// patterns checks the patterns of --bot-name.
func patterns(list []string) (lower []string, err error) {
	for _, pattern := range list {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, tool.Usagef("--bot-name %s: %w", pattern, err)
		}
		lower = append(lower, strings.ToLower(strings.TrimPrefix(pattern, "@")))
	}
	return lower, nil
}

// age parses a duration, which may be in days.
func age(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseFloat(days, 64); err == nil && n > 0 && n < 1e5 {
			return time.Duration(n * 24 * float64(time.Hour)), nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, tool.Usagef("--max-age is a time such as 90m, 12h or 2d, not %q", s)
	}
	return d, nil
}

// late is how long X may take to show a mention. A stop that appears only after a newer mention was
// answered has to be read all the same; reading the others again costs nothing on the same day.
const late = 15 * time.Minute

// since is the id after which X is asked for mentions: that of --since, or the newest that was answered,
// or a little before now if that was just now; but no id that would be too old to be answered.
func since(c *tool.Call, past *manners.Past, maxAge time.Duration, now time.Time) (string, error) {
	word := c.String("since")
	if word == "" {
		id := slices.MinFunc([]string{past.Newest(), x.IDAt(now.Add(-late))}, network.CompareID)
		return slices.MaxFunc([]string{id, x.IDAt(now.Add(-maxAge))}, network.CompareID), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly, "20060102"} { // the last looks like the id of a post of 2007
		at, err := time.Parse(layout, word)
		if err != nil {
			continue
		}
		if at.After(now.Add(24 * time.Hour)) { // a day that has begun in some time zone is no mistake
			return "", tool.Usagef("--since %s has not come yet", word)
		}
		return x.IDAt(at), nil
	}
	if n, err := strconv.ParseUint(word, 10, 63); err == nil && n > 0 {
		return word, nil
	}
	return "", tool.Usagef("--since is a post's id or a time such as 2026-11-22 or 2026-11-22T08:00:00Z, not %q", word)
}
