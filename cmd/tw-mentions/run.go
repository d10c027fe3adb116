package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/journal"
	"horsepipe/pkg/ledger"
	"horsepipe/pkg/manners"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/timeline"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

// patience is how long to wait for another program that is writing to the log.
const patience = 30 * time.Second

// session is one run.
type session struct {
	call   *tool.Call
	now    func() time.Time
	rules  manners.Rules
	past   *manners.Past
	prices x.Prices
	api    *x.Client
	self   network.User
	after  string // id: mentions have to be newer
}

func run(now func() time.Time) func(context.Context, *tool.Call) error {
	return func(ctx context.Context, c *tool.Call) error {
		s := &session{call: c, now: now}
		if err := s.connect(ctx); err != nil {
			return err
		}
		mentions, err := s.read(ctx)
		verdicts := s.rules.Decide(s.self, mentions, s.past, now())
		err = errors.Join(s.note(ctx, verdicts), err)
		if err == nil { // after a failure there may be older ones, which come first
			err = s.print(verdicts)
		}
		if err != nil && s.api.Usage().Requests == 0 {
			return err
		}
		return errors.Join(err, s.account(verdicts))
	}
}

// connect reads the rules and the log, and finds out who the bot is. It asks X only if neither the keys
// nor the log say.
func (s *session) connect(ctx context.Context) (err error) {
	c := s.call
	if s.rules, err = rules(c); err != nil {
		return err
	}
	if most := c.Int("max-posts"); c.IsSet("max-posts") && most < x.MentionLimits.MinPage {
		return tool.Usagef("--max-posts must be at least %d: X gives no fewer at once", x.MentionLimits.MinPage)
	}
	if s.prices, err = tool.Load(c, "prices", x.Published, x.ReadPrices); err != nil {
		return err
	}
	log := journal.New(s.now)
	if file := c.String("log"); file != "" {
		if log, err = journal.Read(file); err != nil {
			return err
		}
	}
	s.past = manners.Recall(log)
	if s.after, err = since(c, s.past, s.rules.MaxAge, s.now()); err != nil {
		return err
	}
	keys, err := credential.Open(c.Env, c.String("as"))
	if err != nil {
		return err
	}
	if !keys.CanPost() {
		return &credential.Error{Text: "a bearer token stands for an app, and nobody speaks to an app",
			Advice: "set TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN and TW_ACCESS_SECRET, or run tw-auth"}
	}
	site := credential.SiteOf(c.Env, s.now)
	s.api = x.New(x.Config{Base: site.Base, HTTP: keys.Client(site), Hide: keys.Hide, Fields: c.String("fields"), Wait: c.Duration("wait"),
		Now: s.now, Notice: c.Warn, Skip: c.Skip})
	if s.self = (network.User{ID: keys.OwnID(), Name: cmp.Or(keys.Account, s.past.Self(keys.OwnID()))}); s.self.ID != "" {
		return nil
	}
	if err := c.Unread(); err != nil {
		return err
	}
	s.self, err = s.api.Me(ctx)
	return err
}

// source presents the mentions as a timeline, so that they are read to the end in the same way.
type source struct{ *x.Client }

// Posts returns a page of the mentions.
func (s source) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	return s.Mentions(ctx, q)
}

// read asks for the mentions. With an error, it returns the newest of them.
func (s *session) read(ctx context.Context) ([]*post.Post, error) {
	most := s.call.Int("max-posts")
	heard := timeline.Heard{Source: source{s.api}, Unread: s.call.Unread}
	mentions, err := timeline.Collect(ctx, heard, s.self, timeline.Options{Limits: x.MentionLimits, Max: most, Since: s.after})
	if errors.Is(err, timeline.ErrOver) {
		s.call.Warn("%v", err)
		err = nil
	}
	if errors.Is(err, timeline.ErrMax) {
		s.call.Warn("stopped at --max-posts %d: older mentions will not be answered", most)
		err = nil
	}
	return mentions, err
}

// note writes the stops into the log before anything else is done, so that the next reader of the log
// knows them.
func (s *session) note(ctx context.Context, verdicts []manners.Verdict) error {
	stops := slices.DeleteFunc(slices.Clone(verdicts), func(v manners.Verdict) bool { return !v.Stop })
	if len(stops) == 0 {
		return nil
	}
	file := s.call.String("log")
	if file == "" {
		s.call.Warn("%d people said stop, and are left alone in this run; --log FILE remembers it", len(stops))
		return nil
	}
	log, err := journal.Open(ctx, file, patience, s.now)
	if err != nil {
		return err
	}
	for _, v := range stops {
		note := &post.Post{CreatedAt: v.Post.CreatedAt, Author: v.Post.Author, ReplyTo: v.Post.ID, Network: v.Post.Network}
		if m, err := network.MentionOf(v.Post); err == nil {
			network.Mention{AuthorID: m.AuthorID}.Set(note)
		}
		if _, err := log.Note(manners.StopNote, note); err != nil {
			return errors.Join(err, log.Close())
		}
		s.call.Verbose("@%s said stop", v.Post.Author)
	}
	return log.Close()
}

// print prints what is to be answered. Two answers to a mention have the same key, which makes them one
// draft, whatever they say, and even if the mention was edited in between.
func (s *session) print(verdicts []manners.Verdict) error {
	w := post.NewWriter(s.call.Out())
	for _, v := range verdicts {
		if v.Why != manners.Answer {
			continue
		}
		v.Answer.Set(v.Post)
		first := v.Post.ID
		if m, err := network.MentionOf(v.Post); err == nil && len(m.Versions) > 0 {
			first = slices.MinFunc(m.Versions, network.CompareID)
		}
		v.Post.SetExtra("key", "answer-"+first)
		if err := w.Write(v.Post); err != nil {
			return err
		}
	}
	return w.Flush()
}

// account says what was read, what came of it and what it costs, and records the cost.
func (s *session) account(verdicts []manners.Verdict) error {
	count := map[manners.Reason]int{}
	for _, v := range verdicts {
		if count[v.Why]++; v.Why != manners.Answer {
			s.call.Verbose("%s: left alone: %s", v.Post.URL, v.Why)
		}
	}
	answers := count[manners.Answer]
	delete(count, manners.Answer)
	var left []string
	for _, why := range slices.Sorted(maps.Keys(count)) {
		left = append(left, fmt.Sprintf("%d %s", count[why], why))
	}
	if len(left) > 0 {
		s.call.Report("left alone: %s", strings.Join(left, ", "))
	}
	u := s.api.Usage()
	cost := s.prices.Cost(u, true)
	s.call.Report("mentions read: %d, to be answered: %d, accounts read: %d, requests: %d, cost: $%.3f (X's prices of %s)",
		u.Posts, answers, u.Users, u.Requests, cost, s.prices.AsOf)
	return ledger.Note(s.call.Env, "tw-mentions", s.now(), u, cost)
}
