package tool

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// odd is a program whose texts are full of characters that mean something to roff and to shells.
var odd = Program{
	Name: "odd-one", Args: "[FILE...]", Summary: "print 'odd' signs",
	Manual: `
Prints \backslashes and 'quotes' of FILEs. This paragraph is so long that it has to be filled, twice, at ...
.five points that would begin a line of roff. A longer paragraph is a longer test.

    $ printf '%s\n' "~^` + "`" + `"
    .SH no section
      deeper

Manners:
  It is polite.

Environment:
  ODD   a word

Examples:
  odd-one --write-to 'a file' |
    jq .
`,
	Flags: []cli.Flag{
		&cli.StringFlag{Name: "write-to", Aliases: []string{"w"}, Usage: "write: to `FILE` [or 'so']"},
		&cli.StringSliceFlag{Name: "names", Usage: "like `PATTERN` such as \\d"},
		&cli.StringFlag{Name: "color", Value: "red", Usage: "paint it `red|green|blue`"},
	},
}

func TestFilledHelp(t *testing.T) {
	want := `
Prints \backslashes and 'quotes' of FILEs. This paragraph is so long that it has
to be filled, twice, at ... .five points that would begin a line of roff. A
longer paragraph is a longer test.

    $ printf '%s\n' "~^` + "`" + `"
    .SH no section
      deeper

Manners:
  It is polite.

Environment:
  ODD   a word

Examples:
  odd-one --write-to 'a file' |
    jq .

Exit codes:
  0   done
  1   failed
  2   usage: a wrong option or argument
  3   done, but records were skipped
  4   refused (credentials, policy, no credit): trying again does not help
  75  try again later
`
	if got := odd.help(); !strings.HasSuffix(got, want) {
		t.Errorf("got:\n%s", got)
	}
}

func TestManualPage(t *testing.T) {
	page := odd.man()
	for _, want := range []string{
		".TH ODD\\-ONE 1 " + released + " horsepipe\n.SH NAME\nodd\\-one \\- print \\(aqodd\\(aq signs\n",
		".B odd\\-one\n[\\fIOPTION\\fR]... [\\fIFILE\\fR...]\n",
		".SH DESCRIPTION\nPrints \\ebackslashes and ",
		".PP\n.RS 4\n.nf\n$ printf \\(aq%s\\en\\(aq \\(dq\\(ti\\(ha\\(ga\\(dq\n\\&.SH no section\n  deeper\n.fi\n.RE\n.SS Manners\nIt is polite.\n.SH OPTIONS\n",
		".TP\n\\fB\\-w\\fR, \\fB\\-\\-write\\-to\\fR \\fIFILE\\fR\nwrite: to FILE [or \\(aqso\\(aq]\n",
		"paint it red, green or blue (default: red)\n",
		".SH ENVIRONMENT\n.RS 4\n.nf\nODD   a word\n.fi\n.RE\n.SH EXAMPLES\n",
		".SH EXIT STATUS\n.TP\n0\ndone\n",
		".SH SEE ALSO\n\\fBmk\\-gen\\fR(1),\n\\fBmk\\-info\\fR(1),\n\\fBmk\\-train\\fR(1),\n\\fBtw\\-archive\\fR(1),\n" +
			"\\fBtw\\-auth\\fR(1),\n\\fBtw\\-mentions\\fR(1),\n\\fBtw\\-post\\fR(1),\n\\fBtw\\-sandbox\\fR(1)\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if regexp.MustCompile(`(?m)^\.(five|SH no)`).MatchString(page) {
		t.Errorf("text became a request:\n%s", page)
	}
	lint(t, page, "mandoc", "-Tlint", "-Wstyle")
	lint(t, page, "groff", "-man", "-ww", "-z")
}

// lint runs a checker, if it is installed, and expects it to find nothing.
func lint(t *testing.T, text string, command ...string) {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		return
	}
	file := filepath.Join(t.TempDir(), "odd")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(command[0], append(command[1:], file)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %v\n%s", command, err, out)
	}
}

func TestCompletionsAreSound(t *testing.T) {
	for shell, checks := range map[string][][]string{
		"bash": {{"bash", "-n"}, {"shellcheck", "-s", "bash"}}, "zsh": {{"zsh", "-n"}}, "fish": {{"fish", "-n"}},
	} {
		text := odd.completion(shell)
		if !strings.Contains(text, "made by odd-one --completion "+shell+"\n") {
			t.Fatal(text)
		}
		for _, check := range checks {
			lint(t, text, check...)
		}
	}
}

// A zsh without a terminal cannot be asked: this is the text, with an option of each kind.
func TestZsh(t *testing.T) {
	want := `#compdef odd-one
# zsh completion for odd-one; made by odd-one --completion zsh
_odd-one() {
	_arguments -s -S \
		'(-w --write-to)-w+[write\: to FILE \[or '\''so'\''\]]:FILE:_files' \
		'(-w --write-to)--write-to=[write\: to FILE \[or '\''so'\''\]]:FILE:_files' \
		'*--names=[like PATTERN such as \\d]:PATTERN: ' \
		'(--color)--color=[paint it red, green or blue]:red|green|blue:(red green blue)' \
		'(-q --quiet)-q[say nothing but errors]' \
		'(-q --quiet)--quiet[say nothing but errors]' \
		'(-v --verbose)-v[say more]' \
		'(-v --verbose)--verbose[say more]' \
		'(- *)-h[print this and leave]' \
		'(- *)--help[print this and leave]' \
		'(- *)--version[print the version and leave]' \
		'(- *)--man[print this as a manual page, for man -l -, and leave]' \
		'(- *)--completion=[print what lets a shell complete options, for bash, zsh or fish, and leave]:bash|zsh|fish:(bash zsh fish)' \
		'*:\[FILE...\]:_files'
}
if [[ ${funcstack[1]} == _odd-one ]]; then
	_odd-one "$@"
elif (( $+functions[compdef] )); then
	compdef _odd-one odd-one
fi
`
	if got := odd.completion("zsh"); got != want {
		t.Errorf("got\n%s", got)
	}
	unfiled := odd
	unfiled.Args = "WORD:"
	if got := unfiled.zsh(); !strings.Contains(got, "\t\t'*:WORD\\:: '\n}\n") {
		t.Errorf("without files: got\n%s", got)
	}
}

func TestIsFile(t *testing.T) {
	for value, want := range map[string]bool{"[FILE...]": true, "PATH": true, "MODEL[:WEIGHT]...": true, "ACCOUNT": false, "red|blue": false, "": false} {
		if isFile(value) != want {
			t.Errorf("%s: got %v", value, !want)
		}
	}
}

func TestFish(t *testing.T) {
	want := `# fish completion for odd-one; made by odd-one --completion fish
complete -c odd-one -s w -l write-to -r -F -d 'write: to FILE [or \'so\']'
complete -c odd-one -l names -x -d 'like PATTERN such as \\d'
complete -c odd-one -l color -x -a 'red green blue' -d 'paint it red, green or blue'
complete -c odd-one -s q -l quiet -d 'say nothing but errors'
`
	if got := odd.fish(); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s", got)
	}
}

// Each shell that is installed asks its completion what may follow a line.
func TestCompletions(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"notes.txt", "no tes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asks := map[string]func(t *testing.T, p *Program, dir, line string) []string{"bash": askBash, "fish": askFish}
	unfiled := odd
	unfiled.Args = "ACCOUNT"
	for shell, ask := range asks {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skip("it is not installed")
			}
			for _, c := range []struct {
				line, want string
				files      bool
			}{
				{"odd-one --wr", "--write-to", false},
				{"odd-one --co", "--color --completion", false},
				{"odd-one --color ", "blue green red", false},
				{"odd-one --color=gr", "green", false},
				{"odd-one --completion z", "zsh", false},
				{"odd-one --names no", "", false},
				{"odd-one --write-to no", "", true},
				{"odd-one -", "--color --completion --help --man --names --quiet --verbose --version --write-to -h -q -v -w", false},
				{"odd-one -w no", "", true},
				{"odd-one --write-to=no", "", true},
				{"odd-one no", "", true},
				{"odd-one x --color red no", "", true},
			} {
				got := ask(t, &odd, dir, c.line)
				want := strings.Fields(c.want)
				if c.files {
					want = []string{"no tes.txt", "notes.txt"}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q: got %q, want %q", c.line, got, want)
				}
			}
			if got := ask(t, &odd, dir, "odd-one --write-to --"); shell == "bash" && len(got) > 0 { // fish offers options, too
				t.Errorf("a file whose name begins with dashes: got %q", got)
			}
			for line, want := range map[string]string{"odd-one no": "", "odd-one --names no": "", "odd-one --color gr": "green"} {
				if got := strings.Join(ask(t, &unfiled, dir, line), " "); got != want {
					t.Errorf("without files: %q: got %q, want %q", line, got, want)
				}
			}
		})
	}
}

// askBash does what readline does: it divides the line, calls the function, and offers files if the
// function has nothing to offer and leaves the option "default" on.
func askBash(t *testing.T, p *Program, dir, line string) []string {
	words := strings.Split(strings.ReplaceAll(line, "=", " = "), " ")
	script := p.bash() + `
files=yes
compopt() { files=; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_odd_one
if [[ ${#COMPREPLY[@]} -gt 0 ]]; then printf '%s\n' "${COMPREPLY[@]}"
elif [[ -n $files ]]; then cur=${!#}; compgen -f -- "${cur#=}"
fi`
	return offered(t, dir, "bash", append([]string{"-c", script, "bash"}, words...)...)
}

func askFish(t *testing.T, p *Program, dir, line string) []string {
	return offered(t, dir, "fish", "--no-config", "-c", p.fish()+"\ncomplete -C '"+line+"'")
}

// offered are the words that a shell prints, sorted, without fish's descriptions and what stands
// before an =.
func offered(t *testing.T, dir, shell string, args ...string) (words []string) {
	cmd := exec.Command(shell, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	out, err := cmd.Output()
	if err != nil && len(out) > 0 {
		t.Fatalf("%s: %v", shell, err)
	}
	for line := range strings.Lines(string(out)) {
		word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if _, value, ok := strings.Cut(word, "="); ok {
			word = value
		}
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}
