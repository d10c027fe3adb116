package main

import (
	"context"
	"regexp"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

// denied are the accounts of --deny.
type denied struct {
	*network.Accounts
	dropped int // reposts of them
}

func readDenied(c *tool.Call) (*denied, error) {
	list, err := network.LoadAccounts(c.String("deny"))
	return &denied{Accounts: list}, err
}

// refuse fails for an account on the list.
func (d *denied) refuse(u network.User) error {
	if !d.Has(u.Name, u.ID) {
		return nil
	}
	return &network.Error{Kind: network.Policy, Op: "posts of @" + u.Name, Detail: "the account is on the list of --deny"}
}

// repost is how the text of a repost begins; whom it is of stands nowhere else.
var repost = regexp.MustCompile(`^RT @(\w+): `)

// drop tells whether a post repeats one of an account on the list.
func (d *denied) drop(p *post.Post) bool {
	of := repost.FindStringSubmatch(p.Text)
	if of == nil || !d.Has(of[1], "") {
		return false
	}
	d.dropped++
	return true
}

// filter stands before the writer of an archive, whose author nobody knows before its posts.
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

// guarded is a client that asks for no posts of an account on the list, by whatever name it goes now.
type guarded struct {
	api
	denied *denied
}

// Posts gives a page of an account's posts.
func (g guarded) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	if err := g.denied.refuse(q.User); err != nil {
		return network.Page{}, err
	}
	return g.api.Posts(ctx, q)
}
