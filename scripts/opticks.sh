#!/bin/sh
# usage: scripts/opticks.sh
#
# Prints the sentences of Newton's Opticks, a text that comes with every Go, as
# posts of @newton, JSON Lines, for demonstrations and tests.
#
# Example:
#   scripts/opticks.sh | mk-train > newton.model
set -eu

case ${1-} in
'') ;;
-h | --help)
	sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
	exit 0
	;;
*)
	echo "opticks.sh: error: unexpected argument $1" >&2
	exit 2
	;;
esac

awk '
	function post(s) {
		gsub(/_/, "", s)
		sub(/^ +/, "", s)
		if (length(s) < 20 || length(s) > 270 || s ~ /Gutenberg|pgdp|http|\\/) return
		gsub(/"/, "\\\"", s)
		printf "{\"author\":\"newton\",\"text\":\"%s\"}\n", s
	}
	function flush() {
		while (match(text, /[.?!] /)) {
			post(substr(text, 1, RSTART))
			text = substr(text, RSTART + 2)
		}
		post(text)
		text = ""
	}
	/^[ \t]*$/ { flush(); next }
	{ text = (text == "" ? "" : text " ") $0 }
	END { flush() }
' "$(go env GOROOT)/src/testdata/Isaac.Newton-Opticks.txt"
