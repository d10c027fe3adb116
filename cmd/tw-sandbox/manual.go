// Tw-sandbox serves X's API on this machine, for demonstrations, dry runs and
// tests: no account, no network, no cost, and faults on request.
//
// Its first and only line on standard output is its address. It is stopped by
// SIGTERM or SIGINT, with exit code 0. See --help for the manual, and package
// sandbox for what is served.
package main

import (
	"strings"

	"horsepipe/pkg/sandbox"
)

var manual = `
It prints its address, then serves until it is stopped. FILEs hold posts as
JSON Lines; the author field says whose they are. Requests are shown with -v.

Credentials are checked as X checks them. --keys writes those of one account to
a file that a shell can read; GET /sandbox/keys?as=NAME tells those of any
other:

    tw-sandbox --account newton --as newton_bot --keys keys opticks.jsonl &
    set -a; . ./keys; set +a
    tw-archive newton

With --state, every post that is made is in FILE before its maker hears of it,
as a record that the other programs read; "deleted_at" marks a deletion.

Signing in, for tw-auth and tests: the pages /oauth/authorize (PIN) and
/i/oauth2/authorize ask as whom; &as=NAME in their address answers at once.

Beside X's API, without credentials:

    GET    /sandbox/stats             requests, posts billed, faults, as JSON
    GET    /sandbox/posts?author=     the posts that exist, as records
    POST   /sandbox/posts?author=     more posts, as records
    GET    /sandbox/keys?as=NAME      credentials, as lines for a shell
    GET    /sandbox/faults            faults that were asked for, a line each
    POST   /sandbox/faults            more of them; DELETE takes all away
    POST   /sandbox/clock?advance=2h  the server's clock goes on

Faults are ENDPOINT:KIND[=ARG][:WHEN]. ENDPOINT is as X's documentation writes
it, or *. WHEN is N/M (N in M requests, at random), #N (the Nth), #N- or #N-M;
without it, always. A request can ask for itself with the header
X-Sandbox-Fault: KIND[=ARG]. For example:

    tw-sandbox --fault 'POST /2/tweets:lost-answer:1/3' \
               --fault 'GET /2/users/{id}/tweets:503:#2-4' posts.jsonl

Kinds:

` + indent(sandbox.FaultHelp())

func indent(s string) string {
	out := ""
	for line := range strings.Lines(s) {
		out += "    " + line
	}
	return out
}
