#!/bin/bash
# Lives through ninety days of a bot's life in some minutes, and prints a report.
#
# usage: scripts/soak.sh [OPTION]...
#
# The lines of crontab.example run against a local X on a clock of their own, while posts come and go, people and another bot talk to
# the bot, X fails in all its ways, the network goes for a day, the disk is full, the power is cut, and the model is replaced under its
# readers. At the end what X has is held against what the bot's folder has: nothing lost, nothing twice, every failure told once, every
# cent counted, nothing left behind. TestSoak, which go test runs for a few days, is the same and tells more.
#
# Options:
#   --days N            as many days (default: 90)
#   --seed N            the same seed lets the same things happen (default: 1)
#   -h, --help          print this and leave
#
# It needs Go, and Linux; the disk is full only for root, who may mount a small one. It ends with 0 if all was well.
set -euo pipefail

fail() {
	echo "soak.sh: error: $2" >&2
	exit "$1"
}

days=90 seed=1
while [ $# -gt 0 ]; do
	case $1 in
	--days | --seed)
		[[ ${2-} =~ ^[0-9]{1,9}$ ]] || fail 2 "option $1 needs a number"
		[ "$1" = --days ] && days=$2 || seed=$2
		shift 2
		;;
	-h | --help)
		sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
		exit 0
		;;
	*) fail 2 "unexpected argument $1" ;;
	esac
done
[ "$(uname)" = Linux ] || fail 1 "it needs Linux"
cd "$(dirname "$0")/.."
exec go test ./scripts -run '^TestSoak$' -count 1 -timeout 2h -v -soak.days "$days" -soak.seed "$seed"
