// Tw-auth logs an account in and keeps its keys, or tells what is wrong with them:
//
//	tw-auth
//	tw-auth --check
//
// tw-auth --help is its manual; package horsepipe/pkg/credential describes the files.
package main

import (
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/tool"
)

func main() { tool.Main(program()) }

const manual = `Logs an account in, and writes its keys to a file of mode 0600 that the other programs find by themselves:
x-ACCOUNT.json in TW_CREDENTIALS, else in ~/.config/horsepipe. Where there are several accounts, --as ACCOUNT
chooses one.

By default it uses OAuth 1.0a, whose keys do not expire: best for cron. It takes the app's keys from TW_CONSUMER_KEY and TW_CONSUMER_SECRET, and
prints the address of a page. Open that, logged in as the bot, and allow the app: you are shown a number, which you type in here.

--pkce uses OAuth 2.0. The browser is led back to an address on this machine, which must be in the app's settings as a callback,
exactly as it is here. On a machine without a browser --paste asks for the address that the browser, elsewhere, was led to, and
could not open. The programs renew the token when it expires, each time in the same file: never copy the file to a second machine.

--check asks X whose keys they are and what these may do, and says what is wrong with them and where to click. X bills that as
one user read. Its answer is one JSON object.

What the app needs, in console.x.com: Read and Write under User authentication settings, before the account is logged in, since a
token keeps the permission that the app had; a callback address, even for the PIN; its keys, under Keys and tokens. The owner of an
app can make the keys of their own account there, and then needs no login.

Environment:
  TW_CONSUMER_KEY, TW_CONSUMER_SECRET   the app, for OAuth 1.0a
  TW_CLIENT_ID, TW_CLIENT_SECRET        the app, for OAuth 2.0; a public client has no secret
  (each also as NAME_FILE, a file that holds it)
  TW_CREDENTIALS    the folder, or the one file, of the keys
  TW_API_BASE       another server than https://api.x.com
  TW_LEDGER         a file that gets a line at the end of each run that cost something

Examples:
  tw-auth
  tw-auth --pkce --redirect http://127.0.0.1:8723/callback
  tw-auth --check
  tw-auth --check --as my_ebooks
`

func program() tool.Program {
	return tool.Program{
		Name:    "tw-auth",
		Summary: "log an account in, or check its keys",
		Manual:  manual,
		Billed:  true,
		Run:     run,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "say whose the keys are and what they may do"},
			&cli.BoolFlag{Name: "pkce", Usage: "log in with OAuth 2.0"},
			&cli.BoolFlag{Name: "paste", Usage: "with --pkce: ask for the address that the browser was led to"},
			&cli.StringFlag{Name: "redirect", Value: "http://127.0.0.1:8723/callback", Usage: "with --pkce: lead the browser to `URL`"},
			&cli.StringFlag{Name: "as", Usage: "the `ACCOUNT` whose keys are checked, or that logs in, for a file of that name without asking X"},
		},
	}
}
