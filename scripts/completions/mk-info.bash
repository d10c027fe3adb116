# bash completion for mk-info; made by mk-info --completion bash
# shellcheck shell=bash disable=SC2207
_mk_info() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--completion) choices='bash zsh fish' ;;
	--forget | -o | --output) return 0 ;;
	*) [[ $cur != -* ]] || choices='--json --check --dump --forget -o --output -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	return 0
}
complete -o default -F _mk_info mk-info
