package main

import (
	"context"
	"regexp"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

// denied holds the accounts of --deny.
type denied struct {
	*network.Accounts
	dropped int // how many reposts of them
}

func readDenied(c *tool.Call) (*denied, error) {
	list, err := tool.Load(c, "deny", nil, network.ReadAccounts)
	return &denied{Accounts: list}, err
}

// refuse fails for an account on the list.
func (d *denied) refuse(u network.User) error {
	if !d.Has(u.Name, u.ID) {
		return nil
	}
	return &network.Error{Kind: network.Policy, Op: "posts of @" + u.Name, Detail: "the account is on the list of --deny"}
}

var (
	// repost matches the beginning of a repost's text, the only place where X names the reposted account. People write
	// it by hand, too.
	repost = regexp.MustCompile(`(?i)^\s*RT[\s:]*[@＠](\w+)`)

	// original matches the address of a post of Mastodon or of a relative that names accounts alike.
	original = regexp.MustCompile(`^https?://([^/]+)/(?:users/|@)([^/@]+)/`)
)

// drop tells whether a post is a repost of an account on the list.
func (d *denied) drop(p *post.Post) bool {
	name := ""
	if of := repost.FindStringSubmatch(p.Text); of != nil {
		name = of[1]
	} else if of := original.FindStringSubmatch(p.RepostOf); of != nil {
		name = of[2] + "@" + of[1]
	}
	if !d.Has(name, "") {
		return false
	}
	d.dropped++
	return true
}

// filter sits before the writer of an archive, whose author is unknown until its posts are read.
func (d *denied) filter(write func(*post.Post) error) func(*post.Post) error {
	return func(p *post.Post) error {
		if d.drop(p) {
			return nil
		}
		if err := d.refuse(network.User{Name: p.Author, ID: network.AuthorID(p)}); err != nil {
			return err
		}
		return write(p)
	}
}

func (d *denied) report(c *tool.Call) {
	if d.dropped > 0 {
		c.Report("left out: %d reposts of accounts on the list of --deny", d.dropped)
	}
}

// guarded is a client that asks for no posts of an account on the list, whatever its name is now.
type guarded struct {
	api
	denied *denied
}

// Posts returns a page of an account's posts.
func (g guarded) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	if err := g.denied.refuse(q.User); err != nil {
		return network.Page{}, err
	}
	return g.api.Posts(ctx, q)
}
