#!/bin/bash
# Lets a bot say something: makes a draft that was not made before, posts it, and writes it into the log.
#
# usage: scripts/speak.sh [OPTION]... MODEL LOG
#
# LOG is the log of tw-post, and all that is remembered; it is made if need be. Beside it stands an empty
# LOG.speak.lock, so that a run that waits (--delay) is not joined by the next one. For a line of a crontab, which speaks three
# times a day or so, but not at night:
#
#   0 * * * *  cd ~/bot && set -a && . ./keys && speak.sh --post --odds=1/6 --post --delay=0-50m --post --quiet-hours=23-8 user.model log.jsonl
#
# Options:
#   --gen OPTION        an option for mk-gen, such as --reject=words.txt; several may be given
#   --post OPTION       one for tw-post, such as --per-day=5
#   -v, --verbose       let the programs say what they do, and print the receipt
#   -h, --help          print this and leave
#
# When all is well it says nothing and ends with 0, also when it is not the time to speak. Otherwise its exit code is that of the last
# of the two programs that failed: 1 for no draft, 3 for one that was left out (--per-day), 4 for what was refused, 75 for what to
# try again later, such as while another run is at work. A post that was missed is not made up for.
set -uo pipefail

fail() {
	echo "speak.sh: error: $2" >&2
	exit "$1"
}

gen=() post=() quiet=(--quiet)
exec 3>/dev/null # the receipt
while [ $# -gt 0 ]; do
	case $1 in
	--gen | --post)
		[ $# -gt 1 ] || fail 2 "option $1 needs a value"
		case $1 in
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

# The lock is given back when the last of the programs has ended, however this script ends.
exec 9>>"$log.speak.lock" || exit 1
flock -n 9 || fail 75 "another run is at work on $log"

mk-gen ${quiet[@]+"${quiet[@]}"} --not-in "$log" ${gen[@]+"${gen[@]}"} "$model" |
	tw-post ${quiet[@]+"${quiet[@]}"} --log "$log" --wait 10m ${post[@]+"${post[@]}"} >&3
