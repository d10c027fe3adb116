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
. "$(dirname "$(readlink -f "$0")")/common.sh"

mentions=() gen=() post=()
options "mentions gen post" "$@"
[ ${#rest[@]} -eq 2 ] || fail 2 "name a model and a log; --help tells more"
model=${rest[0]} log=${rest[1]}
[ -r "$model" ] || fail 1 "cannot read $model" # before anything costs money

lock "$log.lock" "$log"

# The bot does not repeat what it has said.
[ ! -e "$log" ] || gen+=("--not-in=$log")

tw-mentions "${quiet[@]}" --log "$log" "${mentions[@]}" |
	mk-gen "${quiet[@]}" --reply "${gen[@]}" -- "$model" |
	tw-post "${quiet[@]}" --log "$log" --wait 2m "${post[@]}" >&3
