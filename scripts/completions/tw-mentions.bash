# bash completion for tw-mentions; made by tw-mentions --completion bash
# shellcheck shell=bash disable=SC2207
_tw_mentions() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--fields) choices='tweet post' ;;
	--completion) choices='bash zsh fish' ;;
	--log | --stop-words | --deny | --prices) return 0 ;;
	--since | --max-age | --max-posts | --per-person | --per-thread | --per-hour | --bot-name | --wait | --as)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='--log --since --max-age --max-posts --per-person --per-thread --per-hour --bot-name --stop-words --deny --wait --as --prices --fields -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	compopt +o default 2>/dev/null
	return 0
}
complete -o default -F _tw_mentions tw-mentions
