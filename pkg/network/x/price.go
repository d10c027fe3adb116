package x

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"horsepipe/pkg/network"
)

// Prices are what X takes, in dollars, for a thing that succeeded. They are JSON so that a file can
// override them when X changes them.
type Prices struct {
	AsOf         string  `json:"as_of"`          // the day on which they were looked up
	Read         float64 `json:"post_read"`      // a post of anybody
	OwnRead      float64 `json:"own_post_read"`  // a post of the account that owns the app and the keys
	User         float64 `json:"user_read"`      // a look-up of an account
	Post         float64 `json:"post"`           // making a post
	Answer       float64 `json:"answer"`         // making one that answers a mention
	PostWithLink float64 `json:"post_with_link"` // making one with a link, whatever it answers
}

// Published are X's prices for pay-per-use credits; see https://docs.x.com/x-api/getting-started/pricing.
var Published = Prices{AsOf: "2026-11-22", Read: 0.005, OwnRead: 0.001, User: 0.010, Post: 0.015, Answer: 0.010, PostWithLink: 0.200}

// LoadPrices reads prices from a file; they are [Published] if path is "".
func LoadPrices(path string) (Prices, error) {
	if path == "" {
		return Published, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return Prices{}, fmt.Errorf("prices: %w", err)
	}
	defer f.Close()
	p, err := ReadPrices(f)
	if err != nil {
		return Prices{}, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// ReadPrices reads prices from JSON; what it leaves out is as [Published], but for the day.
func ReadPrices(r io.Reader) (Prices, error) {
	p := Published
	p.AsOf = "no date"
	d := json.NewDecoder(r)
	d.DisallowUnknownFields() // a misspelt name would pass for the published price
	if err := d.Decode(&p); err != nil {
		return Prices{}, fmt.Errorf("prices: %w", err)
	}
	return p, nil
}

// Cost is what a use of the API costs, in dollars. X does not say whether posts that come along in an answer are
// billed; they are taken to be, at the full price. Own is for reading the posts of the account whose keys they are.
func (p Prices) Cost(u network.Usage, own bool) float64 {
	read := p.Read
	if own {
		read = p.OwnRead
	}
	return float64(u.Posts)*read + float64(u.Referred)*p.Read + float64(u.Users)*p.User +
		float64(u.Created-u.Links-u.Answers)*p.Post + float64(u.Links)*p.PostWithLink + float64(u.Answers)*p.Answer
}
