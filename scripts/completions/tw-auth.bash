# bash completion for tw-auth; made by tw-auth --completion bash
# shellcheck shell=bash disable=SC2207
_tw_auth() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--completion) choices='bash zsh fish' ;;
	--redirect | --as)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='--check --pkce --paste --redirect --as -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	compopt +o default 2>/dev/null
	return 0
}
complete -o default -F _tw_auth tw-auth
