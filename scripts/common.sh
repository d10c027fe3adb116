# What the scripts of a bot share. It is sourced, not run. They need bash 4.4 and, besides the programs,
# what every Debian has: coreutils, util-linux, sed, grep and an awk.
# shellcheck shell=bash disable=SC2034 # variables set here are used elsewhere
export LC_ALL=C # messages, sorting and decimal points are the same for everybody
unset CDPATH    # cd might go to another folder of that name, and tell of it

self=${0##*/}

# fail CODE MESSAGE: says why, and leaves.
fail() {
	printf '%s: error: %s\n' "$self" "$2" >&2
	exit "$1"
}

((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || fail 1 "bash 4.4 or newer is needed, and this is $BASH_VERSION"

# usage: prints the comment at the script's head, and leaves.
usage() {
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
	exit 0
}

# Programs are quiet, and their records go to fd 3, which leads nowhere unless --verbose is given.
quiet=(--quiet) verbose=()
exec 3>/dev/null

# options "NAME..." ARGUMENT...: adds the value of each option --NAME to the array NAME, or "yes" for a
# NAME! without a value; handles --help, and leaves all else in the array rest. As with the programs, options
# go before or after the arguments.
options() {
	local names=" $1 "
	shift
	rest=()
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage ;;
		-v) option --verbose ;;
		--)
			shift
			break
			;;
		--?*) option "$@" || shift ;;
		-?*) fail 2 "unknown option $1" ;;
		*) rest+=("$1") ;;
		esac
		shift
	done
	rest+=("$@")
	[ ${#verbose[@]} -eq 0 ] || {
		quiet=()
		exec 3>&1
	}
}

# option --NAME ARGUMENT...: takes one option of those in names, and fails if it took a value.
option() {
	local name=${1#--}
	[[ $name =~ ^[a-z-]+$ && $names =~ " $name"(!?)" " ]] || fail 2 "unknown option $1"
	local -n list=${name//-/}
	if [ -n "${BASH_REMATCH[1]}" ]; then
		list+=(yes)
		return
	fi
	[ -n "${2-}" ] || fail 2 "option $1 needs a value"
	list+=("$2")
	return 1
}

# hold FD: locks an open file, or fails if another process has locked it. The lock is released when the
# last of the programs started meanwhile has ended, however the script ends.
hold() {
	flock -n "$1" && return
	local code=$?
	[ "$code" -eq 1 ] || fail 1 "flock does not work: it ended with $code"
	return "$code"
}

# lock FILE WHAT: locks a file, creating it if need be, or exits.
lock() {
	exec 9>>"$1" || exit 1
	hold 9 || fail 75 "another run is at work on $2"
}

# --- The folder of a bot; see doc/running.md.

# If HOME is not in the environment, it comes from the list of users.
[ -n "${HOME-}" ] || {
	unset HOME
	export HOME=~
}
bots=${HORSEPIPE_BOTS:-$HOME/bots}

# folder BOT: the folder of a bot, given by name or path.
folder() {
	case $1 in
	. | .. | */*) printf '%s\n' "${1%/}" ;;
	*) printf '%s\n' "$bots/$1" ;;
	esac
}

# folders BOT...: fills the array folders; with all bots if none is named.
folders() {
	local each
	folders=()
	for each; do folders+=("$(folder "$each")"); done
	[ $# -eq 0 ] || return 0
	for each in "$bots"/*/bot.conf; do
		[ ! -e "$each" ] || folders+=("${each%/bot.conf}")
	done
	[ ${#folders[@]} -gt 0 ] || fail 1 "there is no bot in $bots; new-bot.sh makes one"
}

# What some editors on Windows begin a file with.
mark=$'\xEF\xBB\xBF'

# contents FILE: puts all of a file, as text, into the variable text, or fails: half of it must not count. Bash
# would pass over zeros, of which a loss of power may leave a whole file.
contents() {
	text=$(tr '\0' '\1' 2>/dev/null <"$1") || fail 1 "cannot read $PWD/$1"
	[[ $text != *$'\1'* ]] || fail 2 "$1 holds zero bytes: it is UTF-16, or a loss of power has spoilt it"
}

# next: takes the first line away from text, and puts it into line; fails if there is none. It does
# without a here-string, which older versions of bash put into a file: that fails if /tmp is full, and
# would look like an empty text.
next() {
	[ -n "$text" ] || return
	line=${text%%$'\n'*} text=${text#"$line"}
	text=${text#$'\n'}
}

# settings FILE: reads a bot.conf into the array conf. Nothing in it is executed; an unknown key is an
# error.
declare -A conf
defaults() { conf=([UPDATE_EVERY]=1d [TRAIN_EVERY]=1d [SPEAK_EVERY]=2h [ANSWER_EVERY]=5m [ROTATE_EVERY]=7d); }
defaults
settings() {
	local text line key value n=0
	defaults
	[ -e "$1" ] || fail 1 "there is no $1 in $PWD; new-bot.sh makes one"
	contents "$1"
	while next; do
		n=$((n + 1)) line=${line#"$mark"}
		[[ $line =~ ^[[:space:]]*(.*[^[:space:]])[[:space:]]*$ ]] || continue
		line=${BASH_REMATCH[1]}
		[[ $line != '#'* ]] || continue
		key=${line%%=*} value=${line#*=}
		[[ $line == *=* && $key != *[[:space:]]* ]] || fail 2 "$1:$n: not a line such as ACCOUNT=user"
		[[ ! $value =~ ^\"(.*)\"$ && ! $value =~ ^\'(.*)\'$ ]] || value=${BASH_REMATCH[1]}
		case $key in
		ACCOUNT | ARCHIVE | TRAIN | GEN | POST | SPEAK | MENTIONS) conf[$key]="${conf[$key]-} $value" ;;
		UPDATE_EVERY | TRAIN_EVERY | SPEAK_EVERY | ANSWER_EVERY | ROTATE_EVERY)
			[[ $value =~ ^([1-9][0-9]{0,5}[mhd]|never)$ ]] || fail 2 "$1:$n: $key is a time such as 5m, 2h or 1d, or never"
			conf[$key]=$value
			;;
		*) fail 2 "$1:$n: unknown setting $key" ;;
		esac
	done
}

# words KEY: puts the words of a setting into the array words.
words() {
	set -f
	# shellcheck disable=SC2206 # they are to be split
	words=(${conf[$1]-})
	set +f
}

# load_keys: puts the contents of the file keys, in the current folder, into the environment. The file is
# not executed, and nobody else may be able to read it. If it is empty, the programs must not look for the keys
# of some other account.
load_keys() {
	local text line n=0 any='' account=''
	if [ -e keys ] || [ -L keys ]; then
		contents keys
		[[ $(stat -Lc %a keys) =~ 00$ ]] || fail 4 "others may read the file keys: chmod 600 keys, and make new ones if others use this machine"
		while next; do
			n=$((n + 1)) line=${line#"$mark"} line=${line%$'\r'} line=${line#export }
			[[ $line =~ ^[[:space:]]*(#.*)?$ ]] && continue
			[[ $line =~ ^(TW_[A-Z0-9_]+)=(\"(.*)\"|\'(.*)\'|(.*))$ ]] || fail 2 "$PWD/keys:$n: not a line such as TW_ACCESS_TOKEN=..."
			export "${BASH_REMATCH[1]}=${BASH_REMATCH[3]}${BASH_REMATCH[4]}${BASH_REMATCH[5]}"
			any=yes
			case ${BASH_REMATCH[1]} in TW_ACCESS_* | TW_CREDENTIALS) account=yes ;; esac
		done
		[ -n "$any" ] || fail 4 "there are no keys in $PWD/keys"
		[ -z "$account" ] || return 0
	fi
	# There are no keys of an account, but perhaps of an app: then it is the account that tw-auth has logged in for
	# this bot. To the programs, keys in the environment count for more.
	! compgen -G 'x-*.json' >/dev/null || {
		export TW_CREDENTIALS=$PWD
		unset TW_{CONSUMER_KEY,CONSUMER_SECRET,ACCESS_TOKEN,ACCESS_SECRET,BEARER_TOKEN}{,_FILE}
	}
}

# record FILE: reads the record of a job into the array record, as far as it is valid. A time that is more than a
# day ahead comes from a clock that was wrong, and would hide failures until then.
declare -A record
record() {
	local key value soon
	record=()
	[ -r "$1" ] || return 0
	soon=$(date -u -d "@$(($(now +%s) + 86400))" +%FT%TZ)
	while IFS='=' read -r key value && [ -n "$key" ]; do
		case $key in
		started | ended | success | since | failed | told)
			[[ $value =~ ^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$ && ! $value > $soon ]] && record[$key]=$value
			;;
		exit | failures)
			[[ $value =~ ^[0-9]{1,9}$ ]] && record[$key]=$value
			;;
		error | warning) record[$key]=$value ;;
		esac
	done <"$1"
}

# now [FORMAT]: the time in UTC, in the form that records use. No other line of the scripts reads the
# clock.
now() { date -u -d "@$(date +%s)" "${1:-+%FT%TZ}"; }

# ago TIME: how many seconds ago TIME was.
ago() { printf '%s\n' $(($(now +%s) - $(date -d "$1" +%s))); }
