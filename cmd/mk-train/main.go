// Mk-train makes a model of posts:
//
//	mk-train corpus/user.jsonl > user.model
//	tw-archive user | mk-train -o user.model
//
// mk-train --help is its manual; package horsepipe/pkg/model describes the file.
package main

import (
	"github.com/urfave/cli/v2"

	"horsepipe/pkg/corpus"
	"horsepipe/pkg/tool"
)

func main() { tool.Main(program()) }

const manual = `Reads posts, JSON Lines with at least a text each, from files or standard input, and writes a
model of them for mk-gen. X's own objects (API v1.1 and v2, and pages of them as twarc keeps), Mastodon statuses, notes
and activities of ActivityPub and, with --plain, lines of text train as they are.

Posts that not everybody may read (a visibility other than public and unlisted, such as Mastodon's private and direct; a
note that is not addressed to the public) are never learned. Reposts and duplicates are left out, as are posts of fewer than --min-words words,
and it says how many of each.

A repost is known by its fields, or by an "RT @name" that it begins with. Where that follows a comment, the
comment is learned, and what somebody else said is not; no draft copies it either. --keep-reposts learns both, but
no repost that X cut off, which is long and ends in three dots.

A reply is known by its fields, or by a name that it begins with. The names at its beginning are dropped.
So are the links at the end of a post, and the colon, comma, dash, bar or arrow before them.

Numbers, tags and names count as words; emoji, marks and links do not. Duplicates are posts that are equal
but for case and white space, after all this: the first one is learned.

A line that is no record is named, skipped, and makes the exit code 3; with --strict it ends the
run, and no model is written.

-o FILE writes a new file beside the old one and then renames it, so that a program which has the old model open is not
disturbed, and a run that fails leaves the old one. A redirection (> FILE) empties the file first: a bot that speaks
at that moment finds half a model. Use -o in a crontab.

The same records make the same bytes, on any machine and with any --memory. With it,
temporary files take up to six times the space of the posts. Lines of many megabytes may take more memory than SIZE.

Examples:
  mk-train corpus.jsonl > user.model
  tw-archive user | mk-train -o user.model
  zcat *.jsonl.gz | mk-train --lang fr --own my_ebooks -o user.model
  mk-train --plain -o opticks.model lines.txt
  mk-train --memory 256M -o large.model large.jsonl
  grep -v '"reply_to"' corpus.jsonl | mk-train > user.model
`

func program() tool.Program {
	return tool.Program{
		Name:    "mk-train",
		Args:    "[FILE...]",
		Summary: "make a model of posts",
		Manual:  manual,
		Run:     run,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "o", Aliases: []string{"output"}, Value: "-", DefaultText: "standard output", Usage: "write the model to `FILE`, whole or not at all"},
			&cli.BoolFlag{Name: "strict", Usage: "stop at the first line that is no record"},
			&cli.BoolFlag{Name: "plain", Usage: "each line is the text of a post"},
			&cli.StringSliceFlag{Name: "lang", Usage: "learn only from posts in language `TAG` (BCP 47), and those that name none"},
			&cli.StringSliceFlag{Name: "own", Usage: "leave out the posts of `ACCOUNT`: the bot itself"},
			&cli.StringSliceFlag{Name: "reject", Usage: "leave out posts that hold a word or phrase in `FILE`, one a line; # and a space begin a comment"},
			&cli.StringSliceFlag{Name: "without", Usage: "leave out posts whose ids are in `FILE`, one a line; # and a space begin a comment"},
			&cli.BoolFlag{Name: "no-replies", Usage: "leave replies out"},
			&cli.BoolFlag{Name: "keep-reposts", Usage: "learn from reposts too"},
			&cli.BoolFlag{Name: "keep-links", Usage: "keep the links at the end of posts"},
			&cli.IntFlag{Name: "min-words", Value: corpus.MinWords, Usage: "leave out posts of fewer than `N` words"},
			&cli.StringFlag{Name: "memory", Usage: "use at most `SIZE` (128M or more, such as 256M), and temporary files in TMPDIR for the rest"},
		},
	}
}
