# bash completion for mk-gen; made by mk-gen --completion bash
# shellcheck shell=bash disable=SC2207
_mk_gen() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
	--count) choices='x chars graphemes' ;;
	--completion) choices='bash zsh fish' ;;
	--reject | --not-in | --replay) return 0 ;;
	-n | --seed | --order | --max-copy | --limit | --min-words | --best-of | --weirdness | --halflife | --start | --contain | --end)
		compopt +o default 2>/dev/null
		return 0
		;;
	*) [[ $cur != -* ]] || choices='-n --seed --order --max-copy --limit --count --min-words --best-of --weirdness --halflife --start --contain --end --reject --not-in --mentions --links --cashtags --trace --reply --replay -q --quiet -v --verbose -h --help --version --man --completion' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	return 0
}
complete -o default -F _mk_gen mk-gen
