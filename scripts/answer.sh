#!/bin/bash
# Answers those who speak to a bot: reads the mentions that may be answered, makes an answer to each, posts them.
#
# usage: scripts/answer.sh [OPTION]... MODEL LOG
#
# LOG is the log of tw-post, and all that is remembered; it is made if need be. Beside it stands an empty LOG.lock, so
# that two runs do not meet. For a line of a crontab:
#
#   */10 * * * *  cd ~/bot && set -a && . ./keys && answer.sh --mentions --deny=deny.txt user.model log.jsonl
#
# Options:
#   --mentions OPTION   an option for tw-mentions, such as --per-hour=5; several may be given
#   --gen OPTION        one for mk-gen, such as --reject=words.txt
#   --post OPTION       one for tw-post
#   -v, --verbose       let the programs say what they do, and print the receipts
#   -h, --help          print this and leave
#
# With nothing to answer it says nothing and ends with 0. Otherwise its exit code is that of the last of the three
# programs that failed: 3 for mentions without an answer, 4 for what was refused, 75 for what to try again later,
# such as while another run is at work.
set -uo pipefail

fail() {
	echo "answer.sh: error: $2" >&2
	exit "$1"
}

mentions=() gen=() post=() quiet=(--quiet)
exec 3>/dev/null # receipts
while [ $# -gt 0 ]; do
	case $1 in
	--mentions | --gen | --post)
		[ $# -gt 1 ] || fail 2 "option $1 needs a value"
		case $1 in
		--mentions) mentions+=("$2") ;;
		--gen) gen+=("$2") ;;
		--post) post+=("$2") ;;
		esac
		shift 2
		;;
	-v | --verbose)
		quiet=()
		exec 3>&1
		shift
		;;
	-h | --help)
		sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
		exit 0
		;;
	-*) fail 2 "unknown option $1" ;;
	*) break ;;
	esac
done
[ $# -eq 2 ] || fail 2 "name a model and a log; --help tells more"
model=$1 log=$2
[ -r "$model" ] || fail 1 "cannot read $model" # before anything is paid for

# The lock is given back when the last of the programs has ended, however this script ends.
exec 9>>"$log.lock" || exit 1
flock -n 9 || fail 75 "another run is at work on $log"

# What the bot said before it does not say again.
[ ! -e "$log" ] || gen+=("--not-in=$log")

tw-mentions ${quiet[@]+"${quiet[@]}"} --log "$log" ${mentions[@]+"${mentions[@]}"} |
	mk-gen ${quiet[@]+"${quiet[@]}"} --reply ${gen[@]+"${gen[@]}"} "$model" |
	tw-post ${quiet[@]+"${quiet[@]}"} --log "$log" --wait 2m ${post[@]+"${post[@]}"} >&3
