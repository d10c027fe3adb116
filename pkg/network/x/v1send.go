package x

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	//lint:ignore SA1019 unmaintained like the API that it speaks; see X's closing of v1.1 at V1
	"github.com/dghubble/go-twitter/twitter"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Create posts a draft and gives its receipt. See [Client.Create].
func (v *V1) Create(ctx context.Context, draft *post.Post, author string, _ ...string) (*post.Post, error) {
	const op = "post"
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	params := &twitter.StatusUpdateParams{TweetMode: "extended"}
	if draft.ReplyTo != "" {
		id, err := strconv.ParseInt(draft.ReplyTo, 10, 64)
		if err != nil {
			return nil, &network.Error{Kind: network.Policy, Op: op, Detail: "reply_to is not the id of a post on X"}
		}
		params.InReplyToStatusID = id
	}
	if draft.QuoteOf != "" {
		params.AttachmentURL = address("", draft.QuoteOf)
	}
	t, err := within(ctx, v, op, func() (*twitter.Tweet, *http.Response, error) {
		return v.api.Statuses.Update(draft.Text, params)
	})
	if err != nil {
		return nil, err
	}
	if t.IDStr == "" {
		return nil, &network.Error{Kind: network.UnknownOutcome, Op: op, Detail: "the server gives no id"}
	}
	v.usage.Make(draft, text.HasLink(draft.Text))
	receipt := *draft
	receipt.ID, receipt.Author, receipt.Network, receipt.URL = t.IDStr, author, network.X, address(author, t.IDStr)
	if receipt.CreatedAt = dated(t.IDStr, v.Now()); t.CreatedAt != "" {
		if at, err := t.CreatedAtTime(); err == nil {
			receipt.CreatedAt = at.UTC()
		}
	}
	return &receipt, nil
}

// Attach refuses media, which API v1.1 takes at another address.
func (v *V1) Attach(_ context.Context, draft *post.Post) ([]string, error) {
	if files, err := Media(draft); err != nil || len(files) > 0 {
		return nil, errors.Join(err, refuse("it has media, and they go through API v2 alone"))
	}
	return nil, nil
}

// within runs a call of go-twitter, which knows no context, and returns our error for it.
func within[T any](ctx context.Context, v *V1, op string, call func() (T, *http.Response, error)) (T, error) {
	v.door.ctx, v.door.op, v.door.body = ctx, op, nil
	result, _, err := call()
	var ours *network.Error
	switch {
	case err == nil:
		return result, nil
	case errors.As(err, &ours):
		return result, ours
	case v.door.body != nil: // it was answered, even if the context has ended since
		return result, &network.Error{Kind: lost(v.door.posting), Op: op, Detail: "the answer is not what it should be", Err: err}
	case ctx.Err() != nil:
		return result, ctx.Err()
	}
	return result, err // it failed below the transport: bad credentials
}

// v1Transport is what go-twitter sends through. It directs a request to our server before it is
// signed, so that the signature is for the address that the server sees, repeats it as v2's client
// does, and returns nothing but successes.
type v1Transport struct {
	client  *Client
	ctx     context.Context
	op      string
	posting bool
	body    []byte // of the last answer
}

// RoundTrip sends a request to our server.
func (t *v1Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	base, err := url.Parse(t.client.Base)
	if err != nil {
		return nil, err
	}
	t.posting = req.Method == http.MethodPost
	a, err := t.client.repeat(t.ctx, func() (*answer, error) {
		sending := t.ctx
		if t.posting { // a post that is under way is not cut short
			sending = context.WithoutCancel(sending)
		}
		turned := req.Clone(sending)
		turned.URL.Scheme, turned.URL.Host, turned.Host = base.Scheme, base.Host, ""
		turned.URL.Path = base.Path + req.URL.Path
		if req.GetBody != nil {
			if turned.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
		return t.client.send(turned, t.op, t.posting)
	})
	if err != nil {
		return nil, err
	}
	t.body = a.body
	return &http.Response{StatusCode: a.status, Header: a.header, Request: req,
		ContentLength: int64(len(a.body)), Body: io.NopCloser(bytes.NewReader(a.body))}, nil
}
