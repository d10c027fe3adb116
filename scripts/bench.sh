#!/bin/bash
# usage: scripts/bench.sh FILE.jsonl [MEMORY]
#
# Measures how fast mk-train and mk-gen are on a file of posts, and also how long
# jq takes to read that file: the ratio to jq hardly depends on the machine.
#
# FILE.jsonl has a text in each line; a large file gives steadier results. MEMORY
# is the bound of a second training with --memory (default: 256M). The figures are
# medians: of three runs for jq and mk-train, of five for the drafts, of 21 seeds
# for the first draft; the training with a bound is measured once.
#
# Example:
#   scripts/bench.sh posts.jsonl 512M
#
# It needs Go, jq and GNU time (/usr/bin/time). To measure the parts, run
#   go test -run '^$' -bench . ./pkg/...
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

options "" "$@"
case ${#rest[@]} in
1 | 2) ;;
*) fail 2 "name one file of posts; --help tells more" ;;
esac
file=$(realpath -e -- "${rest[0]}" 2>/dev/null) || fail 1 "cannot read ${rest[0]}"
memory=${rest[1]-256M}
for tool in jq /usr/bin/time; do
	command -v "$tool" >/dev/null || fail 1 "$tool is needed"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/horsepipe-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$(dirname "$0")/.." && go build -o "$work/bin/" ./cmd/mk-train ./cmd/mk-gen ./cmd/mk-info)
PATH=$work/bin:$PATH
model=$work/model

# median RUNS COMMAND...: seconds and peak KiB of the median run.
median() {
	local runs=$1
	shift
	for _ in $(seq "$runs"); do
		/usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/out"
		tail -n 1 "$work/time"
	done | sort -n | sed -n "$(((runs + 1) / 2))p"
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
mib() { awk -v k="$1" 'BEGIN { printf "%.0f", k / 1024 }'; }
row() { printf '%-34s %s\n' "$1" "$2"; }

row "machine" "$(nproc) cores, $(uname -sm)"
read -r jqtime _ < <(median 3 jq -r .text "$file")
text=$(jq -r .text "$file" | wc -c)
row "posts" "$(wc -l <"$file"), $(mib $(($(wc -c <"$file") / 1024))) MiB, $(mib $((text / 1024))) MiB of text"
row "jq -r .text" "$jqtime s"

read -r train peak < <(median 3 mk-train --quiet -o "$model" "$file")
size=$(wc -c <"$model")
row "mk-train" "$train s, $(mib "$peak") MiB"
row "mk-train / jq" "$(ratio "$train" "$jqtime")"
row "model / text" "$(ratio "$size" "$text")"
row "mk-train memory / model" "$(ratio $((peak * 1024)) "$size")"
read -r bounded peak < <(median 1 mk-train --quiet --memory "$memory" -o "$model.bounded" "$file")
same=differs
cmp -s "$model" "$model.bounded" && same="same bytes"
row "mk-train --memory $memory" "$bounded s, $(mib "$peak") MiB, $same"

# since TIME: milliseconds since TIME, which is an $EPOCHREALTIME.
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", 1000 * (b - a) }'; }

read -r _ peak < <(median 5 mk-gen --seed 1 "$model")
first=$(for seed in $(seq 21); do
	began=$EPOCHREALTIME
	mk-gen --seed "$seed" "$model" >"$work/out"
	since "$began"
done | sort -n | sed -n 11p)
row "first draft, fresh process" "$first ms, $(mib "$peak") MiB"
read -r many _ < <(median 5 env GOMAXPROCS=1 mk-gen --seed 1 -n 20000 "$model")
row "drafts a second, one core" "$(awk -v a="$many" -v b="$first" 'BEGIN { printf "%.0f", 20000 / (a - b / 1000 + 1e-9) }')"
