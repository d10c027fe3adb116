package main

import (
	"context"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

// session speaks to X as one account.
type session struct {
	api
	author string // "" until it is known
}

// api is either of X's clients.
type api interface {
	Me(ctx context.Context) (network.User, error)
	Create(ctx context.Context, draft *post.Post, author string, media ...string) (*post.Post, error)
	Usage() network.Usage
}

// connect finds the keys and makes the client.
func connect(c *tool.Call) (*session, error) {
	keys, err := credential.Open(c.Env, c.String("as"))
	if err != nil {
		return nil, err
	}
	if !keys.CanPost() {
		return nil, &credential.Error{Text: "a bearer token stands for an app, and an app cannot post",
			Advice: "set TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN and TW_ACCESS_SECRET, or run tw-auth"}
	}
	site := credential.SiteOf(c.Env, time.Now)
	config := x.Config{Base: site.Base, HTTP: keys.Client(site), Wait: c.Duration("wait"), Now: time.Now, Notice: c.Warn}
	s := &session{api: x.New(config), author: keys.Account}
	if c.String("api") == "v1" {
		s.api = x.NewV1(config)
	}
	return s, nil
}

// create posts a draft. The account's name, which X does not put into its answer, is asked for before the
// first: then wrong keys show before anything was sent.
func (s *session) create(ctx context.Context, draft *post.Post) (*post.Post, error) {
	if s.author == "" {
		me, err := s.Me(ctx)
		if err != nil {
			return nil, err
		}
		s.author = me.Name
	}
	return s.Create(ctx, draft, s.author)
}
