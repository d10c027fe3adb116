package main

import (
	"cmp"
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/urfave/cli/v2"

	"horsepipe/pkg/post"
	"horsepipe/pkg/replace"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
)

//go:embed manual.txt
var manual string

var program = tool.Program{
	Name:    "tw-sandbox",
	Args:    "[FILE...]",
	Summary: "serve X's API on this machine, to try things on",
	Manual:  manual + sandbox.FaultHelp(),
	Flags: []cli.Flag{
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:0", Usage: "serve at `ADDRESS`, which must be on loopback"},
		&cli.StringFlag{Name: "account", Usage: "give posts without an author to the account `NAME`"},
		&cli.StringFlag{Name: "as", Usage: "make the account `NAME`, and its credentials the ones of --keys (default: --account)"},
		&cli.StringFlag{Name: "keys", Usage: "write credentials and address to `FILE`, as lines for a shell, mode 0600"},
		&cli.StringFlag{Name: "seed", Usage: "make credentials and random draws follow from `WORD` (default: new ones each run)"},
		&cli.StringFlag{Name: "state", Usage: "keep the posts that are made in `FILE`, and read it on start"},
		&cli.StringSliceFlag{Name: "fault", Usage: "let something go wrong: `SPEC` is ENDPOINT:KIND[=ARG][:WHEN]"},
		&cli.StringSliceFlag{Name: "rate", Usage: "set a rate limit: `SPEC` is ENDPOINT=N or ENDPOINT=N/24h"},
		&cli.StringSliceFlag{Name: "callback", Usage: "allow the OAuth 2.0 redirect `URI` (default: any on loopback)"},
		&cli.BoolFlag{Name: "v1", Usage: "serve API v1.1 too"},
	},
	Run: run,
}

func run(ctx context.Context, c *tool.Call) error {
	listener, err := listen(c.String("listen"))
	if err != nil {
		return err
	}
	defer listener.Close()
	server, err := newServer(c)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := seed(c, server); err != nil {
		return err
	}
	base := "http://" + listener.Addr().String()
	if err := writeKeys(c, server, base); err != nil {
		return err
	}
	fmt.Fprintln(c.Out(), base)
	if err := c.Out().Flush(); err != nil {
		return err
	}
	return serve(ctx, server, listener)
}

// listen refuses addresses that other machines could reach.
func listen(address string) (net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, tool.Usagef("--listen: %w", err)
	}
	if !tcp.IP.IsLoopback() {
		return nil, tool.Usagef("--listen %s is not on loopback: the sandbox hands out credentials to whoever asks", address)
	}
	return net.ListenTCP("tcp", tcp)
}

func newServer(c *tool.Call) (*sandbox.Server, error) {
	opt := sandbox.Options{
		Now:       time.Now,
		Secret:    []byte(c.String("seed")),
		State:     c.String("state"),
		Callbacks: c.StringSlice("callback"),
		V1:        c.Bool("v1"),
		Trace:     func(line string) { c.Verbose("%s", line) },
	}
	if len(opt.Secret) == 0 {
		opt.Secret = []byte(rand.Text())
	}
	for _, spec := range c.StringSlice("fault") {
		f, err := sandbox.ParseFault(spec)
		if err != nil {
			return nil, tool.Usagef("--fault: %w", err)
		}
		opt.Faults = append(opt.Faults, f)
	}
	for _, spec := range c.StringSlice("rate") {
		l, err := sandbox.ParseLimit(spec)
		if err != nil {
			return nil, tool.Usagef("--rate: %w", err)
		}
		opt.Limits = append(opt.Limits, l)
	}
	return sandbox.New(opt)
}

// seed reads the files. It skips lines that are not records, and posts of
// authors that X cannot have.
func seed(c *tool.Call, server *sandbox.Server) error {
	for _, name := range c.Args().Slice() {
		posts, err := readPosts(c, name)
		if err != nil {
			return err
		}
		n, err := server.Seed(c.String("account"), posts)
		if err != nil {
			return fmt.Errorf("%s: %w", tool.InputName(name), err)
		}
		c.Verbose("%s: %d posts", tool.InputName(name), n)
	}
	return nil
}

func readPosts(c *tool.Call, file string) ([]*post.Post, error) {
	in, err := c.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	name := tool.InputName(file)
	var posts []*post.Post
	r := post.NewReader(in, name)
	for p, err := range r.All(c.Skip) {
		switch {
		case err != nil:
			return nil, err
		case p.Author == "" && c.String("account") == "":
			return nil, tool.WithHint(fmt.Errorf("%s:%d: the post has no author", name, r.Line()), "--account NAME takes such posts")
		case p.Author != "" && sandbox.CheckName(p.Author) != nil:
			c.Skip(fmt.Errorf("%s:%d: author %w", name, r.Line(), sandbox.CheckName(p.Author)))
		default:
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// writeKeys makes the account of --as and writes its credentials.
func writeKeys(c *tool.Call, server *sandbox.Server, base string) error {
	name := cmp.Or(c.String("as"), c.String("account"))
	if name == "" {
		if c.String("keys") != "" {
			return tool.Usagef("--keys needs --as NAME or --account NAME")
		}
		return nil
	}
	keys, err := server.Keys(name)
	if err != nil {
		return tool.Usagef("account %w", err)
	}
	if file := c.String("keys"); file != "" {
		return replace.WriteFile(file, []byte(keys.Shell(base)), replace.Private)
	}
	return nil
}

// serve answers until the context ends; then it gives open requests a moment.
func serve(ctx context.Context, handler http.Handler, listener net.Listener) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // a broken connection may be a requested fault
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(last) != nil {
		return server.Close()
	}
	return nil
}
