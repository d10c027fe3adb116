// Tw-mentions prints the posts that name a bot and that it may answer, oldest first:
//
//	tw-mentions --log log/bot.jsonl | mk-gen --reply user.model | tw-post --log log/bot.jsonl
//
// tw-mentions --help is its manual; package horsepipe/pkg/manners describes who is answered, how often,
// and what a stop is.
package main

import (
	_ "embed"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"horsepipe/pkg/manners"
	"horsepipe/pkg/tool"
)

func main() { tool.Main(program(time.Now)) }

//go:embed manual.txt
var manual string

func program(now func() time.Time) tool.Program {
	rules := manners.Defaults()
	return tool.Program{
		Name:    "tw-mentions",
		Summary: "print the posts that name a bot and that it may answer",
		Manual:  manual,
		Billed:  true,
		Run:     run(now),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "log", Usage: "leave out what was answered according to `FILE`, the log of tw-post"},
			&cli.StringFlag{Name: "since", Usage: "ask for what is newer than `ID`, a post's, or a time such as 2026-11-22 or 2026-11-22T08:00:00Z"},
			&cli.StringFlag{Name: "max-age", Value: "2d", Usage: "answer nothing that is older than `TIME`, such as 90m, 12h or 2d"},
			&cli.IntFlag{Name: "max-posts", Usage: "read at most `N` mentions, 5 or more, the newest; X gives no more than 800"},
			&cli.IntFlag{Name: "per-person", Value: rules.PerPerson, Usage: "give a person at most `N` answers in 24 hours"},
			&cli.IntFlag{Name: "per-thread", Value: rules.PerThread, Usage: "end a conversation after `N` answers"},
			&cli.IntFlag{Name: "per-hour", Value: rules.PerHour, Usage: "give at most `N` answers in an hour"},
			&cli.StringSliceFlag{Name: "bot-name",
				Usage: "take an account for a bot whose name is like `PATTERN`; several may be given, instead of " + strings.Join(rules.BotNames, " ")},
			&cli.StringSliceFlag{Name: "stop-words", Usage: "obey the phrases of `FILE` as well, one a line; # and a space begin a comment"},
			&cli.StringFlag{Name: "deny", Usage: "answer nobody on the list in `FILE`, one account a line; # begins a comment"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME` (such as 15m) for rate limits to end"},
			&cli.StringFlag{Name: "as", Usage: "use the credentials of `ACCOUNT`"},
			&cli.StringFlag{Name: "prices", Usage: "take prices from `FILE`"},
			&cli.StringFlag{Name: "fields", Usage: "call X's fields `tweet|post`; otherwise tw-mentions finds out which"},
		},
	}
}
