// Mk-info tells what is in a model:
//
//	mk-info user.model
//	mk-info --check user.model
//	mk-info --dump user.model | jq -r .text
//	mk-info --forget ids.txt user.model -o user.model
//
// mk-info --help is its manual.
package main

import (
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool"
)

func main() { tool.Main(program()) }

const manual = `Tells how many posts, tokens (words, marks and emoji, all of them counted) and different words a model has, from when
the posts are, how it was made, its checksum and the sizes of its parts. "choice" is the share of contexts (words in a
row: of 1, of 2 and so on) after which more than one word may follow. "marks" are the words that mark this voice: the
frequent ones that come and go, while words like "the" or "und" are always there. No list of such words is needed, in
any language. The MODEL - is read from standard input.

--check reads everything and compares every part with every other.

--dump turns the model back into posts.

--forget makes a model without some posts, named by their ids, one a line. No word of them is in the new file,
unless other posts have it too. Of reposts, and of posts learned without their end, a model also has hashes,
which keep drafts from copying them. They stay: only mk-train --without leaves them out.

Examples:
  mk-info user.model
  mk-info --json user.model | jq .choice
  mk-info --check user.model && echo sound
  mk-info --dump user.model | grep -c coffee
  echo 1234567890 | mk-info --forget - user.model -o user.model
`

func program() tool.Program {
	return tool.Program{
		Name:    "mk-info",
		Args:    "MODEL",
		Summary: "tell what is in a model",
		Manual:  manual,
		Run:     run,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "facts as one JSON object"},
			&cli.BoolFlag{Name: "check", Usage: "check every byte"},
			&cli.BoolFlag{Name: "dump", Usage: "write the posts, JSON Lines"},
			&cli.StringFlag{Name: "forget", Usage: "make a model without the posts whose ids are in `FILE`, one a line; # and a space begin a comment"},
			&cli.StringFlag{Name: "o", Aliases: []string{"output"}, Value: "-", DefaultText: "standard output", Usage: "with --forget: write the model to `FILE`, whole or not at all"},
		},
	}
}
