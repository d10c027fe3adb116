#!/bin/bash
# usage: container.sh [CRONTAB]
#
# Is the first process of the container: lets supercronic run the lines of a
# crontab, passes signals on to what they run, and waits for it.
#
# CRONTAB is written as for cron. The default is /data/crontab or, if there is no
# such file, crontab.example, which does everything that the bots in /data need.
# What the lines print goes to the container's output, with a line for each run
# that failed; a run that succeeds prints nothing.
#
# Signals:
#   TERM, INT  start nothing more, send SIGTERM to all runs in progress, and exit
#              when the last one has ended
#   HUP        look for CRONTAB again and read it; runs in progress go on, and a
#              crontab with a mistake in it changes nothing
#
# Example:
#   docker run -d --name bots -v bots:/data horsepipe container.sh /data/other.crontab
set -uo pipefail

fail() {
	echo "container.sh: error: $2" >&2
	exit "$1"
}

case ${1-} in
-h | --help)
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
	exit 0
	;;
-*) fail 2 "unknown option $1" ;;
esac
[ $# -le 1 ] || fail 2 "unexpected argument $2"
named=${1-}

crontab=      # what the newest scheduler reads
schedulers=() # the last one is active; the others wait for their last runs

# Finds the crontab and says whether its lines are good.
check() {
	crontab=/usr/local/share/horsepipe/crontab.example
	[ ! -e /data/crontab ] || crontab=/data/crontab
	crontab=${named:-$crontab}
	supercronic -quiet -no-reap -test "$crontab"
}

# Bash, as process 1, reaps orphans; supercronic need not.
schedule() {
	supercronic -quiet -no-reap -passthrough-logs "$crontab" &
	schedulers+=($!)
}

# Prints the runs in progress: the children of the schedulers. Each leads a process group of its own.
runs() {
	local line stat parent
	for stat in /proc/[0-9]*/stat; do
		# A program's name, in parentheses, may contain anything; state and parent follow it.
		{ read -r line <"$stat"; } 2>/dev/null || continue
		read -r _ parent _ <<<"${line##*) }"
		case " ${schedulers[*]} " in
		*" $parent "*) echo "${line%% *}" ;;
		esac
	done
}

# Tells whether any of the processes, or of the groups (-GROUP), is alive.
any() {
	local each
	for each; do
		kill -0 -- "$each" 2>/dev/null && return 0
	done
	return 1
}

# Ends the schedulers and the runs. After the signal a scheduler starts nothing more, but may have been
# about to: so this looks for runs until there is no new one. Each run gets the signal once, since a
# second one kills a program at once.
stop() {
	local run told=()
	trap '' TERM INT HUP
	kill -TERM "${schedulers[@]}" 2>/dev/null
	while :; do
		for run in $(runs); do
			case " ${told[*]-} " in
			*" -$run "*) continue ;;
			esac
			kill -TERM -- "-$run" 2>/dev/null
			told+=("-$run")
		done
		any "${schedulers[@]}" ${told[@]+"${told[@]}"} || break
		sleep 0.1
	done
	exit "$1"
}

# shellcheck disable=SC2317 # a trap calls it
reload() {
	if ! check; then
		echo "container.sh: warning: $crontab cannot be used, the lines that were read before stay" >&2
		return
	fi
	kill -TERM "${schedulers[-1]}"
	schedule
}

trap 'stop 0' TERM INT
trap reload HUP
check || exit 1
schedule
# A signal ends the wait; a scheduler that ends by itself ends the loop.
while any "${schedulers[-1]}"; do
	wait "${schedulers[-1]}"
	status=$?
done
stop "$status"
