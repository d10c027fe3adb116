# bash completion for mk-train; made by mk-train --completion bash
# shellcheck shell=bash disable=SC2207
_mk_train() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--completion) choices='bash zsh fish' ;;
	-o | --output | --reject | --without) return 0 ;;
	--lang | --own | --min-words | --memory)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='-o --output --strict --plain --lang --own --reject --without --no-replies --keep-reposts --keep-links --min-words --memory -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	return 0
}
complete -o default -F _mk_train mk-train
