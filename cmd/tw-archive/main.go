// Tw-archive prints an account's posts, oldest first, or keeps a file of them up to date:
//
//	tw-archive user > user.jsonl
//	tw-archive --update corpus/user.jsonl user
//	tw-archive --export twitter-2026.zip > corpus/user.jsonl
//
// tw-archive --help is its manual; package horsepipe/pkg/network/timeline describes how an update
// survives a kill at any instant.
package main

import (
	"time"

	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool"
)

func main() { tool.Main(program(time.Now)) }

const manual = `ACCOUNT is written as its network writes it: user is X. (user@host, the Fediverse, and
name.example.org, Bluesky, are not supported yet.) Posts are printed oldest first, one JSON object a line: full text,
entities decoded, links expanded, reposts, replies and quotes marked.

--export reads an archive that X made for the account's owner ("Download an archive of your data"), as a ZIP or
unpacked, and nothing from the network; it takes no ACCOUNT, and neither --max-posts nor --dry-run. An archive is whole and
free, while X's API gives the newest 3,200 posts, for money. So is an archive of Mastodon ("Request your archive"), a
ZIP or .tar.gz, or the outbox.json in it: posts that are for followers or a few people only are left out.

--update FILE asks for what is newer than FILE's newest post and appends it. With nothing new that is one request, which
is not billed. A run that is stopped, even killed, leaves FILE sound and what it has paid for in FILE.partial; the next
run goes on from there. No two runs work on FILE at once: the second one leaves with 75.

Reading is billed: X's prices are built in with their date, and the last line says what was read and what it costs.
The posts that an account's posts answer, quote or repost come along; X does not say whether it bills them, and they
are counted at the price of any post. --max-posts bounds a run, --dry-run estimates it, without them. Other prices are
taken from a file (--prices) such as

    {"as_of": "2027-01-01", "post_read": 0.006, "own_post_read": 0.001, "user_read": 0.01}

--deny FILE names accounts whose posts nobody may keep, one a line: none of theirs is archived, and reposts of them
are left out; in an archive of Mastodon that is those of accounts on other servers. If one is the newest post, --update keeps its id, without a text, so that nobody pays for it again.

When X allows no more requests for now, the run ends with 75 and says when it will again, unless --wait lets it wait
that long. Servers that are down are asked again a few times.

Environment:
  TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN, TW_ACCESS_SECRET   OAuth 1.0a
  TW_BEARER_TOKEN   instead of these
  (each also as NAME_FILE, a file that holds it)
  TW_CREDENTIALS    a file that tw-auth wrote, or a folder of them (default: ~/.config/horsepipe)
  TW_API_BASE       another server than https://api.x.com
  TW_LEDGER         a file that gets a line at the end of each run that cost something

Examples:
  tw-archive user > user.jsonl
  tw-archive --update corpus/user.jsonl user       # the line for a crontab
  tw-archive --export twitter-2026.zip > corpus/user.jsonl
  tw-archive --export archive-2026.zip | mk-train > user.model       # of Mastodon
  tw-archive --dry-run user
  tw-archive --max-posts 200 user | mk-train > user.model
`

func program(now func() time.Time) tool.Program {
	return tool.Program{
		Name:    "tw-archive",
		Args:    "ACCOUNT",
		Summary: "print an account's posts, or keep a file of them up to date",
		Manual:  manual,
		Billed:  true,
		Run:     runAt(now),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "update", Aliases: []string{"u"}, Usage: "bring `FILE` up to date instead of printing"},
			&cli.StringSliceFlag{Name: "export", Usage: "read the downloaded archive at `PATH`, a ZIP or a folder"},
			&cli.IntFlag{Name: "max-posts", Usage: "read at most `N` posts, 5 or more, the newest, in this run"},
			&cli.BoolFlag{Name: "dry-run", Usage: "tell how many posts a run would read and what it would cost"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME` (such as 15m) for rate limits to end"},
			&cli.StringFlag{Name: "deny", Usage: "keep no posts of the accounts on the list in `FILE`, one a line; # begins a comment"},
			&cli.BoolFlag{Name: "raw", Usage: "keep the network's own object in the field raw"},
			&cli.StringFlag{Name: "as", Usage: "use the credentials of `ACCOUNT`"},
			&cli.StringFlag{Name: "prices", Usage: "take prices from `FILE`"},
			&cli.StringFlag{Name: "api", Value: "v2", Usage: "speak this version of the API, `v2|v1`: v1 only with servers that still have it"},
			&cli.StringFlag{Name: "fields", Usage: "call X's fields `tweet|post`; otherwise tw-archive finds out which"},
		},
	}
}
