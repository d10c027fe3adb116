#!/bin/bash
# usage: scripts/soak.sh [OPTION]...
#
# Lives through ninety days of a bot's life in some minutes, and prints a report.
#
# The lines of crontab.example run against a local X, on a clock of their own.
# Meanwhile posts come and go, people and another bot talk to the bot, X fails in
# every way it can, the network is gone for a day, the disk is full, the power is
# cut, and the model is replaced while it is read. At the end the script compares
# what X has with what the bot's folder has: nothing may be lost, said twice or
# left behind, every failure has to be reported once, and every cent counted.
# TestSoak, which go test runs for a few days, is the same test.
#
# Options:
#   --days N    live N days, 6 or more (default: 90)
#   --seed N    let other things happen; the same seed repeats them (default: 1)
#   -h, --help  print this and leave
#
# Example:
#   scripts/soak.sh --days 10 --seed 2
#
# It needs Go and Linux. The disk is full only if root runs it, who may mount a
# small one. The exit code is 0 if all was well.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

days=(90) seed=(1)
options "days seed" "$@"
[ ${#rest[@]} -eq 0 ] || fail 2 "unexpected argument ${rest[0]}"
for number in "${days[-1]}" "${seed[-1]}"; do
	[[ $number =~ ^[0-9]{1,9}$ ]] || fail 2 "--days and --seed take numbers, not $number"
done
[ "$(uname)" = Linux ] || fail 1 "it needs Linux"
[ "${days[-1]}" -ge 6 ] || fail 2 "--days ${days[-1]}: so much happens that it takes 6 days or more"
cd "$(dirname "$0")/.."
exec go test ./scripts -run '^TestSoak$' -count 1 -timeout 2h -v -soak.days "${days[-1]}" -soak.seed "${seed[-1]}"
