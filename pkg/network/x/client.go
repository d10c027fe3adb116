// Package x is a client of X's API v2, and of API v1.1 for servers that still speak it.
//
// [New] makes a client from an HTTP client that signs requests. [Client.User] looks an account up,
// [Client.Posts] returns a page of its posts, [Client.Create] posts a draft that [Check] has passed,
// [Client.Me] tells whose keys they are. Every failure is a [network.Error], whose kind says all that a
// program has to know, but for two: that of a context that has ended, and that of credentials which the
// HTTP client does not have. [Client.Usage] counts what was asked for, and [Prices] turns that into money.
//
// # What is repeated, and what is not
//
// Something that X cannot have done (no connection; a read that failed) is tried again a few times,
// with growing pauses. The client waits for a rate limit to end, if [Config.Wait] allows. It never
// sends a post again whose answer did not arrive: X has no idempotency key that would make that
// safe.
//
// # Two spellings
//
// X's published specification renamed tweet.fields to post.fields, and note_tweet to note_post,
// without a new version (2.166 to 2.167, July 2026), while its servers kept the old names. The
// client asks with the old names; if X refuses them it goes over to the new ones, and then to a
// request without expansions. It reads both.
package x

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Limits are those of a user's timeline in API v2
// (https://docs.x.com/x-api/posts/timelines/integrate).
var Limits = network.Limits{Page: 100, MinPage: 5, Cap: 3200}

// Config says how to reach X. Base, HTTP and Now must be set.
type Config struct {
	Base   string                        // the server's address, without a slash at its end
	HTTP   *http.Client                  // signs requests and follows no redirects
	Fields string                        // "tweet" or "post": the only names to ask with, see Two spellings; "" tries all
	Wait   time.Duration                 // the longest time to spend on rate limits, in all
	Now    func() time.Time              // the clock
	Hide   func(string) string           // removes the keys from X's own words; nil removes nothing
	Notice func(format string, a ...any) // called with why something takes longer or may be cut; may be nil
	Skip   func(error)                   // called for each element of a page that is left out since it is no post; nil for Notice
}

// Client speaks to X. It is not safe for concurrent use.
type Client struct {
	Config
	ways   []spelling // the first one is in use; it is dropped when X refuses it
	access string
	waited time.Duration
	usage  network.Usage
}

// New makes a client.
func New(c Config) *Client {
	if c.Notice == nil {
		c.Notice = func(string, ...any) {}
	}
	if c.Hide == nil {
		c.Hide = func(s string) string { return s }
	}
	if c.Skip == nil {
		c.Skip = func(err error) { c.Notice("%v", err) }
	}
	ways := slices.Clone(spellings)
	if c.Fields != "" {
		ways = slices.DeleteFunc(ways, func(s spelling) bool { return s.name != c.Fields+".fields" })
	}
	return &Client{Config: c, ways: ways}
}

// Usage returns what has been asked for so far.
func (c *Client) Usage() network.Usage { return c.usage }

// Access returns what the keys may do, by X's last answer that said so: "read", "read-write", …; ""
// if none did.
func (c *Client) Access() string { return c.access }

// spelling holds the names of the parameters of a timeline.
type spelling struct{ name, fields, expansions, users string }

const (
	tweetFields = "author_id,created_at,entities,in_reply_to_user_id,lang,note_tweet,referenced_tweets"
	postFields  = "created_at,entities,lang,note_post" // the specification lacks the others, but answers have them all the same

	tweetUsers = "affiliation,description"
	postUsers  = "description" // the specification lacks affiliation, too
)

// spellings are in the order in which they are tried. X's own simulator knows the fields but
// refuses all expansions.
var spellings = []spelling{
	{"tweet.fields", tweetFields, "referenced_tweets.id", tweetUsers},
	{"post.fields", postFields, "referenced_posts", postUsers},
	{"tweet.fields", tweetFields, "", ""},
	{"post.fields", postFields, "", ""},
}

// String returns the spelling for a message.
func (s spelling) String() string {
	if s.expansions == "" {
		return s.name + ", and without the posts that others refer to: reposts are cut"
	}
	return s.name
}

// User looks an account up by its name. X bills that as one user.
func (c *Client) User(ctx context.Context, name string) (network.User, error) {
	return c.user(ctx, "user @"+name, "/2/users/by/username/"+url.PathEscape(name))
}

// Me returns the account that the keys belong to. Keys of an app alone are refused. X bills one user.
func (c *Client) Me(ctx context.Context) (network.User, error) {
	return c.user(ctx, "the keys' own account", "/2/users/me")
}

func (c *Client) user(ctx context.Context, op, path string) (network.User, error) {
	query := url.Values{"user.fields": {"public_metrics"}}
	a, err := c.do(ctx, call{op: op, method: http.MethodGet, path: path, query: query})
	if err != nil {
		return network.User{}, err
	}
	var u struct {
		ID, Username string
		Metrics      struct {
			Tweets *int `json:"tweet_count"`
			Posts  *int `json:"post_count"`
		} `json:"public_metrics"`
	}
	if err := c.data(op, a, &u); err != nil {
		return network.User{}, err
	}
	if u.ID == "" {
		return network.User{}, &network.Error{Kind: network.Unavailable, Op: op, Detail: "X gives no id"}
	}
	c.usage.Users++
	user := network.User{ID: u.ID, Name: u.Username, Posts: -1}
	for _, n := range []*int{u.Metrics.Tweets, u.Metrics.Posts} {
		if n != nil {
			user.Posts = *n
		}
	}
	return user, nil
}

// data reads the "data" of an answer, which is absent if X has nothing but errors.
func (c *Client) data(op string, a *answer, into any) error {
	var body struct {
		Data   json.RawMessage
		Errors []problem
	}
	err := json.Unmarshal(a.body, &body)
	if err == nil {
		if len(body.Data) == 0 || string(body.Data) == "null" {
			return c.absent(op, body.Errors)
		}
		err = json.Unmarshal(body.Data, into)
	}
	if err != nil {
		return &network.Error{Kind: network.Unavailable, Op: op, Status: a.status, Detail: "X's answer is not what it should be", Err: err}
	}
	return nil
}

// Create posts a draft as author, a name without @, and returns its receipt: a copy of the draft with
// what X made of it. If the answer is lost it fails with [network.UnknownOutcome]. Media is what
// [Client.Attach] returned for the draft. Cancelling ctx does not interrupt a post that is under way.
func (c *Client) Create(ctx context.Context, draft *post.Post, author string, media ...string) (*post.Post, error) {
	const op = "post"
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	content, err := body(draft, media)
	if err != nil {
		return nil, &network.Error{Kind: network.Policy, Op: op, Err: err}
	}
	cl := call{op: op, method: http.MethodPost, path: "/2/tweets", body: content}
	a, err := c.repeat(ctx, func() (*answer, error) { return c.once(context.WithoutCancel(ctx), cl) })
	if err != nil {
		return nil, err
	}
	var made struct {
		ID        string
		CreatedAt string `json:"created_at"`
	}
	if err := c.data(op, a, &made); err != nil || made.ID == "" {
		return nil, &network.Error{Kind: network.UnknownOutcome, Op: op, Status: a.status, Detail: "X gives no id", Err: err}
	}
	c.usage.Make(draft, text.HasLink(draft.Text))
	receipt := *draft
	receipt.ID, receipt.Author, receipt.Network = made.ID, author, network.X
	receipt.URL = address(author, made.ID)
	receipt.CreatedAt = dated(made.ID, a.now)
	if at, err := time.Parse(time.RFC3339, made.CreatedAt); err == nil && !at.IsZero() {
		receipt.CreatedAt = at.UTC()
	}
	return &receipt, nil
}

// body returns what POST /2/tweets takes; X refuses any field that it does not know. X puts before an
// answer the names of all whom the answered post names, except those that are excluded.
func body(draft *post.Post, ids []string) ([]byte, error) {
	type reply struct {
		To      string   `json:"in_reply_to_tweet_id"`
		Exclude []string `json:"exclude_reply_user_ids,omitempty"`
	}
	type media struct {
		IDs []string `json:"media_ids"`
	}
	b := struct {
		Text  string `json:"text,omitempty"`
		Reply *reply `json:"reply,omitempty"`
		Media *media `json:"media,omitempty"`
		Quote string `json:"quote_tweet_id,omitempty"`
	}{Text: draft.Text, Quote: draft.QuoteOf}
	if draft.ReplyTo != "" {
		answer, _, err := network.AnswerOf(draft)
		if err != nil {
			return nil, err
		}
		b.Reply = &reply{draft.ReplyTo, answer.Exclude}
	}
	if len(ids) > 0 {
		b.Media = &media{ids}
	}
	return json.Marshal(b)
}

// address returns where a person reads a post.
func address(author, id string) string {
	return "https://x.com/" + cmp.Or(author, "i") + "/status/" + id
}
