package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/text"
)

// createRequest is the body of POST /2/tweets, with all properties of OpenAPI
// 2.167; any other is an error. Raw ones are accepted and ignored.
type createRequest struct {
	Text                  string          `json:"text"`
	Reply                 *replyRequest   `json:"reply"`
	Media                 *mediaRequest   `json:"media"`
	QuoteTweetID          *string         `json:"quote_tweet_id"`
	Poll                  *pollRequest    `json:"poll"`
	ReplySettings         *string         `json:"reply_settings"`
	MadeWithAI            bool            `json:"made_with_ai"`
	PaidPartnership       bool            `json:"paid_partnership"`
	Nullcast              bool            `json:"nullcast"`
	ForSuperFollowersOnly bool            `json:"for_super_followers_only"`
	ShareWithFollowers    bool            `json:"share_with_followers"`
	CardURI               string          `json:"card_uri"`
	CommunityID           string          `json:"community_id"`
	DirectMessageDeepLink string          `json:"direct_message_deep_link"`
	EditOptions           json.RawMessage `json:"edit_options"`
	Geo                   json.RawMessage `json:"geo"`
}

// replyRequest says what is answered. AutoPopulate is accepted for
// compatibility and has no effect, as 2.167 says: names are always added.
type replyRequest struct {
	To           string   `json:"in_reply_to_tweet_id"`
	AutoPopulate bool     `json:"auto_populate_reply_metadata"`
	Exclude      []string `json:"exclude_reply_user_ids"`
}

// mediaRequest names files that were uploaded before; all but the ids is for
// video and advertisements.
type mediaRequest struct {
	IDs            []string        `json:"media_ids"`
	Tagged         []string        `json:"tagged_user_ids"`
	Title          string          `json:"title"`
	Description    string          `json:"description"`
	Embeddable     bool            `json:"embeddable"`
	PreviewMediaID string          `json:"preview_media_id"`
	CallToActions  json.RawMessage `json:"call_to_actions"`
}

// pollRequest is checked against the schema and then ignored.
type pollRequest struct {
	Options         []string `json:"options"`
	DurationMinutes int      `json:"duration_minutes"`
	ReplySettings   string   `json:"reply_settings"`
}

// draft is a post that is about to be made.
type draft struct {
	text    string
	replyTo *status
	exclude []uint64 // users whom an answer must not name
	media   []*medium
}

// recent is how many posts of an account X compares for duplicates. It is a guess:
// X does not say.
const recent = 200

// create is POST /2/tweets. X has no idempotency keys: a request that comes twice
// makes two posts, or is refused as a duplicate.
func (c *call) create() *answer {
	var req createRequest
	if wrong := c.decode(&req); wrong != nil {
		return wrong
	}
	d, wrong := c.draftOf(&req)
	if wrong != nil {
		return wrong
	}
	st, wrong := c.make(d)
	if wrong != nil {
		return wrong
	}
	shown, _ := show(c.store.text(st))
	w := wirePost{ID: itoa(st.id), Text: shown}
	if c.dialect == posts {
		w.PostEdits = []string{w.ID}
	} else {
		w.TweetEdits = []string{w.ID}
	}
	return &answer{status: 201, body: map[string]wirePost{"data": w}}
}

// make makes a post from a draft, unless that breaks a rule.
func (c *call) make(d *draft) (*status, *answer) {
	if rule := c.breaks(d); rule != nil {
		return nil, c.refused(rule)
	}
	st, err := c.publish(d)
	if err != nil {
		return nil, plain(500, err.Error())
	}
	return st, nil
}

// decode strictly reads a body of JSON. It reports errors as X does.
func (c *call) decode(into any) *answer {
	if !c.sends("application/json") {
		return c.invalidBody("Requests with bodies must have content-type of application/json.")
	}
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if err == nil {
		return nil
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return c.invalidBody("$.%s: %s found, %s expected", kind.Field, kind.Value, kind.Type)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return c.invalidBody("$.%s: is not defined in the schema and the schema does not allow additional properties",
			strings.Trim(name, `"`))
	}
	return c.invalidBody("Invalid JSON: %v", err)
}

// draftOf checks the body against the schema and looks up what it refers to.
func (c *call) draftOf(req *createRequest) (*draft, *answer) {
	d := &draft{text: strings.TrimSpace(req.Text)}
	switch {
	case d.text == "" && req.Media == nil:
		return nil, c.invalidBody("Your Tweet text may not be empty.")
	case req.ReplySettings != nil &&
		!slices.Contains([]string{"following", "mentionedUsers", "subscribers", "verified"}, *req.ReplySettings):
		return nil, c.invalidBody("$.reply_settings: does not have a value in the enumeration [following, mentionedUsers, subscribers, verified]")
	case req.Poll != nil && !req.Poll.valid():
		return nil, c.invalidBody("$.poll: is not a valid poll")
	case req.QuoteTweetID != nil: // Enterprise only, since 2026-02-23
		return nil, plain(403, "You are not permitted to perform this action.")
	}
	if wrong := c.attach(d, req.Media); wrong != nil {
		return nil, wrong
	}
	return d, c.answerTo(d, req.Reply)
}

// valid reports whether a poll conforms to the schema.
func (p *pollRequest) valid() bool {
	return len(p.Options) >= 2 && len(p.Options) <= 4 && p.DurationMinutes >= 5 && p.DurationMinutes <= 10080 &&
		!slices.ContainsFunc(p.Options, func(s string) bool { return s == "" || len([]rune(s)) > 25 })
}

// attach looks up the files of a post: one to four, ready, and the caller's own.
func (c *call) attach(d *draft, req *mediaRequest) *answer {
	if req == nil {
		return nil
	}
	if n := len(req.IDs); n < 1 || n > 4 {
		return c.invalidBody("$.media.media_ids: there must be between 1 and 4 items in the array")
	}
	for _, s := range req.IDs {
		id, _ := parseID(s)
		m := c.media[id]
		if m == nil || !m.ready || m.owner != c.who.user || slices.Contains(d.media, m) {
			return c.invalidBody("Your media IDs are invalid.")
		}
		d.media = append(d.media, m)
	}
	return nil
}

// answerTo looks up the post that is answered.
func (c *call) answerTo(d *draft, req *replyRequest) *answer {
	if req == nil {
		return nil
	}
	id, ok := parseID(req.To)
	if !ok {
		return c.invalidBody("$.reply.in_reply_to_tweet_id: does not match the regex pattern ^[0-9]{1,19}$")
	}
	for _, s := range req.Exclude {
		user, _ := parseID(s)
		d.exclude = append(d.exclude, user)
	}
	if d.replyTo = c.store.byID[id]; d.replyTo == nil {
		return c.refused(noParent)
	}
	return nil
}

// refusal is a rule of X that a post breaks, in the words of both versions.
type refusal struct {
	status int
	detail string // v2
	code   int    // v1.1
	short  string // v1.1
}

// The words are those of live answers, found in public code and issues.
var (
	tooLong = &refusal{400, "Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text.",
		186, "Tweet needs to be a bit shorter."}
	cashtags = &refusal{403, "Posts are limited to a maximum of one cashtag.",
		226, "This request looks like it might be automated."}
	notSummoned = &refusal{403, "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
		433, "The original Tweet author restricted who can reply to this Tweet."}
	duplicate = &refusal{403, "You are not allowed to create a Tweet with duplicate content.",
		187, "Status is a duplicate."}
	noParent = &refusal{403, "You attempted to reply to a Tweet that is deleted or not visible to you.",
		385, "You attempted to reply to a Tweet that is deleted or not visible to you."}
)

// refused reports a broken rule in the manner of the endpoint.
func (c *call) refused(r *refusal) *answer {
	switch {
	case c.e.v1:
		return v1Error(403, r.code, r.short)
	case r.status == 400:
		return c.invalidBody("%s", r.detail)
	}
	return plain(r.status, r.detail)
}

// breaks checks a draft against X's rules; it returns nil if the post may be made.
func (c *call) breaks(d *draft) *refusal {
	switch {
	case text.Weigh(d.text) > text.MaxWeight:
		return tooLong
	case count(pieces(d.text, ""), cashtag) > 1:
		return cashtags
	case d.replyTo != nil && !c.summoned(d.replyTo):
		return notSummoned
	case c.isDuplicate(d):
		return duplicate
	}
	return nil
}

// summoned reports whether the caller may answer a post by the API: the post is the
// caller's own, names the caller, or quotes the caller (X's rule since 2026-02-23).
func (c *call) summoned(st *status) bool {
	quoted := c.store.byID[st.quoteOf]
	return st.author == c.who.user || st.mentions()[strings.ToLower(c.who.user.name)] ||
		quoted != nil && quoted.author == c.who.user
}

// isDuplicate compares the text with the newest posts of the account. A post
// with a file is never a duplicate, since the file counts too.
func (c *call) isDuplicate(d *draft) bool {
	same := text.Normalise(c.addressed(d))
	return len(d.media) == 0 && slices.ContainsFunc(newest(c.who.user.posts, recent), func(st *status) bool {
		return st.repostOf == 0 && text.Normalise(st.text) == same
	})
}

// addressed returns the text of a draft with the names that X puts before an
// answer: those of the author and of all whom the answered post names, except
// the caller, those excluded, and those whom the text names.
func (c *call) addressed(d *draft) string {
	if d.replyTo == nil {
		return d.text
	}
	done := mentioned(d.text)
	done[strings.ToLower(c.who.user.name)] = true
	var head strings.Builder
	name := func(a *account) {
		if a != nil && !done[strings.ToLower(a.name)] {
			done[strings.ToLower(a.name)] = true
			fmt.Fprintf(&head, "@%s ", a.name)
		}
	}
	name(d.replyTo.author)
	for _, p := range pieces(d.replyTo.text, "") {
		if a := c.store.named(p.what); p.kind == mention && a != nil && !slices.Contains(d.exclude, a.id) {
			name(a)
		}
	}
	return head.String() + d.text
}

// publish makes the post and bills it. It writes the journal first: what is not on
// the disk was not made. A post with a link has the price of links, whatever else it is.
func (c *call) publish(d *draft) (*status, error) {
	st := &status{
		id:     c.store.nextID(c.now()),
		author: c.who.user,
		text:   c.addressed(d),
		at:     c.now().Truncate(time.Second),
		media:  d.media,
	}
	class := Writes
	if d.replyTo != nil {
		st.replyTo, st.replyWho = d.replyTo.id, d.replyTo.author
		if st.replyWho != st.author {
			class = SummonedReplies
		}
	}
	if count(pieces(d.text, ""), link) > 0 {
		class = URLWrites
	}
	if err := c.keep(st); err != nil {
		return nil, err
	}
	c.store.add(st)
	c.bill(class, st.id)
	return st, nil
}

// delete is DELETE /2/tweets/{id}; a deletion is billed, too.
func (c *call) delete() *answer {
	id, _ := parseID(c.r.PathValue("id")) // check has seen it
	st := c.store.byID[id]
	if st == nil {
		return c.troubled(c.noSuchPost("id", id))
	}
	if st.author != c.who.user {
		return plain(403, "You are not authorized to delete this Tweet.")
	}
	if err := c.keepDeleted(st, c.now()); err != nil {
		return plain(500, err.Error())
	}
	c.store.remove(st)
	c.bill(Deletes, id)
	return &answer{status: 200, body: map[string]map[string]bool{"data": {"deleted": true}}}
}
