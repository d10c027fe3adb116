// Mk-gen writes drafts in the voice of a model:
//
//	mk-gen user.model
//	mk-gen -n 20 user.model | tw-post --dry-run
//	mk-gen a.model:2 b.model
//
// mk-gen --help is its manual; package horsepipe/pkg/markov describes the walk.
package main

import (
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/tool"
)

func main() { tool.Main(program()) }

const manual = `Writes drafts, JSON Lines with a text each, in the voice of one or several models, which mk-train makes. The
MODEL - is read from standard input. With several models, MODEL:WEIGHT makes each word of that one count WEIGHT times.

A draft is a walk over the posts that were learned from. It obeys every constraint below by
construction: none is cut, none is over the limit, none has a run of more than --max-copy
words in common with any post, or is a part of one, or leaves a quote or bracket open. There is no
@mention, no link or accidental domain and no cashtag in it unless asked for: they call
people and cost money.

A word is what stands between white space; each character of Chinese, Japanese and Korean is one, and so is in Thai, Lao, Khmer and
Burmese a consonant with its vowels and tones: --order 4 --max-copy 12 breaks fewer words up there. To --max-copy, words
with other capitals are other words.

--start, --contain and --end take words of the posts; if no post has one as it is given, it is looked for with other
capitals. Whatever of them closes a bracket has to open it, too. --reject finds words and phrases in any case, beside
signs, anywhere in a hashtag, and in Chinese, Japanese and Korean inside longer words, but for a
single character of Korean or katakana. A draft is nearly equal to a post of --not-in if at least half of the pairs of
neighbouring words that either has are in both, where the beginning and the end count as words, and marks do not.

A draft takes some post of the account as its aim, and is steered to be as surprising as that one: where it is more so, the
commoner of two words comes next; where it is much less so, the rarer. Brackets and quotes are opened and closed as the posts do it.

The field "made" of a draft says how it was made: by which models, seed and options. --replay makes it again, from the
same models with the same weights; if another text comes out, that is told, and the exit code is 3.

With --reply each draft answers a mention, in their order: it grows to both sides from a name that the mention
and the posts share, or else from the rarest word; if they share none it is a draft like any other. X puts the names of
those who are answered before the text, and does not count them.

If no draft satisfies the constraints, mk-gen says how often each of them was in the way, names
the option that would help, and fails.

Examples:
  mk-gen user.model
  mk-gen -n 20 --seed 1 user.model
  mk-train posts.jsonl | mk-gen -
  mk-gen --contain coffee --limit 140 user.model
  mk-gen --not-in log/bot.jsonl --reject words.txt user.model | tw-post --log log/bot.jsonl
  mk-gen --trace user.model | jq .made.runs
  tw-mentions --log log/bot.jsonl | mk-gen --reply user.model | tw-post --log log/bot.jsonl
`

func program() tool.Program {
	d := markov.Defaults()
	return tool.Program{
		Name:    "mk-gen",
		Args:    "MODEL[:WEIGHT]...",
		Summary: "write drafts in the voice of a model",
		Manual:  manual,
		Run:     run,
		Flags: []cli.Flag{
			&cli.Uint64Flag{Name: "n", Value: 1, Usage: "write `N` drafts, no two of them the same as long as the posts allow that many"},
			&cli.Uint64Flag{Name: "seed", Usage: "draw by `NUMBER`: the same one, with the same options and models, makes the same drafts", DefaultText: "random"},
			&cli.IntFlag{Name: "order", Value: d.Order, Usage: "let at most `N` words or marks, 1 to 31, decide what follows them: 1 is wilder, 4 closer to the posts"},
			&cli.IntFlag{Name: "max-copy", Value: d.MaxCopy, Usage: "have at most `N` words, 1 to 30, in a row in common with a post"},
			&cli.IntFlag{Name: "limit", Value: d.Limit, Usage: "make no draft longer than `N`, as --count counts"},
			&cli.StringFlag{Name: "count", Value: "x", Usage: "count lengths in `x|chars|graphemes`: x is X's way, by which an emoji or a Japanese letter is 2"},
			&cli.IntFlag{Name: "min-words", Value: d.MinWords, Usage: "make no draft of fewer than `N` words"},
			&cli.IntFlag{Name: "best-of", Value: d.BestOf, Usage: "choose each draft from `N` candidates: the one that is nearest to its aim"},
			&cli.Float64Flag{Name: "weirdness", Usage: "make drafts that are wilder than the account (0.5) or duller (-0.5), by `NUMBER`"},
			&cli.StringFlag{Name: "halflife", Usage: "let posts that are `AGE` (such as 180d, 26w or 2y) older than the newest count half"},
			&cli.StringFlag{Name: "start", Usage: "begin with `WORDS`"},
			&cli.StringFlag{Name: "contain", Usage: "contain `WORDS`"},
			&cli.StringFlag{Name: "end", Usage: "end with `WORDS`"},
			&cli.StringSliceFlag{Name: "reject", Usage: "never say the words and phrases in `FILE`, one a line; # and a space begin a comment"},
			&cli.StringSliceFlag{Name: "not-in", Usage: "say nothing equal or nearly equal to a post in `FILE`, such as the log of tw-post"},
			&cli.BoolFlag{Name: "mentions", Usage: "let @names through"},
			&cli.BoolFlag{Name: "links", Usage: "let links and domains through"},
			&cli.BoolFlag{Name: "cashtags", Usage: "let $TAGs through"},
			&cli.BoolFlag{Name: "trace", Usage: "tell in each draft which posts its runs of words come from"},
			&cli.BoolFlag{Name: "reply", Usage: "read mentions on standard input, and write an answer to each"},
			&cli.StringFlag{Name: "replay", Usage: "make the drafts in `FILE` again, and tell which come out differently; goes with --reject and --trace only"},
		},
	}
}
