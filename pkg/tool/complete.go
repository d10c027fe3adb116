package tool

import (
	"fmt"
	"strings"
)

// completion returns what --completion prints.
func (p *Program) completion(shell string) string {
	switch shell {
	case "bash":
		return p.bash()
	case "zsh":
		return p.zsh()
	}
	return p.fish()
}

// bash returns a completion that does not need the package bash-completion. It also works in bash 3.2,
// that of macOS, which has no compopt and so offers files in more places.
func (p *Program) bash() string {
	function := "_" + strings.ReplaceAll(p.Name, "-", "_")
	var names, files, words []string
	var b strings.Builder
	for _, o := range p.options() {
		names = append(names, o.names...)
		switch {
		case o.choices() != nil:
			fmt.Fprintf(&b, "\t%s) choices='%s' ;;\n", strings.Join(o.names, " | "), strings.Join(o.choices(), " "))
		case isFile(o.value):
			files = append(files, o.names...)
		case o.value != "":
			words = append(words, o.names...)
		}
	}
	const nothing = "compopt +o default 2>/dev/null\n\t\treturn 0"
	if files != nil {
		fmt.Fprintf(&b, "\t%s) return 0 ;;\n", strings.Join(files, " | "))
	}
	if words != nil {
		fmt.Fprintf(&b, "\t%s)\n\t\t%s\n\t\t;;\n", strings.Join(words, " | "), nothing)
	}
	end := "return 0"
	if !isFile(p.Args) {
		end = strings.ReplaceAll(nothing, "\n\t\t", "\n\t")
	}
	return fmt.Sprintf(`# bash completion for %[1]s; made by %[1]s --completion bash
# shellcheck shell=bash disable=SC2207
%[2]s() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} choices=
	# --option=value comes as three words.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	case $prev in
%[3]s	*) [[ $cur != -* ]] || choices='%[4]s' ;;
	esac
	if [[ -n $choices ]]; then
		COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		return 0
	fi
	%[5]s
}
complete -o default -F %[2]s %[1]s
`, p.Name, function, b.String(), strings.Join(names, " "), end)
}

// zsh works from a folder of $fpath, and by source.
func (p *Program) zsh() string {
	var b strings.Builder
	for _, o := range p.options() {
		for _, name := range o.names {
			fmt.Fprintf(&b, "\t\t%s \\\n", o.zsh(name))
		}
	}
	arguments := "'*:" + zshEscape.Replace(p.Args) + ":_files'"
	if !isFile(p.Args) {
		arguments = "'*:" + zshEscape.Replace(p.Args) + ": '"
	}
	return fmt.Sprintf(`#compdef %[1]s
# zsh completion for %[1]s; made by %[1]s --completion zsh
_%[1]s() {
	_arguments -s -S \
%[2]s		%[3]s
}
if [[ ${funcstack[1]} == _%[1]s ]]; then
	_%[1]s "$@"
elif (( $+functions[compdef] )); then
	compdef _%[1]s %[1]s
fi
`, p.Name, b.String(), arguments)
}

// zsh is the option's line under one of its names: '(-o --output)--output=[write to FILE]:FILE:_files'.
func (o *option) zsh(name string) string {
	others := "(" + strings.Join(o.names, " ") + ")"
	if o.many {
		others = "*"
	}
	if o.question {
		others = "(- *)"
	}
	value := ""
	if o.value != "" {
		action := " "
		if isFile(o.value) {
			action = "_files"
		} else if o.choices() != nil {
			action = "(" + strings.Join(o.choices(), " ") + ")"
		}
		value = ":" + zshEscape.Replace(o.value) + ":" + action
		if strings.HasPrefix(name, "--") {
			name += "="
		} else {
			name += "+"
		}
	}
	return "'" + others + name + "[" + zshEscape.Replace(o.usage) + "]" + value + "'"
}

var zshEscape = strings.NewReplacer(`\`, `\\`, "'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)

// fish offers files where it is not told otherwise.
func (p *Program) fish() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# fish completion for %[1]s; made by %[1]s --completion fish\n", p.Name)
	if !isFile(p.Args) {
		fmt.Fprintf(&b, "complete -c %s -f\n", p.Name)
	}
	for _, o := range p.options() {
		fmt.Fprintf(&b, "complete -c %s", p.Name)
		for _, name := range o.names {
			if long, ok := strings.CutPrefix(name, "--"); ok {
				fmt.Fprintf(&b, " -l %s", long)
			} else {
				fmt.Fprintf(&b, " -s %s", name[1:])
			}
		}
		switch {
		case isFile(o.value):
			b.WriteString(" -r -F")
		case o.choices() != nil:
			fmt.Fprintf(&b, " -x -a '%s'", strings.Join(o.choices(), " "))
		case o.value != "":
			b.WriteString(" -x")
		}
		fmt.Fprintf(&b, " -d '%s'\n", fishEscape.Replace(o.usage))
	}
	return b.String()
}

var fishEscape = strings.NewReplacer(`\`, `\\`, "'", `\'`)
