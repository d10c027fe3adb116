package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/ledger"
	"horsepipe/pkg/network"
	"horsepipe/pkg/network/x"
	"horsepipe/pkg/post"
	"horsepipe/pkg/tool"
)

func run(ctx context.Context, c *tool.Call) error {
	if c.Args().Len() > 0 {
		return tool.Usagef("unexpected argument %s", c.Args().First())
	}
	if (c.Bool("paste") || c.IsSet("redirect")) && !c.Bool("pkce") {
		return tool.Usagef("--paste and --redirect go with --pkce")
	}
	account := strings.TrimPrefix(c.String("as"), "@")
	if account != "" && !ofX(account) {
		return tool.Usagef("--as %s: not an account of X", account)
	}
	site := credential.SiteOf(c.Env, time.Now)
	if c.Bool("check") {
		return check(ctx, c, site, account)
	}
	return login(ctx, c, site, account)
}

// ofX tells whether a name can be that of an account on X, and so part of a file's name.
func ofX(name string) bool {
	a, err := network.ParseAccount(name)
	return err == nil && a.Network == network.X
}

// unnamed stands in a file's name for the name of an unknown account.
const unnamed = "unnamed"

// login gets the keys, asks X whose they are, and keeps them whatever the answer: X gives them only
// once.
func login(ctx context.Context, c *tool.Call, site credential.Site, account string) error {
	app, err := credential.App(c.Env)
	if err != nil {
		return err
	}
	if err := credential.Ready(c.Env); err != nil {
		return err
	}
	way := byPIN
	if c.Bool("pkce") {
		way = byPKCE
	}
	keys, err := way(ctx, c, site, app)
	if err != nil {
		return err
	}
	if account != "" && keys.Account != "" && !strings.EqualFold(account, keys.Account) {
		return tool.WithHint(tool.WithCode(tool.Refused, fmt.Errorf("it was @%s who allowed the app, not @%s: no keys are kept", keys.Account, account)),
			"begin again in a browser where @"+account+" is logged in")
	}
	client := client(c, site, keys)
	asked := identify(ctx, client, keys, account)
	path := credential.Path(c.Env, cmp.Or(keys.Account, unnamed))
	if err := keys.Save(path); err != nil {
		return errors.Join(err, note(c, site, client))
	}
	if keys.Account != "" {
		c.Report("the keys of @%s are in %s", keys.Account, path)
	} else {
		c.Report("the keys are in %s", path)
		c.Hint("X did not say whose they are: tw-auth --check asks again; --as ACCOUNT finds a file x-ACCOUNT.json")
	}
	if asked != nil {
		c.Warn("what the keys may do is not known: %v", asked)
	}
	warnOfAccess(c, client.Access())
	return note(c, site, client)
}

// note says and records what asking X cost.
func note(c *tool.Call, site credential.Site, client *x.Client) error {
	u := client.Usage()
	cost := x.Published.Cost(u, true)
	if cost > 0 {
		c.Report("accounts read: %d, requests: %d, cost: $%.3f (X's prices of %s)", u.Users, u.Requests, cost, x.Published.AsOf)
	}
	return ledger.Note(c.Env, "tw-auth", site.Now(), u, cost)
}

// identify finds out whose the keys are: from --as if it is given, else by asking X.
func identify(ctx context.Context, client *x.Client, keys *credential.Keys, account string) error {
	if account != "" {
		keys.Account = account
		return nil
	}
	me, err := client.Me(ctx)
	if err == nil {
		keys.Account, keys.UserID = me.Name, me.ID
	}
	if !ofX(keys.Account) {
		keys.Account = ""
	}
	return err
}

// byPIN logs in with OAuth 1.0a.
func byPIN(_ context.Context, c *tool.Call, site credential.Site, app *credential.Keys) (*credential.Keys, error) {
	login, err := credential.StartPIN(site, app)
	if err != nil {
		return nil, err
	}
	pin, err := ask(c, login.URL, "the PIN")
	if err != nil {
		return nil, err
	}
	return login.Finish(pin)
}

// byPKCE logs in with OAuth 2.0.
func byPKCE(ctx context.Context, c *tool.Call, site credential.Site, app *credential.Keys) (*credential.Keys, error) {
	login, err := credential.StartPKCE(site, app, c.String("redirect"))
	if err != nil {
		return nil, err
	}
	var address string
	if c.Bool("paste") {
		address, err = ask(c, login.URL, "the address to which it leads, all of it, within half a minute")
	} else {
		address, err = login.Listen(ctx, func() {
			tell(c, "open %s\nand allow the app; waiting for the browser", login.URL)
		})
	}
	if err != nil {
		return nil, err
	}
	return login.Finish(ctx, address)
}

// ask sends the user to a page, and reads what the page showed.
func ask(c *tool.Call, page, what string) (string, error) {
	tell(c, "open %s\nand allow the app; then type %s:", page, what)
	line, err := bufio.NewReader(c.Input()).ReadString('\n')
	if line = strings.TrimSpace(line); line == "" {
		if err == io.EOF {
			err = nil
		}
		return "", errors.Join(errors.New("nothing was typed"), err)
	}
	return line, nil
}

// tell says what --quiet must not silence, since nothing can continue without it.
func tell(c *tool.Call, format string, a ...any) {
	fmt.Fprintf(c.Stderr, "tw-auth: "+strings.ReplaceAll(format, "\n", "\ntw-auth: ")+"\n", a...)
}

// client speaks to X with the keys.
func client(c *tool.Call, site credential.Site, keys *credential.Keys) *x.Client {
	return x.New(x.Config{Base: site.Base, HTTP: keys.Client(site), Hide: keys.Hide, Now: site.Now, Notice: c.Warn})
}

// verdict is what --check prints.
type verdict struct {
	Account string `json:"account,omitempty"`
	UserID  string `json:"user_id,omitempty"`
	Method  string `json:"method"`
	From    string `json:"from"`
	Read    bool   `json:"read"`
	Post    *bool  `json:"post,omitempty"` // absent if X does not say
}

// check asks X what the keys are good for.
func check(ctx context.Context, c *tool.Call, site credential.Site, account string) error {
	keys, err := credential.Open(c.Env, account)
	if err != nil {
		return err
	}
	client := client(c, site, keys)
	v := verdict{Method: keys.Method().String(), From: keys.Source(), Read: true}
	if keys.CanPost() {
		me, err := client.Me(ctx)
		if err != nil {
			return blamed(site, keys, err)
		}
		v.Account, v.UserID = me.Name, me.ID
	} else if _, err := client.User(ctx, "X"); err != nil && network.KindOf(err) != network.NotFound {
		return blamed(site, keys, err)
	}
	if level := client.Access(); level != "" || !keys.CanPost() {
		post := keys.CanPost() && strings.Contains(level, "write")
		v.Post = &post
	}
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Out().Write(append(post.AppendEscaped(nil, line), '\n'))
	if keys.CanPost() {
		warnOfAccess(c, client.Access())
	} else {
		c.Hint("a bearer token is an app's: it reads public posts and cannot post; tw-auth logs an account in")
	}
	if keys.Account != "" && v.Account != "" && !strings.EqualFold(keys.Account, v.Account) {
		c.Warn("%s says @%s, but the keys are of @%s", keys.Source(), keys.Account, v.Account)
	}
	return note(c, site, client)
}

// blamed says which half of the keys X refuses. The client's own advice is for the other programs.
func blamed(site credential.Site, keys *credential.Keys, err error) error {
	var e *network.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Kind == network.RateLimited:
		e.Advice = ""
		return err
	case !strings.Contains(e.Advice, "tw-auth --check"): // the client knows what it is: no fault of the keys, the clock, a suspended app
		return err
	case keys.Method() == credential.Bearer:
		e.Advice = "the bearer token is wrong or was revoked: compare TW_BEARER_TOKEN with console.x.com, under Keys and tokens"
		return err
	case keys.Method() == credential.OAuth2:
		e.Advice = "the token was revoked: log in again with tw-auth --pkce"
		return err
	}
	switch accepted, asked := credential.AppAccepted(site, keys); {
	case asked != nil:
		e.Advice = ""
	case accepted:
		e.Advice = "the app's key and secret are right, and the access token or its secret is wrong or was revoked: log in again with tw-auth"
	default:
		e.Advice = "the app's key or secret (TW_CONSUMER_KEY, TW_CONSUMER_SECRET) is wrong: compare them with console.x.com, under Keys and tokens"
	}
	return err
}

// warnOfAccess says what to do about keys that can only read.
func warnOfAccess(c *tool.Call, level string) {
	if level == "read" {
		c.Warn("these keys may read and not post")
		c.Hint("give the app Read and Write in console.x.com, under User authentication settings, then log in again: a token keeps its old permission")
	}
}
