#!/bin/bash
# usage: bot.sh [OPTION]... BOT JOB...
#        bot.sh [OPTION]... --all JOB...
#
# Does jobs of bots that live in folders of their own. The lines of a crontab call
# this script.
#
# BOT is the name of a folder in $HORSEPIPE_BOTS (default: ~/bots), or the path of
# a folder. --all stands for every folder there that has a bot.conf.
# doc/running.md tells what such a folder holds.
#
# The jobs are done one after the other, even if one of them fails:
#   update  fetch the account's new posts into corpus/
#   train   make model/bot.model from all of corpus/
#   speak   post something new
#   answer  answer the people who spoke to the bot
#   rotate  take out of log/bot.jsonl what nobody needs any more
#
# No job runs twice at the same time: a second run skips it. It also skips what
# bot.conf says never to do. How a job went is kept in jobs/JOB, for status.sh.
# When all is well, nothing is printed. A failure is reported once, in one line,
# and again only if its exit code changes, if a day has passed, or if the job has
# succeeded in between.
#
# Options:
#   --all          all bots whose folders hold no file "paused". They speak and
#                  answer at the same time, since that is mostly waiting; other
#                  jobs are done for one bot after the other
#   -v, --verbose  let the programs say what they do, and print the receipts
#   -h, --help     print this and leave
#
# Examples:
#   bot.sh newton speak
#   bot.sh --all update train
#
# The exit code is 0, or that of the last job that failed.
set -uo pipefail
umask 077
. "$(dirname "$(readlink -f "$0")")/common.sh"
here=$(dirname "$(readlink -f "$0")")
keep=90             # days for which the log keeps everything
large=$((16 << 20)) # bytes
reminder=86400      # seconds after which a lasting failure is reported again

# say MESSAGE: reports something about this bot.
say() { printf '%s: %s\n' "$self" "$1" >&2; }

# worse CODE: keeps in worst the code of the last failure; skipped records (3) count for less.
worse() {
	case $1 in
	0) ;;
	3) [ "$worst" -ne 0 ] || worst=3 ;;
	*) worst=$1 ;;
	esac
}

# --- The jobs.

# with OPTION KEY...: adds the words of settings, as values of an option, to the array given.
with() {
	local option=$1 key word words
	shift
	for key; do
		words "$key"
		for word in "${words[@]}"; do given+=("$option" "$word"); done
	done
}

update() {
	local account accounts worst=0
	words ACCOUNT
	accounts=("${words[@]}")
	[ ${#accounts[@]} -gt 0 ] || fail 2 "bot.conf names no ACCOUNT whose posts to ask for, nor says UPDATE_EVERY=never"
	words ARCHIVE
	for account in "${accounts[@]}"; do
		tw-archive "${words[@]}" --update "corpus/$account.jsonl" "$account"
		worse $?
	done
	return "$worst"
}

train() {
	local given=()
	with --train TRAIN
	compgen -G 'corpus/*.jsonl' >/dev/null || fail 1 "there is nothing to learn from in corpus: no file whose name ends in .jsonl"
	"$here/train.sh" -v "${given[@]}" model/bot.model corpus/*.jsonl
}

speak() {
	local given=()
	with --gen GEN
	with --post POST SPEAK
	"$here/speak.sh" -v "${given[@]}" model/bot.model log/bot.jsonl
}

answer() {
	local given=()
	with --mentions MENTIONS
	with --gen GEN
	with --post POST
	"$here/answer.sh" -v "${given[@]}" model/bot.model log/bot.jsonl
}

# rotate: the log is memory, and stays. What nobody needs of it goes into old.jsonl, which becomes
# old.jsonl.1 when it is large; that is deleted when the next one is.
rotate() {
	local old=log/old.jsonl
	[ -e log/bot.jsonl ] || return 0
	[ ! -e "$old" ] || [ "$(stat -c %s "$old")" -lt "$large" ] || mv -f "$old" "$old.1"
	[ -z "$(tail -c 1 "$old" 2>/dev/null)" ] || echo >>"$old" # the last line was cut by a loss of power
	tw-post --trim "$keep" --log log/bot.jsonl --wait 1h >>"$old"
}

# --- Their records.

# told FILE VOICE: the first line of that kind (error, hint, warning) in what a job said.
told() { sed -n "/: $2: /{s/: $2: /: /p;q;}" "$1"; }

# why FILE CODE: one line of what a failed job said, with what to do about it.
why() {
	local error hint
	error=$(told "$1" error) hint=$(told "$1" hint)
	[ -n "$error" ] || error=$(sed '/^$/d' "$1" | tail -n 1)
	[ -z "$hint" ] || error="$error (${hint#*: })"
	error=${error#"$self: "}
	printf '%s\n' "${error:-it ended with $2 and said nothing}"
}

# write JOB: replaces the record of a job, adding the end of what the job said; or fails, and leaves the
# old record. It uses a single printf, whose failure shows: a full disk may accept a part of a file.
write() {
	local key said text=
	for key in started ended exit success failures since failed error warning told; do
		[ -z "${record[$key]-}" ] || text+=$key=${record[$key]}$'\n'
	done
	said=$(tail -n 20 "jobs/.$1.said")
	text+=$'\n'${said:+$said$'\n'}
	printf '%s' "$text" >"jobs/.$1.new" && sync "jobs/.$1.new" && mv -f "jobs/.$1.new" "jobs/$1" && return
	rm -f "jobs/.$1.new"
	return 1
}

# fallen JOB CODE: notes a failure, and puts into news what to report, unless that was reported lately.
fallen() {
	local before=${record[exit]-0} often=
	[ -n "${record[since]-}" ] || record[failures]=0 # they began by a clock that was ahead
	record[failures]=$((${record[failures]-0} + 1))
	[ "${record[failures]}" -gt 1 ] || record[since]=${record[ended]}
	record[exit]=$2 record[failed]=${record[ended]} record[error]=$(why "jobs/.$1.said" "$2")
	if [ "${record[failures]}" -gt 1 ] && [ -n "${record[told]-}" ]; then
		[ "$before" -ne "$2" ] || [ "$(ago "${record[told]}")" -ge "$reminder" ] || return 0
		often=" (${record[failures]} times since ${record[since]-})"
	fi
	record[told]=${record[ended]}
	news="error: $bot: $1: ${record[error]}$often"
}

# --- A run.

# work JOB: does a job. Its cost is recorded by the month. Wrong settings or keys make it fail like
# anything else.
work() {
	settings bot.conf
	load_keys
	TW_LEDGER=log/cost-$(now +%Y-%m).jsonl
	export TW_LEDGER
	case $1 in
	update) update ;;
	train) train ;;
	speak) speak ;;
	answer) answer ;;
	rotate) rotate ;;
	esac
}

# await PID: waits for a child, whatever signals come, and puts its exit code into code.
await() {
	code=0
	wait "$1" || code=$?
	while kill -0 "$1" 2>/dev/null; do
		code=0
		wait "$1" || code=$?
	done
}

# run JOB: does a job, and keeps its record.
run() {
	local job=$1 lock=jobs/$1.lock reason
	code=0 signal=
	case $job in update | train) lock=jobs/corpus.lock ;; esac
	if [ "${conf[${job^^}_EVERY]}" = never ]; then
		[ ${#quiet[@]} -gt 0 ] || say "$bot: $job: bot.conf says never"
		return
	fi
	reason=$({ : >>"$lock"; } 2>&1) || fail 1 "$bot: $job: cannot write to $PWD/jobs: ${reason##*: }"
	exec 8>>"$lock"
	if ! hold 8; then
		[ ${#quiet[@]} -gt 0 ] || say "$bot: $job: another run is at work"
		return
	fi
	if begin "$job"; then
		# Only once: a second signal kills the programs at once.
		trap '[ -n "$signal" ] || kill -TERM -- "-$pid" 2>/dev/null; signal=yes' TERM INT HUP
		set -m # a group of its own, so that a signal reaches all of it
		work "$job" </dev/null 2>"jobs/.$job.said" >&3 &
		pid=$!
		set +m
		await "$pid"
		finish "$job"
		trap - TERM INT HUP
	fi
	exec 8>&-
}

# begin JOB: notes that a job begins. On a full disk that fails; an empty file then makes sure that this is
# reported only once.
begin() {
	local reason
	record "jobs/$1"
	record[started]=$(now)
	unset 'record[warning]'
	if ! reason=$({ : >"jobs/.$1.said" && write "$1"; } 2>&1); then
		code=1
		full "$1" "$reason"
		return 1
	fi
}

# full JOB REASON: reports that the record cannot be written, once until a whole record can be written again,
# but each time to a person who asks with -v.
full() {
	if [ ! -e "jobs/.$1.full" ] || [ ${#quiet[@]} -eq 0 ]; then
		say "error: $bot: $1: cannot write to $PWD/jobs: ${2##*: }"
	fi
	: 2>/dev/null >"jobs/.$1.full"
}

# finish JOB: notes how the job ended, which is in code. What cannot be noted is not reported either, or
# each run would report it anew.
finish() {
	local said=jobs/.$1.said news='' reason
	record[ended]=$(now)
	[ ${#quiet[@]} -gt 0 ] || cat "$said" >&2
	case $code in
	0 | 3)
		record[exit]=$code record[failures]=0 record[success]=${record[ended]} record[warning]=$(told "$said" warning)
		;;
	*) [ -n "$signal" ] || fallen "$1" "$code" ;;
	esac
	if reason=$(write "$1" 2>&1); then
		rm -f "jobs/.$1.full"
		[ -z "$news" ] || say "$news"
	else
		full "$1" "$reason"
	fi
	rm -f "$said"
	[ -z "$signal" ] || exit "$code"
}

# live FOLDER JOB...: does the jobs of one bot.
live() {
	local job worst=0
	cd "$1" 2>/dev/null || fail 1 "there is no folder $1"
	bot=$(basename "$PWD")
	shift
	[ -e bot.conf ] || settings bot.conf
	if [ ${#all[@]} -gt 0 ] && [ -e paused ]; then
		[ ${#quiet[@]} -gt 0 ] || say "$bot: paused"
		exit 0
	fi
	(settings bot.conf) 2>/dev/null && settings bot.conf
	mkdir -p corpus model log jobs 2>/dev/null || fail 1 "$bot: cannot write to $PWD"
	for job; do
		run "$job"
		worse "$code"
	done
	[ "$worst" -ne 3 ] || worst=0
	exit "$worst"
}

all=()
options "all! verbose!" "$@"
set -- "${rest[@]}"
if [ ${#all[@]} -gt 0 ]; then
	folders
else
	[ $# -gt 0 ] || fail 2 "name a bot and a job; --help tells more"
	folders "$1"
	shift
fi
[ $# -gt 0 ] || fail 2 "name a job: update, train, speak, answer or rotate"
abreast=
for job; do
	case $job in
	update | train | rotate) ;;
	speak | answer) abreast=yes ;;
	*) fail 2 "unknown job $job: there are update, train, speak, answer and rotate" ;;
	esac
done

# Each bot has a process of its own, so that a failure of one does not affect the others.
children=() stopped='' worst=0
trap 'stopped=yes; kill -TERM "${children[@]}" 2>/dev/null' TERM INT HUP
collect() {
	await "$1"
	worse "$code"
}
for one in "${folders[@]}"; do
	[ -z "$stopped" ] || break
	live "$one" "$@" &
	children+=($!)
	[ -n "$abreast" ] || collect $!
done
if [ -n "$abreast" ]; then
	for child in "${children[@]}"; do collect "$child"; done
fi
exit "$worst"
