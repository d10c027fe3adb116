package markov

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// A Recipe holds all that is needed to make a draft again: the checksums of the models, the seed, the
// number of the draft and of the candidate that was chosen, and the options that a walk obeys. Its
// JSON form is part of the record and does not change.
type Recipe struct {
	Models   []Ingredient `json:"models"`
	Seed     uint64       `json:"seed"`
	Draft    uint64       `json:"draft"`
	Take     int          `json:"take"`
	Aim      float64      `json:"aim,omitempty"` // see Draft; drafts of release 1.0 have none
	Order    int          `json:"order"`
	MaxCopy  int          `json:"max_copy"`
	Limit    int          `json:"limit"`
	Count    string       `json:"count"` // what Limit counts: "x" (the most that X may weigh a draft at), "chars" or "graphemes"
	MinWords int          `json:"min_words"`
	HalfLife string       `json:"halflife,omitempty"` // "30d", "8w", "2y", or as [time.ParseDuration] reads it
	Start    string       `json:"start,omitempty"`
	Contain  string       `json:"contain,omitempty"`
	End      string       `json:"end,omitempty"`
	Mentions bool         `json:"mentions,omitempty"`
	Links    bool         `json:"links,omitempty"`
	Cashtags bool         `json:"cashtags,omitempty"`
	Reject   string       `json:"reject,omitempty"` // see SumOf
	Runs     []Run        `json:"runs,omitempty"`   // with Options.Trace
	Shared   []Shared     `json:"shared,omitempty"` // with Options.Trace, of an answer: what Generator.Shared lists
}

// Ingredient is a model, by its checksum, and its weight in the mixture.
type Ingredient struct {
	Sum    string  `json:"sum"`
	Weight float64 `json:"weight"`
}

// counts are the ways to count the length of a draft, by name: the most that X may weigh it at, in
// characters, in graphemes.
var counts = map[string]func(string) int{
	"x": text.WeighParts, "chars": utf8.RuneCountInString, "graphemes": text.Graphemes,
}

// Options returns what a walk obeys, for one candidate. It fails if a field has an invalid value. The
// caller adds Reject, which a recipe knows only by its checksum.
func (r *Recipe) Options() (Options, error) {
	opt := Options{
		Seed: r.Seed, Order: r.Order, MaxCopy: r.MaxCopy, Limit: r.Limit, Count: counts[r.Count], MinWords: r.MinWords, BestOf: 1,
		Start: r.Start, Contain: r.Contain, End: r.End, Mentions: r.Mentions, Links: r.Links, Cashtags: r.Cashtags,
	}
	if opt.Count == nil {
		return opt, fmt.Errorf("count %q: must be x, chars or graphemes", r.Count)
	}
	if r.HalfLife != "" {
		age, err := parseAge(r.HalfLife)
		if err != nil {
			return opt, fmt.Errorf("halflife %w", err)
		}
		opt.HalfLife = age
	}
	return opt, nil
}

// SumOf returns a checksum of a word list: the first 8 bytes of the SHA-256 of its entries, each
// followed by a line feed, in hexadecimal digits; "" for an empty list. Recipes hold it, so it does not
// change.
func SumOf(entries []string) string {
	if len(entries) == 0 {
		return ""
	}
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintln(h, e)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
