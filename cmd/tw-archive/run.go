package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/network/export"
	"horsepipe/pkg/network/timeline"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

func runAt(now func() time.Time) func(context.Context, *tool.Call) error {
	return func(ctx context.Context, c *tool.Call) error { return run(ctx, c, now) }
}

func run(ctx context.Context, c *tool.Call, now func() time.Time) error {
	if paths := c.StringSlice("export"); len(paths) > 0 {
		return fromExport(ctx, c, paths)
	}
	account, err := arguments(c)
	if err != nil {
		return err
	}
	s, err := connect(c, now)
	if err != nil {
		return err
	}
	if err := s.denied.refuse(network.User{Name: account}); err != nil {
		return err
	}
	switch {
	case c.Bool("dry-run"):
		err = s.estimate(ctx, account)
	case c.String("update") != "":
		err = s.update(ctx, account)
	default:
		err = s.print(ctx, account)
	}
	if !c.Bool("dry-run") {
		s.denied.report(c)
		err = errors.Join(err, s.account(err))
	}
	return err
}

// arguments checks the command line, and returns the account's name on X.
func arguments(c *tool.Call) (string, error) {
	if c.Args().Len() != 1 {
		return "", tool.Usagef("one account is needed, not %d", c.Args().Len())
	}
	account, err := network.ParseAccount(c.Args().First())
	switch {
	case err != nil:
		return "", tool.WithCode(tool.Usage, err)
	case account.Network != network.X:
		return "", tool.Usagef("%s is an account of %s, which is not supported yet", account.Name, account.Network)
	case c.IsSet("max-posts") && c.Int("max-posts") < x.Limits.MinPage:
		return "", tool.Usagef("--max-posts must be at least %d: X gives no fewer at once", x.Limits.MinPage)
	case c.String("update") == "-":
		return "", tool.Usagef("--update needs a file: what was there before tells what is new")
	}
	return account.Name, nil
}

// fromExport prints what a downloaded archive holds.
func fromExport(ctx context.Context, c *tool.Call, paths []string) error {
	if c.Args().Len() > 0 {
		return tool.Usagef("--export goes with no account: an archive has one")
	}
	if err := c.Only("export", "reads all of an archive, and asks X nothing", "raw", "deny"); err != nil {
		return err
	}
	denied, err := readDenied(c)
	if err != nil {
		return err
	}
	w := post.NewWriter(c.Out())
	report, err := export.Read(ctx, paths, export.Options{Raw: c.Bool("raw")}, denied.filter(w.Write))
	for _, warning := range report.Warnings {
		c.Warn("%s", warning)
	}
	if report.Skipped > 0 {
		c.Skip(fmt.Errorf("%d records could not be read", report.Skipped))
	}
	if report.Missing > 0 {
		c.Skip(fmt.Errorf("%d records that the manifest lists are missing", report.Missing))
	}
	if err != nil {
		return err
	}
	denied.report(c)
	c.Report("%d posts, %d of them reposts and %d replies; left alone: %d deleted, %d of communities, %d older versions, %d not public",
		report.Posts, report.Reposts, report.Replies, report.Deleted, report.Community, report.Edits, report.Private)
	return w.Flush()
}

// print does the work without --update. It prints what was read before a failure, since that was paid
// for.
func (s *session) print(ctx context.Context, name string) error {
	source := timeline.Heard{Source: s.api, Unread: s.call.Unread}
	user, err := source.User(ctx, name)
	if err != nil {
		return err
	}
	s.user = user
	posts, err := timeline.Collect(ctx, source, user, s.options())
	if err := s.put(posts); err != nil {
		return tool.WithHint(err, "what was read is paid for: as a rule X does not bill it again on the same day (UTC); --update FILE makes sure of room first")
	}
	if errors.Is(err, timeline.ErrOver) {
		s.call.Warn("%v", err)
		err = nil
	}
	if errors.Is(err, timeline.ErrMax) {
		s.call.Hint("the account has older posts than these %d", len(posts))
		err = nil
	} else if err != nil && len(posts) > 0 {
		s.call.Warn("only the newest %d posts were read and printed; --update FILE would keep them and go on from there", len(posts))
	}
	if err == nil {
		s.older(len(posts))
	}
	return err
}

// put prints posts.
func (s *session) put(posts []*post.Post) error {
	w := post.NewWriter(s.call.Out())
	for _, p := range posts {
		if err := w.Write(p); err != nil {
			return err
		}
	}
	return w.Flush()
}

// older mentions the posts that X does not return.
func (s *session) older(got int) {
	if missing := s.user.Posts - got; missing > 0 && s.limits.Reached(got) {
		s.call.Hint("X gives the newest %d posts, and the account has %d; the downloaded archive has all (--export)", s.limits.Cap, s.user.Posts)
	}
}

// update does the work with --update.
func (s *session) update(ctx context.Context, name string) error {
	file := s.call.String("update")
	result, err := timeline.Update(ctx, s.api, name, file, s.options())
	s.user = result.User
	for _, bad := range result.Bad {
		s.call.Skip(bad)
	}
	if result.Cut > 0 {
		s.call.Warn("%s: removed a last line that was cut off, of %d bytes", file, result.Cut)
	}
	if result.Capped && result.Since != "" {
		s.call.Warn("%s: X gives no more than the newest %d posts: between post %s and those of today some may be missing; "+
			"the downloaded archive has them (--export)", file, s.limits.Cap, result.Since)
	}
	if result.Over != nil {
		s.call.Warn("%v", result.Over)
	}
	if result.Since == "" && result.Added > 0 {
		s.older(result.Added)
	}
	if errors.Is(err, timeline.ErrMax) {
		err = tool.WithCode(tool.TryLater, fmt.Errorf("%s: stopped at --max-posts %d before the end", file, s.call.Int("max-posts")))
	}
	if err != nil && result.Waiting > 0 {
		s.call.Hint("%d posts are kept in %s.partial; the next run goes on from there", result.Waiting, file)
	}
	return err
}
