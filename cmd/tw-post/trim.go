package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"horsepipe/pkg/post"
	"horsepipe/pkg/replace"
	"horsepipe/pkg/tool"
)

// trim does the work of --trim: it takes out of the log what nobody needs, and prints it. The lines are
// printed, and on the disk if they go to a file, before the log is replaced; so after a run that is
// killed, the next one prints some of them again. A dry run only prints them, and does not lock the log.
func trim(ctx context.Context, c *tool.Call, now func() time.Time) (err error) {
	path, days := c.String("log"), c.Int("trim")
	if path == "" || days < 1 || c.Args().Len() > 0 {
		return tool.Usagef("--trim takes a number of days and a --log FILE, and no drafts")
	}
	dry := c.Bool("dry-run")
	log, err := openLog(ctx, path, dry, c.Duration("wait"), now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	kept, taken := log.Trim(now().AddDate(0, 0, -days))
	if len(taken) == 0 {
		return nil
	}
	w := post.NewWriter(c.Out())
	for _, e := range taken {
		if err := w.Write(e.Post); err != nil {
			return err
		}
	}
	if err := errors.Join(w.Flush(), c.Out().Flush()); err != nil {
		return err
	}
	if dry {
		c.Report("lines: %d, would be taken out or made shorter: %d", len(log.Entries()), len(taken))
		return nil
	}
	if err := synced(c.Stdout); err != nil {
		return fmt.Errorf("%s stays as it was: what was taken out of it may be lost: %w", path, err)
	}
	if err := log.Rewrite(kept, func(data []byte) error { return c.Replace(path, data) }); err != nil {
		return fmt.Errorf("%s stays as it was: %w", path, err)
	}
	c.Report("lines: %d, taken out or made shorter: %d", len(log.Entries()), len(taken))
	return nil
}

// synced returns when what was printed is on the disk.
func synced(stdout io.Writer) error {
	if f, ok := stdout.(replace.Syncable); ok {
		return replace.Sync(f)
	}
	return nil
}
