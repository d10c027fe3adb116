package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// listing is one of the lists of posts that X keeps for an account.
type listing struct {
	op, path string
	author   string                                                         // author of posts that name none: an account number
	ask      func(spelling) url.Values                                      // the parameters that are particular to the list
	record   func(p *post.Post, object json.RawMessage, w *wire) *post.Post // what is kept of a post
}

// Posts returns a page of an account's posts. Since and Until of the query are exclusive. [Client.Usage]
// counts the posts, those that came along to complete them, and accounts.
func (c *Client) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	return c.page(ctx, q, timelineOf(q.User))
}

func timelineOf(u network.User) listing {
	return listing{
		op: "posts of @" + u.Name, path: "tweets", author: u.ID,
		ask:    func(s spelling) url.Values { return s.values("", s.expansions) },
		record: func(p *post.Post, _ json.RawMessage, _ *wire) *post.Post { return tidy(p, u) },
	}
}

// page asks for a page of a list, in the next spelling if X refuses the first one.
func (c *Client) page(ctx context.Context, q network.Query, l listing) (network.Page, error) {
	cl := call{op: l.op, method: http.MethodGet, path: "/2/users/" + url.PathEscape(q.User.ID) + "/" + l.path}
	tried := len(c.ways)
	cl.query = c.parameters(q, l)
	a, err := c.do(ctx, cl)
	for c.respell(err) {
		cl.query = c.parameters(q, l)
		a, err = c.do(ctx, cl)
	}
	if err != nil {
		return network.Page{}, err
	}
	page, notes, bad, err := c.decode(a.body, l, q.Raw)
	if err != nil {
		return network.Page{}, err
	}
	if tried != len(c.ways) {
		c.Notice("X refused the fields that it was asked for at first; going on with %s", c.ways[0])
	}
	for _, note := range notes {
		c.Notice("%s", note)
	}
	for _, err := range bad {
		c.Skip(err)
	}
	c.usage.Posts += len(page.Posts)
	c.usage.Referred += page.Referred
	c.usage.Users += page.Users
	return page, nil
}

func (c *Client) parameters(q network.Query, l listing) url.Values {
	size := Limits.Page
	if q.Max > 0 {
		size = min(max(q.Max, Limits.MinPage), size)
	}
	v := l.ask(c.ways[0])
	v.Set("max_results", strconv.Itoa(size))
	for name, value := range map[string]string{"since_id": q.Since, "until_id": q.Until, "pagination_token": q.Token} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// values returns the parameters of a spelling, with more fields and some expansions.
func (s spelling) values(more, expansions string) url.Values {
	v := url.Values{s.name: {s.fields + more}}
	if expansions != "" {
		v.Set("expansions", expansions)
	}
	return v
}

// respell goes over to the next spelling of the parameters if X refused this one, and reports
// whether it did.
func (c *Client) respell(err error) bool {
	var e *network.Error
	if len(c.ways) == 1 || !errors.As(err, &e) || e.Status != http.StatusBadRequest {
		return false
	}
	for _, name := range []string{".fields", "expansions", "note_", "referenced_"} {
		if strings.Contains(e.Detail, name) {
			c.ways = c.ways[1:]
			return true
		}
	}
	return false
}

// wire is a page as X sends it, as far as it matters here; package post reads the posts themselves.
type wire struct {
	Data     []json.RawMessage
	Includes json.RawMessage
	Errors   []problem
	Meta     *struct {
		Next string `json:"next_token"`
	}

	referred int                // number of posts among what is included
	users    map[string]account // accounts among it, by number
}

// decode reads a page. Notes tells which posts look cut, and bad holds an error for each element
// that is no post and was left out.
func (c *Client) decode(body []byte, l listing, raw bool) (page network.Page, notes []string, bad []error, err error) {
	var w wire
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	if err := json.Unmarshal(body, &w); err != nil {
		return page, nil, nil, &network.Error{Kind: network.Unavailable, Op: l.op, Detail: "X's answer is not what it should be", Err: err}
	}
	if len(w.Data) == 0 && ofUser(w.Errors) {
		return page, nil, nil, c.absent(l.op, w.Errors)
	}
	w.include()
	page.Referred, page.Users = w.referred, len(w.users)
	if page.Open = w.Meta == nil; w.Meta != nil {
		page.Next = w.Meta.Next
	}
	r := post.NewReader(bytes.NewReader(w.line(l.author)), "X's answer", post.Limit(2*maxAnswer))
	for i := range w.Data {
		p, err := r.Next()
		if err == io.EOF { // the reader gave one error for the whole page
			return page, nil, nil, &network.Error{Kind: network.Failed, Op: l.op, Err: errors.Join(bad...)}
		}
		if err != nil {
			bad = append(bad, fmt.Errorf("post %d of a page left out: %w", i+1, err))
			continue
		}
		record := l.record(p, w.Data[i], &w)
		if raw {
			record.Raw = w.Data[i]
		}
		if looksCut(p) && !hasNote(w.Data[i]) {
			notes = append(notes, "post "+p.ID+" ends in … and X gave no longer text: it may be cut")
		}
		page.Posts = append(page.Posts, record)
	}
	return page, notes, bad, nil
}

// line returns the page on one line, as package post takes it. It puts an author in front of each
// post's own fields, which override it: that marks the post as one of X's, whose text is escaped.
func (w *wire) line(author string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	mark, _ := json.Marshal(author)
	for i, d := range w.Data {
		if i > 0 {
			b.WriteByte(',')
		}
		if d[0] != '{' {
			b.WriteString("{}") // makes the error concern this element, and not the page
			continue
		}
		b.WriteString(`{"author_id":`)
		b.Write(mark)
		if rest := bytes.TrimSpace(d[1:]); rest[0] != '}' {
			b.WriteByte(',')
		}
		b.Write(d[1:])
	}
	b.WriteString(`]`)
	if len(w.Includes) > 0 {
		b.WriteString(`,"includes":`)
		b.Write(w.Includes)
	}
	b.WriteString("}")
	return oneLine(b.Bytes())
}

// oneLine joins the lines of indented JSON. Strings in JSON have no line breaks.
func oneLine(j []byte) []byte { return bytes.ReplaceAll(j, []byte("\n"), []byte(" ")) }

// tidy returns what the record keeps of a post, with the account number, which spares the next run
// a look-up.
func tidy(p *post.Post, u network.User) *post.Post {
	record := &post.Post{
		ID: p.ID, Text: p.Text, CreatedAt: p.CreatedAt, Author: u.Name, Lang: p.Lang, URL: address(u.Name, p.ID),
		ReplyTo: p.ReplyTo, RepostOf: p.RepostOf, QuoteOf: p.QuoteOf, Network: network.X, Repost: p.Repost,
	}
	network.SetAuthorID(record, u.ID)
	return record
}

// ofUser reports whether one of the errors is about the account and not about a post that was
// referred to.
func ofUser(problems []problem) bool {
	return slices.ContainsFunc(problems, func(p problem) bool { return p.ResourceType != "tweet" && p.ResourceType != "post" })
}

// include counts the posts that came along, and collects the accounts.
func (w *wire) include() {
	var i struct {
		Tweets, Posts []json.RawMessage
		Users         []account
	}
	if len(w.Includes) > 0 {
		_ = json.Unmarshal(w.Includes, &i)
	}
	w.referred, w.users = len(i.Tweets)+len(i.Posts), map[string]account{}
	for _, u := range i.Users {
		w.users[u.ID] = u
	}
}

// looksCut reports whether a text ends as X ends a cut text, at a length at which X cuts. Reposts
// of posts that are gone always do, so they do not count.
func looksCut(p *post.Post) bool {
	const near = 260 // of 280
	shown := strings.TrimRight(p.Text, " ")
	if i := strings.LastIndex(shown, " https://t.co/"); i > 0 {
		shown = shown[:i]
	}
	return strings.HasSuffix(shown, "…") && !p.Repost && text.Weigh(p.Text) >= near
}

// hasNote reports whether a post came with the full text of a long post.
func hasNote(object json.RawMessage) bool {
	var o struct {
		Tweet json.RawMessage `json:"note_tweet"`
		Post  json.RawMessage `json:"note_post"`
	}
	return json.Unmarshal(object, &o) == nil && len(o.Tweet)+len(o.Post) > len("null")
}
