package x

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// MentionLimits are those of the list of posts that name an account; for the source see [Limits].
var MentionLimits = network.Limits{Page: 100, MinPage: 5, Cap: 800}

// Mentions returns a page of the posts by others that name the user of the query, with the fields of a
// [network.Mention]. X tells the authors' names for the price of a look-up each; in a spelling without
// expansions the author is a number.
func (c *Client) Mentions(ctx context.Context, q network.Query) (network.Page, error) {
	return c.page(ctx, q, mentionsOf(q.User))
}

func mentionsOf(u network.User) listing {
	return listing{op: "mentions of @" + cmp.Or(u.Name, u.ID), path: "mentions", ask: askMentions, record: mentioning}
}

func askMentions(s spelling) url.Values {
	if s.expansions == "" {
		return s.values(",conversation_id", "")
	}
	v := s.values(",conversation_id", "author_id") // the posts that a mention refers to are not worth their price
	v.Set("user.fields", s.users)
	return v
}

// account is what X tells of the author of a mention.
type account struct {
	ID, Username string
	Description  string // the bio
	Affiliation  struct {
		Description string // the badge: "Automated by …"
	}
}

// disclosures are how bios say that an account is a bot's, as X's rules demand. They are phrases, since
// "I love bots" and "not a bot" are by people.
var disclosures = text.NewWordList([]string{"automated account", "automated by", "bot account", "bot by", "bot made by", "bot run by", "a bot that",
	"i am a bot", "i'm a bot", "this is a bot", "ebooks bot", "markov bot", "twitter bot", "#bot", "compte automatisé", "je suis un bot",
	"ich bin ein bot", "automatisierter account", "cuenta automatizada", "soy un bot", "conta automatizada", "sou um bot"})

// automated reports whether X's badge or the account itself says that it is a bot. API v2 has no
// field for that.
func (a *account) automated() bool {
	return strings.HasPrefix(text.Fold(a.Affiliation.Description), "automated") || disclosures.Has(a.Description)
}

// mentioning returns what an answer needs of a mention.
func mentioning(p *post.Post, object json.RawMessage, w *wire) *post.Post {
	var more struct {
		Author       string `json:"author_id"`
		Conversation string `json:"conversation_id"`
		Replied      string `json:"in_reply_to_user_id"`

		TweetVersions []string `json:"edit_history_tweet_ids"` // X gives one of the two unasked
		PostVersions  []string `json:"edit_history_post_ids"`
	}
	_ = json.Unmarshal(object, &more) // a field of another type counts as absent
	author := w.users[more.Author]
	record := tidy(p, network.User{ID: more.Author, Name: cmp.Or(author.Username, more.Author)})
	m := network.Mention{AuthorID: more.Author, Conversation: more.Conversation, RepliedID: more.Replied,
		Named: named(p.Text, object), Automated: author.automated()}
	if v := append(more.TweetVersions, more.PostVersions...); len(v) > 1 && !slices.Contains(v, "") {
		m.Versions = v
	}
	m.Set(record)
	return record
}

// named returns all whom a post names, each once. If X marks no names in the post, it takes every
// @name of the text, without a number; otherwise an @name that X does not mark is nobody's.
func named(shown string, object json.RawMessage) (all []network.Named) {
	type entities struct {
		Entities struct {
			Mentions []struct{ ID, Username string }
		}
	}
	var o struct {
		entities
		Tweet entities `json:"note_tweet"`
		Post  entities `json:"note_post"`
	}
	_ = json.Unmarshal(object, &o)
	for _, m := range slices.Concat(o.Entities.Mentions, o.Tweet.Entities.Mentions, o.Post.Entities.Mentions) {
		if n := (network.Named{ID: m.ID, Name: m.Username}); !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, name := range found(mention, shown) {
		all = append(all, network.Named{Name: strings.TrimLeft(name, "@＠")})
	}
	return all
}
