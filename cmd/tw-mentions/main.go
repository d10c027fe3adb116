// Tw-mentions prints the posts that name a bot and that it may answer, oldest first:
//
//	tw-mentions --log log/bot.jsonl | mk-gen --reply user.model | tw-post --log log/bot.jsonl
//
// tw-mentions --help is its manual; package horsepipe/pkg/manners tells who is answered, how often, and what a stop is.
package main

import (
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"horsepipe/pkg/manners"
	"horsepipe/pkg/tool"
)

func main() { tool.Main(program(time.Now)) }

const manual = `Asks X for the posts that name the account whose keys it has, and prints those that may be answered, oldest first, one
JSON object a line. "answer" in each says what an answer has to carry: who it is for, in which conversation, and the numbers of all others
whom the post names (exclude_reply_user_ids), since X would call them, too. mk-gen --reply and tw-post hand that on.

--log FILE is the log of tw-post, and all that is remembered. What was answered, or is being answered, is left out, and X is asked for
nothing older than the newest of it. Without a log every mention of the last --max-age is new.

Left alone are: the bot itself; posts that do not address it, since X lets nobody answer these; people who said stop; accounts on the
list of --deny; other bots, by X's badge or their bio, by their names (--bot-name) or by how their posts come: like clockwork, or at once
after each answer; and what is over a budget: --per-person a day, --per-thread ever, --per-hour in all. Who is over that of the hour
waits. --verbose says it of each.

A post that says "stop", and no more than that and politeness in one of its sentences, is obeyed for good, in twenty-odd
languages; --stop-words FILE has more phrases, one a line. tw-mentions writes a line with "log": "stop" to the log, and tells nobody. To take
it back, take the line out.

Reading is billed: each mention and the name of each author. The last line says what was read and what it costs. X takes money for the same
thing once a day (UTC), however often it is read. --max-posts bounds a run; what is older than these posts is then never answered.

Environment:
  TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN, TW_ACCESS_SECRET   OAuth 1.0a
  (each also as NAME_FILE, a file that holds it)
  TW_CREDENTIALS    a file that tw-auth wrote, or a folder of them (default: ~/.config/horsepipe)
  TW_API_BASE       another server than https://api.x.com

Examples:
  tw-mentions --log log/bot.jsonl | mk-gen --reply user.model | tw-post --log log/bot.jsonl
  scripts/answer.sh user.model log/bot.jsonl            # the same for a crontab
  tw-mentions --log log/bot.jsonl --verbose > /dev/null # who is left alone, and why
  tw-mentions --since 2026-11-01 --max-age 30d | jq -r .text
`

func program(now func() time.Time) tool.Program {
	rules := manners.Defaults()
	return tool.Program{
		Name:    "tw-mentions",
		Summary: "print the posts that name a bot and that it may answer",
		Manual:  manual,
		Run:     run(now),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "log", Usage: "leave out what was answered according to `FILE`, the log of tw-post"},
			&cli.StringFlag{Name: "since", Usage: "ask for what is newer than `ID`, a post's, or a time such as 2026-11-22 or 2026-11-22T08:00:00Z"},
			&cli.StringFlag{Name: "max-age", Value: "2d", Usage: "answer nothing that is older than `TIME`, such as 90m, 12h or 2d"},
			&cli.IntFlag{Name: "max-posts", Usage: "read at most `N` mentions, the newest; X gives no more than 800"},
			&cli.IntFlag{Name: "per-person", Value: rules.PerPerson, Usage: "give a person at most `N` answers in 24 hours"},
			&cli.IntFlag{Name: "per-thread", Value: rules.PerThread, Usage: "end a conversation after `N` answers"},
			&cli.IntFlag{Name: "per-hour", Value: rules.PerHour, Usage: "give at most `N` answers in an hour"},
			&cli.StringSliceFlag{Name: "bot-name",
				Usage: "take an account for a bot whose name is like `PATTERN`; several may be given, instead of " + strings.Join(rules.BotNames, " ")},
			&cli.StringSliceFlag{Name: "stop-words", Usage: "obey the phrases of `FILE` as well, one a line"},
			&cli.StringFlag{Name: "deny", Usage: "answer nobody on the list in `FILE`, one account a line"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to `TIME` (such as 15m) for rate limits to end"},
			&cli.StringFlag{Name: "as", Usage: "use the credentials of `ACCOUNT`"},
			&cli.StringFlag{Name: "prices", Usage: "take prices from `FILE`"},
			&cli.StringFlag{Name: "fields", Usage: "call X's fields tweet or post, as `WORD`; by itself tw-mentions finds out"},
		},
	}
}
