#!/bin/bash
# usage: new-bot.sh [OPTION]... NAME
#
# Makes the folder of a bot, checks its keys, fills it with posts and a model, and
# shows a first draft. It can be run again at any time, for example when you have
# the keys: it makes what is missing, and changes nothing that is there.
#
# NAME is the name of a folder in $HORSEPIPE_BOTS (default: ~/bots), or the path
# of a folder. doc/running.md tells what it holds. To ask X whose the keys are
# costs $0.010, and so does an estimate of what the posts cost. Posts are fetched
# only with --fetch, and nothing is posted.
#
# Options:
#   --account USER  the account whose posts the bot learns from; may be given
#                   several times, or not at all if you put the corpus there
#                   yourself
#   --keys FILE     copy FILE, lines such as TW_ACCESS_TOKEN=..., into the folder;
#                   "-" is standard input. Without keys, log the bot in by
#                   TW_CREDENTIALS=FOLDER tw-auth
#   --export PATH   take the posts of the first --account from the archive that X
#                   makes for its owner, the best corpus there is; may be given
#                   several times
#   --fetch         if there are no posts, fetch them from X's API, for money.
#                   Without it, the script says what that would cost
#   --install       add the lines of crontab.example to your crontab, if they are
#                   not there. Without it, they are printed
#   -h, --help      print this and leave
#
# Example:
#   new-bot.sh --account newton --keys ~/keys --export ~/twitter-2026.zip mybot
#
# The exit code is 0 if the bot is ready, 2 if an option or argument is wrong, 4
# if the keys are missing or wrong, 75 if X cannot be asked about them now, and 1
# for anything else.
set -uo pipefail
umask 077
. "$(dirname "$(readlink -f "$0")")/common.sh"
here=$(dirname "$(readlink -f "$0")")

unfinished="$self has not finished it" # what paused says until the bot is ready

step() { printf '%s\n' "$*"; }

# place NEW FILE: puts a new file into its place once it is on the disk, so that even after a loss of
# power it is there whole or not at all.
place() { sync "$1" && mv -n "$1" "$2"; }

# make: makes the folders, and bot.conf if there is none. The lines of a crontab leave the new bot alone until
# it is ready, or they would pay for its posts and let it speak.
make() {
	mkdir -p "$1" && chmod go-rwx "$1" && cd "$1" && mkdir -p corpus model log jobs || exit 1
	if [ -e bot.conf ]; then
		[ ${#account[@]} -eq 0 ] || step "$PWD/bot.conf is there and stays as it is"
		return
	fi
	[ -e paused ] || { echo "$unfinished" >.paused.new && place .paused.new paused; } || exit 1
	{
		cat <<-EOF &&
			# A bot. scripts/doc/running.md tells what may stand here.
			ACCOUNT=${account[*]-}
			# When it speaks: not on the hour, and not after so many posts and answers of a day.
			SPEAK=--delay=0-25m --per-day=24
		EOF
			{ [ ${#account[@]} -gt 0 ] || echo UPDATE_EVERY=never; }
	} >.bot.conf.new && place .bot.conf.new bot.conf || exit 1
	step "made $PWD, with bot.conf"
}

# unlock: copies the keys into the folder, and asks X whose they are.
unlock() {
	local said code how
	if [ ${#keys[@]} -gt 0 ] && [ -e keys ]; then
		step "$PWD/keys is there and stays as it is"
	elif [ ${#keys[@]} -gt 0 ]; then
		cat -- "${keys[-1]}" >.keys.new && place .keys.new keys || exit 1 # mode 0600, by the umask
		(load_keys) || {
			code=$?
			rm keys # or it would stay, and the mended file would not be read
			[ "${keys[-1]}" != - ] || keys=("standard input")
			fail "$code" "this copy of ${keys[-1]} is removed: mend that, and run this again"
		}
	fi
	load_keys
	said=$(tw-auth --check)
	code=$?
	[ -z "$said" ] || step "$said"
	how="give --keys FILE, or log it in with TW_CREDENTIALS=$(printf %q "$PWD") tw-auth"
	[ ! -e keys ] || how="put others into $PWD/keys"
	case $code$said in
	0*'"post":false'*) fail 4 "with these keys the bot can read and not post: $how; then run this again" ;;
	0*)
		stay "$said"
		return
		;;
	75*) fail 75 "X does not tell now whose the keys are; run this again later" ;;
	esac
	fail 4 "the bot has no good keys: $how; then run this again"
}

# stay SAID: makes the bot stay with the keys of which tw-auth has spoken. If they are in a file elsewhere, the
# folder gets a link to it: the programs would refuse to choose once another account is logged in beside it.
stay() {
	local account from
	! compgen -G 'x-*.json' >/dev/null || return 0
	account=$(sed -n 's/^{"account":"\([A-Za-z0-9_]*\)".*/\1/p' <<<"$1")
	from=$(sed -n 's/.*"from":"\([^"\]*\)".*/\1/p' <<<"$1")
	if [ -n "$account" ] && [ -f "$from" ]; then
		ln -s "$(realpath "$from")" "x-$account.json" || exit 1
		step "made $PWD/x-$account.json, a link to $from"
	elif [ ! -e keys ] && command -v crontab >/dev/null; then
		step "cron does not have these keys: put them into $PWD/keys"
	fi
}

# ours FILE: warns if the posts of an export are of no account of bot.conf, since each update would pay to find out.
ours() {
	local author one
	author=$(sed -n '/"author":"/{s/.*"author":"\([^"\]*\)".*/\1/p;q;}' "$1")
	[ -n "$author" ] && [ ${#words[@]} -gt 0 ] || return 0
	for one in "${words[@]#@}"; do [ "${one,,}" != "${author,,}" ] || return 0; done
	step "the export is of $author, not of ${words[*]}: if that is another account, let ACCOUNT in $PWD/bot.conf name it, or updates will fail"
}

# learn: fills the corpus, and makes the model.
learn() {
	local file one
	words ACCOUNT
	file=corpus/${words[0]-posts}.jsonl
	if [ ${#export[@]} -gt 0 ] && [ -e "$file" ]; then
		step "$PWD/$file is there and stays as it is"
	elif [ ${#export[@]} -gt 0 ]; then
		tw-archive "${export[@]/#/--export=}" >"$file.new" || [ $? -eq 3 ] || exit 1
		ours "$file.new"
		place "$file.new" "$file" || exit 1
	fi
	if ! compgen -G 'corpus/*.jsonl' >/dev/null; then
		if [ ${#fetch[@]} -eq 0 ]; then
			for one in "${words[@]}"; do tw-archive --dry-run "$one"; done
			fail 1 "there are no posts yet: give --export PATH (free) or --fetch, or put them into $PWD/$file; then run this again"
		fi
		"$here/bot.sh" "$PWD" update || exit 1
	fi
	for one in "${words[@]}"; do
		[ -s "corpus/$one.jsonl" ] || [ "${conf[UPDATE_EVERY]}" = never ] ||
			step "the next update will fetch the posts of $one, for money: if you have them, call the file $PWD/corpus/$one.jsonl; if you want none, let bot.conf say UPDATE_EVERY=never"
	done
	[ -e model/bot.model ] || "$here/bot.sh" "$PWD" train || exit 1
}

# rehearse: shows what the bot could say. mk-gen is not quiet, since it tells what would help if there is no draft.
rehearse() {
	local gen post
	words GEN && gen=("${words[@]}")
	[ ! -e log/bot.jsonl ] || gen+=(--not-in=log/bot.jsonl) # of a missing one it would warn
	words POST && post=("${words[@]}")
	step "a first draft, which is not posted:"
	mk-gen "${gen[@]}" model/bot.model | tw-post --quiet --dry-run --log log/bot.jsonl "${post[@]}"
}

# lines: the lines of crontab.example, with the folders of the programs and the bots filled in.
lines() {
	local path
	path=$here:$(dirname "$(command -v tw-post)"):/usr/local/bin:/usr/bin:/bin
	while IFS= read -r line; do
		case $line in PATH=*) line=PATH=$path ;; esac
		printf '%s\n' "$line"
		case $line in PATH=*) [ "$beside" -ef "$HOME/bots" ] || printf 'HORSEPIPE_BOTS=%s\n' "$beside" ;; esac
	done <"$example"
}

# schedule: shows what to put into the crontab, or puts it there. A container has no crontab command: its
# scheduler already runs the lines for all bots.
schedule() {
	local beside
	beside=$(dirname "$PWD")
	[ "$beside" -ef "$bots" ] || step "bot.sh --all and status.sh find this bot only with HORSEPIPE_BOTS=$beside"
	command -v crontab >/dev/null || return 0
	if [ -z "$example" ]; then
		step "for cron, the repository has crontab.example"
		return
	fi
	# grep -q would exit before the end of a long crontab, which would make crontab -l fail.
	if crontab -l 2>/dev/null | grep '^[^#].*bot\.sh --all' >/dev/null; then
		step "your crontab has the lines for all bots"
	elif [ ${#install[@]} -gt 0 ]; then
		{ crontab -l 2>/dev/null || :; lines; } | crontab - || exit 1
		step "your crontab has the lines for all bots now"
	else
		step "for your crontab (crontab -e, or run this again with --install):"
		lines
	fi
}

account=() keys=() export=() fetch=() install=()
options "account keys export fetch! install!" "$@"
[ ${#rest[@]} -eq 1 ] || fail 2 "name one bot; --help tells more"
name=${rest[0]%/} name=${name##*/}
[[ -n $name && $name != [-.]* && ${rest[0]} != *[[:cntrl:]]* ]] || fail 2 "a bot has a name like a file's, without a dot or a dash in front"
for program in mk-gen mk-info mk-train tw-archive tw-auth tw-mentions tw-post; do
	command -v "$program" >/dev/null || fail 1 "$program is not on the PATH; README.md tells how to install the programs"
done
[ ${#install[@]} -eq 0 ] || command -v crontab >/dev/null || fail 1 "--install needs crontab, which is not on the PATH; doc/running.md tells of systemd, too"
# In a checkout or a release the scripts lie beside crontab.example; it may not have been copied with them.
above=$(dirname "$here") example=
for each in "$above" "$above/share/horsepipe"; do [ ! -r "$each/crontab.example" ] || example=$each/crontab.example; done
[ ${#install[@]} -eq 0 ] || [ -n "$example" ] || fail 1 "--install needs crontab.example, which lies neither in $above nor in $above/share/horsepipe"
for i in "${!keys[@]}"; do
	[ "${keys[i]}" = - ] || { [ ! -d "${keys[i]}" ] && [ -r "${keys[i]}" ]; } || fail 1 "cannot read ${keys[i]}"
	[ "${keys[i]}" = - ] || keys[i]=$(realpath -- "${keys[i]}") || exit 1
done
for i in "${!export[@]}"; do
	[ -r "${export[i]}" ] || fail 1 "cannot read ${export[i]}"
	export[i]=$(realpath -- "${export[i]}") || exit 1
done

make "$(folder "${rest[0]}")"
settings bot.conf
unlock
learn
rehearse || exit 1
[ "$(head -n 1 paused 2>/dev/null)" != "$unfinished" ] || rm paused || exit 1
schedule
where=
[ "$(command -v bot.sh)" -ef "$here/bot.sh" ] || where=$(printf %q "$here/")
step "ready: ${where}bot.sh $(printf %q "${rest[0]}") speak lets it post, after as long a delay as bot.conf has, and ${where}status.sh tells how it is"
[ ! -e paused ] || step "it is paused until $PWD/paused is removed"
