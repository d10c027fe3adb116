#!/bin/bash
# usage: speak.sh [OPTION]... MODEL LOG
#
# Lets a bot say something new: makes a draft that was not made before, posts it,
# and writes it into the log.
#
# LOG is the log that tw-post writes. It is the bot's only memory, and is made if
# it does not exist. The empty file LOG.speak.lock beside it keeps a second run
# from starting while the first one still waits (--post --delay=...).
#
# Options:
#   --gen OPTION   an option for mk-gen, such as --reject=words.txt; may be given
#                  several times
#   --post OPTION  an option for tw-post, such as --per-day=5; likewise
#   -v, --verbose  let the programs say what they do, and print the receipt
#   -h, --help     print this and leave
#
# Example, a line for a crontab that posts about three times a day, but not at
# night (the file keys has lines TW_ACCESS_TOKEN=...):
#   0 * * * *  cd ~/bot && set -a && . ./keys && speak.sh --post --odds=1/6 --post --delay=0-50m --post --quiet-hours=23-8 user.model log.jsonl
#
# When all is well, the script prints nothing and exits with 0, even if it was not
# the time to speak. Otherwise it exits with the code of the last of the two
# programs that failed: 1 if no draft was found, 3 if the draft was left out (by
# --per-day), 4 if something was refused, 75 if it is to be tried again later, for
# example because another run is at work. A missed post is not made up for.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

gen=() post=()
options "gen post verbose!" "$@"
[ ${#rest[@]} -eq 2 ] || fail 2 "name a model and a log; --help tells more"
model=${rest[0]} log=${rest[1]}

lock "$log.speak.lock" "$log"

mk-gen "${quiet[@]}" --not-in "$log" "${gen[@]}" -- "$model" |
	tw-post "${quiet[@]}" --log "$log" --wait 10m "${post[@]}" >&3
