package x

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	//lint:ignore SA1019 unmaintained like the API that it speaks; see X's closing of v1.1 at V1
	"github.com/dghubble/go-twitter/twitter"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// LimitsV1 are those of a user's timeline in API v1.1.
var LimitsV1 = network.Limits{Page: 200, MinPage: 1, Cap: 3200}

// V1 is a client of API v1.1, through go-twitter. X has closed that version to almost all (403,
// code 453), so it is for other servers that speak it; [Config.Base] names one.
//
// go-twitter returns no error for some failures (402 with a problem, 429 with an empty body) and
// has one address built in. So all its requests go through [v1Transport], which sends them to the
// server and returns nothing but successes. Errors are the same [network.Error] as in v2.
type V1 struct {
	*Client
	api  *twitter.Client
	door *v1Transport
}

// NewV1 makes a client of API v1.1.
func NewV1(c Config) *V1 {
	v := &V1{Client: New(c)}
	v.door = &v1Transport{client: v.Client}
	v.api = twitter.NewClient(&http.Client{Transport: v.door})
	return v
}

// User asks nobody: v1.1 finds a timeline by the account's name, and its posts tell the number.
func (v *V1) User(_ context.Context, name string) (network.User, error) {
	return network.User{Name: name, Posts: -1}, nil
}

// Me returns the account that the keys belong to.
func (v *V1) Me(ctx context.Context) (network.User, error) {
	const op = "the keys' own account"
	u, err := within(ctx, v, op, func() (*twitter.User, *http.Response, error) {
		return v.api.Accounts.VerifyCredentials(nil)
	})
	if err != nil {
		return network.User{}, err
	}
	if u.IDStr == "" {
		return network.User{}, &network.Error{Kind: network.Unavailable, Op: op, Detail: "the server gives no id"}
	}
	return network.User{ID: u.IDStr, Name: u.ScreenName, Posts: u.StatusesCount}, nil
}

// Posts returns a page of an account's posts. v1.1 has no tokens: the next page is what is older
// than the oldest post of this one. The last page is an empty one, not a short one, since the
// server fills a page before it removes what the reader may not see.
func (v *V1) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	op := "posts of @" + q.User.Name
	params, err := v1Params(q)
	if err != nil {
		return network.Page{}, &network.Error{Kind: network.Failed, Op: op, Err: err}
	}
	tweets, err := within(ctx, v, op, func() ([]twitter.Tweet, *http.Response, error) {
		return v.api.Timelines.UserTimeline(params)
	})
	if err != nil {
		return network.Page{}, err
	}
	v.usage.Posts += len(tweets)
	page, err := v1Page(op, tweets, v.door.body, q)
	for _, p := range page.Posts {
		if looksCut(p) {
			v.Notice("post %s ends in … and the server gave no longer text: it may be cut", p.ID)
		}
	}
	return page, err
}

func v1Params(q network.Query) (*twitter.UserTimelineParams, error) {
	yes := true
	p := &twitter.UserTimelineParams{ScreenName: q.User.Name, Count: LimitsV1.Page, IncludeRetweets: &yes, TweetMode: "extended"}
	if q.Max > 0 {
		p.Count = min(q.Max, LimitsV1.Page)
	}
	var err error
	for _, n := range []struct {
		text string
		into *int64
	}{{q.Since, &p.SinceID}, {cmp.Or(q.Token, q.Until), &p.MaxID}} {
		if n.text != "" && err == nil {
			*n.into, err = strconv.ParseInt(n.text, 10, 64)
		}
	}
	if p.MaxID > 0 {
		p.MaxID-- // max_id is inclusive, Until is not
	}
	return p, err
}

// v1Page makes records of the objects as they came, since go-twitter's own type cannot distinguish
// an empty field from an absent one.
func v1Page(op string, tweets []twitter.Tweet, body []byte, q network.Query) (page network.Page, err error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil || len(raw) != len(tweets) {
		return page, &network.Error{Kind: network.Unavailable, Op: op, Detail: "the answer is not what it should be", Err: err}
	}
	for i, object := range raw {
		p, err := post.NewReader(bytes.NewReader(oneLine(object)), "the server's answer", post.Limit(maxAnswer)).Next()
		if err != nil {
			return page, &network.Error{Kind: network.Failed, Op: op, Err: err}
		}
		author := q.User
		if u := tweets[i].User; u != nil && u.IDStr != "" {
			author = network.User{ID: u.IDStr, Name: u.ScreenName}
		}
		record := tidy(p, author)
		if q.Raw {
			record.Raw = object
		}
		page.Posts = append(page.Posts, record)
		page.Next = tweets[i].IDStr
	}
	return page, nil
}
