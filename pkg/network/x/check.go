package x

import (
	"fmt"
	"regexp"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Allow lifts those gates of [Check] that a person may have reasons to lift.
type Allow struct {
	Mentions bool // names of other accounts, which a post calls
	Links    bool // links, and words that X takes for links
	Cashtags bool // more than one $CASH
}

var (
	mention = regexp.MustCompile(`(?:^|[^A-Za-z0-9_]|(?:^|[^A-Za-z0-9_+~.-])[Rr][Tt])([@＠][A-Za-z0-9_]+)`) // X calls bob by RT@bob, too
	cashtag = regexp.MustCompile(`(?:^|[^A-Za-z0-9_$])(\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)\b`)
)

// unsendable are the characters for which X refuses a post (twitter-text, conformance/validate.yml).
const unsendable = "\ufeff\ufffe\uffff"

// Check is the gate before X. It refuses a draft that X would refuse, that would call people, or that
// would cost more than an ordinary post, and names the flag that lets it through: its errors are of kind
// [network.TooLong] or [network.Policy]. It never cuts a text that is too long. An answer may begin with
// the name of the account that it answers; if the draft says which that is ([network.Answer]), with no
// other. Check also looks at the draft's media, see [Media].
func Check(draft *post.Post, allow Allow, prices Prices) error {
	weight := text.Weigh(draft.Text)
	files, err := Media(draft)
	if err != nil {
		return err
	}
	switch {
	case draft.ID != "":
		return refuse("it has an id: a post that exists already, not a draft")
	case draft.Repost || draft.RepostOf != "":
		return refuse("a repost is no draft")
	case strings.TrimSpace(draft.Text) == "" && len(files) == 0:
		return refuse("the text is empty")
	case strings.ContainsAny(draft.Text, unsendable):
		return refuse("the text has a character that X refuses: U+FEFF, U+FFFE or U+FFFF")
	case weight > text.MaxWeight:
		return &network.Error{Kind: network.TooLong, Detail: fmt.Sprintf("%d of at most %d", weight, text.MaxWeight)}
	}
	if names := others(draft); len(names) > 0 && !allow.Mentions {
		return refuse("it calls %s; --allow-mentions lets it through", list(names))
	}
	if tags := found(cashtag, draft.Text); len(tags) > 1 && !allow.Cashtags {
		return refuse("X takes one cashtag a post, not %s; --allow-cashtags lets them through", list(tags))
	}
	if urls := links(draft.Text); len(urls) > 0 && !allow.Links {
		return refuse("X takes %s for a link, and charges $%.3f instead of $%.3f for the post; --allow-links lets it through",
			list(urls), prices.PostWithLink, prices.Post)
	}
	return nil
}

func refuse(format string, a ...any) error {
	return &network.Error{Kind: network.Policy, Detail: fmt.Sprintf(format, a...)}
}

// others returns the names in a draft, without that of the account that it answers at its head.
func others(draft *post.Post) []string {
	names := found(mention, draft.Text)
	if draft.ReplyTo == "" || len(names) == 0 || !strings.HasPrefix(draft.Text, names[0]) {
		return names
	}
	answer, known, _ := network.AnswerOf(draft) // an answer that cannot be read is refused when it is sent
	if known && !strings.EqualFold(answer.To, strings.TrimLeft(names[0], "@＠")) {
		return names
	}
	return names[1:]
}

func found(pattern *regexp.Regexp, s string) (all []string) {
	for _, m := range pattern.FindAllStringSubmatch(s, -1) {
		all = append(all, m[1])
	}
	return all
}

// links returns the parts of a text that X turns into links, including bare domains.
func links(s string) (found []string) {
	for _, span := range text.Links(s) {
		found = append(found, s[span.Start:span.End])
	}
	return found
}

// list formats words for a message: “a”, “b”.
func list(words []string) string { return "“" + strings.Join(words, "”, “") + "”" }
