// Tw-post posts drafts, each once, and prints a receipt for each:
//
//	mk-gen user.model | tw-post --log log/bot.jsonl
//
// tw-post --help is its manual; package horsepipe/pkg/outbox explains why nothing is posted twice.
package main

import (
	_ "embed"
	"time"
	_ "time/tzdata" // for --time-zone on machines without zone data

	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool"
)

func main() { tool.Main(program(time.Now)) }

//go:embed manual.txt
var manual string

func program(now func() time.Time) tool.Program {
	return tool.Program{
		Name:    "tw-post",
		Args:    "[FILE...]",
		Summary: "post drafts, each once",
		Manual:  manual,
		Billed:  true,
		Run:     runAt(now),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "log", Usage: "keep a log of receipts in `FILE`, and post nothing that is in it"},
			&cli.BoolFlag{Name: "dry-run", Usage: "print what would be sent, and send nothing"},
			&cli.BoolFlag{Name: "strict", Usage: "stop at the first draft that is refused and the first line that is no record"},
			&cli.BoolFlag{Name: "plain", Usage: "each line is the text of a draft"},
			&cli.BoolFlag{Name: "thread", Usage: "each draft answers the one before it; post all of them or, if one is refused, none"},
			&cli.IntFlag{Name: "trim", Usage: "post nothing; take out of --log what is older than `DAYS` and of no use, and print it"},
			&cli.IntFlag{Name: "take", Usage: "take the first `N` drafts out of FILE, a queue, and post them"},

			&cli.BoolFlag{Name: "allow-mentions", Usage: "post drafts that name people"},
			&cli.BoolFlag{Name: "allow-links", Usage: "post drafts with links, at the price of these"},
			&cli.BoolFlag{Name: "allow-cashtags", Usage: "post drafts with more than one cashtag"},
			&cli.StringSliceFlag{Name: "reject", Usage: "never say the words and phrases in `FILE`, one a line; # and a space begin a comment"},
			&cli.StringFlag{Name: "deny", Usage: "leave alone the accounts in `FILE`, one a line; # begins a comment"},
			&cli.IntFlag{Name: "near", Value: 500, Usage: "post nothing equal or nearly equal to one of the last `N` posts; 0 posts it all the same"},
			&cli.IntFlag{Name: "max", Usage: "post no more than `N` in this run"},
			&cli.IntFlag{Name: "per-day", Usage: "post no more than `N` in a day of --time-zone, answers included, by the log"},

			&cli.StringFlag{Name: "odds", Usage: "post only in `1/8` of all runs, at random"},
			&cli.StringFlag{Name: "delay", Usage: "wait a random time, such as `0-25m`, before posting"},
			&cli.StringFlag{Name: "quiet-hours", Usage: "do not post in these `HOURS`, such as 23-7 or 22:30-6:45"},
			&cli.StringFlag{Name: "time-zone", Value: "Local", Usage: "count hours and days as in `ZONE`, such as Europe/Paris or UTC; Local is the machine's own"},
			&cli.Uint64Flag{Name: "seed", DefaultText: "random", Usage: "draw odds and delay by `NUMBER`: the same one draws the same"},

			&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME` (such as 15m) for another run to end, and for rate limits to"},
			&cli.DurationFlag{Name: "look-again", Value: 10 * time.Second,
				Usage: "look a second time after `TIME` for a post whose answer was lost"},
			&cli.DurationFlag{Name: "timeout", Value: time.Minute, Usage: "give up a request after `TIME`"},
			&cli.StringFlag{Name: "as", Usage: "post as `ACCOUNT`, whose credentials tw-auth keeps"},
			&cli.StringFlag{Name: "prices", Usage: "take prices from `FILE`"},
			&cli.StringFlag{Name: "api", Value: "v2", Usage: "speak this version of the API, `v2|v1`: v1 only with servers that still have it"},
		},
	}
}
