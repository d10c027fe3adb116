#!/bin/sh
# usage: scripts/demo.sh
#
# Runs the whole pipeline on this machine. A local X serves the sentences of
# Newton's Opticks, a text that comes with every Go, as the posts of an account.
# They are archived, a model is made of them, and a bot posts in the same voice.
#
# The script needs Go, but no account and, once Go has the modules, no network. It
# leaves nothing behind.
set -eu

case ${1-} in
'') ;;
-h | --help)
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
	exit 0
	;;
*)
	echo "demo.sh: error: unexpected argument $1" >&2
	exit 2
	;;
esac

unset CDPATH
cd "$(dirname "$0")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/horsepipe-demo.XXXXXX")
server=

# However the script ends, the server ends before its folder is removed.
cleanup() {
	status=$?
	trap - EXIT INT TERM HUP PIPE
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || :
		wait "$server" 2>/dev/null || :
	fi
	rm -rf "$work"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE

# Shows a command, then runs it.
show() {
	printf '\n$ %s\n' "$1"
	eval "$1"
}

echo "Building the programs ..."
go build -buildvcs=false -o "$work/bin/" ./cmd/...
PATH=$work/bin:$PATH
root=$PWD
cd "$work"

"$root/scripts/opticks.sh" >opticks.jsonl
echo "$(wc -l <opticks.jsonl) sentences of Newton's Opticks are the posts of @newton."

tw-sandbox --account newton --as newton_ebooks --keys keys opticks.jsonl >address &
server=$!
# Its address appears as soon as it listens, which takes a while on a busy machine.
tries=0
until [ -s address ]; do
	tries=$((tries + 1))
	if [ "$tries" -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
		echo "demo.sh: error: the local X did not start" >&2
		exit 1
	fi
	sleep 0.1
done
echo "A local X listens at $(cat address)."
# Do not use the keys or the ledger of a real bot.
# shellcheck disable=SC2046 # names have no blanks
unset $(env | sed -n 's/^\(TW_[A-Z0-9_]*\)=.*/\1/p')
set -a
# shellcheck source=/dev/null
. ./keys
set +a

show 'tw-archive newton > newton.jsonl'
show 'mk-train < newton.jsonl > newton.model'
show 'mk-info newton.model | head -n 5'
show 'mk-gen -n 5 newton.model > drafts.jsonl'
show 'tw-post --dry-run drafts.jsonl > /dev/null'
show 'tw-post drafts.jsonl > receipts.jsonl'

printf '\n@newton_ebooks has posted, in the voice of @newton:\n\n'
show 'tw-archive newton_ebooks > posted.jsonl'
echo
sed 's/.*"text":"\(\([^"\\]\|\\.\)*\)".*/  \1/; s/\\"/"/g; s/\\n/ /g' posted.jsonl
[ "$(wc -l <posted.jsonl)" -eq 5 ]
