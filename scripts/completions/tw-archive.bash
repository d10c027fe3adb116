# bash completion for tw-archive; made by tw-archive --completion bash
# shellcheck shell=bash disable=SC2207
_tw_archive() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--api) choices='v2 v1' ;;
	--fields) choices='tweet post' ;;
	--completion) choices='bash zsh fish' ;;
	-u | --update | --export | --deny | --prices) return 0 ;;
	--max-posts | --wait | --as)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='-u --update --export --max-posts --dry-run --wait --deny --raw --as --prices --api --fields -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	compopt +o default 2>/dev/null
	return 0
}
complete -o default -F _tw_archive tw-archive
