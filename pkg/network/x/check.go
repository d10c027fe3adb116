package x

import (
	"fmt"
	"regexp"
	"strings"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Allow lifts gates of [Check] that a person can have reasons to lift.
type Allow struct {
	Mentions bool // names of others, whom they call
	Links    bool // links and words that X takes for one
	Cashtags bool // more than one $CASH
}

var (
	mention = regexp.MustCompile(`(?:^|[^A-Za-z0-9_]|(?:^|[^A-Za-z0-9_+~.-])[Rr][Tt])([@＠][A-Za-z0-9_]+)`) // X calls bob by RT@bob, too
	cashtag = regexp.MustCompile(`(?:^|[^A-Za-z0-9_$])(\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)\b`)
)

// Check is the gate before X: it refuses a draft that X would refuse, that would call people, or
// that would cost more than a post does, and names the flag that lets it through. A text that is
// too long is never cut. An answer may begin with the name of the one whom it answers, if the draft says who that is ([network.Answer]) with that one alone. The draft's media are looked at, see [Media].
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

// others are the names in a draft, without that of whom it answers at its head.
func others(draft *post.Post) []string {
	names := found(mention, draft.Text)
	if draft.ReplyTo == "" || len(names) == 0 || !strings.HasPrefix(draft.Text, names[0]) {
		return names
	}
	answer, known, _ := network.AnswerOf(draft) // one that cannot be read is refused when it is sent
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

// links are the parts of a text of which X makes a link, bare domains included.
func links(s string) (found []string) {
	for _, span := range text.Links(s) {
		found = append(found, s[span.Start:span.End])
	}
	return found
}

// list is for a message: “a”, “b”.
func list(words []string) string { return "“" + strings.Join(words, "”, “") + "”" }
