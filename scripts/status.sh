#!/bin/bash
# usage: status.sh [OPTION]... [BOT]...
#
# Shows how bots are: how each job went, the newest post, the model, today's
# posts, and this month's cost.
#
# BOT is the name of a folder in $HORSEPIPE_BOTS (default: ~/bots), or the path of
# a folder. Without one, all folders there that have a bot.conf are shown. Only
# these folders are read: the script asks neither the network nor other processes.
#
# A job is late if its last success is longer ago than three times its period in
# bot.conf (with SPEAK_EVERY=2h: six hours). Before the first success, the age of
# bot.conf counts. A bot whose folder holds a file "paused" is never late. "posts
# today" goes by the time zone of this machine, "this month" by UTC. The cost is
# what the programs counted, in dollars.
#
# Options:
#   --check     print only what is wrong, for a health check
#   --times N   a job is late after N times its period (default: 3)
#   -h, --help  print this and leave
#
# Examples:
#   status.sh
#   status.sh --check newton
#
# The exit code is 0 if no job is late, bot.conf can be read and nobody else can
# read the keys; otherwise it is 1.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

# seconds PERIOD: how long 5m, 2h or 1d is.
seconds() {
	case $1 in
	*m) printf '%s\n' $((${1%m} * 60)) ;;
	*h) printf '%s\n' $((${1%h} * 3600)) ;;
	*d) printf '%s\n' $((${1%d} * 86400)) ;;
	esac
}

# span SECONDS: the time in a form for people.
span() {
	if [ "$1" -lt 120 ]; then
		printf '%s s\n' "$1"
	elif [ "$1" -lt 7200 ]; then
		printf '%s min\n' $(($1 / 60))
	elif [ "$1" -lt 172800 ]; then
		printf '%s h\n' $(($1 / 3600))
	else
		printf '%s days\n' $(($1 / 86400))
	fi
}

# row WHAT TEXT: prints one line about a bot, unless only problems are asked for. If it cannot be printed,
# that is a problem, too.
row() { [ ${#check[@]} -gt 0 ] || printf '  %-12s %s\n' "$1" "$2" || exit 1; }

# wrong TEXT: reports a problem of a bot.
wrong() {
	well=
	row "wrong" "$1"
	[ ${#check[@]} -eq 0 ] || printf '%s: %s\n' "$bot" "$1"
}

# since FILE: how many seconds ago a file was last changed.
since() { printf '%s\n' $(($(now +%s) - $(stat -Lc %Y "$1"))); }

# job NAME: shows how one job is.
job() {
	local every=${conf[${1^^}_EVERY]} text=never age limit
	[ "$every" != never ] || return 0
	record "jobs/$1"
	limit=$(($(seconds "$every") * late))
	age=$(since bot.conf)
	if [ -n "${record[success]-}" ]; then
		age=$(ago "${record[success]}")
		text="${record[success]}, $(span "$age") ago"
	fi
	if [ "$age" -gt "$limit" ] && [ ! -e paused ]; then
		wrong "$1 is late: it is to be done every $every, and ${record[success]:+the last success was }${record[success]-has had no success yet}"
	fi
	[[ ${record[started]-} > ${record[ended]-} ]] && text="$text; begun ${record[started]}, and not ended"
	[ "${record[failures]-0}" -eq 0 ] || text="$text; failures${record[since]:+ since ${record[since]}}: ${record[failures]}"
	[ -z "${record[warning]-}" ] || text="$text; warning: ${record[warning]}"
	row "$1" "$text"
	if [[ ${record[failed]-} > $failed ]]; then
		failed=${record[failed]} error="$1: ${record[error]-}"
	fi
}

# newest: the last post of the log.
newest() {
	local line
	line=$(grep '^{"id":.*}$' log/bot.jsonl 2>/dev/null | tail -n 1)
	if [ -z "$line" ]; then
		printf 'none\n'
		return
	fi
	# Inside a JSON string, every quotation mark has a backslash before it.
	sed 's/^{"id":"[^"]*","text":"\(\([^"\\]\|\\.\)*\)".*"created_at":"\([^"]*\)".*/\3 \1/; s/\\\\/\x01/g; s/\\n/ /g; s/\\"/"/g; s/\x01/\\/g' <<<"$line"
}

# today: how many of the log's posts are from today.
today() {
	local day midnight log=log/bot.jsonl
	[ -r "$log" ] || log=/dev/null
	day=$(date -d "@$(now +%s)" +%F)
	# Where clocks are put forward at midnight, that day has no midnight.
	midnight=$(date -d "$day 00:00" +%s 2>/dev/null) || midnight=$(date -d "$day 01:00" +%s)
	midnight=$(date -u -d "@$midnight" +%FT%TZ)
	awk -v midnight="$midnight" '
		/^{"id":/ && match($0, /"created_at":"[^"]*"/) && substr($0, RSTART + 14, 20) >= midnight { n++ }
		END { print n + 0 }' "$log"
}

# money: what the runs of this month have cost.
money() {
	local ledger
	ledger=log/cost-$(now +%Y-%m).jsonl
	[ -e "$ledger" ] || ledger=/dev/null
	awk 'match($0, /"cost":[0-9.e-]+}$/) { sum += substr($0, RSTART + 7, RLENGTH - 8) } END { printf "$%.3f\n", sum }' "$ledger"
}

# facts: shows the rest of what there is to know about a bot.
facts() {
	local model=none
	[ ! -e model/bot.model ] ||
		model="$(TZ=UTC date -r model/bot.model +%FT%TZ), $(stat -Lc %s model/bot.model) bytes"
	row "model" "$model"
	row "newest post" "$(newest)"
	row "posts today" "$(today)"
	row "this month" "$(money)"
	[ -z "$failed" ] || row "failed last" "$failed $error"
}

# tell FOLDER: shows how one bot is; fails if it is not well.
tell() {
	local name message well=yes failed='' error=''
	cd "$1" 2>/dev/null || fail 1 "there is no folder $1"
	bot=$(basename "$PWD")
	[ ${#check[@]} -gt 0 ] || printf '%s\n' "$bot" || exit 1
	[ -e bot.conf ] || settings bot.conf
	if message=$(settings bot.conf 2>&1); then
		settings bot.conf
	else
		wrong "${message#"$self: error: "}"
	fi
	message=$(load_keys 2>&1) || wrong "${message#"$self: error: "}"
	[ ! -e paused ] || row "paused" "$(head -n 1 paused)"
	for name in update train speak answer rotate; do job "$name"; done
	[ ${#check[@]} -gt 0 ] || facts
	[ -n "$well" ]
}

check=() times=(3)
options "check! times" "$@"
late=${times[-1]}
[[ $late =~ ^[1-9][0-9]{0,2}$ ]] || fail 2 "--times $late is no number of times"
folders "${rest[@]}"

status=0
for one in "${folders[@]}"; do
	(tell "$one") || status=1
done
exit "$status"
