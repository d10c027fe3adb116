#!/bin/bash
# usage: train-sharded.sh [OPTION]... CORPUS FOLDER
#
# Trains a corpus that is too large for one machine in shards, by GNU parallel:
# on this machine, or on others over ssh.
#
# CORPUS is one file of posts, JSON Lines. It is divided into about N stretches of
# whole lines, and mk-train makes a model of each. The models are checked and
# stored as FOLDER/shard-1.model and so on. mk-gen uses them together as one
# model.
#
# FOLDER is a link to FOLDER.a or FOLDER.b. A new set of shards is made in the one
# that the link does not lead to, and the link changes when the set is complete. A
# program that went into FOLDER before (cd) keeps the old set until the run after
# next. If a run fails or is killed, the shards that it finished stay, and the
# next run with the same corpus and options makes the rest.
#
# Options:
#   --shards N         make N shards (default: 8). The same corpus, N and options
#                      make the same models, on whichever machines
#   --login LIST       where to train, in the form of parallel's --sshlogin, such
#                      as 4/host,user@host,: where : is this machine and 4/ the
#                      number of shards at a time; may be given several times
#   --login-file FILE  the same from a file, one a line (parallel's
#                      --sshloginfile)
#   --train OPTION     an option for mk-train, such as --lang=fr; may be given
#                      several times. A file that it names has to be on every
#                      machine
#   -v, --verbose      tell what each shard learned, and how many texts are in
#                      several shards, which makes them count several times
#   -h, --help         print this and leave
#
# Example:
#   train-sharded.sh --shards 16 --login 4/big.example.org,2/: corpus.jsonl all
#   cd all && mk-gen shard-*.model
#
# The other machines need mk-train on the PATH of a command over ssh, and nothing
# else: posts and models go through the connection. This machine needs GNU
# parallel and mk-info. FOLDER.lock keeps two runs from working at the same time.
#
# When all is well, the script prints nothing and exits with 0. It exits with 3 if
# lines were skipped (FOLDER/shard-*.log names them, counted from the beginning of
# the shard), with 75 while another run is at work, and with 1 if it failed, in
# which case FOLDER is as it was.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

shards=(8) login=() loginfile=() train=()
options "shards login login-file train verbose!" "$@"
set -- "${rest[@]}"
[ $# -eq 2 ] || fail 2 "name a corpus and a folder; --help tells more"
corpus=$(realpath -e -- "$1" 2>/dev/null) || fail 1 "cannot read $1"
folder=${2%/}
if [ ! -f "$corpus" ] || [ ! -r "$corpus" ]; then fail 1 "cannot read $1"; fi
[ -s "$corpus" ] || fail 1 "$1 is empty"
number=${shards[-1]}
[[ $number =~ ^[1-9][0-9]{0,4}$ ]] || fail 2 "--shards $number is no number of shards"
logins=()
for list in "${login[@]}"; do logins+=(--sshlogin "$list"); done
for file in "${loginfile[@]}"; do logins+=(--sshloginfile "$file"); done
[ ! -e "$folder" ] || [ -L "$folder" ] || fail 1 "$folder is in the way: it is no link to a set of shards"
[ -d "$(dirname "$folder")" ] || fail 1 "$(dirname "$folder") is no folder"
parallel --version 2>/dev/null </dev/null | grep -q '^GNU parallel' || fail 1 "GNU parallel is not installed"
command -v mk-info >/dev/null || fail 1 "mk-info is not on the PATH"

lock "$folder.lock" "$folder"

# The set is made in the folder to which the link does not lead. Shards that are there are of use if they
# were made of the same corpus with the same options.
name=$(basename "$folder")
case $(readlink "$folder" || :) in
"$name.a") next=$folder.b ;;
"" | "$name.b") next=$folder.a ;;
*) fail 1 "$folder is in the way: it is no link to a set of shards" ;;
esac
size=$(stat -c %s "$corpus")
made_of="$(stat -c '%s bytes of %.Y' "$corpus") in $number shards: mk-train ${train[*]@Q}"
if [ "$(cat "$next/made-of" 2>/dev/null)" != "$made_of" ]; then
	rmdir "$next" 2>/dev/null || : # a run was killed before it had written made-of
	[ ! -e "$next" ] || [ -f "$next/made-of" ] || fail 1 "$next is in the way: it is no set of shards"
	rm -rf "$next"/{work,shard-*} # first: what is left of a set without made-of would be in the way
	rm -rf "$next"
	mkdir "$next"
	printf '%s\n' "$made_of" >"$next/made-of"
fi
work=$next/work

# whole checks that a shard came back undamaged.
whole() { mk-info --quiet --check "$1" >/dev/null 2>&1; }

# collect takes the finished shards out of the work folder. A job's line is: number, host, four figures,
# exit code, signal, command.
collect() {
	local n host code signal
	[ -f "$work/jobs" ] || return 0
	while IFS=$'\t' read -r n host _ _ _ _ code signal _; do
		if [ "$code $signal" != "0 0" ] || [ ! -s "$work/$n" ]; then continue; fi # a shard that was skipped is empty
		whole "$work/$n" || broken=${broken:-"shard $n came back damaged from $host"}
		[ -z "${broken-}" ] || continue
		mv "$work/$n.err" "$next/shard-$n.log"
		mv "$work/$n" "$next/shard-$n.model"
	done < <(tail -n +2 "$work/jobs")
}

# culprit names the first job that failed, and its last words.
culprit() {
	local n host code signal words
	while IFS=$'\t' read -r n host _ _ _ _ code signal _; do
		[ "$code $signal" != "0 0" ] || continue
		words=$(grep -v '^[^ ]*: hint: ' "$work/$n.err" 2>/dev/null | tail -n 1) || :
		[ "$host" = : ] && host="this machine"
		echo "shard $n failed on $host: ${words:-exit code $code, signal $signal}"
		return
	done < <(tail -n +2 "$work/jobs" 2>/dev/null)
	echo "nothing was trained: $(tail -n 1 "$work/said")"
}

collect
rm -rf "$work"
mkdir "$work"
there=
for file in "$next"/shard-*.model; do
	[ -e "$file" ] || continue
	n=${file##*/shard-}
	n=${n%.model}
	if whole "$file"; then there+="$n|"; else rm -f "$file"; fi
done

# parallel reads each stretch from the file itself (--pipepart), so that nothing is copied. Do not use its
# --retries: in some versions the second try gets no input. A shard that is there already is skipped;
# exit code 3 of mk-train is no failure.
skipped="lines were skipped"
command="case {#} in ${there}none) ;; *) mk-train ${train[*]@Q} || { [ \$? -eq 3 ] && echo $skipped >&2; } ;; esac"
export PARALLEL_SHELL=/bin/sh
status=0
parallel "${logins[@]}" --will-cite --pipepart --arg-file "$corpus" --block $(((size + number - 1) / number)) --halt soon,fail=1 \
	--joblog "$work/jobs" --results "$work/{#}" "$command" >/dev/null 2>"$work/said" || status=$?
collect
[ "$status" -eq 0 ] || broken=$(culprit)
made=$(($(wc -l <"$work/jobs") - 1))
for ((n = 1; n <= made; n++)); do
	[ -e "$next/shard-$n.model" ] || broken=${broken:-"shard $n did not come back"}
done
[ -z "${broken-}" ] || fail 1 "$broken"
rm -rf "$work"

# All of the set is on the disk before the link is changed, in one step.
sync "$next"/* "$next"
ln -sfn "$(basename "$next")" "$folder.new"
mv -T "$folder.new" "$folder"
sync "$(dirname "$folder")"

if [ ${#quiet[@]} -eq 0 ]; then
	for ((n = 1; n <= made; n++)); do
		sed "s/^/shard-$n: /" "$folder/shard-$n.log"
	done >&2
	twice=$(for file in "$folder"/shard-*.model; do mk-info --dump "$file"; done |
		sed 's/.*"text":"\(\([^"\\]\|\\.\)*\)".*/\1/' | sort | uniq -d | wc -l)
	echo "train-sharded.sh: $made shards; texts that are in several of them: $twice" >&2
fi
if logs=$(cd "$folder" && grep -lx "$skipped" shard-*.log); then
	echo "train-sharded.sh: warning: $skipped: see ${logs//$'\n'/ } in $folder" >&2
	exit 3
fi
