# shellcheck shell=bash
# The clock of a simulated world, for scripts of bash: BASH_ENV names this file. What asks for the time is told when the file that SOAK_CLOCK
# names was changed last.

# printf: the builtin, for which -1, the present, is the world's.
printf() {
	local words=("$@")
	if [[ "$*" == *'%('*')T'* && ${words[-1]} == -1 ]]; then
		words[-1]=$(stat -c %Y "$SOAK_CLOCK")
	fi
	# shellcheck disable=SC2059 # it is what was given
	builtin printf "${words[@]}"
}

# date: the program; without a date it tells the world's.
date() {
	case " $* " in
	*" -d"* | *" --date"* | *" -r"*) command date "$@" ;;
	*) command date -r "$SOAK_CLOCK" "$@" ;;
	esac
}
