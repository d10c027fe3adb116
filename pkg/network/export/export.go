// Package export reads the archives that X hands out under "Download an archive of your data", in
// today's form and in that of 2012 to 2018, and those of Mastodon ("Request your archive"). It returns
// their posts oldest first, each one once.
//
//	report, err := export.Read(ctx, []string{"twitter-2026.zip", "old-export/"}, export.Options{}, func(p *post.Post) error {
//		return w.Write(p)
//	})
//
// No post is handed out before every file has been read and found whole, so a damaged or hostile export
// leaves nothing behind.
//
// # What is read
//
// A path is a ZIP, an unpacked folder (or one that holds several of either), one of the files
// inside, or a .tar.gz or tar of Mastodon. What a file holds is told by the variable that its first line assigns to, else by
// data/manifest.js, else by its name; so renamed files and parts are found. A file that the
// manifest lists, but which is missing or holds fewer posts, causes a warning.
//
//   - tweets.js, tweets-part1.js, …, the older tweet.js, with or without the "tweet" around each post;
//   - note-tweet.js: the whole text of long posts, which tweets.js has cut. See notes for how they
//     are joined;
//   - data/js/tweets/2014_01.js, … and tweets.csv, its columns in any order;
//   - outbox.json of Mastodon, by that name and its first lines: the activities that its servers exchange, see
//     https://docs.joinmastodon.org/user/moving/ and [post.Parser] for what becomes of each;
//   - deleted-tweets.js and community-tweet.js, only to leave their posts out. A post that any of
//     several exports calls deleted is left out of all of them.
//
// # What becomes of a post
//
// The text is what [post.Parser] makes of X's objects (entities decoded, links expanded, links to
// the post's own pictures dropped); rows of tweets.csv go the same way. The url is
// https://x.com/USER/status/ID. A repost that only "RT @name:" shows is marked as one. A link to
// another post at the end is what X shows as a quotation, and sets quote_of. A post gets
// "truncated": true if the export has only its cut text.
//
// A post of Mastodon has the url and the date that it has there. Those that are not public, for the account's
// followers or for a few people, are left out. Of a repost there is only the address of the original.
//
// The date is X's, to the second. The old form knows only the day of what was posted before
// November 2010. A later post without a date, or with only a day, gets the time at which its id was
// made.
//
// Posts of the Fediverse come after those of X, if there are both.
//
// Several records of one post (exports that overlap, the CSV beside the JS) become one: a whole
// text wins over a cut one, then the newer form over the older, and what the winner lacks is taken
// from the others.
//
// # Bounds
//
// Memory does not grow with the number of posts: it is 32 MiB to sort in (beyond that, sorted runs
// go to a temporary file without a name, of about a sixth of what is unpacked), at most 64 MiB of
// note posts, the directory of a ZIP and a few records. An export of 1 GB takes 80 MB and 8 s, a
// small one 10 MB. A ZIP made to do harm may take 300 MB before it is refused. What is larger or
// denser than the constants below is refused with [ErrHostile]. A tar is read once to its end, and then up to
// its outbox.
package export

import (
	"context"
	"errors"
	"fmt"

	"horsepipe/pkg/post"
)

// The limits of what is read. Each is far above what X makes and far below what does harm.
const (
	maxRecord    = 4 << 20  // bytes of one post; 25,000 characters with all escapes are 0.3 MB
	maxTotal     = 64 << 30 // bytes unpacked of one path
	maxRatio     = 200      // times that a packed file may grow; posts grow 10 to 50 times
	freeRatio    = 16 << 20 // bytes that may be unpacked whatever the ratio
	maxDirectory = 32 << 20 // bytes of a ZIP's directory: 300,000 pictures
	maxFiles     = 1 << 14  // .js, .json and .csv files of one path
	maxNotes     = 64 << 20 // bytes of note posts, all exports together
	maxEdited    = 1 << 20  // posts with more than one version
	sortMemory   = 32 << 20 // bytes of records held before they go to the temporary file
	maxWarnings  = 40       // further warnings are not shown
)

// Errors that errors.Is finds in what [Read] returns; the text around them names the file and the
// reason.
var (
	ErrNoExport = errors.New("no posts of an export of X or Mastodon in it")
	ErrHostile  = errors.New("refused")
	ErrDamaged  = errors.New("damaged")
)

// Options change how [Read] works; the zero value suits most.
type Options struct {
	Raw bool // keep X's own object in each post
}

// Report counts what [Read] did.
type Report struct {
	Posts, Reposts, Replies int // handed out; a repost or reply is a post, too
	Notes                   int // posts whose text came from note-tweet.js
	Edits                   int // older versions of edited posts, left out
	Deleted, Community      int // left out
	Private                 int // left out: not for everybody to read
	Repeated                int // further records of the same post
	Cut                     int // own posts of which no file has the whole text
	Skipped                 int // records that could not be read; each causes a warning
	Missing                 int // records that the manifest lists but that are not there; each file causes a warning

	Warnings []string // lower case, no full stop, at most 41 of them
}

// warn adds a warning, unless there are too many: a damaged file could fill the memory with them.
func (r *Report) warn(format string, a ...any) {
	switch n := len(r.Warnings); {
	case n < maxWarnings:
		r.Warnings = append(r.Warnings, fmt.Sprintf(format, a...))
	case n == maxWarnings:
		r.Warnings = append(r.Warnings, "further warnings are not shown")
	}
}

// reader is one call of Read, with what it has found so far.
type reader struct {
	report  Report
	sort    sorter
	notes   notes
	edits   map[uint64]uint64 // from the first version of an edited post to the newest one met
	tweets  tweets
	scratch []byte // an encoded record
}

func newReader(opt Options) *reader {
	return &reader{
		sort:   sorter{limit: sortMemory},
		edits:  map[uint64]uint64{},
		tweets: tweets{keep: opt.Raw},
	}
}

// Read passes the posts of all the exports to emit, oldest first by id, each post once; emit owns
// what it gets. Read stops at the first error of emit, of ctx or of a file. The report is valid, if
// incomplete, after an error, too.
//
// A record that cannot be read is skipped and counted, with a warning. A file that is cut short,
// fails its checksum or exceeds a limit ends the reading before anything is emitted.
func Read(ctx context.Context, paths []string, opt Options, emit func(*post.Post) error) (Report, error) {
	r := newReader(opt)
	defer r.sort.temp.Close()
	for _, p := range paths {
		if err := r.path(ctx, p); err != nil {
			return r.report, fmt.Errorf("%s: %w", p, err)
		}
	}
	return r.report, r.give(ctx, emit)
}

// path reads one of the paths that the caller named.
func (r *reader) path(ctx context.Context, name string) error {
	src, err := openPath(ctx, name)
	if err != nil {
		return err
	}
	defer src.close()
	found, err := r.source(ctx, src)
	if err != nil {
		return err
	}
	for _, name := range src.packed {
		inside, err := r.beside(ctx, name)
		if err != nil {
			return err
		}
		found = found || inside
	}
	if found {
		return nil
	}
	return src.nothing()
}

// beside reads a ZIP or tar that was found in a folder, and which may be something else than an export.
func (r *reader) beside(ctx context.Context, name string) (bool, error) {
	src, err := openPacked(ctx, name)
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	defer src.close()
	found, err := r.source(ctx, src)
	if err != nil {
		return found, fmt.Errorf("%s: %w", name, err)
	}
	if !found {
		r.report.warn("%s: %v", name, src.nothing())
	}
	return found, nil
}

// source reads the files of one ZIP or folder, and reports whether any of them held posts.
func (r *reader) source(ctx context.Context, src *source) (bool, error) {
	found := false
	for _, root := range roots(src.files) {
		a, err := r.account(src, root)
		if err != nil {
			return false, err
		}
		for _, f := range root.files {
			if f.kind < posts {
				continue // account has read it, or it is not needed
			}
			n, err := r.file(ctx, src, f, a)
			if err != nil {
				return false, fmt.Errorf("%s: %w", f.name, err)
			}
			found = found || f.kind == posts || f.kind == months || f.kind == rows || f.kind == outbox
			a.found[f.name] = n
		}
		a.check(&r.report)
	}
	return found, nil
}
