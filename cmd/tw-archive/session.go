package main

import (
	"context"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/ledger"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/timeline"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/tool"
)

// session is a run that speaks to X.
type session struct {
	call   *tool.Call
	now    func() time.Time
	keys   *credential.Keys
	api    api
	limits network.Limits
	prices x.Prices
	user   network.User
	denied *denied
}

// api is either of X's clients.
type api interface {
	timeline.Source
	Usage() network.Usage
}

// connect finds the keys and makes the client.
func connect(c *tool.Call, now func() time.Time) (*session, error) {
	prices, err := tool.Load(c, "prices", x.Published, x.ReadPrices)
	if err != nil {
		return nil, err
	}
	keys, err := credential.Open(c.Env, c.String("as"))
	if err != nil {
		return nil, err
	}
	site := credential.SiteOf(c.Env, now)
	config := x.Config{Base: site.Base, HTTP: keys.Client(site), Hide: keys.Hide, Fields: c.String("fields"), Wait: c.Duration("wait"),
		Now: now, Notice: c.Warn, Skip: c.Skip}
	s := &session{call: c, now: now, keys: keys, limits: x.Limits, prices: prices}
	if s.denied, err = readDenied(c); err != nil {
		return nil, err
	}
	if s.api = x.New(config); c.String("api") == "v1" {
		s.api, s.limits = x.NewV1(config), x.LimitsV1
	}
	s.api = guarded{s.api, s.denied}
	return s, nil
}

func (s *session) options() timeline.Options {
	return timeline.Options{Limits: s.limits, Max: s.call.Int("max-posts"), Raw: s.call.Bool("raw"), Drop: s.denied.drop}
}

// own tells whether the posts belong to the account whose keys they are read with.
func (s *session) own() bool { return s.user.ID != "" && s.user.ID == s.keys.OwnID() }

// account says what was read and what it costs, and records the cost.
func (s *session) account(err error) error {
	u := s.api.Usage()
	if err != nil && u.Requests == 0 {
		return nil
	}
	if s.call.String("api") == "v1" { // servers that speak v1 charge nothing
		s.call.Report("posts read: %d, requests: %d", u.Posts, u.Requests)
		return nil
	}
	cost := s.prices.Cost(u, s.own())
	s.call.Report("posts read: %d, posts that they refer to: %d, requests: %d, cost: $%.3f (X's prices of %s)",
		u.Posts, u.Referred, u.Requests, cost, s.prices.AsOf)
	return ledger.Note(s.call.Env, "tw-archive", s.now(), u, cost)
}

// estimate says what a run would read and cost. For an update it uses how often the account posted
// before, and sends no request; for a first run it asks X for the number of posts, for the price of
// one look-up. How many posts these refer to nobody can tell before they are read.
func (s *session) estimate(ctx context.Context, name string) error {
	n, err := -1, error(nil)
	if file := s.call.String("update"); file != "" {
		s.user, n, err = timeline.Forecast(file, name, s.now())
	}
	if err == nil && n < 0 {
		s.user, err = s.api.User(ctx, name)
		n = s.user.Posts
	}
	if err != nil {
		return err
	}
	if n < 0 || n > s.limits.Cap {
		n = s.limits.Cap
	}
	if most := s.call.Int("max-posts"); most > 0 {
		n = min(n, most)
	}
	cost := s.prices.Cost(network.Usage{Posts: n, Users: s.api.Usage().Users}, s.own())
	s.call.Report("posts to read: about %d, requests: %d, cost: $%.3f (X's prices of %s: $%.3f a post, $%.3f one of your own, $%.3f a user)",
		n, max(1, (n+s.limits.Page-1)/s.limits.Page)+s.api.Usage().Requests, cost, s.prices.AsOf, s.prices.Read, s.prices.OwnRead, s.prices.User)
	s.call.Report("the posts that these answer, quote or repost are not in this: $%.3f each, if X bills them", s.prices.Read)
	spent := network.Usage{Users: s.api.Usage().Users}
	if spent.Users == 0 {
		return nil
	}
	cost = s.prices.Cost(spent, s.own())
	s.call.Report("of that, $%.3f was spent on this estimate", cost)
	return ledger.Note(s.call.Env, "tw-archive", s.now(), spent, cost)
}
