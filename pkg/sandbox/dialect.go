package sandbox

import (
	"slices"
	"strings"
)

// dialect is one spelling of X's field names. OpenAPI 2.166 speaks of tweets,
// 2.167 of posts; nobody announced the change, and clients use both.
type dialect struct {
	version        string   // of the OpenAPI document
	fieldsParam    string   // tweet.fields or post.fields
	fields         []string // its values
	expansions     []string
	userFields     []string
	userExpansions []string
	references     string // the name of referenced_tweets as a field
	referenced     string // the name of the same as an expansion
	note           string
	reposts, posts string // counters of a post and of a user
}

// common are the fields that both spell alike.
var common = strings.Fields(`article attachments card_uri community_id context_annotations conversation_id created_at
	display_text_range edit_controls entities geo id lang matched_media_notes media_metadata non_public_metrics
	note_request_suggestions organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics
	reply_settings scopes source suggested_source_links suggested_source_links_with_counts text withheld`)

var commonExpansions = strings.Fields(`article.cover_media article.media_entities attachments.media_keys
	attachments.media_source_tweet attachments.poll_ids author_id entities.mentions.username geo.place_id
	in_reply_to_user_id`)

// tweets is the spelling of all of X's prose, and of most clients.
var tweets = &dialect{
	version:     "2.166",
	fieldsParam: "tweet.fields",
	fields: sorted(common, "author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "note_tweet",
		"referenced_tweets"),
	expansions: sorted(commonExpansions, "edit_history_tweet_ids", "entities.note.mentions.username",
		"referenced_tweets.id", "referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id"),
	userFields:     sorted(userFields, "affiliation", "most_recent_tweet_id", "pinned_tweet_id"),
	userExpansions: []string{"affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id"},
	references:     "referenced_tweets",
	referenced:     "referenced_tweets.id",
	note:           "note_tweet",
	reposts:        "retweet_count",
	posts:          "tweet_count",
}

// posts lacks author_id, in_reply_to_user_id and referenced_posts as fields, and affiliation as
// a field of users, just as X's document does: they come with the expansion of the same name.
var posts = &dialect{
	version:        "2.167",
	fieldsParam:    "post.fields",
	fields:         sorted(common, "article_title", "note_post"),
	expansions:     sorted(commonExpansions, "edit_history_post_ids", "referenced_posts", "username"),
	userFields:     userFields,
	userExpansions: []string{"affiliation", "most_recent_post_id", "pinned_post_id"},
	references:     "referenced_posts",
	referenced:     "referenced_posts",
	note:           "note_post",
	reposts:        "repost_count",
	posts:          "post_count",
}

// userFields are the fields of users that both have.
var userFields = strings.Fields(`confirmed_email connection_status created_at description entities id
	is_identity_verified location name parody profile_banner_url profile_image_url protected
	public_metrics receives_your_dm subscribes_to_you subscription subscription_type url username verified verified_followers_count verified_type withheld`)

var mediaFields = strings.Fields(`alt_text duration_ms height media_key non_public_metrics organic_metrics
	preview_image_url promoted_metrics public_metrics type url variants width`)

var (
	pollFields  = strings.Fields("duration_minutes end_datetime id options voting_status")
	placeFields = strings.Fields("contained_within country country_code full_name geo id name place_type")
)

func sorted(list []string, more ...string) []string {
	out := append(slices.Clone(list), more...)
	slices.Sort(out)
	return out
}

// chooseDialect takes the spelling that a request uses; if it uses neither,
// tweets stays.
func (c *call) chooseDialect() {
	if c.query.Has(posts.fieldsParam) || c.asks("expansions", "referenced_posts") ||
		c.asks("expansions", "edit_history_post_ids") {
		c.dialect = posts
	}
}

// asks reports whether a list in the query has a value.
func (c *call) asks(param, value string) bool {
	return slices.Contains(strings.Split(c.query.Get(param), ","), value)
}

// wants reports whether a field of posts was asked for.
func (c *call) wants(field string) bool { return c.asks(c.dialect.fieldsParam, field) }

// expands reports whether an expansion was asked for.
func (c *call) expands(what string) bool { return c.asks("expansions", what) }
