// Tw-post posts drafts and prints a receipt for each:
//
//	mk-gen user.model | tw-post >> log/bot.jsonl
//
// tw-post --help is its manual; package horsepipe/pkg/network/x tells what is sent again, and what never is.
package main

import (
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool"
)

func main() { tool.Main(program()) }

const manual = `Reads drafts, JSON Lines with at least a text each, from files or standard input, posts one after the
other, and prints a receipt for each at once: the draft with id, url, created_at, network and author filled in,
and its other fields as they were. A draft with reply_to answers that post; one with quote_of quotes it.

Nothing is sent that X would refuse, that would call people or that would cost more than a post: each draft is
checked for its length (280 as X counts: an emoji or a Japanese letter is 2, a link 23; it is never cut), for @names of
people who are not being answered, for links and what X takes for one ("the end.So": thirteen times the price), and for
more than one $CASHTAG. A refusal names the draft's line and what lets it through.

A draft that is refused does not stop the others, unless --strict is given; the exit code is then 4. What
would stop the next draft as well ends the run: wrong keys and no credit with 4, a limit, a server that is down and an
unknown outcome with 75. A post whose answer was lost may be there: look before posting it again.

A line that is no record is named and skipped, and makes the exit code 3.

--dry-run asks nobody and posts nothing: it prints the drafts that would be sent, each with its weighted_length.

Environment:
  TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN, TW_ACCESS_SECRET   OAuth 1.0a
  (each also as NAME_FILE, a file that holds it)
  TW_CREDENTIALS    a file that tw-auth wrote, or a folder of them (default: ~/.config/horsepipe)
  TW_API_BASE       another server than https://api.x.com

Examples:
  mk-gen user.model | tw-post
  echo '{"text":"Hello, world"}' | tw-post --as my_ebooks
  mk-gen -n 20 user.model | vipe | tw-post --dry-run
`

func program() tool.Program {
	return tool.Program{
		Name:    "tw-post",
		Args:    "[FILE...]",
		Summary: "post drafts",
		Manual:  manual,
		Run:     run,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "dry-run", Usage: "print what would be sent, and send nothing"},
			&cli.BoolFlag{Name: "strict", Usage: "stop at the first draft that is refused and the first line that is no record"},
			&cli.BoolFlag{Name: "plain", Usage: "each line is the text of a draft"},
			&cli.BoolFlag{Name: "allow-mentions", Usage: "post drafts that name people"},
			&cli.BoolFlag{Name: "allow-links", Usage: "post drafts with links, at the price of these"},
			&cli.BoolFlag{Name: "allow-cashtags", Usage: "post drafts with more than one cashtag"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME` (such as 15m) for rate limits to end"},
			&cli.StringFlag{Name: "as", Usage: "post as `ACCOUNT`, whose credentials tw-auth keeps"},
			&cli.StringFlag{Name: "prices", Usage: "take prices from `FILE`"},
			&cli.StringFlag{Name: "api", Value: "v2", Usage: "speak API `VERSION`: v2, or v1 with servers that still have it"},
		},
	}
}
