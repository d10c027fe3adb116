package main

import (
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/outbox"
	"horsepipe/pkg/tool"
)

// session speaks to X as one account.
type session struct {
	api
	author network.User // as far as the keys tell
}

// api is either of X's clients.
type api interface {
	outbox.API
	Usage() network.Usage
}

// connect finds the keys and makes the client.
func connect(c *tool.Call, now func() time.Time) (*session, error) {
	keys, err := credential.Open(c.Env, c.String("as"))
	if err != nil {
		return nil, err
	}
	if !keys.CanPost() {
		return nil, &credential.Error{Text: "a bearer token stands for an app, and an app cannot post",
			Advice: "set TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN and TW_ACCESS_SECRET, or run tw-auth"}
	}
	site := credential.SiteOf(c.Env, now)
	site.HTTP.Timeout = c.Duration("timeout")
	config := x.Config{Base: site.Base, HTTP: keys.Client(site), Hide: keys.Hide, Wait: c.Duration("wait"), Now: now, Notice: c.Warn}
	s := &session{api: x.New(config), author: network.User{ID: keys.OwnID(), Name: keys.Account}}
	if c.String("api") == "v1" {
		s.api, s.author.ID = x.NewV1(config), "" // which finds a timeline only by name: the name has to be right, and asking for it is free
	}
	return s, nil
}
