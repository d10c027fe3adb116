package x

import (
	"encoding/json"
	"fmt"
	"io"

	"horsepipe/pkg/network"
)

// Prices are what X charges, in dollars, for each thing that succeeded. A JSON file can override
// them when X changes them.
type Prices struct {
	AsOf         string  `json:"as_of"`          // the day on which they were looked up
	Read         float64 `json:"post_read"`      // a post of anybody
	OwnRead      float64 `json:"own_post_read"`  // a post of the account that owns the app and the keys
	User         float64 `json:"user_read"`      // a look-up of an account
	Post         float64 `json:"post"`           // making a post
	Answer       float64 `json:"answer"`         // making a post that answers a mention
	PostWithLink float64 `json:"post_with_link"` // making a post with a link, whatever it answers
	AltText      float64 `json:"alt_text"`       // setting the alt text of a file
}

// Published are X's prices for pay-per-use credits; see
// https://docs.x.com/x-api/getting-started/pricing.
var Published = Prices{AsOf: "2026-11-22", Read: 0.005, OwnRead: 0.001, User: 0.010, Post: 0.015, Answer: 0.010, PostWithLink: 0.200, AltText: 0.005}

// ReadPrices reads prices from a JSON object, which errors call name. What is missing is as in [Published],
// except the date. Unknown fields and negative prices are an error, and so is anything after the object, which
// would not be read.
func ReadPrices(r io.Reader, name string) (Prices, error) {
	p := Published
	p.AsOf = "no date"
	d := json.NewDecoder(r)
	d.DisallowUnknownFields() // a misspelt name would pass for the published price
	if err := d.Decode(&p); err != nil {
		return Prices{}, fmt.Errorf("%s: prices: %w", name, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Prices{}, fmt.Errorf("%s: prices: something follows the object", name)
	}
	if min(p.Read, p.OwnRead, p.User, p.Post, p.Answer, p.PostWithLink, p.AltText) < 0 {
		return Prices{}, fmt.Errorf("%s: prices: a price is negative", name)
	}
	return p, nil
}

// Cost returns what a use of the API costs, in dollars. X does not say whether posts that come
// along in an answer are billed; Cost counts them at the full price. Own says that the posts read
// were those of the account that the keys belong to, or mentions of it; X gives them for less if that
// account owns the app, too, which nothing tells a program, and Cost believes it.
func (p Prices) Cost(u network.Usage, own bool) float64 {
	read := p.Read
	if own {
		read = p.OwnRead
	}
	return float64(u.Posts)*read + float64(u.Referred)*p.Read + float64(u.Users)*p.User +
		float64(u.Created-u.Links-u.Answers)*p.Post + float64(u.Links)*p.PostWithLink + float64(u.Answers)*p.Answer +
		float64(u.AltTexts)*p.AltText
}
