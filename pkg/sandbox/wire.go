package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// The answers of API v2. What was not asked for, or does not exist, is absent.

// page is a list of posts. Data is absent, not empty, if there are none; Meta is
// absent in a lookup by ids.
type page struct {
	Data     []wirePost `json:"data,omitempty"`
	Includes *includes  `json:"includes,omitempty"`
	Errors   []trouble  `json:"errors,omitempty"`
	Meta     *meta      `json:"meta,omitempty"`
}

// meta describes a page of a timeline. NextToken is absent at the end.
type meta struct {
	ResultCount   int    `json:"result_count"`
	NewestID      string `json:"newest_id,omitempty"`
	OldestID      string `json:"oldest_id,omitempty"`
	NextToken     string `json:"next_token,omitempty"`
	PreviousToken string `json:"previous_token,omitempty"`
}

// includes holds what the expansions asked for, each thing once.
type includes struct {
	Users  []wireUser  `json:"users,omitempty"`
	Tweets []wirePost  `json:"tweets,omitempty"` // OpenAPI 2.166
	Posts  []wirePost  `json:"posts,omitempty"`  // OpenAPI 2.167
	Media  []wireMedia `json:"media,omitempty"`
}

// wirePost is a post in either spelling: of each pair of names one is used.
type wirePost struct {
	ID          string         `json:"id"`
	Text        string         `json:"text"`
	TweetEdits  []string       `json:"edit_history_tweet_ids,omitempty"`
	PostEdits   []string       `json:"edit_history_post_ids,omitempty"`
	Author      string         `json:"author_id,omitempty"`
	Attachments *attachments   `json:"attachments,omitempty"`
	Thread      string         `json:"conversation_id,omitempty"`
	CreatedAt   string         `json:"created_at,omitempty"`
	Entities    *entities      `json:"entities,omitempty"`
	ReplyToUser string         `json:"in_reply_to_user_id,omitempty"`
	Lang        string         `json:"lang,omitempty"`
	NoteTweet   *note          `json:"note_tweet,omitempty"`
	NotePost    *note          `json:"note_post,omitempty"`
	Sensitive   *bool          `json:"possibly_sensitive,omitempty"`
	Metrics     map[string]int `json:"public_metrics,omitempty"`
	RefTweets   []reference    `json:"referenced_tweets,omitempty"`
	RefPosts    []reference    `json:"referenced_posts,omitempty"`
	ReplyBy     string         `json:"reply_settings,omitempty"`
}

// note is the full text of a post whose text is cut.
type note struct {
	Text     string    `json:"text"`
	Entities *entities `json:"entities,omitempty"`
}

type reference struct {
	Type string `json:"type"` // retweeted, quoted, replied_to
	ID   string `json:"id"`
}

type attachments struct {
	MediaKeys []string `json:"media_keys,omitempty"`
}

// entities describe the links, names and tags of a text. Places are in code points of
// the text as it is sent, escapes included.
type entities struct {
	URLs     []urlEntity     `json:"urls,omitempty"`
	Mentions []mentionEntity `json:"mentions,omitempty"`
	Hashtags []tagEntity     `json:"hashtags,omitempty"`
	Cashtags []tagEntity     `json:"cashtags,omitempty"`
}

type urlEntity struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	URL      string `json:"url"`
	Expanded string `json:"expanded_url"`
	Display  string `json:"display_url"`
}

type mentionEntity struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Username string `json:"username"`
	ID       string `json:"id"`
}

type tagEntity struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Tag   string `json:"tag"`
}

type wireMedia struct {
	Key  string `json:"media_key"`
	Type string `json:"type"`
	Alt  string `json:"alt_text,omitempty"`
}

// wireUser is a user: id, name and username come unasked.
type wireUser struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Username  string         `json:"username"`
	CreatedAt string         `json:"created_at,omitempty"`
	Protected *bool          `json:"protected,omitempty"`
	Verified  *bool          `json:"verified,omitempty"`
	Metrics   map[string]int `json:"public_metrics,omitempty"`
}

// stamp formats a date as X does: with milliseconds that are always zero.
const stamp = "2006-01-02T15:04:05.000Z"

// text splits a post's text into pieces; for a repost it is the original's text,
// with "RT" before it.
func (s *store) text(st *status) []piece {
	if o := s.byID[st.repostOf]; o != nil {
		return pieces("RT @"+o.author.name+": "+o.text, itoa(o.id))
	}
	return pieces(st.text, itoa(st.id))
}

// wire returns a post in the form that the request asks for.
func (c *call) wire(st *status) wirePost {
	w := wirePost{ID: itoa(st.id)}
	whole := c.store.text(st)
	shown, isNote := shorten(st, whole)
	var marks []placed
	w.Text, marks = show(shown)
	if c.wants("entities") {
		w.Entities = c.entities(marks)
	}
	if isNote && c.wants(c.dialect.note) {
		c.addNote(&w, whole)
	}
	c.addRefs(&w, st)
	c.addFields(&w, st)
	return w
}

// shorten cuts a text to what X shows of it, and reports whether the rest is in a
// note. The names at the head of an answer do not count, nor does the space after them.
func shorten(st *status, whole []piece) (shown []piece, isNote bool) {
	if st.repostOf != 0 {
		shown, _ = cut(whole, maxRepost, utf8.RuneCountInString)
		return shown, false
	}
	head := 0
	for st.replyTo != 0 && head < len(whole) && (whole[head].kind == mention || whole[head].text == " ") {
		head++
	}
	limit := text.MaxWeight
	if head > 0 && head < len(whole) && strings.HasPrefix(whole[head].text, " ") {
		limit++
	}
	rest, isNote := cut(whole[head:], limit, text.Weigh)
	return slices.Concat(whole[:head], rest), isNote
}

// addNote adds the whole text of a post that is shown cut. X sends it to those
// who ask for the field; for others the text is silently cut.
func (c *call) addNote(w *wirePost, whole []piece) {
	full, marks := show(whole)
	n := &note{Text: full, Entities: c.entities(marks)}
	if c.dialect == posts {
		w.NotePost = n
	} else {
		w.NoteTweet = n
	}
}

// addRefs adds what the post refers to, including itself.
func (c *call) addRefs(w *wirePost, st *status) {
	var refs []reference
	for _, r := range []reference{
		{"retweeted", optional(st.repostOf)}, {"quoted", optional(st.quoteOf)}, {"replied_to", optional(st.replyTo)},
	} {
		if r.ID != "" {
			refs = append(refs, r)
		}
	}
	if !c.wants(c.dialect.references) && !c.expands(c.dialect.referenced) && !c.expands(c.dialect.referenced+".author_id") {
		refs = nil
	}
	if c.dialect == posts {
		w.PostEdits, w.RefPosts = []string{w.ID}, refs
	} else {
		w.TweetEdits, w.RefTweets = []string{w.ID}, refs
	}
}

// addFields adds what was asked for by name or comes with an expansion: that
// is how author_id comes in the spelling that has no such field.
func (c *call) addFields(w *wirePost, st *status) {
	if c.wants("author_id") || c.expands("author_id") || c.expands(c.dialect.referenced+".author_id") {
		w.Author = itoa(st.author.id)
	}
	if st.replyWho != nil && (c.wants("in_reply_to_user_id") || c.expands("in_reply_to_user_id")) {
		w.ReplyToUser = itoa(st.replyWho.id)
	}
	if len(st.media) > 0 && (c.wants("attachments") || c.expands("attachments.media_keys")) {
		w.Attachments = &attachments{}
		for _, m := range st.media {
			w.Attachments.MediaKeys = append(w.Attachments.MediaKeys, m.key())
		}
	}
	if c.wants("conversation_id") {
		w.Thread = itoa(c.store.root(st))
	}
	if c.wants("created_at") {
		w.CreatedAt = st.at.Format(stamp)
	}
	if c.wants("lang") {
		w.Lang = st.lang
	}
	if c.wants("possibly_sensitive") {
		w.Sensitive = new(bool)
	}
	if c.wants("public_metrics") {
		w.Metrics = map[string]int{
			c.dialect.reposts: 0, "reply_count": 0, "like_count": 0, "quote_count": 0, "bookmark_count": 0, "impression_count": 0,
		}
	}
	if c.wants("reply_settings") {
		w.ReplyBy = "everyone"
	}
}

// root returns the id of the first post of a thread, as far as it is known.
func (s *store) root(st *status) uint64 {
	seen := map[uint64]bool{}
	for st.replyTo != 0 && !seen[st.id] {
		seen[st.id] = true
		up := s.byID[st.replyTo]
		if up == nil {
			return st.replyTo
		}
		st = up
	}
	return st.id
}

// entities describes the pieces of a text that are not prose; it returns nil if
// there are none. Only names of existing accounts are mentions.
func (c *call) entities(marks []placed) *entities {
	e := &entities{}
	for _, m := range marks {
		switch m.kind {
		case link:
			e.URLs = append(e.URLs, urlEntity{m.start, m.end, m.text, m.what, displayed(m.what)})
		case mention:
			if who := c.store.named(m.what); who != nil {
				e.Mentions = append(e.Mentions, mentionEntity{m.start, m.end, who.name, itoa(who.id)})
			}
		case hashtag:
			e.Hashtags = append(e.Hashtags, tagEntity{m.start, m.end, m.what})
		case cashtag:
			e.Cashtags = append(e.Cashtags, tagEntity{m.start, m.end, m.what})
		}
	}
	if e.URLs == nil && e.Mentions == nil && e.Hashtags == nil && e.Cashtags == nil {
		return nil
	}
	return e
}

// wireUser returns a user in the form that the request asks for. All accounts are as
// old as X's identifiers, have no followers, and are neither protected nor verified.
func (c *call) wireUser(a *account) wireUser {
	w := wireUser{ID: itoa(a.id), Name: a.name, Username: a.name}
	if c.asks("user.fields", "created_at") {
		w.CreatedAt = timeOf(0).Format(stamp)
	}
	if c.asks("user.fields", "protected") {
		w.Protected = new(bool)
	}
	if c.asks("user.fields", "verified") {
		w.Verified = new(bool)
	}
	if c.asks("user.fields", "public_metrics") {
		w.Metrics = map[string]int{
			c.dialect.posts: len(a.posts), "followers_count": 0, "following_count": 0, "listed_count": 0,
		}
	}
	return w
}

// show fills a page with posts, and with what they refer to, and bills both.
func (c *call) show(list []*status, class string) *page {
	p := &page{}
	in := &includer{call: c, page: p}
	for _, st := range list {
		p.Data = append(p.Data, c.wire(st))
		c.bill(class, st.id)
		in.take(st)
	}
	in.finish()
	return p
}

// includer collects what the expansions ask for.
type includer struct {
	*call
	page  *page
	users []*account
	posts []*status
	media []*medium
}

// take collects what one post refers to.
func (in *includer) take(st *status) {
	if in.expands("author_id") {
		in.user(st.author)
	}
	if in.expands("in_reply_to_user_id") {
		in.user(st.replyWho)
	}
	if in.expands("entities.mentions.username") {
		for _, p := range in.store.text(st) {
			if p.kind == mention {
				in.user(in.store.named(p.what))
			}
		}
	}
	if in.expands("attachments.media_keys") {
		for _, m := range st.media {
			if !slices.Contains(in.media, m) { // two posts may show one file
				in.media = append(in.media, m)
			}
		}
	}
	deep := in.expands(in.dialect.referenced + ".author_id")
	if !deep && !in.expands(in.dialect.referenced) {
		return
	}
	for _, id := range []uint64{st.repostOf, st.quoteOf, st.replyTo} {
		in.referenced(id, deep)
	}
}

// referenced includes a post; one that is gone is an error in the page.
func (in *includer) referenced(id uint64, deep bool) {
	if id == 0 {
		return
	}
	st := in.store.byID[id]
	if st == nil {
		in.page.Errors = append(in.page.Errors, in.noSuchPost(in.dialect.referenced, id))
		return
	}
	if !slices.Contains(in.posts, st) {
		in.posts = append(in.posts, st)
	}
	if deep {
		in.user(st.author)
	}
}

func (in *includer) user(a *account) {
	if a != nil && !slices.Contains(in.users, a) {
		in.users = append(in.users, a)
	}
}

// finish writes what was collected into the page. X does not say whether included
// resources are billed; here they are.
func (in *includer) finish() {
	out := &includes{}
	for _, a := range in.users {
		out.Users = append(out.Users, in.wireUser(a))
		in.bill(UserReads, a.id)
	}
	for _, st := range in.posts {
		in.bill(Reads, st.id)
		if in.dialect == posts {
			out.Posts = append(out.Posts, in.wire(st))
		} else {
			out.Tweets = append(out.Tweets, in.wire(st))
		}
	}
	for _, m := range in.media {
		out.Media = append(out.Media, in.wireMedia(m))
	}
	if in.users != nil || in.posts != nil || in.media != nil {
		in.page.Includes = out
	}
}
