#!/bin/bash
# usage: scripts/manuals.sh [FOLDER]
#
# Writes the manual pages and the completions for bash, zsh and fish anew, as the
# programs print them with --man and --completion. A test fails if those in the
# repository differ.
#
# FOLDER is where cmd/NAME/NAME.1 and scripts/completions are written (default:
# this checkout). The script needs Go.
#
# Options:
#   -h, --help  print this and leave
#
# Example:
#   scripts/manuals.sh && git status --short
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

options "" "$@"
[ ${#rest[@]} -le 1 ] || fail 2 "unexpected argument ${rest[1]}"
root=$(readlink -f "$(dirname "$0")/..")
to=${rest[0]:-$root}

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -C "$root" -buildvcs=false -o "$bin/" ./cmd/...

mkdir -p "$to/scripts/completions"
for program in "$bin"/*; do
	name=${program##*/}
	mkdir -p "$to/cmd/$name"
	"$program" --man >"$to/cmd/$name/$name.1"
	"$program" --completion bash >"$to/scripts/completions/$name.bash"
	"$program" --completion zsh >"$to/scripts/completions/_$name"
	"$program" --completion fish >"$to/scripts/completions/$name.fish"
done
