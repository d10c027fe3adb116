package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// API v1.1, as far as a client that archives and posts needs it.

// v1Problem is the error document.
type v1Problem struct {
	Errors []v1Reason `json:"errors"`
}

type v1Reason struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// v1Error returns an error of v1.1, whose codes clients know by heart.
func v1Error(status, code int, message string) *answer {
	return &answer{status: status, body: v1Problem{[]v1Reason{{code, message}}}}
}

// v1Closed is what X has answered to v1.1 since 2023.
func (c *call) v1Closed() *answer {
	return v1Error(403, 453, "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints (e.g. media post, oauth) only. If you need access to this endpoint, you may need a different access level. You can learn more here: https://developer.x.com/en/portal/product")
}

// v1Status is a post. Numbers of 64 bits are there as numbers and as strings, since
// some languages cannot hold them.
type v1Status struct {
	CreatedAt       string     `json:"created_at"` // Ruby's form
	ID              uint64     `json:"id"`
	IDStr           string     `json:"id_str"`
	Text            string     `json:"text,omitempty"`
	FullText        string     `json:"full_text,omitempty"` // with tweet_mode=extended
	Truncated       bool       `json:"truncated"`
	Entities        v1Entities `json:"entities"`
	ReplyTo         *uint64    `json:"in_reply_to_status_id"`
	ReplyToStr      *string    `json:"in_reply_to_status_id_str"`
	ReplyToUser     *uint64    `json:"in_reply_to_user_id"`
	ReplyToUserStr  *string    `json:"in_reply_to_user_id_str"`
	ReplyToName     *string    `json:"in_reply_to_screen_name"`
	User            v1User     `json:"user"`
	IsQuote         bool       `json:"is_quote_status"`
	Quoted          uint64     `json:"quoted_status_id,omitempty"`
	QuotedStr       string     `json:"quoted_status_id_str,omitempty"`
	RetweetedStatus *v1Status  `json:"retweeted_status,omitempty"`
	Lang            string     `json:"lang,omitempty"`
}

type v1User struct {
	ID         uint64 `json:"id"`
	IDStr      string `json:"id_str"`
	Name       string `json:"name,omitempty"`
	ScreenName string `json:"screen_name,omitempty"`
	Protected  bool   `json:"protected"`
	Statuses   int    `json:"statuses_count"`
}

type v1Entities struct {
	Hashtags []v1Tag     `json:"hashtags"`
	Symbols  []v1Tag     `json:"symbols"`
	Mentions []v1Mention `json:"user_mentions"`
	URLs     []v1URL     `json:"urls"`
}

type v1Tag struct {
	Text    string `json:"text"`
	Indices [2]int `json:"indices"`
}

type v1Mention struct {
	ScreenName string `json:"screen_name"`
	Name       string `json:"name"`
	ID         uint64 `json:"id"`
	IDStr      string `json:"id_str"`
	Indices    [2]int `json:"indices"`
}

type v1URL struct {
	URL      string `json:"url"`
	Expanded string `json:"expanded_url"`
	Display  string `json:"display_url"`
	Indices  [2]int `json:"indices"`
}

// v1Timeline is statuses/user_timeline. It ignores parameters that it does not know,
// as v1.1 did.
func (c *call) v1Timeline() *answer {
	who := c.who.user
	if name := c.query.Get("screen_name"); name != "" {
		who = c.store.named(name)
	} else if id := c.query.Get("user_id"); id != "" {
		n, _ := parseID(id)
		who = c.store.byUser[n]
	}
	if who == nil {
		return v1Error(404, 34, "Sorry, that page does not exist.")
	}
	b := bounds{}
	b.since, _ = parseID(c.query.Get("since_id"))
	if last, ok := parseID(c.query.Get("max_id")); ok {
		b.until = last + 1 // inclusive, unlike in v2
	}
	size, err := strconv.Atoi(c.query.Get("count"))
	if err != nil || size < 1 {
		size = 20
	}
	// count is the number of posts before some are left out
	list := newest(between(newest(who.posts, maxTimeline), b), min(size, 200))
	out := []*v1Status{}
	for _, st := range slices.Backward(list) {
		if c.query.Get("exclude_replies") == "true" && st.replyTo != 0 || c.query.Get("include_rts") == "false" && st.repostOf != 0 {
			continue
		}
		c.bill(Reads, st.id)
		out = append(out, c.v1Status(st))
	}
	return &answer{status: 200, body: out}
}

// v1Verify is account/verify_credentials.
func (c *call) v1Verify() *answer {
	c.bill(UserReads, c.who.user.id)
	return &answer{status: 200, body: c.v1User(c.who.user)}
}

// v1Update is statuses/update; parameters may be in the form or in the query.
func (c *call) v1Update() *answer {
	value := func(name string) string {
		if form := c.form(); form.Has(name) {
			return form.Get(name)
		}
		return c.query.Get(name)
	}
	d := &draft{text: strings.TrimSpace(value("status"))}
	if d.text == "" {
		return v1Error(403, 170, "Missing required parameter: status.")
	}
	if to := value("in_reply_to_status_id"); to != "" {
		id, _ := parseID(to)
		if d.replyTo = c.store.byID[id]; d.replyTo == nil {
			return c.refused(noParent)
		}
	}
	st, wrong := c.make(d)
	if wrong != nil {
		return wrong
	}
	return &answer{status: 200, body: c.v1Status(st)}
}

// v1User returns a user, or with trim_user only an id.
func (c *call) v1User(a *account) v1User {
	if c.query.Get("trim_user") == "true" {
		return v1User{ID: a.id, IDStr: itoa(a.id)}
	}
	return v1User{ID: a.id, IDStr: itoa(a.id), Name: a.name, ScreenName: a.name, Statuses: len(a.posts)}
}

// v1Status returns a post: in extended mode with its whole text, otherwise cut at 140
// characters. A repost contains the original, and its own text is always cut.
func (c *call) v1Status(st *status) *v1Status {
	w := &v1Status{
		CreatedAt: st.at.Format(time.RubyDate),
		ID:        st.id, IDStr: itoa(st.id),
		User: c.v1User(st.author),
		Lang: st.lang,
	}
	extended := c.query.Get("tweet_mode") == "extended"
	shown := c.store.text(st)
	if st.repostOf != 0 || !extended {
		var cutShort bool
		shown, cutShort = cut(shown, maxRepost, utf8.RuneCountInString)
		w.Truncated = cutShort && !extended
	}
	said, marks := show(shown)
	if extended {
		w.FullText = said
	} else {
		w.Text = said
	}
	w.Entities = c.v1Entities(marks)
	c.v1Refs(w, st)
	return w
}

// v1Refs adds what the post refers to. The fields for the answered post and its author are
// null, not absent, if there are none.
func (c *call) v1Refs(w *v1Status, st *status) {
	if st.replyTo != 0 {
		id, user := itoa(st.replyTo), itoa(st.replyWho.id)
		w.ReplyTo, w.ReplyToStr = &st.replyTo, &id
		w.ReplyToUser, w.ReplyToUserStr, w.ReplyToName = &st.replyWho.id, &user, &st.replyWho.name
	}
	if st.quoteOf != 0 {
		w.IsQuote, w.Quoted, w.QuotedStr = true, st.quoteOf, itoa(st.quoteOf)
	}
	if o := c.store.byID[st.repostOf]; o != nil {
		w.RetweetedStatus = c.v1Status(o)
	}
}

// v1Entities has other names than v2, and empty lists where there is nothing.
func (c *call) v1Entities(marks []placed) v1Entities {
	e := v1Entities{[]v1Tag{}, []v1Tag{}, []v1Mention{}, []v1URL{}}
	for _, m := range marks {
		at := [2]int{m.start, m.end}
		switch m.kind {
		case link:
			e.URLs = append(e.URLs, v1URL{m.text, m.what, displayed(m.what), at})
		case mention:
			if who := c.store.named(m.what); who != nil {
				e.Mentions = append(e.Mentions, v1Mention{who.name, who.name, who.id, itoa(who.id), at})
			}
		case hashtag:
			e.Hashtags = append(e.Hashtags, v1Tag{m.what, at})
		case cashtag:
			e.Symbols = append(e.Symbols, v1Tag{m.what, at})
		}
	}
	return e
}
