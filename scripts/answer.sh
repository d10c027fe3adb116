#!/bin/bash
# usage: answer.sh [OPTION]... MODEL LOG
#
# Answers the people who spoke to a bot: reads the mentions that the bot may
# answer, makes an answer to each, and posts the answers.
#
# LOG is the log that tw-post writes. It is the bot's only memory, and is made if
# it does not exist. The empty file LOG.lock beside it keeps two runs from working
# at the same time.
#
# Options:
#   --mentions OPTION  an option for tw-mentions, such as --per-hour=5; may be
#                      given several times
#   --gen OPTION       an option for mk-gen, such as --reject=words.txt; likewise
#   --post OPTION      an option for tw-post, such as --deny=deny.txt; likewise
#   -v, --verbose      let the programs say what they do, and print the receipts
#   -h, --help         print this and leave
#
# Example, a line for a crontab (the file keys has lines TW_ACCESS_TOKEN=...):
#   */10 * * * *  cd ~/bot && set -a && . ./keys && answer.sh --mentions --deny=deny.txt user.model log.jsonl
#
# If there is nothing to answer, the script prints nothing and exits with 0.
# Otherwise it exits with the code of the last of the three programs that failed:
# 3 if a mention got no answer, 4 if something was refused, 75 if it is to be
# tried again later, for example because another run is at work.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

mentions=() gen=() post=()
options "mentions gen post verbose!" "$@"
[ ${#rest[@]} -eq 2 ] || fail 2 "name a model and a log; --help tells more"
model=${rest[0]} log=${rest[1]}
# Before anything costs money: is there a model, and could an answer be posted?
[ -r "$model" ] || fail 1 "cannot read $model"
tw-post --quiet --dry-run --log "$log" "${post[@]}" </dev/null >/dev/null || exit

lock "$log.lock" "$log"

# The bot does not repeat what it has said.
[ ! -e "$log" ] || gen+=("--not-in=$log")

tw-mentions "${quiet[@]}" --log "$log" "${mentions[@]}" |
	mk-gen "${quiet[@]}" --reply "${gen[@]}" -- "$model" |
	tw-post "${quiet[@]}" --log "$log" --wait 2m "${post[@]}" >&3
