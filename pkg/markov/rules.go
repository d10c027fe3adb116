package markov

import (
	"cmp"
	"fmt"
	"strings"
)

// A Rule is a reason why something was refused on the way to a draft.
type Rule uint8

// The rules, in the order in which a tally lists them.
const (
	allowed    Rule = iota
	Mention         // an @name: it would call a person
	Link            // a link, or a domain that the network takes for one: it costs money
	Cashtag         // a $TAG: X allows one per post
	Listed          // a word of the list of words never to say
	Copied          // a run in common with a post, longer than --max-copy
	Whole           // a post of the corpus, or a part of one
	TooLong         // beyond the limit, with no place to end before it
	TooShort        // an end before --min-words
	Unbalanced      // a quote or bracket without its partner
	Said            // equal or nearly equal to something said before
	Impure          // text that reads otherwise than it was made: an entity, or tokens that join into another word
	Stuck           // no token may follow
	Absent          // a wanted word that does not stand in the corpus, or a draft without a wanted text
	ruleCount
)

var ruleNames = [ruleCount]string{"allowed", "mention", "link", "cashtag", "listed word", "copied run", "whole post", "too long", "too short",
	"unbalanced", "said before", "impure", "dead end", "absent word"}

// hints name the flag that helps if a rule refused most.
var hints = [ruleCount]string{
	Mention:    "--mentions lets @names through",
	Link:       "--links lets links through",
	Cashtag:    "--cashtags lets $TAGs through",
	Listed:     "the list given with --reject refuses nearly everything",
	Copied:     "a higher --max-copy lets longer runs of the corpus through; a larger corpus leaves more choice",
	Whole:      "a larger corpus leaves more choice; so does a lower --order",
	TooLong:    "a higher --limit lets longer posts through",
	TooShort:   "a lower --min-words lets shorter posts through",
	Unbalanced: "the corpus leaves many quotes or brackets open, or has them right before what is wanted; a wanted text that closes one has to open it, too",
	Said:       "nearly everything was said before: a larger corpus, a lower --order or a shorter --not-in file would help",
	Impure:     "what may come next would read otherwise than in the posts: a larger corpus or other wanted words leave more choice",
	Stuck:      "a lower --order or a larger corpus leaves more choice",
	Absent:     "ask for words as the corpus writes them, but for capitals; the fewer, the easier they are found together",
}

// String names the drafts that a rule refuses, for a message: "too long".
func (r Rule) String() string { return ruleNames[r] }

// Hint returns what helps against the rule: a flag and what it does, or what the posts or the wanted
// texts lack.
func (r Rule) Hint() string { return hints[r] }

// A Tally counts what was refused, by rule.
type Tally [ruleCount]int

// Worst returns the rule that refused most, or 0 if nothing was refused.
func (t *Tally) Worst() Rule {
	worst := allowed
	for r := allowed + 1; r < ruleCount; r++ {
		if t[r] > t[worst] {
			worst = r
		}
	}
	return worst
}

// String lists the counts of the rules that refused something.
func (t *Tally) String() string {
	var list []string
	for r := allowed + 1; r < ruleCount; r++ {
		if t[r] > 0 {
			list = append(list, fmt.Sprintf("%d %s", t[r], r))
		}
	}
	return cmp.Or(strings.Join(list, ", "), "nothing refused")
}
