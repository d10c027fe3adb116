#!/bin/bash
# usage: train.sh [OPTION]... MODEL CORPUS...
#
# Makes a new model of the posts in the corpora, and replaces the old model if the
# new one is sound.
#
# The new model is made beside the old one, every byte of it is checked, and then
# it is renamed: a bot that speaks at that moment reads the old model to the end.
# The old model stays, and the exit code is 1, if no new model could be made, if
# the new one is damaged, or if it has less than half as many posts as the old
# one, since then the corpus was probably cut off, or is the wrong one.
#
# Options:
#   --train OPTION   an option for mk-train, such as --lang=fr; may be given
#                    several times
#   --least PERCENT  accept a model with at least PERCENT of the old one's posts
#                    (default: 50); 0 accepts any
#   -v, --verbose    let mk-train say what it learned
#   -h, --help       print this and leave
#
# Example:
#   train.sh --train --own=my_ebooks user.model corpus/*.jsonl
#
# When all is well, the script prints nothing and exits with 0, or with 3 if lines
# of a corpus could not be read (-v names them).
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

train=() least=(50)
options "train least verbose!" "$@"
[ ${#rest[@]} -ge 2 ] || fail 2 "name a model and at least one corpus; --help tells more"
share=${least[-1]}
[[ $share =~ ^[0-9]{1,3}$ ]] || fail 2 "--least $share is no percentage"
model=${rest[0]}

lock "$model.lock" "$model"
to=$(readlink -f -- "$model") || fail 1 "$model leads nowhere" # a link stays a link
new=$to.new
trap 'rm -f "$new"' EXIT

# posts MODEL: how many posts the model was made of.
posts() { mk-info "$1" | sed -n 's/^posts *//p'; }

code=0
# The new model is readable by those who could read the old one, and nobody else.
[ ! -e "$to" ] || cp --attributes-only --preserve=mode -- "$to" "$new" || exit 1
mk-train "${quiet[@]}" "${train[@]}" -o "$new" -- "${rest[@]:1}" || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || exit "$code"
mk-info --check "$new" || fail 1 "the new model is damaged; $model stays as it was"

# An old model that cannot be read is not kept.
if [ -e "$model" ] && before=$(posts "$to" 2>/dev/null) && now=$(posts "$new"); then
	[ $((now * 100)) -ge $((before * share)) ] ||
		fail 1 "the new model has $now posts, the old one $before; the old one stays (if the new one is right, remove the old one, and train again)"
fi
mv -f "$new" "$to" && sync "$(dirname "$to")" || exit 1
exit "$code"
