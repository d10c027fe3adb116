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
. "$(dirname "$(readlink -f "$0")")/common.sh"

gen=() post=()
options "gen post" "$@"
[ ${#rest[@]} -eq 2 ] || fail 2 "name a model and a log; --help tells more"
model=${rest[0]} log=${rest[1]}

lock "$log.speak.lock" "$log"

mk-gen "${quiet[@]}" --not-in "$log" "${gen[@]}" -- "$model" |
	tw-post "${quiet[@]}" --log "$log" --wait 10m "${post[@]}" >&3
