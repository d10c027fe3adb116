# bash completion for tw-sandbox; made by tw-sandbox --completion bash
# shellcheck shell=bash disable=SC2207
_tw_sandbox() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--completion) choices='bash zsh fish' ;;
	--keys | --state) return 0 ;;
	--listen | --account | --as | --seed | --fault | --rate | --callback)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='--listen --account --as --keys --seed --state --fault --rate --callback --v1 -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	return 0
}
complete -o default -F _tw_sandbox tw-sandbox
