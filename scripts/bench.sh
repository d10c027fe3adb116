#!/bin/bash
# Measures training and generation on a file of posts, beside jq reading the same file: ratios
# hold where seconds do not.
#
# usage: scripts/bench.sh FILE.jsonl [MEMORY]
#
# FILE is JSON Lines with a text each; make it large. MEMORY (default 256M) is the bound for the second training.
# Each figure is the median of five runs, of three for training, of one with the bound, of 21 seeds for the first draft. It needs Go, jq and GNU time (/usr/bin/time).
# The benchmarks of the parts are: go test -run '^$' -bench . ./pkg/...
set -euo pipefail
export LC_ALL=C # decimal points

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

case ${1-} in
-h | --help)
	usage
	exit 0
	;;
'' | -*)
	usage >&2
	exit 2
	;;
esac
file=$(realpath "$1")
memory=${2-256M}
for tool in jq /usr/bin/time; do
	command -v "$tool" >/dev/null || {
		echo "bench.sh: error: $tool is needed" >&2
		exit 1
	}
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
