# bash completion for tw-post; made by tw-post --completion bash
# shellcheck shell=bash disable=SC2207
_tw_post() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--api) choices='v2 v1' ;;
	--completion) choices='bash zsh fish' ;;
	--log | --reject | --deny | --prices) return 0 ;;
	--trim | --take | --near | --max | --per-day | --odds | --delay | --quiet-hours | --time-zone | --seed | --wait | --look-again | --timeout | --as)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='--log --dry-run --strict --plain --thread --trim --take --allow-mentions --allow-links --allow-cashtags --reject --deny --near --max --per-day --odds --delay --quiet-hours --time-zone --seed --wait --look-again --timeout --as --prices --api -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	return 0
}
complete -o default -F _tw_post tw-post
