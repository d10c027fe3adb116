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
	"strconv"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Posts gives a page of an account's posts. Since and Until of the query are exclusive.
func (c *Client) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	op := "posts of @" + q.User.Name
	cl := call{op: op, method: http.MethodGet, path: "/2/users/" + url.PathEscape(q.User.ID) + "/tweets"}
	tried := len(c.ways)
	cl.query = c.parameters(q)
	a, err := c.do(ctx, cl)
	for c.respell(err) {
		cl.query = c.parameters(q)
		a, err = c.do(ctx, cl)
	}
	if err != nil {
		return network.Page{}, err
	}
	page, notes, err := decode(a.body, q)
	if err != nil {
		return network.Page{}, err
	}
	if tried != len(c.ways) {
		c.Notice("X refused the fields that it was asked for at first; going on with %s", c.ways[0])
	}
	for _, note := range notes {
		c.Notice("%s", note)
	}
	c.usage.Posts += len(page.Posts)
	c.usage.Referred += page.Referred
	return page, nil
}

func (c *Client) parameters(q network.Query) url.Values {
	size := Limits.Page
	if q.Max > 0 {
		size = min(max(q.Max, Limits.MinPage), size)
	}
	way := c.ways[0]
	v := url.Values{"max_results": {strconv.Itoa(size)}, way.name: {way.fields}}
	for name, value := range map[string]string{"expansions": way.expansions, "since_id": q.Since, "until_id": q.Until, "pagination_token": q.Token} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// respell goes over to the next spelling of the parameters if X refused this one.
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

// wire is a page as X sends it, as far as it matters here: package post reads the posts themselves.
type wire struct {
	Data     []json.RawMessage
	Includes json.RawMessage
	Errors   []problem
	Meta     *struct {
		Next string `json:"next_token"`
	}
}

// decode reads a page. Besides it gives what a person should know: posts that look cut, and what is no post and left out.
func decode(body []byte, q network.Query) (page network.Page, notes []string, err error) {
	op := "posts of @" + q.User.Name
	var w wire
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	if err := json.Unmarshal(body, &w); err != nil {
		return page, nil, &network.Error{Kind: network.Unavailable, Op: op, Detail: "X's answer is not what it should be", Err: err}
	}
	if len(w.Data) == 0 && ofUser(w.Errors) {
		return page, nil, absent(op, w.Errors)
	}
	page.Referred = included(w.Includes)
	if page.Open = w.Meta == nil; w.Meta != nil {
		page.Next = w.Meta.Next
	}
	r := post.NewReader(bytes.NewReader(w.line(q.User.ID)), "X's answer", post.Limit(2*maxAnswer))
	for i := range w.Data {
		p, err := r.Next()
		if err == io.EOF { // one error stood for the whole page
			return page, nil, &network.Error{Kind: network.Failed, Op: op, Detail: strings.Join(notes, "; ")}
		}
		if err != nil {
			notes = append(notes, fmt.Sprintf("post %d of a page left out: %v", i+1, err))
			continue
		}
		record := tidy(p, q.User)
		if q.Raw {
			record.Raw = w.Data[i]
		}
		if looksCut(p) && !hasNote(w.Data[i]) {
			notes = append(notes, "post "+p.ID+" ends in … and X gave no longer text: it may be cut")
		}
		page.Posts = append(page.Posts, record)
	}
	return page, notes, nil
}

// line is the page on one line, as package post takes it. Each post names its author, in front, where a field of its own
// would win: that marks it as one of X's, whose text is escaped.
func (w *wire) line(author string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	mark, _ := json.Marshal(author)
	for i, d := range w.Data {
		if i > 0 {
			b.WriteByte(',')
		}
		d = bytes.TrimSpace(d)
		if len(d) < 2 || d[0] != '{' {
			b.WriteString("{}") // not a post: an error about it, and not about the page
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

// oneLine makes JSON that may be indented one line; inside of strings JSON has no line breaks.
func oneLine(j []byte) []byte { return bytes.ReplaceAll(j, []byte("\n"), []byte(" ")) }

// tidy keeps of a post what the record has, with the account's number, by which the next run knows whom to ask for.
func tidy(p *post.Post, u network.User) *post.Post {
	record := &post.Post{
		ID: p.ID, Text: p.Text, CreatedAt: p.CreatedAt, Author: u.Name, Lang: p.Lang, URL: address(u.Name, p.ID),
		ReplyTo: p.ReplyTo, RepostOf: p.RepostOf, QuoteOf: p.QuoteOf, Network: network.X, Repost: p.Repost,
	}
	id, _ := json.Marshal(u.ID)
	record.SetExtra("author_id", id)
	return record
}

// ofUser tells whether one of the errors is about the account, and not about a post that was referred to.
func ofUser(problems []problem) bool {
	for _, p := range problems {
		if p.ResourceType != "tweet" && p.ResourceType != "post" {
			return true
		}
	}
	return false
}

// included counts the posts that came along.
func included(includes json.RawMessage) int {
	var i struct{ Tweets, Posts []json.RawMessage }
	if len(includes) > 0 {
		_ = json.Unmarshal(includes, &i)
	}
	return len(i.Tweets) + len(i.Posts)
}

// looksCut tells whether a text ends as X ends one that it cuts, at a length at which X does. Reposts of posts that are
// gone always do.
func looksCut(p *post.Post) bool {
	const near = 260 // of 280
	shown := strings.TrimRight(p.Text, " ")
	if i := strings.LastIndex(shown, " https://t.co/"); i > 0 {
		shown = shown[:i]
	}
	return strings.HasSuffix(shown, "…") && !p.Repost && text.Weigh(p.Text) >= near
}

// hasNote tells whether a post came with the whole of a long text.
func hasNote(object json.RawMessage) bool {
	var o struct {
		Tweet json.RawMessage `json:"note_tweet"`
		Post  json.RawMessage `json:"note_post"`
	}
	return json.Unmarshal(object, &o) == nil && len(o.Tweet)+len(o.Post) > len("null")
}
